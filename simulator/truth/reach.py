"""KPIs of posts and of the web: impressions, engagement, sessions, conversions and their credit.

Works on the world's posts and sessions and on the calendar of exports, since a change of a
lifetime value is known when an export shows it.
"""

from __future__ import annotations

import numpy as np

from simulator.company import Company
from simulator.posts import METRICS, Posts, post_exports, rows_of
from simulator.truth.attribution import MODELS, credit_shares
from simulator.truth.cube import Cube, Slices
from simulator.web import ARRIVALS, SECOND_ARRIVALS, Arrival, Web
from simulator.zones import DAY

UNATTRIBUTED = "Unattributed"
COUNTED = ("impressions", "likes", "replies", "reposts", "engagements")


def post_kpis(company: Company, posts: Posts, cube: Cube) -> None:
    """K62 to K65: first seen values on the day of publication, later changes on the day seen."""
    columns = [METRICS.index(name) for name in COUNTED]
    seen: dict[int, dict[int, np.ndarray]] = {}
    for export in post_exports(company):
        rows = rows_of(posts, export)
        values = posts.metrics_at(rows, export.until)[:, columns]
        for row, value in zip(rows.tolist(), values, strict=True):
            seen.setdefault(row, {})[export.until] = value
    change_on: dict[tuple[int, int], np.ndarray] = {}
    for row, snapshots in sorted(seen.items()):
        before = np.zeros(len(columns), dtype=np.int64)
        for number, (exported, value) in enumerate(sorted(snapshots.items())):
            on = (int(posts.posted_at[row]) if number == 0 else exported) // DAY
            change_on[row, on] = change_on.get((row, on), 0) + value - before
            before = value
    owners = [row for row, _ in change_on]
    days = [on for _, on in change_on]
    day = np.array(days, dtype=np.int64)
    change = np.array(list(change_on.values()), dtype=np.int64).reshape(len(days), len(columns))
    slices = Slices(len(days))
    for i, row in enumerate(owners):
        profile = company.profiles[int(posts.profile[row])]
        slices.put(i, "network", "x")
        slices.put(i, "product", profile.product or "untagged")
    impressions, likes, replies, reposts, native = (change[:, i] for i in range(len(columns)))
    core = likes + replies + reposts
    keep = np.ones(len(day), dtype=bool)
    post = np.array(owners, dtype=np.int64)
    cube.total("K62", day, slices, keep, impressions, post)
    cube.total("K63", day, slices, keep, core, post)
    cube.total("K63_native", day, slices, keep, native, post)
    cube.ratio("K64", day, slices, keep, core, impressions, owner=post)
    cube.ratio("K65", day, slices, keep, reposts, impressions, owner=post)


def arrivals_of(web: Web) -> list[Arrival]:
    """How each session came."""
    return [
        SECOND_ARRIVALS[number][0] if second else ARRIVALS[number]
        for number, second in zip(
            web.sessions.arrival.tolist(), web.sessions.second_site.tolist(), strict=True
        )
    ]


def session_kpis(company: Company, web: Web, cube: Cube) -> None:
    """K68, its share of traffic, and K69."""
    arrivals = arrivals_of(web)
    n = len(arrivals)
    day = company.zone.day(web.sessions.start_us // 1_000_000)
    social = np.array([arrival.is_social for arrival in arrivals], dtype=bool)
    slices = Slices(n)
    for i, arrival in enumerate(arrivals):
        if arrival.network:
            slices.put(i, "network", arrival.network)
    cube.count("K68", day, slices, social)
    everybody = {
        (kind, start): len(rows)
        for kind, start, _, rows in cube.grouped(day, Slices(n), np.ones(n, dtype=bool))
    }
    for kind, start, key, rows in cube.grouped(day, slices, social):
        total = everybody[(kind, start)]
        cube.put(kind, start, "K68_share", key, len(rows) / total, len(rows), total, total)
        people = len(np.unique(web.sessions.visitor[rows]))
        cube.put(kind, start, "K69", key, people, people, None, people)


def conversion_kpis(company: Company, web: Web, cube: Cube) -> None:
    """K71 in every model: credit and revenue of social, of each network, of each channel group."""
    arrivals = arrivals_of(web)
    s = web.sessions
    by_visitor: dict[int, list[int]] = {}
    for row, visitor in enumerate(s.visitor.tolist()):
        by_visitor.setdefault(visitor, []).append(row)
    for rows in by_visitor.values():
        rows.sort(key=lambda row: int(s.start_us[row]))
    day = company.zone.day(np.array([p.at_us // 1_000_000 for p in web.purchases], dtype=np.int64))
    for model in MODELS:
        days, shares, worth, numbers = [], [], [], []
        labels: list[Arrival | None] = []
        for number, purchase in enumerate(web.purchases):
            rows = by_visitor[int(s.visitor[purchase.session])] if purchase.session >= 0 else []
            # Microseconds as whole numbers: the look-back is exact to its edge.
            touches = [(int(s.start_us[row]) / 1_000_000, arrivals[row].is_direct) for row in rows]
            found = credit_shares(touches, purchase.at_us / 1_000_000, model)
            for position, share in found or [(None, 1.0)]:
                numbers.append(number)
                days.append(int(day[number]))
                shares.append(share)
                worth.append(share * purchase.value)
                labels.append(None if position is None else arrivals[rows[position]])
        slices = Slices(len(days))
        social = np.zeros(len(days), dtype=bool)
        for i, arrival in enumerate(labels):
            slices.put(i, "channel_group", arrival.channel if arrival else UNATTRIBUTED)
            if arrival and arrival.network:
                slices.put(i, "network", arrival.network)
            social[i] = bool(arrival and arrival.is_social)
        amounts = {f"K71_{model}": np.array(shares), f"K71_{model}_revenue": np.array(worth)}
        credit_cells(
            cube, np.array(days, dtype=np.int64), slices, social, np.array(numbers), amounts
        )


def credit_cells(
    cube: Cube,
    day: np.ndarray,
    slices: Slices,
    social: np.ndarray,
    conversion: np.ndarray,
    amounts: dict[str, np.ndarray],
) -> None:
    """Credit and revenue: the overall row is social only, channel groups are everything."""
    for kind, start, key, rows in cube.grouped(day, slices, np.ones(len(day), dtype=bool)):
        if key[0] == "overall":
            rows = rows[social[rows]]
        if not len(rows):
            continue
        n = len(np.unique(conversion[rows]))
        for kpi, amount in amounts.items():
            total = float(np.sum(amount[rows]))
            cube.put(kind, start, kpi, key, total, total, None, n)
