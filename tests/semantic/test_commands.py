"""MetricFlow's own commands, run as a person runs them: on the snapshot, and calling nobody."""

from __future__ import annotations

import csv
import json
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration import semantics
from orchestration.errors import ProjectError
from orchestration.settings import Settings


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Whoever wants to call out is refused, and remembered."""
    calls: list[object] = []

    def refuse(_: socket.socket, address: object) -> None:
        calls.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: refuse(None, address))
    return calls


def test_a_query_gives_the_scorecards_number_and_calls_nobody(
    pipeline: Any, marts: Any, tmp_path: Path, offline: list[object]
) -> None:
    file = tmp_path / "k04.csv"
    words = ["query", "--metrics", "k04", "--group-by", "metric_time__month", "--csv", str(file)]
    assert semantics.run(pipeline.settings, [*words, "--quiet"]) == 0
    assert offline == []
    with file.open() as lines:
        found = {row["metric_time__month"][:10]: row["k04"] for row in csv.DictReader(lines)}
    cells = marts.execute(
        "select cast(period_start_on as varchar), value from marts.kpi_scorecard"
        " where kpi_id = 'K04' and period_kind = 'month' and slice_kind = 'overall'"
        " and value is not null"
    ).fetchall()
    assert cells
    assert {day: float(value) for day, value in found.items() if value} == pytest.approx(
        dict(cells)
    )


def test_what_is_written_of_the_semantic_layer_is_valid_on_the_published_marts(
    pipeline: Any, offline: list[object]
) -> None:
    assert semantics.run(pipeline.settings, ["validate-configs"]) == 0
    assert offline == []


@pytest.mark.parametrize(("column", "exit_code"), [("cadence", 0), ("no_such_column", 1)])
def test_a_column_that_no_mart_has_is_not_valid(
    pipeline: Any, monkeypatch: pytest.MonkeyPatch, column: str, exit_code: int
) -> None:
    write = semantics.published_manifest

    def with_a_column(settings: Settings) -> Path:
        folder = write(settings)
        path = folder / "target" / semantics.SEMANTIC_MANIFEST
        written = json.loads(path.read_text())
        models = [m for m in written["semantic_models"] if m["name"] == "review_deliveries"]
        metrics = [m for m in written["metrics"] if m["name"] in ("reviews_due", "reviews_on_time")]
        for dimension in models[0]["dimensions"]:
            if dimension["name"] == "cadence":
                dimension["expr"] = column
        few = {"semantic_models": models, "metrics": metrics, "saved_queries": []}
        path.write_text(json.dumps(written | few))
        return folder

    monkeypatch.setattr(semantics, "published_manifest", with_a_column)
    assert semantics.run(pipeline.settings, ["validate-configs"]) == exit_code


def test_every_saved_query_has_rows(
    pipeline: Any, engine: Any, manifest: Mapping[str, Any]
) -> None:
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    names = [query["name"] for query in manifest["saved_queries"].values()]
    assert {"weekly_update", "monthly_business_review", "quarterly_health_report"} <= set(names)
    for name in names:
        request = MetricFlowQueryRequest.create(saved_query_name=name)
        assert engine.query(mf_request=request).result_df.row_count > 0, name


def test_a_wrong_metric_is_an_error_with_words(pipeline: Any, capsys) -> None:
    words = ["query", "--metrics", "k99", "--group-by", "metric_time__month", "--quiet"]
    assert semantics.run(pipeline.settings, words) == 1
    assert "k99" in capsys.readouterr().out


def test_without_a_snapshot_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="make refresh"):
        semantics.run(Settings(data_dir=tmp_path), ["list", "metrics"])


def test_checks_and_reports_of_earlier_runs_add_up(
    pipeline: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first run has neither, so a copy of the snapshot gets some."""
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    copy = tmp_path / "serving"
    copy.mkdir()
    shutil.copyfile(
        pipeline.settings.serving_dir / semantics.SERVING_FILE, copy / semantics.SERVING_FILE
    )
    with duckdb.connect(str(copy / semantics.SERVING_FILE)) as connection:
        connection.execute(
            "insert into marts.fct_check_runs (run_check_key, checked_on, checks, passed) values"
            " ('a', date '2026-03-30', 10, 9), ('b', date '2026-03-31', 30, 30),"
            " ('c', date '2026-04-06', 4, 3)"
        )
        connection.execute(
            "insert into marts.fct_review_deliveries (review_key, due_on, cadence, is_on_time)"
            " values ('a', date '2026-01-07', 'weekly', true),"
            " ('b', date '2026-02-07', 'monthly', false), ('c', date '2026-02-09', 'weekly', true)"
        )
    with monkeypatch.context() as patch:
        patch.setattr(Settings, "serving_dir", property(lambda _: copy))
        asked = semantics.engine(pipeline.settings)
    found = {}
    for metric, time in (("k82", "week"), ("k81", "fiscal_quarter")):
        request = MetricFlowQueryRequest.create(
            metric_names=[metric], group_by_names=[f"metric_time__{time}"]
        )
        table = asked.query(mf_request=request).result_df
        found[metric] = {str(day)[:10]: value for day, value in table.rows}
    assert found == {
        "k82": {"2026-03-30": 39 / 40, "2026-04-06": 3 / 4},
        "k81": {"2026-01-01": 2 / 3},
    }
