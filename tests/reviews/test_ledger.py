"""The ledger: addresses of numbers as SQL that reads them again, and cells that run nothing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from orchestration.reviews import ledger
from orchestration.reviews.serving import Quantity, Reading

CELL = Reading("K04", "week", date(2026, 3, 23), "topic", "it's", value=1.5)


@pytest.mark.parametrize(
    "value",
    [
        "it's",
        "\u202eturned\u2066",
        "two\nlines\r\x01",
        "",
        "\u00a0",
        True,
        7,
        1.25,
        Decimal("2.50"),
        date(2026, 3, 1),
        datetime.fromisoformat("2026-03-01T10:20:30.125000"),
        None,
    ],
)
def test_a_query_finds_the_row_whatever_names_it(value: Any) -> None:
    number = Quantity("odd table", "Number", (("key", value), ("other key", 1)), 9.0, "count")
    query = ledger.query(number)
    assert query.isprintable() or "\n" in query
    assert not any(mark in query for mark in "\u202e\u2066\r\x01")
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            'create table marts."odd table" as select ? as key, 1 as "other key", 9 as "Number"',
            [value],
        )
        assert connection.execute(query).fetchall() == [(9,)]
        assert connection.execute(ledger.query(number, newline=" ")).fetchall() == [(9,)]


def test_a_number_is_entered_once_and_a_point_of_a_line_gives_way() -> None:
    book = ledger.Ledger()
    book.enter(ledger.SPARKS, CELL, "1.5 h")
    book.enter("speed", CELL, "1 h 30 min")
    book.enter("glance", CELL, "1.5 h")
    number = Quantity("kpi_topics", "replies", (("topic", "x"),), 4.0, "count")
    book.enter("topics", number, "4")
    assert [(each.section, each.text) for each in book] == [
        ("speed", "1 h 30 min"),
        ("topics", "4"),
    ]
    assert [each.reading for each in book.cells] == [CELL]
    assert [each.reading for each in book.quantities] == [number]
    assert book.find(number) is not None


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "\u202e=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert ledger.csv_cell(text)[0] in "' 1"
    assert ledger.csv_cell(-1.5) == "-1.5"
    assert ledger.csv_cell(3.0) == "3"
    assert ledger.csv_cell(None) == ""
    assert ledger.csv_cell(False) == "false"
