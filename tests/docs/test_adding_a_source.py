"""The example of the page on adding a source does what the page says it does.

Only that page is read here. What any declaration does in general is tested with the exports.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.exports.contract import Stream
from orchestration.exports.lake import extract_stream

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-source.md"
AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)


def _block(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1]


def _declared() -> Stream:
    names: dict[str, object] = {}
    exec(_block("python"), names)
    return names["POSTS"]


def test_the_example_is_read_as_the_page_says(tmp_path: Path) -> None:
    landing, data = tmp_path / "landing", tmp_path / "data"
    file = landing / "mastodon" / "posts" / "posts_2026-03-31.csv"
    file.parent.mkdir(parents=True)
    file.write_text(_block("csv"), encoding="utf-8")

    report = extract_stream(_declared(), landing, data, pseudonym_key="k" * 16, as_of=AS_OF)

    assert (report.rows_read, report.rows_in_lake, report.rows_quarantined) == (2, 1, 1)
    (kept,) = duckdb.sql(
        "select post_id, posted_at, likes, replies, _exported_at "
        f"from '{data}/lake/raw/mastodon/posts/part-*.parquet'"
    ).fetchall()
    assert kept == ("109001", datetime(2026, 3, 30, 7, 15), 12, None, datetime(2026, 3, 31))  # noqa: DTZ001
    (refused,) = duckdb.sql(
        "select row, column_name, reason "
        f"from '{data}/lake/quarantine/mastodon/posts/part-*.parquet'"
    ).fetchall()
    assert refused == (2, "likes", "negative value: expected zero or more")


def test_every_choice_the_page_lists_is_one_a_declaration_has() -> None:
    from dataclasses import fields

    from orchestration.exports import contract

    table = PAGE.read_text(encoding="utf-8").split("| choice |")[1].split("\n\n")[0]
    known = {f.name for cls in (contract.Column, Stream) for f in fields(cls)} | set(dir(contract))
    first_cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    words = {
        re.split(r"[(.]", word.removeprefix("Stream."))[0]
        for cell in first_cells
        for word in re.findall(r"`([^`]+)`", cell)
    }
    assert words <= known, words - known
