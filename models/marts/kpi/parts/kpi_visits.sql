with
    sessions as (select * from {{ ref("fct_web_sessions") }}),

    sent as (select * from {{ ref("kpi_human_messages") }}),

    certificate_posts as (select * from {{ ref("kpi_certificate_posts") }}),

    redirects as (
        select distinct redirect_content
        from sent
        where redirect_kind = 'portal' and redirect_content is not null
    ),

    contents as (select distinct content from certificate_posts where content is not null),

    judged as (
        select
            sessions.*,
            redirects.redirect_content is not null as is_from_redirect,
            contents.content is not null and not sessions.is_automated as is_from_certificate
        from sessions
        left join redirects on redirects.redirect_content = sessions.utm_content
        left join contents on contents.content = sessions.utm_content
    ),

    final as (
        select
            session_key,
            visitor_key,

            started_on,

            channel_group,
            network,
            -- The content word says which next step was offered; where it is an id, the page does.
            case
                when not is_from_certificate
                then null
                when {{ regex_matches("utm_content", "'[0-9]{5}|^[0-9a-f]{16,}$'") }}
                then coalesce(landing_page, 'unknown')
                else utm_content
            end as next_step,
            -- Counted distinct: the visitor of a session from social.
            case when is_social and not is_automated then visitor_key end as social_visitor,

            {% for name, condition in {
                "sessions": "not is_automated",
                "social_sessions": "is_social and not is_automated",
                "post_sessions": "post_key is not null and not is_automated",
                "ambiguous_post_sessions": "post_match = 'ambiguous' and not is_automated",
                "redirect_sessions": "is_from_redirect",
                "certificate_sessions": "is_from_certificate",
            }.items() -%}
                case when {{ condition }} then 1 else 0 end as {{ name }},
            {% endfor -%}
            case when is_from_certificate then primary_conversions end as certificate_conversions
        from judged
    )

select *
from final
