{#-
    What is remembered of tables while they stay as they are, their versions and the verdicts of their tests, is
    forgotten before a command that may write any of them: whoever runs dbt by hand is no build of ours, and would
    leave other rows under the same version. A build by delta forgets what it changes when it is done.
-#}
{% macro forget_what_was_kept(table) %}
    {%- if target.type == "duckdb" and flags.WHICH in ("run", "build", "seed") and var(
        "build_mode"
    ) == "full" -%}
        drop table if exists {{ table }}
    {%- endif -%}
{% endmacro %}
