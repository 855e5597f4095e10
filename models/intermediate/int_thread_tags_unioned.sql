with
    threads as (select * from {{ ref("int_threads_united") }}),

    collected as (
        {% for source in var("inboxes")["thread_tags"] %}
            select source, thread_id, opened_at, removed_at, tags_text
            from {{ ref("int_" ~ source ~ "_thread_tags") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    tags as (select * from {{ ref("tags") }}),

    -- A tag that was taken off by the as-of instant was a mistake, and counts nowhere.
    split as (
        select source, thread_id, opened_at, {{ split_rows("tags_text", "','") }} as tag_text
        from collected
        where tags_text is not null and coalesce(removed_at, {{ far_future() }}) > {{ as_of() }}
    ),

    cleaned as (
        select threads.thread_key, split.opened_at, lower(trim(split.tag_text)) as tag
        from split
        inner join
            threads
            on threads.tool_thread_key = {{ surrogate_key(["split.source", "split.thread_id"]) }}
        where trim(split.tag_text) <> ''
    ),

    final as (
        select
            cleaned.thread_key,
            cleaned.opened_at,
            cleaned.tag,
            coalesce(tags.kind, 'other') as tag_kind,
            coalesce(tags.value, cleaned.tag) as tag_value
        from cleaned
        left join tags on tags.tag = cleaned.tag
    )

select *
from final
