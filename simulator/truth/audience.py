"""KPIs of posts, profiles and followers: what was seen, what was done with it, and how many follow.

Works on the world's posts and profile days and on the calendar of exports, since a change of a
lifetime value is known when an export shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.audience import (
    COLUMN,
    POST_METRICS,
    PROFILE_METRICS,
    REACH_WINDOWS,
    Account,
    Audience,
    day_exports,
    days_of,
)
from simulator.audience import post_exports as network_exports
from simulator.audience import rows_of as network_rows
from simulator.care import Care
from simulator.company import SPROUT, Company
from simulator.posts import METRICS as X_METRICS
from simulator.posts import Posts, post_exports, rows_of
from simulator.truth.cube import Cube, Slices
from simulator.zones import DAY, PERIOD_KINDS, period_end, period_start

# Our words for the columns of X.
X_NAMES = {
    "impressions": "impressions",
    "reactions": "likes",
    "comments": "replies",
    "shares": "reposts",
    "link_clicks": "url_clicks",
    "engagements_native": "engagements",
}
COUNTED = tuple(X_NAMES)
CORE = ("reactions", "comments", "shares")
CARRIED_DAYS = 35
# What counts as an impression of a video is a view of it.
OTHER_WORDS = {"youtube": {"impressions": "video_views"}}


@dataclass(frozen=True)
class Seen:
    """A post that some export showed: where, when, by whom, and its values at each export.

    Values are in the order of `COUNTED`, absent where no export tells them.
    """

    account: Account
    posted_at: int
    publisher: str
    care_message: int
    snapshots: dict[int, tuple[int | None, ...]]


class AudienceTruth:
    """Posts and profiles seen through the definitions."""

    def __init__(self, company: Company, audience: Audience, posts: Posts, care: Care) -> None:
        self.company, self.audience, self.care = company, audience, care
        self.accounts = audience.accounts
        self.names = profile_names(self.accounts)
        self.posts = [*self._x_posts(posts), *self._network_posts()]
        self._change()

    def _x_posts(self, posts: Posts) -> list[Seen]:
        columns = [X_METRICS.index(X_NAMES[name]) for name in COUNTED]
        places = {a.profile_id: a for a in self.accounts if a.source == "x"}
        shown: dict[int, dict[int, tuple]] = {}
        for export in post_exports(self.company):
            rows = rows_of(posts, export)
            values = posts.metrics_at(rows, export.until)[:, columns]
            for row, value in zip(rows.tolist(), values.tolist(), strict=True):
                shown.setdefault(row, {})[export.until] = tuple(value)
        return [
            Seen(places[posts.handle[row].lower()], int(posts.posted_at[row]), "", -1, snapshots)
            for row, snapshots in sorted(shown.items())
        ]

    def _network_posts(self) -> list[Seen]:
        posts = self.audience.posts
        shown: dict[int, dict[int, tuple]] = {}
        for export in network_exports(self.company, self.accounts):
            source = self.accounts[export.account].source
            told, words = POST_METRICS[source], OTHER_WORDS.get(source, {})
            rows = network_rows(posts, export)
            values = posts.metrics_at(rows, export.until)
            for row, value in zip(rows.tolist(), values.tolist(), strict=True):
                shown.setdefault(row, {})[export.until] = tuple(
                    value[COLUMN[words.get(name, name)]] if name in told else None
                    for name in COUNTED
                )
        result = []
        for row, snapshots in sorted(shown.items()):
            account = self.accounts[int(posts.account[row])]
            # Only the tool says who sent a post.
            told = bool(account.sprout_id)
            agent = self.company.agents[int(posts.publisher[row])]
            result.append(
                Seen(
                    account,
                    int(posts.posted_at[row]),
                    agent.accounts.get(SPROUT, "") if told else "",
                    int(posts.care_message[row]),
                    snapshots,
                )
            )
        return result

    def _change(self) -> None:
        """Changes of each post and day: first values on the day of publication, later ones when
        seen."""
        changes: dict[tuple[int, int], list[int | None]] = {}
        for number, post in enumerate(self.posts):
            before: tuple[int | None, ...] = (0,) * len(COUNTED)
            for i, (exported, values) in enumerate(sorted(post.snapshots.items())):
                on = (post.posted_at if i == 0 else exported) // DAY
                cell = changes.setdefault((number, on), [None] * len(COUNTED))
                for j, value in enumerate(values):
                    if value is not None:
                        cell[j] = (cell[j] or 0) + value - (before[j] or 0)
                before = values
        self.owner = np.array([number for number, _ in changes], dtype=np.int64)
        self.day = np.array([on for _, on in changes], dtype=np.int64)
        size = (len(changes), len(COUNTED))
        cells = list(changes.values())
        self.is_told = np.array([[v is not None for v in row] for row in cells]).reshape(size)
        self.change = np.array([[v or 0 for v in row] for row in cells]).reshape(size)

    def _column(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        i = COUNTED.index(name)
        return self.change[:, i], self.is_told[:, i]

    def _core(self) -> tuple[np.ndarray, np.ndarray]:
        """Reactions, comments and shares as far as they are told."""
        parts = [self._column(name) for name in CORE]
        return sum(value for value, _ in parts), np.any([told for _, told in parts], axis=0)

    def post_kpis(self, cube: Cube) -> None:
        """K62 to K65 and K67: of posts, by the day of the change."""
        slices = Slices(len(self.day))
        for i, number in enumerate(self.owner.tolist()):
            account = self.posts[number].account
            slices.put(i, "network", account.network)
            slices.put(i, "product", account.product or "untagged")
        seen, seen_told = self._column("impressions")
        core, core_told = self._core()
        shares, shares_told = self._column("shares")
        clicks, clicks_told = self._column("link_clicks")
        native, native_told = self._column("engagements_native")
        keep = np.ones(len(self.day), dtype=bool)
        day, owner = self.day, self.owner
        for kind, start, key, rows in cube.grouped(day, slices, keep):
            n = len(np.unique(owner[rows]))
            for kpi, part, told in (
                ("K62", seen, seen_told),
                ("K63", core, core_told),
                ("K63_native", native, native_told),
                ("K67", clicks, clicks_told),
            ):
                # What no export tells has no sum.
                total = part[rows].sum().item() if told[rows].any() else None
                cube.put(kind, start, kpi, key, total, total, None, n)
        for kpi, part, told in (
            ("K64", core, core_told),
            ("K65", shares, shares_told),
            ("K67_ctr", clicks, clicks_told),
        ):
            both = np.isin(owner, owner[seen_told]) & np.isin(owner, owner[told])
            # n counts the posts of the slice, whether or not they tell both.
            for kind, start, key, rows in cube.grouped(day, slices, keep):
                rated = rows[both[rows]]
                top, bottom = part[rated].sum().item(), seen[rated].sum().item()
                n = len(np.unique(owner[rows]))
                if len(rated):
                    cube.put(
                        kind, start, kpi, key, top / bottom if bottom else None, top, bottom, n
                    )

    def error_kpis(self, cube: Cube) -> None:
        """K84: posts with a comment that says so, by the day of publication."""
        m = self.care.messages
        bit = self.company.tag_bit("content error")
        told = set(m["thread"][~m["out"] & ((m["tags"] & bit) != 0)].tolist())
        slices = Slices(len(self.posts))
        wrong = np.zeros(len(self.posts), dtype=np.int64)
        for i, post in enumerate(self.posts):
            slices.put(i, "network", post.account.network)
            if post.publisher:
                slices.put(i, "publisher", post.publisher)
            wrong[i] = post.care_message >= 0 and int(m["thread"][post.care_message]) in told
        day = np.array([post.posted_at // DAY for post in self.posts], dtype=np.int64)
        cube.ratio("K84", day, slices, np.ones(len(day), dtype=bool), wrong)

    def profile_kpis(self, cube: Cube) -> None:
        """K62, K63 and K64 of profiles, by the networks' own days."""
        latest: dict[tuple[int, int], int] = {}
        for export in day_exports(self.company, self.accounts):
            for day in days_of(export):
                key = (export.account, day)
                latest[key] = max(export.until, latest.get(key, 0))
        days = self.audience.days
        rows = []
        for (number, day), export in latest.items():
            told = told_of(self.accounts[number])
            seen, *core = (
                days.value(number, name, day, export) if name in told else None
                for name in ("impressions", *CORE)
            )
            parts = [value for value in core if value is not None]
            if seen is not None or parts or set(told) - set(FOLLOWER_METRICS):
                rows.append((number, day, seen, sum(parts) if parts else None))
        slices = Slices(len(rows))
        for i, (number, *_) in enumerate(rows):
            slices.put(i, "network", self.accounts[number].network)
            slices.put(i, "profile", self.names[number])
        day = np.array([row[1] for row in rows], dtype=np.int64)
        seen = np.array([row[2] or 0 for row in rows])
        core = np.array([row[3] or 0 for row in rows])
        has_seen = np.array([row[2] is not None for row in rows], dtype=bool)
        has_core = np.array([row[3] is not None for row in rows], dtype=bool)
        owner = np.arange(len(rows))
        everything = np.ones(len(rows), dtype=bool)
        for kind, start, key, group in cube.grouped(day, slices, everything):
            n = len(owner[group])
            for kpi, amount, told in (
                ("K62_profile", seen, has_seen),
                ("K63_profile", core, has_core),
            ):
                if told[group].any():
                    total = amount[group].sum().item()
                    cube.put(kind, start, kpi, key, total, total, None, n)
            both = group[has_seen[group] & has_core[group]]
            top, bottom = core[both].sum().item(), seen[both].sum().item()
            if bottom:
                cube.put(kind, start, "K64_profile", key, top / bottom, top, bottom, n)

    def reach_kpis(self, cube: Cube) -> None:
        """K61: the last window of 28 days, and the best day."""
        days = self.audience.days
        last = self.company.cut // DAY
        for number, account in enumerate(self.accounts):
            for window in REACH_WINDOWS.get(account.source, ()):
                if window not in (1, 28):
                    continue
                values = days.reach[window, "total"][number]
                dates = np.arange(days.first_day, min(last, days.first_day + len(values)))
                for kind in PERIOD_KINDS:
                    starts = period_start(dates, kind)
                    for start in np.unique(starts).tolist():
                        rows = np.flatnonzero(starts == start)
                        key = ("profile", self.names[number])
                        if window == 28:
                            value, n = int(values[rows[-1]]), 1
                            cube.put(kind, start, "K61", key, value, value, None, n)
                        else:
                            value, n = int(values[rows].max()), len(rows)
                            cube.put(kind, start, "K61_day", key, value, value, None, n)

    def follower_kpis(self, cube: Cube) -> None:
        """K66, what came and went, and engagement for each follower."""
        today = int(self.company.zone.day(np.array([self.company.as_of]))[0])
        core, _ = self._core()
        shares, _ = self._column("shares")
        accounts = np.array(
            [self.accounts.index(self.posts[i].account) for i in self.owner.tolist()]
        )
        for kind in PERIOD_KINDS:
            starts = period_start(self.day, kind)
            days = np.arange(self.company.first_day, today + 1)
            for start in np.unique(period_start(days, kind)).tolist():
                last = min(period_end(start, kind), today)
                groups: dict[tuple[str, str], list[tuple[int, int, int | None]]] = {}
                for number, account in enumerate(self.accounts):
                    now = self._followers(number, last)
                    if now is None:
                        continue
                    row = (number, now, self._followers(number, start - 1))
                    for key in (
                        ("overall", "all"),
                        ("network", account.network),
                        ("profile", self.names[number]),
                    ):
                        groups.setdefault(key, []).append(row)
                for key, rows in groups.items():
                    n = len(rows)
                    total = sum(now for _, now, _ in rows)
                    cube.put(kind, start, "K66", key, total, total, None, n)
                    both = [(now, before) for _, now, before in rows if before is not None]
                    if both:
                        net = sum(now - before for now, before in both)
                        base = sum(before for _, before in both)
                        cube.put(kind, start, "K66_net", key, net, net, None, n)
                        cube.put(kind, start, "K66_growth", key, net / base, net, base, n)
                    mine = np.isin(accounts, [number for number, *_ in rows]) & (starts == start)
                    if key[0] == "profile" or not mine.any():
                        continue
                    for kpi, amount in (("K64_follower", core), ("K65_follower", shares)):
                        top = amount[mine].sum().item()
                        cube.put(kind, start, kpi, key, top / total, top, total, n)

    def _followers(self, number: int, day: int) -> int | None:
        """The last known count up to a day, if it is not too old."""
        if "followers" not in told_of(self.accounts[number]):
            return None
        days = self.audience.days
        exported = self.company.cut // DAY - 1
        known = min(day, exported)
        if known < days.first_day or day - known >= CARRIED_DAYS:
            return None
        return int(days.final["followers"][number, known - days.first_day])


FOLLOWER_METRICS = ("followers", "followers_gained", "followers_lost")


def told_of(account: Account) -> set[str]:
    """What is told of an account's days by its own export and by the tool that has it too."""
    told = set(PROFILE_METRICS[account.source])
    return told | set(PROFILE_METRICS[SPROUT]) if account.also_in_sprout else told


def profile_names(accounts: list[Account]) -> list[str]:
    """Names of profiles; namesakes are told apart by their network."""
    names = [account.name for account in accounts]
    return [
        name if names.count(name) == 1 else f"{name} ({account.network})"
        for name, account in zip(names, accounts, strict=True)
    ]
