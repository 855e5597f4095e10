{#- Rows of audience feeds with our word for the network, and the name of the profile: a network that no alias names keeps
    its own word; an export that names no profile is about the network's one profile. Reads the CTE network_aliases. -#}
{% macro named_profiles(relation) -%}
    select
        {{ relation }}.*,
        coalesce(network_aliases.network, {{ relation }}.network_word, 'unknown') as network,
        coalesce(
            {{ relation }}.profile_id,
            network_aliases.network,
            {{ relation }}.network_word,
            'unknown'
        ) as known_profile_id
    from {{ relation }}
    left join network_aliases on network_aliases.alias = {{ relation }}.network_word
{%- endmacro %}
