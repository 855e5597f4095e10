{#- Rows of a query: surveys and is_answered_again, whether a contact answers again within 90 days. Such a contact is counted
    with the later answer only; who stays unknown is counted each time. Both the scorecard and kpi_surveys read it. -#}
{% macro surveys_answered_again(surveys) -%}
    select
        surveys.*,
        coalesce(
            lead(surveys.responded_at) over (
                partition by
                    surveys.survey_kind,
                    surveys.is_answered,
                    surveys.nps_group is null,
                    coalesce(surveys.contact_key, surveys.survey_key)
                order by surveys.responded_at, surveys.survey_key
            )
            < {{ add_seconds("surveys.responded_at", 7776000) }},
            false
        ) as is_answered_again
    from {{ surveys }} as surveys
{%- endmacro %}
