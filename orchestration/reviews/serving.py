"""The published snapshot as a review reads it: scorecard cells, definitions, targets, publication.

Reading and indexing belong here. Nothing is computed from rows and nothing is worded: a cell that
the snapshot does not have comes back as a reading without a value and with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.errors import ReviewError
from orchestration.reviews.periods import Period

SERVING_FILE = Path("serving") / "kpi_marts.duckdb"
EXEMPLARS_FILE = "exemplars.parquet"
OVERALL = ("overall", "all")
WORDS_OF_DEFINITION = (
    "formula",
    "additivity",
    "owner",
    "version",
    "family",
    "definition",
    "grain",
    "sources",
    "edge_cases",
)


@dataclass(frozen=True)
class Reading:
    """One cell of the scorecard. A cell the snapshot does not have: no value, `not_published`."""

    kpi_id: str
    period_kind: str
    period_start_on: date
    slice_kind: str
    slice_value: str
    period_end_on: date | None = None
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    previous_value: float | None = None
    year_ago_value: float | None = None
    is_previous_comparable: bool = True
    is_year_ago_comparable: bool = True
    target_value: float | None = None
    status: str | None = None
    null_reason: str | None = None
    is_provisional: bool = False
    definition_version: str | None = None

    @property
    def is_published(self) -> bool:
        """Whether the snapshot has this cell at all."""
        return self.null_reason != "not_published"


#: The fields that name a cell come first in a reading.
KEY = ("kpi_id", "period_kind", "period_start_on", "slice_kind", "slice_value")


@dataclass(frozen=True)
class Quantity:
    """One number of a mart that is no cell of the scorecard: its row is the one with this key."""

    table: str
    column: str
    key: tuple[tuple[str, Any], ...]
    value: float | None
    unit: str
    null_reason: str | None = None
    is_provisional: bool = False


@dataclass(frozen=True)
class Definition:
    """One version of a KPI's definition, as the seed words it."""

    kpi_id: str
    name: str
    formula: str = ""
    unit: str = "count"
    direction: str = "none"
    additivity: str = ""
    owner: str = ""
    version: str = ""
    valid_from_on: date | None = None
    family: str = ""
    minimum_n: int | None = None
    maturity_days: int | None = None
    definition: str = ""
    grain: str = ""
    sources: str = ""
    edge_cases: str = ""


@dataclass(frozen=True)
class Publication:
    """What was published: identity, as-of, zone, and what was checked before."""

    snapshot_id: str
    run_id: str
    as_of_at: datetime
    code_version: str
    reporting_zone: str
    fiscal_year_start_month: int
    checks_passed: str
    rows_per_table: str
    reporting_currency: str = ""

    @property
    def as_of_on(self) -> date:
        """The day of the as-of in the company's zone: days before it are over."""
        instant = self.as_of_at.replace(tzinfo=UTC)
        return instant.astimezone(ZoneInfo(self.reporting_zone)).date()


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


class Snapshot:
    """The serving file, opened read-only for as long as a review is being made.

    Use it as a context manager. Scorecard rows are held of the periods that were loaded only.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = Path(data_dir)
        # Links are followed once: marts and quotes then come from the same published snapshot.
        self.path = (self.data_dir / SERVING_FILE).resolve()
        self._connection: Any = None
        # Rows as they were read: a page shows few of its cells, and a reading is made of those.
        self._cells: dict[tuple[str, str, date, str, str], tuple[Any, ...]] = {}
        self._loaded: set[tuple[str, date]] = set()
        self._slices: dict[tuple[str, date, str, str], list[str]] = {}

    def __enter__(self) -> Snapshot:
        import duckdb

        if not self.path.is_file():
            raise ReviewError(
                f"expected the published snapshot at {SERVING_FILE.as_posix()} in the data folder, "
                "found nothing there; run `make refresh` first, a review reads published marts only"
            )
        self._connection = duckdb.connect(str(self.path), read_only=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._connection = None

    def columns(self, table: str) -> tuple[str, ...]:
        """Column names of a table in schema `marts`; empty when there is no such table."""
        return tuple(
            name
            for (name,) in self._connection.execute(
                "select column_name from information_schema.columns "
                "where table_schema = 'marts' and table_name = ? order by ordinal_position",
                [table],
            ).fetchall()
        )

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a small table as dictionaries; none when there is no such table."""
        if not self.columns(table):
            return []
        return self._dictionaries(f'select * from marts."{table}" order by all')

    def rows_where(
        self,
        table: str,
        where: Mapping[str, Any],
        order_by: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of a table in schema `marts`; none when there is no such table.

        Args:
            table: its name.
            where: column → the value it must have, or a list, tuple or set of such values; None
                stands for a missing value.
            order_by: columns to sort by first, falling where the name has a minus before it, with
                missing values last. The other columns break ties, so the order is always the same.
            limit: how many rows at most.

        Raises ReviewError when the table lacks a column that was asked for.
        """
        columns = self.columns(table)
        if not columns:
            return []
        asked = [*where, *(each.removeprefix("-") for each in order_by)]
        missing = sorted({name for name in asked if name not in columns})
        if missing:
            raise ReviewError(
                f"expected the columns {', '.join(missing)} in marts.{table}, found "
                f"{', '.join(columns)}; publish again with this version of the product"
            )
        conditions, parameters = _conditions(where)
        order = [
            f'"{each.removeprefix("-")}" {"desc" if each[:1] == "-" else "asc"} nulls last'
            for each in (*order_by, *(name for name in columns if name not in asked[len(where) :]))
        ]
        return self._dictionaries(
            f'select * from marts."{table}" where {conditions} order by {", ".join(order)}'
            f"{'' if limit is None else f' limit {int(limit)}'}",
            parameters,
        )

    def comments(self, table: str) -> dict[str, str]:
        """What the columns of a table mean, as published; the table's own words are under ``."""
        found = self._connection.execute(
            "select '', comment from duckdb_tables() where schema_name = 'marts' "
            "and table_name = ? union all select column_name, comment from duckdb_columns() "
            "where schema_name = 'marts' and table_name = ?",
            [table, table],
        ).fetchall()
        return {name: " ".join(_text(comment).split()) for name, comment in found}

    def _dictionaries(self, query: str, parameters: Iterable[Any] = ()) -> list[dict[str, Any]]:
        cursor = self._connection.execute(query, list(parameters))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    # -- scorecard ---------------------------------------------------------------------------

    def load_scorecard(self, periods: Iterable[Period]) -> None:
        """Read the scorecard rows of these periods into memory, those that are not there yet."""
        wanted = [field.name for field in fields(Reading)]
        found = self.columns("kpi_scorecard")
        missing = [name for name in wanted if name not in found]
        if missing:
            raise ReviewError(
                f"expected marts.kpi_scorecard with the columns {', '.join(wanted)}; "
                f"missing: {', '.join(missing)}; publish again with this version of the product"
            )
        asked = sorted({(each.kind, each.starts_on) for each in periods} - self._loaded)
        if not asked:
            return
        marks = ", ".join("(?, ?)" for _ in asked)
        for row in self._connection.execute(
            f"select {', '.join(wanted)} from marts.kpi_scorecard "
            f"where (period_kind, period_start_on) in ({marks})",
            [value for pair in asked for value in pair],
        ).fetchall():
            self._cells[row[: len(KEY)]] = row
            self._slices.setdefault(row[: len(KEY) - 1], []).append(row[len(KEY) - 1])
        self._loaded.update(asked)

    def period_starts(self, kind: str) -> tuple[date, ...]:
        """Starts of every period of a kind that the scorecard holds, oldest first."""
        if not self.columns("kpi_scorecard"):
            return ()
        return tuple(
            start
            for (start,) in self._connection.execute(
                "select distinct period_start_on from marts.kpi_scorecard "
                "where period_kind = ? order by 1",
                [kind],
            ).fetchall()
        )

    def reading(
        self, kpi_id: str, period: Period, slice_kind: str = "overall", slice_value: str = "all"
    ) -> Reading:
        """The cell, or a reading without a value and with the reason `not_published`."""
        key = (kpi_id, period.kind, period.starts_on, slice_kind, slice_value)
        if key in self._cells:
            return _reading(self._cells[key])
        return Reading(*key, period_end_on=period.ends_on, null_reason="not_published")

    def slice_values(self, kpi_ids: Iterable[str], period: Period, slice_kind: str) -> list[str]:
        """Slice values that any of the KPIs has in the period, sorted."""
        found: set[str] = set()
        for kpi_id in kpi_ids:
            key = (kpi_id, period.kind, period.starts_on, slice_kind)
            found.update(self._slices.get(key, ()))
        return sorted(found)

    def has_any(self, kpi_ids: Iterable[str], period: Period) -> bool:
        """Whether any of the KPIs has an overall value in the period."""
        return any(self.reading(kpi_id, period).value is not None for kpi_id in kpi_ids)

    # -- what surrounds it -------------------------------------------------------------------

    def definitions(self) -> list[Definition]:
        """Every version of every KPI definition, by id and start of validity.

        Raises ReviewError without them: a number without unit and meaning must not be printed.
        """
        if not self.columns("kpi_definitions"):
            raise ReviewError(
                "expected marts.kpi_definitions beside the scorecard, found no such table; "
                "the seed kpi_definitions must be published, then run `make refresh` again"
            )
        known = {field.name for field in fields(Definition)}
        found = []
        for row in self.rows("kpi_definitions"):
            values = {name: value for name, value in row.items() if name in known}
            for name in WORDS_OF_DEFINITION:
                values[name] = _text(values.get(name))
            values["name"] = _text(values.get("name")) or values["kpi_id"]
            values["unit"] = _text(values.get("unit")) or "count"
            values["direction"] = _text(values.get("direction")) or "none"
            found.append(Definition(**values))
        return sorted(found, key=lambda each: (each.kpi_id, str(each.valid_from_on), each.version))

    def targets(self) -> list[dict[str, Any]]:
        """Rows of the target seed: targets, baselines, benchmarks."""
        return self.rows("kpi_targets")

    def publication(self) -> Publication:
        """The one row that says what was published."""
        rows = self.rows("publication")
        if len(rows) != 1:
            raise ReviewError(
                f"expected one row in marts.publication, found {len(rows)}; publish again"
            )
        row: Mapping[str, Any] = rows[0]
        if row.get("as_of_at") is None:
            raise ReviewError("marts.publication has no as_of_at; publish again")
        return Publication(
            snapshot_id=_text(row.get("snapshot_id")),
            run_id=_text(row.get("run_id")),
            as_of_at=row["as_of_at"],
            code_version=_text(row.get("code_version")),
            reporting_zone=_text(row.get("reporting_zone")) or "UTC",
            fiscal_year_start_month=int(row.get("fiscal_year_start_month") or 1),
            checks_passed=_text(row.get("checks_passed")),
            rows_per_table=_text(row.get("rows_per_table")),
            reporting_currency=_text(row.get("reporting_currency")),
        )

    def names(self, table: str, code: str, name: str) -> dict[str, str]:
        """A code → name lookup from a dimension; empty when the dimension is not published."""
        found = self.columns(table)
        if code not in found or name not in found:
            return {}
        return {
            str(row[code]): str(row[name])
            for row in self.rows(table)
            if row[code] is not None and row[name]
        }

    def exemplars(self) -> list[dict[str, Any]]:
        """Messages quoted on purpose, from the file beside the snapshot; none without the file."""
        path = self.path.parent / EXEMPLARS_FILE
        if not path.is_file():
            return []
        return self._dictionaries("select * from read_parquet(?)", [str(path)])


def _conditions(where: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """A condition in SQL that rows meet where columns have these values, and its parameters."""
    parts, parameters = ["true"], []
    for name, value in where.items():
        wanted = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        known = [each for each in wanted if each is not None]
        either = [f'"{name}" is null'] if len(known) < len(wanted) else []
        if known:
            either.append(f'"{name}" in ({", ".join("?" for _ in known)})')
        parts.append(f"({' or '.join(either) or 'false'})")
        parameters += known
    return " and ".join(parts), parameters


def _reading(row: Sequence[Any]) -> Reading:
    values = dict(zip((field.name for field in fields(Reading)), row, strict=True))
    for name in (
        "value",
        "numerator",
        "denominator",
        "previous_value",
        "year_ago_value",
        "target_value",
    ):
        values[name] = _number(values[name])
    values["n"] = None if values["n"] is None else int(values["n"])
    values["is_provisional"] = bool(values["is_provisional"])
    version = values["definition_version"]
    values["definition_version"] = None if version is None else str(version)
    return Reading(**values)
