"""Suites are read as they are written, and a mistake in one is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.errors import DeclarationError
from orchestration.quality.expectations import SUITES, expectations
from orchestration.quality.loading import load

RULE = """
      frame: agents
      why: Because.
"""


def written(folder: Path, entry: str, table: str = "kpi_agents", suite: str = "ranges") -> Path:
    text = f"table: {table}\nsuites:\n  {suite}:\n    - {entry.strip()}{RULE}"
    (folder / "kpi_agents.yml").write_text(text)
    return folder


def test_an_entry_about_columns_is_a_rule_each(tmp_path: Path) -> None:
    entry = """name: "{column} lies between {lowest} and {highest}"
      between: {csat: [0, 1], replies: [0, null]}"""
    first, second = load(written(tmp_path, entry))
    assert first.name == "csat lies between 0 and 1"
    assert second.name == "replies lies between 0 and any number"
    assert second.arguments == {"column": "replies", "min_value": 0, "max_value": None}
    assert (first.table, first.suite, first.severity, first.where) == (
        "kpi_agents",
        "ranges",
        "error",
        "true",
    )


def test_a_part_is_not_larger_than_its_whole(tmp_path: Path) -> None:
    entry = 'name: "{part} is part of {whole}"\n      parts: {closed: cases}\n      severity: warn'
    [rule] = load(written(tmp_path, entry))
    assert rule.name == "closed is part of cases"
    assert rule.rule == "ExpectColumnPairValuesAToBeGreaterThanB"
    assert (rule.arguments["column_A"], rule.arguments["column_B"]) == ("cases", "closed")
    assert rule.severity == "warn"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("name: a\n      column: x", "expected one of"),
        ("name: a\n      column: x\n      between: [0, 1]\n      because: no", "because"),
        ("name: a\n      column: x\n      between: [1]", "expected two bounds"),
        ("name: a\n      column: x\n      between: [null, null]", "expected two bounds"),
        ("name: a\n      column: x\n      between: ['1e-6', 1]", "expected two bounds"),
        ("name: a\n      column: x\n      between: [2, 1]", "above the upper"),
        ("name: a\n      column: x\n      in: []", "list of values"),
        ("name: a\n      column: x\n      is: fine", "present or unique"),
        ("name: a\n      parts: [x, y]", "part: whole"),
        ("name: a\n      parts: {x: y}\n      severity: fatal", "error or warn"),
        ('name: "{colum} is there"\n      column: x\n      is: present', "nothing fills"),
        ("column: x\n      is: present", "expected name as text"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, entry: str, words: str) -> None:
    with pytest.raises(DeclarationError, match=words) as raised:
        load(written(tmp_path, entry))
    assert str(raised.value).startswith("kpi_agents.yml, ranges, rule 1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("table: [", "no YAML"),
        ("suites: {}", "expected the keys table and suites"),
        ("table: kpi_topics\nsuites: {ranges: [{}]}", "expected table: kpi_agents"),
        ("table: kpi_agents\nsuites: {looks: [{}]}", "expected suites called"),
        ("table: kpi_agents\nsuites: {ranges: {}}", "expected a list of rules"),
        ("table: kpi_agents\nsuites: {ranges: [{}]}", "expected name as text"),
        ("table: kpi_agents\nsuites: {ranges: [words]}", "expected keys and values"),
        (
            "table: kpi_agents\nsuites: {ranges: [{name: a, why: b, frame: agent}]}",
            "no frame 'agent'; there are",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "kpi_agents.yml").write_text(text)
    with pytest.raises(DeclarationError, match=words):
        load(tmp_path)


def test_a_name_is_given_once(tmp_path: Path) -> None:
    written(tmp_path, "name: a\n      column: x\n      is: present")
    other = (tmp_path / "kpi_agents.yml").read_text().replace("kpi_agents", "kpi_topics")
    (tmp_path / "kpi_topics.yml").write_text(other)
    with pytest.raises(DeclarationError, match="is taken by a rule of kpi_agents"):
        load(tmp_path)


def test_every_file_is_of_a_mart(manifest) -> None:
    marts = {n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "model"}
    assert {path.stem for path in SUITES.glob("*.yml")} <= marts
    assert len(expectations()) > 150
