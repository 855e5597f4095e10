-- Detects notes of analysts that end before they begin, which no review would ever show.
-- A returned row is such a note.
select note_id, starts_on, ends_on from {{ ref("kpi_review_notes") }} where ends_on < starts_on
