with
    exported as (select * from {{ stream("vip", "members") }}),

    named as (
        select
            *,
            lower({{ squeeze_spaces("network") }}) as network_word,
            nullif({{ squeeze_spaces("list_name") }}, '') as vip_list_name
        from exported
    ),

    -- The same membership in a later file may have got an end. One that is missing there has not.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by lower(vip_list_name), network_word, contact_id, valid_from_on
                        order by {{ latest_version_first() }}
                    ) as place
                from named
            )
        where place = 1
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "'vip'",
                        "lower(vip_list_name)",
                        "network_word",
                        "contact_id",
                        "valid_from_on",
                    ]
                )
            }} as vip_member_key,

            valid_from_on,
            valid_to_on,

            contact_id as native_contact_id,
            network_word,

            vip_list_name as list_name
        from latest
    )

select *
from final
