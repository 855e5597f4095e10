"""The scorecard against what is true in a simulated company, cell by cell.

The truth is computed by the simulator from the world's own objects, without the warehouse's
SQL. It covers the KPIs and slices it lists, over every tool that exports; the others are computed a
second time elsewhere. How a broken export is read is tested with the extraction.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from simulator.truth import COVERED_KPIS, COVERED_SLICES, OWN_SLICES
from tests.truth.conftest import World

SEEDS = (7, 8, 9)

# Networks on which only one tool answers, so that its export alone makes these cells.
ONE_TOOL = {
    "tiktok": "sprout_social",
    "threads": "sprout_social",
    "email": "zendesk",
    "website": "zendesk",
    "messenger": "sparkcentral",
    "whatsapp": "ringcentral_engage",
}
LEAST_CELLS = 20_000

# A full join: a cell that only one side knows must be a zero, or a value that cannot be said.
DISAGREEMENTS = """
    with
        truth as (select * from read_csv('{truth}/kpi_truth.csv', all_varchar = true)),
        covered as (
            select * from built.kpi.kpi_scorecard
            where
                (kpi_id in {kpis} and slice_kind in {slices})
                or slice_kind || ' ' || kpi_id in {own}
        ),
        cells as (
            select
                coalesce(truth.period_kind, found.period_kind) as period_kind,
                coalesce(truth.period_start_on::date, found.period_start_on) as period_start_on,
                coalesce(truth.kpi_id, found.kpi_id) as kpi_id,
                coalesce(truth.slice_kind, found.slice_kind) as slice_kind,
                coalesce(truth.slice_value, found.slice_value) as slice_value,
                truth.kpi_id is not null as is_in_truth,
                found.kpi_id is not null as is_in_scorecard,
                truth.value::double as true_value,
                found.value,
                truth.numerator::double as true_numerator,
                found.numerator,
                truth.denominator::double as true_denominator,
                found.denominator,
                truth.n::double as true_n,
                found.n
            from truth
            full join covered as found
                on found.period_kind = truth.period_kind
                and found.period_start_on = truth.period_start_on::date
                and found.kpi_id = truth.kpi_id
                and found.slice_kind = truth.slice_kind
                and found.slice_value = truth.slice_value
        )
    select *
    from cells
    where
        not is_in_scorecard
        or (not is_in_truth and (coalesce(value, 0) <> 0 or coalesce(numerator, 0) <> 0))
        or (
            is_in_truth
            and (
                (true_value is null) <> (value is null)
                or abs(true_value - value) > 1e-9 * greatest(1, abs(true_value))
                or coalesce(abs(true_numerator - numerator), 0) > 1e-6
                or coalesce(true_denominator <> denominator, false)
                or coalesce(true_n <> n, false)
            )
        )
    order by period_kind, period_start_on, kpi_id, slice_kind, slice_value
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_scorecard_is_the_truth_in_every_cell(seed: int, world: Callable[[int], World]) -> None:
    company = world(seed)
    with company.connect() as connection:
        wrong = connection.sql(
            DISAGREEMENTS.format(
                truth=company.truth,
                kpis=COVERED_KPIS,
                slices=COVERED_SLICES,
                own=tuple(f"{kind} {kpi}" for kind, kpis in OWN_SLICES.items() for kpi in kpis),
            )
        ).df()
        told = connection.sql(
            f"""
            select count(*), list(distinct kpi_id), list(distinct slice_kind)
            from read_csv('{company.truth}/kpi_truth.csv', all_varchar = true)
            """
        ).fetchone()
    assert wrong.empty, f"{len(wrong)} cells differ\n{wrong.head(20).to_string()}"
    cells, kpis, slices = told
    assert cells > LEAST_CELLS
    assert sorted(kpis) == sorted(COVERED_KPIS)
    assert sorted(slices) == sorted([*COVERED_SLICES, *OWN_SLICES])


@pytest.mark.parametrize("seed", SEEDS)
def test_every_tool_has_true_waits_and_closes_of_its_own(
    seed: int, world: Callable[[int], World]
) -> None:
    told = defaultdict(set)
    with (world(seed).truth / "kpi_truth.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            if row["slice_kind"] == "network" and float(row["value"] or 0) > 0:
                told[row["kpi_id"]].add(ONE_TOOL.get(row["slice_value"]))
    for kpi in ("K01", "K04", "K13", "K21", "K24"):
        assert told[kpi] >= set(ONE_TOOL.values()), kpi


@pytest.mark.parametrize("seed", SEEDS)
def test_a_message_that_two_tools_export_is_one_message(
    seed: int, world: Callable[[int], World]
) -> None:
    with world(seed).connect() as connection:
        copies = connection.sql(
            """
            select
                count(*),
                count(distinct message_key),
                count(*) filter (where source = 'sprout_social')
            from built.intermediate.int_messages_collected
            where
                message_key in (
                    select message_key
                    from built.intermediate.int_messages_collected
                    group by message_key
                    having count(distinct source) = 2
                )
            """
        ).fetchone()
        (facts,) = connection.sql(
            """
            select count(*) - count(distinct message_key) from built.core.fct_messages
            """
        ).fetchone()
    rows, messages, of_second = copies
    assert rows == 2 * messages
    assert of_second == messages > 20
    assert facts == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_every_kpi_has_true_cells_in_every_kind_of_period(
    seed: int, world: Callable[[int], World]
) -> None:
    company = world(seed)
    with company.connect() as connection:
        untold = connection.sql(
            f"""
            select definitions.kpi_id, kinds.period_kind
            from built.seeds.kpi_definitions as definitions
            cross join (select unnest(['week', 'month', 'quarter']) as period_kind) as kinds
            left join read_csv('{company.truth}/kpi_truth.csv', all_varchar = true) as truth
                on truth.kpi_id = definitions.kpi_id
                and truth.period_kind = kinds.period_kind
                and truth.value is not null
            where
                definitions.kpi_id in {COVERED_KPIS}
                and truth.kpi_id is null
                and (kinds.period_kind = 'quarter' or definitions.cadence <> 'Q')
            """
        ).fetchall()
    # Ten answers in a week or a month are more than so small a company gets, as are ten unhappy
    # customers whom nobody answered in a quarter; costs come by the month.
    assert set(untold) <= {
        ("K43", "week"),
        ("K43", "month"),
        ("K49", "week"),
        ("K76", "quarter"),
        ("K76_ignored", "quarter"),
        ("K77", "week"),
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_every_broken_row_is_in_quarantine_and_no_other(
    seed: int, world: Callable[[int], World]
) -> None:
    company = world(seed)
    expected: Counter[tuple[str, str]] = Counter()
    with (company.truth / "expected_quarantine.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            expected[row["stream"], row["file"]] += int(row["n"])
    assert expected
    assert company.refused == expected
