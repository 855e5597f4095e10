"""Engagement, followers and reach worked out again, in plain loops over what feeds hand in.

The rules of which source tells a metric, on which day a change is dated, what is a restatement and
at what age posts are compared belong here. Drawing rows and comparing tables do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.care import key

Row = Mapping[str, Any]

KINDS = ("like", "love", "care", "haha", "wow", "sad", "angry", "other")
POST_METRICS = (
    "impressions",
    "reactions",
    *(f"reactions_{kind}" for kind in KINDS),
    "comments",
    "shares",
    "saves",
    "link_clicks",
    "other_clicks",
    "video_views",
    "follows",
    "engagements_native",
)
FOLLOWERS = ("followers", "followers_gained", "followers_lost")
DAY_METRICS = (
    "impressions",
    "reactions",
    "comments",
    "shares",
    "saves",
    "link_clicks",
    "other_clicks",
    "video_views",
    "profile_views",
    "posts_published",
    "engagements_native",
)
ALIASES = {"twitter": "x", "fb": "facebook"}


def network_of(row: Row) -> str:
    """Our word for the network of a row."""
    word = row["network"].lower()
    return ALIASES.get(word, word)


def merged(rows: Iterable[Row], names: Sequence[str], metrics: Sequence[str]) -> list[dict]:
    """Rows of one export of one thing as one row: of two values the greater."""
    found: dict[tuple, dict] = {}
    for row in rows:
        place = found.setdefault(tuple(row[name] for name in names), dict(row))
        for metric in metrics:
            known = [v for v in (place.get(metric), row.get(metric)) if v is not None]
            place[metric] = max(known) if known else None
    return list(found.values())


def fell(before: int | None, now: int | None) -> bool:
    """More than people taking back a like."""
    return before is not None and now is not None and now - before < -0.02 * before


def core(row: Row) -> int | None:
    known = [row[m] for m in ("reactions", "comments", "shares") if row[m] is not None]
    return sum(known) if known else None


def post_days(feeds: Mapping[str, Sequence[Row]]) -> dict[tuple[str, date], dict]:
    """(post, day) → what its metrics changed by; feeds are in order of trust."""
    posts: dict[str, list[dict]] = defaultdict(list)
    for rank, rows in enumerate(feeds.values()):
        named = [{**row, "network": network_of(row), "rank": rank} for row in rows]
        for row in merged(named, ("network", "natural_post_id", "snapshot_at"), POST_METRICS):
            posts[key(row["network"], row["natural_post_id"])].append(row)
    days: dict[tuple[str, date], dict] = {}
    for post, rows in posts.items():
        published = [r["posted_on"] for r in sorted(rows, key=_trust) if r["posted_at"]]
        published += [r["posted_on"] for r in sorted(rows, key=_trust) if r["posted_on"]]
        teller = {
            m: min((r["rank"] for r in rows if r[m] is not None), default=None)
            for m in POST_METRICS
        }
        first = min(r["rank"] for r in rows)
        for rank in sorted({r["rank"] for r in rows}):
            mine = [m for m in POST_METRICS if teller[m] == rank]
            looks = [
                r
                for r in sorted(rows, key=lambda r: r["snapshot_at"])
                if r["rank"] == rank and (rank == first or any(r[m] is not None for m in mine))
            ]
            before: dict[str, int] = {}
            for number, look in enumerate(looks):
                on = look["snapshot_at"].date()
                if number == 0 and published:
                    on = published[0]
                day = days.setdefault(
                    (post, on),
                    dict.fromkeys(POST_METRICS) | {"first": False, "restated": False, "rank": rank},
                )
                day["first"] |= number == 0
                day["rank"] = min(day["rank"], rank)
                for m in mine:
                    if look[m] is None:
                        continue
                    day["restated"] |= fell(before.get(m), look[m])
                    day[m] = (day[m] or 0) + look[m] - before.get(m, 0)
                    before[m] = look[m]
    for day in days.values():
        day["core"] = core(day)
    return days


def posts_at_equal_age(
    feeds: Mapping[str, Sequence[Row]], zone_of: Callable[[str], ZoneInfo]
) -> list[dict]:
    """Posts with the age they were looked at, their rate at that age and when they were sent."""
    posts: dict[str, list[dict]] = defaultdict(list)
    for rank, rows in enumerate(feeds.values()):
        named = [{**row, "network": network_of(row), "rank": rank} for row in rows]
        for row in merged(named, ("network", "natural_post_id", "snapshot_at"), POST_METRICS):
            posts[key(row["network"], row["natural_post_id"])].append(row)
    found = []
    for rows in posts.values():
        rows.sort(key=_trust)
        timed = next((row for row in rows if row["posted_at"]), None)
        if timed is None:
            continue
        teller = {
            m: min((r["rank"] for r in rows if r[m] is not None), default=None)
            for m in POST_METRICS
        }
        looks = {}
        for row in rows:
            told = {m: row[m] if row["rank"] == teller[m] else None for m in POST_METRICS}
            hours = (row["snapshot_at"] - timed["posted_at"]) / timedelta(hours=1)
            if told["impressions"] is not None and core(told) is not None:
                looks[hours] = (told["impressions"], core(told))
        young = [hours for hours in looks if 36 <= hours <= 72]
        old = [hours for hours in looks if hours >= 28 * 24]
        if not young and not old:
            continue
        seen, engaged = looks[min(young or old)]
        if seen:
            profile = next((row["profile_id"] for row in rows if row["profile_id"]), None)
            sent = timed["posted_at"].replace(tzinfo=UTC).astimezone(zone_of(profile))
            found.append(
                {
                    "network": timed["network"],
                    "band": "48_hours" if young else "28_days",
                    "rate": engaged / seen,
                    "hour": f"{sent:%a %H}:00",
                }
            )
    return found


def medians(posts: Sequence[Row]) -> dict[tuple[str, str], tuple[float, int]]:
    """K83 of one quarter: the median rate of each slice, at the age that most posts have."""
    found: dict[tuple[str, str], tuple[float, int]] = {}
    slices = {("overall", "all"): list(posts)}
    for post in posts:
        slices.setdefault(("network", post["network"]), []).append(post)
    for place, members in slices.items():
        young = [post for post in members if post["band"] == "48_hours"]
        shown = young if 2 * len(young) >= len(members) else []
        shown = shown or [post for post in members if post["band"] == "28_days"]
        by_hour: dict[str, list[float]] = defaultdict(list)
        for post in shown:
            by_hour[post["hour"]].append(post["rate"])
        if members:
            found[place] = (median(post["rate"] for post in shown), len(shown))
        if place[0] == "overall":
            for hour, rates in by_hour.items():
                found["hour_of_week", hour] = (median(rates), len(rates))
    return found


def lifetimes(feeds: Mapping[str, Sequence[Row]]) -> dict[tuple[str, str], int]:
    """(post, metric) → its last value by the first source that reports the metric at all."""
    found: dict[tuple[str, str], int] = {}
    for rows in reversed(feeds.values()):
        last: dict[tuple[str, str], tuple] = {}
        for row in rows:
            post = key(network_of(row), row["natural_post_id"])
            for m in POST_METRICS:
                if row[m] is not None:
                    look = (row["snapshot_at"], row[m])
                    last[post, m] = max(last.get((post, m), look), look)
        found |= {place: value for place, (_, value) in last.items()}
    return found


def profile_days(feeds: Mapping[str, Sequence[Row]]) -> dict[tuple[str, date], dict]:
    """(profile, day) → its metrics: each by the first source that has it, as exported last."""
    metrics = (*FOLLOWERS, *DAY_METRICS)
    found: dict[tuple[str, date], dict] = {}
    for rank, rows in enumerate(feeds.values()):
        named = [
            {**row, "network": network_of(row), "profile_id": row["profile_id"] or network_of(row)}
            for row in rows
        ]
        exports: dict[tuple[str, date], list[dict]] = defaultdict(list)
        for row in merged(named, ("network", "profile_id", "metric_on", "exported_at"), metrics):
            exports[key(row["network"], row["profile_id"]), row["metric_on"]].append(row)
        for place, versions in exports.items():
            day = found.setdefault(place, dict.fromkeys(metrics) | {"restated": False})
            day.setdefault("rank", rank)
            for m in metrics:
                told = [
                    v[m]
                    for v in sorted(versions, key=lambda v: v["exported_at"])
                    if v[m] is not None
                ]
                day["restated"] |= any(fell(a, b) for a, b in pairwise(told))
                if told and day[m] is None:
                    day[m] = told[-1]
    for day in found.values():
        day["core"] = core(day)
    return found


def follower_days(days: Mapping[tuple[str, date], Row]) -> dict[tuple[str, date], tuple]:
    """(profile, day) → followers, change since the count before, and what nobody explains."""
    found = {}
    for (profile, on), day in days.items():
        if all(day[m] is None for m in FOLLOWERS):
            continue
        change = unexplained = None
        before = max(
            (d for p, d in days if p == profile and d < on and days[p, d]["followers"] is not None),
            default=None,
        )
        if day["followers"] is not None and before is not None:
            change = day["followers"] - days[profile, before]["followers"]
            between = [before + timedelta(n) for n in range(1, (on - before).days + 1)]
            told = [days.get((profile, d), dict.fromkeys(FOLLOWERS)) for d in between]
            if all(
                d["followers_gained"] is not None and d["followers_lost"] is not None for d in told
            ):
                moved = sum(d["followers_gained"] - d["followers_lost"] for d in told)
                unexplained = change - moved
        found[profile, on] = (day["followers"], change, unexplained)
    return found


def _trust(row: Row) -> tuple:
    return row["rank"], -row["snapshot_at"].timestamp()
