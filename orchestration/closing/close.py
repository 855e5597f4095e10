"""Closing a month or quarter: its numbers, the marts behind them and its review, kept as they are.

Deciding whether a period can be closed, and making the copy, belong here. What the copy is worth
later does not: finding, verifying and comparing have modules of their own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.closing import archive, records, review
from orchestration.closing.archive import (
    READ_ONLY,
    READ_ONLY_FOLDER,
    RECORD,
    REVIEW,
    SERVING,
    Closing,
    Told,
)
from orchestration.closing.rules import rules_version
from orchestration.errors import ClosingError
from orchestration.publish import SERVING_FILE, code_version, periods_with_numbers
from orchestration.reviews import periods, wording
from orchestration.reviews.periods import period_named

if TYPE_CHECKING:
    import duckdb

    from orchestration.reviews.periods import Period
    from orchestration.reviews.serving import Publication
    from orchestration.settings import Settings

#: What settles later than this is closed as provisional: no month or quarter can wait for it.
LONGEST_WAIT_DAYS = 31
LISTED = 4


def kind_of(label: str) -> str:
    """`month` or `quarter`, by the form of a label.

    Raises:
        ClosingError: it is the label of a week, or of nothing.
    """
    kind = periods.kind_of(label)
    if kind in archive.CADENCES:
        return kind
    if kind == "week":
        raise ClosingError(
            f"{label} is a week, and weeks are not closed: what an update tells is kept when it is "
            "first written, and the next update says what has moved since. Close a month or a "
            "quarter: 2026-03, 2026-Q1."
        )
    raise ClosingError(f"Expected a month or quarter such as 2026-03 or 2026-Q1, found {label!r}.")


def close(settings: Settings, label: str, *, early: bool = False) -> Closing:
    """Close a month or quarter as of the published snapshot.

    Args:
        settings: where serving is, and the locale of the review.
        label: the period, such as `2026-03` or `2026-Q1`.
        early: close it although some numbers can still move by themselves.

    Raises:
        ClosingError: the period is closed already, not over, without numbers or not settled, or
            what is published was made by other code or settings. Nothing was changed.
    """
    import duckdb

    from orchestration.history import record_review
    from orchestration.reviews.serving import Snapshot

    kind = kind_of(label)
    done = archive.find(settings.data_dir, kind, label)
    if done is not None:
        raise ClosingError(
            f"{label} is closed, as of {_instant(done.told)} (snapshot {done.told.snapshot_id}), "
            "and stays as it is. What has changed since is in marts.kpi_restatements and on the "
            "next review."
        )
    folder = archive.folder_of(settings.data_dir, kind, label)
    try:
        _sweep(folder)
        with Snapshot(settings.data_dir) as snapshot:
            publication = snapshot.publication()
            # The link is followed once: a publish that comes in between changes nothing here.
            published = snapshot.path.parent
        with duckdb.connect(str(published / SERVING_FILE), read_only=True) as connection:
            period = period_named(kind, label, publication.fiscal_year_start_month)
            told = _told(settings, publication, published, connection, period, early=early)
            with _building(folder) as building:
                records.write(connection, told, building / RECORD)
                _fill(building, published, told)
                building.rename(folder)
    except (OSError, duckdb.Error) as error:
        raise ClosingError(f"{label} could not be closed: {error}") from error
    closing = archive.read(folder)
    review.put_back(settings.data_dir, closing)
    # Whoever closes a period delivers its review, at the latest now.
    cadence = archive.CADENCES[kind]
    record_review(settings.data_dir, told.as_of_at, cadence, told.starts_on, told.snapshot_id)
    return closing


def _fill(building: Path, published: Path, told: Told) -> None:
    """Copy the marts, draw the review of the copy, and seal both with the records beside them."""
    serving = building / SERVING
    serving.mkdir()
    for path in sorted(published.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            shutil.copyfile(path, serving / path.name)
    pages = review.render(serving, told)
    (building / REVIEW).mkdir()
    for name, content in pages.items():
        (building / REVIEW / name).write_bytes(content)
    archive.write_manifest(building, told)
    _settle(building)


def _told(
    settings: Settings,
    publication: Publication,
    published: Path,
    connection: duckdb.DuckDBPyConnection,
    period: Period,
    *,
    early: bool,
) -> Told:
    """What would be closed.

    Raises:
        ClosingError: it cannot be closed.
    """
    _require_over(period, publication)
    known = periods_with_numbers(settings, published)[period.kind]
    if period.label not in known:
        raise ClosingError(
            f"{period.label} has no numbers to close. Published are {', '.join(known) or 'none'}."
        )
    _require_same_making(settings, publication)
    unsettled = _unsettled(connection, period)
    if unsettled and not early:
        names = [f"{kpi_id} until {day}" for kpi_id, day in unsettled[:LISTED]]
        more = f" and {len(unsettled) - LISTED} more" if len(unsettled) > LISTED else ""
        raise ClosingError(
            f"{period.label} is not settled: {wording.plural(len(unsettled), 'measure')} can still "
            f"move by themselves ({', '.join(names)}{more}). Refresh and close it then, or close "
            "it as it is: `make close PERIOD=… EARLY=1`."
        )
    return Told(
        kind=period.kind,
        label=period.label,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        as_of_at=publication.as_of_at,
        snapshot_id=publication.snapshot_id,
        code_version=publication.code_version,
        rules_version=rules_version(settings),
        locale=settings.locale,
        is_early=bool(unsettled),
    )


def _require_over(period: Period, publication: Publication) -> None:
    if publication.as_of_on <= period.ends_on:
        raise ClosingError(
            f"{period.label} is not over: what is published is as of {publication.as_of_on}, and "
            f"its last day is {period.ends_on}. Refresh after that day, then close it."
        )


def _require_same_making(settings: Settings, publication: Publication) -> None:
    """What is closed says by which rules it was made, and its review is written by this code."""
    other = []
    if publication.code_version != code_version():
        other.append("code, models or seeds")
    if publication.reporting_zone != settings.reporting_zone:
        other.append("WAREHOUSE_REPORTING_ZONE")
    if publication.fiscal_year_start_month != settings.fiscal_year_start_month:
        other.append("WAREHOUSE_FISCAL_YEAR_START_MONTH")
    if other:
        raise ClosingError(
            f"What is published was made with other {', '.join(other)} than there are now. Run "
            "`make refresh`, look at the review, then close the period."
        )


def _unsettled(connection: duckdb.DuckDBPyConnection, period: Period) -> list[tuple[str, str]]:
    """KPIs of the period that can still move by themselves, with the day from which they cannot.

    Cohorts that are watched for months are left out: they are closed as provisional.
    """
    rows = connection.execute(
        """
        select distinct kpi_id, maturity_days
        from marts.kpi_scorecard
        inner join marts.kpi_definitions using (kpi_id)
        where
            period_kind = ?
            and period_start_on = ?
            and is_provisional
            and maturity_days <= ?
        order by maturity_days desc, kpi_id
        """,
        [period.kind, period.starts_on, LONGEST_WAIT_DAYS],
    ).fetchall()
    return [(kpi_id, f"{period.ends_on + timedelta(days=days + 1)}") for kpi_id, days in rows]


def _settle(folder: Path) -> None:
    """Bring every file to the disk; let nobody write any of it."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        path.chmod(READ_ONLY if path.is_file() else READ_ONLY_FOLDER)
    folder.chmod(READ_ONLY_FOLDER)


@contextmanager
def _building(folder: Path) -> Iterator[Path]:
    """A hidden folder beside `folder`, locked while it is being filled; what is left of it goes."""
    import fcntl

    building = folder.with_name(f".{folder.name}.{os.getpid()}.building")
    building.mkdir(parents=True)
    descriptor = os.open(building, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield building
    finally:
        _remove(building)
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove what killed closings of the same period left; one that is under way has its lock."""
    import fcntl

    for left in folder.parent.glob(f".{folder.name}.*.building"):
        descriptor = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(left)
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)


def _remove(folder: Path) -> None:
    """Remove what was not finished, also where it is read-only already."""
    if folder.is_dir():
        for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            path.chmod(0o755)
        shutil.rmtree(folder)


def _instant(told: Told) -> str:
    return f"{told.as_of_at:%Y-%m-%d %H:%M} UTC"
