"""The lake: landing file versions as Parquet parts, each written once, whole or not at all.

Hashing, skipping, writing, renaming and counting. What is in a file is `reader.py`'s business; what
a file means is the models'. Nothing here knows a source.

Three parts carry one name for a version of a file (path and content) read by one declaration: rows,
refused rows, and the record of the reading. The record is written last and is the truth: a part
without a record is what an interrupted run left behind, and is removed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from orchestration.errors import ConservationError, FileRejectedError
from orchestration.exports.casting import literal, name, scalar
from orchestration.exports.contract import (
    CHECKED_SCHEMA,
    CLOSED_SCHEMAS,
    DELIVERED_SCHEMA,
    FILES_SCHEMA,
    QUARANTINE_SCHEMA,
    Stream,
    lake_schema,
)
from orchestration.exports.hashes import Hashes
from orchestration.exports.opening import sha256_of
from orchestration.exports.registry import STREAMS

if TYPE_CHECKING:
    import duckdb

# Measured: a 1 GB CSV passes within these; more memory does not make it faster.
MEMORY_LIMIT = "1GB"
FUTURE_TOLERANCE = timedelta(days=1)
PREVIEW_ROWS = 5
PREVIEW_COLUMNS = 8
SCRATCH_KEPT_S = 24 * 3600
LONGEST_HEADER = 100

UNDECLARED = ("", "")


@dataclass(frozen=True)
class FileReport:
    """What became of one landing file version.

    Attributes:
        file: path relative to the landing zone.
        sha256: hash of its content.
        status: `loaded`, `partly_quarantined`, `rejected` or `undeclared`.
        rows_read: rows that could be told apart; always rows_in_lake + rows_quarantined.
        message: what happened, for a person.
        warnings: unknown columns, skipped preambles and the like.
        columns: declared columns that the file has.
        unknown: headers that nobody declared.
    """

    file: str
    sha256: str
    status: str
    rows_read: int
    rows_in_lake: int
    rows_quarantined: int
    message: str
    warnings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass
class ExtractionReport:
    """What one extraction of a stream did.

    Attributes:
        stream: folder of the stream.
        files: new file versions, in order of path.
        skipped: versions that were read before and have not changed.
        preview: up to five rows of the newest part, without free text.
        standing: totals over every version ever read: files, rows_read, rows_in_lake,
            rows_quarantined, rejected_files.
    """

    stream: str
    files: list[FileReport] = field(default_factory=list)
    skipped: int = 0
    preview: list[dict[str, Any]] = field(default_factory=list)
    standing: dict[str, int] = field(default_factory=dict)

    @property
    def rows_read(self) -> int:
        """Rows read in this extraction."""
        return sum(file.rows_read for file in self.files)

    @property
    def rows_in_lake(self) -> int:
        """Rows added to the lake in this extraction."""
        return sum(file.rows_in_lake for file in self.files)

    @property
    def rows_quarantined(self) -> int:
        """Rows set aside in this extraction."""
        return sum(file.rows_quarantined for file in self.files)

    @property
    def totals(self) -> dict[str, int]:
        """Numbers of this extraction by name."""
        return {
            "files_read": len(self.files),
            "files_skipped": self.skipped,
            "files_rejected": sum(file.status == "rejected" for file in self.files),
            "rows_read": self.rows_read,
            "rows_in_lake": self.rows_in_lake,
            "rows_quarantined": self.rows_quarantined,
        }


@dataclass(frozen=True)
class _Version:
    """A landing file version as one declaration reads it."""

    path: Path
    file: str
    sha256: str
    part: str
    refusal: str | None = None
    name_zone: str = "UTC"


@dataclass(frozen=True)
class _Folders:
    lake: Path

    @classmethod
    def under(cls, data_dir: Path) -> _Folders:
        return cls(Path(data_dir) / "lake")

    @property
    def files(self) -> Path:
        return self.lake / "raw" / "extraction" / "files"

    @property
    def scratch(self) -> Path:
        return self.lake / ".scratch"

    def raw(self, stream: Stream) -> Path:
        return self.lake / "raw" / stream.source / stream.name

    def hashes(self, stream: Stream) -> Path:
        return self.lake / ".hashes" / stream.source / f"{stream.name}.json"

    def quarantine(self, stream: tuple[str, str]) -> Path:
        # Files of no stream have a room of their own.
        source, stream_name = stream if stream != UNDECLARED else ("extraction", "files")
        return self.lake / "quarantine" / source / stream_name

    @property
    def runs(self) -> Path:
        return self.lake / "raw" / "runs"

    @property
    def closings(self) -> Path:
        return self.lake / "raw" / "closings"

    @property
    def quarantine_schema(self) -> Path:
        return self.lake / "quarantine" / "_schema" / "_schema"


def ensure_lake(data_dir: Path) -> None:
    """Write the schema of every stream, of file records, quarantine, earlier runs and closings.

    Models of sources that nobody uses read these and are empty, not broken.
    """
    folders = _Folders.under(data_dir)
    with _session(folders) as session:
        for stream in STREAMS:
            _write_schema(session, folders, folders.raw(stream), lake_schema(stream))
        _write_common_schemas(session, folders)


def extract_stream(
    stream: Stream,
    landing_dir: Path,
    data_dir: Path,
    *,
    pseudonym_key: str | bytes,
    as_of: datetime,
    now: datetime | None = None,
    export_zones: Mapping[str, str] | None = None,
    before_file: Callable[[], None] | None = None,
) -> ExtractionReport:
    """Bring every new file version of the stream into the lake.

    Args:
        stream: the declaration.
        landing_dir: the landing zone; files are under `<source>/<stream>/`.
        data_dir: the data folder; parts go under `lake/`.
        pseudonym_key: key of the pseudonyms; another key means other pseudonyms and a new reading.
        as_of: the instant the run is true for.
        now: the clock, for `_extracted_at` and for telling the future (default: the clock).
        export_zones: source → zone of the wall times in its exports, where the declaration leaves
            it to the setting; another zone means a new reading.
        before_file: called before each new file; what it raises ends the extraction there.

    Returns:
        What was read, skipped, kept and set aside.

    Raises:
        ConservationError: rows read are not rows kept plus rows set aside; of that file nothing is
            kept.
    """
    folders = _Folders.under(data_dir)
    now = _naive_utc(now or datetime.now(UTC))
    limit = max(now, _naive_utc(as_of)) + FUTURE_TOLERANCE
    key = pseudonym_key.decode() if isinstance(pseudonym_key, bytes) else pseudonym_key
    stream = stream.in_zone((export_zones or {}).get(stream.source))
    report = ExtractionReport(stream.folder)
    hashes = Hashes(folders.hashes(stream))
    versions = list(_versions(stream, Path(landing_dir), key, hashes))
    hashes.keep()
    with _session(folders) as session:
        session.execute(f"set variable pseudonym_key = {literal(key)}")
        _write_schema(session, folders, folders.raw(stream), lake_schema(stream))
        _write_common_schemas(session, folders)
        records = _records(session, folders, (stream.source, stream.name))
        _remove_leftovers(folders, stream, records)
        for version in versions:
            if _is_done(folders, stream, version, records, limit):
                report.skipped += 1
                continue
            if before_file:
                before_file()
            done = _extract(session, folders, stream, version, records, now, limit)
            report.files.append(done)
        report.preview = _preview(session, folders, stream, versions)
        report.standing = _standing(
            _records(session, folders, (stream.source, stream.name)) if report.files else records
        )
    return report


def report_undeclared(
    landing_dir: Path, data_dir: Path, now: datetime | None = None
) -> list[FileReport]:
    """Record files that no stream declares, and links that lead out of the landing zone.

    Returns:
        One report a file that is undeclared or refused now, whether or not it was recorded before.
    """
    folders = _Folders.under(data_dir)
    landing = Path(landing_dir)
    now = _naive_utc(now or datetime.now(UTC))
    declared = {(stream.source, stream.name) for stream in STREAMS}
    found: list[tuple[_Version, FileReport]] = []
    for path, refusal in _walk(landing, landing):
        file = _shown_path(path, landing)
        parts = Path(file).parts
        if parts[:2] in declared and len(parts) > 2:
            continue
        digest = _link_digest(path) if refusal else sha256_of(path)
        version = _Version(path, file, digest, _part(UNDECLARED, file, digest, ""), refusal)
        folder = "/".join(parts[:2]) if len(parts) > 2 else "/".join(parts[:-1]) or "the top folder"
        message = refusal or (
            f"{file}: no stream is declared for {folder}; expected <source>/<stream>/<file>; "
            "move the file to a declared folder, or declare the stream"
        )
        status = "rejected" if refusal else "undeclared"
        found.append((version, FileReport(file, digest, status, 0, 0, 0, message)))
    with _session(folders) as session:
        _write_common_schemas(session, folders)
        records = _records(session, folders, UNDECLARED)
        current = {version.part for version, _ in found}
        for part, record in records.items():
            if part not in current and Path(record["file"]).parts[:2] in declared:
                (folders.files / part).unlink(missing_ok=True)
        for version, report in found:
            if version.part not in records:
                _write_record(session, folders, UNDECLARED, version, report, now, None)
    return [report for _, report in found]


# --- which files there are ---------------------------------------------------------------------


def _versions(stream: Stream, landing: Path, key: str, hashes: Hashes) -> Iterator[_Version]:
    reading = stream.fingerprint
    if stream.has_pseudonyms:
        reading += hashlib.sha256(f"pseudonyms of {key}".encode()).hexdigest()
    folder = landing / stream.source / stream.name
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        return
    for path, refusal in _walk(folder, landing):
        file = _shown_path(path, landing)
        digest = _link_digest(path) if refusal else hashes.of(path)
        part = _part((stream.source, stream.name), file, digest, reading)
        yield _Version(path, file, digest, part, refusal, stream.name_zone)


def _walk(folder: Path, landing: Path) -> Iterator[tuple[Path, str | None]]:
    """Files below a folder in order of path, each with the reason to refuse it, or None.

    Names that start with a dot are the file system's own and are passed over.
    """
    if not folder.is_dir():
        return
    zone = landing.resolve()
    for entry in sorted(os.scandir(folder), key=lambda e: os.fsencode(e.name)):
        path = Path(entry.path)
        if entry.name.startswith(".") and not entry.name.startswith(".."):
            continue
        shown = _shown_path(path, landing)
        if ".." in re.split(r"[\\/]", entry.name) or not _is_plain_name(entry.name):
            reason = "the name leads out of its folder or cannot be written as text"
            yield path, f"{shown}: refused, because {reason}; expected a plain name; rename it"
        elif entry.is_symlink():
            # A link to a file of the zone brings nothing new; any other leads out of it.
            target = path.resolve()
            if not target.is_relative_to(zone):
                reason = "the link leads out of the landing zone"
                yield path, f"{shown}: refused, because {reason}; copy the file itself here"
            elif not target.exists():
                yield path, f"{shown}: refused, because the link leads nowhere; remove it"
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path, landing)
        elif entry.is_file(follow_symlinks=False):
            yield path, None


def _is_plain_name(entry_name: str) -> bool:
    try:
        entry_name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return entry_name.isprintable()


def _shown_path(path: Path, landing: Path) -> str:
    relative = path.relative_to(landing).as_posix()
    return relative.encode("utf-8", "backslashreplace").decode()


def _link_digest(path: Path) -> str:
    target = path.readlink() if path.is_symlink() else path.name
    return hashlib.sha256(os.fsencode(target)).hexdigest()


def _part(stream: tuple[str, str], file: str, sha256: str, reading: str) -> str:
    # Four digits say which stream, so that one stream's records are found without reading all.
    told = "\n".join((*stream, file, sha256, reading))
    return f"part-{_stream_digits(stream)}{hashlib.sha256(told.encode()).hexdigest()[:12]}.parquet"


def _stream_digits(stream: tuple[str, str]) -> str:
    return hashlib.sha256("/".join(stream).encode()).hexdigest()[:4]


def dates_in_name(file: str) -> list[datetime]:
    """Dates in a file's name, in order, without a zone: `20260331`, `2026-03-31T0600`, and so on.

    Stamps such as `31032026060000` (day first, 14 digits) stand alone: what else looks like a date
    beside them is part of an id.
    """
    stamps = _day_first_stamps(Path(file).name)
    if stamps:
        return stamps
    pattern = (
        r"(?<!\d)(20\d\d)([-_.]?)(\d\d)\2(\d\d)"
        # A clock, unless it is the beginning of a second date: `2025-05-01_2025-08-01`.
        r"(?:[T_ -]?(?!20\d\d[-_.]?\d\d[-_.]?\d\d(?!\d))"
        r"(\d\d)[-:_.h]?(\d\d)(?:[-:_.]?(\d\d))?Z?)?(?!\d)"
    )
    found = []
    for match in re.finditer(pattern, Path(file).name):
        year, _, month, day, *clock = match.groups(default="0")
        numbers = (int(year), int(month), int(day), *(int(part) for part in clock))
        try:
            found.append(_naive_utc(datetime(*numbers, tzinfo=UTC)))
        except ValueError:
            continue
    return found


def _day_first_stamps(file_name: str) -> list[datetime]:
    # A stamp that begins with the year never reads as one that begins with the day: the month would
    # be 20 or the year would not begin with 20.
    found = []
    for digits in re.findall(r"(?<!\d)\d{4}20\d{8}(?!\d)", file_name):
        try:
            found.append(_naive_utc(datetime.strptime(f"{digits}+0000", "%d%m%Y%H%M%S%z")))
        except ValueError:
            continue
    return found


# --- reading and writing one version -----------------------------------------------------------


def _is_done(
    folders: _Folders,
    stream: Stream,
    version: _Version,
    records: dict[str, dict[str, Any]],
    limit: datetime,
) -> bool:
    record = records.get(version.part)
    if record is None:
        return False
    retry_after = record["retry_after_at"]
    if retry_after is not None and retry_after <= limit:
        # What was the future when it was read is the past now.
        return False
    has_rows = not record["rows_in_lake"] or (folders.raw(stream) / version.part).exists()
    refused = record["rows_quarantined"] or record["status"] == "rejected"
    quarantine = folders.quarantine((stream.source, stream.name))
    return has_rows and (not refused or (quarantine / version.part).exists())


def _extract(
    session: duckdb.DuckDBPyConnection,
    folders: _Folders,
    stream: Stream,
    version: _Version,
    records: dict[str, dict[str, Any]],
    now: datetime,
    limit: datetime,
) -> FileReport:
    with _scratch(folders) as scratch:
        rows, refused = scratch / "rows.parquet", scratch / "refused.parquet"
        try:
            if version.refusal:
                raise FileRejectedError(version.refusal.removeprefix(f"{version.file}: "))
            report, retry_after = _read(
                session, stream, version, now, limit, scratch, rows, refused
            )
        except FileRejectedError as error:
            rows.unlink(missing_ok=True)
            refused.unlink(missing_ok=True)
            report = FileReport(
                version.file, version.sha256, "rejected", 0, 0, 0, f"{version.file}: {error}"
            )
            retry_after = None
            _write_refused_file(session, stream, version, error, now, refused)
        _drop_superseded(folders, stream, version, records)
        for made, folder in (
            (rows, folders.raw(stream)),
            (refused, folders.quarantine((stream.source, stream.name))),
        ):
            if made.exists():
                folder.mkdir(parents=True, exist_ok=True)
                made.replace(folder / version.part)
    told = (stream.source, stream.name)
    _write_record(session, folders, told, version, report, now, retry_after)
    return report


def _read(
    session: duckdb.DuckDBPyConnection,
    stream: Stream,
    version: _Version,
    now: datetime,
    limit: datetime,
    scratch: Path,
    rows: Path,
    refused: Path,
) -> tuple[FileReport, datetime | None]:
    from orchestration.exports import reader

    exported_at, is_known = _exported_at(version)
    days = [found.date() for found in dates_in_name(version.file)]
    provenance = reader.Provenance(
        file=version.file,
        sha256=version.sha256,
        exported_at=exported_at,
        exported_at_is_known=is_known,
        extracted_at=now,
        limit_at=limit,
        first_date_in_name=str(days[0]) if days else None,
        last_date_in_name=str(days[-1]) if days else None,
        folder=_folder_below(stream, version.file),
    )
    reading = reader.read_file(session, version.path, stream, provenance, scratch)
    kept = _copy(session, reading.kept, rows)
    set_aside = 0
    retry_after = None
    reasons = ""
    if kept < reading.rows:
        reader.set_aside(session, rows)
        told = (
            f"select {literal(stream.source)} as source, {literal(stream.name)} as stream, "
            f"{literal(version.file)} as file, {literal(version.sha256)} as file_sha256, row, "
            f"column_name, reason, found, raw_text, {literal(str(now))}::timestamp as extracted_at "
            f"from ({reading.refused})"
        )
        set_aside = _copy(session, _typed(told, QUARANTINE_SCHEMA), refused)
        reasons = _reasons(session, refused)
        if "in the future" in reasons:
            retry_after = session.execute(reading.future).fetchone()[0]
    session.execute("drop table if exists file_rows")
    session.execute("drop table if exists bad_rows")
    if reading.rows != kept + set_aside:
        raise ConservationError(
            f"{version.file}: {reading.rows} rows read, but {kept} kept and {set_aside} set aside; "
            "nothing of this file was kept; report this with the file's header"
        )
    if not kept:
        rows.unlink()
    message = f"{version.file}: {kept} of {reading.rows} rows loaded"
    if set_aside:
        message += f"; {set_aside} in quarantine: {reasons}"
    if reading.warnings:
        message += "; " + "; ".join(reading.warnings)
    return (
        FileReport(
            file=version.file,
            sha256=version.sha256,
            status="partly_quarantined" if set_aside else "loaded",
            rows_read=reading.rows,
            rows_in_lake=kept,
            rows_quarantined=set_aside,
            message=message,
            warnings=tuple(reading.warnings),
            columns=reading.columns,
            unknown=reading.unknown,
        ),
        retry_after,
    )


def _folder_below(stream: Stream, file: str) -> str | None:
    below = file.removeprefix(f"{stream.folder}/").split("/")[:-1]
    return below[0].strip().lower() if below else None


def _exported_at(version: _Version) -> tuple[datetime, bool]:
    dates = dates_in_name(version.file)
    if dates:
        # Of an hour that exists twice the earlier one is meant.
        local = dates[-1].replace(tzinfo=ZoneInfo(version.name_zone))
        return _naive_utc(local), True
    modified = datetime.fromtimestamp(version.path.stat().st_mtime, UTC)
    return _naive_utc(modified), False


def _reasons(session: duckdb.DuckDBPyConnection, refused: Path) -> str:
    found = session.execute(
        f"""
        select split_part(reason, ':', 1) as what, column_name, count(*) as n
        from read_parquet({literal(str(refused))})
        group by all order by n desc, what, column_name
        """
    ).fetchall()
    return ", ".join(f"{n} × {what}" + (f" in {at}" if at else "") for what, at, n in found)


def _write_refused_file(
    session: duckdb.DuckDBPyConnection,
    stream: Stream,
    version: _Version,
    error: FileRejectedError,
    now: datetime,
    target: Path,
) -> None:
    values = {
        "source": stream.source,
        "stream": stream.name,
        "file": version.file,
        "file_sha256": version.sha256,
        "row": None,
        "column_name": error.column,
        "reason": f"file rejected: {error}",
        "found": None,
        "raw_text": None,
        "extracted_at": now,
    }
    _copy_values(session, values, QUARANTINE_SCHEMA, target)


def _write_record(
    session: duckdb.DuckDBPyConnection,
    folders: _Folders,
    stream: tuple[str, str],
    version: _Version,
    report: FileReport,
    now: datetime,
    retry_after: datetime | None,
) -> None:
    source, stream_name = stream
    if stream == UNDECLARED:
        parts = (*Path(report.file).parts[:-1], "", "")
        source, stream_name = parts[0], parts[1]
    exported_at, is_known = (None, False) if version.refusal else _exported_at(version)
    values = {
        "source": source,
        "stream": stream_name,
        "file": report.file,
        "file_sha256": report.sha256,
        "exported_at": exported_at if is_known or exported_at else None,
        "extracted_at": now,
        "rows_read": report.rows_read,
        "rows_in_lake": report.rows_in_lake,
        "rows_quarantined": report.rows_quarantined,
        "status": report.status,
        "message": report.message,
        "part": version.part,
        "retry_after_at": retry_after,
        "exported_at_is_known": is_known,
        "columns_found": _listed(report.columns),
        "columns_unknown": _listed(report.unknown),
    }
    with _scratch(folders) as scratch:
        made = scratch / "record.parquet"
        _copy_values(session, values, FILES_SCHEMA, made)
        folders.files.mkdir(parents=True, exist_ok=True)
        made.replace(folders.files / version.part)


def _listed(columns: Iterable[str]) -> str | None:
    """Column names as one text, parted by `|`, in alphabetical order; NULL for none."""
    plain = {" ".join(column.replace("|", " ").split())[:LONGEST_HEADER] for column in columns}
    return "|".join(sorted(plain - {""})) or None


def _drop_superseded(
    folders: _Folders, stream: Stream, version: _Version, records: dict[str, dict[str, Any]]
) -> None:
    # The same content read by an older declaration. The record goes first: without it, what is left
    # of an interrupted run is removed by the next one.
    old = [
        part
        for part, record in records.items()
        if (record["file"], record["file_sha256"]) == (version.file, version.sha256)
    ]
    for part in {*old, version.part}:
        for folder in (
            folders.files,
            folders.raw(stream),
            folders.quarantine((stream.source, stream.name)),
        ):
            (folder / part).unlink(missing_ok=True)


def _remove_leftovers(
    folders: _Folders, stream: Stream, records: dict[str, dict[str, Any]]
) -> None:
    told = (stream.source, stream.name)
    for folder in (folders.raw(stream), folders.quarantine(told)):
        for part in folder.glob("part-*.parquet"):
            if part.name not in records:
                part.unlink()


# --- records -----------------------------------------------------------------------------------


def _records(
    session: duckdb.DuckDBPyConnection, folders: _Folders, stream: tuple[str, str]
) -> dict[str, dict[str, Any]]:
    """Records of the stream by part name."""
    import duckdb

    digits = _stream_digits(stream)
    found = sorted(folders.files.glob(f"part-{digits}*.parquet"))
    if not found:
        return {}
    paths = ", ".join(literal(str(path)) for path in found)
    try:
        cursor = session.execute(
            "select part, source, stream, file, file_sha256, rows_read, rows_in_lake, "
            f"rows_quarantined, status, retry_after_at from read_parquet([{paths}])"
        )
    except duckdb.IOException:
        if all(path.exists() for path in found):
            raise
        # Four digits may be two streams': the other one has just read a file anew.
        return _records(session, folders, stream)
    columns = [column[0] for column in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    if stream != UNDECLARED:
        rows = [row for row in rows if (row["source"], row["stream"]) == stream]
    return {row["part"]: row for row in rows}


def _standing(records: dict[str, dict[str, Any]]) -> dict[str, int]:
    rows = records.values()
    return {
        "files": len(records),
        "rejected_files": sum(row["status"] == "rejected" for row in rows),
        "rows_read": sum(row["rows_read"] for row in rows),
        "rows_in_lake": sum(row["rows_in_lake"] for row in rows),
        "rows_quarantined": sum(row["rows_quarantined"] for row in rows),
    }


def _preview(
    session: duckdb.DuckDBPyConnection,
    folders: _Folders,
    stream: Stream,
    versions: Iterable[_Version],
) -> list[dict[str, Any]]:
    written = [folders.raw(stream) / version.part for version in versions]
    newest = next((path for path in reversed(written) if path.exists()), None)
    if newest is None:
        return []
    shown = [c.name for c in stream.columns if not c.free_text and c.derived is None]
    picked = ", ".join(name(c) for c in ("_source_file", "_source_row", *shown[:PREVIEW_COLUMNS]))
    cursor = session.execute(
        f"select {picked} from read_parquet({literal(str(newest))}) limit {PREVIEW_ROWS}"
    )
    columns = [column[0] for column in cursor.description]
    return [
        {c: v.isoformat() if isinstance(v, date) else v for c, v in zip(columns, row, strict=True)}
        for row in cursor.fetchall()
    ]


# --- session and small change ------------------------------------------------------------------


@contextmanager
def _session(folders: _Folders) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory DuckDB that spills to the scratch folder and reaches for nothing outside."""
    import duckdb

    folders.scratch.mkdir(parents=True, exist_ok=True)
    _sweep(folders.scratch)
    with _scratch(folders) as spill:
        session = duckdb.connect(
            ":memory:",
            config={
                # A file is read by one thread, and rarely has enough rows for two afterwards. While
                # one of two works, the other, Python's, asks all the time whether it is done.
                "threads": 1,
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(spill),
                "preserve_insertion_order": True,
                "autoinstall_known_extensions": False,
            },
        )
        try:
            session.execute("set TimeZone = 'UTC'")
            session.execute("set enable_progress_bar = false")
            # Pushed down, the test for problems evaluates every cast twice, and a list of words
            # becomes a join: 14 microseconds a message instead of 7.
            session.execute("set disabled_optimizers = 'filter_pushdown,in_clause'")
            yield session
        finally:
            session.close()


def _sweep(scratch: Path) -> None:
    for left in scratch.iterdir():
        try:
            age = time.time() - left.stat().st_mtime
        except FileNotFoundError:
            # Another stream's, done with this moment.
            continue
        if age > SCRATCH_KEPT_S:
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _scratch(folders: _Folders) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=folders.scratch) as folder:
        yield Path(folder)


def _write_common_schemas(session: duckdb.DuckDBPyConnection, folders: _Folders) -> None:
    _write_schema(session, folders, folders.files, FILES_SCHEMA)
    _write_schema(session, folders, folders.quarantine_schema, QUARANTINE_SCHEMA)
    _write_schema(session, folders, folders.runs / "checks", CHECKED_SCHEMA)
    _write_schema(session, folders, folders.runs / "reviews", DELIVERED_SCHEMA)
    for record, schema in CLOSED_SCHEMAS.items():
        _write_schema(session, folders, folders.closings / record, schema)


def _write_schema(
    session: duckdb.DuckDBPyConnection,
    folders: _Folders,
    folder: Path,
    schema: tuple[tuple[str, str], ...],
) -> None:
    # Engines that follow Hadoop's customs do not see files whose names begin with an underscore.
    (folder / "_schema.parquet").unlink(missing_ok=True)
    target = folder / "empty.parquet"
    nothing = ", ".join(f"null::{type_} as {name(column)}" for column, type_ in schema)
    with _scratch(folders) as scratch:
        made = scratch / "schema.parquet"
        _copy(session, f"select {nothing} where false", made)
        folder.mkdir(parents=True, exist_ok=True)
        made.replace(target)


def _typed(query: str, schema: tuple[tuple[str, str], ...]) -> str:
    columns = ", ".join(f"{name(column)}::{type_} as {name(column)}" for column, type_ in schema)
    return f"select {columns} from ({query})"


def _copy(session: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    done = session.execute(f"copy ({query}) to {literal(str(target))} (format parquet)")
    return done.fetchone()[0]


def _copy_values(
    session: duckdb.DuckDBPyConnection,
    values: dict[str, Any],
    schema: tuple[tuple[str, str], ...],
    target: Path,
) -> None:
    columns = ", ".join(
        f"{scalar(values[column])}::{type_} as {name(column)}" for column, type_ in schema
    )
    _copy(session, f"select {columns}", target)


def _naive_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
