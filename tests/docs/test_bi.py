"""The page on reading the marts does what it says, on a published snapshot.

What a dashboard shows is tested with the dashboard; Superset and ODBC are not installed here.
"""

from __future__ import annotations

import re

import pytest

from tests.conftest import PROJECT, Pipeline

PAGE = PROJECT / "docs" / "bi.md"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)


def _text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def test_the_example_in_python_reads_the_scorecard(pipeline: Pipeline, monkeypatch) -> None:
    [example] = [block for block in _blocks("python") if "duckdb.connect" in block]
    monkeypatch.chdir(pipeline.settings.data_dir.parent)
    names: dict[str, object] = {}
    exec(example.replace("data/serving", f"{pipeline.settings.data_dir.name}/serving"), names)
    frame = names["frame"]
    told = pipeline.serving(
        "select count(*), sum(value) from marts.kpi_scorecard"
        " where kpi_id = 'K04' and period_kind = 'month' and slice_kind = 'overall'"
    )
    [(months, added)] = told
    assert len(frame) == months
    assert frame["value"].sum() == pytest.approx(added)
    assert frame["value"].notna().sum() > 3


def test_the_reader_installed_and_the_writer_are_of_one_storage_version() -> None:
    [writes] = re.findall(r"^duckdb==(\d+\.\d+)", _text("requirements.lock"), re.M)
    [reads] = re.findall(r"'duckdb==(\d+\.\d+)", PAGE.read_text(encoding="utf-8"))
    assert reads == writes


def test_the_command_that_makes_the_file_is_a_target() -> None:
    makefile = _text("Makefile")
    page = PAGE.read_text(encoding="utf-8")
    for target in set(re.findall(r"^make (\w+)", page, re.M)):
        assert re.search(rf"^{target}:", makefile, re.M), target
    assert "social-care.zip" in page
    assert '"social-care.zip"' in _text("bi/superset/bundle.py")
