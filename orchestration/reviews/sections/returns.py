"""Returns: what social costs and what comes of it, in money.

The case for the investment, the cost of a contact and what customers are worth belong here. Which
channel is credited with revenue is the attribution section's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestration.reviews import charts
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Missing,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import published

PRESENT, SIMPLE = "K78", "K78_simple"
COST = "K77"
PHONE_OR_SOCIAL = (COST, "K36", "K36_social", "K36_phone", "K34", "K35", "K38", "K38_effective")
CUSTOMERS = ("K75", "K75_index", "K75_match_rate", "K76", "K76_ignored", "K74")
SCENARIOS, YEARS, FLOWS = "kpi_roi", "kpi_roi_years", "kpi_roi_cash_flows"
#: Scenarios and lines are named by whoever wrote them down: rows are told by their hashes.
KEY_OF_SCENARIO, KEY_OF_YEAR, KEY_OF_FLOW = ("roi_key",), ("roi_year_key",), ("cash_flow_key",)
VERSION = ("scenario", "valid_from_on")


def build(desk: Desk) -> Section | None:
    """The section on returns; the months show what they have of it."""
    desk.section = "returns"
    title = "Returns"
    known = published(desk, (PRESENT, COST, *CUSTOMERS))
    if not known:
        return None
    if not desk.snapshot.has_any(known, desk.period):
        return Section("returns", title, (), (Missing(title, desk.why_missing(known[0])),))
    blocks: list[Block] = []
    offered = desk.rows(SCENARIOS, order_by=("-is_headline", "scenario"))
    scenarios = [row for row in offered if _holds(desk, row)]
    if published(desk, (PRESENT,)) and scenarios:
        blocks += [Heading("Return on investment", "returns-roi"), _scenarios(desk, scenarios)]
        blocks += _years(desk, scenarios[0])
        blocks += _lines(desk, scenarios[0])
    blocks += _contacts(desk)
    if published(desk, CUSTOMERS):
        blocks += [
            Heading("What customers are worth", "returns-customers"),
            desk.comparison("What customers are worth", CUSTOMERS),
        ]
    return Section("returns", title, _standfirst(desk), tuple(blocks))


def _holds(desk: Desk, row: dict[str, Any]) -> bool:
    begins, ends = row["valid_from_on"], row["valid_to_on"]
    return begins <= desk.period.ends_on and (ends is None or ends > desk.period.ends_on)


def _standfirst(desk: Desk) -> Sentence:
    parts: Sentence = ()
    if desk.reading(PRESENT).value is not None:
        parts += sentence(
            "Each unit of money put into social returns ",
            desk.figure(PRESENT),
            " above itself in three years, in today's money",
        )
        if desk.reading(SIMPLE).value is not None:
            parts += sentence(", ", desk.figure(SIMPLE), " without discounting")
        parts += sentence(". ")
    if desk.reading(COST).value is not None:
        parts += sentence("A contact costs ", desk.figure(COST), " on the average of all channels.")
    return parts


# -- the case for the investment -----------------------------------------------------------------


def _scenarios(desk: Desk, rows: Sequence[dict[str, Any]]) -> Table:
    benchmark = desk.benchmark(PRESENT, "benchmark")
    note = sentence("Expectations of three years; the first scenario is the company's.")
    if benchmark is not None:
        note += sentence(" Benchmark: ", benchmark[0], f". {benchmark[1]}.")
    return desk.mart_table(
        "Return on investment by scenario",
        SCENARIOS,
        rows,
        KEY_OF_SCENARIO,
        columns=(
            ("roi_present_value", "Return, present value", "ratio"),
            ("roi_simple", "Return, simple", "ratio"),
            ("net_present_value", "Net present value", "money"),
            ("benefits", "Benefits", "money"),
            ("costs", "Costs", "money"),
            ("discount_rate", "Discount a year", "share"),
        ),
        head=("scenario", "Scenario"),
        reasons=dict.fromkeys(("roi_present_value", "roi_simple", "costs"), "no costs")
        | {"net_present_value": "no costs"},
        note=note,
    )


def _years(desk: Desk, scenario: dict[str, Any]) -> list[Block]:
    which = {each: scenario[each] for each in VERSION}
    rows = desk.rows(YEARS, which, order_by=("year",))
    if not rows:
        return []
    names = [f"Year {row['year']}" for row in rows]
    series = [
        charts.Line(label, tuple(float(row[column]) for row in rows))
        for column, label in (("benefits", "Benefits"), ("costs", "Costs"))
    ]
    title = f"Cash flows by year, scenario “{desk.text_of('scenario', scenario['scenario'])}”"
    table = desk.mart_table(
        title,
        YEARS,
        rows,
        KEY_OF_YEAR,
        columns=(
            ("benefits", "Benefits", "money"),
            ("costs", "Costs", "money"),
            ("net_amount", "Net", "money"),
            ("net_present_value", "Net, present value", "money"),
            ("cumulative_present_value", "Net so far, present value", "money"),
        ),
        head=("year", "Year"),
        names=names,
    )
    chart: Chart = desk.chart(
        "returns-years",
        title,
        "Two bars a year: what comes and what goes, not discounted.",
        table,
        lambda name, width: charts.bars(name, names, series, "money", width=width),
        note=_back(rows),
    )
    return [Heading("When the money is back", "returns-years"), chart]


def _back(rows: Sequence[dict[str, Any]]) -> str:
    """When the money is back, in words."""
    year = next((row["year"] for row in rows if row["cumulative_present_value"] >= 0), None)
    if year is None:
        return "The money is not back within these years."
    return f"Discounted, the money is back in year {year}."


def _lines(desk: Desk, scenario: dict[str, Any]) -> list[Block]:
    """Every line as expected, year by year, and what was measured of it so far."""
    which = {each: scenario[each] for each in VERSION}
    rows = desk.rows(FLOWS, which, order_by=("flow", "line", "year"))
    if not rows:
        return []
    years = sorted({row["year"] for row in rows})
    found = {(row["flow"], row["line"], row["year"]): row for row in rows}
    lines = list(dict.fromkeys((row["flow"], row["line"]) for row in rows))
    body = tuple(
        (
            Cell(desk.text_of("line", line)),
            Cell(desk.text_of("flow", flow)),
            *(_flow(desk, found.get((flow, line, year)), "amount") for year in years),
        )
        for flow, line in lines
    )
    heads = (
        Column("Line", is_number=False),
        Column("Flow", is_number=False),
        *(Column(f"Year {year}") for year in years),
    )
    expected = Table("Expected by line and year", heads, body)
    measured = [row for row in rows if row["measured_months"]]
    blocks: list[Block] = [Heading("What is expected", "returns-lines"), expected]
    if measured:
        table = desk.mart_table(
            "Measured so far",
            FLOWS,
            measured,
            KEY_OF_FLOW,
            columns=(
                ("flow", "Flow", "text"),
                ("year", "Year", "text"),
                ("amount", "Expected in the year", "money"),
                ("measured_amount", "Measured so far", "money"),
                ("measured_months", "Months measured", "count"),
            ),
            head=("line", "Line"),
            note="Only months that are over are measured. A year of which few months are measured "
            "has little to show yet.",
        )
        blocks += [Heading("What was measured", "returns-measured"), table]
    return blocks


def _flow(desk: Desk, row: dict[str, Any] | None, column: str) -> Cell:
    if row is None:
        return Cell("none")
    return Cell(desk.number(FLOWS, row, column, "money", KEY_OF_FLOW))


# -- contacts ------------------------------------------------------------------------------------


def _contacts(desk: Desk) -> list[Block]:
    measures = published(desk, PHONE_OR_SOCIAL)
    if not measures:
        return []
    blocks: list[Block] = [
        Heading("Social and phone", "returns-contacts"),
        desk.comparison("Social and phone", measures),
    ]
    table = desk.breakdown(
        "Cost per contact by channel",
        "channel",
        (COST,),
        ("Cost per contact",),
        head="Channel",
        sort_by=COST,
        bar=COST,
    )
    if table is not None:
        blocks += [Heading("Cost per contact", "returns-cost"), table]
    return blocks
