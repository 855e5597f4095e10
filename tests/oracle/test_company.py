"""The simulated company, from its exported files: its facts are what plain loops say.

Its KPIs are held against the truth that the simulator writes, in `tests/truth`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from tests.oracle.bench import FACTS, Bench


class Built:
    """A warehouse file, opened for reading."""

    def __init__(self, path: Path) -> None:
        self.connection = duckdb.connect(str(path), read_only=True)
        found = self.connection.execute("select table_name, schema_name from duckdb_tables()")
        self.schemas = dict(found.fetchall())

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Every row of a table."""
        found = self.connection.execute(f'select * from "{self.schemas[name]}"."{name}"')
        columns = [column[0] for column in found.description]
        return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def test_facts_of_the_simulated_company_follow_from_its_streams(pipeline: Any) -> None:
    built = Built(pipeline.settings.warehouse_path)
    try:
        bench = Bench(built)
        found = bench.held_against(bench.answers(tuple(FACTS)))
    finally:
        built.connection.close()
    assert not found, "\n".join(map(str, found[:20]))
