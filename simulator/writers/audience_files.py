"""What the writers of several networks' exports share: German numbers and days, ends of days.

Formats only; headers belong to the modules of the networks, numbers to `audience`.
"""

from __future__ import annotations

import json

import numpy as np

from simulator.audience import Audience, AudienceExport, day_exports, post_exports
from simulator.company import Company
from simulator.zones import DAY, HOUR, Zone, iso_day


def exports_of(
    company: Company, audience: Audience, source: str, *, of_days: bool = False
) -> list[AudienceExport]:
    """The exports of one source, in order of time."""
    listed = (day_exports if of_days else post_exports)(company, audience.accounts)
    return [export for export in listed if audience.accounts[export.account].source == source]


def american_day(day: int) -> str:
    """`03/27/2026`."""
    year, month, date = iso_day(day).split("-")
    return f"{month}/{date}/{year}"


def german_day(day: int) -> str:
    """`27.03.2026`."""
    return ".".join(reversed(iso_day(day).split("-")))


def german_number(value: int) -> str:
    """`1.500`."""
    return f"{value:,}".replace(",", ".")


def wall_time(t: int, zone: Zone, german: bool) -> str:
    """Local time to the minute, with no word about the zone."""
    local = int(np.atleast_1d(zone.local(np.array([t])))[0])
    day, seconds = divmod(local, DAY)
    date = german_day(day) if german else american_day(day)
    return f"{date} {seconds // HOUR:02d}:{seconds % HOUR // 60:02d}"


def end_of_day(day: int, zone: Zone) -> str:
    """The instant a local day ended, as the insights APIs stamp it."""
    midnight = (day + 1) * DAY
    offset = int(zone.offset(np.array([midnight + 8 * HOUR]))[0])
    return str(np.datetime64(midnight - offset, "s")) + "+0000"


def insight(owner: str, name: str, values: list[dict], period: str = "day") -> dict:
    """One metric as the insights APIs return it."""
    return {
        "name": name,
        "period": period,
        "values": values,
        "title": name.replace("_", " "),
        "id": f"{owner}/insights/{name}/{period}",
    }


def document(rows: list[dict], name: str = "data") -> bytes:
    """One page of an API."""
    return (json.dumps({name: rows, "paging": {}}, ensure_ascii=False, indent=1) + "\n").encode()
