"""Pages lead where they say and name what exists: links, settings, dependencies, checks, schedules.

What a page means is for people to judge. The KPI dictionary and the example of a new source have
modules of their own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGES = sorted(
    [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("benchmarks/*.md")]
)


def _text(page: str) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_links_lead_to_files_and_headings(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.M)
            assert anchor in map(_anchor, headings), target


def test_every_setting_is_explained() -> None:
    from orchestration.settings import Settings, variable

    names = set(map(variable, Settings.model_fields))
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", _text("docs/operating.md"), re.M)) == names


def test_every_dependency_has_a_reason() -> None:
    listed = _text("requirements.in") + _text("requirements-spark.in")
    wanted = re.findall(r"^([a-z0-9-]+)", listed, re.M)
    section = _text("docs/decisions.md").split("## Dependencies")[1]
    explained = set(re.findall(r"`([a-z0-9-]+)`", section))
    assert set(wanted) == explained


def test_schedules_and_sensor_are_as_the_page_says() -> None:
    from orchestration import automation
    from orchestration.settings import Settings

    settings = Settings()
    schedules = {s.name: s.cron_schedule for s in automation.schedules(settings)}
    names = {*schedules, automation.landing_sensor(settings).name}
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", _text("docs/operating.md"), re.M)
    told = {name: when for name, when in rows if name.endswith(("_schedule", "_sensor"))}
    assert set(told) == names
    for name, cron in schedules.items():
        minute, hour = cron.split()[:2]
        assert f"{int(hour):02}:{int(minute):02}" in told[name]


def test_quarantine_reasons_of_the_page_are_reasons_extraction_gives() -> None:
    source = "".join(p.read_text("utf-8") for p in (PROJECT / "orchestration/exports").glob("*.py"))
    table = _text("docs/operating.md").split("| reason begins with |")[1].split("\n\n")[0]
    reasons = re.findall(r"\*([^*]+)\*", table)
    assert len(reasons) > 15
    assert [reason for reason in reasons if reason not in source] == []


def test_models_and_folders_named_in_pages_exist() -> None:
    models = {path.stem for path in PROJECT.glob("models/**/*.sql")}
    own = {"stg_mastodon__posts", "kpi_values_quick"}
    for page in PROJECT.glob("docs/*.md"):
        named = re.findall(
            r"\b((?:int|fct|dim|stg)_[a-z0-9_]+|kpi_values_[a-z]+)\b", page.read_text("utf-8")
        )
        assert set(named) - models - own == set(), page.name
