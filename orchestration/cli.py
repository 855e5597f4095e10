"""The commands behind make. They say what happens and where results are.

Talking to a person and exit codes belong here. What a step does is in the module of its layer; the
commands run the same jobs as the schedules do.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.closing.commands import close, closed
from orchestration.errors import WarehouseError
from orchestration.publish import current_snapshot
from orchestration.publish.commands import rollback, snapshots
from orchestration.settings import DEFAULTS_FILE, Settings, load_settings

if TYPE_CHECKING:
    import dagster as dg

    from orchestration.reviews.cadences import Cadence

SECONDS_BETWEEN_LINES = 5.0
LINES_OF_A_LIST = 4

DAGSTER_YAML = """\
# Written by `make ui` and `make refresh`. One process writes the warehouse: a pool has one place.
telemetry:
  enabled: false
concurrency:
  pools:
    default_limit: 1
freshness:
  enabled: true
"""

SIMULATED = """\
# Written by `make run` with the simulated company. The environment and .env win over this file.
WAREHOUSE_AS_OF={as_of}
WAREHOUSE_REPORTING_ZONE={zone}
WAREHOUSE_EXPORT_ZONES={export_zones}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m orchestration", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        its_parser = commands.add_parser(name, help=command.words, description=command.words)
        for argument in command.arguments:
            its_parser.add_argument(argument.name, **argument.how)
    options = vars(parser.parse_args(arguments))
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    name = options.pop("command")
    settings = before = None
    try:
        settings = load_settings()
        before = current_snapshot(settings)
        return COMMANDS[name].function(settings, **options)
    except WarehouseError as error:
        if settings is not None and name in ALERTING:
            _alert(settings, name, error, before)
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept; run the same command again.", file=sys.stderr)
        return 130


def run(settings: Settings) -> int:
    """Simulate a company into the empty landing zone, then refresh as of the end of its year."""
    from simulator.build import DEFAULT_AS_OF, DEFAULT_ZONE, simulate
    from simulator.company import EXPORT_ZONES

    defaults = settings.data_dir / DEFAULTS_FILE
    has_files = settings.landing.is_dir() and any(p.is_file() for p in settings.landing.rglob("*"))
    if has_files and not defaults.is_file():
        raise WarehouseError(
            f"{settings.landing} has files already, and a simulated company goes only into an "
            "empty landing zone. Use `make refresh` for these files, or `make run DATA=<folder>`."
        )
    if has_files:
        print(f"The simulated company is in {_shown(settings.landing)} already.")
    else:
        print(f"Simulating a company into {_shown(settings.landing)} ...")
        summary = simulate(settings.landing, settings.data_dir / "truth")
        print("\n".join(f"  {line}" for line in summary.lines()))
        export_zones = ",".join(f"{source}={zone}" for source, zone in EXPORT_ZONES.items())
        defaults.write_text(
            SIMULATED.format(as_of=DEFAULT_AS_OF, zone=DEFAULT_ZONE, export_zones=export_zones)
        )
    return refresh(load_settings())


def refresh(
    settings: Settings, full: bool = False, from_on: str | None = None, to_on: str | None = None
) -> int:
    """Landing zone to published marts and reviews.

    Args:
        settings: where everything is.
        full: build every table once more.
        from_on: first day of a range that is recomputed.
        to_on: its last day.
    """
    started = time.monotonic()
    settings.landing.mkdir(parents=True, exist_ok=True)
    instance = open_instance(settings)

    from orchestration import automation, definitions
    from orchestration.reviews.pages import page_of

    print("Preparing the models ...")
    code_location = definitions.build(settings)
    asked = {"full": full, "from_on": from_on, "to_on": to_on}
    config = {"warehouse": {"config": {key: value for key, value in asked.items() if value}}}
    if not _execute(settings, code_location, instance, automation.REFRESH, config=config):
        return 1
    latest = []
    for cadence, labels in reviewed_periods(settings):
        for label in labels:
            if not is_written(settings, cadence, label):
                print(f"Writing the {cadence.name} review of {label} ...")
                if not _execute(settings, code_location, instance, cadence.job, partition=label):
                    return 1
        latest += [page_of(settings.data_dir, cadence.name, label) for label in labels[-1:]]
    seconds = time.monotonic() - started
    page = settings.data_dir / "reviews" / "index.html"
    print(
        "\n".join(
            [
                "",
                f"Done in {seconds:.0f} s: snapshot {current_snapshot(settings)}",
                f"  marts    {settings.serving_dir / 'kpi_marts.duckdb'} (schema marts)",
                f"           {settings.serving_dir / 'parquet'}{os.sep}<table>{os.sep}",
                f"  reviews  {page}" if latest else "  reviews  none: no week is over yet",
                *(f"           {each}" for each in latest),
            ]
        )
    )
    return 0


def reviewed_periods(settings: Settings) -> list[tuple[Cadence, list[str]]]:
    """The periods whose reviews a refresh keeps up to date, by cadence, oldest first."""
    from orchestration.publish import periods_with_numbers
    from orchestration.reviews.cadences import CADENCES

    periods = periods_with_numbers(settings)
    return [(each, periods[each.period_kind][-each.refreshed :]) for each in CADENCES]


def review(settings: Settings, label: str) -> int:
    """Write the review of one week, month or quarter; of a closed one, from its closed copy."""
    from orchestration.closing import archive
    from orchestration.closing import review as closed_review
    from orchestration.publish import code_version
    from orchestration.reviews.cadences import CADENCES
    from orchestration.reviews.pages import page_of
    from orchestration.reviews.periods import kind_of

    kind = kind_of(label)
    if kind is None:
        raise WarehouseError(
            "Expected a week, month or quarter such as 2026-W13, 2026-03 or 2026-Q1, "
            f"found {label!r}."
        )
    [cadence] = [each for each in CADENCES if each.period_kind == kind]
    closing = archive.find(settings.data_dir, kind, label)
    if closing is not None:
        is_same = closed_review.render_again(closing, code_version())
        paths = closed_review.put_back(settings.data_dir, closing)
        print(
            f"{label} is closed; its review comes out of the closed copy byte for byte."
            if is_same
            else f"{label} is closed, and its review stays as it was; this code, which is not the "
            "one it was closed with, would word or draw it otherwise."
        )
        print(f"  review   {paths.html}")
        return 0
    from orchestration import definitions
    from orchestration.publish import periods_with_numbers

    known = periods_with_numbers(settings)[kind]
    if label not in known:
        raise WarehouseError(
            f"Nothing is published for {label}. Published are {', '.join(known[-5:]) or 'none'}."
        )
    instance = open_instance(settings)
    instance.add_dynamic_partitions(cadence.partitions, [label])
    if not _execute(settings, definitions.build(settings), instance, cadence.job, partition=label):
        return 1
    print(f"  review   {page_of(settings.data_dir, cadence.name, label)}")
    return 0


def is_written(settings: Settings, cadence: Cadence, label: str) -> bool:
    """Whether a review is there, made from the snapshot that readers have now, in the locale.

    That of a closed period is written when it is there as it was closed.
    """
    from orchestration.closing import archive
    from orchestration.closing import review as closed_review
    from orchestration.reviews.pages import locale_of, page_of, snapshot_of

    page = page_of(settings.data_dir, cadence.name, label)
    closing = archive.find(settings.data_dir, cadence.period_kind, label)
    if closing is not None:
        return page.is_file() and closed_review.is_in_place(page.parent, closing)
    written_from = snapshot_of(page)
    is_same = written_from is not None and written_from == current_snapshot(settings)
    return is_same and locale_of(page) == settings.locale


def mf(settings: Settings, words: Sequence[str]) -> int:
    """MetricFlow on the published marts."""
    from orchestration import semantics

    return semantics.run(settings, words)


def ui(settings: Settings) -> int:
    """Dagster in the browser, with the runs of this data folder."""
    from orchestration.settings import PROJECT_DIR
    from orchestration.warehouse import manifest_path

    manifest_path(settings)
    _write_dagster_home(settings)
    program = Path(sys.executable).with_name("dagster")
    command = [str(program), "dev", "--workspace", str(PROJECT_DIR / "workspace.yaml")]
    print("Dagster is starting at http://127.0.0.1:3000 (stop it with Ctrl-C) ...", flush=True)
    os.chdir(PROJECT_DIR)
    os.execv(program, command)  # noqa: S606


def docs(settings: Settings) -> int:
    """Every model, column and test as one page."""
    from orchestration import warehouse
    from orchestration.errors import ProjectError

    # The page tells of tests without their compiled SQL, which would take twice as long again.
    left_out = ["--exclude", "resource_type:test", "resource_type:unit_test"]
    result = warehouse.invoke(settings, ["docs", "generate", "--static", *left_out])
    if not result.success:
        raise ProjectError(f"dbt could not write the documentation: {result.exception}")
    page = warehouse.target_dir(settings) / "static_index.html"
    target = settings.data_dir / "docs" / "index.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.replace(target)
    print(f"The documentation of every model is at {target}")
    return 0


def manifest(settings: Settings) -> int:
    """Parse the dbt project where it has changed."""
    from orchestration.warehouse import manifest_path

    print(manifest_path(settings))
    return 0


@dataclass(frozen=True)
class Argument:
    """An argument of a command: its name and how argparse is to take it."""

    name: str
    how: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Command:
    """A command: the function, which gets the settings and the arguments by name, and its help."""

    function: Callable[..., int]
    words: str
    arguments: tuple[Argument, ...] = ()


#: Commands that run unattended: when they fail outside of a run, nobody else would say so.
ALERTING = ("refresh",)

COMMANDS = {
    "run": Command(run, "simulate a company into an empty landing zone, then refresh"),
    "refresh": Command(
        refresh,
        "landing zone to published marts and reviews",
        (
            Argument("--full", {"action": "store_true", "help": "build every table once more"}),
            Argument("--from-on", {"help": "recompute from this day on, such as 2026-03-01"}),
            Argument("--to-on", {"help": "and up to this day"}),
        ),
    ),
    "snapshots": Command(snapshots, "published snapshots that are kept, and the current one"),
    "rollback": Command(
        rollback,
        "readers back to an earlier snapshot",
        (Argument("snapshot", {"nargs": "?", "help": "its id; without one, the one before"}),),
    ),
    "close": Command(
        close,
        "a month or quarter stays as it is published",
        (
            Argument("label", {"help": "such as 2026-03 or 2026-Q1"}),
            Argument("--early", {"action": "store_true", "help": "also while numbers can move"}),
        ),
    ),
    "closed": Command(
        closed,
        "the closed months and quarters",
        (Argument("--verify", {"action": "store_true", "help": "read every byte again"}),),
    ),
    "review": Command(
        review,
        "write one review; that of a closed period again from its closed copy",
        (Argument("label", {"help": "such as 2026-W13, 2026-03 or 2026-Q1"}),),
    ),
    "mf": Command(
        mf,
        "MetricFlow on the published marts: `mf query --metrics k04 --group-by metric_time__month`",
        (Argument("words", {"nargs": argparse.REMAINDER, "help": "what MetricFlow is to do"}),),
    ),
    "ui": Command(ui, "Dagster in the browser"),
    "docs": Command(docs, "every model, column and test as one page"),
    "manifest": Command(manifest, "parse the dbt project where it has changed"),
}


def _alert(settings: Settings, name: str, error: WarehouseError, before: str | None) -> None:
    from orchestration import alerts
    from orchestration.runs.hooks import command_alert

    now = current_snapshot(settings)
    alerts.send(settings, command_alert(name, error, before=before, now=now))


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The run history of this data folder, shared with `make ui`."""
    _write_dagster_home(settings)
    import dagster as dg
    from sqlalchemy import Engine, event

    from orchestration.runs.event_log import do_not_wait_for_the_disk, keep_open

    event.listen(Engine, "connect", do_not_wait_for_the_disk)
    instance = dg.DagsterInstance.get()
    keep_open(instance)
    return instance


def _write_dagster_home(settings: Settings) -> None:
    home = settings.data_dir / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.is_file():
        configuration.write_text(DAGSTER_YAML)
    os.environ["DAGSTER_HOME"] = str(home)


def _execute(
    settings: Settings,
    code_location: dg.Definitions,
    instance: dg.DagsterInstance,
    job_name: str,
    partition: str | None = None,
    config: Mapping[str, Any] | None = None,
) -> bool:
    """Run one job in this process with progress lines; after a failure say what failed and why."""
    import uuid

    from orchestration.runs.events import problems
    from orchestration.runs.summary import path_of

    run_id = str(uuid.uuid4())
    progress = Progress()
    instance.add_event_listener(run_id, progress.on_entry)
    job = code_location.resolve_job_def(job_name)
    result = job.execute_in_process(
        instance=instance,
        run_id=run_id,
        partition_key=partition,
        raise_on_error=False,
        # Dagster's own console log is a flood; the progress lines say what a person needs.
        run_config={
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            "ops": dict(config or {}),
        },
    )
    progress.close()
    if result.success:
        print(f"  what it did: {path_of(settings, run_id)}")
        return True
    print(f"\n{job_name} failed; serving is as it was before this step.", file=sys.stderr)
    for where, what in problems(instance, run_id):
        print(f"\n{where}\n{what}", file=sys.stderr)
    print(f"\nThe same as a page: {path_of(settings, run_id)}", file=sys.stderr)
    return False


@dataclass
class Progress:
    """Lines about a run as it goes: a line a step, and one every few seconds inside a long one."""

    started: dict[str, float] = field(default_factory=dict)
    tables: int = 0
    checks: int = 0
    said: tuple[int, int] = (0, 0)
    last_line: float = field(default_factory=time.monotonic)

    def on_entry(self, entry: dg.EventLogEntry) -> None:
        """Take one entry of the run's event log."""
        import dagster as dg

        event = entry.dagster_event
        if event is None:
            return
        kind, step = event.event_type, event.step_key
        if kind == dg.DagsterEventType.STEP_START:
            self.started[step] = time.monotonic()
        elif kind == dg.DagsterEventType.ASSET_MATERIALIZATION:
            self.tables += 1
            self._report_files(event)
        elif kind == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            self.checks += 1
            check = event.asset_check_evaluation_data
            if not check.passed:
                word = "warning" if check.severity == dg.AssetCheckSeverity.WARN else "FAILED"
                self._say(f"    {word}: {check.asset_key.path[-1]}: {check.check_name}")
                self._list((check.description or "").splitlines())
        elif kind in (dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE):
            seconds = time.monotonic() - self.started.get(step, time.monotonic())
            word = "" if kind == dg.DagsterEventType.STEP_SUCCESS else "  FAILED"
            self._say(f"  {step.replace('__', ' / '):<50} {seconds:6.1f} s{word}")
        counts = (self.tables, self.checks)
        if counts != self.said and time.monotonic() - self.last_line > SECONDS_BETWEEN_LINES:
            self.said = counts
            self._say(f"    ... {self.tables} tables, {self.checks} checks so far")

    def close(self) -> None:
        """The end of a run."""
        if self.checks:
            self._say(f"  {self.tables} tables, {self.checks} checks")

    def _report_files(self, event: dg.DagsterEvent) -> None:
        metadata = event.materialization.metadata
        values = {name: value.value for name, value in metadata.items()}
        if values.get("files_read"):
            self._say(
                f"    {'/'.join(event.asset_key.path)}: {values['files_read']} files, "
                f"{values['rows_in_lake']:,} rows, {values['rows_quarantined']:,} in quarantine"
            )
        self._list((values.get("problems") or values.get("messages") or "").splitlines())

    def _list(self, lines: Sequence[str]) -> None:
        for line in lines[:LINES_OF_A_LIST]:
            self._say(f"      {line}")
        if len(lines) > LINES_OF_A_LIST:
            self._say(f"      ... and {len(lines) - LINES_OF_A_LIST} more, all in `make ui`")

    def _say(self, line: str) -> None:
        print(line, flush=True)
        self.last_line = time.monotonic()


def _shown(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
