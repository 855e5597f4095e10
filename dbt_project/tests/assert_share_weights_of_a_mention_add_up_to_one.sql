-- Detects mentions that have more or less than one voice: the weights of the brands a mention names
-- add up to 1, or to 0 where it has no part in share of voice.
-- A returned row is a mention with the sum of its weights.
select mention_key, sum(share_weight) as weight, count(*) filter (where counts_for_share) as brands
from {{ ref("fct_mentions") }}
group by mention_key
having
    abs(
        sum(share_weight) - case when count(*) filter (where counts_for_share) > 0 then 1 else 0 end
    )
    > 1e-9
