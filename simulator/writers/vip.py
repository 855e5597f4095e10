"""Lists of people who are looked after with special care.

A row a membership, by the network's own id of the person; some begin or end within the year, some
people are on two lists, and the list is handed in again whenever it was changed.
"""

from __future__ import annotations

import numpy as np

from simulator.care import Care
from simulator.company import SPROUT, Company
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.writers.ids import network_contact_ids
from simulator.zones import iso_day

LISTS = ("Key accounts", "Press", "Creators")
SHARE = 0.06
# Networks that know no ids of people.
WITHOUT_IDS = ("email", "website")
HEADER = (
    "list_name",
    "source",
    "network",
    "contact_id",
    "valid_from_on",
    "valid_to_on",
    "added_by",
)


def write(landing: Landing, company: Company, care: Care) -> int:
    """A file a quarter with everybody on the lists so far; returns the number of memberships."""
    rng = company.rng(52)
    threads = care.threads
    networks = np.array([p.network for p in company.profiles])[threads.profile]
    able = np.flatnonzero(~threads.is_archive & ~np.isin(networks, WITHOUT_IDS))
    contact, index = np.unique(threads.contact[able], return_index=True)
    profile = threads.profile[able[index]]
    chosen = np.flatnonzero(rng.random(len(contact)) < SHARE)
    ids = network_contact_ids(contact[chosen]).to_pylist()
    rows = []
    for i, name in zip(chosen.tolist(), ids, strict=True):
        network = company.profiles[int(profile[i])].network
        start = company.first_day + int(rng.integers(0, 300))
        since = None if rng.random() < 0.4 else start
        until = start + int(rng.integers(30, 150)) if rng.random() < 0.3 else None
        lists = rng.choice(len(LISTS), size=1 + (rng.random() < 0.1), replace=False)
        for number in lists.tolist():
            rows.append(
                {
                    "list_name": LISTS[number],
                    "source": SPROUT if number == 2 else None,
                    "network": network,
                    "contact_id": name,
                    "valid_from_on": None if since is None else iso_day(since),
                    "valid_to_on": None if until is None else iso_day(until),
                    "added_by": "Community desk",
                    "known_from": start,
                }
            )
    for export in company.quarter_exports:
        part = [row for row in rows if row["known_from"] < export // 86_400]
        cells = {name: [row[name] for row in part] for name in HEADER}
        file = f"vip_members_{day_name(export)}.csv"
        landing.put("vip/members", file, csv_bytes(text_table(cells, len(part))), export)
    return len(rows)
