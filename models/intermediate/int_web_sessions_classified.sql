with
    sessions as (select * from {{ ref("int_web_session_sources") }}),

    traffic_sources as (select * from {{ ref("traffic_sources") }}),

    channel_rules as (
        select
            rule_order,
            channel_group,
            rule_set,
            source_kind,
            coalesce(source_pattern, '') as source_pattern,
            coalesce(medium_pattern, '') as medium_pattern,
            coalesce(campaign_pattern, '') as campaign_pattern,
            takes_network_from_source,
            valid_from_on,
            valid_to_on
        from {{ ref("channel_rules") }}
    ),

    networks as (select * from {{ ref("networks") }}),

    distinct_sources as (select distinct traffic_source from sessions),

    listed_sources as (
        select distinct_sources.traffic_source, traffic_sources.traffic_source as listed, 1 as rank
        from distinct_sources
        inner join
            traffic_sources
            on traffic_sources.traffic_source = distinct_sources.traffic_source
            and traffic_sources.match_kind in ('exact', 'domain')

        union all

        select distinct_sources.traffic_source, traffic_sources.traffic_source as listed, 2 as rank
        from distinct_sources
        inner join
            traffic_sources
            on distinct_sources.traffic_source like '%.' || traffic_sources.traffic_source
            and traffic_sources.match_kind = 'domain'

        union all

        select distinct_sources.traffic_source, traffic_sources.traffic_source as listed, 3 as rank
        from distinct_sources
        cross join traffic_sources
        where
            traffic_sources.match_kind = 'pattern'
            and
            {{
                regex_matches(
                    "distinct_sources.traffic_source",
                    "case when traffic_sources.match_kind = 'pattern' then traffic_sources.traffic_source else '^$' end",
                )
            }}
    ),

    -- The word itself beats the longest domain it lies in, which beats a pattern.
    known_sources as (
        select {{ all_but("place") }}
        from
            (
                select
                    listed_sources.traffic_source,
                    traffic_sources.source_kind,
                    traffic_sources.ga4_source_kind,
                    case when networks.is_social then traffic_sources.network end as network,
                    row_number() over (
                        partition by listed_sources.traffic_source
                        order by
                            listed_sources.rank,
                            length(listed_sources.listed) desc,
                            listed_sources.listed
                    ) as place
                from listed_sources
                inner join traffic_sources on traffic_sources.traffic_source = listed_sources.listed
                left join networks on networks.network = traffic_sources.network
            )
        where place = 1
    ),

    sourced as (
        select
            sessions.session_key,
            cast({{ reporting_date("sessions.started_at") }} as date) as started_on,
            sessions.traffic_source,
            coalesce(
                sessions.traffic_medium,
                case when known_sources.source_kind = 'search' then 'organic' else 'referral' end
            ) as traffic_medium,
            coalesce(
                sessions.traffic_medium,
                case
                    when known_sources.ga4_source_kind = 'search' then 'organic' else 'referral'
                end
            ) as ga4_medium,
            coalesce(sessions.campaign, '') as campaign,
            coalesce(known_sources.source_kind, '') as source_kind,
            coalesce(known_sources.ga4_source_kind, '') as ga4_source_kind,
            known_sources.network
        from sessions
        left join known_sources on known_sources.traffic_source = sessions.traffic_source
    ),

    combinations as (
        select traffic_source, traffic_medium, ga4_medium, campaign, source_kind, ga4_source_kind
        from sourced
        group by traffic_source, traffic_medium, ga4_medium, campaign, source_kind, ga4_source_kind
    ),

    -- Each word of a combination as our rules and as GA4's see it.
    words as (
        select 'ours' as rule_set, combinations.*, traffic_medium as medium, source_kind as kind
        from combinations

        union all

        select 'ga4' as rule_set, combinations.*, ga4_medium as medium, ga4_source_kind as kind
        from combinations
    ),

    -- A pattern that comes from a column is compiled again for every row: each word meets each
    -- pattern once, however many sessions it came with.
    {% for word, column in {
        "source": "traffic_source",
        "medium": "medium",
        "campaign": "campaign",
    }.items() -%}
        {{ word }}_patterns as (select distinct {{ word }}_pattern from channel_rules),

        {{ word }}_words as (select distinct {{ column }} as word from words),

        {{ word }}_matches as (
            select {{ word }}_words.word, {{ word }}_patterns.{{ word }}_pattern
            from {{ word }}_words
            cross join {{ word }}_patterns
            where
                {{ word }}_patterns.{{ word }}_pattern = ''
                or {{
                    regex_matches(
                        word ~ "_words.word",
                        word ~ "_patterns." ~ word ~ "_pattern",
                    )
                }}
        ),

    {% endfor -%}

    matching_rules as (
        select
            words.rule_set,
            words.traffic_source,
            words.traffic_medium,
            words.campaign,
            channel_rules.rule_order,
            channel_rules.channel_group,
            channel_rules.takes_network_from_source,
            channel_rules.valid_from_on,
            channel_rules.valid_to_on
        from words
        inner join source_matches on source_matches.word = words.traffic_source
        inner join medium_matches on medium_matches.word = words.medium
        inner join campaign_matches on campaign_matches.word = words.campaign
        inner join
            channel_rules
            on channel_rules.source_pattern = source_matches.source_pattern
            and channel_rules.medium_pattern = medium_matches.medium_pattern
            and channel_rules.campaign_pattern = campaign_matches.campaign_pattern
        where
            channel_rules.source_kind in ('any', words.kind)
            and channel_rules.rule_set in ('both', words.rule_set)
    ),

    -- Between two changes of the rules every day has the same ones.
    changes as (
        select valid_from_on as changed_on
        from channel_rules

        union

        select valid_to_on as changed_on
        from channel_rules
    ),

    eras as (
        select changed_on as from_on, lead(changed_on) over (order by changed_on) as to_on
        from changes
    ),

    -- The first rule in force on the day decides.
    decided as (
        select
            matching_rules.rule_set,
            matching_rules.traffic_source,
            matching_rules.traffic_medium,
            matching_rules.campaign,
            eras.from_on,
            eras.to_on,
            min_by(matching_rules.channel_group, matching_rules.rule_order) as channel_group,
            min_by(
                matching_rules.takes_network_from_source, matching_rules.rule_order
            ) as takes_network_from_source
        from matching_rules
        inner join
            eras
            on matching_rules.valid_from_on <= eras.from_on
            and matching_rules.valid_to_on > eras.from_on
        group by
            matching_rules.rule_set,
            matching_rules.traffic_source,
            matching_rules.traffic_medium,
            matching_rules.campaign,
            eras.from_on,
            eras.to_on
    ),

    our_groups as (select * from decided where rule_set = 'ours'),

    ga4_groups as (select * from decided where rule_set = 'ga4'),

    final as (
        select
            sourced.session_key,

            sourced.started_on,

            sourced.traffic_source,
            sourced.traffic_medium,
            nullif(sourced.source_kind, '') as source_kind,
            coalesce(our_groups.channel_group, 'Unassigned') as channel_group,
            coalesce(ga4_groups.channel_group, 'Unassigned') as ga4_channel_group,
            case
                when sourced.network is not null
                then sourced.network
                when
                    our_groups.takes_network_from_source
                    and sourced.source_kind = ''
                    and sourced.traffic_source <> '(not set)'
                then sourced.traffic_source
            end as network
        from sourced
        left join
            our_groups
            on our_groups.traffic_source = sourced.traffic_source
            and our_groups.traffic_medium = sourced.traffic_medium
            and our_groups.campaign = sourced.campaign
            and our_groups.from_on <= sourced.started_on
            and our_groups.to_on > sourced.started_on
        left join
            ga4_groups
            on ga4_groups.traffic_source = sourced.traffic_source
            and ga4_groups.traffic_medium = sourced.traffic_medium
            and ga4_groups.campaign = sourced.campaign
            and ga4_groups.from_on <= sourced.started_on
            and ga4_groups.to_on > sourced.started_on
    )

select *
from final
