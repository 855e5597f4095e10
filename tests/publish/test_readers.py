"""Fifty publishes under the eyes of readers of both stores, ten of which end badly.

A reader gets a whole, audited snapshot every time; a publish that is killed or whose audit fails
changes nothing.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import psycopg
import pytest
from pydantic import SecretStr

from orchestration.publish import embedded, publish
from orchestration.publish.asset import publication_asset
from orchestration.settings import Settings

from .conftest import TABLES, build_warehouse, bytes_of, run
from .postgres import Postgres

PROJECT = Path(__file__).resolve().parents[2]
GOOD, KILLED, REFUSED = 40, 5, 5
ROWS = 1000


@contextmanager
def readers(settings: Settings, dsn: str) -> Iterator[dict[str, Any]]:
    """Every kind of client, reading for as long as the block runs; then what they saw."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.publish.reading", str(settings.serving_dir), dsn],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    report: dict[str, Any] = {}
    assert process.stdout.readline() == "reading\n"
    try:
        yield report
    finally:
        report |= json.loads(process.communicate(timeout=60)[0])


def publish_and_be_killed(settings: Settings, generation: int, dsn: str, after_s: float) -> bool:
    """Publish in a process of its own that is killed so long after it began; whether it was."""
    build_warehouse(settings, generation, ROWS)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.publish.publishing", f"run-{generation}"],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {
            "WAREHOUSE_DATA_DIR": str(settings.data_dir), "SERVING_POSTGRES_DSN": dsn,
            "WAREHOUSE_SNAPSHOTS_KEPT": str(settings.snapshots_kept),
        },
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("go\n")
    process.stdin.flush()
    time.sleep(after_s)
    process.kill()
    process.communicate()
    return process.returncode < 0


def refresh(
    settings: Settings, generation: int, *, passes: bool, is_blocking: bool = True
) -> list[dg.EventLogEntry]:
    """A run of Dagster that builds a warehouse, checks it and fails; returns what it logged."""

    @dg.asset
    def scorecard() -> None:
        build_warehouse(settings, generation, ROWS)

    @dg.asset_check(asset=scorecard, blocking=is_blocking)
    def audit() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=passes)

    nodes = {
        table.name: {
            "resource_type": "model", "fqn": ["project", "marts"], "tags": [], "columns": {},
            "config": {}, "schema": table.schema, "alias": table.name, "description": "",
        }
        for table in TABLES if table.review_file is None
    }  # fmt: skip
    publication = publication_asset(
        settings, {"nodes": nodes},
        deps=[scorecard.key], checks=audit.check_keys, periods={}, pool="warehouse",
    )  # fmt: skip
    instance = dg.DagsterInstance.ephemeral()
    result = dg.materialize(
        [scorecard, audit, publication],
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    assert not result.success
    return instance.all_logs(result.run_id)


def shown(settings: Settings, dsn: str) -> tuple[str | None, str]:
    with psycopg.connect(dsn) as connection:
        [(in_database,)] = connection.execute("select snapshot_id from marts.publication")
    return embedded.current_snapshot(settings), in_database


def state(settings: Settings, dsn: str) -> tuple[object, ...]:
    """All that a reader could notice, and what the stores keep."""
    with psycopg.connect(dsn) as connection:
        kept = connection.execute(
            "select snapshot_id, number, published_at from marts_store.snapshots order by number"
        ).fetchall()
        views = connection.execute(
            "select viewname, definition from pg_views where schemaname = 'marts' order by viewname"
        ).fetchall()
    return bytes_of(settings.serving_dir), kept, views, shown(settings, dsn)


def test_fifty_publishes_ten_of_which_fail_while_readers_read(
    settings: Settings, database: str
) -> None:
    settings = settings.model_copy(
        update={"serving_postgres_dsn": SecretStr(database), "snapshots_kept": 3}
    )
    moments = random.Random(20260415)
    plan = ["good"] * (GOOD - 2) + ["killed"] * KILLED + ["refused"] * REFUSED
    moments.shuffle(plan)
    plan = ["good", *plan, "good"]
    published: dict[int, str] = {}
    spent, killed, unchanged = [], 0, 0

    def publish_well(generation: int) -> None:
        build_warehouse(settings, generation, ROWS)
        began = time.monotonic()
        published[generation] = publish(settings, TABLES, run(f"run-{generation}")).snapshot_id
        spent.append(time.monotonic() - began)

    publish_well(1)
    with readers(settings, database) as report:
        for generation, kind in enumerate(plan[1:], start=2):
            if kind == "good":
                publish_well(generation)
                assert shown(settings, database) == (published[generation],) * 2
            elif kind == "refused":
                before = state(settings, database)
                refresh(settings, generation, passes=False, is_blocking=generation % 2 == 0)
                assert state(settings, database) == before
            else:
                before = shown(settings, database)
                after_s = moments.uniform(0, sorted(spent)[len(spent) // 2])
                killed += publish_and_be_killed(settings, generation, database, after_s)
                now = shown(settings, database)
                unchanged += now == before
                # Killed after the switch, it had published.
                for found in set(now) - set(before):
                    published[generation] = found

    assert killed > 0
    assert unchanged > 0
    assert report["faults"] == []
    generation_of = {snapshot_id: generation for generation, snapshot_id in published.items()}
    for client, found in report["seen"].items():
        assert len(found) > 1, f"{client} saw no switch"
        for snapshot_id, lowest, highest, cells, network, _ in found:
            its = generation_of.get(snapshot_id)
            assert (lowest, highest, cells, network) == (its, its, ROWS, its), client
    kept = embedded.kept_snapshots(settings)
    assert len(kept) == settings.snapshots_kept
    assert sorted(path.name for path in (settings.serving_dir / "snapshots").iterdir()) == sorted(
        kept
    )


@pytest.mark.parametrize("is_blocking", [True, False])
def test_what_its_own_run_found_bad_is_not_published(settings: Settings, is_blocking: bool) -> None:
    refresh(settings, 2, passes=False, is_blocking=is_blocking)
    assert embedded.current_snapshot(settings) is None


def test_no_password_is_in_what_a_run_logs(settings: Settings, server: Postgres) -> None:
    dsn = server.address("postgres", password="hunter2%zzhunter2")
    settings = settings.model_copy(update={"serving_postgres_dsn": SecretStr(dsn)})
    logged = repr(refresh(settings, 2, passes=True))
    assert "SERVING_POSTGRES_DSN cannot be reached" in logged
    assert "hunter2" not in logged
    assert embedded.current_snapshot(settings) is None
