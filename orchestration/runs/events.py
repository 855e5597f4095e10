"""Facts of a run from Dagster's event log: what was read, built, checked and published.

Looking into events belongs here, and only here. How the facts are worded is `summary.py`'s
business.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster._core.execution.stats import StepEventStatus

if TYPE_CHECKING:
    from dagster._core.storage.dagster_run import DagsterRun

PUBLICATION = dg.AssetKey(["serving", "publication"])
REVIEWS = "reviews"
CLOSED = "closed"

#: What extraction says of a stream, by the name of its metadata.
READ = ("files_read", "files_skipped", "files_rejected", "rows_read", "rows_in_lake")
REFUSED = "rows_quarantined"
#: What dbt says of a table, likewise.
DURATION = "Execution Duration"


@dataclass(frozen=True)
class Stream:
    """What extraction did with one stream in this run."""

    name: str
    counts: Mapping[str, int]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A check that did not pass: where, its name, and what it said, line by line."""

    table: str
    name: str
    is_error: bool
    words: str


@dataclass(frozen=True)
class Publication:
    """What was published, and what was published before; None where nothing was."""

    snapshot_id: str
    is_new: bool
    rows: Mapping[str, int]
    stores: str = ""
    before: Mapping[str, int] | None = None


@dataclass
class RunFacts:
    """A run as far as it has come."""

    run_id: str
    job: str
    partition: str | None = None
    seconds: float = 0.0
    has_failed: bool = False
    streams: list[Stream] = field(default_factory=list)
    files_without_stream: tuple[str, ...] = ()
    checks: Counter[str] = field(default_factory=Counter)
    broken: list[Check] = field(default_factory=list)
    publication: Publication | None = None
    reviews: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    steps: list[tuple[str, float]] = field(default_factory=list)
    models: list[tuple[str, float]] = field(default_factory=list)

    @property
    def warnings(self) -> list[str]:
        """What a person should look at although the run went on, one line each."""
        return [
            *(f"{check.table}: {check.name}" for check in self.broken if not check.is_error),
            *(
                f"{stream.name}: files that could not be read: {stream.counts['files_rejected']}"
                for stream in self.streams
                if stream.counts["files_rejected"]
            ),
            *(f"no stream for {line}" for line in self.files_without_stream),
        ]


def facts(instance: dg.DagsterInstance, run_id: str) -> RunFacts:
    """Everything known about a run from its events."""
    run = instance.get_run_by_id(run_id)
    found = RunFacts(run_id, run.job_name if run else "run", _partition(run))
    for event in _events(instance, run_id, dg.DagsterEventType.ASSET_MATERIALIZATION):
        _take(found, event)
    for event in _events(instance, run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        check = event.asset_check_evaluation_data
        is_error = check.severity == dg.AssetCheckSeverity.ERROR
        found.checks["passed" if check.passed else "failed" if is_error else "warned"] += 1
        if not check.passed:
            table = check.asset_key.path[-1]
            words = check.description or ""
            found.broken.append(Check(table, check.check_name, is_error, words))
    steps = instance.get_run_step_stats(run_id)
    found.has_failed = any(step.status == StepEventStatus.FAILURE for step in steps)
    spans = [
        (step.step_key, step.start_time, step.end_time or step.start_time)
        for step in steps
        if step.start_time is not None
    ]
    found.steps = [(name, end - start) for name, start, end in spans]
    if spans:
        found.seconds = max(end for *_, end in spans) - min(start for _, start, _ in spans)
    if found.publication is not None:
        found.publication = _compared(instance, found.publication)
    return found


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


def _partition(run: DagsterRun | None) -> str | None:
    return run.tags.get("dagster/partition") if run else None


def _take(found: RunFacts, event: dg.DagsterEvent) -> None:
    """Add what one materialization says."""
    key = event.asset_key
    values = {name: value.value for name, value in event.materialization.metadata.items()}
    if key == PUBLICATION:
        rows = values.get("rows") or {}
        found.publication = Publication(
            str(values["snapshot_id"]), bool(values["is_new"]), rows, str(values.get("stores", ""))
        )
    elif key.path[0] == REVIEWS:
        found.reviews.append(f"{key.path[-1]} {event.partition or ''}".strip())
    elif key.path[0] == CLOSED:
        found.closed.append(f"{key.path[-1]} {event.partition or ''}".strip())
    elif "files_read" in values:
        counts = {name: int(values.get(name) or 0) for name in (*READ, REFUSED)}
        found.streams.append(Stream("/".join(key.path), counts, _listed(values.get("problems"))))
    elif "undeclared_files" in values:
        found.files_without_stream = _listed(values.get("messages"))
    elif DURATION in values:
        found.models.append((key.path[-1], float(values[DURATION])))


def _listed(text: Any) -> tuple[str, ...]:
    return tuple(line.removeprefix("- ") for line in str(text or "").splitlines() if line.strip())


def _compared(instance: dg.DagsterInstance, publication: Publication) -> Publication:
    """The publication with the rows of the one that readers had before this run."""
    latest = instance.fetch_materializations(PUBLICATION, limit=2).records
    if len(latest) < 2:
        return publication
    metadata = latest[1].asset_materialization.metadata
    rows = metadata["rows"].value if "rows" in metadata else None
    return Publication(
        publication.snapshot_id, publication.is_new, publication.rows, publication.stores, rows
    )
