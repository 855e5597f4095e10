"""Runs expectations on frames and says for each whether it held, with the rows that break it.

Great Expectations is called here and nowhere else. What is expected is data in `suites/`;
what follows from a break (nothing is published, or a warning) is decided in `checks.py`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from orchestration.errors import CheckCrashedError
from orchestration.publish import current_snapshot
from orchestration.quality import kept
from orchestration.quality.expectations import Expectation
from orchestration.quality.frames import FRAMES, PUBLISHED, ROWS_NOW
from orchestration.warehouse import versions

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from orchestration.settings import Settings

SAMPLE_ROWS = 5
#: The attached warehouse.
WAREHOUSE = "warehouse"


@dataclass(frozen=True)
class Outcome:
    """An expectation, whether it held, and if not: how often it broke and the first such rows."""

    expectation: Expectation
    held: bool
    looked_at: int
    broken: int = 0
    observed: Any = None
    rows: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def kept(cls, expectation: Expectation, found: Mapping[str, Any]) -> Outcome:
        """An outcome as it was kept."""
        return cls(expectation, **{**found, "rows": tuple(found["rows"])})

    def found(self) -> dict[str, Any]:
        """The outcome without its expectation."""
        return {each.name: getattr(self, each.name) for each in fields(self)[1:]}

    def lines(self) -> list[str]:
        """The outcome in words, one line for it and one for each row."""
        expectation = self.expectation
        if self.held:
            return [f"held: {expectation.name} ({self.looked_at} rows)"]
        found = f"{self.broken} of {self.looked_at} rows break it" if self.broken else ""
        found = found or f"found {self.observed}"
        return [
            f"{expectation.severity}: {expectation.table}: {expectation.name}: {found}. "
            + expectation.why,
            *("    " + ", ".join(f"{k}={v}" for k, v in row.items()) for row in self.rows),
        ]


def evaluate(settings: Settings, expectations: Sequence[Expectation]) -> list[Outcome]:
    """Run expectations on the warehouse as it is built now.

    A frame that compares with the published snapshot is left out while there is none. An outcome
    that was kept and whose grounds are the same holds still; all others are reached anew.

    Raises:
        CheckCrashedError: an expectation could not be evaluated, which says nothing about the data.
    """
    with _connect(settings) as connection:
        is_published = connection.execute(
            "select count(*) from duckdb_databases() where database_name = ?", [PUBLISHED]
        ).fetchone() == (1,)
        known = kept.known(connection, WAREHOUSE)
        of_tables = versions(connection, WAREHOUSE)
        snapshot_id = current_snapshot(settings)
        outcomes, reached = [], []
        for expectation in expectations:
            if FRAMES[expectation.frame].compares and not is_published:
                continue
            grounds = kept.grounds(connection, expectation, of_tables, snapshot_id)
            if grounds in known:
                outcomes.append(Outcome.kept(expectation, known[grounds]))
                continue
            outcomes.append(_evaluate(connection, expectation))
            if grounds is not None:
                reached.append((expectation.name, grounds, outcomes[-1].found()))
    kept.keep(settings, reached)
    return outcomes


def run_rule(frame: pd.DataFrame, rule: str, arguments: Mapping[str, Any]) -> Any:
    """Validate one frame by one Great Expectations rule and return its result.

    Raises:
        CheckCrashedError: the rule raised. Great Expectations reports that as `success=False` too.
    """
    asset = _frames()
    import great_expectations.expectations as gxe

    batch = asset.get_batch(asset.build_batch_request({"dataframe": frame}))
    result = batch.validate(
        getattr(gxe, rule)(**arguments), result_format={"result_format": "COMPLETE"}
    )
    raised = list(_exceptions(result.exception_info))
    if raised:
        raise CheckCrashedError(
            f"{rule} with {dict(arguments)} could not be evaluated: {'; '.join(raised)}"
        )
    return result


@cache
def _frames() -> Any:
    """What every frame is read through, in the one context of this process, in memory.

    A reader of its own for each frame would have the context write its whole configuration again.
    """
    # Read at import: analytics would call home.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    # It speaks of a folder that it has removed again.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_pandas("warehouse").add_dataframe_asset("frames")


def _evaluate(connection: duckdb.DuckDBPyConnection, expectation: Expectation) -> Outcome:
    table = _stored(connection, expectation.frame)
    # Only what the rule looks at leaves the database: the scorecard has a million cells.
    known = {name for name, *_ in connection.execute(f"describe {table}").fetchall()}
    columns = [name for name in _columns(expectation.arguments) if name in known]
    frame = (
        connection.execute(
            f"select {', '.join(['rowid', *columns])} from {table} where {expectation.where}"
        )
        .df()
        .set_index("rowid")
        .rename_axis(None)
    )
    try:
        result = run_rule(frame, expectation.rule, expectation.arguments)
    except CheckCrashedError as error:
        raise CheckCrashedError(f"{expectation.table}: {expectation.name}: {error}") from error
    if result.success:
        return Outcome(expectation, held=True, looked_at=len(frame))
    indexes = result.result.get("unexpected_index_list") or []
    rows = connection.execute(
        f"select * from {table} where rowid in (select unnest(?)) order by rowid",
        [[int(index) for index in indexes[:SAMPLE_ROWS]]],
    ).df()
    return Outcome(
        expectation,
        held=False,
        looked_at=len(frame),
        broken=len(indexes),
        observed=result.result.get("observed_value"),
        rows=tuple(rows.to_dict("records")),
    )


def _stored(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """The frame as a temporary table of this connection, which numbers its rows."""
    table = f"frame_{name}"
    if ROWS_NOW in FRAMES[name].sql:
        _count_rows(connection)
    connection.execute(
        f"create temp table if not exists {table} as select * from ({FRAMES[name].sql}) as frame"
    )
    return table


def _count_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """The rows of every table, for the frames that compare them: hundreds of counts."""
    # Counted, not `estimated_size`: that still counts rows which were deleted.
    counts = [
        f'select \'{table}\' as table_name, count(*) as rows from "{schema}"."{table}"'
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'"
        ).fetchall()
    ]
    connection.execute(
        f"create temp table if not exists {ROWS_NOW} as {' union all '.join(counts)}"
    )


def _columns(arguments: Mapping[str, Any]) -> list[str]:
    """The columns that a rule's arguments name."""
    named = [arguments[key] for key in ("column", "column_A", "column_B") if key in arguments]
    return [*named, *arguments.get("column_list", ())]


def _exceptions(info: Mapping[str, Any] | None) -> Iterator[str]:
    """Messages of what was raised: flat for an expectation, one level down for its metrics."""
    if not info:
        return
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("raised_exception"):
            yield str(entry.get("exception_message"))


def _connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    warehouse = str(settings.warehouse_path).replace("'", "''")
    connection.execute(f"attach '{warehouse}' as {WAREHOUSE} (read_only)")
    published = settings.serving_dir / "kpi_marts.duckdb"
    if published.exists():
        path = str(published.resolve()).replace("'", "''")
        connection.execute(f"attach '{path}' as {PUBLISHED} (read_only)")
    connection.execute(f"use {WAREHOUSE}")
    return connection
