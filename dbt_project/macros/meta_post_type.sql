{#- One word for a kind of post on Facebook or Instagram: Business Suite says `IG carousel` or `Fotos`, the API
    `CAROUSEL_ALBUM` or `added_photos`. A word that none of these is in stays as it is, lower case. -#}
{% macro meta_post_type(word) -%}
    {%- set kinds = {
        "reel": "reel",
        "story": "(^| )(story|stories)",
        "carousel": "carousel|karussell|album",
        "video": "video",
        "photo": "photo|foto|image|bild",
        "link": "link|shared_story",
        "status": "status",
    } -%}
    case
        {%- for kind, pattern in kinds.items() %}
            when {{ regex_matches("lower(" ~ word ~ ")", "'" ~ pattern ~ "'") }} then '{{ kind }}'
        {%- endfor %}
        else lower({{ word }})
    end
{%- endmacro %}
