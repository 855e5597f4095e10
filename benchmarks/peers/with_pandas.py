"""The waits of every ticket as an analyst computes them: frames, a groupby, business days counted.

Written with the calendar's holidays and its own zone. Everything is in memory at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

DAY_S = 86_400


def build(raw: Path, seeds: Path, calendar: str, target: Path) -> dict[str, object]:
    """Read the tickets, find each turn and its reply, measure; writes a Parquet of the answers."""
    import json

    import pandas as pd

    tickets = pd.read_parquet(
        raw / "zendesk" / "tickets", columns=["ticket_id", "requester_id", "comments"]
    )
    comments = pd.DataFrame(
        [
            (ticket, comment["id"], comment["author_id"] == requester, comment["created_at"])
            for ticket, requester, text in tickets.itertuples(index=False)
            for comment in json.loads(text)
        ],
        columns=["ticket_id", "comment_id", "is_customer", "sent_at"],
    )
    comments["sent_at"] = pd.to_datetime(comments["sent_at"], utc=True)
    comments = comments.sort_values(["ticket_id", "sent_at", "comment_id"])
    before = comments.groupby("ticket_id")["is_customer"].shift(fill_value=False)
    begins = comments["is_customer"] & ~before
    comments["turn"] = begins.groupby(comments["ticket_id"]).cumsum()
    asked = comments[comments["is_customer"]].groupby(["ticket_id", "turn"]).first()
    answered = comments[~comments["is_customer"]].groupby(["ticket_id", "turn"])["sent_at"].min()
    waits = asked.join(answered.rename("replied_at")).dropna(subset=["replied_at"])
    waits["wait_s"] = (waits["replied_at"] - waits["sent_at"]).dt.total_seconds()
    waits["wait_business_s"] = business_seconds(
        waits["sent_at"], waits["replied_at"], seeds, calendar
    )
    waits = waits.reset_index()[["comment_id", "sent_at", "wait_s", "wait_business_s"]]
    waits.to_parquet(target)
    return {"outcome": f"{len(waits):,} waits"}


def business_seconds(start: pd.Series, end: pd.Series, seeds: Path, calendar: str) -> np.ndarray:
    """Open seconds between instants, shift by shift: whole days in between and both ends."""
    import numpy as np
    import pandas as pd

    calendars = pd.read_csv(seeds / "business_calendars.csv").set_index("calendar_id")
    hours = pd.read_csv(seeds / "business_hours.csv")
    hours = hours[(hours["calendar_id"] == calendar) & hours["valid_to_on"].isna()]
    holidays = pd.read_csv(seeds / "business_holidays.csv")
    closed = holidays.loc[holidays["calendar_id"] == calendar, "holiday_on"].to_numpy("M8[D]")
    zone = calendars.loc[calendar, "zone"]
    places = [_local(series, zone) for series in (start, end)]
    total = np.zeros(len(start))
    for (opens, closes), days in hours.groupby(["opens", "closes"])["iso_weekday"]:
        week = "".join("1" if day in set(days) else "0" for day in range(1, 8))
        first, last = (pd.Timedelta(f"{clock}:00").total_seconds() for clock in (opens, closes))
        read = []
        for day, second in places:
            before = np.busday_count(np.datetime64("2024-01-01"), day, week, closed)
            is_open = np.is_busday(day, week, closed)
            read.append(before * (last - first) + is_open * (np.clip(second, first, last) - first))
        total += read[1] - read[0]
    return total.round().astype(np.int64)


def _local(instants: pd.Series, zone: str) -> tuple[np.ndarray, np.ndarray]:
    wall = instants.dt.tz_convert(zone).dt.tz_localize(None)
    day = wall.to_numpy("M8[D]")
    return day, (wall.to_numpy("M8[s]") - day.astype("M8[s]")).astype("int64")
