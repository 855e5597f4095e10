"""What later runs compare with: the numbers of a period as they were told, and what was known then.

Copying these out of a published snapshot and into the lake belongs here. Comparing does not: that
is the models' business, which read the records like any other source.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.closing.archive import RECORD, Told, closings, require_whole
from orchestration.exports.contract import CLOSED_SCHEMAS

if TYPE_CHECKING:
    import duckdb

#: Columns of a record beside those that say which closing it is of. A quarter is closed with its
#: months; of a week only the whole is kept, which is what its update tells.
SELECTED = {
    "periods": """
        select
            $starts_on as period_start_on,
            $ends_on as period_end_on,
            $snapshot_id as snapshot_id,
            $is_early as is_early,
            $rules_version as rules_version,
            (
                select coalesce('|' || string_agg(note_id, '|' order by note_id) || '|', '')
                from marts.kpi_review_notes
                where kind = 'correction'
            ) as correction_notes
    """,
    "cells": """
        select
            period_kind, period_start_on, period_end_on, kpi_id, slice_kind, slice_value,
            value, null_reason, is_provisional, definition_version
        from marts.kpi_scorecard
        where
            (period_kind = $kind and period_start_on = $starts_on
            or $kind = 'quarter' and period_kind = 'month'
            and period_start_on between $starts_on and $ends_on)
            and ($kind <> 'week' or slice_kind = 'overall')
        order by all
    """,
    "streams": """
        select source, stream, file_versions, files_digest from marts.dim_stream order by all
    """,
    "breaks": """
        select kpi_id, slice_kind, slice_value, changed_on
        from marts.kpi_definition_breaks
        order by all
    """,
    "errata": """
        select restatement_key, now_value
        from marts.kpi_restatements
        where
            $kind <> 'week'
            and closed_kind <> 'week'
            and closed_end_on <= $ends_on
            and not (closed_kind = $kind and closed_label = $label)
        order by all
    """,
}


def write(connection: duckdb.DuckDBPyConnection, told: Told, folder: Path) -> None:
    """Write `<folder>/<record>.parquet` for every record, from the snapshot that is connected."""
    folder.mkdir(parents=True, exist_ok=True)
    known: dict[str, Any] = {
        "kind": told.kind,
        "label": told.label,
        "as_of_at": told.as_of_at,
        "starts_on": told.starts_on,
        "ends_on": told.ends_on,
        "snapshot_id": told.snapshot_id,
        "is_early": told.is_early,
        "rules_version": told.rules_version,
    }
    for name, schema in CLOSED_SCHEMAS.items():
        closing = "$kind as closed_kind, $label as closed_label, $as_of_at as as_of_at"
        rows = f"select {closing}, * from ({SELECTED[name]})"
        typed = ", ".join(f'cast("{column}" as {type_}) as "{column}"' for column, type_ in schema)
        used = {each: value for each, value in known.items() if f"${each}" in rows}
        relation = connection.sql(f"select {typed} from ({rows})", params=used)
        relation.write_parquet(str(folder / f"{name}.parquet"))


def lake_folder(data_dir: Path, name: str) -> Path:
    """Where the lake keeps one kind of record."""
    return Path(data_dir) / "lake" / "raw" / "closings" / name


def bring_to_lake(data_dir: Path) -> int:
    """Make the lake hold the records of exactly the closed periods; returns how many these are.

    The closed folders are what counts: the lake can be thrown away. A period that is no longer
    closed leaves the lake. What weekly updates told stays.

    Raises:
        ClosingError: a closed period is not as it was when it was closed.
    """
    found = closings(data_dir)
    for closing in found:
        require_whole(closing)
    for name in CLOSED_SCHEMAS:
        folder = lake_folder(data_dir, name)
        folder.mkdir(parents=True, exist_ok=True)
        kept = {f"{each.told.name}.parquet" for each in found}
        for closing in found:
            copy_to(
                closing.path(RECORD, f"{name}.parquet"), folder / f"{closing.told.name}.parquet"
            )
        for path in folder.glob("[!_.]*.parquet"):
            if path.name not in kept and not path.name.startswith("week-"):
                path.unlink()
    return len(found)


def record_update(connection: duckdb.DuckDBPyConnection, told: Told, data_dir: Path) -> bool:
    """Keep what the update of a week tells, unless an earlier one told it already.

    A run as of the same instant replaces the record: it tells what was published last.
    """
    name = f"{told.name}.parquet"
    earlier = [
        path.name
        for path in lake_folder(data_dir, "periods").glob(f"{told.kind}-{told.label}-*.parquet")
    ]
    if any(each < name for each in earlier):
        return False
    scratch = Path(data_dir) / "lake" / ".scratch" / f"{told.name}.update"
    try:
        write(connection, told, scratch)
        # The record of the period comes last: without it the others count for nothing.
        for record in sorted(CLOSED_SCHEMAS, key=lambda each: each == "periods"):
            copy_to(scratch / f"{record}.parquet", lake_folder(data_dir, record) / name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return True


def copy_to(source: Path, target: Path) -> None:
    """Put a copy of a file in place in one step, unless the same is there already."""
    if target.is_file() and target.read_bytes() == source.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    made = target.with_name(f".{target.name}.building")
    shutil.copyfile(source, made)
    made.replace(target)


def counted(data_dir: Path, names: Iterable[str] = CLOSED_SCHEMAS) -> dict[str, int]:
    """How many records of each kind the lake has."""
    return {name: len(list(lake_folder(data_dir, name).glob("[!_.]*.parquet"))) for name in names}
