with
    closings as (select * from {{ ref("int_closed_periods") }}),

    closed_cells as (select * from {{ ref("int_closed_cells") }}),

    closed_streams as (select * from {{ ref("int_closed_streams") }}),

    closed_breaks as (select * from {{ ref("int_closed_breaks") }}),

    told as (select * from {{ ref("int_closed_errata") }}),

    scorecard as (select * from {{ ref("kpi_scorecard") }}),

    definitions as (select * from {{ ref("kpi_definitions") }}),

    definition_breaks as (select * from {{ ref("kpi_definition_breaks") }}),

    streams as (select * from {{ ref("dim_stream") }}),

    notes as (select * from {{ ref("kpi_review_notes") }} where kind = 'correction'),

    -- What came to be measured after a closing was never told in it.
    closed_kpis as (
        select closing_key, kpi_id, min(definition_version) as definition_version
        from closed_cells
        group by closing_key, kpi_id
    ),

    closed_spans as (select distinct closing_key, period_kind, period_start_on from closed_cells),

    -- Of a week only the whole is told again.
    current_cells as (
        select closed_spans.closing_key, scorecard.*
        from scorecard
        inner join
            closed_spans
            on closed_spans.period_kind = scorecard.period_kind
            and closed_spans.period_start_on = scorecard.period_start_on
        inner join
            closed_kpis
            on closed_kpis.closing_key = closed_spans.closing_key
            and closed_kpis.kpi_id = scorecard.kpi_id
        inner join closings on closings.closing_key = closed_spans.closing_key
        where closings.closed_kind <> 'week' or scorecard.slice_kind = 'overall'
    ),

    -- A cell may be missing on either side: a slice that nobody has any more, or a new one.
    both_sides as (
        select
            closing_key,
            period_kind,
            period_start_on,
            period_end_on,
            kpi_id,
            slice_kind,
            slice_value,
            value as was_value,
            cast(null as double) as now_value,
            coalesce(null_reason, case when value is null then 'not_published' end) as was_reason,
            cast(null as {{ dbt.type_string() }}) as now_reason,
            is_provisional as was_provisional,
            1 as was_told,
            0 as is_told
        from closed_cells

        union all

        select
            closing_key,
            period_kind,
            period_start_on,
            period_end_on,
            kpi_id,
            slice_kind,
            slice_value,
            null as was_value,
            value as now_value,
            null as was_reason,
            coalesce(null_reason, case when value is null then 'not_published' end) as now_reason,
            false as was_provisional,
            0 as was_told,
            1 as is_told
        from current_cells
    ),

    compared as (
        select
            closing_key,
            period_kind,
            period_start_on,
            period_end_on,
            kpi_id,
            slice_kind,
            slice_value,
            max(was_value) as was_value,
            max(now_value) as now_value,
            case when max(was_told) = 0 then 'not_published' else max(was_reason) end as was_reason,
            case when max(is_told) = 0 then 'not_published' else max(now_reason) end as now_reason,
            max(case when was_provisional then 1 else 0 end) = 1 as was_provisional,
            max(was_told) = 1 as was_told,
            max(is_told) = 1 as is_told
        from both_sides
        group by
            closing_key,
            period_kind,
            period_start_on,
            period_end_on,
            kpi_id,
            slice_kind,
            slice_value
    ),

    -- The last digits of a sum of fractions are no news, nor is nothing of a slice that had no row.
    changed as (
        select
            {{
                surrogate_key(
                    [
                        "closings.closed_kind",
                        "closings.closed_label",
                        "compared.period_kind",
                        "compared.period_start_on",
                        "compared.kpi_id",
                        "compared.slice_kind",
                        "compared.slice_value",
                    ]
                )
            }} as restatement_key,
            compared.*,
            closings.closed_kind,
            closings.closed_label,
            closings.closed_as_of_at,
            closings.rules_version,
            closings.correction_notes,
            closings.period_end_on as closed_end_on,
            case
                when compared.slice_kind in ('network', 'profile')
                then compared.slice_kind
                else 'overall'
            end as break_kind,
            case
                when compared.slice_kind in ('network', 'profile')
                then compared.slice_value
                else 'all'
            end as break_value,
            closed_kpis.definition_version as was_definition_version,
            cast(definitions.version as {{ dbt.type_string() }}) as now_definition_version
        from compared
        inner join closings on closings.closing_key = compared.closing_key
        inner join
            closed_kpis
            on closed_kpis.closing_key = compared.closing_key
            and closed_kpis.kpi_id = compared.kpi_id
        left join definitions on definitions.kpi_id = compared.kpi_id
        where
            case
                when not compared.was_told
                then coalesce(compared.now_value, 0) <> 0
                when not compared.is_told
                then coalesce(compared.was_value, 0) <> 0
                when compared.was_value is null or compared.now_value is null
                then (compared.was_value is null) <> (compared.now_value is null)
                else
                    abs(compared.now_value - compared.was_value)
                    > 1e-9 * greatest(abs(compared.now_value), abs(compared.was_value))
            end
    ),

    -- Streams whose files are others than those the closing knew.
    known_streams as (
        select
            closing_key,
            source,
            stream,
            file_versions as was_versions,
            0 as now_versions,
            files_digest as was_digest,
            cast(null as {{ dbt.type_string() }}) as now_digest
        from closed_streams

        union all

        select
            closings.closing_key,
            streams.source,
            streams.stream,
            0 as was_versions,
            streams.file_versions as now_versions,
            null as was_digest,
            streams.files_digest as now_digest
        from streams
        cross join closings
    ),

    other_streams as (
        select
            closing_key,
            source || '/' || stream as stream_name,
            sum(now_versions) - sum(was_versions) as new_versions
        from known_streams
        group by closing_key, source, stream
        having coalesce(max(was_digest), '') <> coalesce(max(now_digest), '')
    ),

    arrivals as (
        select
            closing_key,
            cast(
                sum(case when new_versions > 0 then new_versions else 0 end) as bigint
            ) as late_files,
            {{ join_texts("stream_name", "', '") }} as late_streams
        from other_streams
        group by closing_key
    ),

    -- Changes of meaning that only one of the two sides knows.
    known_breaks as (
        select
            closing_key, kpi_id, slice_kind, slice_value, changed_on, 1 as was_known, 0 as is_known
        from closed_breaks

        union all

        select
            closings.closing_key,
            definition_breaks.kpi_id,
            definition_breaks.slice_kind,
            definition_breaks.slice_value,
            definition_breaks.changed_on,
            0 as was_known,
            1 as is_known
        from definition_breaks
        cross join closings
    ),

    other_breaks as (
        select closing_key, kpi_id, slice_kind, slice_value, changed_on
        from known_breaks
        group by closing_key, kpi_id, slice_kind, slice_value, changed_on
        having max(was_known) <> max(is_known)
    ),

    redefined as (
        select distinct changed.restatement_key
        from changed
        inner join
            other_breaks
            on other_breaks.closing_key = changed.closing_key
            and other_breaks.kpi_id = changed.kpi_id
            and other_breaks.slice_kind = changed.break_kind
            and other_breaks.slice_value = changed.break_value
            and other_breaks.changed_on <= changed.period_end_on
    ),

    -- The analysts' word counts where it came after the closing.
    corrected as (
        select
            changed.restatement_key,
            {{
                join_texts(
                    "concat(notes.title, coalesce(': ' || notes.body, ''))",
                    "' '",
                    "notes.note_id",
                )
            }} as note
        from changed
        inner join notes on notes.starts_on <= changed.period_end_on
        where
            (notes.ends_on is null or notes.ends_on >= changed.period_start_on)
            and (notes.kpi_id is null or notes.kpi_id = changed.kpi_id)
            and (
                notes.network is null
                or changed.slice_kind <> 'network'
                or notes.network = changed.slice_value
            )
            and not contains(changed.correction_notes, '|' || notes.note_id || '|')
        group by changed.restatement_key
    ),

    -- A number is an erratum until a closed review has told the value that holds now.
    told_before as (
        select
            changed.restatement_key,
            min(
                case when closings.closed_kind = 'month' then closings.closed_label end
            ) as told_in_month,
            min(
                case when closings.closed_kind = 'quarter' then closings.closed_label end
            ) as told_in_quarter
        from changed
        inner join told on told.restatement_key = changed.restatement_key
        inner join closings on closings.closing_key = told.closing_key
        where
            (told.now_value is null and changed.now_value is null)
            or abs(told.now_value - changed.now_value)
            <= 1e-9 * greatest(abs(told.now_value), abs(changed.now_value))
        group by changed.restatement_key
    ),

    explained as (
        select
            changed.*,
            coalesce(changed.was_definition_version <> changed.now_definition_version, true)
            or redefined.restatement_key is not null as has_new_definition,
            changed.rules_version <> ''
            and '{{ var("rules_version") }}' not in ('', changed.rules_version) as has_new_rules,
            arrivals.closing_key is not null as has_other_files,
            coalesce(arrivals.late_files, 0) as late_files,
            arrivals.late_streams,
            corrected.note,
            told_before.told_in_month,
            told_before.told_in_quarter
        from changed
        left join redefined on redefined.restatement_key = changed.restatement_key
        left join arrivals on arrivals.closing_key = changed.closing_key
        left join corrected on corrected.restatement_key = changed.restatement_key
        left join told_before on told_before.restatement_key = changed.restatement_key
    ),

    final as (
        select
            restatement_key,

            period_start_on,
            period_end_on,
            closed_end_on,
            closed_as_of_at,

            closed_kind,
            closed_label,
            period_kind,
            kpi_id,
            slice_kind,
            slice_value,

            was_value,
            now_value,
            was_reason,
            now_reason,
            now_value - was_value as change,
            (now_value - was_value) / nullif(abs(was_value), 0) as relative_change,
            was_provisional,

            case
                when has_new_definition
                then 'definition_change'
                when note is not null
                then 'correction'
                when has_other_files and has_new_rules
                then 'late_data_or_correction'
                when has_other_files
                then 'late_data'
                when has_new_rules
                then 'correction'
                else 'time_passed'
            end as cause,
            note,
            late_files,
            late_streams,
            has_new_rules,
            was_definition_version,
            now_definition_version,
            told_in_month,
            told_in_quarter
        from explained
    )

select *
from final
