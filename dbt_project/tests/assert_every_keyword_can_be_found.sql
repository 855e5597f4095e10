-- Detects keywords that no text can contain, because nothing of them is a letter, a digit or an
-- emoji: they would count nothing for ever.
-- A returned row is a row of seeds/keywords.csv.
select keywords.keyword
from {{ ref("keywords") }} as keywords
left join {{ ref("dim_keyword") }} as found on found.keyword = keywords.keyword
where found.keyword is null
