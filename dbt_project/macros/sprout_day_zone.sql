{#- The zone a network's day ends in, as Sprout passes it on unchanged: Meta's and YouTube's are Pacific, X's,
    LinkedIn's, Pinterest's and TikTok's UTC. It documents no other network; those count as UTC. -#}
{% macro sprout_day_zone(network) -%}
    case
        when {{ network }} in ('facebook', 'instagram', 'youtube')
        then 'America/Los_Angeles'
        else 'UTC'
    end
{%- endmacro %}
