with
    collected as (
        {% for source in var("inboxes")["agents"] %}
            select source, agent_id, agent_name, role, team, exported_at
            from {{ ref("int_" ~ source ~ "_agents") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    final as (
        select
            {{ surrogate_key(["source", "agent_id", "exported_at"]) }} as agent_export_key,
            {{ surrogate_key(["source", "agent_id"]) }} as agent_key,
            *
        from collected
    )

select *
from final
