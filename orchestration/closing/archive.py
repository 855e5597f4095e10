"""The closed periods of a data folder: where each is, what its manifest says, if it is whole.

Finding, reading and verifying closings belongs here. Making one does not, nor does any number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import ClosingError

CLOSED = "closed"
MANIFEST = "manifest.json"
SERVING, REVIEW, RECORD = "serving", "review", "record"
#: What can be closed, and the review that belongs to it.
CADENCES = {"month": "monthly", "quarter": "quarterly"}
#: Names of the jobs that close one.
JOBS = {kind: f"{cadence}_closing" for kind, cadence in CADENCES.items()}
READ_ONLY, READ_ONLY_FOLDER = 0o444, 0o555


@dataclass(frozen=True)
class Told:
    """A period whose numbers are told for good, and the snapshot they are of."""

    kind: str
    label: str
    starts_on: date
    ends_on: date
    as_of_at: datetime
    snapshot_id: str
    code_version: str
    rules_version: str
    locale: str = ""
    is_early: bool = False

    @property
    def name(self) -> str:
        """A name for its files: `quarter-2026-Q1-20260415T060000Z`."""
        return f"{self.kind}-{self.label}-{self.as_of_at:%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True)
class Closing:
    """A closed month or quarter: its folder, what it is, and the checksum of each of its files."""

    folder: Path
    told: Told
    files: Mapping[str, Mapping[str, Any]]

    def path(self, *parts: str) -> Path:
        """A file or folder of the closing."""
        return self.folder.joinpath(*parts)


def folder_of(data_dir: Path, kind: str, label: str) -> Path:
    """Where a closing is, or would be."""
    return Path(data_dir) / CLOSED / kind / label


def find(data_dir: Path, kind: str, label: str) -> Closing | None:
    """The closing of a period, if it is closed.

    Raises:
        ClosingError: there is a folder whose manifest cannot be read.
    """
    folder = folder_of(data_dir, kind, label)
    return read(folder) if kind in CADENCES and folder.is_dir() else None


def closings(data_dir: Path) -> list[Closing]:
    """Every closed month and quarter, by kind, oldest first.

    Raises:
        ClosingError: a manifest cannot be read.
    """
    return [
        read(folder)
        for kind in CADENCES
        for folder in sorted((Path(data_dir) / CLOSED / kind).glob("[!.]*"))
        if folder.is_dir()
    ]


def read(folder: Path) -> Closing:
    """A closing as its manifest tells it.

    Raises:
        ClosingError: the manifest is missing or damaged.
    """
    path = folder / MANIFEST
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        told = values["closing"]
        for name in ("starts_on", "ends_on"):
            told[name] = date.fromisoformat(told[name])
        told["as_of_at"] = datetime.fromisoformat(told["as_of_at"])
        if values["digest"] != _digest(values["closing"], values["files"]):
            raise ValueError("it was changed after it was written")
        return Closing(folder, Told(**told), values["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ClosingError(
            f"The manifest of a closed period cannot be used: {path} ({error}). "
            "Bring the folder back from a backup. Without one, move it away: the period is then "
            "open, and can be closed again as of today."
        ) from error


def write_manifest(folder: Path, told: Told) -> None:
    """Write the manifest over every file that is in the folder."""
    files = {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": checksum(path),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    closing = asdict(told)
    text = json.dumps(
        {"closing": closing, "files": files, "digest": _digest(closing, files)},
        indent=2,
        sort_keys=True,
        default=_iso,
    )
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def problems(closing: Closing, *, thoroughly: bool) -> list[str]:
    """What is not as it was when the period was closed, a line each; nothing when all is.

    Every file is there with its length, none was added, and each has its checksum; the copy of the
    published marts, which may be large, is read through only when asked for `thoroughly`.
    """
    found = []
    there = {
        path.relative_to(closing.folder).as_posix(): path
        for path in closing.folder.rglob("*")
        if path.is_file() or path.is_symlink()
    }
    for name, known in sorted(closing.files.items()):
        path = there.get(name)
        if path is None:
            found.append(f"{name} is missing")
        elif path.is_symlink() or path.stat().st_size != known["bytes"]:
            found.append(f"{name} is another file")
        elif (thoroughly or not name.startswith(f"{SERVING}/")) and (
            checksum(path) != known["sha256"]
        ):
            found.append(f"{name} has another content")
    found += [f"{name} was added" for name in sorted(set(there) - set(closing.files) - {MANIFEST})]
    return found


def require_whole(closing: Closing, *, thoroughly: bool = False) -> None:
    """Do nothing for a closing that is as it was made.

    Raises:
        ClosingError: something in it was changed; the message names it.
    """
    found = problems(closing, thoroughly=thoroughly)
    if found:
        raise ClosingError(
            f"{closing.told.label} was closed and is not as it was: {'; '.join(found)} "
            f"(in {closing.folder}). Bring the folder back from a backup. Without one, move it "
            "away: the period is then open, and can be closed again as of today."
        )


def checksum(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(closing: Mapping[str, Any], files: Mapping[str, Any]) -> str:
    text = json.dumps([closing, files], sort_keys=True, default=_iso)
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(value: date | datetime) -> str:
    return value.isoformat()
