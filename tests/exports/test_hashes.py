"""A landing file is hashed once, and again as soon as anything about it is different."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration.exports import hashes
from orchestration.exports.hashes import Hashes
from orchestration.exports.opening import sha256_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that has been lying there for an hour, were it not for the time of its node."""
    path = tmp_path / "export.csv"
    path.write_text("id\n1\n")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are read; what was just written counts as settled."""
    read: list[Path] = []

    def counted(path: Path) -> str:
        read.append(path)
        return sha256_of(path)

    monkeypatch.setattr(hashes, "sha256_of", counted)
    monkeypatch.setattr(hashes, "SETTLED_AFTER_NS", -60_000_000_000)
    return read


def _hash(file: Path, store: Path) -> str:
    asked = Hashes(store)
    digest = asked.of(file)
    asked.keep()
    return digest


def test_an_untouched_file_is_read_once(file: Path, tmp_path: Path, reads: list[Path]) -> None:
    """The second run takes the first one's word."""
    store = tmp_path / "lake" / "hashes.json"
    assert _hash(file, store) == _hash(file, store) == sha256_of(file)
    assert reads == [file]


def test_a_file_of_the_same_size_and_time_is_read_again(
    file: Path, tmp_path: Path, reads: list[Path]
) -> None:
    """Another content of as many bytes, with the old time put back, as an archive tool would."""
    store = tmp_path / "hashes.json"
    before = _hash(file, store)
    times = file.stat()
    file.write_text("id\n2\n")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert _hash(file, store) != before
    assert len(reads) == 2


def test_a_file_that_may_still_change_is_not_remembered(
    file: Path, tmp_path: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two writes within one tick of the clock look the same from outside."""
    monkeypatch.setattr(hashes, "SETTLED_AFTER_NS", 2_000_000_000)
    store = tmp_path / "hashes.json"
    _hash(file, store)
    _hash(file, store)
    assert len(reads) == 2


def test_a_broken_store_is_no_store(file: Path, tmp_path: Path, reads: list[Path]) -> None:
    """What cannot be read is made again."""
    store = tmp_path / "hashes.json"
    store.write_text("{")
    assert _hash(file, store) == sha256_of(file)
    assert _hash(file, store) == sha256_of(file)
    assert len(reads) == 1
