"""The event log is kept open while a command runs, and reads the same from outside."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from orchestration.cli import open_instance
from orchestration.settings import Settings

CHECKS = 20


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    return Settings(data_dir=tmp_path)


def run_of(instance: dg.DagsterInstance) -> str:
    names = [dg.AssetCheckSpec(f"check_{each}", asset="one") for each in range(CHECKS)]

    @dg.multi_asset(specs=[dg.AssetSpec("one")], check_specs=names)
    def one():
        yield dg.MaterializeResult(asset_key="one")
        for each in names:
            yield dg.AssetCheckResult(passed=True, asset_key="one", check_name=each.name)

    return dg.materialize([one], instance=instance).run_id


def test_a_run_opens_its_files_once(settings: Settings) -> None:
    from sqlalchemy import Engine, event

    opened = []
    with_events = open_instance(settings)

    def count(connection: object, _: object) -> None:
        opened.append(connection)

    event.listen(Engine, "connect", count)
    try:
        run_of(with_events)
        first = len(opened)
        run_of(with_events)
    finally:
        event.remove(Engine, "connect", count)
    # The log of the second run is a new file; other stores open theirs for a few questions a run.
    assert len(opened) - first < 2 * CHECKS


def test_another_reader_sees_what_was_logged(settings: Settings) -> None:
    run_id = run_of(open_instance(settings))
    another = dg.DagsterInstance.get()
    kinds = [each.dagster_event_type for each in another.all_logs(run_id)]
    assert kinds.count(dg.DagsterEventType.ASSET_CHECK_EVALUATION) == CHECKS
    assert kinds.count(dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED) == CHECKS
    [key] = [dg.AssetCheckKey(dg.AssetKey("one"), "check_0")]
    [record] = another.event_log_storage.get_asset_check_execution_history(key, limit=5)
    assert record.status.value == "SUCCEEDED"
