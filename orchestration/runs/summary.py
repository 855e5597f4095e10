"""A run in words: what was read, built, checked, published and changed, or what failed and why.

Wording and layout of `<data>/runs/<run id>.md` belong here. The facts come from `events.py`; text
from files and errors is hostile and cannot leave its cell or its fence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from orchestration.closing.archive import JOBS as CLOSING_JOBS
from orchestration.reviews.cadences import CADENCES
from orchestration.runs.events import RunFacts, facts, problems

if TYPE_CHECKING:
    from pathlib import Path

    import dagster as dg

    from orchestration.settings import Settings

SLOWEST = 5
MOST_CHANGES = 12
MOST_WARNINGS = 20
LONGEST_CELL = 200
REVIEW_JOBS = {cadence.job for cadence in CADENCES}


def path_of(settings: Settings, run_id: str) -> Path:
    """Where the summary of a run is."""
    return settings.data_dir / "runs" / f"{run_id}.md"


def write(settings: Settings, run_id: str, text: str) -> Path:
    """Write a summary, in place of an earlier one of the same run."""
    path = path_of(settings, run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def of_failure(instance: dg.DagsterInstance, run_id: str, settings: Settings) -> str:
    """What went wrong in a run, where, what it means for readers and what to do, as Markdown."""
    from orchestration.publish import current_snapshot

    found = facts(instance, run_id)
    current = current_snapshot(settings)
    readers = f"readers have snapshot {current}." if current else "there is no snapshot yet."
    lines = [f"# {_title(found)} failed", "", f"Run {run_id}. {undone(found)}: {readers}"]
    for where, what in problems(instance, run_id):
        lines += ["", f"## {_plain(where)}", "", "```", what.replace("```", "'''"), "```"]
    lines += [
        "",
        "What to do: mend what is named above (a file, a row, a setting or the code), then run",
        "the same command again. Files that were read already are not read again.",
        "",
        *_read(found),
        *_checked(found),
    ]
    return "\n".join(lines)


def of_success(found: RunFacts) -> str:
    """What a good run did, as Markdown."""
    warnings = found.warnings
    lines = [
        f"# {_title(found)} succeeded"
        + (f", with {counted(len(warnings), 'warning')}" if warnings else ""),
        "",
        f"Run {found.run_id}, {_duration(found.seconds)}.",
        "",
        *_warned(found),
        *_published(found),
        *_read(found),
        *_checked(found),
        *_slowest(found),
    ]
    return "\n".join(lines)


def undone(found: RunFacts) -> str:
    """What a failed run has not done, by its job."""
    if found.job in REVIEW_JOBS:
        return "No review was written"
    if found.job in CLOSING_JOBS.values():
        return "The closing was not finished"
    return "Nothing was published"


def headline(found: RunFacts) -> str:
    """A good run in one line."""
    parts = []
    if found.publication:
        new = "new snapshot" if found.publication.is_new else "unchanged snapshot"
        parts.append(f"{new} {found.publication.snapshot_id}")
    if found.checks:
        parts.append(f"{found.checks['passed']:,} of {sum(found.checks.values()):,} checks passed")
    return f"{_title(found)} succeeded" + (f": {', '.join(parts)}" if parts else "")


def _title(found: RunFacts) -> str:
    return _plain(f"{found.job} {found.partition or ''}".strip())


def _warned(found: RunFacts) -> list[str]:
    if not found.warnings:
        return []
    lines = ["## Look at", ""]
    for check in found.broken:
        lines.append(f"- {_plain(check.table)}: {_plain(check.name)}")
        lines += [f"  {_plain(line)}" for line in check.words.splitlines()[:1]]
    for stream in found.streams:
        lines += [f"- {_plain(problem)}" for problem in stream.problems]
    lines += [f"- {_plain(line)}" for line in found.files_without_stream]
    more = len(lines) - 2 - MOST_WARNINGS
    return [*lines[: 2 + MOST_WARNINGS], *([f"- and {more} more lines"] if more > 0 else []), ""]


def _published(found: RunFacts) -> list[str]:
    lines = []
    if found.reviews:
        lines += [f"Wrote the review {_plain(review)}." for review in found.reviews] + [""]
    if found.closed:
        lines += [f"Closed the {_plain(closed)}." for closed in found.closed] + [""]
    publication = found.publication
    if publication is None:
        return lines
    rows = sum(publication.rows.values())
    tables = counted(len(publication.rows), "table")
    told = f"Snapshot {publication.snapshot_id}: {tables}, {counted(rows, 'row')}"
    lines += [
        "## Published",
        "",
        told + (f", in {publication.stores}." if publication.stores else "."),
    ]
    if not publication.is_new:
        return [*lines, "Readers have exactly this already; nothing was switched.", ""]
    if publication.before is None:
        return [*lines, "The first snapshot of this data folder.", ""]
    changes = _changes(publication.before, publication.rows)
    if not changes:
        return [*lines, "", "Every table has as many rows as before.", ""]
    shown = changes[:MOST_CHANGES]
    more = len(changes) - len(shown)
    return [
        *lines,
        "",
        *_table(("what changed", "rows before", "rows now"), shown),
        *(["", f"And {counted(more, 'more table')}."] if more else []),
        "",
    ]


def _changes(before: Mapping[str, int], now: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """Tables whose rows changed, those that moved most of themselves first."""
    changed = [name for name in {*before, *now} if before.get(name) != now.get(name)]

    def share(name: str) -> float:
        old, new = before.get(name, 0), now.get(name, 0)
        return abs(new - old) / max(old, new, 1)

    return [
        (
            name,
            f"{before[name]:,}" if name in before else "no such table",
            f"{now[name]:,}" if name in now else "no such table",
        )
        for name in sorted(changed, key=lambda each: (-share(each), each))
    ]


def _read(found: RunFacts) -> list[str]:
    read = [stream for stream in found.streams if stream.counts["files_read"]]
    if not found.streams:
        return []
    lines = ["## Read", ""]
    skipped = sum(stream.counts["files_skipped"] for stream in found.streams)
    if not read:
        return [*lines, f"No new file. Read before and unchanged: {counted(skipped, 'file')}.", ""]
    counts = [
        ("files_read", "files"),
        ("files_rejected", "refused whole"),
        ("rows_read", "rows"),
        ("rows_in_lake", "kept"),
        ("rows_quarantined", "set aside"),
    ]
    rows = [
        (stream.name, *(f"{stream.counts[name]:,}" for name, _ in counts))
        for stream in sorted(read, key=lambda each: each.name)
    ]
    return [
        *lines,
        *_table(("stream", *(label for _, label in counts)), rows),
        "",
        f"Read before and unchanged: {counted(skipped, 'file')}.",
        "",
    ]


def _checked(found: RunFacts) -> list[str]:
    if not (found.models or found.checks):
        return []
    outcomes = ", ".join(
        f"{found.checks[each]:,} {each}" for each in ("passed", "warned", "failed")
    )
    return [
        "## Built and checked",
        "",
        f"{counted(len(found.models), 'table')}; checks: {outcomes}.",
        "",
    ]


def _slowest(found: RunFacts) -> list[str]:
    lines = []
    steps = [(name.replace("__", "/"), seconds) for name, seconds in found.steps]
    for title, spans in (("step", steps), ("table", found.models)):
        slowest = sorted(spans, key=lambda each: (-each[1], each[0]))[:SLOWEST]
        if len(spans) > 1:
            rows = [(name, f"{seconds:.1f}") for name, seconds in slowest]
            lines += [*_table((f"slowest {title}s", "seconds"), rows), ""]
    return ["## Time", "", *lines] if lines else []


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    marks = ["---", *("---:" for _ in head[1:])]
    return [
        "| " + " | ".join(_plain(cell) for cell in line) + " |" for line in (head, marks, *rows)
    ]


def _plain(text: str) -> str:
    """Text from outside on one line, without anything that Markdown or HTML would act on."""
    line = " ".join(text.split())[:LONGEST_CELL]
    for sign, harmless in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;")):
        line = line.replace(sign, harmless)
    for sign in "\\`*[]":
        line = line.replace(sign, f"\\{sign}")
    return line


def counted(count: int, thing: str) -> str:
    """`1 file`, `1,200 files`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"
