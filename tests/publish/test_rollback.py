"""Back to an earlier snapshot in one step, and what a person is told about the kept ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration import cli
from orchestration.errors import PublishError
from orchestration.publish import current_snapshot, embedded, publish, rollback, snapshots
from orchestration.settings import Settings

from .conftest import TABLES, build_warehouse, bytes_of, query, run


@pytest.fixture
def published(settings: Settings) -> list[str]:
    """Three snapshots, oldest first."""
    return [publish_generation(settings, generation) for generation in (1, 2, 3)]


def publish_generation(settings: Settings, generation: int) -> str:
    build_warehouse(settings, generation)
    return publish(settings, TABLES, run(f"run-{generation}")).snapshot_id


def value(settings: Settings) -> int:
    return query(settings, "select max(value) from marts.kpi_scorecard")[0][0]


def test_each_rollback_goes_one_publication_further_back(
    settings: Settings, published: list[str]
) -> None:
    assert rollback(settings).snapshot_id == published[1]
    assert value(settings) == 2
    assert rollback(settings).snapshot_id == published[0]
    assert value(settings) == 1
    before = bytes_of(settings.serving_dir)
    with pytest.raises(PublishError, match="no earlier snapshot"):
        rollback(settings)
    assert bytes_of(settings.serving_dir) == before


def test_a_named_snapshot_is_rolled_back_to_and_forward(
    settings: Settings, published: list[str]
) -> None:
    assert rollback(settings, published[0]).is_new
    assert not rollback(settings, published[0]).is_new
    assert rollback(settings, published[2]).is_new
    assert value(settings) == 3


def test_a_snapshot_that_is_not_kept_is_refused(settings: Settings, published: list[str]) -> None:
    before = bytes_of(settings.serving_dir)
    for name in ("0123456789abcdef", "..", "../..", ".building-x", "/", "current"):
        with pytest.raises(PublishError, match="make snapshots"):
            rollback(settings, name)
    assert bytes_of(settings.serving_dir) == before


def test_a_rollback_before_the_first_publish_is_an_error_in_words(settings: Settings) -> None:
    with pytest.raises(PublishError, match="no earlier snapshot"):
        rollback(settings)


def test_the_next_publish_switches_forward_again(settings: Settings, published: list[str]) -> None:
    rollback(settings)
    snapshot = publish(settings, TABLES, run("run-4"))
    assert (snapshot.snapshot_id, snapshot.is_new) == (published[2], True)
    assert embedded.kept_snapshots(settings)[0] == published[2]


def test_a_snapshot_that_was_rolled_back_to_is_never_removed(
    settings: Settings, published: list[str]
) -> None:
    settings = settings.model_copy(update={"snapshots_kept": 2})
    rollback(settings, published[0])
    embedded.prune(settings)
    assert embedded.kept_snapshots(settings) == [published[2], published[0]]
    assert current_snapshot(settings) == published[0]


def test_a_snapshot_published_again_is_the_one_it_was_and_counts_as_the_latest(
    settings: Settings, published: list[str]
) -> None:
    folder = embedded.snapshot_folder(settings, published[0])
    before = bytes_of(folder)
    assert publish_generation(settings, 1) == published[0]
    assert bytes_of(folder) == before
    assert embedded.kept_snapshots(settings) == [published[0], published[2], published[1]]
    assert rollback(settings).snapshot_id == published[2]


def test_what_a_killed_publish_left_behind_goes_with_the_next(
    settings: Settings, published: list[str]
) -> None:
    kept = settings.serving_dir / "snapshots"
    for left in (".building-killed", ".removed-0123456789abcdef"):
        (kept / left / "parquet").mkdir(parents=True)
    (settings.serving_dir / ".current.new").symlink_to("snapshots/nowhere")
    assert embedded.kept_snapshots(settings) == published[::-1]
    publish_generation(settings, 4)
    assert len(list(kept.iterdir())) == 4
    assert not (settings.serving_dir / ".current.new").is_symlink()


def test_the_list_says_what_each_snapshot_is(settings: Settings, published: list[str]) -> None:
    found = snapshots(settings)
    assert [each.snapshot_id for each in found] == published[::-1]
    assert [each.is_current for each in found] == [True, False, False]
    assert [each.run_id for each in found] == ["run-3", "run-2", "run-1"]
    assert all(each.size > 10_000 for each in found)


@pytest.fixture
def commands(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WAREHOUSE_DATA_DIR", str(settings.data_dir))
    return settings.data_dir


def test_the_commands_list_switch_and_say_so(
    settings: Settings, published: list[str], commands: Path, capsys
) -> None:
    assert cli.main(["rollback"]) == 0
    assert f"Readers of DuckDB now have snapshot {published[1]}" in capsys.readouterr().out
    assert cli.main(["snapshots"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if line.startswith("->")] == [["->", published[1]]]
    assert [line.split()[0] for line in lines[1:4] if not line.startswith("->")] == [
        published[2], published[0]
    ]  # fmt: skip
    assert cli.main(["rollback", published[1]]) == 0
    assert "already" in capsys.readouterr().out
    assert cli.main(["rollback", "nonsense"]) == 1
    assert "no snapshot nonsense" in capsys.readouterr().err


def test_the_list_before_the_first_publish_is_said_to_be_empty(commands: Path, capsys) -> None:
    assert cli.main(["snapshots"]) == 0
    assert "Nothing has been published" in capsys.readouterr().out
