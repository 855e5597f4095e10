"""Streams extracted two at a time: the lake of one after the other, each asset its own error."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.exports import assets, lake, together
from orchestration.exports.registry import stream
from orchestration.exports.together import Extraction
from orchestration.settings import Settings
from tests.exports.conftest import KEY, NOW, Zone

CHOSEN = ("costs/monthly", "vip/members", "surveys/responses", "maturity/answers")
COSTS = "month,category,channel,amount\n2026-01,software,x,{}\n2026-13,software,x,1\n"
MEMBERS = "list,network,contact_id,valid_from\npress,x,{},2026-01-01\n"


@pytest.fixture(autouse=True)
def _two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "at_once", lambda: 2)


@pytest.fixture
def filled(zone: Zone) -> Zone:
    """A landing zone with a few files of two streams, one of them with a broken row."""
    for number in range(5):
        zone.drop(f"costs/monthly/{number}.csv", COSTS.format(number))
        zone.drop(f"vip/members/{number}.csv", MEMBERS.format(number))
    zone.drop("vip/members/no members.csv", "one,two\n1,2\n")
    return zone


def _extraction(zone: Zone, data: Path, folders: tuple[str, ...] = CHOSEN) -> Extraction:
    return Extraction(
        [stream(folder) for folder in folders],
        zone.landing,
        data,
        pseudonym_key=KEY,
        as_of=NOW,
        now=NOW,
    )


def _parts(data: Path) -> dict[str, bytes]:
    found = sorted((data / "lake").rglob("*.parquet"))
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in found}


def test_the_lake_is_that_of_one_stream_after_the_other(filled: Zone) -> None:
    begun = _extraction(filled, filled.root / "together")
    together_ = [begun.report(stream(folder)) for folder in CHOSEN]
    alone = [filled.extract(folder) for folder in CHOSEN]
    assert together_ == alone
    assert _parts(filled.root / "together") == _parts(filled.data)
    assert sum(report.rows_quarantined for report in alone) == 5


def test_two_streams_are_at_work_at_the_same_time(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = threading.Barrier(2, timeout=30)
    monkeypatch.setattr(lake, "extract_stream", lambda *_, **__: meeting.wait())
    begun = _extraction(zone, zone.data, CHOSEN[:2])
    assert {begun.report(stream(folder)) for folder in CHOSEN[:2]} == {0, 1}


def test_one_stream_alone_is_extracted_where_it_is_asked_for(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake, "extract_stream", lambda *_, **__: threading.current_thread())
    begun = _extraction(zone, zone.data, CHOSEN[:1])
    assert begun.report(stream(CHOSEN[0])) is threading.main_thread()


def test_a_stream_asked_for_again_is_extracted_again(filled: Zone) -> None:
    begun = _extraction(filled, filled.data)
    assert begun.report(stream("costs/monthly")).totals["files_read"] == 5
    assert begun.report(stream("costs/monthly")).totals["files_skipped"] == 5


def test_what_is_stopped_begins_no_further_file(
    filled: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, go_on = threading.Event(), threading.Event()
    read = lake._read

    def slow(*args: Any) -> Any:
        reading.set()
        assert go_on.wait(30)
        return read(*args)

    monkeypatch.setattr(lake, "_read", slow)
    begun = _extraction(filled, filled.data)
    assert reading.wait(30)
    threading.Timer(0.2, go_on.set).start()
    begun.stop()
    assert len(filled.records()) <= 2
    for folder in ("costs/monthly", "vip/members"):
        with pytest.raises(CancelledError):
            begun.report(stream(folder))
    again = _extraction(filled, filled.data)
    for folder in CHOSEN:
        again.report(stream(folder))
    assert len(filled.records()) == 11


def test_who_is_interrupted_while_waiting_stops_the_rest(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(declared: Any, **_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lake, "extract_stream", interrupt)
    begun = _extraction(zone, zone.data)
    with pytest.raises(KeyboardInterrupt):
        begun.report(stream(CHOSEN[0]))
    with pytest.raises(CancelledError):
        begun._require_wanted()


def _settings(zone: Zone) -> Settings:
    return Settings(data_dir=zone.data, landing_dir=zone.landing, as_of=NOW, pseudonym_key=KEY)


def _materialized(result: dg.ExecuteInProcessResult) -> set[str]:
    events = result.get_asset_materialization_events()
    keys = {event.asset_key.to_user_string() for event in events}
    return {key for key in keys if not key.startswith("landing/")}


def test_an_error_of_one_stream_reaches_its_asset_alone(
    filled: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = lake.extract_stream

    def extract_or_fail(declared: Any, **options: Any) -> Any:
        if declared.folder == "vip/members":
            raise OSError("no space left for the members")
        return extract(declared, **options)

    monkeypatch.setattr(lake, "extract_stream", extract_or_fail)
    chosen = [stream(folder) for folder in CHOSEN]
    defined = assets.stream_assets(_settings(filled), chosen)
    result = dg.materialize(defined, raise_on_error=False)
    assert not result.success
    assert _materialized(result) == set(CHOSEN) - {"vip/members"}
    failed = [event for event in result.all_events if event.is_step_failure]
    assert [event.step_key for event in failed] == ["vip__members"]
    assert "no space left for the members" in str(failed[0].step_failure_data.error)


def test_a_run_extracts_the_streams_it_selected_and_each_run_anew(filled: Zone) -> None:
    defined = assets.stream_assets(_settings(filled), [stream(folder) for folder in CHOSEN])
    chosen = [dg.AssetKey(["costs", "monthly"]), dg.AssetKey(["maturity", "answers"])]
    assert dg.materialize(defined, selection=chosen).success
    assert {record["stream"] for record in filled.records()} == {"monthly"}
    filled.drop("costs/monthly/late.csv", COSTS.format(9))
    assert dg.materialize(defined).success
    assert len(filled.records()) == 12


def test_a_record_that_another_stream_takes_away_meanwhile_is_not_missed(filled: Zone) -> None:
    """Records are found by four digits of their stream, and two streams may have the same."""
    filled.extract("costs/monthly")
    folders = lake._Folders.under(filled.data)
    foreign = next(folders.files.glob("part-*.parquet"))

    class Late:
        """A session before whose first question a record goes."""

        def execute(self, question: str) -> Any:
            foreign.unlink(missing_ok=True)
            return session.execute(question)

    with lake._session(folders) as session:
        found = lake._records(Late(), folders, ("costs", "monthly"))
    assert len(found) == 4
