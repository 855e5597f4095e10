-- Detects rows lost between a landing file and the lake: rows read must be rows kept plus rows
-- refused.
-- A returned row is a file version whose sum does not come out.
-- depends_on: {{ ref("fct_messages") }}
select source, stream, file, rows_read, rows_in_lake, rows_quarantined
from {{ stream("extraction", "files") }}
where rows_read <> rows_in_lake + rows_quarantined
