"""PostgreSQL has what the embedded file has: rows, words, the same switch, nothing by halves."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import psycopg
import pytest
from pydantic import SecretStr

from orchestration.errors import PublishError
from orchestration.publish import (
    Table,
    current_snapshot,
    embedded,
    postgres,
    publish,
    rollback,
    stores,
)
from orchestration.settings import Settings

from .conftest import TABLES, build_warehouse, bytes_of, query, run
from .postgres import ENCODED, PASSWORD, Postgres

KEPT_SCHEMAS = """
select nspname from pg_namespace
where nspname ~ '^marts_[0-9a-f]{16}$' or nspname like 'marts\\_shape\\_%' order by 1
"""


@pytest.fixture
def served(settings: Settings, database: str) -> Settings:
    """Settings of a data folder that also publishes to an empty database."""
    return settings.model_copy(update={"serving_postgres_dsn": SecretStr(database)})


@pytest.fixture
def reader(served: Settings) -> Iterator[psycopg.Connection]:
    """A session of somebody who reads, with the rights of the read-only role and no more."""
    with session(served) as connection:
        yield connection


def session(settings: Settings) -> psycopg.Connection:
    publish(settings, TABLES, run())
    connection = psycopg.connect(address(settings), autocommit=True)
    connection.execute("set role marts_reader")
    return connection


def address(settings: Settings) -> str:
    return settings.serving_postgres_dsn.get_secret_value()


def ask(settings: Settings, sql: str) -> list[tuple]:
    with psycopg.connect(address(settings)) as connection:
        return connection.execute(sql).fetchall()


def shown(settings: Settings) -> tuple[str | None, str | None]:
    """The snapshots that readers of the two stores have, as they are told."""
    in_file = query(settings, "select snapshot_id from marts.publication")
    in_database = ask(settings, "select snapshot_id from marts.publication")
    return in_file[0][0], in_database[0][0]


def publish_generation(settings: Settings, generation: int, **kwargs) -> str:
    build_warehouse(settings, generation, **kwargs)
    return publish(settings, TABLES, run(f"run-{generation}")).snapshot_id


def test_both_stores_have_the_same_snapshot_to_the_row(served: Settings) -> None:
    snapshot = publish(served, TABLES, run())
    assert snapshot.stores == ("DuckDB", "PostgreSQL")
    assert shown(served) == (snapshot.snapshot_id, snapshot.snapshot_id)
    names = [*snapshot.rows, "publication"]
    listed = ask(served, "select viewname from pg_views where schemaname = 'marts' order by 1")
    assert [name for (name,) in listed] == sorted(names)
    for name in names:
        there = ask(served, f"select * from marts.{name}")
        assert sorted(there) == sorted(query(served, f"select * from marts.{name}")), name


def test_every_type_and_odd_value_arrives(served: Settings) -> None:
    with duckdb.connect(str(served.warehouse_path)) as connection:
        connection.execute(
            """
            create table core.odd as
            select 9::hugeint as huge, 1::smallint as small, 2::integer as whole, 3::bigint as big,
                'nan'::double as not_a_number, 0.1::double as tenth, true as yes,
                date '0001-01-01' as day, timestamp '2026-03-01 10:00:00.123456' as instant,
                'a' || chr(0) || 'b' as nul, E'\\\\N\\t"''; drop table x; -- \u202e' as hostile,
                1.25::decimal(9, 2) as amount, [1, 2] as list
            union all
            select null, null, null, null, null, null, null, null, null, null, null, null, null
            """
        )
    odd = Table("core", "odd", 'It\'s odd; "quoted".', {"nul": "a'b", "Gone": "no such column"})
    odd = Table("core", "odd", odd.description, {"nul": "a'b"})
    publish(served, [*TABLES, odd], run())
    first, second = ask(served, "select * from marts.odd order by huge")
    assert first[:4] == (9, 1, 2, 3)
    assert first[4] != first[4]
    assert [value.isoformat() for value in first[7:9]] == [
        "0001-01-01", "2026-03-01T10:00:00.123456"
    ]  # fmt: skip
    assert first[5:7] == (0.1, True)
    assert first[9:] == ("ab", "\\N\t\"'; drop table x; -- \u202e", "1.25", "[1, 2]")
    assert Decimal(first[11]) == Decimal("1.25")
    assert set(second) == {None}


def test_descriptions_of_the_models_reach_the_reader_of_the_database(served: Settings) -> None:
    publish(served, TABLES, run())
    tables = "select obj_description('marts.dim_network'::regclass)"
    columns = "select col_description('marts.kpi_scorecard'::regclass, 2)"
    assert ask(served, tables) == [("Each row is a network.",)]
    assert ask(served, columns) == [("What it's worth",)]
    reworded = (Table("kpi", "kpi_scorecard", "Each row is reworded."), *TABLES[1:])
    build_warehouse(served, 2)
    publish(served, reworded, run("run-2"))
    assert ask(served, tables) == [("Each row is a network.",)]
    assert ask(served, "select obj_description('marts.kpi_scorecard'::regclass)") == [
        ("Each row is reworded.",)
    ]
    assert ask(served, columns) == [(None,)]
    rollback(served)
    assert ask(served, columns) == [("What it's worth",)]


FORBIDDEN = (
    "insert into marts.dim_network values ('y', 9)",
    "update marts.kpi_scorecard set value = 0",
    "delete from marts.kpi_scorecard",
    "drop view marts.kpi_scorecard",
    "create table marts.mine (i int)",
    "select * from marts_store.snapshots",
    "select marts_store.snapshot('x')",
    "select * from {schema}.kpi_scorecard",
)


def test_the_reading_role_reads_the_marts_and_does_nothing_else(
    served: Settings, reader: psycopg.Connection
) -> None:
    for generation in (1, 2):
        publish_generation(served, generation)
        assert reader.execute("select count(*) from marts.kpi_scorecard").fetchone() == (100,)
    for sql in FORBIDDEN:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(sql.format(schema=f"marts_{current_snapshot(served)}"))


def test_sqlalchemy_psycopg_and_adbc_read_the_same(served: Settings) -> None:
    import adbc_driver_postgresql.dbapi as adbc
    import sqlalchemy

    publish(served, TABLES, run())
    sql = "select count(*), sum(cell), min(value) from marts.kpi_scorecard"
    expected = query(served, sql)
    assert ask(served, sql) == expected
    with adbc.connect(address(served)) as connection, connection.cursor() as cursor:
        cursor.execute("select cell, value from marts.kpi_scorecard")
        arrow = cursor.fetch_arrow_table()
    assert arrow.num_rows == 100
    assert duckdb.sql("select count(*), sum(cell), min(value) from arrow").fetchall() == expected
    engine = sqlalchemy.create_engine(
        address(served).replace("postgresql://", "postgresql+psycopg://")
    )
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(sqlalchemy.text(sql))] == expected
        inspector = sqlalchemy.inspect(connection)
        assert "kpi_scorecard" in inspector.get_view_names("marts")
        columns = {each["name"]: each for each in inspector.get_columns("kpi_scorecard", "marts")}
    engine.dispose()
    assert list(columns) == ["cell", "value"]
    assert columns["value"]["comment"] == "What it's worth"


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ"])
def test_a_transaction_keeps_the_snapshot_it_saw_first(
    served: Settings, reader: psycopg.Connection, isolation: str
) -> None:
    reader.execute(f"begin isolation level {isolation}")
    assert reader.execute("select max(value) from marts.kpi_scorecard").fetchone() == (1,)
    for generation in (2, 3):
        publish_generation(served, generation)
    assert reader.execute("select max(g) from marts.dim_network").fetchone() == (1,)
    assert reader.execute("select max(value) from marts.kpi_scorecard").fetchone() == (1,)
    reader.execute("commit")
    both = "select max(value), max(g) from marts.kpi_scorecard, marts.dim_network"
    assert reader.execute(both).fetchone() == (3, 3)


def test_a_transaction_that_began_with_an_empty_table_keeps_its_snapshot(
    served: Settings,
) -> None:
    publish_generation(served, 1, rows=0)
    with psycopg.connect(address(served)) as connection:
        cells = "select count(*) from marts.kpi_scorecard"
        assert connection.execute(cells).fetchone() == (0,)
        publish_generation(served, 2)
        assert connection.execute("select g from marts.dim_network").fetchone() == (1,)
        assert connection.execute(cells).fetchone() == (0,)
        connection.commit()
        assert connection.execute(cells).fetchone() == (100,)


def test_a_repeatable_read_from_before_the_switch_sees_the_snapshot_of_then(
    served: Settings, reader: psycopg.Connection
) -> None:
    reader.execute("begin isolation level repeatable read read only")
    reader.execute("select count(*) from pg_class")
    publish_generation(served, 2)
    assert reader.execute("select max(value) from marts.kpi_scorecard").fetchone() == (1,)
    reader.execute("commit")
    assert reader.execute("select max(value) from marts.kpi_scorecard").fetchone() == (2,)


def test_publishing_the_same_again_changes_nothing_in_the_database(served: Settings) -> None:
    state = "select xmin, number, shape, words from marts_store.current"
    publish(served, TABLES, run())
    before = ask(served, state), ask(served, KEPT_SCHEMAS)
    build_warehouse(served)
    assert not publish(served, TABLES, run("run-2")).is_new
    assert (ask(served, state), ask(served, KEPT_SCHEMAS)) == before


def test_as_many_snapshots_are_kept_in_the_database_as_the_setting_says(served: Settings) -> None:
    settings = served.model_copy(update={"snapshots_kept": 2})
    published = [publish_generation(settings, generation) for generation in range(1, 5)]
    schemas = [name for (name,) in ask(served, KEPT_SCHEMAS)]
    assert schemas[:-1] == sorted(f"marts_{each}" for each in published[-2:])
    assert schemas[-1].startswith("marts_shape_")


def test_a_snapshot_somebody_reads_stays_until_they_are_done(
    served: Settings, reader: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PRUNING_PATIENCE_S", 0)
    settings = served.model_copy(update={"snapshots_kept": 2})
    first = current_snapshot(served)
    reader.execute("begin")
    reader.execute("select count(*) from marts.dim_network")
    for generation in (2, 3, 4):
        publish_generation(settings, generation)
    assert (f"marts_{first}",) in ask(served, KEPT_SCHEMAS)
    assert reader.execute("select max(value) from marts.kpi_scorecard").fetchone() == (1,)
    reader.execute("commit")
    publish_generation(settings, 5)
    assert len(ask(served, KEPT_SCHEMAS)) == 3


def test_a_transaction_from_before_all_kept_snapshots_is_told_so(
    served: Settings, reader: psycopg.Connection
) -> None:
    settings = served.model_copy(update={"snapshots_kept": 2})
    reader.execute("begin isolation level repeatable read")
    reader.execute("select 1")
    for generation in (2, 3):
        publish_generation(settings, generation)
    with pytest.raises(psycopg.errors.SnapshotTooOld, match="no longer kept"):
        reader.execute("select * from marts.dim_network").fetchall()


def test_a_transaction_from_before_other_columns_is_told_so_and_sees_no_empty_table(
    served: Settings, reader: psycopg.Connection
) -> None:
    reader.execute("begin isolation level repeatable read")
    reader.execute("select 1")
    build_warehouse(served, 2)
    with duckdb.connect(str(served.warehouse_path)) as connection:
        connection.execute("alter table kpi.kpi_scorecard add column note varchar")
    publish(served, TABLES, run("run-2"))
    with pytest.raises(psycopg.errors.SnapshotTooOld, match="no longer kept"):
        reader.execute("select * from marts.dim_network").fetchall()


def test_other_columns_are_shown_and_rolled_back_and_views_of_others_stay(served: Settings) -> None:
    publish(served, TABLES, run())
    with psycopg.connect(address(served), autocommit=True) as connection:
        connection.execute("create view public.theirs as select * from marts.dim_network")
    build_warehouse(served, 2)
    with duckdb.connect(str(served.warehouse_path)) as connection:
        connection.execute("alter table kpi.kpi_scorecard add column note varchar default 'new'")
        connection.execute("create table core.dim_team as select 'red' as team")
    publish(served, [*TABLES, Table("core", "dim_team")], run("run-2"))
    assert ask(served, "select distinct value, note from marts.kpi_scorecard") == [(2, "new")]
    assert ask(served, "select team from marts.dim_team") == [("red",)]
    assert ask(served, "select g from public.theirs") == [(2,)]
    rollback(served)
    assert ask(served, "select * from marts.kpi_scorecard limit 1")[0][1:] == (1,)
    assert ask(served, "select g from public.theirs") == [(1,)]
    assert ask(served, "select count(*) from pg_views where viewname = 'dim_team'") == [(0,)]
    with psycopg.connect(address(served)) as connection:
        connection.execute("set role marts_reader")
        assert connection.execute("select count(*) from marts.kpi_scorecard").fetchone() == (100,)


def test_a_reader_of_other_columns_is_waited_for_and_then_named(
    served: Settings, reader: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_S", 0)
    before = shown(served)
    reader.execute("set application_name = 'a dashboard'")
    reader.execute("begin")
    reader.execute("select * from marts.dim_network")
    build_warehouse(served, 2)
    with duckdb.connect(str(served.warehouse_path)) as connection:
        connection.execute("alter table kpi.kpi_scorecard add column note varchar")
    real, switched = embedded.switch, []
    with monkeypatch.context() as patch:
        patch.setattr(embedded, "switch", lambda *to: (switched.append(to[1]), real(*to)))
        with pytest.raises(PublishError, match=r"process \d+ of admin \(a dashboard\)"):
            publish(served, TABLES, run("run-2"))
    assert set(switched) <= set(before), "the file is switched last"
    assert shown(served) == before
    assert reader.execute("select max(value) from marts.kpi_scorecard").fetchone() == (1,)
    reader.execute("commit")
    assert publish(served, TABLES, run("run-2")).is_new
    assert shown(served)[0] == shown(served)[1] != before[0]


@pytest.mark.parametrize("fault", ["password", "port", "encoding"])
def test_a_database_out_of_reach_is_an_error_without_the_password(
    served: Settings, fault: str, server: Postgres
) -> None:
    publish(served, TABLES, run())
    before = bytes_of(served.serving_dir)
    wrong = {
        "password": server.address("postgres", password="hunter2hunter2"),
        "port": f"postgresql://admin:hunter2hunter2@127.0.0.1:{server.closed_port()}/x",
        "encoding": server.address("postgres", password="hunter2hunter2%zz"),
    }[fault]
    settings = served.model_copy(update={"serving_postgres_dsn": SecretStr(wrong)})
    build_warehouse(settings, 2)
    with pytest.raises(PublishError) as raised:
        publish(settings, TABLES, run("run-2"))
    error: BaseException | None = raised.value
    assert "SERVING_POSTGRES_DSN cannot be reached" in str(error)
    while error is not None:
        assert "hunter2" not in f"{error!r} {error}"
        error = error.__cause__ or error.__context__
    assert bytes_of(served.serving_dir) == before


def test_a_failing_embedded_switch_leaves_both_stores(
    served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(served, TABLES, run())
    before = shown(served), bytes_of(served.serving_dir), ask(served, KEPT_SCHEMAS)
    build_warehouse(served, 2)
    real, calls = embedded.switch, []

    def full(settings: Settings, snapshot_id: str) -> None:
        calls.append(snapshot_id)
        real(settings, snapshot_id)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(embedded, "switch", full)
    with pytest.raises(PublishError, match="No space left"):
        publish(served, TABLES, run("run-2"))
    assert (shown(served), bytes_of(served.serving_dir), ask(served, KEPT_SCHEMAS)) == before


def test_a_database_that_is_lost_before_the_commit_leaves_the_embedded_store_too(
    served: Settings, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(served, TABLES, run())
    before = bytes_of(served.serving_dir)
    build_warehouse(served, 2)
    real, calls = embedded.switch, []

    def and_lose(settings: Settings, snapshot_id: str) -> None:
        calls.append(snapshot_id)
        real(settings, snapshot_id)
        if len(calls) == 1:
            server.stop()

    with monkeypatch.context() as patch:
        patch.setattr(embedded, "switch", and_lose)
        try:
            with pytest.raises(PublishError, match="was not switched") as raised:
                publish(served, TABLES, run("run-2"))
        finally:
            server.start()
    assert PASSWORD not in str(raised.value)
    assert ENCODED not in str(raised.value)
    assert bytes_of(served.serving_dir) == before
    assert shown(served)[0] == shown(served)[1] == calls[1]
    assert publish(served, TABLES, run("run-2")).is_new
    assert shown(served) == (calls[0], calls[0])


def test_the_first_publish_shows_nothing_when_the_database_fails(
    served: Settings, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = embedded.switch

    def and_fail(settings: Settings, snapshot_id: str) -> None:
        real(settings, snapshot_id)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(embedded, "switch", and_fail)
    with pytest.raises(PublishError):
        publish(served, TABLES, run())
    assert current_snapshot(served) is None
    assert [path for path in served.serving_dir.iterdir() if path.is_symlink()] == []
    assert embedded.kept_snapshots(served) == []
    assert ask(served, KEPT_SCHEMAS) == []


@pytest.mark.parametrize("behind", ["embedded", "database"])
def test_a_store_that_is_a_snapshot_behind_is_brought_up_by_the_next_publish(
    served: Settings, behind: str
) -> None:
    first = publish_generation(served, 1)
    second = publish_generation(served, 2)
    if behind == "embedded":
        embedded.switch(served, first)
    else:
        with psycopg.connect(address(served)) as connection:
            connection.execute(
                "update marts_store.current set number = ("
                "select number from marts_store.snapshots where snapshot_id = %s)",
                [first],
            )
    assert len(set(shown(served))) == 2
    assert publish(served, TABLES, run("run-3")).is_new
    assert shown(served) == (second, second)
    rows = "select run_id, published_at from marts.publication"
    assert ask(served, rows) == query(served, rows)


def test_what_a_killed_publish_left_in_the_database_goes_with_the_next(served: Settings) -> None:
    publish(served, TABLES, run())
    with psycopg.connect(address(served), autocommit=True) as connection:
        connection.execute(
            "insert into marts_store.snapshots (snapshot_id, shape, marts)"
            " select 'feedfeedfeedfeed', shape, marts from marts_store.snapshots"
        )
        connection.execute(
            "create schema marts_feedfeedfeedfeed create table kpi_scorecard (i int)"
        )
    publish_generation(served, 2)
    assert "marts_feedfeedfeedfeed" not in [name for (name,) in ask(served, KEPT_SCHEMAS)]
    assert ask(served, "select count(*) from marts_store.snapshots") == [(2,)]


@pytest.mark.parametrize("killed", ["before the rows", "after the rows", "rolling back"])
def test_what_was_left_half_loaded_is_loaded_whole_while_somebody_reads(
    settings: Settings, served: Settings, killed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader's transaction keeps what was left from being removed before the next try."""
    monkeypatch.setattr(postgres, "PRUNING_PATIENCE_S", 0)
    wanted = publish_generation(settings, 1) if killed == "rolling back" else None
    real = postgres.Server._copy

    def killed_copy(self: postgres.Server, *what: object) -> None:
        if killed == "after the rows":
            real(self, *what)
        raise OSError(5, "Input/output error")

    def again() -> str:
        if wanted:
            return rollback(served, wanted).snapshot_id
        return publish_generation(served, 2)

    publish_generation(served, 3)
    before = shown(served)
    with psycopg.connect(address(served)) as reader:
        reader.execute("select count(*) from marts.dim_network")
        with monkeypatch.context() as patch:
            patch.setattr(postgres.Server, "_copy", killed_copy)
            with pytest.raises(PublishError, match="Input/output error"):
                again()
        assert shown(served) == before
        assert ask(served, "select count(*) from marts_store.snapshots") == [(2,)]
        found = again()
        assert shown(served) == (found, found)
        rows = "select count(*), count(distinct cell), max(value) from marts.kpi_scorecard"
        assert ask(served, rows) == query(served, rows) == [(100, 100, 1 if wanted else 2)]


def test_what_was_left_with_other_columns_is_not_shown_and_its_readers_are_named(
    served: Settings, reader: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PRUNING_PATIENCE_S", 0)
    first = current_snapshot(served)
    reader.execute("set application_name = 'a dashboard'; begin")
    reader.execute("select count(*) from marts.dim_network")

    def fail(*what: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(postgres.Server, "_copy", fail)
        with pytest.raises(PublishError):
            publish_generation(served, 2)
    with monkeypatch.context() as patch:
        patch.setitem(postgres.schema.TYPES, "INTEGER", "bigint")
        with pytest.raises(PublishError, match=r"process \d+ of admin \(a dashboard\)"):
            publish_generation(served, 2)
    assert shown(served) == (first, first)
    reader.execute("commit")
    assert publish_generation(served, 2) == current_snapshot(served) != first


def test_a_failing_prune_is_told_and_tried_again_and_readers_are_switched(
    served: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings = served.model_copy(update={"snapshots_kept": 1})
    publish_generation(settings, 1)

    def fail(*what: object) -> None:
        raise psycopg.OperationalError("the server said no")

    with monkeypatch.context() as patch:
        patch.setattr(postgres.Server, "_drop", fail)
        second = publish_generation(settings, 2)
    assert shown(served) == (second, second)
    assert "the server said no" in caplog.text
    assert "still have what they had" not in caplog.text
    assert ask(served, "select count(*) from marts_store.snapshots") == [(2,)]
    publish_generation(settings, 3)
    assert ask(served, "select count(*) from marts_store.snapshots") == [(1,)]


def test_asking_what_the_database_shows_writes_nothing_and_waits_for_nobody(
    served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOCK_S", 1)
    schemas = "select nspname from pg_namespace order by 1"
    before = ask(served, schemas)
    assert stores.shown_by_postgres(served) is None
    assert ask(served, schemas) == before
    snapshot = publish(served, TABLES, run())
    with psycopg.connect(address(served), autocommit=True) as publisher:
        publisher.execute("select pg_advisory_lock(%s)", [postgres.LOCK])
        publisher.execute(
            "insert into marts_store.snapshots (snapshot_id, shape, marts)"
            " select 'feedfeedfeedfeed', shape, marts from marts_store.snapshots"
        )
        assert stores.shown_by_postgres(served) == snapshot.snapshot_id
    assert ask(served, "select count(*) from marts_store.snapshots") == [(2,)]


def test_rolling_back_switches_both_stores_also_to_what_the_database_never_had(
    settings: Settings, served: Settings
) -> None:
    first = publish_generation(settings, 1)
    second = publish_generation(served, 2)
    assert rollback(served).snapshot_id == first
    assert shown(served) == (first, first)
    assert ask(served, "select distinct value from marts.kpi_scorecard") == [(1,)]
    assert rollback(served, second).stores == ("DuckDB", "PostgreSQL")
    assert shown(served) == (second, second)


def test_a_user_without_rights_is_told_what_an_administrator_must_do(
    served: Settings, server: Postgres
) -> None:
    """The role is one for all databases of a server, so it is renamed away for this test."""
    name = address(served).rsplit("/", maxsplit=1)[1]
    with psycopg.connect(address(served), autocommit=True) as admin:
        has_role = admin.execute("select 1 from pg_roles where rolname = 'marts_reader'").fetchone()
        if has_role:
            admin.execute("alter role marts_reader rename to marts_reader_away")
        admin.execute("create role publisher login password 'publishing'")
        admin.execute(f'grant create on database "{name}" to publisher')
        plain = SecretStr(server.address(name, "publisher", "publishing"))
        settings = served.model_copy(update={"serving_postgres_dsn": plain})
        try:
            with pytest.raises(PublishError, match="create role marts_reader nologin"):
                publish(settings, TABLES, run())
            assert current_snapshot(settings) is None
            admin.execute("create role marts_reader nologin")
            snapshot = publish(settings, TABLES, run())
            assert shown(settings) == (snapshot.snapshot_id, snapshot.snapshot_id)
            admin.execute("drop owned by marts_reader; drop role marts_reader")
        finally:
            if has_role:
                admin.execute("alter role marts_reader_away rename to marts_reader")
