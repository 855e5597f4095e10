"""Streams of X (Twitter) Analytics.

What an exported file looks like, and nothing else: columns, their aliases over the years, types,
zone, key. Reading is `reader.py`'s business; meaning is the staging models'.
"""

from orchestration.exports.contract import (
    Column,
    Stream,
    boolean,
    date,
    decimal,
    identifier,
    instant,
    integer,
    text,
)


def _count(name: str, *aliases: str) -> Column:
    return Column(name, integer, aliases=aliases, non_negative=True)


# Promoted counterparts of the organic columns: written by the legacy export only.
_PROMOTED = (
    _count("promoted_impressions"),
    _count("promoted_engagements"),
    Column("promoted_engagement_rate", decimal, non_negative=True),
    _count("promoted_reposts", "promoted retweets"),
    _count("promoted_replies"),
    _count("promoted_likes"),
    _count("promoted_profile_clicks", "promoted user profile clicks"),
    _count("promoted_url_clicks"),
    _count("promoted_hashtag_clicks"),
    _count("promoted_detail_expands"),
    _count("promoted_permalink_clicks"),
    _count("promoted_app_opens"),
    _count("promoted_app_installs"),
    _count("promoted_follows"),
    _count("promoted_email_post", "promoted email tweet"),
    _count("promoted_dial_phone"),
    _count("promoted_media_views"),
    _count("promoted_media_engagements"),
)

POSTS = Stream(
    source="x",
    name="posts",
    key=("post_id",),
    nulls=("-",),
    columns=(
        Column("post_id", identifier, aliases=("Tweet id", "Post id"), required=True),
        Column("permalink", text, aliases=("Tweet permalink", "Post Link")),
        Column("text", text, aliases=("Tweet text", "Post text"), free_text=True),
        # Legacy: `2016-12-23 18:50 +0000`. Current: `Tue, Jul 14, 2026`, a UTC day without a time.
        Column(
            "posted_at",
            instant("%a, %b %d, %Y", "%b %d, %Y"),
            aliases=("time", "Date"),
            required=True,
        ),
        Column("posted_at_is_date_only", boolean, derived="is_date_only", of="posted_at"),
        _count("impressions"),
        _count("engagements"),
        Column("engagement_rate", decimal, non_negative=True),
        _count("reposts", "retweets"),
        _count("replies"),
        _count("likes"),
        _count("bookmarks"),
        _count("shares"),
        _count("profile_clicks", "user profile clicks", "Profile visits"),
        _count("url_clicks"),
        _count("hashtag_clicks"),
        _count("detail_expands"),
        _count("permalink_clicks"),
        _count("follows", "New follows"),
        _count("app_opens"),
        _count("app_installs"),
        _count("email_post", "email tweet"),
        _count("dial_phone"),
        _count("media_views"),
        _count("media_engagements"),
        *_PROMOTED,
        Column("period_from", date(), derived="first_date_in_name"),
        Column("period_to", date(), derived="last_date_in_name"),
    ),
)

# A UTC day of the account. The export names nobody: the folder does, or the name a person gave the
# file. It has no total of followers.
ACCOUNT = Stream(
    source="x",
    name="account",
    key=("day", "folder"),
    nulls=("-",),
    columns=(
        Column(
            "day", date("%a, %b %d, %Y", "%b %d, %Y", "%m/%d/%Y"), aliases=("Date",), required=True
        ),
        Column("folder", text, derived="folder"),
        _count("impressions"),
        _count("engagements"),
        # Taken back on a day on which fewer were given.
        Column("likes", integer),
        _count("replies"),
        Column("reposts", integer, aliases=("Retweets",)),
        Column("bookmarks", integer),
        _count("shares"),
        _count("follows", "New follows", "New followers"),
        _count("unfollows"),
        _count("profile_visits"),
        _count("posts_created", "Create Post"),
        _count("video_views"),
        _count("media_views"),
    ),
)

STREAMS = (POSTS, ACCOUNT)
