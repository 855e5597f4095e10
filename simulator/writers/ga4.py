"""The GA4 BigQuery export: nested events, newline JSON in the first year and Parquet in the second.

Lists the events of every session and prints them in both shapes, many at once; each file repeats
the last days of the file before it, as restated daily tables do. Sessions and purchases come from
`web`.
"""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass
from urllib.parse import quote_plus

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pa_json
import pyarrow.parquet as pq

from simulator.company import Company
from simulator.posts import CAMPAIGNS, Posts
from simulator.web import ARRIVALS, PAGES, SITE, Arrival, Web, campaign_of, content_of
from simulator.writers.files import Landing, day_name, gzipped, numbered, pick
from simulator.zones import DAY, HOUR, epoch

STREAM = "ga4/events"
PARQUET_FROM = "2025-12-01"
RESTATED_S = 3 * DAY
SECOND = 1_000_000
# The click id that the export has in a column of its own, too.
OWN_CLICK_ID = "gclid"

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

# What an event is. Views after a session's first know the page before them.
START, LANDING_VIEW, VIEW, PURCHASE, ANONYMOUS = range(5)
NAMES = ("session_start", "page_view", "page_view", "purchase", "page_view")
# Where in its batch an event stands; views and repeated purchases follow one another from there.
PLACES = np.array((0, 1, 2, 20, 1))
# What a link says depends on the number of its session only up to a multiple of all these.
LINKS_REPEAT = math.lcm(len(PAGES), len(CAMPAIGNS), *(len(a.contents) or 1 for a in ARRIVALS))
AT_ONCE = 200_000


@dataclass(frozen=True)
class Events:
    """All events of the first site in order of time, a position an event.

    `row` is a session, of purchases the purchase, without consent the view; `step` counts a
    session's views and a purchase's repeats.
    """

    t_us: np.ndarray
    kind: np.ndarray
    row: np.ndarray
    step: np.ndarray

    def __len__(self) -> int:
        return len(self.t_us)

    def at(self, chosen: slice | np.ndarray) -> Events:
        """Some of the events."""
        return Events(self.t_us[chosen], self.kind[chosen], self.row[chosen], self.step[chosen])

    @property
    def place(self) -> np.ndarray:
        """The event's place in its batch."""
        return PLACES[self.kind] + self.step


def list_events(web: Web) -> Events:
    """The events of sessions, of purchases, of people without consent, in order of time."""
    s = web.sessions
    rows = np.flatnonzero(~s.second_site)
    count = s.pages[rows] + 1
    row = np.repeat(rows, count)
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    step = np.maximum(number - 1, 0)
    sold = np.array(
        [
            (t_us, p.number, step)
            for p in web.purchases
            if not p.second_site
            for step, t_us in enumerate([p.at_us, *p.repeats_us])
        ],
        dtype=np.int64,
    ).reshape(-1, 3)
    unknown = len(web.anonymous_us)
    view_us = s.start_us[row] + step * (20 + row % 50) * SECOND
    kind = [np.minimum(number, VIEW), np.full(len(sold), PURCHASE), np.full(unknown, ANONYMOUS)]
    steps = [step, sold[:, 2], np.zeros(unknown, dtype=np.int64)]
    events = Events(
        t_us=np.concatenate([view_us, sold[:, 0], web.anonymous_us]),
        kind=np.concatenate(kind).astype(np.int8),
        row=np.concatenate([row, sold[:, 1], np.arange(unknown)]),
        step=np.concatenate(steps).astype(np.int8),
    )
    return events.at(np.lexsort((events.place, events.t_us)))


def landing_url(arrival: Arrival, spelling: int, post: int, posts: Posts, row: int) -> str:
    """The address of a session's first page, with the parameters (and dirt) of its link.

    A click id is the last of them; its number is the session's and follows the text.
    """
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
        parts.append(f"{arrival.click_id}=Cj")
    return page + ("?" + "&".join(parts) if parts else "")


def collected_source(arrival: Arrival, spelling: int, post: int, posts: Posts, row: int) -> str:
    """What the tool reads off the link, as JSON; up to the number of a click id of its own."""
    if not (arrival.sources or arrival.click_id == OWN_CLICK_ID):
        return ""
    word = arrival.sources[spelling % len(arrival.sources)] if arrival.sources else None
    told = {
        "manual_campaign_name": campaign_of(arrival, post, posts, row),
        "manual_source": word.replace("%20", " ") if word else None,
        "manual_medium": arrival.medium,
        "manual_content": content_of(arrival, post, posts, row) or None,
        "gclid": "Cj" if arrival.click_id == OWN_CLICK_ID else None,
    }
    told = {name: value for name, value in told.items() if value not in (None, "")}
    text = f',"collected_traffic_source":{dumped(told)}'
    return text.removesuffix('"}') if "gclid" in told else text


def last_click(arrival: Arrival) -> dict:
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


def dumped(value: object) -> str:
    """A value as the export prints it."""
    return json.dumps(value, separators=(",", ":"))


def numbers(values: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """Whole numbers as text; nothing where one is missing."""
    return pa.array(values, mask=missing).cast(pa.string())


def where(condition: np.ndarray, text: str) -> pa.Array:
    """A text where a condition holds, else nothing."""
    return pick([text], np.where(condition, 0, -1))


def joined(*parts: str | pa.Array) -> pa.Array:
    """Texts one after the other."""
    return pc.binary_join_element_wise(*parts, "", null_handling="skip")


def text_param(key: str, *value: str | pa.Array) -> list[str | pa.Array]:
    """One event parameter, its text perhaps in pieces."""
    return [f'{{"key":"{key}","value":{{"string_value":"', *value, '"}}']


def int_param(key: str, value: str | pa.Array) -> list[str | pa.Array]:
    """One event parameter that is a number."""
    return [f'{{"key":"{key}","value":{{"int_value":', value, "}}"]


def page_address(number: np.ndarray) -> pa.Array:
    """Pages of the site, in their order and from the start again."""
    return pick([SITE + page for page in PAGES], number % len(PAGES))


class Printer:
    """Prints events as lines of JSON, many at once: columns of text, joined."""

    def __init__(self, company: Company, web: Web, posts: Posts) -> None:
        self.company, self.sessions = company, web.sessions
        self.bought_in = np.array([p.session for p in web.purchases], dtype=np.int64)
        self.revenue = [dumped(p.value) for p in web.purchases]
        self.clicks = [
            f',"session_traffic_source_last_click":{dumped(last_click(a))}' for a in ARRIVALS
        ]
        self.referrers = [
            ",".join(["", "".join(text_param("page_referrer", a.referrer))]) if a.referrer else ""
            for a in ARRIVALS
        ]
        s = web.sessions
        arrival = np.where(s.second_site, 0, s.arrival)
        # Links are few beside sessions: each is worded once.
        spelled = np.array([bool(a.sources) for a in ARRIVALS])[arrival]
        turn = np.arange(len(arrival)) % LINKS_REPEAT
        links = np.stack([arrival, np.where(spelled, s.spelling, 0), s.post + 1, turn])
        code = np.ravel_multi_index(links, links.max(axis=1, initial=0) + 1)
        _, first, self.link = np.unique(code, return_index=True, return_inverse=True)
        told = [
            (ARRIVALS[kind], spelling, post - 1, posts, row)
            for kind, spelling, post, row in links[:, first].T.tolist()
        ]
        self.urls = pa.array([landing_url(*link) for link in told], pa.string())
        self.sources = pa.array([collected_source(*link) for link in told], pa.string())
        self.arrival = arrival
        shared = np.append(posts.shares_link, False)[s.post]
        self.has_click_id = np.array([bool(a.click_id) for a in ARRIVALS])[arrival] & ~shared
        self.has_own_click_id = np.array([a.click_id == OWN_CLICK_ID for a in ARRIVALS])[arrival]

    def lines(self, events: Events) -> pa.Array:
        """A line an event, in their order."""
        kinds = np.unique(events.kind).tolist()
        places = [np.flatnonzero(events.kind == kind) for kind in kinds]
        told = [self.lines_of(kind, events.at(at)) for kind, at in zip(kinds, places, strict=True)]
        order = np.empty(len(events), dtype=np.int64)
        order[np.concatenate(places)] = np.arange(len(events))
        return pa.concat_arrays(told).take(pa.array(order))

    def lines_of(self, kind: int, events: Events) -> pa.Array:
        """The lines of events of one kind."""
        row = events.row
        session = row
        sources: list[str | pa.Array] = []
        shop: list[str | pa.Array] = []
        if kind in (START, LANDING_VIEW):
            params = self.first_params(row)
            numbered_link = self.has_own_click_id[row]
            sources = [
                self.sources.take(pa.array(self.link[row])),
                numbered("", 12, np.where(numbered_link, row, -1)),
                where(numbered_link, '"}'),
            ]
        elif kind == VIEW:
            params = self.view_params(row, events.step.astype(np.int64))
        elif kind == PURCHASE:
            session = self.bought_in[row]
            params = self.purchase_params(session)
            value = pa.array([self.revenue[number] for number in row.tolist()], pa.string())
            shop = [',"ecommerce":{"purchase_revenue":', value, ',"transaction_id":"']
            shop += [numbered("T", 8, row), '"}']
        else:
            session = np.full(len(row), -1)
            params = text_param("page_location", page_address(row))
        place = numbers(1 + events.place)
        return joined(
            '{"event_date":"',
            self.days(events.t_us),
            '","event_timestamp":',
            numbers(events.t_us),
            f',"event_name":"{NAMES[kind]}","event_params":[',
            *params,
            "]",
            *self.visitor(session),
            ',"device":{"category":"',
            pick(DEVICES, row % len(DEVICES)),
            '"},"geo":{"country":"',
            pick(COUNTRIES, row % len(COUNTRIES)),
            '"}',
            *sources,
            pick(self.clicks, np.where(session >= 0, self.arrival[session], -1)),
            *shop,
            ',"platform":"WEB","batch_page_id":',
            numbers(events.t_us // 1000),
            ',"batch_ordering_id":',
            place,
            ',"batch_event_index":',
            place,
            "}\n",
        )

    def days(self, t_us: np.ndarray) -> pa.Array:
        """The property's day of instants, `20250601`."""
        hours, index = np.unique(t_us // (HOUR * SECOND), return_inverse=True)
        names = self.company.zone.day(hours * HOUR).astype("datetime64[D]").astype(str)
        return pick([name.replace("-", "") for name in names], index)

    def visitor(self, session: np.ndarray) -> list[str | pa.Array]:
        """Who it was, if they consent to be known."""
        known = session >= 0
        who = self.sessions.visitor[session]
        consent = pick(["No", "Yes"], known.astype(np.int64))
        return [
            where(known, ',"user_pseudo_id":"'),
            numbers(1_000_000_000 + who * 7919, ~known),
            where(known, "."),
            numbers(1_735_689_600 + who, ~known),
            where(known, '"'),
            ',"privacy_info":{"analytics_storage":"',
            consent,
            '","ads_storage":"',
            consent,
            '"}',
        ]

    def common_params(self, row: np.ndarray) -> list[str | pa.Array]:
        """What every event of a session says about it."""
        engaged = pick(["0", "1"], (self.sessions.pages[row] > 2).astype(np.int64))
        return [
            *int_param("ga_session_id", numbers(self.sessions.start_us[row] // SECOND)),
            ",",
            *int_param("ga_session_number", "1"),
            ",",
            *text_param("session_engaged", engaged),
            ",",
        ]

    def url(self, row: np.ndarray) -> list[pa.Array]:
        """The address of a session's first page."""
        number = numbered("", 12, np.where(self.has_click_id[row], row, -1))
        return [self.urls.take(pa.array(self.link[row])), number]

    def first_params(self, row: np.ndarray) -> list[str | pa.Array]:
        """Parameters of the two events that begin a session."""
        return [
            *self.common_params(row),
            *text_param("page_location", *self.url(row)),
            ",",
            *text_param("page_title", "Lumen"),
            pick(self.referrers, self.arrival[row]),
        ]

    def view_params(self, row: np.ndarray, step: np.ndarray) -> list[str | pa.Array]:
        """Parameters of a session's further views."""
        is_second = step == 1
        landing = [pc.if_else(pa.array(is_second), part, None) for part in self.url(row)]
        before = pc.if_else(pa.array(is_second), None, page_address(row + 3 * (step - 1)))
        return [
            *self.common_params(row),
            *text_param("page_location", page_address(row + 3 * step)),
            ",",
            *text_param("page_referrer", *landing, before),
            ",",
            *int_param("engagement_time_msec", numbers(1500 + 137 * (row % 90))),
        ]

    def purchase_params(self, session: np.ndarray) -> list[str | pa.Array]:
        """Parameters of a purchase; without consent no session is known."""
        known = session >= 0
        start = self.sessions.start_us[session] // SECOND
        referrer = text_param("page_referrer", SITE + "/checkout")
        begin, end = (part for part in int_param("ga_session_id", "") if part)
        return [
            *text_param("page_location", SITE + "/thank-you"),
            ",",
            *text_param("currency", "USD"),
            where(known, "," + begin),
            numbers(start, ~known),
            where(known, f"{end},{''.join(referrer)}"),
        ]


def table_of(lines: pa.Array) -> pa.Table:
    """Lines of JSON as the export's typed table, in one piece."""
    if not len(lines):
        return SCHEMA.empty_table()
    options = pa_json.ParseOptions(explicit_schema=SCHEMA, unexpected_field_behavior="error")
    return pa_json.read_json(io.BytesIO(bytes_of(lines)), parse_options=options)


def bytes_of(lines: pa.Array) -> bytes:
    """The text of lines, one after the other."""
    start, end = np.frombuffer(lines.buffers()[1], np.int32)[
        [lines.offset, lines.offset + len(lines)]
    ]
    return lines.buffers()[2][start : end - start].to_pybytes()


def write(landing: Landing, company: Company, web: Web, posts: Posts) -> int:
    """All event files of the first site; returns how many different events there are."""
    events = list_events(web)
    printer = Printer(company, web, posts)
    seconds = events.t_us // SECOND
    previous = 0
    for number, export in enumerate(company.exports):
        low = np.searchsorted(seconds, previous - RESTATED_S if previous else 0)
        high = np.searchsorted(seconds, export)
        lines = [
            printer.lines(events.at(slice(begin, min(begin + AT_ONCE, high))))
            for begin in range(low, high, AT_ONCE)
        ]
        name = f"events_{day_name(export)}"
        if export < epoch(PARQUET_FROM):
            text = b"".join(map(bytes_of, lines))
            if number % 3 == 1:
                landing.put(STREAM, f"{name}.jsonl.gz", gzipped(text), export)
            else:
                landing.put(STREAM, f"{name}.jsonl", text, export)
        else:
            sink = pa.BufferOutputStream()
            table = pa.concat_tables([SCHEMA.empty_table(), *map(table_of, lines)])
            pq.write_table(table.combine_chunks(), sink, compression="zstd")
            landing.put(STREAM, f"{name}.parquet", sink.getvalue(), export)
        previous = export
    return len(events)
