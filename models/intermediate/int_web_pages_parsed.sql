{%- set parameters = ["source", "medium", "campaign", "id", "term", "content"] -%}

with
    events as (select * from {{ ref("int_web_events") }}),

    click_ids as (select * from {{ ref("click_ids") }}),

    -- Searched for plain text: a pattern taken from a column is compiled again for every row.
    pages as (
        select
            page_url,
            '&'
            || replace(replace(replace(lower(page_url), '&amp;', '&'), '?', '&'), '#', '&')
            || '&' as searched
        from (select distinct page_url from events where page_url is not null) as distinct_pages
    ),

    carried as (
        select pages.page_url, min_by(click_ids.click_id, click_ids.priority) as click_id
        from pages
        inner join
            click_ids
            on contains(pages.searched, '&' || click_ids.click_id || '=')
            and not contains(pages.searched, '&' || click_ids.click_id || '=&')
        where pages.page_url like '%?%'
        group by pages.page_url
    ),

    parsed as (
        select
            page_url,
            {{ url_host("page_url") }} as page_host,
            {{ page_address("page_url") }} as page_address,
            {% for parameter in parameters -%}
                searched like '%&utm_{{ parameter }}=%&utm_{{ parameter }}=%'
                {%- if not loop.last %} or {% endif %}
            {% endfor %} as has_repeated_words,
            {% for parameter in parameters -%}
                {{ url_param("page_url", "utm_" ~ parameter) }} as utm_{{ parameter }}_raw
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from pages
    ),

    final as (
        select
            parsed.page_url,
            parsed.page_host,
            parsed.page_address,
            {% for parameter in parameters -%}
                parsed.utm_{{ parameter }}_raw,
                {{ clean_url_label("parsed.utm_" ~ parameter ~ "_raw") }} as utm_{{ parameter }},
            {% endfor -%}
            coalesce(
                {% for parameter in parameters -%}
                    parsed.utm_{{ parameter }}_raw {%- if not loop.last %}, {% endif %}
                {% endfor %}
            )
            is not null as has_words,
            parsed.has_repeated_words,
            carried.click_id
        from parsed
        left join carried on carried.page_url = parsed.page_url
    )

select *
from final
