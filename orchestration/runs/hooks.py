"""What happens when a run ends or a step fails: the summary, the verdicts kept, the alert.

When something is said and to whom is decided here. What is said is in `summary.py`, how it is sent
in `orchestration/alerts.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration import alerts
from orchestration.history import record_run
from orchestration.runs import summary
from orchestration.runs.events import CLOSED, PUBLICATION, REVIEWS, RunFacts, facts, problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestration.settings import Settings

MOST_PROBLEMS = 20
MOST_LINES = 5
LONGEST_LINE = 300


def run_hooks(settings: Settings) -> set[dg.HookDefinition]:
    """The hooks of every job."""
    return {_at_failure(settings), _at_end(settings)}


def _at_failure(settings: Settings) -> dg.HookDefinition:
    @dg.failure_hook(name="failure_summary")
    def at_failure(context: dg.HookContext) -> None:
        instance, run_id = context.instance, context.run_id
        # A full disk may be what failed: what writes comes last, each whatever the others do.
        try:
            found = facts(instance, run_id)
            alerts.send(settings, failure_alert(found, problems(instance, run_id)))
        finally:
            try:
                summary.write(settings, run_id, summary.of_failure(instance, run_id, settings))
            finally:
                record_run(instance, run_id, settings)

    return at_failure


def _at_end(settings: Settings) -> dg.HookDefinition:
    @dg.success_hook(name="run_summary")
    def at_end(context: dg.HookContext) -> None:
        if not ends_a_run(context.step_key):
            return
        found = facts(context.instance, context.run_id)
        if found.has_failed:
            return
        if found.warnings and found.publication is not None:
            alerts.send(settings, warning_alert(found))
        summary.write(settings, context.run_id, summary.of_success(found))

    return at_end


def ends_a_run(step_key: str) -> bool:
    """Whether nothing of a job comes after a step: publishing, writing a review, closing."""
    last = (f"{REVIEWS}__", f"{CLOSED}__")
    return step_key == "__".join(PUBLICATION.path) or step_key.startswith(last)


def failure_alert(found: RunFacts, wrong: Iterable[tuple[str, str]]) -> alerts.Alert:
    """A failed run as an alert: what failed, without the rows that show it."""
    told = [{"where": where, "what": _without_rows(what)} for where, what in wrong]
    first = f": {told[0]['where']}" if told else ""
    return alerts.Alert(
        "run_failed",
        f"{found.job} failed{first}. {summary.undone(found)}.",
        {**_identity(found), "problems": told[:MOST_PROBLEMS], "problems_in_all": len(told)},
    )


def warning_alert(found: RunFacts) -> alerts.Alert:
    """A good run with warnings as an alert."""
    warnings = [line[:LONGEST_LINE] for line in found.warnings]
    return alerts.Alert(
        "run_warned",
        f"{summary.headline(found)}; {summary.counted(len(warnings), 'warning')}, "
        f"first {warnings[0]}.",
        {
            **_identity(found),
            "snapshot_id": found.publication.snapshot_id if found.publication else None,
            "problems": [{"where": line, "what": ""} for line in warnings[:MOST_PROBLEMS]],
            "problems_in_all": len(warnings),
        },
    )


def command_alert(
    name: str, error: Exception, *, before: str | None, now: str | None
) -> alerts.Alert:
    """A command that failed outside of its runs, as an alert.

    Args:
        name: the command.
        error: why it failed.
        before: the snapshot that readers had when it began.
        now: the snapshot that they have.
    """
    readers = f"readers have snapshot {now}" if now else "there is no snapshot yet"
    published = "Nothing new was published" if now == before else "It had published before that"
    return alerts.Alert(
        "run_failed",
        f"{name} failed outside of a run. {published}: {readers}.",
        {
            "job": name,
            "problems": [{"where": name, "what": _without_rows(str(error))}],
            "problems_in_all": 1,
        },
    )


def _identity(found: RunFacts) -> dict[str, Any]:
    return {
        "job": found.job,
        "partition": found.partition,
        "run_id": found.run_id,
        "summary": f"runs/{found.run_id}.md",
    }


def _without_rows(what: str) -> str:
    """The lines that say what is wrong; rows, which may hold what customers wrote, are indented."""
    lines = [line for line in what.splitlines() if line.strip() and not line.startswith("    ")]
    return "\n".join(line[:LONGEST_LINE] for line in lines[:MOST_LINES])
