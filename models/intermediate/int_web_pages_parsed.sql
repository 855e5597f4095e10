with
    events as (select * from {{ ref("int_web_events") }}),

    click_ids as (select * from {{ ref("click_ids") }}),

    pages as (select distinct page_url from events where page_url is not null),

    carried as (
        select pages.page_url, min_by(click_ids.click_id, click_ids.priority) as click_id
        from pages
        inner join
            click_ids
            on {{
                regex_matches(
                    "pages.page_url", "'(?i)[?&](amp;)?' || click_ids.click_id || '=[^&#]'"
                )
            }}
        where pages.page_url like '%?%'
        group by pages.page_url
    ),

    final as (
        select
            pages.page_url,
            {{ url_host("pages.page_url") }} as page_host,
            {{ page_address("pages.page_url") }} as page_address,
            {% for parameter in [
                "source",
                "medium",
                "campaign",
                "id",
                "term",
                "content",
            ] -%}
                {{ url_param("pages.page_url", "utm_" ~ parameter) }} as utm_{{ parameter }}_raw,
                {{ clean_url_label(url_param("pages.page_url", "utm_" ~ parameter)) }}
                as utm_{{ parameter }},
            {% endfor -%}
            carried.click_id
        from pages
        left join carried on carried.page_url = pages.page_url
    )

select *
from final
