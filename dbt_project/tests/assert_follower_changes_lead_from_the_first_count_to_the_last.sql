-- Detects changes of followers that skip a day or count one twice. A returned row is a profile
-- whose
-- changes do not lead from its first count to its last.
with
    days as (select * from {{ ref("fct_followers") }} where followers is not null),

    profiles as (
        select
            profile_key,
            min_by(followers, metric_on) as first_followers,
            max_by(followers, metric_on) as last_followers,
            coalesce(sum(followers_change), 0) as added
        from days
        group by profile_key
    )

select profile_key, first_followers, last_followers, added
from profiles
where first_followers + added <> last_followers
