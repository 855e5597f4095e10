"""What must not be added: reach, and engagement of posts to engagement of profiles.

Read from the SQL of the models, so that a new mart is held to it too. Whether the figures of the
marts are right is asked of the data, by the dbt tests.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
MODELS = {path.stem: path for path in sorted((PROJECT / "models").rglob("*.sql"))}

# An aggregate that makes a new figure out of several; the greatest, the first and the last of them
# are figures the network reported. Macros that add are aggregates by another name.
ADDING = re.compile(r"\b(sum|avg|exact_sum|percentile_\w+|median|mean|total)\s*\(", re.IGNORECASE)
REACH = re.compile(r"\b(\w+_)?reach(_\w+)?\b", re.IGNORECASE)
# A loop writes the names of its list where its variable stands.
LOOP = re.compile(r"\{%-?\s*for\s+(\w+)\s+in\s+(.*?)-?%\}", re.DOTALL)
LIST = re.compile(r"\{%-?\s*set\s+(\w+)\s*=\s*(.*?)-?%\}", re.DOTALL)

READS_ENGAGEMENT = re.compile(r"\{\{\s*ref\(\"fct_engagement\"\)\s*\}\}(.{0,40})", re.DOTALL)
ONE_LEVEL = re.compile(r"\s*where\s+level\s*=\s*'(post|profile)'\s*\)")
# The first day of either level: a date each, nothing added.
ASKS_FOR_DAYS = {"kpi_source_coverage"}


def argument(sql: str, start: int) -> str:
    """What stands between the bracket before `start` and the one that closes it."""
    depth = 1
    for end in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[end], 0)
        if depth == 0:
            return sql[start:end]
    return sql[start:]


def sums_of_reach(sql: str) -> list[str]:
    """Every aggregate of a model that adds something called reach."""
    lists = dict(LIST.findall(sql))
    looped = {name: lists.get(of.strip(), of) for name, of in LOOP.findall(sql)}
    found = []
    for call in ADDING.finditer(re.sub(r"--[^\n]*", "", sql)):
        text = argument(re.sub(r"--[^\n]*", "", sql), call.end())
        for variable, names in looped.items():
            if re.search(rf"\b{variable}\b", text):
                text += f" {names}"
        if REACH.search(text):
            found.append(f"{call.group(0)}{' '.join(text.split())})")
    return found


def test_no_model_adds_reach() -> None:
    found = {name: sums_of_reach(path.read_text()) for name, path in MODELS.items()}
    assert {name: sums for name, sums in found.items() if sums} == {}


@pytest.mark.parametrize(
    "sql",
    [
        "select sum(reach) from a",
        "select network, avg(coalesce(fct_reach.reach, 0)) from a group by network",
        "select {{ exact_sum('daily_reach * 1.0') }} from a",
        "{%- set names = ['reach', 'a'] -%} {% for m in names %} sum({{ m }}) {% endfor %}",
        "select {% for m in ['impressions', 'reach'] %} sum({{ m }}) {% endfor %}",
        "select sum(case when kind = 'paid' then reach end) over (order by day) from a",
    ],
)
def test_a_sum_of_reach_is_found_however_it_is_written(sql: str) -> None:
    assert len(sums_of_reach(sql)) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "select max(reach) from a",
        "select sum(impressions) as impressions, max_by(reach, day) as reach from a",
        "select sum(impressions) -- and never reach\n from a",
    ],
)
def test_the_highest_and_the_last_reach_are_no_sums(sql: str) -> None:
    assert sums_of_reach(sql) == []


def readers_of_both_levels(sql: str) -> list[str]:
    """Places that read engagement without saying which level."""
    return [
        " ".join(after.split())
        for after in READS_ENGAGEMENT.findall(sql)
        if not ONE_LEVEL.match(after)
    ]


def test_whoever_reads_engagement_takes_one_level() -> None:
    readers = {
        name: readers_of_both_levels(path.read_text())
        for name, path in MODELS.items()
        if "fct_engagement" in path.read_text()
    }
    assert len(readers) > 4
    assert {name for name, places in readers.items() if places} == ASKS_FOR_DAYS


def test_a_reader_of_both_levels_is_found() -> None:
    both = '(select * from {{ ref("fct_engagement") }})'
    one = "(select * from {{ ref(\"fct_engagement\") }} where level = 'post')"
    assert len(readers_of_both_levels(both)) == 1
    assert readers_of_both_levels(one) == []
