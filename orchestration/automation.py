"""When things run and what is said when they fail: jobs, schedules, landing sensor, run summary.

Selections, cron lines and wording of run summaries belong here. What a step does belongs to the
module of its asset.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.closing.archive import CADENCES as CLOSED
from orchestration.history import record_run
from orchestration.reviews.cadences import CADENCES, Cadence
from orchestration.reviews.periods import latest_complete

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.settings import Settings

REVIEWS = "reviews"
CLOSINGS = "closings"
REFRESH = "refresh"


def jobs(settings: Settings) -> list[dg.UnresolvedAssetJobDefinition]:
    """Landing zone to published marts; and the review of one week, month or quarter."""
    hooks = {failure_summary(settings)}
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
                f"{cadence}_closing",
                selection=dg.AssetSelection.assets(["closed", kind]),
                hooks=hooks,
                description=f"A {kind} closed: its numbers and review stay as they are published.",
            )
            for kind, cadence in CLOSED.items()
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


def failure_summary(settings: Settings) -> dg.HookDefinition:
    """A hook that writes `<data>/runs/<run id>.md` when a step fails, and keeps its verdicts."""

    @dg.failure_hook(name="failure_summary")
    def write(context: dg.HookContext) -> None:
        folder = settings.data_dir / "runs"
        folder.mkdir(parents=True, exist_ok=True)
        text = summary(context.instance, context.run_id, settings)
        (folder / f"{context.run_id}.md").write_text(text)
        record_run(context.instance, context.run_id, settings)

    return write


def summary(instance: dg.DagsterInstance, run_id: str, settings: Settings) -> str:
    """What went wrong in a run, where, what it means for readers and what to do, as Markdown."""
    from orchestration.publish import current_snapshot

    run = instance.get_run_by_id(run_id)
    current = current_snapshot(settings)
    lines = [
        f"# {run.job_name if run else 'run'} failed",
        "",
        f"Run {run_id}. Nothing was published: "
        + (f"readers still have snapshot {current}." if current else "there is no snapshot yet."),
    ]
    for where, what in problems(instance, run_id):
        lines += ["", f"## {where}", "", "```", what.replace("```", "'''"), "```"]
    lines += [
        "",
        "What to do: mend what is named above (a file, a row, a setting or the code), then run",
        "the same command again. Files that were read already are not read again.",
        "",
    ]
    return "\n".join(lines)


def problems(instance: dg.DagsterInstance, run_id: str) -> Iterator[tuple[str, str]]:
    """Failed checks with their rows, then failed steps with their errors: (where, what)."""
    failed_checks = set()
    for event in _events(instance, run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        check = event.asset_check_evaluation_data
        is_error = check.severity == dg.AssetCheckSeverity.ERROR
        if not check.passed and is_error and check.description:
            failed_checks.add(event.step_key)
            yield f"check {check.asset_key.to_user_string()}: {check.check_name}", check.description
    for event in _events(instance, run_id, dg.DagsterEventType.STEP_FAILURE):
        if event.step_key not in failed_checks:
            yield f"step {event.step_key}", message(event)


def message(event: dg.DagsterEvent) -> str:
    """The words of the innermost error of a failed step, without the names of our types."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    text = error.message.strip() if error else "no error was recorded"
    return re.sub(r"^orchestration\.errors\.\w+: ", "", text)


def _events(
    instance: dg.DagsterInstance, run_id: str, kind: dg.DagsterEventType
) -> Iterator[dg.DagsterEvent]:
    for entry in instance.all_logs(run_id, of_type=kind):
        yield entry.get_dagster_event()
