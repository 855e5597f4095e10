"""What the review tests share: a report made once per kind of snapshot, and one browser.

Fixtures only; what is expected of them is said in the tests.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.reviews import monthly as by_month
from orchestration.reviews import quarterly as by_quarter
from orchestration.reviews import weekly as by_week
from orchestration.reviews import writing
from orchestration.reviews.monthly import write_monthly_review
from orchestration.reviews.periods import period_of, shifted
from orchestration.reviews.quarterly import write_quarterly_review
from orchestration.reviews.serving import SERVING_FILE, Snapshot
from orchestration.reviews.weekly import write_weekly_review
from tests.conftest import Pipeline
from tests.reviews.chromium import Browser
from tests.reviews.published import LEVELS, Published

PLANS = (by_week.PLAN, by_month.PLAN, by_quarter.PLAN)
KINDS = tuple(plan.cadence.name for plan in PLANS)

HOSTILE_TOPIC = '<img src=x onerror=alert(1)>"|`[x](javascript:1)'
HOSTILE_TEAM = '=HYPERLINK("http://evil.example","click")'
HOSTILE_TEXTS = (
    "<script>alert('love')</script> & <b>bold</b>",
    "| [click](javascript:alert(1)) ![x](http://evil.example/x.png) `code` **bold** @someone",
    "\u202eright to left\u202c\x00 and\r\nlines",
    "long " * 200,
)


@dataclass(frozen=True)
class Report:
    """A written report and the snapshot it was made from."""

    data_dir: Path
    folder: Path

    @property
    def page(self) -> Path:
        return self.folder / "index.html"

    @property
    def serving(self) -> Path:
        return self.data_dir / SERVING_FILE


def made(data_dir: Path, published: Published) -> Report:
    published.write(data_dir)
    return Report(data_dir, write_quarterly_review(data_dir, published.last.label).folder)


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report of an ordinary quarter."""
    return made(tmp_path_factory.mktemp("ordinary"), Published())


@pytest.fixture(scope="session")
def monthly(report: Report) -> Report:
    """The review of the last month of the same snapshot."""
    return Report(report.data_dir, write_monthly_review(report.data_dir, "2026-03").folder)


@pytest.fixture(scope="session")
def weekly(report: Report) -> Report:
    """The update of the last whole week of the same snapshot."""
    return Report(report.data_dir, write_weekly_review(report.data_dir, "2026-W13").folder)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report of a quarter in which names and messages try to break out of the page."""
    quotes = [{"message_text": text} for text in HOSTILE_TEXTS]
    quotes[0]["permalink"] = "javascript:alert(document.domain)"
    published = Published(extra_topics=(HOSTILE_TOPIC,), extra_teams=(HOSTILE_TEAM,), quotes=quotes)
    return made(tmp_path_factory.mktemp("hostile"), published)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report of a snapshot without web, surveys, posts, files and quotes."""
    absent = ["K43", "K44", "K62", "K63", "K63_native", "K64", "K65", "K68", "K68_share", "K69"]
    absent += [kpi_id for kpi_id in LEVELS if kpi_id.startswith("K71")]
    nulls = dict.fromkeys(absent, "no_source")
    without = ("extraction_files", "kpi_targets", "dim_network", "exemplars")
    return made(tmp_path_factory.mktemp("bare"), Published(nulls=nulls, without=without))


@pytest.fixture(scope="session")
def whole(pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The reviews of the simulated company by kind, with all that a real run publishes."""
    data_dir = tmp_path_factory.mktemp("whole")
    serving = pipeline.settings.serving_dir.resolve()
    shutil.copytree(serving, data_dir / "serving", symlinks=True)
    return reviews_of(data_dir)


def reviews_of(data_dir: Path) -> dict[str, Report]:
    """A review of every cadence of what is published in a data folder, of the last whole period."""
    with Snapshot(data_dir) as snapshot:
        today = snapshot.publication().as_of_on
    found = {}
    for plan in PLANS:
        kind = plan.cadence.period_kind
        period = shifted(period_of(kind, today), -1)
        folder = writing.write(data_dir, plan, period.label).folder
        found[plan.cadence.name] = Report(data_dir, folder)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with Browser() as opened:
        yield opened
