with
    exported as (
        select
            *,
            nullif(lower({{ squeeze_spaces("network") }}), '') as network_word,
            nullif({{ squeeze_spaces("segment") }}, '') as segment_name
        from {{ stream("crm", "customers") }}
        where {{ is_exported() }}
    ),

    -- A file holds every identity of the customers it names: one that is gone in a later file is no
    -- identity of theirs any more.
    ranked as (
        select
            *,
            rank() over (
                partition by customer_id
                order by _exported_at desc, _source_file desc, _file_sha256 desc
            ) as file_rank
        from exported
    ),

    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by customer_id, network_word, contact_id
                        order by {{ latest_version_first() }}
                    ) as place
                from ranked
                where file_rank = 1
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["'crm'", "customer_id", "network_word", "contact_id"]) }}
            as customer_identity_key,
            customer_id as natural_customer_id,

            became_customer_on,
            left_on,
            followed_since_on,

            network_word,
            contact_id as native_contact_id,
            web_user_id as natural_user_id,

            segment_name as segment,
            is_follower,
            _source_row as file_row
        from deduplicated
    )

select *
from final
