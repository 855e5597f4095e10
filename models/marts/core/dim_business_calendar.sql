with
    business_calendars as (select * from {{ ref("business_calendars") }}),

    final as (select calendar_id, zone, description from business_calendars)

select *
from final
