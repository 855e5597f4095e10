"""Order does not matter: files shuffled, repeated and in batches end in the tables of one load.

That a repeated run publishes the same numbers is tested with publishing.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from tests.truth.conftest import Workshop, World

SEED = 7

# Which of two equal copies of a row was read is chance; what it says is not.
PROVENANCE = {"source_file", "source_row", "exported_at"}


def test_shuffled_and_repeated_loading_ends_in_the_same_tables(
    world: Callable[[int], World], workshop: Workshop, tmp_path: Path
) -> None:
    company = world(SEED)
    files = sorted(path for path in company.landing.rglob("*") if path.is_file())
    order = random.Random(SEED)
    repeated = order.sample(files, k=len(files) // 10)
    arrivals = [(path, path.name) for path in files]
    arrivals += [(path, f"again {path.name}") for path in repeated]
    order.shuffle(arrivals)

    workshop.empty()
    landing = tmp_path / "landing"
    for batch in (arrivals[i::6] for i in range(6)):
        streams = set()
        for path, name in batch:
            folder = path.parent.relative_to(company.landing)
            (landing / folder).mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, landing / folder / name)
            streams.add(folder.parts[:2])
        workshop.extract(landing, streams)
    shuffled = workshop.build("shuffled")

    with company.connect() as connection:
        connection.execute(f"attach '{shuffled}' as shuffled (read_only)")
        assert _differing_tables(connection) == {}


def _differing_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows that only one of the two warehouses has, by table of the marts."""
    tables = connection.sql(
        """
        select schema_name || '.' || table_name
        from duckdb_tables()
        where database_name = 'built' and schema_name in ('core', 'kpi', 'intermediate')
        order by 1
        """
    ).fetchall()
    assert len(tables) > 50
    differing = {}
    for (table,) in tables:
        described = connection.sql(f"select column_name from (describe built.{table})").fetchall()
        columns = ", ".join(f'"{name}"' for (name,) in described if name not in PROVENANCE)
        once, again = (f"select {columns} from {load}.{table}" for load in ("built", "shuffled"))
        (rows,) = connection.sql(
            f"""
            select count(*) from (
                ({once} except all {again}) union all ({again} except all {once})
            )
            """
        ).fetchone()
        if rows:
            differing[table] = rows
    return differing
