"""A landing zone and a lake of one's own, and the words the tests of this folder speak.

Nothing is asserted here; files are made up, never taken from a real export.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)
KEY = "a key for tests only"


@dataclass
class Zone:
    """Landing zone and data folder of one test."""

    root: Path
    now: datetime = NOW
    key: str = KEY
    reports: list = field(default_factory=list)

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def drop(self, file: str, content: str | bytes) -> Path:
        """Put a file into the landing zone."""
        path = self.landing / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def extract(self, folder: str, **changes):
        """Extract one stream and return the report."""
        from orchestration.exports.lake import extract_stream
        from orchestration.exports.registry import stream

        declared = changes.pop("stream", None) or stream(folder)
        options = {"pseudonym_key": self.key, "as_of": self.now, "now": self.now, **changes}
        report = extract_stream(declared, self.landing, self.data, **options)
        for file in report.files:
            assert file.rows_read == file.rows_in_lake + file.rows_quarantined, file
        return report

    def load(self, file: str, content: str | bytes):
        """Put a file down, extract its stream, return the report of that file."""
        self.drop(file, content)
        report = self.extract("/".join(file.split("/")[:2]))
        return next(done for done in report.files if done.file == file)

    def rows(self, folder: str) -> list[dict]:
        """Rows of a stream's lake, in order of file and row."""
        return _query(
            f"select * from read_parquet('{self.data}/lake/raw/{folder}/*.parquet', "
            "union_by_name = true) order by _source_file, _source_row, _file_sha256"
        )

    def quarantine(self, folder: str | None = None) -> list[dict]:
        """Refused rows of a stream, or of all."""
        where = "where source || '/' || stream = " + repr(folder) if folder else ""
        return _query(
            f"select * from read_parquet('{self.data}/lake/quarantine/*/*/*.parquet') {where} "
            "order by file, row"
        )

    def records(self) -> list[dict]:
        """Records of every file version."""
        return _query(
            f"select * from read_parquet('{self.data}/lake/raw/extraction/files/*.parquet') "
            "order by file, file_sha256"
        )

    def bytes_of_lake(self) -> dict[str, bytes]:
        """Every file of the lake, to tell whether anything changed."""
        lake = self.data / "lake"
        return {
            path.relative_to(lake).as_posix(): path.read_bytes()
            for path in sorted(lake.rglob("*.parquet"))
        }


def _query(sql: str) -> list[dict]:
    import duckdb

    with duckdb.connect() as session:
        session.execute("set TimeZone = 'UTC'")
        cursor = session.execute(sql)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    """An empty landing zone and an empty data folder."""
    made = Zone(tmp_path)
    made.landing.mkdir()
    return made
