"""The comparison itself: what counts as equal, and that nothing else does."""

from __future__ import annotations

import duckdb
import pytest

from tests.spark.comparing import difference

EQUAL = {
    "another order of rows": ("values (1, 'a'), (2, 'b')", "values (2, 'b'), (1, 'a')"),
    "another width of integer": ("select 1::hugeint as n", "select 1::integer as n"),
    "a fraction within a thousand-millionth": (
        "select 'a' as k, 1000::double as v",
        "select 'a' as k, 1000.0000005::double as v",
    ),
    "fractions next to each other": (
        "values (1, 0.5::double), (1, 0.25)",
        "values (1, 0.25000000000001::double), (1, 0.49999999999999)",
    ),
    "an instant of UTC with its zone": (
        "select timestamp '2026-01-01 00:00:00' as at",
        "select timestamptz '2026-01-01 00:00:00+00' as at",
    ),
    "nothing of a type unknown": ("select null as n where false", "select 1 as n where false"),
}

DIFFERENT = {
    "a row twice": ("values (1), (1), (2)", "values (1), (2), (2)"),
    "a row less": ("values (1), (2)", "values (1)"),
    "nought for NULL": ("values (1, null::double)", "values (1, 0::double)"),
    "an empty text for NULL": ("values (null::varchar)", "values ('')"),
    "a fraction beyond it": (
        "select 1000::double as v",
        "select 1000.000005::double as v",
    ),
    "a microsecond": (
        "select timestamp '2026-01-01 00:00:00' as at",
        "select timestamp '2026-01-01 00:00:00.000001' as at",
    ),
    "a number as text": ("select 1 as n", "select '1' as n"),
    "a day as an instant": ("select date '2026-01-01' as d", "select timestamp '2026-01-01' as d"),
    "another name": ("select 1 as a", "select 1 as b"),
    "a column more": ("select 1 as a", "select 1 as a, 2 as b"),
    "values of rows exchanged": (
        "values ('a', 1::double), ('b', 2)",
        "values ('a', 2::double), ('b', 1)",
    ),
}


@pytest.fixture(scope="module")
def session() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    return connection


@pytest.mark.parametrize("case", EQUAL)
def test_what_means_the_same_is_equal(case: str, session: duckdb.DuckDBPyConnection) -> None:
    ours, theirs = EQUAL[case]
    assert difference(session, f"({ours})", f"({theirs})") is None


@pytest.mark.parametrize("case", DIFFERENT)
def test_everything_else_is_told(case: str, session: duckdb.DuckDBPyConnection) -> None:
    ours, theirs = DIFFERENT[case]
    assert difference(session, f"({ours})", f"({theirs})") is not None
    assert difference(session, f"({theirs})", f"({ours})") is not None


def test_the_order_of_columns_counts_where_it_is_asked_for(
    session: duckdb.DuckDBPyConnection,
) -> None:
    ours, theirs = "(select 1 as a, 2 as b)", "(select 2 as b, 1 as a)"
    assert difference(session, ours, theirs) is None
    assert difference(session, ours, theirs, order_matters=True) is not None
