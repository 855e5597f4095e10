with
    versions as (select * from {{ ref("dim_agent") }}),

    -- The newest name counts for the whole history, so that nobody is two people in a table.
    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    agent_key,
                    coalesce(agent_name, agent_key) as agent_name,
                    team,
                    row_number() over (
                        partition by agent_key
                        order by case when valid_to_at is null then 0 else 1 end, valid_from_at desc
                    ) as place
                from versions
            )
        where place = 1
    )

select *
from final
