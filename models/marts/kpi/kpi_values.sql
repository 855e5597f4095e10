{% for family in [
    "messages",
    "turns",
    "changes",
    "conversations",
    "backlog",
    "workload",
    "sent",
    "bots",
    "coverage",
    "topics",
    "sla",
    "phone",
    "surveys",
    "posts",
    "profiles",
    "publishing",
    "mentions",
    "brand_love",
    "crises",
    "customers",
    "costs",
    "roi",
    "maturity",
    "people",
    "certificates",
    "web",
    "attribution",
    "runs",
] %}
    select
        period_kind,
        period_start_on,
        kpi_id,
        slice_kind,
        slice_value,
        value,
        numerator,
        denominator,
        n,
        value_low,
        value_high
    from {{ ref("kpi_values_" ~ family) }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
