"""The dashboard for Superset: its file is whole, and every chart's numbers are the scorecard's.

Superset itself is not installed by the tests; what was seen in it is on the page docs/bi.md. What
Superset asks of a database is asked here in its stead, of the published snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from bi.superset import bundle
from tests.conftest import Pipeline

URI = "duckdb:////srv/serving/kpi_marts.duckdb"


@pytest.fixture(scope="module")
def parts() -> dict[str, dict[str, Any]]:
    return dict(bundle.parts(URI))


@pytest.fixture(scope="module")
def datasets(parts) -> dict[str, dict[str, Any]]:
    return {words["uuid"]: words for name, words in parts.items() if name.startswith("datasets/")}


@pytest.fixture(scope="module")
def charts(parts) -> dict[str, dict[str, Any]]:
    return {Path(name).stem: words for name, words in parts.items() if name.startswith("charts/")}


def columns(dataset: Mapping[str, Any]) -> dict[str, str]:
    """What to write for each column: its expression, or its name."""
    return {
        column["column_name"]: column["expression"] or column["column_name"]
        for column in dataset["columns"]
    }


def metrics(dataset: Mapping[str, Any]) -> dict[str, str]:
    return {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}


def relation(dataset: Mapping[str, Any]) -> str:
    return f"({dataset['sql']})" if dataset["sql"] else f"marts.{dataset['table_name']}"


def named(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def question(chart: Mapping[str, Any], dataset: Mapping[str, Any]) -> str:
    """The query of a chart, as Superset composes it: rows as they are, or metrics by columns."""
    params = chart["params"]
    where = " and ".join(each["sqlExpression"] for each in params["adhoc_filters"]) or "true"
    known, measured = columns(dataset), metrics(dataset)
    if params.get("query_mode") == "raw":
        picked = ", ".join(f"{known[name]} as {name}" for name in params["all_columns"])
        return f"select {picked} from {relation(dataset)} as asked where {where}"
    by = [*named(params.get("x_axis")), *named(params.get("groupby"))]
    asked = [*named(params.get("metrics")), *named(params.get("metric"))]
    picked = [f"{known[name]} as {name}" for name in by]
    picked += [f"{measured[name]} as {name}" for name in asked]
    groups = ", ".join(str(place) for place in range(1, len(by) + 1))
    return (
        f"select {', '.join(picked)} from {relation(dataset)} as asked where {where}"
        f" group by {groups}"
    )


def test_every_chart_has_numbers_in_the_published_snapshot(
    pipeline: Pipeline, charts, datasets
) -> None:
    """Headlines may be withheld in a small company; they are held against the scorecard below."""
    assert len(charts) > 12
    for stem, chart in charts.items():
        dataset = datasets[chart["dataset_uuid"]]
        rows = pipeline.serving(question(chart, dataset))
        [(there,)] = pipeline.serving(f"select count(*) from {relation(dataset)} as asked")
        assert (len(rows) > 0) == (there > 0), stem
        if rows and not stem.startswith("headline_"):
            assert any(value is not None for row in rows for value in row[1:]), stem


def test_headlines_are_cells_of_the_scorecard(pipeline: Pipeline, charts, datasets) -> None:
    """One cell a point: nothing is added up behind a large number."""
    headlines = {stem: chart for stem, chart in charts.items() if stem.startswith("headline_")}
    assert len(headlines) == 4
    shown = 0
    for stem, chart in headlines.items():
        dataset = datasets[chart["dataset_uuid"]]
        [where] = [each["sqlExpression"] for each in chart["params"]["adhoc_filters"]]
        [(most,)] = pipeline.serving(
            f"select max(cells) from (select count(*) as cells from {relation(dataset)} as asked"
            f" where {where} group by period_start_on)"
        )
        assert most == 1, stem
        kpi_id = re.search(r"kpi_id = '(\w+)'", where)[1]
        asked = {row[0]: row[1] for row in pipeline.serving(question(chart, dataset))}
        told = pipeline.serving(
            "select period_start_on, value from marts.kpi_scorecard where period_kind = 'month'"
            f" and slice_kind = 'overall' and kpi_id = '{kpi_id}' and not is_provisional"
        )
        assert asked == dict(told), stem
        shown += any(value is not None for value in asked.values())
    assert shown >= 3


@pytest.mark.parametrize(
    ("metric", "kpi_id"),
    [
        ("inbound_messages", "K01"),
        ("inbound_to_us", "K01_to_us"),
        ("inbound_about_us", "K01_about_us"),
        ("new_cases", "K20"),
        ("first_reply_hours", "K04"),
        ("within_4h", "K07"),
        ("response_rate", "K13"),
    ],
)
def test_metrics_over_days_are_the_kpis_their_descriptions_name(
    pipeline: Pipeline, datasets, metric: str, kpi_id: str
) -> None:
    """Days of a quarter and of a network give the scorecard's cell, whatever days they are."""
    [care] = [each for each in datasets.values() if each["table_name"] == "kpi_care_daily"]
    [said] = [each for each in care["metrics"] if each["metric_name"] == metric]
    assert said["description"].startswith(f"{kpi_id} ")
    differing = pipeline.serving(
        f"""
        with
            asked as (
                select periods.period_start_on, days.network, {said["expression"]} as value
                from marts.kpi_care_daily as days
                inner join
                    marts.dim_period as periods
                    on periods.period_kind = 'quarter'
                    and days.date_on >= periods.period_start_on
                    and days.date_on <= periods.period_end_on
                group by all
            )
        select asked.*, cells.value
        from asked
        inner join
            marts.kpi_scorecard as cells
            on cells.period_kind = 'quarter'
            and cells.period_start_on = asked.period_start_on
            and cells.slice_kind = 'network'
            and cells.slice_value = asked.network
            and cells.kpi_id = '{kpi_id}'
        where cells.n > 0 and abs(asked.value - cells.value) > 1e-9 * greatest(cells.value, 1)
        """
    )
    assert differing == []
    assert pipeline.serving(f"select {said['expression']} > 0 from marts.kpi_care_daily") == [
        (True,)
    ]


def test_the_backlog_is_never_added_over_days(charts, datasets) -> None:
    for stem, chart in charts.items():
        if datasets[chart["dataset_uuid"]]["table_name"] == "kpi_backlog_daily":
            assert chart["params"]["x_axis"] == "day_on", stem
            assert chart["params"]["time_grain_sqla"] == "P1D", stem


def test_every_column_of_a_dataset_is_published_and_described(pipeline: Pipeline, datasets) -> None:
    for dataset in datasets.values():
        shown = pipeline.serving(f"describe select * from {relation(dataset)}")
        there = {row[0] for row in shown}
        named_columns = {c["column_name"] for c in dataset["columns"] if not c["expression"]}
        assert named_columns <= there, dataset["table_name"]
        for each in (*dataset["columns"], *dataset["metrics"]):
            assert each["description"], (dataset["table_name"], each)


def test_queries_avoid_what_superset_refuses(charts, datasets) -> None:
    """A filter with a query inside it is refused unless an administrator allows it."""
    for stem, chart in charts.items():
        for each in chart["params"]["adhoc_filters"]:
            assert "select" not in each["sqlExpression"].lower(), stem


def test_every_chart_is_on_the_dashboard_and_fits(parts, charts) -> None:
    [board] = [words for name, words in parts.items() if name.startswith("dashboards/")]
    shown = [each["meta"]["uuid"] for each in board["position"].values() if _is_chart(each)]
    assert sorted(shown) == sorted(chart["uuid"] for chart in charts.values())
    for row in (each for each in board["position"].values() if _is_row(each)):
        widths = [board["position"][child]["meta"]["width"] for child in row["children"]]
        assert sum(widths) == bundle.TWELFTHS


def test_the_filter_leaves_charts_alone_that_do_not_know_its_column(
    parts, charts, datasets
) -> None:
    [board] = [words for name, words in parts.items() if name.startswith("dashboards/")]
    [network] = board["metadata"]["native_filter_configuration"]
    numbers = {
        each["meta"]["uuid"]: each["meta"]["chartId"]
        for each in board["position"].values()
        if _is_chart(each)
    }
    assert len(set(numbers.values())) == len(charts)
    follows = {
        stem
        for stem, chart in charts.items()
        if numbers[chart["uuid"]] not in network["scope"]["excluded"]
    }
    assert "first_reply_by_network" in follows
    assert follows == {
        stem
        for stem, chart in charts.items()
        if "network" in columns(datasets[chart["dataset_uuid"]])
    }


def test_the_same_yaml_and_address_make_the_same_file(tmp_path: Path) -> None:
    first = bundle.write_bundle(URI, tmp_path / "a.zip").read_bytes()
    assert bundle.write_bundle(URI, tmp_path / "b.zip").read_bytes() == first
    with ZipFile(tmp_path / "a.zip") as archive:
        metadata = yaml.safe_load(archive.read("social_care/metadata.yaml"))
        assert metadata["type"] == "Dashboard"
        assert all(name.startswith("social_care/") for name in archive.namelist())


def test_both_serving_layers_can_stand_side_by_side_in_one_superset(parts) -> None:
    other = dict(bundle.parts("postgresql+psycopg2://reader@db.example:5432/serving"))
    assert parts.keys() == other.keys()
    ids = [{words.get("uuid") for words in each.values()} - {None} for each in (parts, other)]
    assert ids[0] & ids[1] == set()


def test_the_embedded_file_is_opened_for_reading_only(parts) -> None:
    extra = parts["databases/social_care.yaml"]["extra"]
    assert extra["engine_params"]["connect_args"] == {"read_only": True}


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("postgresql://reader:secret@db.example/serving", "password"),
        ("postgresql://reader:sec#ret/secret@db.example/serving", "password"),
        ("postgresql://reader@db.example/serving?password=secret", "password"),
        ("postgresql://reader@db.example/serving?sslmode=require&sslPass%77ord=secret", "password"),
        ("postgresql://reader@db.example/serving?a=#&password=secret", "password"),
        ("mysql://reader@db.example/serving", "duckdb:// or postgresql://"),
        ("kpi_marts.duckdb", "begins with nothing"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(
    uri: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert bundle.main([uri, "--to", str(tmp_path / "x.zip")]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "secret" not in said
    assert not (tmp_path / "x.zip").exists()


def test_a_dataset_of_columns_that_no_model_has_is_refused() -> None:
    base = bundle.database(URI)
    with pytest.raises(bundle.BundleError, match="no mart or seed declares the table kpi_nothing"):
        bundle.dataset({"table_name": "a", "columns_of": {"kpi_nothing": "all"}}, base)
    with pytest.raises(bundle.BundleError, match="kpi_scorecard has no column wishes"):
        bundle.dataset({"table_name": "a", "columns_of": {"kpi_scorecard": ["wishes"]}}, base)


def test_a_row_wider_than_the_page_is_refused(charts, datasets) -> None:
    words = {
        "dashboard_title": "Wide",
        "rows": [{"height": 10, "charts": dict.fromkeys(list(charts)[:3], 5)}],
    }
    with pytest.raises(bundle.BundleError, match="row 1 of the dashboard is 15 wide, of 12"):
        bundle.dashboard(words, bundle.database(URI), charts, datasets)


def _is_chart(part: object) -> bool:
    return isinstance(part, dict) and part.get("type") == "CHART"


def _is_row(part: object) -> bool:
    return isinstance(part, dict) and part.get("type") == "ROW"
