{%- set yesterday = add_days("cast(" ~ reporting_date(as_of()) ~ " as date)", -1) -%}
{%- set first_day = add_days(yesterday, "1 - " ~ var("quality_days")) -%}
{%- set no_text = "cast(null as " ~ dbt.type_string() ~ ")" -%}
{%- set no_number = "cast(null as double)" -%}

with
    checked as (select * from {{ ref("fct_check_runs") }}),

    exports as (select * from {{ ref("int_exports_read") }}),

    refused as (select * from {{ ref("int_rows_refused") }}),

    column_changes as (select * from {{ ref("int_column_changes") }}),

    feed_days as (select * from {{ ref("kpi_feed_days") }}),

    export_days as (
        select
            source,
            stream,
            exported_on,
            sum(rows_read) as rows_read,
            sum(rows_in_lake) as rows_in_lake
        from exports
        group by source, stream, exported_on
    ),

    refused_days as (
        select
            source,
            stream,
            exported_on,
            refused_because,
            column_name,
            is_whole_file,
            sum(refusals) as refusals
        from refused
        group by source, stream, exported_on, refused_because, column_name, is_whole_file
    ),

    -- Files without a stream were never read, so quarantine has no row of them.
    undeclared_days as (
        select source, stream, exported_on, count(*) as files
        from exports
        where status = 'undeclared'
        group by source, stream, exported_on
    ),

    audits as (
        {% for outcome in ["passed", "warned", "failed"] %}
            select
                checked_on as observed_on,
                as_of_at as observed_at,
                'warehouse' as source,
                {{ no_text }} as stream,
                {{ no_text }} as network,
                {{ no_text }} as profile_key,
                checked_table,
                {{ no_text }} as column_name,
                'checks_{{ outcome }}' as measure,
                cast({{ outcome }} as double) as value,
                {{ no_number }} as usual_value,
                {{ "false" if outcome == "passed" else "true" }} as is_breach,
                {{ no_text }} as reason
            from checked
            where {{ outcome }} > 0
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    readings as (
        {% for measure, rows in [("rows_read", "rows_read"), ("rows_kept", "rows_in_lake")] %}
            select
                exported_on as observed_on,
                cast(null as timestamp) as observed_at,
                source,
                stream,
                {{ no_text }} as network,
                {{ no_text }} as profile_key,
                {{ no_text }} as checked_table,
                {{ no_text }} as column_name,
                '{{ measure }}' as measure,
                cast({{ rows }} as double) as value,
                {{ no_number }} as usual_value,
                false as is_breach,
                {{ no_text }} as reason
            from export_days
            union all
        {% endfor %}
        select
            refused_days.exported_on,
            cast(null as timestamp),
            refused_days.source,
            refused_days.stream,
            {{ no_text }},
            {{ no_text }},
            {{ no_text }},
            refused_days.column_name,
            case when refused_days.is_whole_file then 'files_refused' else 'rows_quarantined' end,
            cast(refused_days.refusals as double),
            {{ no_number }},
            refused_days.is_whole_file
            or refused_days.refusals > {{ var("quarantine_tolerance") }} * export_days.rows_read,
            refused_days.refused_because
        from refused_days
        inner join
            export_days
            on export_days.source = refused_days.source
            and export_days.stream = refused_days.stream
            and export_days.exported_on = refused_days.exported_on
        union all
        select
            exported_on,
            cast(null as timestamp),
            source,
            stream,
            {{ no_text }},
            {{ no_text }},
            {{ no_text }},
            {{ no_text }},
            'files_refused',
            cast(files as double),
            {{ no_number }},
            true,
            'no stream is declared for the folder'
        from undeclared_days
        union all
        select
            exported_on,
            cast(null as timestamp),
            source,
            stream,
            {{ no_text }},
            {{ no_text }},
            {{ no_text }},
            column_name,
            'columns_' || change,
            1.0,
            {{ no_number }},
            change = 'missing' or not is_declared,
            case when not is_declared then 'not declared' end
        from column_changes
    ),

    days as (
        select
            feed_days.day_on as observed_on,
            cast(null as timestamp) as observed_at,
            feed_days.source,
            feed_days.feed as stream,
            feed_days.network,
            feed_days.profile_key,
            {{ no_text }} as checked_table,
            {{ no_text }} as column_name,
            'day_rows' as measure,
            cast(feed_days.row_count as double) as value,
            feed_days.usual_rows as usual_value,
            feed_days.is_unusual as is_breach,
            case
                when not feed_days.is_unusual
                then {{ no_text }}
                when feed_days.row_count > feed_days.usual_rows
                then 'unusually many'
                else 'unusually few'
            end as reason
        from feed_days
        union all
        select
            feed_days.day_on,
            cast(null as timestamp),
            feed_days.source,
            feed_days.feed,
            feed_days.network,
            feed_days.profile_key,
            {{ no_text }},
            {{ no_text }},
            'day_missing',
            case when feed_days.is_missing then 1.0 else 0.0 end,
            {{ no_number }},
            feed_days.is_missing and feed_days.is_due,
            case
                when not feed_days.is_missing
                then {{ no_text }}
                when feed_days.last_export_on > feed_days.day_on
                then 'not in any export'
                else 'not exported yet'
            end
        from feed_days
        where feed_days.is_expected
        union all
        select
            day_on,
            cast(null as timestamp),
            source,
            feed,
            network,
            profile_key,
            {{ no_text }},
            {{ no_text }},
            'newest_row_age_days',
            cast(age_days as double),
            cast(usual_gap_days as double),
            is_stale,
            case when is_stale then 'longer than usual' end
        from feed_days
    ),

    told as (
        select *
        from audits
        where observed_on >= {{ first_day }}
        union all
        select *
        from readings
        where observed_on >= {{ first_day }}
        union all
        select *
        from days
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "measure",
                        "observed_on",
                        "observed_at",
                        "source",
                        "stream",
                        "network",
                        "profile_key",
                        "checked_table",
                        "column_name",
                        "reason",
                    ]
                )
            }} as quality_key,
            profile_key,

            observed_on,
            observed_at,

            source,
            stream,
            network,
            checked_table,
            column_name,

            measure,
            value,
            usual_value,
            is_breach,
            reason
        from told
    )

select *
from final
