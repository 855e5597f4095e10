"""The commands behind make: exit codes, and errors that say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration import cli


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WAREHOUSE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.mark.parametrize(
    "command", ["run", "refresh", "snapshots", "rollback", "ui", "docs", "manifest"]
)
def test_a_wrong_setting_stops_every_command_at_its_start(
    data: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setenv("WAREHOUSE_REPORTING_ZONE", "Mars/Olympus")
    assert cli.main([command]) == 1
    assert "WAREHOUSE_REPORTING_ZONE" in capsys.readouterr().err
    assert not data.exists()


def test_a_company_is_not_simulated_over_somebodys_files(data: Path, capsys) -> None:
    file = data / "landing" / "x" / "posts" / "ours.csv"
    file.parent.mkdir(parents=True)
    file.write_text("Post id\n1\n")
    assert cli.main(["run"]) == 1
    message = capsys.readouterr().err
    assert "empty landing zone" in message
    assert "make refresh" in message
    assert list((data / "landing").rglob("*.*")) == [file]


def test_an_unknown_command_is_wrong_use(capsys) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["publish"])
    assert stopped.value.code == 2
    assert "refresh" in capsys.readouterr().err


def test_progress_says_what_is_read_and_what_is_wrong(capsys) -> None:
    progress = cli.Progress()
    progress._list([f"problem {number}" for number in range(9)])
    assert capsys.readouterr().out.splitlines() == [
        *(f"      problem {number}" for number in range(cli.LINES_OF_A_LIST)),
        f"      ... and {9 - cli.LINES_OF_A_LIST} more, all in `make ui`",
    ]
