-- Detects rows of exports that the data-quality mart loses or counts twice: of each stream and
-- day of
-- export the rows read must be the rows kept plus those set aside, reason by reason.
-- A returned row is a stream and day whose sum does not come out.
with
    quality as (select * from {{ ref("kpi_data_quality") }}),

    streams as (
        select
            source,
            stream,
            observed_on,
            sum(case when measure = 'rows_read' then value else 0 end) as rows_read,
            sum(
                case when measure in ('rows_kept', 'rows_quarantined') then value else 0 end
            ) as rows_told
        from quality
        where measure in ('rows_read', 'rows_kept', 'rows_quarantined')
        group by source, stream, observed_on
    )

select *
from streams
where rows_read <> rows_told
