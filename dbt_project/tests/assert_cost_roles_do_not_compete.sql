-- Detects two rows of cost_roles for the same category and channel: each cost would count twice.
-- A returned row is a category and channel with several rows.
select category, channel, count(*) as rows_found
from {{ ref("cost_roles") }}
group by category, channel
having count(*) > 1
