{#- What is wrong with a link, the worst first: kind, fault, condition. -#}
{%- set words = ["source_raw", "medium_raw", "campaign_raw", "content_raw", "term_raw"] -%}
{%- set faults = [
    ("malformed", "personal_data", "has_address"),
    ("malformed", "placeholder", "has_placeholder"),
    ("malformed", "no_source", "source_basis= 'utm' and traffic_source = '(not set)'"),
    ("malformed", "no_medium", "source_basis= 'utm' and traffic_medium = '(not set)'"),
    ("malformed", "repeated_word", "has_repeated_words"),
    (
        "unknown",
        "unknown_medium",
        "channel_group = 'Unassigned' and source_basis= 'utm'",
    ),
    ("malformed", "spelling", "is_misspelled"),
    ("unknown", "unplanned_campaign", "is_unplanned"),
    ("untagged", "untagged_post", "is_untagged and post_match is not null"),
    (
        "untagged",
        "untagged_ad",
        "is_untagged and click_id in ('twclid', 'li_fat_id', 'ttclid')",
    ),
    ("untagged", "untagged_email", "is_untagged and channel_group = 'Email'"),
    (
        "untagged",
        "untagged_social",
        "is_untagged and (network is not null or channel_group = 'Organic Social')",
    ),
] -%}

with
    sources as (select * from {{ ref("int_web_session_sources") }}),

    classified as (select * from {{ ref("int_web_sessions_classified") }}),

    session_posts as (select * from {{ ref("int_web_session_posts") }}),

    pages as (select * from {{ ref("int_web_pages_parsed") }}),

    planned as (
        select distinct {{ clean_label("campaign") }} as campaign from {{ ref("campaigns") }}
    ),

    plans as (select count(*) as campaigns from planned),

    -- A word as it was written is right when only the code for a space tells it from the clean one.
    described as (
        select
            sources.session_key,
            sources.source_basis,
            sources.traffic_source,
            coalesce(sources.traffic_medium, classified.traffic_medium) as traffic_medium,
            sources.click_id,
            sources.landing_address,
            sources.source_raw,
            sources.medium_raw,
            sources.campaign_raw,
            classified.channel_group,
            classified.network,
            session_posts.post_match,
            sources.source_basis in ('referrer', 'click_id') as is_untagged,
            coalesce(pages.has_repeated_words, false) as has_repeated_words,
            sources.source_basis = 'utm'
            and sources.campaign is not null
            and planned.campaign is null
            and plans.campaigns > 0 as is_unplanned,
            sources.source_basis = 'utm'
            and (
                {% for word in ["source", "medium", "campaign"] -%}
                    coalesce(
                        {{ url_decode("sources." ~ word ~ "_raw") }}
                        <> {{ clean_url_label("sources." ~ word ~ "_raw") }},
                        false
                    )
                    {%- if not loop.last %} or {% endif %}
                {% endfor %}
            ) as is_misspelled,
            case
                when sources.source_basis in ('utm', 'reported')
                then
                    lower(
                        concat(
                            {% for word in words -%}
                                '&', coalesce(sources.{{ word }}, ''),
                            {% endfor -%}
                            '&'
                        )
                    )
                else ''
            end as as_written
        from sources
        inner join classified on classified.session_key = sources.session_key
        left join session_posts on session_posts.session_key = sources.session_key
        left join pages on pages.page_url = sources.landing_url
        left join planned on planned.campaign = sources.campaign
        cross join plans
    ),

    searched as (
        select
            *,
            {{ regex_matches("as_written", "'[^ &=]+(@|%40)[^ &=]+[.][a-z]+'") }} as has_address,
            {{
                regex_matches(
                    "as_written",
                    "'[{}<>]|%7b|%7d|%3c|%3e|%5b|&(undefined|null|nan|xxx|tbd)&'",
                )
            }} or position('[' in as_written) > 0 as has_placeholder
        from described
    ),

    judged as (
        select
            *,
            case
                {% for kind, fault, condition in faults -%}
                    when {{ condition }} then '{{ fault }}'
                {% endfor %}
            end as fault
        from searched
    ),

    -- A session has one fault, the worst, so that sessions of all faults add up. An address of a
    -- person is not repeated.
    final as (
        select
            session_key,
            case
                {% for kind, fault, condition in faults -%}
                    when fault = '{{ fault }}' then '{{ kind }}'
                {% endfor %}
            end as fault_kind,
            fault,
            {% for word in ["source", "medium", "campaign"] -%}
                case
                    when fault = 'personal_data' then '(hidden)' else {{ word }}_raw
                end as {{ word }}_as_written,
            {% endfor -%}
            {{ regex_group("landing_address", "'^([^&]*)'") }} as landing_page
        from judged
        where fault is not null
    )

select *
from final
