"""Every macro of an engine difference, on values where engines are known to differ.

The simulated company has few of them. A case is an expression; both engines must give one answer,
and where we have promised something it is that answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from tests.spark.comparing import alike
from tests.spark.macros import Engine
from tests.spark.sessions import small_session

if TYPE_CHECKING:
    from collections.abc import Callable

VARIABLES = {"as_of": "2026-04-15T06:00:00Z", "reporting_zone": "America/New_York"}


def at(text: str) -> str:
    return f"cast('{text}' as timestamp)"


def on(text: str) -> str:
    return f"cast('{text}' as date)"


# Some answer, as long as it is the same.
SAME = object()

CASES: dict[str, tuple[str, Any]] = {
    # Clocks that are moved: forward at 02:00 and back at 02:00 in New York, by half an hour on
    # Lord Howe; a wall time of none moves forward, one of two is the earlier instant.
    "gap": (f"""{{{{ local_to_utc("{at("2026-03-08 02:30:00")}", "'America/New_York'") }}}}""",
            "2026-03-08 07:30:00"),
    "overlap": (f"""{{{{ local_to_utc("{at("2026-11-01 01:30:00")}", "'America/New_York'") }}}}""",
                "2026-11-01 05:30:00"),
    "half an hour twice": (
        f"""{{{{ local_to_utc("{at("2026-04-05 01:45:00")}", "'Australia/Lord_Howe'") }}}}""",
        "2026-04-04 14:45:00"),
    "gap of half an hour": (
        f"""{{{{ local_to_utc("{at("2026-10-04 02:10:00")}", "'Australia/Lord_Howe'") }}}}""",
        "2026-10-03 15:40:00"),
    "a midnight that is none": (
        f"""{{{{ local_to_utc("{on("2018-11-04")}", "'America/Sao_Paulo'") }}}}""",
        "2018-11-04 03:00:00"),
    "before daylight saving": (
        f"""{{{{ utc_to_local("{at("2026-03-08 06:59:59.123456")}", "'America/New_York'") }}}}""",
        "2026-03-08 01:59:59.123456"),
    "after it": (f"""{{{{ utc_to_local("{at("2026-03-08 07:00:00")}", "'America/New_York'") }}}}""",
                 "2026-03-08 03:00:00"),
    "a day elsewhere": (
        f"""{{{{ local_date("{at("2026-04-15 20:00:00")}", "'Asia/Kathmandu'") }}}}""",
        "2026-04-16"),
    "hour of the week": (f"""{{{{ hour_of_week("{at("2026-04-13 03:30:00")}") }}}}""", "167"),
    "its name": (f"""{{{{ hour_of_week_name(hour_of_week("{at("2026-04-13 13:30:00")}")) }}}}""",
                 "Mon 09:00"),
    # Durations.
    "a fraction of a second is cut": (
        f"""{{{{ seconds_between("{at("2026-01-01 00:00:00.900000")}",
                               "{at("2026-01-01 00:00:02.100000")}") }}}}""", "1"),
    "and towards nought": (
        f"""{{{{ seconds_between("{at("2026-01-01 00:00:02.100000")}",
                               "{at("2026-01-01 00:00:00.900000")}") }}}}""", "-1"),
    "microseconds": (
        f"""{{{{ microseconds_between("{at("2026-01-01 00:00:00.000001")}",
                                    "{at("2026-01-02 00:00:00")}") }}}}""", "86399999999"),
    "seconds across daylight saving": (
        f"""{{{{ add_seconds("{at("2026-03-08 06:00:00")}", "3600 * 24") }}}}""",
        "2026-03-09 06:00:00"),
    "before 1970": (f"""{{{{ add_microseconds("{at("1969-12-31 23:59:59")}", "1500000") }}}}""",
                    "1970-01-01 00:00:00.500000"),
    "days": (f"""{{{{ add_days("{on("2024-02-28")}", "2") }}}}""", "2024-03-01"),
    "days back": (f"""{{{{ add_days("{on("2024-03-01")}", "-1") }}}}""", "2024-02-29"),
    "month of 28 days": (f"""{{{{ add_months("{on("2026-01-31")}", "1") }}}}""", "2026-02-28"),
    "and not back to its end": (f"""{{{{ add_months("{on("2026-02-28")}", "1") }}}}""",
                                "2026-03-28"),
    "midnight of the day": (f"""{{{{ wall_time("{on("2026-02-28")}", "'24:00'") }}}}""",
                            "2026-03-01 00:00:00"),
    "half past nine": (f"""{{{{ wall_time("{on("2026-02-28")}", "'09:30'") }}}}""",
                       "2026-02-28 09:30:00"),
    "Sunday": (f"""{{{{ iso_weekday("{on("2026-04-12")}") }}}}""", "7"),
    # Keys are hashes of text, so that everything that goes into one must read the same.
    "a key of texts": ("""{{ surrogate_key(["'a'", "cast(null as char(1))", "''"]) }}""", SAME),
    "a key of an instant": (f"""{{{{ surrogate_key(["{at("2026-01-01 00:00:00")}"]) }}}}""", SAME),
    "of a fraction of a second": (
        f"""{{{{ surrogate_key(["{at("2026-01-01 10:00:00.120000")}"]) }}}}""", SAME),
    "of a day": (f"""{{{{ surrogate_key(["{on("2026-01-01")}", "1 = 1", "7"]) }}}}""", SAME),
    # JSON.
    "a text": ("""{{ json_text("'{\\"a\\": {\\"b\\": \\"x y\\"}}'", "'$.a.b'") }}""", "x y"),
    "a number": ("""{{ json_text("'{\\"a\\": 1.50}'", "'$.a'") }}""", SAME),
    "a truth": ("""{{ json_text("'{\\"a\\": true}'", "'$.a'") }}""", "true"),
    "nothing there": ("""{{ json_text("'{\\"a\\": 1}'", "'$.b'") }}""", None),
    "a JSON null": ("""{{ json_text("'{\\"a\\": null}'", "'$.a'") }}""", None),
    "no JSON": ("""{{ json_text("'{\\"a\\": '", "'$.a'") }}""", None),
    "an object": ("""{{ json_text("'{\\"a\\": {\\"b\\": [1, 2]}}'", "'$.a'") }}""", SAME),
    # Numbers in texts.
    "a number in blanks": ("""{{ try_number("' 12.5 '") }}""", "12.5"),
    "an exponent": ("""{{ try_number("'1e3'") }}""", "1000.0"),
    "a word": ("""{{ try_number("'12 people'") }}""", None),
    "a suffix of Java": ("""{{ try_number("'12d'") }}""", None),
    "another": ("""{{ try_number("'12F'") }}""", None),
    "an underscore of Python": ("""{{ try_number("'1_000'") }}""", SAME),
    "infinity": ("""{{ try_number("'inf'") }}""", "inf"),
    "no text": ("""{{ try_number("''") }}""", None),
    # Texts.
    "a group": ("""{{ regex_group("'abc-123'", "'([a-z]+)-([0-9]+)'", 2) }}""", "123"),
    "no match": ("""{{ regex_group("'abc'", "'([0-9]+)'") }}""", None),
    "the third": ("""{{ regex_nth("'1 22 333'", "'[0-9]+'", 3) }}""", "333"),
    "beyond the last": ("""{{ regex_nth("'1 22 333'", "'[0-9]+'", 4) }}""", None),
    "all taken out": ("""{{ regex_remove("'a1b22c'", "'[0-9]+'") }}""", "abc"),
    "spaces": ("""{{ squeeze_spaces("'  a \t\n b  '") }}""", "a b"),
    "a host": ("""{{ url_host("'HTTPS://user@WWW.Example.com:8080/a?b'") }}""", "example.com"),
    "an app": ("""{{ url_host("'android-app://com.linkedin.android'") }}""",
               "com.linkedin.android"),
    "a parameter": ("""{{ url_param("'https://a/?x=1&amp;UTM_source=b%20c#d'", "utm_source") }}""",
                    "b%20c"),
    "decoded": ("""{{ url_decode("'b%20c+d%C3%A9'") }}""", "b c dé"),
    "half a code": ("""{{ url_decode("'100%'") }}""", "100%"),
    "an odd byte": ("""{{ url_decode("'a%FFb+c'") }}""", "a%FFb c"),
    "half a code in words": ("""{{ url_decode("'a%2Fb%zz'") }}""", SAME),
    "folded": ("""{{ folded_text("'Ça VA Straße Łódź naïve ﬁn https://a.b/c Ⅳ'") }}""", SAME),
    "invisible signs": ("""{{ folded_text("'la\u00adun\u200bch\u2060'") }}""", "launch"),
    "words": ("""{{ searchable_words("'lumen-works, lumenworks_fan! ok'") }}""",
              " lumen works lumenworks_fan ok "),
    "tokens": ("""{{ searchable_tokens("'#a#b (@c) x#y 👍🏽'") }}""", SAME),
}  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Any]:
    """What an engine says to an expression."""
    spark = small_session(tmp_path_factory.mktemp("spark"))
    engines = {name: Engine(name, VARIABLES) for name in ("duckdb", "spark")}
    duck = duckdb.connect()
    duck.execute("set TimeZone = 'UTC'")

    def answer(engine: str, expression: str) -> Any:
        sql = f"select {engines[engine].render(expression)} as answer"
        if engine == "duckdb":
            return duck.execute(sql).fetchone()[0]
        return spark.sql(sql).collect()[0][0]

    return answer


@pytest.mark.parametrize("case", CASES)
def test_both_engines_give_one_answer(case: str, answers: Callable[[str, str], Any]) -> None:
    expression, promised = CASES[case]
    ours, theirs = answers("duckdb", expression), answers("spark", expression)
    assert alike(ours, theirs), f"DuckDB {ours!r}, Spark {theirs!r}"
    assert promised is SAME or (ours if ours is None else str(ours)) == promised
