"""When things run: jobs, schedules, landing sensor.

Selections and cron lines belong here. What a step does belongs to the module of its asset, what is
said when a run ends to `runs/`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.closing.archive import JOBS as CLOSING_JOBS
from orchestration.reviews.cadences import CADENCES, Cadence
from orchestration.reviews.periods import latest_complete
from orchestration.runs.hooks import run_hooks

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.settings import Settings

REVIEWS = "reviews"
CLOSINGS = "closings"
REFRESH = "refresh"


def jobs(settings: Settings) -> list[dg.UnresolvedAssetJobDefinition]:
    """Landing zone to published marts; and the review of one week, month or quarter."""
    hooks = run_hooks(settings)
    told = dg.AssetSelection.groups(REVIEWS, CLOSINGS)
    return [
        dg.define_asset_job(
            REFRESH,
            selection=dg.AssetSelection.all() - told,
            hooks=hooks,
            description="Landing zone to published marts: extract, build, check, publish.",
        ),
        *(
            dg.define_asset_job(
                cadence.job,
                selection=dg.AssetSelection.assets([REVIEWS, cadence.name]),
                hooks=hooks,
                description=f"{cadence.description} From the published marts.",
            )
            for cadence in CADENCES
        ),
        *(
            dg.define_asset_job(
                job,
                selection=dg.AssetSelection.assets(["closed", kind]),
                hooks=hooks,
                description=f"A {kind} closed: its numbers and review stay as they are published.",
            )
            for kind, job in CLOSING_JOBS.items()
        ),
    ]


def schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """Every morning a refresh; after the end of a week, a month, a quarter its review.

    Times are in the reporting zone, so that they follow its daylight saving.
    """
    daily = dg.ScheduleDefinition(
        name="refresh_schedule",
        job_name=REFRESH,
        cron_schedule="0 5 * * *",
        execution_timezone=settings.reporting_zone,
        description="Every morning before work begins.",
    )
    return [daily, *(_review_schedule(settings, cadence) for cadence in CADENCES)]


def period_to_review(settings: Settings, cadence: Cadence, at: datetime) -> str:
    """Label of the period whose review is due at an instant: the one that ended last."""
    zone, first_month = settings.reporting_zone, settings.fiscal_year_start_month
    return latest_complete(cadence.period_kind, at, zone, first_month)


def _review_schedule(settings: Settings, cadence: Cadence) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=cadence.schedule,
        job_name=cadence.job,
        cron_schedule=cadence.cron(settings.fiscal_year_start_month),
        execution_timezone=settings.reporting_zone,
        description=f"The review of the {cadence.period_kind} that ended last.",
    )
    def review(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        label = period_to_review(settings, cadence, context.scheduled_execution_time)
        if not context.instance.has_dynamic_partition(cadence.partitions, label):
            return dg.SkipReason(f"Nothing is published for {label} yet: run {REFRESH} first.")
        return dg.RunRequest(run_key=label, partition_key=label)

    return review


def landing_sensor(settings: Settings) -> dg.SensorDefinition:
    """Asks for a refresh when files of the landing zone have changed and are no longer changing."""

    @dg.sensor(
        name="landing_zone_sensor",
        job_name=REFRESH,
        minimum_interval_seconds=60,
        description="New or changed files in the landing zone, once they have stopped growing.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        seen = landing_state(settings.landing)
        cursor = json.loads(context.cursor) if context.cursor else {"seen": "", "asked": ""}
        is_settled = seen == cursor["seen"]
        is_new = seen != cursor["asked"]
        asked = seen if is_settled else cursor["asked"]
        context.update_cursor(json.dumps({"seen": seen, "asked": asked}))
        if not is_new:
            return dg.SkipReason("Nothing new in the landing zone.")
        if not is_settled:
            return dg.SkipReason("Files are still changing; looking again next time.")
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)])

    return sensor


def landing_state(landing: Path) -> str:
    """A digest of which files there are, how long they are and when they were written."""
    import hashlib

    digest = hashlib.sha256()
    for path in sorted(landing.rglob("*")):
        if path.is_file():
            status = path.stat()
            entry = (path.relative_to(landing).as_posix(), status.st_size, status.st_mtime_ns)
            digest.update(repr(entry).encode())
    return digest.hexdigest()
