"""Twenty million web events made up in a lake, their sessions, conversions and attribution.

What is built is what dbt builds from the lake on, staging included; events are drawn in SQL, with a
visitor no person can be among them. How many sessions and purchases there are is known beforehand.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import Measurement, apart

if TYPE_CHECKING:
    import duckdb

EVENTS = 20_000_000
AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)
BEGIN = "2025-02-15 00:00:00"
SECONDS = 420 * 86400
# Of each session the first two events open it, the others follow; so many on average.
PER_SESSION = 5
SESSIONS_PER_VISITOR = 2.5
# One in so many events is of a script, one in so many of the second site, which gives no sessions.
SCRIPT_SHARE = 20
SECOND_SITE_SHARE = 10
MODELS = ("+fct_web_sessions", "+fct_attribution")

PAGES = "https://www.lumenworks.example/"


def run(folder: Path, scale: float) -> list[Measurement]:
    """Make events up, build the models in a process of their own, count what came out."""
    events = max(5_000, int(EVENTS * scale))
    expected, _, _ = apart(prepare, folder, events)
    before = _cpu_seconds()
    times, seconds, peak = apart(build, folder)
    busy = _cpu_seconds() - before
    found, _, _ = apart(count, folder)
    slowest = ", ".join(f"{name} {times[name]:.0f} s" for name in sorted(times, key=times.get)[-4:])
    right = {name: found[name] == value for name, value in expected.items()}
    return [
        Measurement(
            "web",
            f"{expected['events']:,} web events to sessions, conversions and credit,"
            f" {found['visitors']:,} visitors, one of them with {events // SCRIPT_SHARE:,} events",
            f"{found['sessions']:,} sessions, {found['conversions']:,} conversions;"
            f" {found['models']} models give each conversion one credit:"
            f" {'yes' if found['whole'] and all(right.values()) else 'no'};"
            f" {busy:.0f} CPU-seconds; slowest: {slowest}",
            seconds,
            peak,
        )
    ]


def _cpu_seconds() -> float:
    """Of all processes that were started and have ended."""
    import resource

    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _settings(folder: Path) -> Any:
    from orchestration.settings import Settings

    return Settings(data_dir=folder, reporting_zone="America/New_York")


def prepare(folder: Path, events: int) -> dict[str, int]:
    """Fill the lake; returns what the models must find."""
    import duckdb

    from orchestration.exports.lake import ensure_lake

    ensure_lake(folder)
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        for statement in DRAWN:
            connection.execute(
                statement.format(
                    sessions=events // PER_SESSION,
                    visitors=int(events / PER_SESSION / SESSIONS_PER_VISITOR),
                    begin=BEGIN,
                    seconds=SECONDS,
                    pages=PAGES,
                    script=SCRIPT_SHARE,
                    second=SECOND_SITE_SHARE,
                )
            )
        _write(connection, folder, "ga4", "ga4_events")
        _write(connection, folder, "web_events", "second_site_events")
        return {
            "events": _one(connection, "select count(*) from events"),
            "purchases": _one(connection, "select count(*) from sessions where buys"),
        }


# Sessions, then their events, then the two exports. Which visitor and when is spread by hashes, so
# that no row of one session lies beside another.
DRAWN = (
    """
    create table sessions as
    select
        i,
        case when i % {script} = 0 then -1 else hash(i, 'visitor') % {visitors} end as visitor,
        case when i % {script} = 0 then false else i % {second} = 1 end as second_site,
        timestamp '{begin}' + to_microseconds(
            cast((hash(i, 'start') % {seconds}) * 1000000 + hash(i, 'micro') % 1000000 as bigint)
        ) as started_at,
        hash(i, 'arrival') % 100 as arrival,
        1 + hash(i, 'events') % 9 as events,
        i % {script} <> 0 and hash(i, 'events') % 9 > 1 and hash(i, 'buys') % 40 = 0 as buys
    from range({sessions}) as numbers(i)
    """,
    """
    create table events as
    select
        s.i,
        s.visitor,
        s.second_site,
        s.started_at + to_seconds(cast(j * (20 + s.i % 40) as bigint)) as occurred_at,
        s.started_at,
        j,
        case
            when j = 0 then 'session_start'
            when s.buys and j = s.events - 1 then 'purchase'
            when j % 3 = 2 then 'user_engagement'
            else 'page_view'
        end as event_name,
        case
            when j > 1 then '{pages}page-' || hash(s.i, j) % 400
            when s.arrival < 50 or s.arrival between 81 and 94
            then '{pages}page-' || hash(s.i, 'landing') % 400
            when s.arrival < 62
            then '{pages}landing-' || s.i % 50 || '?utm_source=google&utm_medium=cpc&utm_campaign=c'
                || s.i % 300 || '&gclid=Cj0' || md5(s.i::varchar)
            when s.arrival < 76
            then '{pages}landing-' || s.i % 50 || '?utm_source='
                || case s.i % 5 when 0 then 'X' when 1 then 'facebook' when 2 then 'instagram'
                    when 3 then 'linkedin' else 'TikTok' end
                || '&utm_medium=' || case when s.i % 3 = 0 then 'paid_social' else 'social' end
                || '&utm_campaign=campaign_' || s.i % 120
                || '&utm_content=18' || lpad((hash(s.i, 'post') % 5000)::varchar, 16, '0')
            when s.arrival < 81 then '{pages}?fbclid=IwAR' || md5(s.i::varchar)
            else '{pages}?utm_source=newsletter&utm_medium=email&utm_campaign=weekly-' || s.i % 60
        end as page_url,
        case
            when j > 1 then '{pages}page-' || hash(s.i, j - 1) % 400
            when s.arrival < 25 then null
            when s.arrival < 50 then 'https://www.google.com/'
            when s.arrival between 62 and 75 then 'https://t.co/'
            when s.arrival between 76 and 80 then 'https://l.facebook.com/'
            when s.arrival between 81 and 90
            then 'https://blog-' || hash(s.i, 'blog') % 3000 || '.example/'
            when s.arrival between 91 and 94 then 'https://chatgpt.com/'
        end as referrer_url,
        case when s.buys and j = s.events - 1 then 'T' || s.i end as transaction_id,
        case when s.buys and j = s.events - 1 then 10 + s.i % 190 end as revenue
    from sessions as s
    cross join range(9) as numbers(j)
    where j < s.events
    """,
    """
    create view ga4_events as
    select
        cast(occurred_at as date) as event_date,
        occurred_at as event_timestamp,
        event_name,
        'c_' || left(md5(visitor::varchar), 20) as user_pseudo_id,
        case when visitor % 10 = 0 then 'c_' || left(md5('user ' || visitor), 20) end as user_id,
        epoch(started_at)::bigint::varchar as ga_session_id,
        page_url as page_location,
        referrer_url as page_referrer,
        1000 + i % 9000 as engagement_time_msec,
        transaction_id,
        revenue as purchase_revenue,
        case when revenue is not null then 'USD' end as currency,
        epoch_ms(occurred_at) as batch_page_id,
        j as batch_ordering_id,
        j as batch_event_index,
        case when copy = 0 then 'ga4/events/a.parquet' else 'ga4/events/b.parquet' end
        as _source_file,
        i * 9 + j as _source_row,
        copy::varchar as _file_sha256,
        timestamp '2026-04-14' + to_days(cast(copy as integer)) as _exported_at
    from events
    -- Daily tables are restated: one event in fifty arrives twice.
    cross join range(2) as copies(copy)
    where not second_site and (copy = 0 or hash(i, j) % 50 = 0)
    """,
    """
    create view second_site_events as
    select
        cast(occurred_at as date) as event_date,
        'c_' || left(md5(visitor::varchar), 20) as user_pseudo_id,
        case when visitor % 10 = 0 then 'c_' || left(md5('user ' || visitor), 20) end as user_id_ui,
        case arrival when 0 then 'Meta' when 1 then 'Google Ads' when 2 then 'x' else 'Direct' end
        as source,
        case arrival when 0 then 'paid_social' when 1 then 'cpc' when 2 then 'social' else '(none)'
        end as medium,
        occurred_at as event_timestamp,
        event_name,
        page_url as full_page_url,
        referrer_url as full_referrer,
        transaction_id as order_id_after_generated,
        revenue,
        case when revenue is not null then 'USD' end as currency,
        'web_events/events/a.csv' as _source_file,
        i * 9 + j as _source_row,
        '0' as _file_sha256,
        timestamp '2026-04-14' as _exported_at
    from (select *, i % 4 as arrival from events)
    where second_site
    """,
)


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, source: str, relation: str) -> None:
    # The empty part of the stream says which columns there are and of what type.
    parts = folder / "lake" / "raw" / source / "events"
    connection.execute(
        f"create table {source} as select * from read_parquet('{parts}/empty.parquet')"
    )
    columns = connection.execute(f"select column_name from (describe {relation})").fetchall()
    given = {name for (name,) in columns}
    told = connection.execute(
        f"select column_name, column_type from (describe {source})"
    ).fetchall()
    cells = ", ".join(
        f"cast({name if name in given else 'null'} as {kind}) as {name}" for name, kind in told
    )
    connection.execute(
        f"copy (select {cells} from {relation}) to '{parts}/part-made-up.parquet'"
        " (format parquet, compression zstd)"
    )


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return connection.execute(sql).fetchone()[0]


def build(folder: Path) -> dict[str, float]:
    """Build the models and all they read, without tests; returns the seconds of each."""
    from orchestration import warehouse

    outcome = warehouse.invoke(
        _settings(folder),
        ["build", "--resource-type=seed", "--resource-type=model", "--select", *MODELS],
        as_of=AS_OF,
    )
    if not outcome.success:
        failed = [r.message for r in outcome.result or () if r.status == "error"]
        raise RuntimeError(f"dbt could not build the models: {outcome.exception or failed}")
    return {done.node.name: done.execution_time for done in outcome.result.results}


def count(folder: Path) -> dict[str, Any]:
    """What the models found, and whether every model gives every conversion one credit."""
    import duckdb

    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        conversions = _one(connection, "select count(*) from core.fct_conversions")
        models = connection.execute(
            "select model, count(distinct conversion_key), sum(credit) from core.fct_attribution"
            " group by model"
        ).fetchall()
        return {
            "events": _one(connection, "select sum(events)::bigint from core.fct_web_sessions"),
            "purchases": _one(
                connection,
                "select count(*) from core.fct_conversions where conversion_kind = 'purchase'",
            ),
            "conversions": conversions,
            "sessions": _one(connection, "select count(*) from core.fct_web_sessions"),
            "visitors": _one(
                connection, "select count(distinct visitor_key) from core.fct_web_sessions"
            ),
            "models": len(models),
            "whole": all(
                told == conversions and abs(credit - conversions) < 1e-6 * conversions
                for _, told, credit in models
            ),
        }
