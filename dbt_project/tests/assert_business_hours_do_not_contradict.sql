-- Detects two versions of a calendar's hours that are valid together and overlap on a weekday, as
-- when a new schedule begins and nobody ended the old one; and rows that end before they begin.
-- Until somebody settles it the hours merge. A returned row is such a pair, or such a row.
{{ config(severity="warn") }}

with
    hours as (
        select
            *,
            {{ wall_time("date '2000-01-01'", "opens") }} as opens_at,
            case
                when closes <= opens
                then {{ wall_time("date '2000-01-02'", "closes") }}
                else {{ wall_time("date '2000-01-01'", "closes") }}
            end as closes_at
        from {{ ref("business_hours") }}
    )

select
    one.calendar_id,
    one.iso_weekday,
    one.valid_from_on,
    one.valid_to_on,
    one.opens,
    one.closes,
    other.valid_from_on as other_valid_from_on,
    other.valid_to_on as other_valid_to_on,
    other.opens as other_opens,
    other.closes as other_closes
from hours as one
inner join
    hours as other on other.calendar_id = one.calendar_id and other.iso_weekday = one.iso_weekday
where
    (
        one.valid_from_on < other.valid_from_on
        or (
            one.valid_from_on = other.valid_from_on
            and one.valid_to_on < coalesce(other.valid_to_on, date '9999-12-31')
        )
    )
    and (one.valid_to_on is null or one.valid_to_on > other.valid_from_on)
    and (other.valid_to_on is null or other.valid_to_on > other.valid_from_on)
    and one.opens_at < other.closes_at
    and other.opens_at < one.closes_at

union all

select
    calendar_id,
    iso_weekday,
    valid_from_on,
    valid_to_on,
    opens,
    closes,
    null as other_valid_from_on,
    null as other_valid_to_on,
    null as other_opens,
    null as other_closes
from hours
where valid_to_on <= valid_from_on
