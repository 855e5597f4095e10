"""What Sprout Social reports about published posts, days of profiles and what Listening heard.

Headers, pages and metric names of its API, and nothing else: numbers are known to `audience`,
mentions to `listening`. The inbox of the same tool is written by `sprout_social`.
"""

from __future__ import annotations

import json

import numpy as np

from simulator.audience import (
    COLUMN,
    POST_METRICS,
    PROFILE_METRICS,
    Account,
    Audience,
    day_exports,
    days_of,
    post_exports,
    rows_of,
)
from simulator.company import SPROUT, Company
from simulator.dirt import Dirt
from simulator.listening import Mention
from simulator.writers.files import Landing, day_name, gzipped
from simulator.zones import iso_day

# Words before the network's own ids: of posts, of people.
PREFIXES = {
    "x": ("t:", "twu:"),
    "instagram": ("igm:", "igu:"),
    "tiktok": ("ttv:", "ttu:"),
    "threads": ("thr:", "thu:"),
    "chirrup": ("chp:", "chu:"),
}
NETWORKS = {"x": "TWITTER"}
NETWORK_TYPES = {"x": "twitter", "instagram": "fb_instagram_account"}
POST_NAMES = {
    "impressions": "impressions",
    "reach": "impressions_unique",
    "reactions": "reactions",
    "reactions_like": "likes",
    "comments": "comments_count",
    "shares": "shares_count",
    "saves": "saves",
    "link_clicks": "post_link_clicks",
    "video_views": "video_views",
}
DAY_NAMES = {
    "followers": "lifetime_snapshot.followers_count",
    "followers_gained": "followers_gained",
    "followers_lost": "followers_lost",
    "posts_published": "posts_sent_count",
    "impressions": "impressions",
    "reactions": "reactions",
    "comments": "comments_count",
    "shares": "shares_count",
    "video_views": "video_views",
}
# TikTok's metrics have names of their own.
TIKTOK_DAY_NAMES = {
    "reactions": "likes_total",
    "comments": "comments_count_total",
    "shares": "shares_count_total",
    "video_views": "video_views_total",
}
# What the tool's own total of engagements adds up.
ENGAGEMENTS = ("reactions", "comments", "shares", "saves", "link_clicks")
PAGE = 50


def profile_rows(audience: Audience) -> list[dict]:
    """Connected profiles as the metadata lists them, with the names the networks give them."""
    return [
        {
            "kind": "customer_profile",
            "customer_profile_id": int(account.sprout_id),
            "network_type": NETWORK_TYPES.get(account.network, account.network),
            "name": account.name,
            "native_name": account.profile_id,
            "native_id": f"own{account.sprout_id}",
        }
        for account in audience.accounts
        if account.sprout_id
    ]


def pages(rows: list[dict]) -> bytes:
    """Rows as the API pages them, one page a line."""
    cut = [rows[i : i + PAGE] for i in range(0, len(rows), PAGE)]
    return "".join(
        json.dumps(
            {"data": page, "paging": {"current_page": n, "total_pages": len(cut)}},
            ensure_ascii=False,
        )
        + "\n"
        for n, page in enumerate(cut, start=1)
    ).encode()


def metrics_told(account: Account) -> tuple[str, ...]:
    """Lifetime metrics of an account's posts: no more than its network's own export tells."""
    own = POST_METRICS[account.source]
    return tuple(name for name in POST_METRICS[SPROUT] if name in own)


def post_row(company: Company, audience: Audience, i: int, values: np.ndarray) -> dict:
    """A post as the API returns it."""
    posts = audience.posts
    account = audience.accounts[int(posts.account[i])]
    head, people = PREFIXES[account.network]
    told = metrics_told(account)
    metrics = {
        f"lifetime.{POST_NAMES[name]}": int(values[COLUMN[name]])
        for name in told
        if name in POST_NAMES
    }
    known = sum(int(values[COLUMN[name]]) for name in ENGAGEMENTS if name in told)
    other = int(values[COLUMN["engagements_native"]]) - known
    metrics["lifetime.engagements_other"] = other
    sender = company.accounts(SPROUT)[int(posts.publisher[i])]
    kind = "INSTAGRAM_MEDIA" if account.network == "instagram" else posts.post_type[i]
    return {
        "guid": head + posts.post_id[i],
        "network": NETWORKS.get(account.network, account.network.upper()),
        "post_type": kind,
        "content_category": "video" if posts.duration_s[i] else "photo",
        "created_time": str(np.datetime64(int(posts.posted_at[i]), "s")) + "Z",
        "profile_guid": f"{people}own{account.sprout_id}",
        "customer_profile_id": int(account.sprout_id),
        "text": posts.text[i],
        "perma_link": posts.permalink[i],
        "internal": {"tags": [], "sent_by": {"id": int(sender)} if sender else {}},
        "metrics": metrics,
    }


def write_posts(landing: Landing, company: Company, audience: Audience, dirt: Dirt) -> None:
    """`posts`: monthly, posts of three months of every connected profile."""
    stream = f"{SPROUT}/posts"
    by_export: dict[int, list[dict]] = {}
    for export in post_exports(company, audience.accounts):
        if not audience.accounts[export.account].sprout_id:
            continue
        rows = rows_of(audience.posts, export)
        values = audience.posts.metrics_at(rows, export.until)
        by_export.setdefault(export.until, []).extend(
            post_row(company, audience, int(i), line) for i, line in zip(rows, values, strict=True)
        )
    for number, (until, rows) in enumerate(sorted(by_export.items())):
        if not rows:
            continue
        name = f"posts_{day_name(until)}.json"
        if number % 4 == 2:
            broken = rows[len(rows) // 2] | {"guid": f"ttv:9{until}"}
            metrics = broken["metrics"] | {"lifetime.likes": -3}
            rows.append(broken | {"network": "TIKTOK", "metrics": metrics})
            dirt.note(stream, name, "negative_count")
        landing.put(stream, name, pages(rows), until)


def write_days(landing: Landing, company: Company, audience: Audience) -> None:
    """`profiles`: a row a profile and day, monthly."""
    by_export: dict[int, list[dict]] = {}
    for export in day_exports(company, audience.accounts):
        account = audience.accounts[export.account]
        if not account.sprout_id:
            continue
        names = DAY_NAMES | (TIKTOK_DAY_NAMES if account.network == "tiktok" else {})
        for day in days_of(export):
            told = {
                name: audience.days.value(export.account, name, day, export.until)
                for name in PROFILE_METRICS[SPROUT]
            }
            metrics = {names[name]: value for name, value in told.items() if name in names}
            known = sum(told[name] for name in ENGAGEMENTS if name in told)
            metrics["engagements_other"] = told["engagements_native"] - known
            row = {
                "dimensions": {
                    "reporting_period.by(day)": iso_day(day),
                    "customer_profile_id": int(account.sprout_id),
                },
                "metrics": metrics,
            }
            by_export.setdefault(export.until, []).append(row)
    for until, rows in sorted(by_export.items()):
        landing.put(f"{SPROUT}/profiles", f"profiles_{day_name(until)}.json", pages(rows), until)


def mention_row(mention: Mention) -> dict:
    """A message as Listening returns it."""
    head, people = PREFIXES[mention.network]
    person: dict = {
        "guid": people + mention.author_id,
        "name": f"Person {mention.author_id}",
    }
    if mention.author_followers >= 0:
        person["followers_count"] = mention.author_followers
    replies, shares = mention.engagements // 5, mention.engagements // 7
    metrics = {
        "likes": mention.engagements - replies - shares,
        "replies": replies,
        "shares_count": shares,
    }
    if mention.impressions >= 0:
        metrics["impressions"] = mention.impressions
    row = {
        "guid": head + mention.native_id,
        "network": NETWORKS.get(mention.network, mention.network.upper()),
        "created_time": str(np.datetime64(mention.sent_at, "s")) + "Z",
        "from": person,
        "text": mention.text,
        "language": mention.language,
        "perma_link": mention.permalink,
        "metrics": metrics,
    }
    if mention.sentiment:
        # One page of the documentation writes it in capitals, another does not.
        is_loud = mention.number % 2 == 0
        row["sentiment"] = mention.sentiment.upper() if is_loud else mention.sentiment
    if mention.in_reply_to:
        row["parent_message_id"] = head + mention.in_reply_to
    return row


def write_mentions(landing: Landing, company: Company, mentions: list[Mention]) -> None:
    """`listening_messages`: monthly, a folder a topic, for the messages do not say of which."""
    heard = sorted((m for m in mentions if m.in_sprout), key=lambda m: (m.sent_at, m.number))
    previous = 0
    for number, export in enumerate(company.month_exports):
        by_topic: dict[str, list[dict]] = {}
        for mention in heard:
            if previous <= mention.sent_at < export:
                by_topic.setdefault(mention.topic, []).append(mention_row(mention))
        previous = export
        for topic, rows in sorted(by_topic.items()):
            data = pages(rows)
            compressed = number % 3 == 1
            name = f"listening_{day_name(export)}.json" + (".gz" if compressed else "")
            landing.put(
                f"{SPROUT}/listening_messages",
                f"{topic}/{name}",
                gzipped(data) if compressed else data,
                export,
            )


def write(
    landing: Landing, company: Company, audience: Audience, mentions: list[Mention], dirt: Dirt
) -> None:
    """All three streams."""
    write_posts(landing, company, audience, dirt)
    write_days(landing, company, audience)
    write_mentions(landing, company, mentions)
