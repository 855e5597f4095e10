"""Flat events of the second site: one CSV row an event.

GA4's words without its nesting, times to the second in UTC. Sessions and purchases come from `web`.
"""

from __future__ import annotations

import numpy as np

from simulator.company import Company
from simulator.web import PAGES, SECOND_ARRIVALS, SECOND_SITE, Web
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.zones import DAY

STREAM = "web_events/events"
HEADER = [
    "event_date",
    "user_pseudo_id",
    "ga_client_id",
    "user_id_ui",
    "session_id",
    "source",
    "medium",
    "gclid",
    "fbclid",
    "fbc",
    "fbp",
    "full_referrer",
    "form_name",
    "form_step_name",
    "form_valid",
    "quote_number_after_generated",
    "order_id_after_generated",
    "event_timestamp",
    "event_name",
    "page_uri",
    "full_page_url",
    "traffic_category",
    "custom_event",
    "revenue",
    "currency",
]


def event_rows(web: Web) -> list[dict[str, str]]:
    """Every event of the second site, in order of time."""
    s = web.sessions
    bought: dict[int, list] = {}
    for purchase in web.purchases:
        if purchase.second_site:
            bought.setdefault(purchase.session, []).append(purchase)
    rows: list[dict[str, str]] = []
    for row in np.flatnonzero(s.second_site).tolist():
        _, source, medium, referrer = SECOND_ARRIVALS[int(s.arrival[row])]
        start = int(s.start_us[row]) // 1_000_000
        visitor = (
            f"{2_000_000_000 + int(s.visitor[row]) * 31}.{1_700_000_000 + int(s.visitor[row])}"
        )
        base = {
            "user_pseudo_id": visitor,
            "ga_client_id": f"GA1.1.{visitor}",
            "user_id_ui": f"ui_{int(s.visitor[row]):010x}",
            "session_id": f"sU{int(s.visitor[row]):06d}_{row}",
            "source": source,
            "medium": medium,
            "full_referrer": referrer,
            "traffic_category": "paid" if medium in ("cpc", "paid_social") else "direct",
        }
        if source == "Google Ads":
            base["gclid"] = f"Cj2{row:010d}"

        def add(t: int, name: str, page: str, base=base, **more: str) -> None:
            stamp = str(np.datetime64(t, "s")).replace("T", " ")
            rows.append(
                base
                | {
                    "event_date": stamp[:10],
                    "event_timestamp": stamp,
                    "event_name": name,
                    "page_uri": page,
                    "full_page_url": SECOND_SITE + page,
                }
                | more
            )

        add(start, "session_start", PAGES[row % len(PAGES)])
        for view in range(int(s.pages[row])):
            add(start + 20 * (view + 1), "page_view", PAGES[(row + view) % len(PAGES)])
        if row % 9 == 0:
            add(
                start + 200,
                "generate_lead",
                "/thank-you",
                quote_number_after_generated=f"Q{row:07d}",
                form_name="lead",
                form_valid="true",
            )
        for purchase in bought.get(row, ()):
            for t_us in [purchase.at_us, *purchase.repeats_us]:
                add(
                    t_us // 1_000_000,
                    "purchase",
                    "/purchase-complete",
                    order_id_after_generated=f"O{purchase.number:08d}",
                    revenue=f"{purchase.value:.2f}",
                    currency="USD",
                    custom_event="sale",
                )
    rows.sort(key=lambda r: r["event_timestamp"])
    return rows


def write(landing: Landing, company: Company, web: Web) -> int:
    """Monthly files, each repeating a day of the one before; returns the number of events."""
    rows = event_rows(web)
    previous = ""
    for export in company.month_exports:
        until = str(np.datetime64(export, "s")).replace("T", " ")
        part = [r for r in rows if previous <= r["event_timestamp"] < until]
        table = text_table(
            {name: [r.get(name) or None for r in part] for name in HEADER}, len(part)
        )
        landing.put(STREAM, f"web_events_{day_name(export)}.csv", csv_bytes(table), export)
        previous = str(np.datetime64(export - DAY, "s")).replace("T", " ")
    return len(rows)
