{#- Rows of a query: posts, and which rates can be told of them. Rates only count posts of which both parts are known: what
    is above the line is below it too. An export may bring one part on another day than the other, so posts are asked, not
    days. Both the scorecard and kpi_post_days read it. -#}
{% macro known_posts(engagement) -%}
    select
        post_key,
        count(impressions) > 0 and count(engagement_core) > 0 as has_engagement_rate,
        count(impressions) > 0 and count(shares) > 0 as has_amplification_rate,
        count(impressions) > 0 and count(link_clicks) > 0 as has_click_rate
    from {{ engagement }} as engagement
    group by post_key
{%- endmacro %}
