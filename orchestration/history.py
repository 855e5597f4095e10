"""What runs did, kept in the lake for later runs: checks that ran, reviews that were delivered.

Writing these records belongs here. What they are worth is the models' business, and they only read
records of an earlier as-of, so that a run repeated as of the same instant gives the same numbers.
"""

# No postponed annotations here: Dagster looks at the annotations of an asset itself.

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.clock import as_of_of
from orchestration.exports.contract import CHECKED_SCHEMA, DELIVERED_SCHEMA

if TYPE_CHECKING:
    from orchestration.settings import Settings

SOURCE = "runs"
CHECKS, REVIEWS = "checks", "reviews"
RUN = "run_id"
DESCRIPTIONS = {
    CHECKS: "Each row is an asset of a run with what its checks said.",
    REVIEWS: "Each row is a review that was written from a published snapshot.",
}


@dataclass(frozen=True)
class Verdict:
    """What one check said about one asset: `passed`, `warned` or `failed`."""

    asset: str
    outcome: str


def record_specs(source: str, descriptions: Mapping[str, str], group: str) -> list[dg.AssetSpec]:
    """An asset for each kind of record that a source keeps in the lake."""
    return [
        dg.AssetSpec(
            dg.AssetKey([source, name]),
            group_name=group,
            kinds={"parquet"},
            description=description,
        )
        for name, description in descriptions.items()
    ]


def record_assets(settings: "Settings", group: str) -> dg.AssetsDefinition:
    """The records as assets: what runs before this one left behind."""

    @dg.multi_asset(
        name="runs__records",
        specs=record_specs(SOURCE, DESCRIPTIONS, group),
    )
    def records() -> Iterator[dg.MaterializeResult]:
        for name in DESCRIPTIONS:
            parts = _folder(settings.data_dir, name).glob("[!_.]*.parquet")
            yield dg.MaterializeResult(
                asset_key=dg.AssetKey([SOURCE, name]), metadata={"records": len(list(parts))}
            )

    return records


def record_run(instance: dg.DagsterInstance, run_id: str, settings: "Settings") -> None:
    """Keep what the checks of a Dagster run said, whether it went on to publish or not."""
    entries = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    checks = [entry.get_dagster_event().asset_check_evaluation_data for entry in entries]
    record_checks(
        settings.data_dir,
        as_of_of(instance, run_id, settings),
        run_id,
        [
            Verdict(
                check.asset_key.path[-1],
                "passed"
                if check.passed
                else "warned"
                if check.severity == dg.AssetCheckSeverity.WARN
                else "failed",
            )
            for check in checks
        ],
    )


def record_checks(
    data_dir: Path, as_of: datetime, run_id: str, verdicts: Iterable[Verdict]
) -> Path | None:
    """Keep how many checks of each asset passed, warned and failed in a run.

    A later run as of the same instant replaces the record, unless it found the same: a part of the
    lake that is written again is a part that is new. Returns its path; None without verdicts.
    """
    counts: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        counts.setdefault(verdict.asset, Counter())[verdict.outcome] += 1
    if not counts:
        return None
    rows = [
        {
            "as_of_at": _naive_utc(as_of),
            "run_id": run_id,
            "asset": asset,
            "checks": sum(found.values()),
            **{outcome: found[outcome] for outcome in ("passed", "warned", "failed")},
        }
        for asset, found in sorted(counts.items())
    ]
    return _write(_folder(data_dir, CHECKS) / f"{_stamp(as_of)}.parquet", rows, CHECKED_SCHEMA)


def record_review(
    data_dir: Path, as_of: datetime, cadence: str, period_start_on: date, snapshot_id: str
) -> Path:
    """Keep that the review of a period was written from a snapshot."""
    row = {
        "as_of_at": _naive_utc(as_of),
        "cadence": cadence,
        "period_start_on": period_start_on,
        "snapshot_id": snapshot_id,
    }
    name = f"{cadence}-{period_start_on:%Y%m%d}-{_stamp(as_of)}.parquet"
    return _write(_folder(data_dir, REVIEWS) / name, [row], DELIVERED_SCHEMA)


def _folder(data_dir: Path, name: str) -> Path:
    return Path(data_dir) / "lake" / "raw" / SOURCE / name


def _stamp(moment: datetime) -> str:
    return f"{_naive_utc(moment):%Y%m%dT%H%M%SZ}"


def _naive_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _write(
    path: Path, rows: Sequence[Mapping[str, Any]], schema: Sequence[tuple[str, str]]
) -> Path:
    import duckdb

    if _tells(path, rows, schema):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{path.stem}.{os.getpid()}.building")
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} {type_}" for name, type_ in schema)
        connection.execute(f"create table record ({columns})")
        places = ", ".join("?" for _ in schema)
        connection.executemany(
            f"insert into record values ({places})",
            [[row[name] for name, _ in schema] for row in rows],
        )
        target = str(made).replace("'", "''")
        connection.execute(f"copy record to '{target}' (format parquet)")
    made.replace(path)
    return path


def _tells(
    path: Path, rows: Sequence[Mapping[str, Any]], schema: Sequence[tuple[str, str]]
) -> bool:
    """Whether a record says this already, whichever run said it."""
    import duckdb

    if not path.is_file():
        return False
    names = [name for name, _ in schema if name != RUN]
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        there = connection.read_parquet(str(path))
        if not set(names) <= set(there.columns):
            return False
        told = there.project(", ".join(names)).fetchall()
    return Counter(told) == Counter(tuple(row[name] for name in names) for row in rows)
