"""Posts and profiles made up at random: engagement, followers and reach are what loops say.

Every source hands in what it likes: posts that two tools know, metrics that come and go, lifetime
values that fall, files of one instant, exports of one day that contradict each other. The rules in
loops are in `audience`; rows are drawn and compared here.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.oracle.audience import (
    DAY_METRICS,
    FOLLOWERS,
    POST_METRICS,
    follower_days,
    lifetimes,
    medians,
    network_of,
    post_days,
    posts_at_equal_age,
    profile_days,
)
from tests.oracle.care import key
from tests.oracle.harness import Warehouse

# In the order of dbt_project.yml: who is believed first.
POST_SOURCES = ("x", "facebook", "instagram", "linkedin", "youtube", "sprout_social")
DAY_SOURCES = ("x", "facebook", "instagram", "linkedin", "sprout_social")
REACH_SOURCES = ("facebook", "instagram", "sprout_social")
NETWORKS = ("x", "Twitter", "facebook", "instagram", "chirrup")
FIRST = date(2026, 1, 1)


def instant(chance: random.Random) -> datetime:
    """Seldom the same, but it happens: files of one export are of one instant."""
    day = FIRST + timedelta(chance.randrange(60))
    return datetime.combine(day, time(chance.choice((0, 6, 23))))


def number(chance: random.Random, before: int | None) -> int | None:
    """A lifetime value after another: mostly more, sometimes a little or a lot less, or unknown."""
    if chance.random() < 0.15:
        return None
    if before is None:
        return chance.choice((0, 1, 50, 1000, -2))
    return before + chance.choice((0, 1, 7, 300, -1, -round(before * 0.02), -round(before * 0.3)))


def drawn_posts(chance: random.Random) -> dict[str, list[dict]]:
    """Rows of every feed of posts; the same few posts in several of them."""
    feeds: dict[str, list[dict]] = {source: [] for source in POST_SOURCES}
    for source in POST_SOURCES:
        kept = [m for m in POST_METRICS if chance.random() < 0.6]
        for post in range(6):
            if chance.random() < 0.5:
                continue
            posted = datetime.combine(FIRST + timedelta(post), time(chance.randrange(24)))
            before: dict[str, int | None] = {}
            looks = [instant(chance) for _ in range(chance.randrange(1, 6))]
            looks.append(
                posted + timedelta(hours=chance.choice((12, 35, 36, 50, 72, 73, 671, 672)))
            )
            for at in sorted(looks):
                before = {m: number(chance, before.get(m)) for m in kept}
                timed = chance.random() < 0.6
                feeds[source].append(
                    dict.fromkeys(POST_METRICS)
                    | before
                    | {
                        "source": source,
                        "network": NETWORKS[post % len(NETWORKS)],
                        "natural_post_id": str(post),
                        "profile_id": "lumenworks" if post == 0 else "lumen",
                        "snapshot_at": at,
                        "posted_at": posted if timed else None,
                        "posted_on": posted.date() if timed or chance.random() < 0.7 else None,
                    }
                )
    # What stands in two files of one instant says when it was published in both alike.
    for rows in feeds.values():
        same: dict[tuple, dict] = {}
        for row in rows:
            place = (network_of(row), row["natural_post_id"], row["snapshot_at"])
            twin = same.setdefault(place, row)
            row["posted_at"], row["posted_on"] = twin["posted_at"], twin["posted_on"]
    return feeds


def drawn_days(chance: random.Random) -> dict[str, list[dict]]:
    """Rows of every feed of profile days; exports of one day contradict each other."""
    feeds: dict[str, list[dict]] = {source: [] for source in DAY_SOURCES}
    for source in DAY_SOURCES:
        kept = [m for m in (*FOLLOWERS, *DAY_METRICS) if chance.random() < 0.7]
        for _ in range(40):
            feeds[source].append(
                dict.fromkeys((*FOLLOWERS, *DAY_METRICS))
                | {m: chance.choice((None, 0, 5, 99, 100, 1000, 1000, 981)) for m in kept}
                | {
                    "source": source,
                    "network": chance.choice(NETWORKS),
                    "profile_id": chance.choice(("lumen", "lumen", None)),
                    "metric_on": FIRST + timedelta(chance.randrange(12)),
                    "day_zone": "America/Los_Angeles",
                    "exported_at": instant(chance),
                }
            )
    return feeds


def drawn_reach(chance: random.Random) -> dict[str, list[dict]]:
    return {
        source: [
            {
                "source": source,
                "network": chance.choice(NETWORKS),
                "profile_id": chance.choice(("lumen", None)),
                "window_days": chance.choice((1, 28)),
                "window_end_on": FIRST + timedelta(chance.randrange(5)),
                "kind": chance.choice(("total", "organic", "paid")),
                "reach": chance.choice((None, 10, 90, 400)),
                "exported_at": instant(chance),
            }
            for _ in range(40)
        ]
        for source in REACH_SOURCES
    }


FACTS = ("fct_engagement", "fct_followers", "fct_reach", "kpi_values_publishing")


def drawn(seed: int) -> dict[str, dict[str, list[dict]]]:
    """What every source hands in, by kind of feed."""
    chance = random.Random(seed)
    return {
        "posts": drawn_posts(chance),
        "profile_days": drawn_days(chance),
        "reach": drawn_reach(chance),
    }


def facts_of(audience: Warehouse, world: dict[str, dict[str, list[dict]]]) -> dict[str, list[dict]]:
    """The facts the warehouse makes of it."""
    audience.build(
        {
            f"int_{source}_{kind}": rows
            for kind, feeds in world.items()
            for source, rows in feeds.items()
        }
    )
    return {name: audience.rows(name) for name in FACTS}


@pytest.fixture(scope="module", params=range(20))
def world(audience: Warehouse, request: pytest.FixtureRequest) -> dict[str, Any]:
    """One drawn world: what was handed in and the facts made of it."""
    made = drawn(request.param)
    return made | facts_of(audience, made)


def engagement(world: dict[str, Any], level: str) -> list[dict]:
    return [row for row in world["fct_engagement"] if row["level"] == level]


def test_first_look_and_changes_of_every_post_add_up_to_its_last_look(world) -> None:
    added: dict[tuple[str, str], int] = defaultdict(int)
    known = set()
    for row in engagement(world, "post"):
        for metric in POST_METRICS:
            if row[metric] is not None:
                added[row["post_key"], metric] += row[metric]
                known.add((row["post_key"], metric))
    assert {place: added[place] for place in known} == lifetimes(world["posts"])


def test_changes_of_posts_are_on_the_days_that_loops_say(world) -> None:
    expected = {
        place: (
            tuple(day[m] for m in POST_METRICS),
            day["core"],
            day["first"],
            day["restated"],
            POST_SOURCES[day["rank"]],
        )
        for place, day in post_days(world["posts"]).items()
    }
    found = {
        (row["post_key"], row["metric_on"]): (
            tuple(row[m] for m in POST_METRICS),
            row["engagement_core"],
            row["is_first_value"],
            row["is_restatement"],
            row["source"],
        )
        for row in engagement(world, "post")
    }
    assert found == expected


def test_days_of_profiles_are_those_of_the_first_source_that_has_them(world) -> None:
    days = profile_days(world["profile_days"])
    expected = {
        place: (
            tuple(day[m] for m in DAY_METRICS),
            day["core"],
            day["restated"],
            DAY_SOURCES[day["rank"]],
        )
        for place, day in days.items()
        if any(day[m] is not None for m in DAY_METRICS)
    }
    found = {
        (row["profile_key"], row["metric_on"]): (
            tuple(row[m] for m in DAY_METRICS),
            row["engagement_core"],
            row["is_restatement"],
            row["source"],
        )
        for row in engagement(world, "profile")
    }
    assert found == expected
    followers = {
        (row["profile_key"], row["metric_on"]): (
            row["followers"],
            row["followers_change"],
            row["unexplained"],
        )
        for row in world["fct_followers"]
    }
    assert followers == follower_days(days)


def test_reach_is_one_reported_figure_a_window(world) -> None:
    expected: dict[tuple, tuple] = {}
    for rank, rows in enumerate(world["reach"].values()):
        for row in rows:
            if row["reach"] is not None:
                network = network_of(row)
                profile = key(network, row["profile_id"] or network)
                place = profile, row["window_days"], row["window_end_on"], row["kind"]
                told = (-rank, row["exported_at"], row["reach"])
                expected[place] = max(expected.get(place, told), told)
    found = {
        (row["profile_key"], row["window_days"], row["window_end_on"], row["kind"]): row["reach"]
        for row in world["fct_reach"]
    }
    assert found == {place: told[-1] for place, told in expected.items()}


def test_posts_are_compared_at_equal_age_in_the_hour_of_their_own_zone(world) -> None:
    # The account on X is described, with hours of its own; nobody else is.
    zones = {"lumenworks": ZoneInfo("America/New_York")}
    posts = posts_at_equal_age(world["posts"], lambda profile: zones.get(profile, ZoneInfo("UTC")))
    found = {
        (row["slice_kind"], row["slice_value"]): (pytest.approx(row["value"]), row["n"])
        for row in world["kpi_values_publishing"]
        if row["kpi_id"] == "K83"
    }
    assert medians(posts) == found


BROKEN = {
    "both sources of a metric are added": (
        "int_post_values",
        "when snapshots.source_rank = tellers.impressions_rank",
        "when true",
    ),
    "a look without a metric is a look at nothing": (
        "int_post_metric_changes",
        "coalesce(compared.previous_impressions, 0)",
        "coalesce(compared.previous_impressions, 5)",
    ),
    "a change is dated on the day of publication": (
        "int_post_metric_changes",
        "when compared.snapshot_number = 1",
        "when compared.snapshot_number > 0",
    ),
    "a day keeps its first export": (
        "int_profile_days",
        "order by source_rank, exported_at desc",
        "order by source_rank, exported_at",
    ),
    "ages are mixed": (
        "kpi_values_publishing",
        "and bands.age_band = rated_slices.age_band",
        "",
    ),
    "a look at any age is one at two days": (
        "int_posts_aged",
        "when age_s between 129600 and 259200",
        "when age_s < 9999999",
    ),
    "two exports of a window": (
        "int_profile_reach",
        "order by source_rank, exported_at desc, reach desc",
        "order by source_rank desc, exported_at desc, reach desc",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_model_that_is_wrong_in_one_place_does_not_get_past_the_loops(
    audience: Warehouse, fault: str
) -> None:
    model, right, wrong = BROKEN[fault]
    assert right in audience.project.sql[model], f"the model no longer says {right!r}"
    world = drawn(3)
    true = {name: sorted(map(str, rows)) for name, rows in facts_of(audience, world).items()}
    audience.mutate({model: lambda sql: sql.replace(right, wrong)})
    try:
        spoilt = {name: sorted(map(str, audience.rows(name))) for name in FACTS}
    finally:
        audience.mutate({})
    assert spoilt != true
