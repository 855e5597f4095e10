with
    known as (
        select *, lower(trim(item_id)) as item_word
        from {{ stream("maturity", "answers") }}
        where {{ is_exported() }} and assessment_on <= cast({{ as_of() }} as date)
    ),

    -- An answer may be corrected in a later file.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by assessment_on, item_word order by {{ latest_version_first() }}
                    ) as place
                from known
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["'maturity'", "assessment_on", "item_word"]) }} as answer_key,

            assessment_on,

            item_word as item_id,

            -- The scale ends at 4: more is no answer.
            case when score <= 4 then score end as score
        from latest
    )

select *
from final
