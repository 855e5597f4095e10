"""Which review a schedule asks for: the period that ended last, in the zone and fiscal year set."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from orchestration import automation, cli
from orchestration.reviews import pages
from orchestration.reviews.cadences import CADENCES, MONTHLY, QUARTERLY, WEEKLY, Cadence
from orchestration.settings import Settings

ZONE = "America/New_York"


@pytest.mark.parametrize(
    ("cadence", "at", "first_month", "label"),
    [
        (WEEKLY, "2026-03-30T07:00", 1, "2026-W13"),
        (WEEKLY, "2027-01-04T07:00", 1, "2026-W53"),
        (WEEKLY, "2027-01-11T07:00", 1, "2027-W01"),
        (WEEKLY, "2026-01-05T07:00", 1, "2026-W01"),
        (MONTHLY, "2026-04-07T07:00", 1, "2026-03"),
        (MONTHLY, "2027-01-07T07:00", 1, "2026-12"),
        (QUARTERLY, "2027-01-06T07:00", 1, "2026-Q4"),
        # The fiscal year begins in February: November to January is not over in January.
        (QUARTERLY, "2027-01-06T07:00", 2, "2026-Q3"),
        (QUARTERLY, "2027-02-06T07:00", 2, "2026-Q4"),
    ],
)
def test_a_schedule_asks_for_the_period_that_ended_last(
    cadence: Cadence, at: str, first_month: int, label: str
) -> None:
    settings = Settings(reporting_zone=ZONE, fiscal_year_start_month=first_month)
    local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(ZONE))
    assert automation.period_to_review(settings, cadence, local) == label


def test_the_quarterly_schedule_follows_the_fiscal_year() -> None:
    assert QUARTERLY.cron() == "0 7 6 1,4,7,10 *"
    assert QUARTERLY.cron(2) == "0 7 6 2,5,8,11 *"
    assert QUARTERLY.cron(12) == "0 7 6 3,6,9,12 *"


def test_a_review_is_left_as_it_is_only_when_it_is_of_the_published_snapshot(
    tmp_path: Path,
) -> None:
    settings = Settings(data_dir=tmp_path)
    page = pages.page_of(tmp_path, WEEKLY.name, "2026-W13")
    assert not cli.is_written(settings, WEEKLY, "2026-W13")
    page.parent.mkdir(parents=True)
    snapshot, locale = '<meta name="snapshot" content="0a1b">', '<meta name="locale" content="{}">'
    page.write_text(f"<head>{snapshot}{locale.format('en_US')}</head>")
    assert not cli.is_written(settings, WEEKLY, "2026-W13")
    for published, same in (("0a1b", True), ("ffff", False)):
        (settings.serving_dir / "snapshots" / published).mkdir(parents=True)
        (settings.serving_dir / "current").unlink(missing_ok=True)
        (settings.serving_dir / "current").symlink_to(Path("snapshots") / published)
        assert cli.is_written(settings, WEEKLY, "2026-W13") is same
    (settings.serving_dir / "current").unlink()
    (settings.serving_dir / "current").symlink_to(Path("snapshots") / "0a1b")
    page.write_text(f"<head>{snapshot}{locale.format('de_DE')}</head>")
    assert not cli.is_written(settings, WEEKLY, "2026-W13")
    assert cli.is_written(Settings(data_dir=tmp_path, locale="de_DE"), WEEKLY, "2026-W13")
    page.write_text("<head></head>")
    assert not cli.is_written(settings, WEEKLY, "2026-W13")


def test_periods_with_numbers_become_the_partitions_of_their_reviews(pipeline) -> None:
    for cadence in CADENCES:
        labels = pipeline.instance.get_dynamic_partitions(cadence.partitions)
        found = dict(cli.reviewed_periods(pipeline.settings))[cadence]
        assert set(found) <= set(labels)
        assert len(found) == min(cadence.refreshed, len(labels)) > 0
        assert found == sorted(found)
