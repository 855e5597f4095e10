with
    tickets as (select * from {{ ref("stg_zendesk__tickets") }}),

    snapshots as (select * from {{ ref("stg_zendesk__ticket_snapshots") }}),

    audit_events as (select * from {{ ref("stg_zendesk__audit_events") }}),

    audited as (select distinct ticket_id from audit_events),

    -- What a ticket's tags were at which instant: after each change its audits tell, else as its
    -- exports show them.
    states as (
        select
            ticket_id,
            event_at as state_at,
            event_id as state_id,
            event_at as known_at,
            is_automatic,
            new_value as tags_json,
            cast(null as {{ dbt.type_string() }}) as tags_text
        from audit_events
        where field_name = 'tags'

        union all

        select
            tickets.ticket_id,
            coalesce(tickets.updated_at, tickets.created_at) as state_at,
            tickets.ticket_version_key as state_id,
            tickets.known_at,
            true as is_automatic,
            tickets.tags_json,
            cast(null as {{ dbt.type_string() }}) as tags_text
        from tickets
        left join audited on audited.ticket_id = tickets.ticket_id
        where audited.ticket_id is null

        union all

        select
            snapshots.ticket_id,
            coalesce(snapshots.updated_at, snapshots.created_at) as state_at,
            snapshots.ticket_snapshot_key as state_id,
            snapshots.exported_at as known_at,
            true as is_automatic,
            cast(null as {{ dbt.type_string() }}) as tags_json,
            snapshots.tags_text
        from snapshots
        left join audited on audited.ticket_id = snapshots.ticket_id
        where audited.ticket_id is null
    ),

    created as (
        select ticket_id, min_by(created_at, form_rank) as created_at
        from
            (
                select ticket_id, created_at, 0 as form_rank
                from tickets
                where is_latest
                union all
                select ticket_id, created_at, 1 as form_rank
                from snapshots
                where is_latest
            ) as every_form
        group by ticket_id
    ),

    ordered as (
        select
            *,
            row_number() over (
                partition by ticket_id
                order by
                    date_trunc('minute', state_at), known_at, state_at, length(state_id), state_id
            ) as state_number
        from states
    ),

    -- Tags of the first state were there from the beginning.
    numbered as (
        select
            ordered.ticket_id,
            ordered.state_number,
            ordered.is_automatic,
            ordered.tags_json,
            ordered.tags_text,
            case
                when ordered.state_number = 1 then created.created_at else ordered.state_at
            end as state_at
        from ordered
        inner join created on created.ticket_id = ordered.ticket_id
    ),

    listed as (
        select ticket_id, state_number, {{ json_rows("tags_json") }} as tag
        from numbered
        where tags_json is not null

        union all

        select ticket_id, state_number, {{ split_rows("tags_text", "','") }} as tag
        from numbered
        where tags_text is not null
    ),

    cleaned as (
        select distinct ticket_id, state_number, lower(trim(tag)) as tag
        from listed
        where trim(tag) <> ''
    ),

    -- States in a row that have the tag are one stretch.
    stretched as (
        select
            *,
            state_number - row_number() over (
                partition by ticket_id, tag order by state_number
            ) as stretch_number
        from cleaned
    ),

    stretches as (
        select
            ticket_id,
            tag,
            min(state_number) as first_state_number,
            max(state_number) + 1 as next_state_number
        from stretched
        group by ticket_id, tag, stretch_number
    ),

    final as (
        select
            {{
                surrogate_key(
                    ["stretches.ticket_id", "stretches.tag", "stretches.first_state_number"]
                )
            }} as ticket_tag_key,
            stretches.ticket_id,
            stretches.tag,

            firsts.state_at as opened_at,
            case
                when nexts.state_at is not null then greatest(nexts.state_at, firsts.state_at)
            end as removed_at,

            firsts.is_automatic as is_added_automatically,
            nexts.is_automatic as is_removed_automatically
        from stretches
        inner join
            numbered as firsts
            on firsts.ticket_id = stretches.ticket_id
            and firsts.state_number = stretches.first_state_number
        left join
            numbered as nexts
            on nexts.ticket_id = stretches.ticket_id
            and nexts.state_number = stretches.next_state_number
    )

select *
from final
