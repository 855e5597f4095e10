"""Ways around a slow function end where the function would: spaces, blanks, totals, JSON fields."""

from __future__ import annotations

import json

import duckdb
import pytest

from orchestration.exports import casting, reader
from orchestration.exports.contract import Column, Stream, identifier, instant, text

SPACES = ("", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2028", "\u200b", "\x00")
WORDS = ("", "a", "Ä", "a b", "Total", "TOTALS", "Total général", "TOTAL GÉNÉRAL", "-", "N/A", "😁")
TEXTS = tuple(before + word + after for before in SPACES for word in WORDS for after in SPACES)


@pytest.fixture(scope="module")
def session() -> duckdb.DuckDBPyConnection:
    """A session with the texts in a table."""
    session = duckdb.connect(config={"threads": 1})
    session.execute("create table texts as select unnest(?::varchar[]) as text", [list(TEXTS)])
    session.execute("insert into texts values (null)")
    return session


def _differing(session: duckdb.DuckDBPyConnection, one: str, other: str) -> list[tuple[str]]:
    asked = f"select text, {one}, {other} from texts where ({one}) is distinct from ({other})"
    return session.execute(asked).fetchall()


def test_a_cell_is_trimmed_as_trim_does(session):
    assert _differing(session, casting.trimmed("text"), "trim(text)") == []


@pytest.mark.parametrize("nulls", [(), ("-", "n/a")])
def test_a_text_of_spaces_and_a_word_for_nothing_are_blank(session, nulls):
    words = casting.literals(("", *nulls))
    free = f"case when lower(trim(text)) in ({words}) then null else text end"
    named = f"case when lower(trim(text)) in ({words}) then null else trim(text) end"
    assert _differing(session, casting.cleaned(Column("a", text), "text", nulls), free) == []
    assert _differing(session, casting.cleaned(Column("a", identifier), "text", nulls), named) == []


def test_a_word_for_a_total_is_one_with_spaces_around_it_too(session):
    stream = Stream("a", "b", columns=(Column("id", identifier),), key=("id",))
    told = f"case {reader._total_row(stream, {'id': 'text'}, None)} end is not null"
    words = casting.literals(reader.TOTAL_WORDS)
    slow = f"coalesce(lower(trim(text)) in ({words}), false)"
    assert _differing(session, told, slow) == []
    assert session.execute(f"select count(*) from texts where {slow}").fetchone()[0] > 50


def test_json_fields_alike_but_for_case_or_within_a_text_are_each_read():
    columns = (
        Column("id", identifier, path="id", required=True),
        Column("upper", text, path="ID"),
        Column("whole", text, path="from"),
        Column("inner", text, path="from.name"),
        Column("again", text, path="from.name"),
        Column("outer", text, path="FROM.name"),
        Column("at", instant(), path="at"),
    )
    stream = Stream("crm", "orders", columns=columns, key=("id",))
    row = {"id": 1, "ID": "2", "from": {"name": "n"}, "FROM": {"name": "N"}, "at": "2026-01-01"}
    places = reader._json_places(stream, list(row))
    assert len(places.shapes) == 3
    session = duckdb.connect()
    session.execute(
        "create table file_lines as select 1 as _row, true as is_object, ? as line",
        [json.dumps(row)],
    )
    opened = reader.opening.Opened("json_lines", None)
    session.execute(reader._flattened(session, opened, places))
    cells = ", ".join(places.by_column[column.name] for column in columns)
    found = session.execute(f"select {cells} from file_rows").fetchone()
    assert found == ("1", "2", '{"name":"n"}', "n", "n", "N", "2026-01-01")
