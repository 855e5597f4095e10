"""The warehouse file as a build opens it: in which format it is kept.

Which tables are in it, and what is remembered there of builds, does not belong here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb

# The oldest DuckDB that need read the file. Only a refresh does, with the DuckDB it is locked to,
# so this is a young one: it packs texts in one way where older formats try three. `profiles.yml`
# says the same for dbt.
VERSION = "v1.5.0"


def opened(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The warehouse file for writing, made where there is none."""
    import duckdb

    return duckdb.connect(
        str(settings.warehouse_path), config={"storage_compatibility_version": VERSION}
    )


def renew(settings: Settings) -> bool:
    """Remove a file of another format: DuckDB keeps a file's format for good, and the lake has all.

    Returns:
        Whether there was one.
    """
    path = settings.warehouse_path
    if not path.exists():
        return False
    with opened(settings) as connection:
        (found,) = connection.execute(
            "select tags['storage_version'] from duckdb_databases() "
            "where database_name = current_database()"
        ).fetchone()
    if found.startswith(VERSION):
        return False
    path.unlink()
    return True
