"""Posts, days of profiles and Listening of Sprout Social, and days of an account of X.

The shapes of the files, and one company's spring from the landing zone to the feeds. Files are made
up and small; each rule of a model alone is tested beside that model.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from orchestration.exports import sprout_social, x, youtube
from orchestration.exports.casting import pseudonym

at = datetime.fromisoformat
KEY = "a key for tests only"


def page(*rows: dict) -> str:
    """One page of the API."""
    return json.dumps({"data": rows, "paging": {"current_page": 1, "total_pages": 1}}) + "\n"


def post(guid: str, network: str = "TWITTER", profile: int | None = 1, **metrics: int) -> dict:
    """A post of ours with some lifetime metrics."""
    return {
        "guid": guid,
        "network": network,
        "post_type": "TWEET",
        "created_time": "2026-03-01T23:30:00Z",
        "from": {"guid": "twu:900", "name": "Lumen"},
        "profile_guid": "twu:900",
        "customer_profile_id": profile,
        "text": "Hi",
        "perma_link": f"https://x.example/{guid}",
        "internal": {"tags": [{"id": 1}], "sent_by": {"id": 42, "email": "ann@lumen.example"}},
        "metrics": {f"lifetime.{name}": value for name, value in metrics.items()},
    }


def day(profile: int, on: str, **metrics: int) -> dict:
    """A day of a profile; `followers` stands for the name with a dot."""
    told = {
        "lifetime_snapshot.followers_count" if name == "followers" else name: value
        for name, value in metrics.items()
    }
    return {
        "dimensions": {"reporting_period.by(day)": on, "customer_profile_id": profile},
        "metrics": told,
    }


def mention(guid: str, **more) -> dict:
    """A message as Listening returns it."""
    return {
        "guid": guid,
        "network": "INSTAGRAM",
        "created_time": "2026-03-01T10:00:00Z",
        "from": {
            "guid": "igu:77",
            "name": "Mia Muster",
            "screen_name": "mia",
            "followers_count": 1200,
        },
        "profile_guid": "igu:77",
        "text": "Lumen is great",
        "language": "en",
        "sentiment": "POSITIVE",
        "metrics": {"likes": 3, "replies": 1},
    } | more


OVERVIEW = (
    "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,"
    "Profile visits,Create Post,Video views,Media views\n"
)


def masked(value: str) -> str:
    """The pseudonym of a text under the key of these tests."""
    import duckdb

    with duckdb.connect() as session:
        session.execute(f"set variable pseudonym_key = '{KEY}'")
        return session.execute(f"select {pseudonym(repr(value))}").fetchone()[0]


def test_metrics_have_dots_in_their_names(zone) -> None:
    done = zone.load(
        "sprout_social/posts/posts_2026-03-05.json", page(post("t:1", impressions=300, likes=7))
    )
    assert (done.status, done.warnings) == ("loaded", ())
    (row,) = zone.rows("sprout_social/posts")
    assert (row["impressions"], row["likes"], row["reactions"]) == (300, 7, None)
    assert (row["sent_by_id"], row["customer_profile_id"]) == ("42", "1")
    assert row["_extra"] is None


def test_a_negative_like_count_is_linkedins_alone(zone) -> None:
    done = zone.load(
        "sprout_social/posts/posts_2026-03-05.json",
        page(
            post("t:1", likes=-1),
            post("lcu:2", "LINKEDIN", likes=-1),
            post("lcu:3", "LINKEDIN", comments_count=-1),
        ),
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 2)
    (row,) = zone.rows("sprout_social/posts")
    assert (row["guid"], row["likes"]) == ("lcu:2", -1)
    refused = [(row["column_name"], row["found"]) for row in zone.quarantine()]
    assert refused == [("likes", "-1"), ("comments_count", "-1")]


def test_posts_of_the_tools_own_csv(zone) -> None:
    done = zone.load(
        "sprout_social/posts/post_performance_2026-04-01.csv",
        "Date,Post ID,Network,Post Type,Content Type,Profile,Sent by,Link,Post,Impressions,Reach,"
        "Engagements,Engagement Rate (per Impression),Reactions,Comments,Shares,Saves,"
        "Post Link Clicks,Video Views\n"
        '03/15/2026 10:05 pm,123,X,Tweet,Text,@Lumen,Ann,https://x.example/1,Hello,"10,000",9000,'
        "50,6.5%,20,1,2,,3,N/A\n",
    )
    (row,) = zone.rows("sprout_social/posts")
    assert (row["guid"], row["profile"], row["sent_by_name"]) == ("123", "@Lumen", "Ann")
    assert row["created_time"] == at("2026-03-15 22:05")
    assert (row["impressions"], row["engagements"], row["video_views"]) == (10_000, 50, None)
    (warning,) = done.warnings
    assert "WAREHOUSE_EXPORT_ZONES=sprout_social=" in warning


def test_days_of_profiles_of_the_api_and_of_the_csv(zone) -> None:
    zone.load(
        "sprout_social/profiles/a_2026-03-05.json",
        page(day(7, "2026-03-01", followers=1000, net_follower_growth=-3)),
    )
    zone.load(
        "sprout_social/profiles/b_2026-03-05.csv",
        "Date,Profile,Network,Audience,Net Audience Growth,Audience Gained,Audience Lost,"
        "Impressions,Engagements,Post Link Clicks,Published Posts\n"
        '03/01/2026,Lumen,Facebook,"10,000",-1,4,5,300,20,2,1\n',
    )
    first, second = zone.rows("sprout_social/profiles")
    assert (first["day"], first["customer_profile_id"]) == (date(2026, 3, 1), "7")
    assert (first["followers_count"], first["net_follower_growth"]) == (1000, -3)
    assert (second["day"], second["profile"], second["network"]) == (
        date(2026, 3, 1),
        "Lumen",
        "Facebook",
    )
    assert (second["followers_count"], second["followers_gained"]) == (10_000, 4)


def test_people_in_listening_are_masked_and_the_folder_is_the_topic(zone) -> None:
    zone.load(
        "sprout_social/listening_messages/Brand Health/a_2026-03-05.json",
        page(mention("ig:1"), mention("ig:2", topic_id=9)),
    )
    first, second = zone.rows("sprout_social/listening_messages")
    assert first["from_guid"] == masked("77")
    assert first["from_name"] == masked("Mia Muster")
    assert (first["folder"], first["topic_id"], second["topic_id"]) == ("brand health", None, "9")
    assert first["followers_count"] == 1200
    assert "Mia" not in str(first) and "igu:77" not in str(first)


def test_days_of_an_account_of_x(zone) -> None:
    zone.load(
        "x/account/LumenWorks/account_overview_analytics.csv",
        OVERVIEW
        + '"Tue, Mar 3, 2026","1,100",-1,20,-2,2,5,3,1,2,7,1,8,9\n'
        + '"Mon, Mar 2, 2026",50,5,10,0,1,2,-1,0,1,3,0,4,5\n',
    )
    (row,) = zone.rows("x/account")
    assert (row["day"], row["folder"], row["impressions"]) == (
        date(2026, 3, 3),
        "lumenworks",
        1100,
    )
    # Of likes and bookmarks of a day more may be taken back than were given; of follows not.
    assert (row["likes"], row["bookmarks"]) == (-1, -2)
    (refused,) = zone.quarantine("x/account")
    assert (refused["column_name"], refused["found"]) == ("unfollows", "-1")


METADATA = "".join(
    json.dumps({"kind": "customer_profile"} | row) + "\n"
    for row in (
        {
            "customer_profile_id": 1,
            "network_type": "twitter",
            "name": "Lumen",
            "native_name": "@LumenWorks",
            "native_id": "900",
        },
        {
            "customer_profile_id": 2,
            "network_type": "linkedin_company",
            "name": "Lumen Pages",
            "native_name": "lumen-pages",
            "native_id": "2414183",
        },
        {"customer_profile_id": 3, "network_type": "chirrup", "name": "Lumen", "native_id": "Z9"},
    )
)

LANDING = {
    "sprout_social/metadata/metadata_2026-03-01.ndjson": METADATA,
    "sprout_social/posts/posts_2026-03-05.json": page(
        post("t:1", likes=5, reactions=5, comments_count=1, post_link_clicks=4),
        post("lcu:urn:li:share:2", "LINKEDIN", 2, reactions=9, post_content_clicks=6),
        post("chp:3", "CHIRRUP", 3, reactions=2),
        post("t:4", profile=8, likes=1),
    ),
    # The same posts a week later, one of them in two pages of two groups.
    "sprout_social/posts/posts_2026-03-12.json": page(
        post("t:1", likes=4, reactions=4, comments_count=1, post_link_clicks=6),
        post("t:1", likes=4, reactions=4, comments_count=1, post_link_clicks=6),
    ),
    # Not known yet on 20 March.
    "sprout_social/posts/posts_2026-03-25.json": page(post("t:1", likes=90)),
    "sprout_social/profiles/profiles_2026-03-05.json": page(
        day(1, "2026-03-01", followers=100, impressions=50),
        day(2, "2026-03-01", followers=70, impressions_unique=30),
    ),
    "sprout_social/profiles/profiles_2026-03-12.json": page(
        day(1, "2026-03-01", followers=100, impressions=55, likes=3)
    ),
    "sprout_social/listening_messages/brand/a_2026-03-05.json": page(mention("ig:1")),
    "sprout_social/listening_messages/rivals/a_2026-03-12.json": page(
        mention("ig:1", metrics={"likes": 8}),
        mention("chp:2", network="CHIRRUP", sentiment="neutral"),
    ),
    "x/account/LumenWorks/account_overview_analytics_2026-03-05.csv": OVERVIEW
    + '"Sun, Mar 1, 2026",52,6,20,1,2,5,3,1,2,7,1,8,9\n',
    "youtube/videos/Lumen/Content 2026-03-01_2026-03-12 Lumen.csv": (
        "Content,Video publish time,Duration,Views,Likes\n"
        'new,"Mar 2, 2026",301,500,20\nold,"Jan 6, 2026",0:05:01,40,2\nTotal,,,540,22\n'
    ),
}


@pytest.fixture(scope="module")
def feeds(
    parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], list[tuple]]:
    """Questions to the feeds as of 20 March, built from the files above."""
    from orchestration.exports.lake import ensure_lake, extract_stream
    from orchestration.settings import Settings
    from tests import warehouses

    root = tmp_path_factory.mktemp("audience")
    landing, data = root / "landing", root / "data"
    now = datetime(2026, 4, 15, 6, tzinfo=UTC)
    for file, content in LANDING.items():
        path = landing / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    ensure_lake(data)
    for stream in (*sprout_social.STREAMS, *x.STREAMS, *youtube.STREAMS):
        extract_stream(stream, landing, data, pseudonym_key=KEY, as_of=now, now=now)
    select = [
        "+int_sprout_social_posts",
        "+int_sprout_social_profile_days",
        "+int_sprout_social_reach",
        "+int_sprout_social_mentions",
        "+int_x_profile_days",
        "+int_youtube_posts",
    ]
    warehouses.build(
        parsed_settings,
        Settings(data_dir=data),
        datetime(2026, 3, 20, 6, tzinfo=UTC),
        select,
        is_checked=True,
    )

    def ask(sql: str) -> list[tuple]:
        import duckdb

        with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as session:
            session.execute("set schema = 'intermediate'")
            return session.execute(sql).fetchall()

    return ask


def test_a_post_is_told_by_every_export_that_is_known(feeds) -> None:
    told = feeds(
        "select natural_post_id, network, profile_id, snapshot_at, reactions, engagements_native "
        "from int_sprout_social_posts order by natural_post_id, snapshot_at"
    )
    assert told == [
        ("1", "x", "lumenworks", at("2026-03-05"), 5, 10),
        ("1", "x", "lumenworks", at("2026-03-12"), 4, 11),
        ("3", "chirrup", "z9", at("2026-03-05"), 2, 2),
        ("4", "x", "sprout:8", at("2026-03-05"), 1, 1),
        ("urn:li:share:2", "linkedin", "2414183", at("2026-03-05"), 9, 15),
    ]


def test_a_day_of_a_profile_is_the_networks_under_the_networks_name(feeds) -> None:
    told = feeds(
        "select source, network, profile_id, exported_at, followers, impressions, reactions "
        "from int_sprout_social_profile_days union all "
        "select source, network, profile_id, exported_at, followers, impressions, reactions "
        "from int_x_profile_days order by source, network, exported_at"
    )
    assert told == [
        ("sprout_social", "linkedin", "2414183", at("2026-03-05"), 70, None, None),
        ("sprout_social", "x", "lumenworks", at("2026-03-05"), 100, 50, None),
        ("sprout_social", "x", "lumenworks", at("2026-03-12"), 100, 55, 3),
        ("x", "x", "lumenworks", at("2026-03-05"), None, 52, 6),
    ]


def test_reach_is_a_row_where_it_is_told(feeds) -> None:
    told = feeds(
        "select network, window_days, window_end_on, kind, reach from int_sprout_social_reach"
    )
    assert told == [("linkedin", 1, date(2026, 3, 1), "total", 30)]


def test_a_mention_of_two_topics_is_told_once_by_the_latest(feeds) -> None:
    told = feeds(
        "select network, native_message_id, native_author_id, author_followers, sentiment, "
        "engagements, topic from int_sprout_social_mentions order by native_message_id"
    )
    assert told == [
        ("instagram", "1", masked("77"), 1200, "positive", 8, "rivals"),
        ("chirrup", "2", masked("77"), 1200, "neutral", 4, "rivals"),
    ]


def test_a_video_older_than_the_table_has_no_lifetime_numbers(feeds) -> None:
    told = feeds(
        "select natural_post_id, profile_id, posted_on, impressions, video_views, reactions "
        "from int_youtube_posts order by natural_post_id"
    )
    assert told == [
        ("new", "lumen", date(2026, 3, 2), 500, 500, 20),
        ("old", "lumen", date(2026, 1, 6), None, None, None),
    ]
