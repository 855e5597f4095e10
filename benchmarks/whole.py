"""The whole job at a size: simulate, extract, build, refresh with nothing new, one more day.

Each step runs the product's own code in a process of its own and is timed there; what a step found
is told beside it. Drawing the page is `page.py`'s business, the SQL by hand `limit.py`'s.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import limit
from benchmarks.measuring import Measurement, apart, place_and_time, rounded

SIZES = {"tiny": 1_500, "100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
# Web events a message.
WEB_SHARE = 2
AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)
DAY_BEFORE = datetime(2026, 4, 14, 6, tzinfo=UTC)
ZONE = "America/New_York"
KEY = "benchmark secret key"

# A snapshot takes three quarters of what the warehouse takes, and room to breathe.
SNAPSHOT_SHARE = 0.9

SIMULATED = "simulated.json"
LAST_DAY = "last_day"
# Schemas of the warehouse that hold the facts and what they are made of; KPIs are all others.
FACT_SCHEMAS = ("seeds", "staging", "intermediate", "core")


def run(folder: Path, size: str) -> dict[str, Any]:
    """Measure every step of a size; returns what `results.json` keeps of it.

    Args:
        folder: where everything is written; exports simulated there by this code are used again.
        size: a name of `SIZES`.
    """
    steps: list[Measurement] = []
    begun = place_and_time()
    begun["machine"] += f", load {os.getloadavg()[0]:.0f} before it began"

    def step(name: str, function: Any, *arguments: Any) -> Any:
        print(f"  {name} ...", flush=True)
        told, seconds, peak = apart(function, *arguments)
        outcome = told.pop("outcome") if isinstance(told, dict) else ""
        steps.append(Measurement("whole", name, outcome, seconds, peak))
        print(f"    {seconds:,.1f} s, {peak:,.0f} MB: {outcome}", flush=True)
        return told

    folder.mkdir(parents=True, exist_ok=True)
    data, by_hand = folder / "data", folder / "by_hand.duckdb"
    shutil.rmtree(data, ignore_errors=True)
    world = _simulated(folder, size) or step("simulate", simulate, folder, size)
    _set_back(folder)
    step("extraction", extract, folder, DAY_BEFORE)
    built = step("full build, up to the day before", build, folder, DAY_BEFORE)
    step("the same facts by hand-written SQL", limit.build, data, DAY_BEFORE, by_hand)
    differing = limit.compare(data, by_hand)
    by_hand.unlink()
    step("audit: data tests and Great Expectations", audit, folder, DAY_BEFORE)
    if _has_room_for(folder, SNAPSHOT_SHARE):
        step("publish", publish, folder, DAY_BEFORE)
        step("reviews", review, folder)
        step("refresh with nothing new", refresh, folder, DAY_BEFORE)
    disk_mb = disk(folder)
    # Nobody reads it any more, and the day may need the room.
    shutil.rmtree(data / "serving", ignore_errors=True)
    _let_the_day_come(folder)
    day = step("one more day: extraction", extract, folder, AS_OF)
    added = step("one more day: build", build, folder, AS_OF)
    return {
        "size": size,
        **begun,
        "command": f"make bench SIZE={size}",
        "world": world,
        "steps": [rounded(each) for each in steps],
        "rows_of_the_day": day["rows"],
        "profile": built["models"],
        "profile_of_the_day": added["models"],
        "differing": differing,
        "disk_mb": disk_mb,
    }


def _has_room_for(folder: Path, share: float) -> bool:
    """Whether the disk has room for so large a share of the warehouse again; what has not says so.

    A full disk would take the models' tables with it, which is not what is measured here.
    """
    wanted = share * (folder / "data" / "warehouse.duckdb").stat().st_size
    free = shutil.disk_usage(folder).free
    if free < wanted:
        print(
            f"  no snapshot: {wanted / 1e9:,.0f} GB wanted, {free / 1e9:,.0f} GB free", flush=True
        )
    return free >= wanted


def settings_of(folder: Path, as_of: datetime | None = None) -> Any:
    """The settings of the simulated company in a folder."""
    from orchestration.settings import Settings
    from simulator.company import EXPORT_ZONES

    return Settings(
        data_dir=folder / "data",
        landing_dir=folder / "landing",
        as_of=as_of,
        reporting_zone=ZONE,
        pseudonym_key=KEY,
        export_zones=EXPORT_ZONES,
    )


def simulate(folder: Path, size: str) -> dict[str, Any]:
    """Write the exports of the whole year, and set apart those of its last day."""
    from simulator.build import simulate as build_company

    shutil.rmtree(folder / "landing", ignore_errors=True)
    shutil.rmtree(folder / LAST_DAY, ignore_errors=True)
    messages = SIZES[size]
    summary = build_company(
        folder / "landing",
        None,
        messages=messages,
        web_events=WEB_SHARE * messages,
        last_days=1,
        is_compressed=True,
    )
    counts = summary.counts
    web = counts["ga4_events"] + counts["web_events"]
    world = {
        "code": _simulator_version(),
        "messages": counts["messages"],
        "web_events": web,
        "files": counts["files"],
        "seconds": sum(summary.seconds.values()),
    }
    (folder / SIMULATED).write_text(json.dumps(world))
    outcome = f"{counts['messages']:,} messages, {web:,} web events, {counts['files']:,} files"
    return world | {"outcome": outcome}


def _simulated(folder: Path, size: str) -> dict[str, Any] | None:
    record = folder / SIMULATED
    world = json.loads(record.read_text()) if record.is_file() else None
    return world if world and world["code"] == _simulator_version() else None


def _simulator_version() -> str:
    import simulator

    digest = hashlib.sha256()
    for path in sorted(Path(simulator.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _set_back(folder: Path) -> None:
    """Take what was exported at the end of the last day out of the landing zone."""
    midnight = AS_OF.replace(hour=0).timestamp()
    landing, last = folder / "landing", folder / LAST_DAY
    for path in landing.rglob("*"):
        if path.is_file() and path.stat().st_mtime == midnight:
            target = last / path.relative_to(landing)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


def _let_the_day_come(folder: Path) -> None:
    last = folder / LAST_DAY
    for path in sorted(last.rglob("*")):
        if path.is_file():
            target = folder / "landing" / path.relative_to(last)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


def extract(folder: Path, as_of: datetime) -> dict[str, Any]:
    """Extract every stream, two at a time, as the job does."""
    from orchestration.exports.lake import ensure_lake, report_undeclared
    from orchestration.exports.registry import STREAMS
    from orchestration.exports.together import Extraction

    settings = settings_of(folder)
    started = time.perf_counter()
    ensure_lake(settings.data_dir)
    extraction = Extraction(
        STREAMS,
        settings.landing,
        settings.data_dir,
        pseudonym_key=settings.secret(),
        as_of=as_of,
        export_zones=settings.export_zones,
    )
    reports = [extraction.report(stream) for stream in STREAMS]
    report_undeclared(settings.landing, settings.data_dir)
    seconds = time.perf_counter() - started
    rows = sum(report.rows_in_lake for report in reports)
    files = sum(len(report.files) for report in reports)
    outcome = f"{rows:,} rows of {files:,} files, {rows / seconds:,.0f} rows/s"
    return {"rows": rows, "outcome": outcome}


def build(folder: Path, as_of: datetime) -> dict[str, Any]:
    """Build seeds and models; returns the seconds and rows of each."""
    from orchestration import warehouse

    settings = settings_of(folder)
    manifest = warehouse.take_parsed(settings)
    started = time.perf_counter()
    nodes = warehouse.build_models(settings, as_of, manifest)
    seconds = time.perf_counter() - started
    rows = _rows(settings.warehouse_path)
    models = [
        {
            "name": done.node.name,
            "schema": done.node.schema,
            "seconds": round(done.execution_time, 2),
            "rows": rows.get((done.node.schema, done.node.alias), 0),
        }
        for done in nodes
        if done.node.resource_type in ("model", "seed")
    ]
    spent: dict[bool, float] = defaultdict(float)
    for each in models:
        spent[each["schema"] in FACT_SCHEMAS] += each["seconds"]
    share = spent[True] / max(0.01, sum(spent.values()))
    outcome = (
        f"{len(models)} seeds and models in {seconds:,.1f} s, the rest is start-up and parsing; "
        f"{share:.0%} of the models' seconds up to the facts"
    )
    return {"models": models, "outcome": outcome}


def _rows(warehouse_path: Path) -> dict[tuple[str, str], int]:
    import duckdb

    with duckdb.connect(str(warehouse_path), read_only=True) as connection:
        found = connection.execute(
            "select schema_name, table_name, estimated_size from duckdb_tables()"
        ).fetchall()
    return {(schema, table): rows for schema, table, rows in found}


def audit(folder: Path, as_of: datetime) -> dict[str, Any]:
    """Every data test and every expectation, as the job asks them before it publishes."""
    from orchestration import warehouse
    from orchestration.quality.expectations import expectations
    from orchestration.quality.runner import evaluate

    settings = settings_of(folder)
    manifest = warehouse.take_parsed(settings)
    verdicts: list[Any] = []
    started = time.perf_counter()
    warehouse.check(settings, as_of, manifest, on_verdict=verdicts.append)
    seconds = time.perf_counter() - started
    rules = expectations()
    outcomes = evaluate(settings, rules)
    broken = sum(not outcome.held for outcome in outcomes)
    outcome = (
        f"{len(verdicts):,} data tests in {seconds:,.1f} s, none failed; "
        f"{len(rules):,} expectations, {broken} broken"
    )
    return {"outcome": outcome}


def publish(folder: Path, as_of: datetime) -> dict[str, Any]:
    """Write the snapshot and switch readers to it."""
    from orchestration import publish as publishing
    from orchestration import warehouse

    settings = settings_of(folder)
    manifest = json.loads(warehouse.manifest_path(settings).read_text())
    started = time.perf_counter()
    snapshot = publishing.publish(
        settings,
        publishing.published_tables(manifest),
        publishing.Run(
            run_id="benchmark",
            as_of=as_of,
            code_version=publishing.code_version(),
            checks_passed=0,
            reporting_currency=warehouse.reporting_currency(),
        ),
    )
    rows = sum(snapshot.rows.values())
    seconds = time.perf_counter() - started
    outcome = f"{len(snapshot.rows)} tables, {rows:,} rows; written in {seconds:,.1f} s"
    return {"outcome": outcome}


def review(folder: Path) -> dict[str, Any]:
    """Write the reviews a refresh keeps up to date."""
    from orchestration.cli import reviewed_periods
    from orchestration.reviews import monthly, quarterly, weekly, writing

    settings = settings_of(folder)
    plans = {module.PLAN.cadence: module.PLAN for module in (weekly, monthly, quarterly)}
    written = [
        writing.write(settings.data_dir, plans[cadence], label, settings.locale)
        for cadence, labels in reviewed_periods(settings)
        for label in labels
    ]
    return {"outcome": f"{len(written)} reviews"}


def refresh(folder: Path, as_of: datetime) -> dict[str, Any]:
    """`make refresh` as a person runs it, in a process of its own, start-up included."""
    settings = settings_of(folder)
    zones = ",".join(f"{source}={zone}" for source, zone in settings.export_zones.items())
    environment = {
        **os.environ,
        "WAREHOUSE_DATA_DIR": str(settings.data_dir),
        "WAREHOUSE_LANDING_DIR": str(settings.landing),
        "WAREHOUSE_AS_OF": as_of.isoformat(),
        "WAREHOUSE_REPORTING_ZONE": ZONE,
        "WAREHOUSE_PSEUDONYM_KEY": KEY,
        "WAREHOUSE_EXPORT_ZONES": zones,
    }
    with (folder / "refresh.log").open("a") as log:
        code = _wait(environment, log.fileno())
    if code:
        raise RuntimeError(f"make refresh failed with {code}; see {folder / 'refresh.log'}")
    return {"outcome": "extraction, build, checks, publication and reviews, with start-up"}


def _wait(environment: dict[str, str], log: int) -> int:
    import subprocess

    command = [sys.executable, "-m", "orchestration", "refresh"]
    done = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False)
    return done.returncode


def disk(folder: Path) -> dict[str, float]:
    """Megabytes of everything that stays on disk."""
    data = folder / "data"
    places = {
        "landing zone": folder / "landing",
        "lake": data / "lake",
        "warehouse": data / "warehouse.duckdb",
        "serving": data / "serving",
        "reviews": data / "reviews",
    }
    return {name: round(_bytes(path) / 1e6, 1) for name, path in places.items()}


def _bytes(path: Path) -> int:
    """What a file or folder takes; a file of several names, as snapshots share, counts once."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    found = [each.stat() for each in files]
    return sum({(each.st_dev, each.st_ino): each.st_size for each in found}.values())
