with
    network_aliases as (select * from {{ ref("network_aliases") }}),

    collected as (
        {% for source in var("inboxes")["messages"] %}
            select
                source,
                natural_message_id,
                native_message_id,
                thread_id,
                profile_id,
                in_reply_to_message_id,
                sent_at,
                contact_id,
                native_contact_id,
                agent_id,
                network_word,
                message_type_word,
                direction,
                is_bot,
                is_own,
                is_private,
                is_hidden,
                is_removed,
                sentiment,
                tags_text,
                template_id,
                message_text,
                is_stand_in,
                source_file,
                source_row,
                {{ loop.index }} as source_rank
            from {{ ref("int_" ~ source ~ "_messages") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- A network that no alias names keeps its own word: a new network works from its first day.
    named as (
        select
            collected.*,
            coalesce(network_aliases.network, collected.network_word, 'unknown') as network
        from collected
        left join network_aliases on network_aliases.alias = collected.network_word
    ),

    -- The network's own id makes one message of what several tools exported.
    final as (
        select
            {{ surrogate_key(["source", "natural_message_id"]) }} as copy_key,
            case
                when native_message_id is not null
                then {{ surrogate_key(["network", "native_message_id"]) }}
                else {{ surrogate_key(["source", "natural_message_id"]) }}
            end as message_key,
            {{ surrogate_key(["source", "thread_id"]) }} as tool_thread_key,
            {{ surrogate_key(["source", "profile_id"]) }} as profile_key,
            case
                when agent_id is not null then {{ surrogate_key(["source", "agent_id"]) }}
            end as agent_key,
            case
                when native_contact_id is not null
                then {{ surrogate_key(["network", "native_contact_id"]) }}
                when contact_id is not null
                then {{ surrogate_key(["source", "contact_id"]) }}
            end as contact_key,
            *
        from named
    )

select *
from final
