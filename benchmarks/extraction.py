"""A file of a gigabyte through extraction: seconds and peak memory.

The file is made up here in the shape of the support archive, with texts of several lines and a few
broken rows. Reading it is the product's own code.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import Measurement, apart

ROWS = 6_000_000
BROKEN_EVERY = 100_000
STREAM = "customer_support_on_twitter/tweets"
AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)


def run(folder: Path, scale: float) -> list[Measurement]:
    """Measure the first reading, and a second with nothing new."""
    rows = max(BROKEN_EVERY, int(ROWS * scale))
    size, _, _ = apart(write_file, folder, rows)
    first, seconds, peak = apart(extract, folder)
    second, again_seconds, again_peak = apart(extract, folder)
    work = f"a CSV of {size / 1e9:.2f} GB, {rows:,} rows"
    parts = sum(p.stat().st_size for p in (folder / "lake").rglob("part-*.parquet"))
    kept = (
        f"{first['rows_in_lake']:,} rows in the lake ({parts / 1e6:,.0f} MB), "
        f"{first['rows_quarantined']:,} in quarantine"
    )
    skipped = f"{second['files_skipped']} file skipped"
    return [
        Measurement("extraction", work, kept, seconds, peak),
        Measurement("extraction", "the same, nothing new", skipped, again_seconds, again_peak),
    ]


def write_file(folder: Path, rows: int) -> int:
    """Write the landing file; returns its bytes."""
    import duckdb

    path = folder / "landing" / STREAM / "tweets_2026-03-31.csv"
    path.parent.mkdir(parents=True)
    words = 'hello my order is late again, please help me with it; @brand why? it\'s "broken" 😀'
    duckdb.execute(
        f"""
        copy (
            select
                case when i % {BROKEN_EVERY} = 7 then '1.22158E+17' else (i + 100000)::varchar end
                    as tweet_id,
                case when i % 2 = 0 then (hash(i) % 400000)::varchar else 'Brand' || (i % 40) end
                    as author_id,
                case when i % 2 = 0 then 'True' else 'False' end as inbound,
                strftime(
                    timestamp '2025-01-01' + to_seconds(i * 6 % 38000000),
                    '%a %b %d %H:%M:%S +0000 %Y'
                ) as created_at,
                case when i % 20 = 0 then 'first line' || chr(10) else '' end
                || ? || ' ' || hash(i, 'text')::varchar as text,
                case when i % 3 = 0 then (i + 100001)::varchar end as response_tweet_id,
                case when i % 2 = 1 then (i + 99999)::varchar || '.0' end as in_response_to_tweet_id
            from range({rows}) as r(i)
        ) to '{path}' (header)
        """,
        [words],
    )
    return path.stat().st_size


def extract(folder: Path) -> dict[str, int]:
    """Extract the stream; returns the totals of this extraction."""
    from orchestration.exports.lake import extract_stream
    from orchestration.exports.registry import stream

    report = extract_stream(
        stream(STREAM), folder / "landing", folder, pseudonym_key="benchmark key", as_of=AS_OF
    )
    return report.totals
