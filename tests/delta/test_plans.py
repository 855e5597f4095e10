"""When a build goes by delta, when it builds everything and why, and which parts count as new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from orchestration.errors import SettingsError
from orchestration.settings import Settings
from orchestration.warehouse import delta, project, storage
from orchestration.warehouse.request import BuildRequest

AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)
DAY = timedelta(days=1)
SOURCE = "source.social_kpi_warehouse.x.posts"
FILES = "source.social_kpi_warehouse.extraction.files"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder with ten parts of one source; the project is a word."""
    monkeypatch.setattr(project, "fingerprint", lambda _: "the project")
    for n in range(10):
        _part(tmp_path, f"part-{n}", datetime(2026, 1, 1 + n, 12, tzinfo=UTC))
    _records(tmp_path, {})
    return Settings(data_dir=tmp_path, pseudonym_key="a key for tests only")


@pytest.fixture
def manifest(tmp_path: Path) -> Any:
    """Two sources and two models."""
    sources = {
        node_id: SimpleNamespace(
            config=SimpleNamespace(
                meta={"external_location": f"read_parquet('{tmp_path}/{where}/*.parquet')"}
            )
        )
        for node_id, where in {
            SOURCE: "lake/raw/x/posts",
            FILES: "lake/raw/extraction/files",
        }.items()
    }
    models = {
        f"model.social_kpi_warehouse.{name}": SimpleNamespace(
            unique_id=f"model.social_kpi_warehouse.{name}",
            resource_type="model",
            schema="core",
            alias=name,
            config=SimpleNamespace(meta={}),
            depends_on=SimpleNamespace(nodes=[]),
        )
        for name in ("fct_posts", "fct_days")
    }
    return SimpleNamespace(sources=sources, nodes=models)


def _part(folder: Path, name: str, posted_at: datetime) -> None:
    target = folder / "lake" / "raw" / "x" / "posts" / f"{name}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    sql = f"select 1 as id, timestamp '{posted_at:%Y-%m-%d %H:%M:%S}' as posted_at"
    duckdb.execute(f"copy ({sql}) to '{target}' (format parquet)")


def _records(folder: Path, exported_at: dict[str, datetime]) -> None:
    target = folder / "lake" / "raw" / "extraction" / "files" / "empty.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(
        "copy (select null::varchar as part, null::timestamp as exported_at where false) "
        f"to '{target}' (format parquet)"
    )
    for name, at in exported_at.items():
        duckdb.execute(
            f"copy (select '{name}.parquet' as part, timestamp '{at:%Y-%m-%d %H:%M:%S}' as "
            f"exported_at) to '{target.with_name(name + '.parquet')}' (format parquet)"
        )


def _built(settings: Settings, manifest: Any, as_of: datetime = AS_OF, **asked: Any) -> delta.Plan:
    plan = delta.begin(settings, as_of, manifest, **asked)
    delta.finish(settings, plan, manifest)
    return plan


def _names(plan: delta.Plan) -> list[str]:
    return [Path(part.path).stem for part in plan.new]


def test_the_first_build_is_full_and_the_next_has_nothing_new(
    settings: Settings, manifest: Any
) -> None:
    """What was built is remembered, part by part."""
    assert _built(settings, manifest).mode == delta.FULL
    plan = _built(settings, manifest, AS_OF + DAY)
    assert (plan.mode, plan.new, plan.previous_as_of) == (
        delta.DELTA,
        (),
        AS_OF.replace(tzinfo=None),
    )


def test_new_parts_are_handed_over_as_rows_of_their_source(
    settings: Settings, manifest: Any
) -> None:
    """One part more: its source has a state and its rows a view."""
    _built(settings, manifest)
    _part(settings.data_dir, "late", datetime(2020, 1, 1, tzinfo=UTC))
    plan = delta.begin(settings, AS_OF, manifest)
    assert _names(plan) == ["late"]
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        rows = connection.execute("select posted_at from delta.source__x__posts").fetchall()
        states = connection.execute("select * from delta.states").fetchall()
    assert rows == [(datetime(2020, 1, 1),)]  # noqa: DTZ001
    assert states == [(SOURCE, "some")]
    assert delta.finish(settings, plan, manifest) == {SOURCE}


def test_a_table_keeps_its_version_until_its_rows_change(settings: Settings, manifest: Any) -> None:
    """A full build renews all, one by delta what has left a state; an unfinished one has none."""

    def versions() -> Any:
        with duckdb.connect(str(settings.warehouse_path)) as connection:
            return delta.versions(connection, "warehouse")

    _built(settings, manifest)
    first = versions()
    assert len(first) == sum(
        node.resource_type in ("model", "seed") for node in manifest.nodes.values()
    )
    changed = next(node for node in manifest.nodes.values() if node.resource_type == "model")
    plan = delta.begin(settings, AS_OF + DAY, manifest)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(f"insert into delta.states values ('{changed.unique_id}', 'some')")
    assert versions() == {}
    delta.finish(settings, plan, manifest)
    assert {place for place, version in versions().items() if version != first[place]} == {
        (changed.schema, changed.alias)
    }
    _built(settings, manifest, AS_OF + DAY, full=True)
    assert not set(versions().values()) & set(first.values())


def test_whatever_makes_a_delta_wrong_makes_the_build_full(
    settings: Settings, manifest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reason, one after the other; each time what is built is remembered again."""
    _built(settings, manifest)
    delta.begin(settings, AS_OF, manifest)
    reasons = [_built(settings, manifest).reason]
    reasons.append(_built(settings, manifest, AS_OF - DAY).reason)
    reasons.append(_built(settings, manifest, full=True).reason)
    (settings.data_dir / "lake" / "raw" / "x" / "posts" / "part-3.parquet").unlink()
    reasons.append(_built(settings, manifest).reason)
    for n in range(9):
        _part(settings.data_dir, f"more-{n}", AS_OF)
    reasons.append(_built(settings, manifest).reason)
    monkeypatch.setattr(project, "fingerprint", lambda _: "another project")
    reasons.append(_built(settings, manifest).reason)
    assert reasons == [
        "the last build did not come to its end",
        "the as-of is earlier than that of the last build",
        "everything was asked for",
        "parts of the lake have gone or were written again",
        "most of the lake is new",
        "models, seeds or settings have changed",
    ]


def test_another_zone_is_another_setting(settings: Settings, manifest: Any) -> None:
    """Days are cut elsewhere, so every table may change."""
    _built(settings, manifest)
    moved = settings.model_copy(update={"reporting_zone": "Europe/Berlin"})
    assert _built(moved, manifest).reason == "models, seeds or settings have changed"


def test_exports_of_the_future_are_new_when_it_has_come(settings: Settings, manifest: Any) -> None:
    """A build passes over what was exported after its as-of; a later one must take it up."""
    _records(settings.data_dir, {"part-4": AS_OF + 2 * DAY})
    _built(settings, manifest)
    assert "part-4" in _names(_built(settings, manifest, AS_OF + 3 * DAY))
    assert _names(_built(settings, manifest, AS_OF + 4 * DAY)) == []


def test_days_that_are_asked_for_count_as_new(settings: Settings, manifest: Any) -> None:
    """Parts with a row in the range, in days of the reporting zone, both ends included."""
    _built(settings, manifest)
    request = BuildRequest(from_on="2026-01-03", to_on="2026-01-04")
    plan = _built(settings, manifest, dates=request.dates("America/New_York"))
    assert (plan.mode, _names(plan)) == (delta.DELTA, ["part-2", "part-3"])


def test_a_range_may_be_open() -> None:
    """From a day on, up to a day, or none at all."""
    zone = "Europe/Berlin"
    assert BuildRequest().dates(zone) is None
    start, _ = BuildRequest(from_on="2026-01-03").dates(zone)
    assert start == datetime(2026, 1, 2, 23, tzinfo=UTC)
    _, end = BuildRequest(to_on="2026-07-03").dates(zone)
    assert end == datetime(2026, 7, 3, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"from_on": "3.1.2026"}, "from_on is '3.1.2026'; expected a day such as 2026-03-01"),
        ({"from_on": "2026-02-01", "to_on": "2026-01-01"}, "ends before it begins"),
    ],
)
def test_a_range_nobody_can_mean_is_refused(asked: dict[str, str], words: str) -> None:
    """With what was found and what is expected."""
    with pytest.raises(SettingsError, match=words):
        BuildRequest(**asked).dates("UTC")


def test_a_file_of_an_older_format_is_begun_anew(settings: Settings, manifest: Any) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as older:
        older.execute("create table left_behind as select 1 as one")
    assert _built(settings, manifest).reason == "there is no earlier build"
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("from (show tables)").fetchall()}
    assert "left_behind" not in tables
    # One of this format is kept, and what it remembers.
    assert _built(settings, manifest, AS_OF + DAY).mode == delta.DELTA


def test_dbt_writes_the_format_that_builds_expect() -> None:
    import yaml

    profile = yaml.safe_load((project.DBT_DIR / "profiles.yml").read_text())
    output = profile["social_kpi_warehouse"]["outputs"]["duckdb"]
    assert output["config_options"] == {"storage_compatibility_version": storage.VERSION}
