"""Every number of a real run: page, CSV, serving and query agree, and its meaning is told.

The reviews are those of the simulated company, so every section has something to say.
"""

from __future__ import annotations

import csv
import html
import json
import re
from pathlib import Path

import duckdb
import pytest

from orchestration.reviews import ledger, wording
from orchestration.reviews.sections.common import KEY_LENGTH
from tests.reviews.conftest import KINDS, Report
from tests.reviews.printed import margin, read_back

DATA = re.compile(r"<data ([^>]*)>([^<]*)</data>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
#: Numbers of a page that stand outside any link: their row or column head leads to the meaning.
UNEXPLAINED = """
[...document.querySelectorAll('data')].filter(data => {
  const cell = data.closest('td');
  const heads = cell
    ? [...cell.closest('table').tHead.rows[0].cells].slice(cell.cellIndex, cell.cellIndex + 1)
      .concat(cell.parentElement.cells[0])
    : [];
  const links = heads.flatMap(head => [...head.querySelectorAll('a[href^="#"]')])
    .concat(data.closest('a[href^="#"]') || []);
  const ends = links.map(link => document.getElementById(link.hash.slice(1)));
  const wanted = data.dataset.kpi
    ? `def-${data.dataset.kpi}` : `src-${data.dataset.table}-${data.dataset.column}`;
  return !ends.some(end => end && end.id === wanted && end.querySelector('pre'));
}).map(data => data.outerHTML)
"""


@pytest.fixture(params=KINDS)
def each(request: pytest.FixtureRequest, whole: dict[str, Report]) -> Report:
    """A review of every cadence of the simulated company."""
    return whole[request.param]


def listed(report: Report) -> list[dict[str, str]]:
    with (report.folder / "numbers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed(report: Report) -> list[tuple[dict[str, str], str]]:
    """The numbers on a page: attributes and text."""
    page = report.page.read_text(encoding="utf-8")
    return [
        (
            {name: html.unescape(value) for name, value in ATTRIBUTE.findall(attributes)},
            html.unescape(text),
        )
        for attributes, text in DATA.findall(page)
    ]


def address(attributes: dict[str, str]) -> tuple[str, ...]:
    """Where a number on the page stands, in the words of numbers.csv."""
    if "data-kpi" in attributes:
        key = {
            "kpi_id": attributes["data-kpi"],
            "period_kind": attributes["data-period-kind"],
            "period_start_on": attributes["data-period"],
            "slice_kind": attributes["data-slice-kind"],
            "slice_value": attributes["data-slice"],
        }
        return (ledger.SCORECARD, "value", json.dumps(key))
    return (attributes["data-table"], attributes["data-column"], attributes["data-row"])


def test_every_number_of_a_page_is_listed_with_the_same_digits(each: Report) -> None:
    rows = {(row["table_name"], row["column_name"], row["row_key"]): row for row in listed(each)}
    shown = printed(each)
    assert len(shown) > 300
    for attributes, text in shown:
        row = rows[address(attributes)]
        if row["value"] == "":
            assert text == "n/a"
            assert attributes["data-null-reason"] == row["null_reason"]
            continue
        value = float(row["value"])
        assert float(attributes["data-value"]) == float(attributes["value"]) == value
        unit = row["unit"]
        assert read_back(text, unit) == pytest.approx(value, abs=margin(value, unit)), (row, text)


def test_every_number_listed_is_the_one_that_is_published(each: Report) -> None:
    rows = [row for row in listed(each) if row["table_name"] == ledger.SCORECARD]
    with duckdb.connect(str(each.serving), read_only=True) as connection:
        cells = connection.execute(
            "select kpi_id, period_kind, period_start_on::varchar, slice_kind, slice_value, value, "
            "null_reason from marts.kpi_scorecard "
            "where period_start_on in (select unnest(?)::date)",
            [sorted({row["period_start_on"] for row in rows})],
        ).fetchall()
    published = {cell[:5]: cell[5:] for cell in cells}
    assert len(rows) > 100
    for row in rows:
        found = published.get(tuple(json.loads(row["row_key"]).values()))
        if row["null_reason"] == "not_published":
            assert found is None, row
            continue
        assert found == (float(row["value"]) if row["value"] else None, row["null_reason"] or None)


def test_the_query_of_a_number_reads_it_again(each: Report) -> None:
    """Of the scorecard's cells every twentieth: they differ in their key alone. Of marts all."""
    rows = [row for row in listed(each) if row["null_reason"] != "not_published"]
    cells = [row for row in rows if row["table_name"] == ledger.SCORECARD]
    others = [row for row in rows if row["table_name"] != ledger.SCORECARD]
    assert len(others) > 10
    with duckdb.connect(str(each.serving), read_only=True) as connection:
        for row in [*cells[::20], *others]:
            found = connection.execute(row["query"]).fetchall()
            assert len(found) == 1, row["query"]
            wanted = None if row["value"] == "" else float(row["value"])
            assert (None if found[0][0] is None else float(found[0][0])) == wanted, row["query"]


def test_every_number_leads_to_its_meaning_and_its_query(each: Report, browser) -> None:
    browser.open(each.page)
    assert browser.run(UNEXPLAINED) == []


def test_the_meaning_of_every_number_is_told(each: Report) -> None:
    page = each.page.read_text(encoding="utf-8")
    assert "Its meaning is not recorded." not in page
    assert "No formula is recorded." not in page


def test_markdown_shows_no_number_that_is_not_listed(each: Report) -> None:
    rows = listed(each)
    text = Path(each.folder / "review.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    tables = [line for line in text.splitlines() if line.startswith("|")]
    #: A cell that is nothing but a number with its unit.
    bare = re.compile(r"^−?[\d,]+(\.\d+)?( (h|d|min))?%?$")
    cells = {cell.strip() for line in tables for cell in line.strip("|").split(" | ")}
    printed_as = {
        wording.number(float(row["value"]), row["unit"], style).replace("\u00a0", " ")
        for row in rows
        if row["value"]
        for style in ("table", "prose")
    }
    counted = {wording.number(float(row["n"]), "count") for row in rows if row["n"]}
    #: A conversation is named by the start of its key, which may be digits alone.
    with duckdb.connect(str(each.serving), read_only=True) as connection:
        query = f"select distinct left(conversation_key, {KEY_LENGTH}) from marts.fct_conversations"
        named = {start for (start,) in connection.execute(query).fetchall()}
    assert {cell for cell in cells if bare.match(cell)} - named <= printed_as | counted
