with
    copies as (select * from {{ ref("int_messages_collected") }}),

    final as (
        select
            {{ surrogate_key(["message_key", "profile_key"]) }} as message_profile_key,
            message_key,
            profile_key,
            count(*) as copies
        from copies
        group by message_key, profile_key
    )

select *
from final
