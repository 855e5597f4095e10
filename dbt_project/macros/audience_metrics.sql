{#- The metrics of posts and profiles, by name, so that feeds, facts and tests speak of the same ones. Reach is none of
    them: it cannot be added. -#}
{% macro reaction_kinds() -%}
    {{ return(["like", "love", "care", "haha", "wow", "sad", "angry", "other"]) }}
{%- endmacro %}

{#- Lifetime values that networks report about a post. -#}
{% macro post_metrics() -%}
    {%- set metrics = ["impressions", "reactions"] -%}
    {%- for kind in reaction_kinds() -%}
        {%- do metrics.append("reactions_" ~ kind) -%}
    {%- endfor -%}
    {{
        return(
            metrics
            + [
                "comments",
                "shares",
                "saves",
                "link_clicks",
                "other_clicks",
                "video_views",
                "follows",
                "engagements_native",
            ]
        )
    }}
{%- endmacro %}

{#- What networks report about a day of a profile, followers apart. -#}
{% macro profile_metrics() -%}
    {{
        return(
            [
                "impressions",
                "reactions",
                "comments",
                "shares",
                "saves",
                "link_clicks",
                "other_clicks",
                "video_views",
                "profile_views",
                "posts_published",
                "engagements_native",
            ]
        )
    }}
{%- endmacro %}

{#- Reactions, comments and shares as far as they are known: comparable over networks. NULL when none is. -#}
{% macro engagement_core(relation) -%}
    case
        when
            coalesce({{ relation }}.reactions, {{ relation }}.comments, {{ relation }}.shares)
            is not null
        then
            cast(
                coalesce({{ relation }}.reactions, 0)
                + coalesce({{ relation }}.comments, 0)
                + coalesce({{ relation }}.shares, 0) as bigint
            )
    end
{%- endmacro %}
