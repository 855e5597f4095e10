with
    exported as (select * from {{ stream("sprout_social", "metadata") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where
                    kind = 'customer_profile'
                    and (_exported_at <= {{ as_of() }} or not _exported_at_is_known)
            )
        where place = 1
    ),

    final as (
        select
            id as profile_id,
            native_id as native_profile_id,
            lower({{ regex_remove("native_name", "'^@'") }}) as native_name,
            coalesce(name, native_name) as profile_name,
            lower(network_type) as network_word
        from latest
    )

select *
from final
