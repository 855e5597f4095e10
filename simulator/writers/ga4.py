"""The GA4 BigQuery export: nested events, newline JSON in the first year and Parquet in the second.

Builds the events of every session and prints them in both shapes; each file repeats the last days
of the file before it, as restated daily tables do. Sessions and purchases come from `web`.
"""

from __future__ import annotations

import json
from urllib.parse import quote_plus

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simulator.company import Company
from simulator.posts import Posts
from simulator.web import ARRIVALS, PAGES, SITE, Web, campaign_of, content_of
from simulator.writers.files import Landing, day_name, gzipped
from simulator.zones import DAY, epoch

STREAM = "ga4/events"
PARQUET_FROM = "2025-12-01"
RESTATED_S = 3 * DAY
SECOND = 1_000_000

_VALUE = pa.struct(
    [
        ("string_value", pa.string()),
        ("int_value", pa.int64()),
        ("float_value", pa.float64()),
        ("double_value", pa.float64()),
    ]
)
_LAST_CLICK = pa.struct(
    [
        (
            "manual_campaign",
            pa.struct(
                [
                    (name, pa.string())
                    for name in (
                        "campaign_id",
                        "campaign_name",
                        "source",
                        "medium",
                        "term",
                        "content",
                    )
                ]
            ),
        ),
        (
            "cross_channel_campaign",
            pa.struct(
                [
                    (name, pa.string())
                    for name in (
                        "campaign_id",
                        "campaign_name",
                        "source",
                        "medium",
                        "default_channel_group",
                        "primary_channel_group",
                    )
                ]
            ),
        ),
    ]
)
SCHEMA = pa.schema(
    [
        ("event_date", pa.string()),
        ("event_timestamp", pa.int64()),
        ("event_name", pa.string()),
        ("event_params", pa.list_(pa.struct([("key", pa.string()), ("value", _VALUE)]))),
        ("user_pseudo_id", pa.string()),
        (
            "privacy_info",
            pa.struct([("analytics_storage", pa.string()), ("ads_storage", pa.string())]),
        ),
        ("device", pa.struct([("category", pa.string())])),
        ("geo", pa.struct([("country", pa.string())])),
        (
            "collected_traffic_source",
            pa.struct(
                [
                    (name, pa.string())
                    for name in (
                        "manual_campaign_id",
                        "manual_campaign_name",
                        "manual_source",
                        "manual_medium",
                        "manual_term",
                        "manual_content",
                        "gclid",
                        "dclid",
                        "srsltid",
                    )
                ]
            ),
        ),
        ("session_traffic_source_last_click", _LAST_CLICK),
        (
            "ecommerce",
            pa.struct([("purchase_revenue", pa.float64()), ("transaction_id", pa.string())]),
        ),
        ("platform", pa.string()),
        ("batch_page_id", pa.int64()),
        ("batch_ordering_id", pa.int64()),
        ("batch_event_index", pa.int64()),
    ]
)
DEVICES = ("desktop", "mobile", "tablet")
COUNTRIES = ("United States", "Germany", "India", "Brazil")


def landing_url(arrival_row: int, spelling: int, post: int, posts: Posts, row: int) -> str:
    """The address of a session's first page, with the parameters (and dirt) of its link."""
    arrival = ARRIVALS[arrival_row]
    if post >= 0 and posts.shares_link[post]:
        return posts.link[post]
    page = SITE + PAGES[row % len(PAGES)]
    parts = []
    if arrival.sources:
        source = arrival.sources[spelling % len(arrival.sources)]
        raw = source if "%" in source else quote_plus(source)
        parts.append(f"utm_source={raw}")
        if spelling % 11 == 3:
            parts.append(f"utm_source={raw}")
        medium = arrival.medium.upper() if spelling % 7 == 2 else arrival.medium
        parts.append(f"utm_medium={medium}")
        parts.append(f"utm_campaign={campaign_of(arrival, post, posts, row)}")
    if content := content_of(arrival, post, posts, row):
        parts.append(f"utm_content={content}")
    if arrival.click_id:
        parts.append(f"{arrival.click_id}=Cj{row:012d}")
    return page + ("?" + "&".join(parts) if parts else "")


def _param(key: str, value: str | int) -> dict:
    kind = "int_value" if isinstance(value, int) else "string_value"
    return {"key": key, "value": {kind: value}}


class Events:
    """Collects the events of the first site."""

    def __init__(self, company: Company, web: Web, posts: Posts) -> None:
        self.company, self.web, self.posts = company, web, posts
        self.rows: list[dict] = []
        self._days: dict[int, str] = {}

    def day(self, t_us: int) -> str:
        """The property's day of an instant, `20250601`."""
        hour = t_us // (3600 * SECOND)
        if hour not in self._days:
            day = int(self.company.zone.day(np.array([hour * 3600]))[0])
            self._days[hour] = str(np.datetime64(day, "D")).replace("-", "")
        return self._days[hour]

    def add(
        self,
        t_us: int,
        name: str,
        visitor: str | None,
        params: list[dict],
        source: dict | None,
        click: dict | None,
        index: int,
        row: int,
        ecommerce: dict | None = None,
    ) -> None:
        """Note one event."""
        self.rows.append(
            present(
                {
                    "event_date": self.day(t_us),
                    "event_timestamp": t_us,
                    "event_name": name,
                    "event_params": params,
                    "user_pseudo_id": visitor,
                    "privacy_info": {
                        "analytics_storage": "Yes" if visitor else "No",
                        "ads_storage": "Yes" if visitor else "No",
                    },
                    "device": {"category": DEVICES[row % 3]},
                    "geo": {"country": COUNTRIES[row % 4]},
                    "collected_traffic_source": source,
                    "session_traffic_source_last_click": click,
                    "ecommerce": ecommerce,
                    "platform": "WEB",
                    "batch_page_id": t_us // 1000,
                    "batch_ordering_id": 1 + index,
                    "batch_event_index": 1 + index,
                }
            )
        )

    def session(self, row: int) -> None:
        """All events of one session but its purchases."""
        s = self.web.sessions
        start = int(s.start_us[row])
        number = int(s.arrival[row])
        arrival = ARRIVALS[number]
        spelling, post = int(s.spelling[row]), int(s.post[row])
        url = landing_url(number, spelling, post, self.posts, row)
        visitor = visitor_id(int(s.visitor[row]))
        source = None
        if arrival.sources or arrival.click_id == "gclid":
            word = arrival.sources[spelling % len(arrival.sources)] if arrival.sources else None
            source = present(
                {
                    "manual_campaign_name": campaign_of(arrival, post, self.posts, row),
                    "manual_source": word.replace("%20", " ") if word else None,
                    "manual_medium": arrival.medium,
                    "manual_content": content_of(arrival, post, self.posts, row) or None,
                    "gclid": f"Cj{row:012d}" if arrival.click_id == "gclid" else None,
                }
            )
        click = last_click(arrival)
        common = [
            _param("ga_session_id", start // SECOND),
            _param("ga_session_number", 1),
            _param("session_engaged", "1" if s.pages[row] > 2 else "0"),
        ]
        params = [*common, _param("page_location", url), _param("page_title", "Lumen")]
        if arrival.referrer:
            params.append(_param("page_referrer", arrival.referrer))
        self.add(start, "session_start", visitor, params, source, click, 0, row)
        self.add(start, "page_view", visitor, params, source, click, 1, row)
        before = url
        for view in range(1, int(s.pages[row])):
            page = SITE + PAGES[(row + 3 * view) % len(PAGES)]
            params = [
                *common,
                _param("page_location", page),
                _param("page_referrer", before),
                _param("engagement_time_msec", 1500 + 137 * (row % 90)),
            ]
            t_us = start + view * (20 + row % 50) * SECOND
            self.add(t_us, "page_view", visitor, params, None, click, 2 + view, row)
            before = page

    def purchase(self, number: int) -> None:
        """The events of one purchase: the first, and one for every reload."""
        p = self.web.purchases[number]
        s = self.web.sessions
        visitor = visitor_id(int(s.visitor[p.session])) if p.session >= 0 else None
        click = last_click(ARRIVALS[int(s.arrival[p.session])]) if p.session >= 0 else None
        params = [_param("page_location", SITE + "/thank-you"), _param("currency", "USD")]
        if p.session >= 0:
            params.append(_param("ga_session_id", int(s.start_us[p.session]) // SECOND))
            params.append(_param("page_referrer", SITE + "/checkout"))
        shop = {"purchase_revenue": p.value, "transaction_id": f"T{p.number:08d}"}
        for index, t_us in enumerate([p.at_us, *p.repeats_us]):
            self.add(t_us, "purchase", visitor, params, None, click, 20 + index, number, shop)


def present(fields: dict) -> dict:
    """The fields that have a value; the export leaves the others out."""
    return {name: value for name, value in fields.items() if value not in (None, "")}


def visitor_id(number: int) -> str:
    """The pseudonymous id the analytics tool gives a browser."""
    return f"{1_000_000_000 + number * 7919}.{1_735_689_600 + number}"


def last_click(arrival) -> dict:
    """The session's source as the tool sees it; the same on every event."""
    source = arrival.sources[0].strip().lower() if arrival.sources else "(direct)"
    medium = arrival.medium or "(none)"
    return {
        "manual_campaign": {"source": source, "medium": medium},
        "cross_channel_campaign": {
            "source": source,
            "medium": medium,
            "default_channel_group": arrival.channel,
            "primary_channel_group": arrival.channel,
        },
    }


def write(landing: Landing, company: Company, web: Web, posts: Posts) -> int:
    """All event files of the first site; returns how many different events there are."""
    events = Events(company, web, posts)
    for row in np.flatnonzero(~web.sessions.second_site).tolist():
        events.session(row)
    for number, purchase in enumerate(web.purchases):
        if not purchase.second_site:
            events.purchase(number)
    for i, t_us in enumerate(web.anonymous_us.tolist()):
        params = [_param("page_location", SITE + PAGES[i % len(PAGES)])]
        events.add(t_us, "page_view", None, params, None, None, 1, i)
    events.rows.sort(
        key=lambda e: (e["event_timestamp"], e["batch_event_index"], e["batch_page_id"])
    )
    times = np.array([e["event_timestamp"] for e in events.rows]) // SECOND
    lines = None
    previous = 0
    for number, export in enumerate(company.exports):
        low = np.searchsorted(times, previous - RESTATED_S if previous else 0)
        high = np.searchsorted(times, export)
        rows = events.rows[low:high]
        name = f"events_{day_name(export)}"
        if export < epoch(PARQUET_FROM):
            lines = "".join(json.dumps(e, separators=(",", ":")) + "\n" for e in rows).encode()
            if number % 3 == 1:
                landing.put(STREAM, f"{name}.jsonl.gz", gzipped(lines), export)
            else:
                landing.put(STREAM, f"{name}.jsonl", lines, export)
        else:
            sink = pa.BufferOutputStream()
            pq.write_table(pa.Table.from_pylist(rows, SCHEMA), sink, compression="zstd")
            landing.put(STREAM, f"{name}.parquet", sink.getvalue(), export)
        previous = export
    return len(events.rows)
