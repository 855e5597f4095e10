with
    exported as (select * from {{ stream("sprout_social", "messages") }}),

    -- Actions come after the message, so the latest export that asked for them knows most.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by guid order by {{ latest_version_first() }}
                    ) as place
                from exported
                where created_time <= {{ as_of() }} and activity_metadata is not null
            )
        where place = 1
    ),

    -- One object with a field for each first action, or a list of objects.
    documents as (
        select guid, created_time, activity_metadata as document
        from latest

        union all

        select guid, created_time, {{ json_rows("activity_metadata") }} as document
        from latest
    ),

    actions as (
        {% for word in ["reply", "tag", "complete", "like"] %}
            select
                guid,
                created_time,
                '{{ word }}' as action_word,
                {{ json_text("document", "'$.first_" ~ word ~ "'") }} as action
            from documents

            union all
        {% endfor %}

        select
            guid,
            created_time,
            lower(
                coalesce(
                    {{ json_text("document", "'$.action'") }},
                    {{ json_text("document", "'$.action_type'") }},
                    {{ json_text("document", "'$.type'") }}
                )
            ) as action_word,
            document as action
        from documents
    ),

    read as (
        select
            guid,
            created_time,
            case
                when action_word like '%reply%' or action_word like '%replied%'
                then 'reply'
                when action_word like '%tag%'
                then 'tag'
                when action_word like '%complete%'
                then 'complete'
                when action_word like '%like%'
                then 'like'
                else action_word
            end as action_word,
            coalesce(
                {{ json_text("action", "'$.actor.urn'") }},
                {{ json_text("action", "'$.actor.id'") }},
                {{ json_text("action", "'$.actor'") }}
            ) as actor,
            try_cast(
                coalesce(
                    {{ json_text("action", "'$.timestamp'") }},
                    {{ json_text("action", "'$.action_time'") }}
                ) as timestamp
            ) as stated_at,
            {{ try_number(json_text("action", "'$.time_elapsed'")) }} as time_elapsed
        from actions
        where action is not null and action_word is not null
    ),

    -- The unit of `time_elapsed` is written nowhere: of seconds and milliseconds the one that
    -- agrees with the clock is meant, and seconds where there is no clock to ask.
    timed as (
        select
            *,
            case
                when
                    abs(time_elapsed / 1000.0 - {{ seconds_between("created_time", "stated_at") }})
                    < abs(time_elapsed - {{ seconds_between("created_time", "stated_at") }})
                then time_elapsed / 1000.0
                else time_elapsed
            end as elapsed_s
        from read
    ),

    dated as (
        select
            *,
            coalesce(stated_at, {{ add_seconds("created_time", "round(elapsed_s)") }}) as action_at
        from timed
    ),

    -- The first of each action only: later replies and tags are in no export.
    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    {{ surrogate_key(["guid", "action_word"]) }} as message_action_key,
                    guid as message_id,

                    action_at,

                    {{ sprout_person("actor") }} as agent_id,
                    {{ sprout_is_rule("actor") }} as is_automatic,

                    action_word,
                    elapsed_s as reported_elapsed_s,
                    row_number() over (
                        partition by guid, action_word order by action_at, coalesce(actor, '')
                    ) as place
                from dated
                where action_at <= {{ as_of() }}
            )
        where place = 1
    )

select *
from final
