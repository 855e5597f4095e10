"""However rows arrive, in however many builds, the tables are those of one build of everything.

Every row of every stream of a simulated company comes in a step of its own drawing: late, out of
order, some of them twice, while the as-of moves on. Conversations do not know of each other, nor
do visitors, so each of them is loaded in an order of its own; the test counts how many different
orders that makes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.warehouse import delta
from tests.delta.broken import AS_OF
from tests.delta.building import Builder, Workshop
from tests.delta.scatter import Scattering, differences

SCATTERING = Scattering(seed=20260415, shares=(0.55, 0.15, 0.15, 0.15))
STEPS = len(SCATTERING.shares)
# A build lies so many days behind the next one.
DAYS_APART = 9
LEAST_ORDERS = 1_000


def recomputing(manifest: Any) -> list[str]:
    """Names of the models that recompute units."""
    return [
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "model" and node.config.meta.get("recompute")
    ]


def orders(lake: Path) -> int:
    """How many different orders units were loaded in: the steps of their rows, one by one."""
    keys = {
        "raw/ringcentral_engage/messages": "content_thread_id",
        "raw/ringcentral_engage/journal": "content_thread_id",
        "raw/zendesk/tickets": "ticket_id",
        "raw/sprout_social/messages": "customer_profile_id",
        "raw/ringcentral_engage/interventions": "content_thread_id",
        "raw/ga4/events": "user_pseudo_id",
    }
    found: set[tuple[str, str]] = set()
    with duckdb.connect() as connection:
        for folder, key in keys.items():
            found |= {
                (folder, order)
                for (order,) in connection.execute(
                    f"""
                    select distinct string_agg(step, '' order by drawn) from (
                        select {key} as unit, regexp_extract(filename, 'step(\\d)', 1) as step,
                            hash(columns) as drawn
                        from read_parquet(
                            '{lake}/{folder}/part-*.parquet', filename = true, union_by_name = true
                        ) as columns
                    ) group by unit
                    """
                ).fetchall()
            }
    return len(found)


def _in_steps(builder: Builder) -> Iterator[str]:
    for step in range(STEPS):
        as_of = AS_OF - timedelta(days=DAYS_APART * (STEPS - 1 - step))
        yield builder.step(SCATTERING, step, as_of)


def _versions_and_prints(warehouse: Path) -> dict[tuple[str, str], tuple[str, tuple]]:
    """Of every table the version it is said to have, and a digest of its rows."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        there = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        versions = delta.versions(connection, "warehouse")
        return {
            place: (
                versions[place],
                connection.execute(
                    "select count(*), sum(hash(content)) from "
                    f'(select * from "{place[0]}"."{place[1]}") as content'
                ).fetchone(),
            )
            for place in there
            if place in versions
        }


def test_any_order_of_loading_ends_in_the_tables_of_one_build(
    workshop: Workshop, lake: Path, tmp_path: Path
) -> None:
    """Every table, every row; what keeps its version keeps its rows; nothing new is no change."""
    builder = Builder(workshop, lake, [f"+{name}" for name in recomputing(workshop.manifest)])
    told, before, kept = [], {}, 0
    for words in _in_steps(builder):
        told.append(words)
        now = _versions_and_prints(builder.warehouse)
        same = {place for place in now if place in before and now[place][0] == before[place][0]}
        assert {place for place in same if now[place] != before[place]} == set()
        before, kept = now, kept + len(same)
    assert kept > 0
    assert [", delta: " in words for words in told] == [False, *[True] * (STEPS - 1)], told
    assert orders(builder.lake) >= LEAST_ORDERS
    assert builder.again(AS_OF).startswith("delta: 0 of")
    assert builder.changed() == set()
    steps = shutil.move(builder.warehouse, tmp_path / "steps.duckdb")
    whole = builder.whole(AS_OF, tmp_path / "whole.duckdb")
    assert differences(steps, whole) == {}


def _look_back(warehouse: Path, last_as_of: Any) -> None:
    """The usual mistake: of what is new only the last three days are looked at."""
    view = "delta.source__ringcentral_engage__messages"
    with duckdb.connect(str(warehouse)) as connection:
        (sql,) = connection.execute(
            "select regexp_extract(sql, ' AS (.*);', 1) from duckdb_views() "
            "where schema_name || '.' || view_name = ?",
            [view],
        ).fetchone()
        since = last_as_of - timedelta(days=3)
        connection.execute(
            f"create or replace view {view} as from ({sql}) where created_at > '{since}'"
        )


def test_a_window_that_is_guessed_is_found_out(
    workshop: Workshop, lake: Path, tmp_path: Path
) -> None:
    """The mutation: rows that come late touch nothing, and tables differ from one build's."""
    builder = Builder(workshop, lake, ["+fct_messages"], spoil=_look_back)
    list(_in_steps(builder))
    steps = shutil.move(builder.warehouse, tmp_path / "steps.duckdb")
    whole = builder.whole(AS_OF, tmp_path / "whole.duckdb")
    assert "core.fct_messages" in differences(steps, whole)
