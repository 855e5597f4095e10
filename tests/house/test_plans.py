"""How the engine would run each model: no outer join may compare every row with every row.

A condition in an outer join's ON that is no comparison of its two sides (one on the left alone, an
`or`, an `in` over both) makes DuckDB give up the hash join. It costs nothing on a small company and
hours on a large one. What the models compute does not belong here.
"""

from __future__ import annotations

from tests.conftest import Pipeline

# Patterns and validities have to be tried one by one; the other side is a list that people write:
# rules, keywords, brands, campaigns.
RULES_AND_LISTS = {
    "int_mention_keywords",
    "int_post_links",
    "int_profiles",
    "int_sprout_social_messages",
    "int_web_pages_parsed",
    "int_web_referrers_parsed",
    "int_web_sessions_classified",
    "kpi_crisis_episodes",
    "kpi_share_of_voice",
}


def test_no_outer_join_compares_all_rows_with_all(pipeline: Pipeline) -> None:
    import duckdb

    from orchestration.warehouse import target_dir

    compiled = {
        path.stem: path
        for path in (target_dir(pipeline.settings) / "compiled").rglob("*.sql")
        if "models" in path.parts and path.parent.suffix != ".yml"
    }
    assert len(compiled) > 100
    with duckdb.connect(str(pipeline.settings.warehouse_path), read_only=True) as connection:
        plans = {
            name: connection.execute(f"explain {path.read_text()}").fetchall()[0][1]
            for name, path in compiled.items()
        }
    assert {name for name, plan in plans.items() if "BLOCKWISE_NL_JOIN" in plan} <= RULES_AND_LISTS
