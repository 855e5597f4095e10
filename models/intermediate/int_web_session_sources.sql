{%- set silent = "('(direct)', 'direct', '(not set)', 'not set', '(none)', 'none', 'unknown')" -%}
{%- set unknown = "('(not set)', 'not set', 'unknown')" -%}
{%- set order = ["occurred_at", "order_1", "order_2", "order_3", "event_key"] -%}
{%- set in_order = "partition by session_key order by " ~ order | join(", ") -%}

with
    events as (
        select
            source,
            visitor_key,
            session_name,
            user_key,
            {% for column in order %} {{ column }}, {% endfor %}
            is_clock_skewed,
            event_name,
            page_url,
            is_engaged_session,
            engagement_time_msec
        from {{ ref("int_web_events_sessioned") }}
    ),

    arrivals as (
        select
            source,
            visitor_key,
            session_name,
            {% for column in order %} {{ column }}, {% endfor %}
            page_url,
            referrer_url,
            reported_source,
            reported_medium,
            reported_campaign,
            reported_campaign_id,
            reported_term,
            reported_content,
            reported_click_id
        from {{ ref("int_web_events_sessioned") }}
    ),

    pages as (select * from {{ ref("int_web_pages_parsed") }}),

    referrers as (select * from {{ ref("int_web_referrers_parsed") }}),

    click_ids as (select * from {{ ref("click_ids") }}),

    -- Most events follow the first page of a visit and tell nothing about where it came from: the
    -- key of the session is hashed for the others alone.
    described as (
        select
            {{
                surrogate_key(
                    ["arrivals.source", "arrivals.visitor_key", "arrivals.session_name"]
                )
            }} as session_key,
            {% for column in order %} arrivals.{{ column }}, {% endfor %}
            arrivals.reported_source,
            arrivals.reported_medium,
            arrivals.reported_campaign,
            arrivals.reported_content,
            arrivals.reported_term,
            pages.utm_source_raw,
            pages.utm_medium_raw,
            pages.utm_campaign_raw,
            pages.utm_content_raw,
            pages.utm_term_raw,
            pages.utm_source,
            pages.utm_medium,
            coalesce(pages.utm_campaign, pages.utm_id) as utm_campaign,
            pages.utm_content,
            pages.utm_term,
            {{ clean_label("arrivals.reported_source") }} as clean_reported_source,
            {{ clean_label("arrivals.reported_medium") }} as clean_reported_medium,
            {{ clean_label("coalesce(arrivals.reported_campaign, arrivals.reported_campaign_id)") }}
            as clean_reported_campaign,
            coalesce(pages.click_id, arrivals.reported_click_id) as click_id,
            case
                when
                    referrers.is_own_or_payment
                    or referrers.referrer_host = pages.page_host
                    or referrers.referrer_host like '%.' || pages.page_host
                    or pages.page_host like '%.' || referrers.referrer_host
                then null
                else referrers.referrer_host
            end as outside_host
        from arrivals
        left join pages on pages.page_url = arrivals.page_url
        left join referrers on referrers.referrer_url = arrivals.referrer_url
        where
            pages.has_words
            or pages.click_id is not null
            or not referrers.is_own_or_payment
            or arrivals.reported_source is not null
            or arrivals.reported_medium is not null
            or arrivals.reported_campaign is not null
            or arrivals.reported_campaign_id is not null
            or arrivals.reported_click_id is not null
    ),

    weighed as (
        select
            described.*,
            click_ids.traffic_source as click_source,
            click_ids.traffic_medium as click_medium,
            case
                when
                    described.utm_source is not null
                    or described.utm_medium is not null
                    or described.utm_campaign is not null
                then 'utm'
                when
                    described.clean_reported_source not in {{ silent }}
                    or described.clean_reported_medium not in {{ silent }}
                    or described.clean_reported_campaign not in {{ silent }}
                then 'reported'
                when
                    click_ids.click_id is not null
                    and (not click_ids.yields_to_referrer or described.outside_host is null)
                then 'click_id'
            end as campaign_basis
        from described
        left join click_ids on click_ids.click_id = described.click_id
    ),

    -- A session belongs to the first campaign it carries, wherever in the session; else to the
    -- first outside referrer.
    -- Sorted in few columns: the words are many.
    deciding as (
        select {{ all_but("place") }}
        from
            (
                select event_key, row_number() over ({{ in_order }}) as place
                from weighed
                where campaign_basis is not null
            )
        where place = 1
    ),

    first_campaigns as (
        select weighed.* from weighed inner join deciding on deciding.event_key = weighed.event_key
    ),

    first_referrers as (
        select {{ all_but("place") }}
        from
            (
                select session_key, outside_host, row_number() over ({{ in_order }}) as place
                from weighed
                where outside_host is not null
            )
        where place = 1
    ),

    first_contents as (
        select {{ all_but("place") }}
        from
            (
                select
                    session_key,
                    utm_content,
                    utm_content_raw,
                    row_number() over ({{ in_order }}) as place
                from weighed
                where utm_content is not null
            )
        where place = 1
    ),

    unknown as (
        select distinct session_key from weighed where clean_reported_source in {{ unknown }}
    ),

    totals as (
        select
            source,
            visitor_key,
            session_name,
            {{ last_by("user_key", order) }} as user_key,
            min(occurred_at) as started_at,
            max(occurred_at) as ended_at,
            max(case when is_clock_skewed then 1 else 0 end) as is_clock_skewed,
            {{ first_by("page_url", order) }} as landing_url,
            count(*) as events,
            sum(
                case when event_name in ('page_view', 'screen_view') then 1 else 0 end
            ) as page_views,
            sum(engagement_time_msec) as engagement_msec,
            max(
                case when is_engaged_session then 1 when not is_engaged_session then 0 end
            ) as reported_engaged
        from events
        group by source, visitor_key, session_name
    ),

    sessions as (
        select
            totals.*,
            {{ surrogate_key(["totals.source", "totals.visitor_key", "totals.session_name"]) }}
            as session_key
        from totals
    ),

    final as (
        select
            sessions.session_key,
            sessions.source,
            sessions.visitor_key,
            sessions.user_key,

            sessions.started_at,
            sessions.ended_at,
            sessions.is_clock_skewed = 1 as is_clock_skewed,

            sessions.landing_url,
            landings.page_address as landing_address,
            first_referrers.outside_host as referrer_host,
            first_campaigns.click_id,

            case
                when first_campaigns.campaign_basis is not null
                then first_campaigns.campaign_basis
                when first_referrers.outside_host is not null
                then 'referrer'
                when unknown.session_key is not null
                then 'unknown'
                else 'none'
            end as source_basis,
            case
                when first_campaigns.campaign_basis = 'utm'
                then coalesce(first_campaigns.utm_source, first_campaigns.click_source, '(not set)')
                when first_campaigns.campaign_basis = 'reported'
                then coalesce(first_campaigns.clean_reported_source, '(not set)')
                when first_campaigns.campaign_basis = 'click_id'
                then first_campaigns.click_source
                when first_referrers.outside_host is not null
                then first_referrers.outside_host
                when unknown.session_key is not null
                then '(not set)'
                else '(direct)'
            end as traffic_source,
            -- What a visit that came by a plain link is called depends on the kind of site;
            -- decided where that is known.
            case
                when first_campaigns.campaign_basis = 'utm'
                then
                    coalesce(
                        first_campaigns.utm_medium,
                        case
                            when first_campaigns.utm_source is null
                            then first_campaigns.click_medium
                        end,
                        '(not set)'
                    )
                when first_campaigns.campaign_basis = 'reported'
                then coalesce(first_campaigns.clean_reported_medium, '(not set)')
                when first_campaigns.campaign_basis = 'click_id'
                then first_campaigns.click_medium
                when first_referrers.outside_host is not null
                then null
                when unknown.session_key is not null
                then '(not set)'
                else '(none)'
            end as traffic_medium,
            case
                when first_campaigns.campaign_basis = 'utm'
                then first_campaigns.utm_campaign
                when first_campaigns.campaign_basis = 'reported'
                then first_campaigns.clean_reported_campaign
            end as campaign,
            case
                when first_campaigns.campaign_basis = 'utm'
                then first_campaigns.utm_term
                when first_campaigns.campaign_basis = 'reported'
                then {{ clean_label("first_campaigns.reported_term") }}
            end as term,
            coalesce(
                case
                    when first_campaigns.campaign_basis = 'utm'
                    then first_campaigns.utm_content
                    when first_campaigns.campaign_basis = 'reported'
                    then {{ clean_label("first_campaigns.reported_content") }}
                end,
                first_contents.utm_content
            ) as content,
            coalesce(first_campaigns.utm_source_raw, first_campaigns.reported_source) as source_raw,
            coalesce(first_campaigns.utm_medium_raw, first_campaigns.reported_medium) as medium_raw,
            coalesce(
                first_campaigns.utm_campaign_raw, first_campaigns.reported_campaign
            ) as campaign_raw,
            coalesce(first_campaigns.utm_term_raw, first_campaigns.reported_term) as term_raw,
            coalesce(
                first_campaigns.utm_content_raw,
                first_campaigns.reported_content,
                first_contents.utm_content_raw
            ) as content_raw,

            sessions.events,
            sessions.page_views,
            sessions.engagement_msec,
            sessions.reported_engaged
        from sessions
        left join first_campaigns on first_campaigns.session_key = sessions.session_key
        left join first_referrers on first_referrers.session_key = sessions.session_key
        left join unknown on unknown.session_key = sessions.session_key
        left join pages as landings on landings.page_url = sessions.landing_url
        left join first_contents on first_contents.session_key = sessions.session_key
    )

select *
from final
