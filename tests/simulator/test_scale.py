"""A company of any size: as many web events as asked for, its last day exported by itself.

What is in the files is tested elsewhere; here only how many there are and when they come.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from simulator.build import Summary, simulate

MIDNIGHT = 1776211200  # 2026-04-15 in UTC
DAY = 86_400


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder = tmp_path_factory.mktemp("scale") / "landing"
    return simulate(folder, None, messages=600, web_events=60_000, last_days=1, is_compressed=True)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_web_events_are_as_many_as_asked_for(large: Summary) -> None:
    written = large.counts["ga4_events"] + large.counts["web_events"]
    assert written == pytest.approx(60_000, rel=0.05)


@pytest.mark.parametrize("stream", ["ringcentral_engage/messages", "ga4/events"])
def test_the_last_day_has_an_export_of_its_own(large: Summary, stream: str) -> None:
    times = sorted(path.stat().st_mtime for path in _files(large.landing / stream))
    assert times[-1] == MIDNIGHT
    assert MIDNIGHT - DAY in times
    last = [path for path in _files(large.landing / stream) if path.stat().st_mtime == MIDNIGHT]
    everything = sum(path.stat().st_size for path in _files(large.landing / stream))
    assert sum(path.stat().st_size for path in last) < everything / 10


def test_text_is_gzipped_and_nothing_else(large: Summary) -> None:
    for path in _files(large.landing):
        is_zipped = path.read_bytes()[:2] == b"\x1f\x8b"
        assert is_zipped == (path.suffix == ".gz"), path
        assert path.suffix not in (".csv", ".json", ".jsonl", ".ndjson"), path
    first = min((large.landing / "ga4" / "events").glob("*.jsonl.gz"))
    assert gzip.decompress(first.read_bytes()).startswith(b'{"event_date":"2025')
