"""The ledger of a page: every number shown, where it stands, and the query that reads it again.

What makes a number traceable belongs here, and the list of them as CSV. How a number is printed
does not, nor where on the page it stands.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.serving import Definition, Publication, Quantity, Reading

SCORECARD = "kpi_scorecard"
#: The section of numbers that are on a page as points of a small line only.
SPARKS = "sparks"
#: The columns of numbers.csv. `query` is one line of SQL that reads the number from serving.
NUMBERS = (
    "section",
    "kpi_id",
    "name",
    "unit",
    "period_kind",
    "period_start_on",
    "period_end_on",
    "slice_kind",
    "slice_value",
    "value",
    "numerator",
    "denominator",
    "n",
    "target_value",
    "status",
    "null_reason",
    "is_provisional",
    "definition_version",
    "shown_as",
    "as_of_at",
    "table_name",
    "column_name",
    "row_key",
    "query",
)
#: What a spreadsheet takes for the beginning of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Shown:
    """A number that is on the page: where, which one, as which text."""

    section: str
    reading: Reading | Quantity
    text: str


class Ledger:
    """The numbers of a page in order of appearance; the same number is entered once."""

    def __init__(self) -> None:
        self._entries: dict[tuple[Any, ...], Shown] = {}

    def enter(self, section: str, reading: Reading | Quantity, text: str) -> None:
        """Enter a number, unless it is there already as more than a point of a small line."""
        known = self._entries.get(address(reading))
        if known is None or (known.section == SPARKS and section != SPARKS):
            self._entries[address(reading)] = Shown(section, reading, text)

    def find(self, reading: Reading | Quantity) -> Shown | None:
        """The entry of a number, if it was shown."""
        return self._entries.get(address(reading))

    def __iter__(self) -> Iterator[Shown]:
        return iter(self._entries.values())

    @property
    def cells(self) -> list[Shown]:
        """Those that are cells of the scorecard."""
        return [each for each in self if isinstance(each.reading, Reading)]

    @property
    def quantities(self) -> list[Shown]:
        """Those that are numbers of other marts."""
        return [each for each in self if isinstance(each.reading, Quantity)]


def address(reading: Reading | Quantity) -> tuple[Any, ...]:
    """Where a number stands: table, column and the values that name its row."""
    if isinstance(reading, Quantity):
        return (reading.table, reading.column, reading.key)
    return (SCORECARD, "value", tuple(_cell_key(reading).items()))


def _cell_key(reading: Reading) -> dict[str, Any]:
    return {
        "kpi_id": reading.kpi_id,
        "period_kind": reading.period_kind,
        "period_start_on": reading.period_start_on,
        "slice_kind": reading.slice_kind,
        "slice_value": reading.slice_value,
    }


# -- queries -------------------------------------------------------------------------------------


def query(reading: Reading | Quantity, newline: str = "\n") -> str:
    """The SQL that reads one number from the serving layer, DuckDB and PostgreSQL alike."""
    table, _, key = address(reading)
    if isinstance(reading, Quantity):
        wanted = _name(reading.column)
    else:
        wanted = "value, numerator, denominator, n, null_reason"
    indented = "\n    " if newline == "\n" else newline
    conditions = f"{indented}and ".join(_condition(name, value) for name, value in key)
    return f"select {wanted}{newline}from marts.{_name(table)}{newline}where {conditions};"


def _name(name: str) -> str:
    """A name as SQL writes it: quoted only where it has to be."""
    if name.isascii() and name.isidentifier() and name == name.lower():
        return name
    return '"' + name.replace('"', '""') + '"'


def _condition(name: str, value: Any) -> str:
    if value is None:
        return f"{_name(name)} is null"
    return f"{_name(name)} = {literal(value)}"


def literal(value: Any) -> str:
    """A value as SQL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return repr(value) if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        return f"timestamp '{value.replace(tzinfo=None).isoformat(sep=' ')}'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """Text as SQL writes it; characters that nobody sees are written as their numbers."""
    parts, plain = [], ""
    for character in text:
        if unicodedata.category(character) in wording.INVISIBLE:
            parts += [plain, f"chr({ord(character)})"]
            plain = ""
        else:
            plain += character
    parts.append(plain)
    return " || ".join(
        part if place % 2 else "'" + part.replace("'", "''") + "'"
        for place, part in enumerate(parts)
    )


# -- the list ------------------------------------------------------------------------------------


def as_csv(
    shown: Iterable[Shown], definitions: Mapping[str, Definition], publication: Publication
) -> str:
    """Every number on a page, one row each, in order of appearance."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(NUMBERS)
    as_of = publication.as_of_at.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    for each in shown:
        row = {**_described(each.reading, definitions), **_stands(each.reading)}
        row |= {"section": each.section, "shown_as": each.text, "as_of_at": as_of}
        writer.writerow([csv_cell(row.get(name)) for name in NUMBERS])
    return made.getvalue()


def _described(
    reading: Reading | Quantity, definitions: Mapping[str, Definition]
) -> dict[str, Any]:
    if isinstance(reading, Quantity):
        name, unit = reading.column.replace("_", " "), reading.unit
    else:
        name, unit = definitions[reading.kpi_id].name, definitions[reading.kpi_id].unit
    own = {each: getattr(reading, each) for each in NUMBERS if hasattr(reading, each)}
    return {**own, "name": name, "unit": unit}


def _stands(reading: Reading | Quantity) -> dict[str, str]:
    table, column, key = address(reading)
    return {
        "table_name": table,
        "column_name": column,
        "row_key": json.dumps(dict(key), default=str),
        "query": query(reading, newline=" "),
    }


def csv_cell(value: Any) -> str:
    """A value as a CSV cell: numbers with all digits, text that no spreadsheet can run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, str):
        text = wording.visible(value).replace("\u00a0", " ").replace("\n", " ")
        return f"'{text}" if text[:1] in FORMULA_STARTS else text
    return str(value)
