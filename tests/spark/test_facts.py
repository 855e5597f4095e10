"""Every fact on a Spark of one process, from the lake on: the tables are those DuckDB builds.

One build for all tests here, in a process of its own, as a user would start it. KPI marts, and what
a cluster adds, are `test_cluster.py`'s business; one model alone is `parity.py`'s.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.spark.comparing import difference
from tests.spark.conftest import World
from tests.spark.sessions import write_defaults

PROJECT = Path(__file__).resolve().parents[2]
# One process is driver and executor at once, and the widest plans are large.
MEMORY = {"spark.driver.memory": "5g"}
LAYERS = ("seeds", "staging", "intermediate", "core")


@pytest.fixture(scope="module")
def tables(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tables that Spark built, one folder a table."""
    folder = tmp_path_factory.mktemp("spark")
    write_defaults(folder / "conf", MEMORY)
    log = folder / "build.log"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "orchestration.spark", "--select", "+marts.core"),
            *("--vars", json.dumps(world.variables), "--target-path", str(folder / "dbt")),
        ],
        cwd=PROJECT,
        env=os.environ
        | {
            "WAREHOUSE_DATA_DIR": str(world.data_dir),
            "SPARK_MASTER": "local[2]",
            "SPARK_TABLES_DIR": str(folder / "tables"),
            "SPARK_CONF_DIR": str(folder / "conf"),
            "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        },
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
    )
    said = log.read_text(errors="replace")
    # What went wrong first stands far above the end.
    first = [line[:300] for line in said.splitlines() if "ERROR" in line or "Error" in line][:20]
    assert done.returncode == 0, "\n".join([*first, said[-4000:]])
    return folder / "tables"


@pytest.fixture(scope="module")
def duck(world: World) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session that reads DuckDB's tables as `warehouse`."""
    with duckdb.connect() as session:
        session.execute("set TimeZone = 'UTC'")
        session.execute(f"attach '{world.data_dir}/warehouse.duckdb' as warehouse (read_only)")
        yield session


@pytest.mark.parametrize("layer", LAYERS)
def test_every_table_is_as_duckdb_builds_it(
    layer: str, tables: Path, duck: duckdb.DuckDBPyConnection
) -> None:
    built = duck.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'warehouse' and schema_name = ? order by 1",
        [layer],
    ).fetchall()
    made = {path.name for path in (tables / layer).iterdir()}
    assert made, layer
    # Other layers have tables that no fact needs.
    assert made <= {table for (table,) in built}
    assert layer != "core" or made == {table for (table,) in built}
    wrong: dict[str, Any] = {}
    for table in sorted(made):
        found = difference(
            duck,
            f'warehouse."{layer}"."{table}"',
            f"read_parquet('{tables}/{layer}/{table}/*.parquet')",
            order_matters=layer == "core",
        )
        if found:
            wrong[table] = str(found)
    assert wrong == {}
