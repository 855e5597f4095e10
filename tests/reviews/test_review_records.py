"""What is recorded of a review is of the snapshot on its page; a closed review is not written over.

The asset is run as Dagster runs it, on a small published snapshot; what happens elsewhere in the
meantime is done by the test.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.closing import archive, delivery
from orchestration.closing import review as closed_review
from orchestration.reviews import pages
from orchestration.reviews.assets import review_assets
from orchestration.reviews.cadences import WEEKLY
from orchestration.reviews.pages import page_of, snapshot_of
from orchestration.reviews.serving import SERVING_FILE, Snapshot
from orchestration.settings import Settings
from tests.reviews.published import Published

WEEK = "2026-W13"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder whose serving file is a link, as publishing makes it."""
    kept = tmp_path / "kept"
    kept.mkdir()
    Published().write(tmp_path)
    link = tmp_path / SERVING_FILE
    link.rename(kept / "first.duckdb")
    link.symlink_to(kept / "first.duckdb")
    return Settings(data_dir=tmp_path)


def written(settings: Settings) -> bool:
    [asset] = [each for each in review_assets(settings, []) if each.key.path[-1] == WEEKLY.name]
    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions(WEEKLY.partitions, [WEEK])
        return dg.materialize([asset], instance=instance, partition_key=WEEK).success


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Any) -> None:
    """Let something happen right after the review is in place."""
    place = pages.write

    def write(*arguments: Any) -> Any:
        paths = place(*arguments)
        happens()
        return paths

    monkeypatch.setattr(pages, "write", write)


def test_a_publish_in_between_changes_nothing_of_what_is_recorded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Snapshot(settings.data_dir) as snapshot:
        first, marts = snapshot.publication().snapshot_id, snapshot.path
    other = marts.with_name("second.duckdb")
    other.write_bytes(marts.read_bytes())
    with duckdb.connect(str(other)) as connection:
        connection.execute("update marts.publication set snapshot_id = 'second'")

    def publish() -> None:
        link = settings.data_dir / SERVING_FILE
        link.unlink()
        link.symlink_to(other)

    kept: list[Any] = []
    monkeypatch.setattr(delivery, "record", lambda *told: kept.append(told))
    meanwhile(monkeypatch, publish)
    assert written(settings)
    assert snapshot_of(page_of(settings.data_dir, WEEKLY.name, WEEK)) == first
    [(_, path, publication, period)] = kept
    assert (path, publication.snapshot_id, period.label) == (marts, first, WEEK)
    parts = settings.data_dir / "lake" / "raw" / "runs" / "reviews" / "*.parquet"
    assert duckdb.sql(f"select snapshot_id from '{parts}'").fetchall() == [(first,)]


def test_a_review_that_is_closed_while_it_is_written_is_the_closed_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Any] = []
    monkeypatch.setattr(archive, "find", lambda *_: closed[0] if closed else None)

    def put_back(data_dir: Path, closing: Any) -> Any:
        assert closing is closed[0]
        return pages.place(data_dir, WEEKLY.name, WEEK, {"index.html": b"as it was closed"})

    monkeypatch.setattr(closed_review, "put_back", put_back)
    meanwhile(monkeypatch, lambda: closed.append(SimpleNamespace()))
    assert written(settings)
    assert page_of(settings.data_dir, WEEKLY.name, WEEK).read_bytes() == b"as it was closed"
    assert not (settings.data_dir / "lake").exists()
