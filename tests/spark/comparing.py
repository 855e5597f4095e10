"""Two tables of two engines, compared row by row, whatever their order.

DuckDB finds the rows that only one side has; what is left is matched here with a tolerance for
floating point. Where the tables come from is not known here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

TOLERANCE = 1e-9
# More rows than these that differ are not matched one by one: the tables are not the same.
MATCHED_ROWS = 50_000

INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT"} | {
    "UINTEGER",
    "UBIGINT",
}


@dataclass(frozen=True)
class Difference:
    """How two tables differ: one sentence, and some of the rows of each side alone."""

    what: str
    ours: tuple[tuple, ...] = ()
    theirs: tuple[tuple, ...] = ()
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [self.what]
        for side, rows in (("DuckDB", self.ours), ("Spark ", self.theirs)):
            lines += [f"    {side} {self._shown(row)}" for row in rows[:3]]
        return "\n".join(lines)

    def _shown(self, row: tuple) -> str:
        """Only the columns that differ from the first row of the other side, and the first two."""
        pairs = list(zip(self.columns, row, strict=True))
        if self.ours and self.theirs:
            other = self.ours[0] if row in self.theirs else self.theirs[0]
            pairs = [
                pair
                for place, pair in enumerate(pairs)
                if place < 2 or not alike(pair[1], other[place])
            ]
        return ", ".join(f"{name}={value!r}" for name, value in pairs)[:600]


def kind_of(type_name: str) -> str:
    """text, integer, fraction, boolean, date, timestamp, or the type itself."""
    word = type_name.upper()
    if word in INTEGERS or (word.startswith("DECIMAL") and word.endswith(",0)")):
        return "integer"
    if word in {"DOUBLE", "FLOAT"} or word.startswith("DECIMAL"):
        return "fraction"
    if word.startswith("TIMESTAMP"):
        return "timestamp"
    return {"VARCHAR": "text", "BOOLEAN": "boolean", "DATE": "date"}.get(word, word)


def difference(
    session: duckdb.DuckDBPyConnection, ours: str, theirs: str, order_matters: bool = False
) -> Difference | None:
    """What is not the same in two relations of a DuckDB session; None where all is.

    Columns are compared by name (and place, where `order_matters`) and by kind of type, rows as a
    multiset, fractions to a relative 1e-9, timestamps to the microsecond.
    """
    our_types, their_types = _types(session, ours), _types(session, theirs)
    if set(our_types) != set(their_types):
        return Difference(
            f"columns: only DuckDB {sorted(set(our_types) - set(their_types))}, "
            f"only Spark {sorted(set(their_types) - set(our_types))}"
        )
    if order_matters and list(our_types) != list(their_types):
        return Difference(f"order of columns: {list(our_types)} and {list(their_types)}")
    odd = {
        name: (our_types[name], their_types[name])
        for name in our_types
        if kind_of(our_types[name]) != kind_of(their_types[name])
        and {kind_of(our_types[name]), kind_of(their_types[name])} != {"integer", "fraction"}
        and not our_types[name].startswith('"NULL"')
    }
    if odd:
        return Difference(f"types: {odd}")
    return _of_rows(session, ours, theirs, our_types, their_types)


def _types(session: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    rows = session.execute(f"describe select * from {relation}").fetchall()
    return {name.lower(): type_ for name, type_, *_ in rows}


def _of_rows(
    session: duckdb.DuckDBPyConnection,
    ours: str,
    theirs: str,
    our_types: dict[str, str],
    their_types: dict[str, str],
) -> Difference | None:
    names = list(our_types)
    compared = {
        name: "double"
        if "fraction" in {kind_of(our_types[name]), kind_of(their_types[name])}
        else {"integer": "hugeint"}.get(kind_of(our_types[name]), "")
        for name in names
    }

    def rows_of(relation: str, types: dict[str, str]) -> str:
        cells = ", ".join(_cell(name, types[name], compared[name]) for name in names)
        return f"select {cells} from {relation}"

    first, second = rows_of(ours, our_types), rows_of(theirs, their_types)
    counts = [
        session.execute(f"select count(*) from {relation}").fetchone()[0]
        for relation in (ours, theirs)
    ]
    only_ours = session.execute(
        f"({first}) except all ({second}) limit {MATCHED_ROWS + 1}"
    ).fetchall()
    only_theirs = session.execute(
        f"({second}) except all ({first}) limit {MATCHED_ROWS + 1}"
    ).fetchall()
    if not only_ours and not only_theirs:
        return None
    fractions = [place for place, name in enumerate(names) if compared[name] == "double"]
    if len(only_ours) <= MATCHED_ROWS and len(only_theirs) <= MATCHED_ROWS:
        only_ours, only_theirs = unmatched(only_ours, only_theirs, fractions)
        if not only_ours and not only_theirs:
            return None
    return Difference(
        f"rows: {counts[0]} and {counts[1]}; {len(only_ours)} only in DuckDB, "
        f"{len(only_theirs)} only in Spark; differing columns: "
        f"{_differing(only_ours, only_theirs, names)}",
        *_nearest(only_ours, only_theirs),
        tuple(names),
    )


def _cell(name: str, type_name: str, compared: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if compared:
        return f"cast({quoted} as {compared}) as {quoted}"
    if type_name == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {quoted}) as {quoted}"
    return quoted


def unmatched(
    ours: Sequence[tuple], theirs: Sequence[tuple], fractions: Sequence[int]
) -> tuple[list[tuple], list[tuple]]:
    """The rows of each side that have no counterpart, where fractions may differ by a little."""
    groups: dict[tuple, tuple[list, list]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((ours, theirs)):
        for row in rows:
            key = tuple(
                (cell is None) if place in fractions else cell for place, cell in enumerate(row)
            )
            groups[key][side].append(row)
    left: tuple[list[tuple], list[tuple]] = ([], [])
    for first, second in groups.values():
        rest = list(second)
        for row in first:
            found = next(
                (place for place, other in enumerate(rest) if _rows_alike(row, other, fractions)),
                None,
            )
            if found is None:
                left[0].append(row)
            else:
                del rest[found]
        left[1].extend(rest)
    return left


def _rows_alike(row: tuple, other: tuple, fractions: Sequence[int]) -> bool:
    return all(alike(row[place], other[place]) for place in fractions)


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-12) or (
            math.isnan(one) and math.isnan(other)
        )
    return one == other


def _nearest(ours: list[tuple], theirs: list[tuple]) -> Iterator[tuple[tuple, ...]]:
    """Rows of both sides that look like the same row: a person sees what differs."""
    if not ours or not theirs:
        yield tuple(ours[:3])
        yield tuple(theirs[:3])
        return
    row = min(ours, key=repr)
    other = max(theirs[:5000], key=lambda each: sum(map(alike, row, each)))
    yield (row,)
    yield (other,)


def _differing(ours: list[tuple], theirs: list[tuple], names: list[str]) -> list[str]:
    """Columns whose values as a multiset differ among the rows that differ."""
    found = []
    for place, name in enumerate(names):
        sides = [
            sorted(
                (f"{cell:.9g}" if isinstance(cell, float) else repr(cell))
                for cell in (row[place] for row in rows)
            )
            for rows in (ours, theirs)
        ]
        if sides[0] != sides[1]:
            found.append(name)
    return found
