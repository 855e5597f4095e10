-- Detects planned campaigns that end before they start: their words would count on no day.
-- A returned row is a row of seeds/campaigns.csv; correct one of its days.
select campaign, starts_on, ends_on from {{ ref("dim_campaign") }} where not is_possible
