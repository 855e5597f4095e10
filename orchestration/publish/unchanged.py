"""What a new snapshot takes over from the one before: tables whose rows are still the same.

Saying whether a table is the same, and bringing its file over, belongs here. Writing a table that
is not does not. A snapshot records the version of each of its tables and how it left its files:
where the warehouse has the same version and the file is as it was left, that is enough. In all
other cases the rows of the warehouse and of the file are both read, and only what agrees stays.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.publish.embedded import SERVING_FILE

if TYPE_CHECKING:
    import duckdb

#: Rows and content digest of a table.
Print = tuple[int, str]

#: What a snapshot records of itself; no reader needs it.
RECORD_FILE = ".record.json"

#: A file with a larger share of unused blocks is not copied, else it would never shrink.
MOST_UNUSED = 0.3
#: Where a smaller share of the cells is as it was, copying the file costs more than it saves.
LEAST_TAKEN = 0.3


@dataclass(frozen=True)
class Record:
    """What a snapshot recorded of itself when it was finished; empty where it recorded nothing.

    Attributes:
        folder: where the snapshot is.
        tables: by name the version the table had in the warehouse, its rows and its digest.
        files: by path in the folder its bytes and when it was written, nanoseconds.
    """

    folder: Path
    tables: Mapping[str, tuple[str, int, str]] = field(default_factory=dict)
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Record:
        """The record in a snapshot's folder."""
        try:
            told = json.loads((folder / RECORD_FILE).read_text())
            return cls(
                folder,
                {name: (version, rows, digest) for name, version, rows, digest in told["tables"]},
                {name: (size, written) for name, size, written in told["files"]},
            )
        except (OSError, ValueError, KeyError, TypeError):
            return cls(folder)

    def is_as_written(self, path: Path) -> bool:
        """Whether a file of the folder has the size and the time it was left with."""
        left = self.files.get(path.relative_to(self.folder).as_posix())
        return left is not None and path.is_file() and left == _size_and_time(path)

    def print_of(self, name: str, version: str | None) -> Print | None:
        """The print of a table, if the database file has it in this version and was let alone."""
        was, rows, digest = self.tables.get(name, (None, 0, ""))
        is_known = version is not None and was == version
        is_there = is_known and self.is_as_written(self.folder / SERVING_FILE)
        return (rows, digest) if is_there else None


def record(folder: Path, prints: Mapping[str, Print], versions: Mapping[str, str | None]) -> Path:
    """Record a finished snapshot in its folder; returns the file."""
    tables = [
        (name, versions[name], *found) for name, found in prints.items() if versions.get(name)
    ]
    files = [
        (path.relative_to(folder).as_posix(), *_size_and_time(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    path = folder / RECORD_FILE
    path.write_text(json.dumps({"tables": tables, "files": files}))
    return path


def _size_and_time(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def is_usable(before: Path, code_version: str) -> bool:
    """Whether tables of a kept snapshot may be taken over: the same code wrote it, in a tidy file.

    Raises:
        duckdb.Error: it cannot be read.
    """
    import duckdb

    with duckdb.connect(str(before / SERVING_FILE), read_only=True) as connection:
        [(written_by,)] = connection.execute(
            "select code_version from marts.publication"
        ).fetchall()
        total, unused = connection.execute(
            "select total_blocks, free_blocks from pragma_database_size()"
        ).fetchone()
    return written_by == code_version and unused <= MOST_UNUSED * total


def copy_marts(before: Path, path: Path) -> None:
    """A copy of the former file that can be written to."""
    shutil.copyfile(before / SERVING_FILE, path)


def drop_others(connection: duckdb.DuckDBPyConnection, taken: Collection[str]) -> None:
    """Drop all tables of a copied file but those taken over: their room is free for what comes."""
    there = connection.execute(
        "select table_name from duckdb_tables() "
        "where database_name = current_database() and schema_name = 'marts' order by 1"
    ).fetchall()
    for (name,) in there:
        if name not in taken:
            connection.execute(f'drop table marts."{name}"')
    connection.execute("checkpoint")


def print_of(
    connection: duckdb.DuckDBPyConnection, relation: str, left_out: tuple[str, ...] = ()
) -> Print:
    """Rows and content digest of a relation; the digest does not depend on the order of rows."""
    columns = f"* exclude ({', '.join(left_out)})" if left_out else "*"
    count, digest = connection.execute(
        f"select count(*), sum(hash(content)) from (select {columns} from {relation}) as content"
    ).fetchone()
    return count, str(digest)


def print_if_same(
    connection: duckdb.DuckDBPyConnection, former: str, relation: str, now: Print | None = None
) -> Print | None:
    """The print of a relation, if a former one has its columns, in their order, and its rows.

    Args:
        connection: knows both relations.
        former: what might be taken over.
        relation: what is wanted.
        now: the print of `relation`, where it is known.
    """
    if _columns(connection, former) != _columns(connection, relation):
        return None
    if _count(connection, former) != _count(connection, relation):
        return None
    now = now or print_of(connection, relation)
    return now if print_of(connection, former) == now else None


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return connection.execute(f"select count(*) from {relation}").fetchone()[0]


def link(former: Path, path: Path) -> None:
    """The same file under another name: it stays when the former name goes.

    Where the file system has no such links, it is copied.
    """
    try:
        os.link(former, path)
    except OSError:
        shutil.copyfile(former, path)


def words(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Comments of all tables of the marts: table to column (the table itself is '') to words."""
    found: dict[str, dict[str, str]] = {}
    # Once for all: each question walks through every column of every attached file.
    for table, column, text in connection.execute(
        "select table_name, '', coalesce(comment, '') from duckdb_tables() "
        "where database_name = current_database() and schema_name = 'marts' "
        "union all select table_name, column_name, coalesce(comment, '') from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'marts'"
    ).fetchall():
        found.setdefault(table, {})[column] = text
    return found


def words_that_differ(found: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """What is to be said of a table that has not these words, by column (the table is '')."""
    # A column that is described and not there is an error for whoever writes the words.
    all_wanted = dict.fromkeys(found, "") | {key: text for key, text in wanted.items() if text}
    return {key: text for key, text in all_wanted.items() if found.get(key, "") != text}


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    described = connection.execute(f"describe select * from {relation}").fetchall()
    return [(name, type_) for name, type_, *_ in described]
