with
    sessions as (select * from {{ ref("int_web_session_sources") }}),

    costs as (select * from {{ ref("int_costs_labelled") }}),

    mentions as (
        select
            campaign,
            coalesce(campaign_raw, campaign) as spelling,
            cast({{ reporting_date("started_at") }} as date) as seen_on
        from sessions
        where campaign is not null

        union all

        select campaign_label as campaign, campaign as spelling, month_on as seen_on
        from costs
        where campaign_label is not null
    ),

    final as (
        select
            {{ surrogate_key(["'campaign'", "campaign"]) }} as campaign_key,

            min(seen_on) as first_seen_on,
            max(seen_on) as last_seen_on,

            campaign,
            count(distinct spelling) as spellings
        from mentions
        group by campaign
    )

select *
from final
