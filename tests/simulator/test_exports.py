"""Exports written by two processes are those that one process writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator import exports
from simulator.build import SIZES, Summary, simulate


def _simulated(folder: Path) -> Summary:
    return simulate(folder / "landing", folder / "truth", messages=SIZES["tiny"])


def _files(folder: Path) -> dict[str, tuple[bytes, int]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            time = path.stat().st_mtime_ns if "landing" in path.parts else 0
            found[path.relative_to(folder).as_posix()] = (path.read_bytes(), time)
    return found


@pytest.fixture
def _helped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_has_help", lambda world: True)


def test_two_processes_write_the_files_that_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_has_help", lambda world: False)
    alone = _simulated(tmp_path / "alone")
    monkeypatch.setattr(exports, "_has_help", lambda world: True)
    helped = _simulated(tmp_path / "helped")
    assert _files(tmp_path / "helped") == _files(tmp_path / "alone")
    assert helped.counts == alone.counts


@pytest.mark.usefixtures("_helped")
def test_a_writer_that_fails_is_told_wherever_it_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a pen without ink")

    monkeypatch.setattr(exports, "WRITERS", dict.fromkeys(("one", "other"), fail))
    with pytest.raises((ValueError, RuntimeError), match="a pen without ink"):
        _simulated(tmp_path)


@pytest.mark.usefixtures("_helped")
def test_a_second_process_that_dies_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_help", lambda *_: None)
    with pytest.raises(RuntimeError, match="died"):
        _simulated(tmp_path)
