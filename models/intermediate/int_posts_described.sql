{%- set descriptions = [
    "profile_id",
    "profile_name",
    "post_type",
    "permalink",
    "body",
    "publisher",
    "campaign",
    "is_boosted",
    "reach",
] -%}

with
    snapshots as (select * from {{ ref("int_post_snapshots") }}),

    -- The source first in the list is asked first, its latest export before its earlier ones.
    ordered as (
        select
            *,
            row_number() over (
                partition by post_key order by source_rank, snapshot_at desc
            ) as preference
        from snapshots
    ),

    -- What one export does not know another may. An export without the time of day must not blur a
    -- time another one knew, so the day is taken from where the time is.
    described as (
        select
            post_key,
            network,
            natural_post_id,
            min_by(source, preference) as source,
            {% for name in descriptions -%}
                min_by(
                    {{ name }}, case when {{ name }} is not null then preference end
                ) as {{ name }},
            {% endfor -%}
            min_by(posted_at, case when posted_at is not null then preference end) as posted_at,
            coalesce(
                min_by(posted_on, case when posted_at is not null then preference end),
                min_by(posted_on, case when posted_on is not null then preference end)
            ) as posted_on,
            min(snapshot_at) as first_seen_at,
            max(snapshot_at) as last_seen_at,
            count(*) as snapshots
        from ordered
        group by post_key, network, natural_post_id
    ),

    -- A post of a profile that no export names is of the network's one profile.
    final as (
        select
            post_key,
            {{ surrogate_key(["network", "coalesce(profile_id, network)"]) }} as profile_key,
            source,
            network,
            coalesce(profile_id, network) as profile_id,
            profile_name,
            natural_post_id,

            posted_at,
            posted_on,
            first_seen_at,
            last_seen_at,

            post_type,
            permalink,
            body,
            publisher,
            campaign,
            coalesce(is_boosted, false) as is_boosted,

            reach,
            snapshots
        from described
    )

select *
from final
