"""When things run: the landing sensor waits for files to settle, schedules follow the zone."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration import automation
from orchestration.reviews.cadences import CADENCES, QUARTERLY
from orchestration.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path, reporting_zone="America/New_York")
    settings.landing.mkdir()
    return settings


def ask(settings: Settings, cursor: str | None) -> tuple[dg.SensorExecutionData, str]:
    with dg.build_sensor_context(cursor=cursor) as context:
        answer = automation.landing_sensor(settings).evaluate_tick(context)
    return answer, answer.cursor


def test_the_sensor_waits_until_files_stop_growing(settings: Settings) -> None:
    file = settings.landing / "x" / "posts" / "a.csv"
    file.parent.mkdir(parents=True)
    file.write_text("half")
    answer, cursor = ask(settings, None)
    assert answer.run_requests == []
    file.write_text("half and half")
    answer, cursor = ask(settings, cursor)
    assert answer.run_requests == []
    answer, cursor = ask(settings, cursor)
    assert len(answer.run_requests) == 1
    answer, cursor = ask(settings, cursor)
    assert answer.run_requests == []


def test_the_sensor_asks_once_for_a_state(settings: Settings) -> None:
    file = settings.landing / "a.csv"
    file.write_text("a")
    _, cursor = ask(settings, None)
    first, cursor = ask(settings, cursor)
    os.utime(file, (1, 1))
    _, cursor = ask(settings, cursor)
    second, _ = ask(settings, cursor)
    assert first.run_requests[0].run_key != second.run_requests[0].run_key


def test_an_empty_landing_zone_asks_once_at_most(settings: Settings) -> None:
    _, cursor = ask(settings, None)
    ask(settings, cursor)
    answer, _ = ask(settings, ask(settings, cursor)[1])
    assert answer.run_requests == []


def test_schedules_follow_the_reporting_zone(settings: Settings) -> None:
    schedules = automation.schedules(settings)
    assert {schedule.execution_timezone for schedule in schedules} == {"America/New_York"}
    assert {schedule.job_name for schedule in schedules} == {
        automation.REFRESH, *(cadence.job for cadence in CADENCES)
    }  # fmt: skip


def quarterly(settings: Settings, *published: str) -> dg.RunRequest | dg.SkipReason:
    """What the schedule asks for on 6 April when these quarters are published."""
    [schedule] = [s for s in automation.schedules(settings) if s.name == QUARTERLY.schedule]
    at = datetime(2026, 4, 6, 11, tzinfo=UTC)
    # What is opened is closed again, or the next definitions would look for state in it.
    with dg.DagsterInstance.local_temp(str(settings.data_dir)) as instance:
        instance.add_dynamic_partitions(QUARTERLY.partitions, list(published))
        with dg.build_schedule_context(instance, scheduled_execution_time=at) as context:
            return schedule(context)


def test_the_review_of_the_quarter_that_ended_is_asked_for(settings: Settings) -> None:
    assert quarterly(settings, "2025-Q4", "2026-Q1").partition_key == "2026-Q1"


def test_a_quarter_without_numbers_is_skipped_with_a_reason(settings: Settings) -> None:
    assert "Nothing is published for 2026-Q1" in quarterly(settings, "2025-Q4").skip_message
