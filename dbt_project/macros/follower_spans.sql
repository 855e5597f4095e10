{#- A step of a query called follower_spans: from when to when a count of followers holds. Both the scorecard and
    kpi_follower_days read it. -#}
{% macro follower_spans(followers, profiles) -%}
    -- A count of followers holds until the next one, for 35 days at most: files come once a month.
    follower_spans as (
        select
            followers.profile_key,
            followers.network,
            profiles.profile_name,
            followers.followers,
            followers.metric_on as valid_from_on,
            least(
                coalesce(
                    lead(followers.metric_on) over (
                        partition by followers.profile_key order by followers.metric_on
                    ),
                    {{ add_days("followers.metric_on", 35) }}
                ),
                {{ add_days("followers.metric_on", 35) }}
            ) as valid_to_on
        from {{ followers }} as followers
        inner join {{ profiles }} as profiles on profiles.profile_key = followers.profile_key
    )
{%- endmacro %}
