{%- set states = "available_total|away_total|active_total|available|away|busy|full|unoccupied" -%}
{%- set heading_of_a_channel = "'^(.+)_(" ~ states ~ ")$'" -%}

with
    exported as (select * from {{ stream("ringcentral_engage", "presence_time") }}),

    ranked as (
        select
            *,
            row_number() over (
                partition by date, user_id order by {{ latest_version_first() }}
            ) as version_rank
        from exported
        where date <= cast({{ as_of() }} as date)
    ),

    -- A column for each channel and state, and for each custom status: the header is the value.
    wide_cells as (
        select date, user_id, version_rank, _file_sha256, {{ json_pairs("_extra") }} as cell
        from ranked
    ),

    cells as (
        select
            date,
            user_id,
            version_rank,
            _file_sha256,
            lower(replace(cell.key, ' ', '_')) as heading,
            cell.value as amount_text
        from wide_cells

        union all

        select date, user_id, version_rank, _file_sha256, 'all_presence' as heading, presence
        from ranked

        union all

        select date, user_id, version_rank, _file_sha256, 'all_activity' as heading, activity
        from ranked
    ),

    placed as (
        select
            date,
            user_id,
            version_rank,
            _file_sha256,
            heading,
            case
                when heading in ('all_presence', 'all_activity')
                then 'all'
                when {{ regex_matches("heading", "'^away_'") }}
                then 'all'
                else {{ regex_group("heading", heading_of_a_channel) }}
            end as channel,
            case
                when heading in ('all_presence', 'all_activity')
                then substr(heading, 5)
                when {{ regex_matches("heading", "'^away_'") }}
                then 'custom_away'
                else {{ regex_group("heading", heading_of_a_channel, 2) }}
            end as state,
            {{ try_number("replace(trim(amount_text), ',', '.')") }} as amount
        from cells
    ),

    -- Seconds or hours, by a setting of the tool that the file does not show: no day has more than
    -- 25 hours, and nobody's whole export less than 26 seconds.
    in_units as (
        select
            *,
            case
                when max(amount) over (partition by _file_sha256) <= 25 then 3600.0 else 1.0
            end as unit_s
        from placed
        where state is not null and amount is not null
    ),

    final as (
        select
            {{ surrogate_key(["user_id", "date", "heading"]) }} as presence_key,

            date as date_on,

            user_id as agent_id,

            channel,
            state,
            amount * unit_s as spent_s
        from in_units
        where version_rank = 1
    )

select *
from final
