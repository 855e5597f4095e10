"""A lake taken apart and handed over in steps, and what one build has that another has not.

Rows of every stream arrive in an order of their own: late, several at once, some of them twice.
Building and asserting belong to the tests; what a row means is nobody's business here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

EMPTY = "empty.parquet"
# What the warehouse notes about its own work; it notes nothing twice.
NOTES = ("extraction", "quarantine", "runs", "closings")
# Streams whose files replace one another as a whole: equal lines of one file are two amounts. The
# same file is never read twice, so it comes at once and never again.
BY_FILE = ("raw/ad_spend/daily", "raw/costs/monthly")
SCHEMAS = ("seeds", "staging", "intermediate", "core", "kpi")


@dataclass(frozen=True)
class Scattering:
    """How rows come: `shares` of all rows a step; `again` of them come a second time, later."""

    seed: int
    shares: Sequence[float] = (0.7, 0.1, 0.1, 0.1)
    again: float = 0.05


def streams(lake: Path) -> Iterator[Path]:
    """Folders of a lake that hold parts, below the lake."""
    for folder in sorted({part.parent for part in lake.rglob("*.parquet")}):
        yield folder.relative_to(lake)


def hand_over(whole: Path, lake: Path, scattering: Scattering, step: int) -> int:
    """Write the rows of one step into a lake; returns how many.

    Args:
        whole: the lake with every row.
        lake: the lake that grows.
        scattering: which row comes when.
        step: from 0.
    """
    rows = 0
    bounds = [sum(scattering.shares[:n]) for n in range(len(scattering.shares) + 1)]
    bounds[-1] = 1.0
    with duckdb.connect() as connection:
        for folder in streams(whole):
            (lake / folder).mkdir(parents=True, exist_ok=True)
            if step == 0 and (whole / folder / EMPTY).exists():
                shutil.copy2(whole / folder / EMPTY, lake / folder / EMPTY)
            parts = [str(p) for p in sorted((whole / folder).glob("*.parquet")) if p.name != EMPTY]
            if not parts:
                continue
            # The draw of a row hangs on its content alone, not on where it lies.
            by_file = folder.as_posix() in BY_FILE
            unit = "_file_sha256" if by_file else "rows"
            drawn = f"hash({unit}, {scattering.seed}, %s) / 18446744073709551616.0"
            again = 0 if by_file or set(folder.parts) & set(NOTES) else scattering.again
            target = lake / folder / f"part-step{step}.parquet"
            connection.execute(
                f"""
                copy (
                    select rows.*
                    from read_parquet({parts}, union_by_name = true) as rows
                    where ({drawn % 1} >= {bounds[step]} and {drawn % 1} < {bounds[step + 1]})
                        or (
                            {drawn % 1} < {bounds[step]}
                            and {drawn % (2 + step)} < {again}
                        )
                ) to '{target}' (format parquet)
                """
            )
            found = connection.execute(f"select count(*) from '{target}'").fetchone()[0]
            rows += found
            if not found:
                target.unlink()
    return rows


def differences(one: Path, other: Path) -> dict[str, list[str]]:
    """Tables of two warehouse files whose rows are not the same, each with up to four rows.

    Args:
        one: the warehouse that is asked about.
        other: the one it should equal.
    """
    found: dict[str, list[str]] = {}
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)"
        )
        tables = connection.execute(
            f"""
            select schema_name, table_name from duckdb_tables()
            where database_name = 'other' and schema_name in {SCHEMAS} order by all
            """
        ).fetchall()
        for schema, table in tables:
            left, right = f'one.{schema}."{table}"', f'other.{schema}."{table}"'
            rows = connection.execute(
                f"""
                select * from (
                    (select 'extra' as has, * from (from {left} except all from {right}) limit 2)
                    union all
                    (select 'lacks' as has, * from (from {right} except all from {left}) limit 2)
                )
                """
            ).fetchall()
            if rows:
                found[f"{schema}.{table}"] = [str(row) for row in rows]
    return found
