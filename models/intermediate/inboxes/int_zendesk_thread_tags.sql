with
    ticket_tags as (select * from {{ ref("int_zendesk_ticket_tags") }}),

    final as (
        select 'zendesk' as source, ticket_id as thread_id, opened_at, removed_at, tag as tags_text
        from ticket_tags
    )

select *
from final
