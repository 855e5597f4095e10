with
    messages as (
        select *
        from {{ ref("fct_messages") }}
        where direction = 'in' and not is_spam and not is_own
    ),

    message_tags as (select * from {{ ref("int_message_tags") }}),

    positive as (select * from {{ ref("kpi_positive_messages") }}),

    tagged as (
        select message_key, max(case when tag_kind = 'service' then 1 else 0 end) as is_service
        from message_tags
        group by message_key
    ),

    judged as (
        select
            messages.*,
            coalesce(tagged.is_service, 0) = 1 as is_service,
            tagged.message_key is null as is_untagged,
            positive.message_key is not null as is_positive,
            coalesce(positive.is_engaged, false) as is_engaged,
            coalesce(positive.is_mature, false) as is_mature
        from messages
        left join tagged on tagged.message_key = messages.message_key
        left join positive on positive.message_key = messages.message_key
    ),

    final as (
        select
            message_key,
            conversation_key,
            profile_key,

            sent_on,

            network,
            message_type,
            visibility,
            directedness,
            is_vip,

            1 as inbound_messages,
            {% for name, condition in {
                "inbound_to_us_messages": "directedness = 'to_us'",
                "inbound_about_us_messages": "directedness = 'about_us'",
                "actioned_messages": "is_actioned",
                "service_messages": "is_service",
                "untagged_messages": "is_untagged",
                "brand_love_messages": "is_brand_love",
                "positive_messages": "is_positive",
                "engaged_positive_messages": "is_positive and is_engaged",
                "mature_positive_messages": "is_mature",
                "missed_positive_messages": "is_mature and not is_engaged",
                "classified_messages": "sentiment is not null",
                "unclassified_messages": "sentiment is null",
            }.items() -%}
                case when {{ condition }} then 1 else 0 end as {{ name }},
            {% endfor -%}
            case
                sentiment when 'positive' then 1 when 'negative' then -1 else 0
            end as net_positive_messages
        from judged
    )

select *
from final
