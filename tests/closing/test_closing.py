"""Closing a period: what is kept, that it stays, and when it is refused."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration import cli
from orchestration.closing import archive, close, records, review
from orchestration.closing.archive import Closing, Told
from orchestration.closing.rules import rules_version
from orchestration.errors import ClosingError
from orchestration.exports.contract import CLOSED_SCHEMAS
from orchestration.publish import code_version
from orchestration.reviews.cadences import MONTHLY, QUARTERLY
from orchestration.reviews.pages import page_of
from orchestration.settings import Settings
from tests.closing.conftest import QUARTER


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def writable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_the_copy_is_the_published_snapshot(published: Settings, closing: Closing) -> None:
    copy = files_of(closing.path("serving"))
    assert {"kpi_marts.duckdb", "exemplars.parquet"} <= set(copy)
    for name, content in copy.items():
        assert content == (published.serving_dir / name).read_bytes(), name


def test_nobody_may_write_any_of_it(closing: Closing) -> None:
    modes = {path: path.stat().st_mode & 0o222 for path in closing.folder.rglob("*")}
    assert len(modes) > 10
    assert set(modes.values()) == {0}
    assert closing.folder.stat().st_mode & 0o222 == 0


def test_the_manifest_has_the_checksum_of_every_file(closing: Closing) -> None:
    there = set(files_of(closing.folder)) - {archive.MANIFEST}
    assert set(closing.files) == there
    assert {f"record/{name}.parquet" for name in CLOSED_SCHEMAS} <= there
    assert archive.problems(closing, thoroughly=True) == []


def test_its_cells_are_the_quarter_and_its_months(published: Settings, closing: Closing) -> None:
    cells = closing.path("record", "cells.parquet")
    where = published.serving_dir / "kpi_marts.duckdb"
    with duckdb.connect(str(where), read_only=True) as connection:
        kept = "select period_kind, period_start_on, kpi_id, slice_kind, slice_value, value"
        told = f"{kept} from read_parquet('{cells}')"
        wanted = (
            f"{kept} from marts.kpi_scorecard where "
            "(period_kind = 'quarter' and period_start_on = date '2026-01-01') or "
            "(period_kind = 'month' and period_start_on between '2026-01-01' and '2026-03-31')"
        )
        assert connection.sql(f"({told}) except all ({wanted})").fetchall() == []
        assert connection.sql(f"({wanted}) except all ({told})").fetchall() == []
        [(count,)] = connection.sql(f"select count(*) from ({told})").fetchall()
    assert count > 10_000


def test_the_closed_review_renders_again_byte_for_byte(
    published: Settings, closing: Closing
) -> None:
    """The locale is another one today; the review still comes out as it was told."""
    kept = files_of(closing.path("review"))
    assert set(kept) == {"index.html", "review.md", "numbers.csv"}
    assert b'content="de_DE"' in kept["index.html"]
    assert published.locale == "en_US"
    assert review.render_again(closing, code_version())


def test_who_closes_a_period_delivers_its_review(published: Settings, closing: Closing) -> None:
    parts = published.data_dir / "lake" / "raw" / "runs" / "reviews" / "*.parquet"
    delivered = duckdb.sql(f"select cadence, period_start_on, snapshot_id from '{parts}'")
    assert delivered.fetchall() == [("quarterly", date(2026, 1, 1), closing.told.snapshot_id)]


def test_another_rendering_is_told_apart_from_other_code(
    closing: Closing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "render", lambda *_: {"index.html": b"other"})
    assert not review.render_again(closing, "code of a year later")
    with pytest.raises(ClosingError, match="comes out otherwise from its closed copy"):
        review.render_again(closing, closing.told.code_version)


def test_a_period_is_closed_once(published: Settings, closing: Closing) -> None:
    before = files_of(closing.folder)
    with pytest.raises(ClosingError, match=f"{QUARTER} is closed, as of 2026-04-15 06:00 UTC"):
        close.close(published, QUARTER)
    assert files_of(closing.folder) == before


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2026-Q2", "not over"),
        ("2026-04", "not over"),
        ("2019-Q1", "no numbers to close"),
        ("2026-W13", "weeks are not closed"),
        ("2026-13", "Expected a month or quarter"),
        ("../2026-Q1", "Expected a month or quarter"),
    ],
)
def test_what_cannot_be_closed_is_refused(published: Settings, label: str, words: str) -> None:
    with pytest.raises(ClosingError, match=words):
        close.close(published, label)
    assert not (published.data_dir / "closed" / "month" / label).exists()


def republished(settings: Settings, folder: Path, change: str) -> Settings:
    """What is published, with a change to the file that readers have."""
    shutil.copytree(settings.serving_dir, folder / "serving", symlinks=True)
    path = (folder / "serving" / "kpi_marts.duckdb").resolve()
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(change)
    return settings.model_copy(update={"data_dir": folder})


@pytest.mark.usefixtures("undrawn")
def test_numbers_that_can_still_move_are_closed_on_purpose_only(
    published: Settings, tmp_path: Path
) -> None:
    young = republished(
        published,
        tmp_path,
        "update marts.kpi_scorecard set is_provisional = true where kpi_id = 'K26'"
        " and period_kind = 'month' and period_start_on = date '2026-03-01'",
    )
    with pytest.raises(ClosingError, match=r"1.measure can still move .*K26 until 2026-04-08"):
        close.close(young, "2026-03")
    assert close.close(young, "2026-03", early=True).told.is_early
    assert not close.close(young, "2026-02", early=True).told.is_early


def test_cohorts_that_are_watched_for_months_hold_nothing_up(
    published: Settings, closing: Closing
) -> None:
    """K76 takes 90 days: it is closed as provisional, and the closing is not called early."""
    cells = closing.path("record", "cells.parquet")
    [(provisional,)] = duckdb.sql(
        f"select bool_and(is_provisional) from '{cells}' where kpi_id = 'K76'"
        " and period_kind = 'quarter'"
    ).fetchall()
    assert provisional
    assert not closing.told.is_early


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("code_version = 'other'", "code, models or seeds"),
        ("reporting_zone = 'Asia/Tokyo'", "WAREHOUSE_REPORTING_ZONE"),
        ("fiscal_year_start_month = 2", "WAREHOUSE_FISCAL_YEAR_START_MONTH"),
    ],
)
def test_what_other_code_or_settings_published_is_not_closed(
    published: Settings, tmp_path: Path, change: str, words: str
) -> None:
    other = republished(published, tmp_path, f"update marts.publication set {change}")
    with pytest.raises(ClosingError, match=words):
        close.close(other, "2026-02")


@pytest.mark.usefixtures("undrawn")
def test_an_interrupted_closing_leaves_nothing(
    copied: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    before = files_of(copied.data_dir / "closed")
    monkeypatch.setattr(archive, "write_manifest", full)
    with pytest.raises(ClosingError, match="2026-01 could not be closed: No space left"):
        close.close(copied, "2026-01")
    assert files_of(copied.data_dir / "closed") == before
    assert list((copied.data_dir / "closed" / "month").iterdir()) == []


@pytest.mark.usefixtures("undrawn")
def test_what_is_wrong_with_the_marts_is_worded(
    copied: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise duckdb.IOException("Corrupt database file")

    monkeypatch.setattr(records, "write", broken)
    with pytest.raises(ClosingError, match=r"could not be closed: .*Corrupt database file"):
        close.close(copied, "2026-01")
    assert list((copied.data_dir / "closed" / "month").iterdir()) == []


@pytest.mark.usefixtures("undrawn")
def test_what_a_killed_closing_left_goes_and_one_under_way_stays(copied: Settings) -> None:
    import fcntl

    folder = copied.data_dir / "closed" / "month"
    killed, under_way, other = (
        folder / f".{name}.building" for name in ("2026-01.1", "2026-01.2", "2026-02.1")
    )
    for left in (killed, under_way, other):
        (left / "record").mkdir(parents=True)
        (left / "record" / "cells.parquet").touch()
        (left / "record").chmod(0o555)
    descriptor = os.open(under_way, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        close.close(copied, "2026-01")
    finally:
        os.close(descriptor)
    assert set(folder.iterdir()) == {under_way, other, folder / "2026-01"}


@pytest.mark.usefixtures("undrawn")
def test_what_is_published_in_between_is_not_looked_at(
    copied: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here nothing at all: whoever follows the link again finds no marts."""
    serving = copied.data_dir / "serving"
    monkeypatch.setattr(close, "_require_over", lambda *_: serving.unlink())
    assert close.close(copied, "2026-01").told.label == "2026-01"


def tampered(folder: Path, how: str) -> None:
    writable(folder)
    path = {
        "numbers": folder / "review" / "numbers.csv",
        "record": folder / "record" / "cells.parquet",
        "marts": folder / "serving" / "kpi_marts.duckdb",
        "manifest": folder / "manifest.json",
    }.get(how, folder / "review" / "index.html")
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    elif how == "added":
        (folder / "review" / "more.html").write_text("more")
    elif how == "linked":
        path.rename(folder.parent / "elsewhere.html")
        path.symlink_to(folder.parent / "elsewhere.html")
    elif how == "manifest":
        path.write_text(content.decode().replace("2026-04-15", "2026-04-16"))
    else:
        middle = len(content) // 2
        changed = bytes([content[middle] ^ 1])
        path.write_bytes(content[:middle] + changed + content[middle + 1 :])


@pytest.mark.parametrize("how", ["numbers", "record", "gone", "added", "linked", "manifest"])
def test_a_refresh_stops_where_a_closed_period_was_tampered_with(
    copied: Settings, how: str, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    folder = archive.folder_of(copied.data_dir, "quarter", QUARTER)
    records.bring_to_lake(copied.data_dir)
    tampered(folder, how)
    with pytest.raises(ClosingError, match="Bring the folder back from a backup"):
        records.bring_to_lake(copied.data_dir)
    monkeypatch.setenv("WAREHOUSE_DATA_DIR", str(copied.data_dir))
    assert cli.main(["closed", "--verify"]) == 1


def test_a_bit_of_the_copied_marts_is_missed_by_nothing_but_a_look_at_every_byte(
    copied: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may be large: their length is looked at in every refresh, their content when asked."""
    monkeypatch.setenv("WAREHOUSE_DATA_DIR", str(copied.data_dir))
    assert cli.main(["closed", "--verify"]) == 0
    assert "whole" in capsys.readouterr().out
    tampered(archive.folder_of(copied.data_dir, "quarter", QUARTER), "marts")
    assert records.bring_to_lake(copied.data_dir) == 1
    assert cli.main(["closed"]) == 0
    assert cli.main(["closed", "--verify"]) == 1
    told = capsys.readouterr()
    assert "serving/kpi_marts.duckdb has another content" in told.out
    assert "1 of 1 closed periods are not as they were" in told.err


def test_the_lake_gets_the_records_back_and_forgets_what_is_open_again(copied: Settings) -> None:
    update = (
        records.lake_folder(copied.data_dir, "cells") / "week-2026-W10-20260309T060000Z.parquet"
    )
    update.parent.mkdir(parents=True)
    update.write_bytes(b"what an update told")
    for _ in range(2):
        assert records.bring_to_lake(copied.data_dir) == 1
        assert records.counted(copied.data_dir)["cells"] == 2
        assert records.counted(copied.data_dir)["periods"] == 1
    folder = archive.folder_of(copied.data_dir, "quarter", QUARTER)
    writable(folder)
    shutil.rmtree(folder)
    assert records.bring_to_lake(copied.data_dir) == 0
    assert set(records.counted(copied.data_dir).values()) == {0, 1}
    assert update.is_file()


def test_a_closed_review_that_was_changed_or_lost_is_put_back(copied: Settings) -> None:
    closing = archive.find(copied.data_dir, "quarter", QUARTER)
    paths = review.put_back(copied.data_dir, closing)
    assert cli.is_written(copied, QUARTERLY, QUARTER)
    paths.markdown.write_text("Everything is fine.")
    assert not cli.is_written(copied, QUARTERLY, QUARTER)
    review.put_back(copied.data_dir, closing)
    assert files_of(paths.folder) == files_of(closing.path("review"))
    shutil.rmtree(paths.folder)
    assert not cli.is_written(copied, QUARTERLY, QUARTER)


def test_the_job_of_a_closed_review_writes_nothing_of_its_own(copied: Settings, tmp_path) -> None:
    """Another snapshot is published, and the review of the closed quarter is asked for again."""
    import dagster as dg

    from orchestration.reviews.assets import review_assets

    (tmp_path / "serving").unlink()
    closing = archive.find(copied.data_dir, "quarter", QUARTER)
    [asset] = [each for each in review_assets(copied, []) if each.key.path[-1] == QUARTERLY.name]
    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions(QUARTERLY.partitions, [QUARTER])
        result = dg.materialize([asset], instance=instance, partition_key=QUARTER)
    assert result.success
    page = page_of(copied.data_dir, QUARTERLY.name, QUARTER)
    assert files_of(page.parent) == files_of(closing.path("review"))
    assert not (copied.data_dir / "lake" / "raw" / "runs").exists()


@pytest.mark.usefixtures("undrawn")
def test_the_job_closes_a_month(copied: Settings) -> None:
    import dagster as dg

    from orchestration.closing.assets import closing_assets

    [asset] = [each for each in closing_assets(copied, []) if each.key.path[-1] == "month"]
    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions(MONTHLY.partitions, ["2025-12"])
        result = dg.materialize([asset], instance=instance, partition_key="2025-12")
    assert result.success
    closing = archive.find(copied.data_dir, "month", "2025-12")
    assert archive.problems(closing, thoroughly=True) == []
    assert page_of(copied.data_dir, MONTHLY.name, "2025-12").is_file()


def test_an_update_is_kept_when_it_is_first_delivered(published: Settings, tmp_path: Path) -> None:
    monday, tuesday = (datetime(2026, 4, day, 6, tzinfo=UTC).replace(tzinfo=None) for day in (6, 7))

    def told(at: datetime, snapshot_id: str) -> Told:
        return Told(
            "week", "2026-W14", date(2026, 3, 30), date(2026, 4, 5), at, snapshot_id, "c", "r"
        )

    def kept() -> list[tuple[datetime, str]]:
        parts = records.lake_folder(tmp_path, "periods") / "*.parquet"
        return duckdb.sql(f"select as_of_at, snapshot_id from '{parts}' order by all").fetchall()

    where = str(published.serving_dir / "kpi_marts.duckdb")
    with duckdb.connect(where, read_only=True) as connection:
        assert records.record_update(connection, told(tuesday, "late"), tmp_path)
        assert records.record_update(connection, told(monday, "first"), tmp_path)
        assert records.record_update(connection, told(monday, "again"), tmp_path)
        assert not records.record_update(connection, told(tuesday, "later"), tmp_path)
    assert kept() == [(monday, "again"), (tuesday, "late")]
    cells = records.lake_folder(tmp_path, "cells") / "*.parquet"
    [(slices, kinds)] = duckdb.sql(
        f"select list(distinct slice_kind), list(distinct period_kind) from '{cells}'"
    ).fetchall()
    assert (slices, kinds) == (["overall"], ["week"])
    assert not list((tmp_path / "lake" / ".scratch").iterdir())


def test_rules_are_what_makes_numbers_and_not_what_is_said_of_them(
    published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.closing import rules

    for folder in ("models", "seeds", "dbt_project/macros", "orchestration/exports"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(rules, "PROJECT_DIR", tmp_path)
    (tmp_path / "dbt_project" / "dbt_project.yml").write_text("vars: {}")
    (tmp_path / "models" / "a.sql").write_text("select 1")
    first = rules_version(published)
    for path in ("seeds/review_notes.csv", "models/a.yml", "orchestration/pages.py"):
        (tmp_path / path).write_text("words")
        assert rules_version(published) == first, path
    for path in ("models/a.sql", "seeds/tags.csv", "dbt_project/dbt_project.yml"):
        before = rules_version(published)
        (tmp_path / path).write_text("other words")
        assert rules_version(published) != before, path
    other = published.model_copy(update={"reporting_zone": "UTC"})
    assert rules_version(other) != rules_version(published)


def test_closing_ends_with_words_for_a_person(
    published: Settings, closing: Closing, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    for name, value in (
        ("WAREHOUSE_DATA_DIR", published.data_dir),
        ("WAREHOUSE_REPORTING_ZONE", published.reporting_zone),
    ):
        monkeypatch.setenv(name, str(value))
    assert cli.main(["close", QUARTER]) == 1
    assert "stays as it is" in capsys.readouterr().err
    assert cli.main(["closed"]) == 0
    assert capsys.readouterr().out.startswith(f"{QUARTER}   kept")
    monkeypatch.setattr(review, "render", lambda *_: review.kept(closing))
    assert cli.main(["review", QUARTER]) == 0
    assert "byte for byte" in capsys.readouterr().out
    assert cli.main(["review", "soon"]) == 1
    assert "2026-W13, 2026-03 or 2026-Q1" in capsys.readouterr().err
    assert os.access(page_of(published.data_dir, QUARTERLY.name, QUARTER), os.R_OK)
