with
    sessions as (select * from {{ ref("int_web_session_sources") }}),

    traffic_sources as (select * from {{ ref("traffic_sources") }}),

    channel_rules as (select * from {{ ref("channel_rules") }}),

    networks as (select * from {{ ref("networks") }}),

    distinct_sources as (select distinct traffic_source from sessions),

    -- The word itself beats the longest domain it lies in, which beats a pattern.
    known_sources as (
        select
            distinct_sources.traffic_source,
            traffic_sources.source_kind,
            case when networks.is_social then traffic_sources.network end as network
        from distinct_sources
        inner join
            traffic_sources
            on distinct_sources.traffic_source = traffic_sources.traffic_source
            or (
                traffic_sources.match_kind = 'domain'
                and distinct_sources.traffic_source like '%.' || traffic_sources.traffic_source
            )
            or (
                traffic_sources.match_kind = 'pattern'
                and
                {{
                    regex_matches(
                        "distinct_sources.traffic_source",
                        "case when traffic_sources.match_kind = 'pattern' then traffic_sources.traffic_source else '^$' end",
                    )
                }}
            )
        left join networks on networks.network = traffic_sources.network
        qualify
            row_number() over (
                partition by distinct_sources.traffic_source
                order by
                    case
                        when distinct_sources.traffic_source = traffic_sources.traffic_source
                        then 1
                        when traffic_sources.match_kind = 'domain'
                        then 2
                        else 3
                    end,
                    length(traffic_sources.traffic_source) desc,
                    traffic_sources.traffic_source
            )
            = 1
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
            coalesce(sessions.campaign, '') as campaign,
            coalesce(known_sources.source_kind, '') as source_kind,
            known_sources.network
        from sessions
        left join known_sources on known_sources.traffic_source = sessions.traffic_source
    ),

    combinations as (
        select traffic_source, traffic_medium, campaign, source_kind
        from sourced
        group by traffic_source, traffic_medium, campaign, source_kind
    ),

    matching_rules as (
        select
            combinations.traffic_source,
            combinations.traffic_medium,
            combinations.campaign,
            combinations.source_kind,
            channel_rules.rule_order,
            channel_rules.channel_group,
            channel_rules.takes_network_from_source,
            channel_rules.valid_from_on,
            channel_rules.valid_to_on
        from combinations
        inner join
            channel_rules
            on (
                channel_rules.source_kind = 'any'
                or channel_rules.source_kind = combinations.source_kind
            )
            and (
                coalesce(channel_rules.source_pattern, '') = ''
                or {{ regex_matches("combinations.traffic_source", "channel_rules.source_pattern") }}
            )
            and (
                coalesce(channel_rules.medium_pattern, '') = ''
                or {{ regex_matches("combinations.traffic_medium", "channel_rules.medium_pattern") }}
            )
            and (
                coalesce(channel_rules.campaign_pattern, '') = ''
                or {{ regex_matches("combinations.campaign", "channel_rules.campaign_pattern") }}
            )
    ),

    -- The first rule in force on the day of the session decides.
    decided as (
        select
            sourced.*,
            coalesce(matching_rules.channel_group, 'Unassigned') as channel_group,
            coalesce(matching_rules.takes_network_from_source, false) as takes_network_from_source
        from sourced
        left join
            matching_rules
            on matching_rules.traffic_source = sourced.traffic_source
            and matching_rules.traffic_medium = sourced.traffic_medium
            and matching_rules.campaign = sourced.campaign
            and matching_rules.source_kind = sourced.source_kind
            and matching_rules.valid_from_on <= sourced.started_on
            and matching_rules.valid_to_on > sourced.started_on
        qualify
            row_number() over (
                partition by sourced.session_key order by matching_rules.rule_order nulls last
            )
            = 1
    ),

    final as (
        select
            session_key,

            started_on,

            traffic_source,
            traffic_medium,
            nullif(source_kind, '') as source_kind,
            channel_group,
            case
                when network is not null
                then network
                when
                    takes_network_from_source and source_kind = '' and traffic_source <> '(not set)'
                then traffic_source
            end as network
        from decided
    )

select *
from final
