"""Marts beside the scorecard for review tests: tables as the models' contracts have them.

A table gets the columns and types of the model's YAML, so a section that reads a column no model
has fails here. The rows are given by the tests; a column they leave out is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MODELS = Path(__file__).resolve().parents[2] / "models" / "marts"


@cache
def columns(table: str) -> dict[str, tuple[str, str]]:
    """Column → (type, description) of a mart, after its contract."""
    (path,) = MODELS.glob(f"*/{table}.yml")
    (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    return {each["name"]: (each["data_type"], each["description"]) for each in model["columns"]}


def create(connection: Any, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Create `marts.<table>` with these rows and the comments that publishing gives it."""
    known = columns(table)
    described = ", ".join(f'"{name}" {kind}' for name, (kind, _) in known.items())
    connection.execute(f"create or replace table marts.{table} ({described})")
    insert(connection, table, [*rows])
    for name, (_, description) in known.items():
        said = description.replace("'", "''")
        connection.execute(f"comment on column marts.{table}.\"{name}\" is '{said}'")


def insert(connection: Any, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to `marts.<table>` in one statement; one by one they take seconds."""
    if not rows:
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    listed = ", ".join(f'"{name}"' for name in names)
    marks = f"({', '.join('?' for _ in names)})"
    connection.execute(
        f"insert into marts.{table} ({listed}) values {', '.join([marks] * len(rows))}",
        [row.get(name) for row in rows for name in names],
    )
