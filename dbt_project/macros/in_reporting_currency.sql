{#- The code of a currency; money without one is in the reporting currency. -#}
{% macro currency_code(currency) -%}
    coalesce(nullif(upper(trim({{ currency }})), ''), '{{ var("reporting_currency") }}')
{%- endmacro %}

{#- The condition of a left join to `int_exchange_rates`: the rate of a currency code that holds on
    a day. At most one row fits, so no row of money is multiplied. -#}
{% macro rate_holds(rates, currency, day) -%}
    {{ rates }}.currency = {{ currency }}
    and {{ rates }}.valid_from_on <= {{ day }}
    and {{ rates }}.valid_to_on > {{ day }}
{%- endmacro %}

{#- An amount in the reporting currency, by the rate so joined; NULL without a rate, never the
    amount unconverted. -#}
{% macro in_reporting_currency(amount, rates) -%}
    cast({{ amount }} * {{ rates }}.rate as double)
{%- endmacro %}
