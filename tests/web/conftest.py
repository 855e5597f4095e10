"""A landing zone of web events made for these tests, extracted and built once.

What is put into it belongs here; what must come out is said by the tests and by hand-written cases.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.web import channel_cases, walk

KEY = "a key for tests only"
AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
ZONE = "America/New_York"
LANDING_PAGE = "https://www.lumenworks.example/pricing"
EARLY = datetime(2026, 3, 3, 15)  # noqa: DTZ001
LATE = datetime(2026, 6, 3, 15)  # noqa: DTZ001
FLAT_COLUMNS = (
    "event_date",
    "user_pseudo_id",
    "user_id_ui",
    "session_id",
    "source",
    "medium",
    "full_referrer",
    "event_timestamp",
    "event_name",
    "full_page_url",
)


@dataclass(frozen=True)
class Warehouse:
    """The built warehouse: questions in SQL, answers as dictionaries."""

    folder: Path

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Ask the warehouse, which is opened for reading only and closed again."""
        import duckdb

        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def pseudonym(text: str) -> str:
    """What extraction makes of an id of a person."""
    inner = hashlib.sha256((KEY + text).encode()).hexdigest()
    return "c_" + hashlib.sha256((KEY + inner).encode()).hexdigest()[:20]


def key(*parts: str) -> str:
    """The warehouse's key of parts none of which is missing."""
    text = "|".join("v" + part for part in parts)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def visitor_key(source: str, visitor: str) -> str:
    """The key of a visitor of an export."""
    return key(source, pseudonym(visitor))


def ga4_event(
    visitor: str,
    at: datetime,
    session: str = "",
    name: str = "page_view",
    page: str = LANDING_PAGE,
    referrer: str = "",
    day: datetime | None = None,
    user: str = "",
) -> dict[str, Any]:
    """An event as GA4 exports it; `day` is what the export says where it is not that of `at`."""
    microseconds = int(at.replace(tzinfo=UTC).timestamp()) * 1_000_000 + at.microsecond
    params = [{"key": "page_location", "value": {"string_value": page}}]
    if session:
        params.append({"key": "ga_session_id", "value": {"int_value": session}})
    if referrer:
        params.append({"key": "page_referrer", "value": {"string_value": referrer}})
    event = {
        "event_date": f"{day or at:%Y%m%d}",
        "event_timestamp": microseconds,
        "event_name": name,
        "event_params": params,
        "user_pseudo_id": visitor,
    }
    return event | ({"user_id": user} if user else {})


def channel_events() -> Iterator[dict[str, Any]]:
    """One visitor a case; the case's name is the visitor."""
    for table, at in (
        ("addresses", EARLY),
        ("later_addresses", LATE),
    ):
        for case in channel_cases.read(table):
            page = f"{LANDING_PAGE}?{case.words}" if case.words else LANDING_PAGE
            yield ga4_event(case.name, at, "1", page=page, referrer=case.referrer)


# A clock that never left 2016, one that is days ahead, one that only lives east of Greenwich.
SKEWED = (
    ga4_event("lives in 2016", datetime(2016, 1, 1, 8), "1", day=EARLY),  # noqa: DTZ001
    ga4_event("lives in 2016", datetime(2016, 1, 1, 9), "1", "scroll", day=EARLY),  # noqa: DTZ001
    ga4_event("two days ahead", EARLY + timedelta(days=2), "1", day=EARLY),
    ga4_event("mended on the way", EARLY, "1", day=EARLY),
    ga4_event("mended on the way", datetime(2016, 1, 1, 8), "1", "scroll", day=EARLY),  # noqa: DTZ001
    ga4_event("auckland", datetime(2026, 3, 3, 12), "1", day=datetime(2026, 3, 4)),  # noqa: DTZ001
    # After the run: no clock of ours has seen that day.
    ga4_event("from the future", datetime(2026, 8, 1), "1"),  # noqa: DTZ001
)

SCRIPT_EVENTS = 5_001


def other_events() -> Iterator[dict[str, Any]]:
    """Wrong clocks, scripts, and one person in two exports."""
    yield from SKEWED
    for number in range(SCRIPT_EVENTS):
        yield ga4_event("script", EARLY + timedelta(seconds=number), "1", "page_view")
        if number:
            yield ga4_event("busy person", EARLY + timedelta(seconds=number), "1", "scroll")
    yield ga4_event("signed in", EARLY, "1", user="person-1")
    yield ga4_event("signed out", EARLY, "1")


@pytest.fixture(scope="session")
def wanderers() -> dict[str, list[walk.Event]]:
    """The thousand visitors, by the export they are put into."""
    return {
        "ga4": walk.visitors(500, with_ids=True, seed=1),
        "web_events": walk.visitors(500, with_ids=False, seed=2),
    }


@pytest.fixture(scope="session")
def web_warehouse(
    parsed_settings: Any,
    tmp_path_factory: pytest.TempPathFactory,
    wanderers: dict[str, list[walk.Event]],
) -> Warehouse:
    """Everything up to the sessions."""
    folder = tmp_path_factory.mktemp("web")
    landing = folder / "landing"
    ga4 = [
        *channel_events(),
        *other_events(),
        *(
            ga4_event(e.visitor, e.at, e.session, e.name, e.page, e.referrer)
            for e in wanderers["ga4"]
        ),
    ]
    _put(landing / "ga4/events/events.jsonl", "".join(json.dumps(row) + "\n" for row in ga4))
    _put_csv(landing / "web_events/events/events.csv", flat_rows(wanderers["web_events"]))
    _build(parsed_settings, folder, landing)
    return Warehouse(folder)


def flat_rows(events: list[walk.Event]) -> Iterator[dict[str, Any]]:
    """Rows of the flat export: cases with reported words, wanderers without session ids."""
    for case in channel_cases.read("reported"):
        source, medium = case.words.split("/", 1)
        yield _flat(case.name, EARLY, "s1", "page_view", LANDING_PAGE, case.referrer) | {
            "source": source,
            "medium": medium,
        }
    yield _flat("signed in too", EARLY, "s1", "page_view", LANDING_PAGE, "") | {
        "user_id_ui": "person-1"
    }
    for event in events:
        yield _flat(event.visitor, event.at, "", event.name, event.page, event.referrer)


def _flat(
    visitor: str, at: datetime, session: str, name: str, page: str, referrer: str
) -> dict[str, str]:
    return {
        "event_date": f"{at:%Y%m%d}",
        "user_pseudo_id": visitor,
        "session_id": session,
        "event_timestamp": f"{at:%Y-%m-%d %H:%M:%S}",
        "event_name": name,
        "full_page_url": page,
        "full_referrer": referrer,
    }


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)


def _put_csv(path: Path, rows: Iterable[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, FLAT_COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _build(parsed: Any, folder: Path, landing: Path) -> None:
    from orchestration.exports import lake
    from orchestration.exports.registry import STREAMS
    from orchestration.settings import Settings
    from tests import warehouses

    lake.ensure_lake(folder)
    for stream in STREAMS:
        if stream.source in ("ga4", "web_events"):
            lake.extract_stream(stream, landing, folder, pseudonym_key=KEY, as_of=AS_OF, now=AS_OF)
    settings = Settings(data_dir=folder, reporting_zone=ZONE)
    warehouses.build(parsed, settings, AS_OF, ["+fct_web_sessions"])
