"""Scorecard = daily marts added up = MetricFlow, for every KPI: two places never disagree."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.semantic import ways

PROJECT = Path(__file__).resolve().parents[2]
TIME = {
    "week": "metric_time__week",
    "month": "metric_time__month",
    "quarter": "metric_time__fiscal_quarter",
}
OVERALL = ("overall", ())

Cells = dict[tuple[str, date, str], Any]


def definitions() -> dict[str, dict[str, str]]:
    with (PROJECT / "seeds" / "kpi_definitions.csv").open() as file:
        return {row["kpi_id"]: row for row in csv.DictReader(file)}


def has_slice(kpi: str, kind: str) -> bool:
    """Whether the scorecard has a KPI for a kind of slice; without a list it has all it knows."""
    kinds = definitions()[kpi]["slice_kinds"].split()
    return not kinds or kind in kinds


def questions() -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """(period kind, slice kind, names to group by, KPIs): each is one query for many metrics.

    Overall every period is asked for; slices in months, and in quarters what is for quarters only.
    """
    kpis = defaultdict(list)
    cadences = {kpi: row["cadence"] for kpi, row in definitions().items()}
    for kpi, slices in ways.OFFERED.items():
        only_quarters = cadences[kpi] == "Q" or kpi in ways.GROWTH
        for period in TIME:
            is_asked = period == "quarter" or not only_quarters
            if is_asked and not (kpi in ways.MONTHLY and period == "week"):
                kpis[(period, *OVERALL)].append(kpi)
        for kind, groups in slices.items():
            if not has_slice(kpi, kind):
                continue
            kpis[("quarter" if only_quarters else "month", kind, groups)].append(kpi)
    for (period, kind, groups), of_them in kpis.items():
        yield period, kind, groups, tuple(of_them)


def asked(engine: Any, kpis: Sequence[str], time: str, groups: Sequence[str]) -> Cells:
    """What MetricFlow says: one query, its cells by KPI, day and slice."""
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    request = MetricFlowQueryRequest.create(
        metric_names=[kpi.lower() for kpi in kpis], group_by_names=[time, *groups]
    )
    table = engine.query(mf_request=request).result_df
    names = [name.lower() for name in table.column_names]
    cells: Cells = {}
    for values in table.rows:
        row = dict(zip(names, values, strict=True))
        slices = [row[group] for group in groups]
        if groups == ("agent__agent_name",):
            slices = [slices[0] or "unassigned"]
        day = row[time].date() if isinstance(row[time], datetime) else row[time]
        for kpi in kpis:
            value = row[kpi.lower()]
            if value is not None and None not in slices:
                key = (kpi, day, " × ".join(map(str, slices)) or "all")
                assert key not in cells, f"{key} has two rows"
                cells[key] = float(value)
    return cells


def scorecard(marts: Any, kpis: Sequence[str], period: str, kind: str) -> dict[Any, dict[str, Any]]:
    """The cells of some KPIs; a number withheld for few cases is made of its parts."""
    result = marts.execute(
        "select kpi_id, period_start_on, slice_value, coalesce(value, case when null_reason ="
        " 'too_few' then numerator / denominator * case kpi_id when 'K45' then 100 else 1 end end),"
        " null_reason, numerator"
        " from marts.kpi_scorecard where period_kind = ? and slice_kind = ?"
        " and kpi_id in (select unnest(?))",
        [period, kind, list(kpis)],
    )
    return {
        row[:3]: dict(zip(("value", "reason", "above"), row[3:], strict=True))
        for row in result.fetchall()
    }


def differences(
    cells: Mapping[Any, Mapping[str, Any]], found: Cells, excused: Sequence[Any] = ()
) -> list[str]:
    """What the scorecard says and the other way does not, and the other way round.

    Nothing to count is nought on the scorecard and no row elsewhere. Nought elsewhere is never
    the same as no value on the scorecard; only some counts have it where the scorecard has no row.
    """
    wrong = []
    for key in cells.keys() | found.keys():
        if key in excused:
            continue
        cell = cells.get(key)
        value, other = cell["value"] if cell else None, found.get(key)
        if value is None and other is None:
            continue
        if other is None and value == 0:
            continue
        if cell is None and other == 0 and key[0] in ways.NOUGHT_WITHOUT_ROW:
            continue
        if value is None or other is None or abs(value - other) > 1e-9 * max(1, abs(value)):
            reason = cell["reason"] if cell else "no row"
            wrong.append(f"{key}: scorecard {value} ({reason}), elsewhere {other}")
    return sorted(wrong)


def excused(marts: Any, cells: Mapping[Any, Mapping[str, Any]], kind: str) -> list[Any]:
    """Cells that MetricFlow tells differently on purpose; docs/semantic-layer.md says so."""
    changing = marts.execute(
        "select distinct p.period_start_on, p.period_kind from marts.dim_period as p"
        " join marts.dim_brand as b"
        " on (b.valid_from_on > p.period_start_on and b.valid_from_on <= p.period_end_on)"
        " or (b.valid_to_on >= p.period_start_on and b.valid_to_on < p.period_end_on)"
    ).fetchall()
    new_sets = {day for day, _ in changing}
    return [
        (kpi, day, value)
        for (kpi, day, value), cell in cells.items()
        if (kpi in ways.GROWTH and cell["above"] == 0)
        or (kpi in ways.SURVEYS and kind in ("product", "topic") and value == "untagged")
        or (kpi in ways.SHARES_OF_VOICE and day in new_sets)
        or (kpi in ways.BEFORE_ITS_SOURCE and cell["reason"] == "no_source")
    ]


def test_every_kpi_is_reached_or_has_a_reason_why_not() -> None:
    assert not ways.OFFERED.keys() & ways.EXEMPT.keys()
    assert ways.OFFERED.keys() | ways.EXEMPT.keys() == definitions().keys()
    assert ways.FROM_FACTS.keys() | set(ways.ONLY_IN_THE_SCORECARD) == ways.EXEMPT.keys()
    assert not ways.FROM_FACTS.keys() & set(ways.ONLY_IN_THE_SCORECARD)


def test_nought_is_not_the_same_as_no_value() -> None:
    """A rate, a count without a source, a count of nothing and a slice nobody is in."""
    day = date(2026, 1, 1)
    rate, count, beside = ("K04", day, "all"), ("K62", day, "all"), ("K20", day, "x")
    unknown = {"value": None, "reason": "no_source", "above": None}
    nought = {"value": 0.0, "reason": None, "above": 0}
    assert differences({rate: unknown}, {rate: 0.0})
    assert differences({count: unknown}, {count: 0.0})
    assert differences({beside: unknown}, {beside: 0.0})
    assert differences({}, {rate: 0.0})
    assert differences({}, {count: 0.0})
    assert differences({count: nought | {"value": 3.0}}, {})
    assert differences({count: nought}, {}) == []
    assert differences({count: unknown}, {}) == []
    assert differences({}, {beside: 0.0}) == []


def test_only_counts_may_be_nought_without_a_row() -> None:
    units = {kpi: row["unit"] for kpi, row in definitions().items()}
    assert {units[kpi] for kpi in ways.NOUGHT_WITHOUT_ROW} == {"count"}


def test_a_metric_is_called_what_the_dictionary_calls_it(manifest: Mapping[str, Any]) -> None:
    metrics = {metric["name"]: metric for metric in manifest["metrics"].values()}
    known = definitions()
    assert {kpi.lower() for kpi in ways.OFFERED} <= metrics.keys()
    wrong = [
        kpi
        for kpi in ways.OFFERED
        if metrics[kpi.lower()]["label"] != known[kpi]["name"]
        or not metrics[kpi.lower()]["description"].startswith(known[kpi]["formula"].rstrip("."))
    ]
    assert wrong == []


def test_parts_of_metrics_stand_for_themselves(manifest: Mapping[str, Any]) -> None:
    kpis = {kpi.lower() for kpi in definitions()}
    parts = [metric for metric in manifest["metrics"].values() if metric["name"] not in kpis]
    said = [metric["description"] for metric in parts]
    assert parts
    assert all(metric["label"] != metric["name"] for metric in parts)
    assert sorted(text for text in set(said) if said.count(text) > 1) == []
    assert [text for text in said if text.startswith(("Those", "Its ", "The same", "One"))] == []


@pytest.mark.parametrize(
    ("period", "kind", "groups", "kpis"),
    [pytest.param(*each, id="-".join((each[0], *(each[2] or ("all",))))) for each in questions()],
)
def test_metricflow_says_what_the_scorecard_says(
    engine: Any, marts: Any, period: str, kind: str, groups: tuple[str, ...], kpis: tuple[str, ...]
) -> None:
    cells = scorecard(marts, kpis, period, kind)
    found = asked(engine, kpis, TIME[period], groups)
    assert differences(cells, found, excused(marts, cells, kind)) == []


def test_what_is_compared_is_not_empty(engine: Any, marts: Any) -> None:
    """A first run has no reports and checks of earlier ones; no export tells clicks on answers."""
    silent = [
        kpi
        for kpi in ways.OFFERED
        if not any(
            cell["value"] is not None
            for cell in scorecard(marts, [kpi], "quarter", "overall").values()
        )
    ]
    assert silent == ["K53_clicks", "K81", "K82"]


def test_every_channel_is_credited_as_on_the_scorecard(engine: Any, marts: Any) -> None:
    """The K71 metrics are about social; the channels beside it have metrics of their own."""
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    metrics = {
        f"credited_{word}_{model}": f"K71_{model}{suffix}"
        for model in ways.ATTRIBUTION_MODELS
        for word, suffix in (("conversions", ""), ("revenue", "_revenue"))
    }
    groups = ["metric_time__month", "channel_credit__channel_group"]
    request = MetricFlowQueryRequest.create(metric_names=list(metrics), group_by_names=groups)
    table = engine.query(mf_request=request).result_df
    found = {
        (kpi, row[0].date(), row[1]): row[table.column_names.index(metric)]
        for row in table.rows
        for metric, kpi in metrics.items()
    }
    cells = scorecard(marts, list(metrics.values()), "month", "channel_group")
    assert any(cell["value"] for cell in cells.values())
    assert differences(cells, found) == []


@pytest.mark.parametrize("kpi", ways.DAILY)
def test_daily_marts_add_up_to_the_scorecard(marts: Any, kpi: str) -> None:
    daily = ways.DAILY[kpi]
    # The grain of a state is the last day that is over; everything else is added up.
    of_the_period = (
        f"d.{daily.day} = p.last_on" if daily.is_state else f"d.{daily.day} >= p.period_start_on"
    )
    below = f"sum({daily.below})" if daily.below else "1"
    for kind, expression in (("overall", "'all'"), *daily.slices):
        if not has_slice(kpi, kind):
            continue
        found = marts.execute(
            ways.HELPERS
            + f"""
            select p.period_kind, p.period_start_on, {expression},
                sum({daily.above}) * 1.0 / {daily.per} / nullif({below}, 0)
            from marts.{daily.mart} as d
            join {"last_days" if daily.is_state else "marts.dim_period"} as p
                on {of_the_period}
                and d.{daily.day} <= {"p.last_on" if daily.is_state else "p.period_end_on"}
            where {daily.where} and {expression} is not null
            group by all
            """
        ).fetchall()
        for period in TIME:
            cells = scorecard(marts, [kpi], period, kind)
            others = {(kpi, day, value): v for p, day, value, v in found if p == period}
            if definitions()[kpi]["cadence"] == "Q" and period != "quarter":
                others = {}
            assert differences(cells, others) == []


@pytest.mark.parametrize("kpi", ways.FROM_FACTS)
def test_the_exempt_are_what_their_facts_say(marts: Any, kpi: str) -> None:
    found = marts.execute(ways.HELPERS + ways.FROM_FACTS[kpi]).fetchall()
    assert found
    for period, kind in {row[0::2][:2] for row in found}:
        cells = scorecard(marts, [kpi], period, kind)
        others = {(kpi, day, value): v for p, day, k, value, v in found if (p, k) == (period, kind)}
        known = {key: others[key] for key in others if key in cells}
        assert known
        told = {key: cell for key, cell in cells.items() if cell["value"] is not None}
        assert differences(told, {key: v for key, v in known.items() if key in told}) == []
