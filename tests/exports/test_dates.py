"""Dates and instants that read easily and wrongly.

Each test is a bug that was found in a real or simulated export. How a file is opened is tested
elsewhere.
"""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from orchestration.exports import casting
from orchestration.exports.contract import instant
from orchestration.exports.lake import dates_in_name

at = datetime.fromisoformat


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("account_analytics_content_a_2025-05-01_2025-08-01.csv", at("2025-08-01 00:00:00")),
        ("tweet_activity_metrics_a_20250501_20250801_en.csv", at("2025-08-01 00:00:00")),
        ("messages_2025-05-01_2025-08-01T0630.csv", at("2025-08-01 06:30:00")),
        ("messages_20260331_202508.csv", at("2026-03-31 20:25:08")),
    ],
)
def test_a_second_date_in_a_name_is_not_the_clock_of_the_first(
    name: str, expected: datetime
) -> None:
    assert dates_in_name(name)[-1] == expected


def test_a_zoned_30_february_does_not_exist() -> None:
    moment = casting._instant(instant("%a %b %d %H:%M:%S %z %Y"), "cell")
    rows = duckdb.sql(
        f"""
        select {moment} from (
            values ('Sun Feb 30 10:00:00 +0000 2025'), ('Fri Feb 28 10:00:00 +0200 2025')
        ) as cells(cell)
        """
    ).fetchall()
    assert rows == [(None,), (at("2025-02-28 08:00:00"),)]
