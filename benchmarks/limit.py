"""What one node can do at most: facts by a hand-written script, from the same lake.

Running `limit.sql` and holding its answers against the warehouse's belongs here. The script covers
the main inbox and both sites; what it leaves out is said on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("limit.sql")
SEEDS = Path(__file__).resolve().parent.parent / "seeds"
ZONE = "America/New_York"
INBOX = "ringcentral_engage"
# Which rows of a fact the script computes, and the column that names a row.
FACTS = {
    "fct_messages": ("message_key", True),
    "fct_conversations": ("conversation_key", True),
    "fct_replies": ("turn_key", True),
    "fct_conversation_events": ("event_key", True),
    "fct_web_sessions": ("session_key", False),
}


def build(data: Path, as_of: datetime, target: Path, threads: int = 2) -> dict[str, Any]:
    """Compute the facts of a data folder into a file of their own, with the warehouse's memory."""
    import duckdb

    from orchestration.warehouse import memory_limit

    target.unlink(missing_ok=True)
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"set threads = {threads}; set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{memory_limit()}'")
        connection.execute(f"set temp_directory = '{target}.spill'")
        connection.execute("set preserve_insertion_order = false; set enable_progress_bar = false")
        values = {
            "raw": f"'{data / 'lake' / 'raw'}'",
            "seeds": f"'{SEEDS}'",
            "as_of": f"timestamp '{as_of:%Y-%m-%d %H:%M:%S}'",
            "zone": f"'{ZONE}'",
            "mirrored": f"{mirrored()}",
        }
        for name, value in values.items():
            connection.execute(f"set variable {name} = {value}")
        connection.execute(SCRIPT.read_text(encoding="utf-8"))
        rows = {
            table: connection.execute(f"select count(*) from {table}").fetchone()[0]
            for table in FACTS
        }
    return {"rows": rows, "outcome": ", ".join(f"{n:,} {table}" for table, n in rows.items())}


def mirrored() -> list[str]:
    """Profiles of the inbox that a second tool exports too."""
    return [profile for source, profile in _twins() if source == INBOX]


def _twins() -> list[tuple[str, str]]:
    from simulator.company import MIRRORED

    return [profile for pair in MIRRORED.items() for profile in pair]


def compare(data: Path, target: Path) -> dict[str, dict[str, Any]]:
    """Hold every column of the script's facts against the warehouse's.

    Returns:
        By fact: rows here, rows of the same source in the warehouse, columns compared, and the
        number of rows that differ by column; none where all is equal.
    """
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"attach '{target}' as mine (read_only)")
        connection.execute(f"attach '{data / 'warehouse.duckdb'}' as theirs (read_only)")
        return {
            fact: _compared(connection, fact, key, is_inbox)
            for fact, (key, is_inbox) in FACTS.items()
        }


def _compared(connection: Any, fact: str, key: str, is_inbox: bool) -> dict[str, Any]:
    columns = [
        name
        for (name,) in connection.execute(
            f"select column_name from (describe mine.main.{fact})"
        ).fetchall()
        if name != key
    ]
    theirs = f"select * from theirs.core.{fact}"
    if is_inbox:
        profiles = ", ".join(f"md5('v{source}|v{profile}')" for source, profile in _twins())
        theirs = (
            f"select * from theirs.core.{fact} where source = '{INBOX}' and conversation_key not in"
            f" (select conversation_key from theirs.core.fct_conversations"
            f" where profile_key in ({profiles}))"
        )
    # Holding two sums of hashes against each other takes a tenth of a join; where all are equal, so
    # are all values.
    mine = _digests(connection, f"mine.main.{fact}", key, columns)
    if mine == _digests(connection, f"({theirs})", key, columns):
        rows = mine[0]
        return {"rows": rows, "rows_theirs": rows, "columns": len(columns) + 1, "wrong": {}}
    differing = ", ".join(
        f"count(*) filter (where mine.{name} is distinct from theirs.{name})" for name in columns
    )
    found = connection.execute(
        f"""
        select count(mine.{key}), count(theirs.{key}),
            count(*) filter (where mine.{key} is null or theirs.{key} is null), {differing}
        from mine.main.{fact} as mine
        full join ({theirs}) as theirs on theirs.{key} = mine.{key}
        """
    ).fetchone()
    wrong = {name: count for name, count in zip(columns, found[3:], strict=True) if count}
    if found[2]:
        wrong[key] = found[2]
    return {"rows": found[0], "rows_theirs": found[1], "columns": len(columns) + 1, "wrong": wrong}


def _digests(connection: Any, relation: str, key: str, columns: Sequence[str]) -> tuple[int, ...]:
    """Rows, then for each column a sum of hashes of its values with their keys."""
    sums = ", ".join(f"coalesce(sum(hash({key}, {name})), 0)" for name in columns)
    return connection.execute(f"select count({key}), {sums} from {relation} as told").fetchone()
