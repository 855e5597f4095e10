"""Streams of the Sprout Social public API: the inbox, posts, profiles and what Listening found.

What a page or a line looks like, and nothing else: nested fields, lists kept as JSON text, and the
words Sprout puts before ids of the networks. Threads, replies, the history of a case and what a
metric means on which network are the models' business.
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


def _field(name: str, path: str | None = None, type_=text, **more) -> Column:
    return Column(name, type_, path=path or name, **more)


def _stream(name: str, *columns: Column, key: tuple[str, ...], ignored: tuple[str, ...]) -> Stream:
    # A client saves the pages of the API as they come, `{"data": […], "paging": {…}}`, or their
    # rows, one a line.
    return Stream(
        source="sprout_social",
        name=name,
        key=key,
        columns=columns,
        ignored=("paging", *ignored),
        records=("data",),
    )


MESSAGES = _stream(
    "messages",
    _field("guid", type_=identifier, required=True),
    _field("network"),
    # New words appear without notice.
    _field("post_type"),
    _field("created_time", type_=instant(), required=True),
    _field("from_guid", "from.guid", identifier, pseudonym=True, strip_prefix=True),
    _field("from_name", "from.name", identifier, pseudonym=True),
    # The company's own account on the network: public, and no person.
    _field("profile_guid", type_=identifier),
    # The documented sign of an own message.
    Column("is_from_profile", boolean, derived="equals", of="from_guid", than="profile_guid"),
    _field("customer_profile_id", type_=identifier),
    _field("text", free_text=True),
    _field("perma_link"),
    # `[{"id": 1}, {"id": 2}]`
    _field("tag_ids", "internal.tags"),
    _field("sent_by_id", "internal.sent_by.id", identifier),
    _field("case_id", type_=identifier),
    _field("language_code"),
    _field("activity_metadata"),
    # Neither is in the messages of the API; a client that joins them from elsewhere may add them.
    _field("sentiment"),
    _field("parent_guid", type_=identifier),
    key=("guid", "customer_profile_id"),
    ignored=(
        "clickthrough_link",
        "content_category",
        "from.profile_picture",
        "from.screen_name",
        "hashtags",
        "inbox_permalink",
        "internal.sent_by.email",
        "internal.sent_by.first_name",
        "internal.sent_by.last_name",
        "is_boosted",
        "post_category",
        "publishing_post_id",
        "review_ratings",
        "sent",
        "title",
        "visual_media",
    ),
)

CASES = _stream(
    "cases",
    _field("case_id", type_=identifier, required=True),
    _field("type"),
    _field("priority"),
    _field("status", required=True),
    _field("messages"),
    _field("created_by", type_=identifier),
    # A list, though a case has one assignee at most.
    _field("assigned_to"),
    _field("assigned_by", type_=identifier),
    _field("created_time", type_=instant()),
    _field("updated_time", type_=instant()),
    _field("last_closed_time", type_=instant()),
    _field("queue_id", type_=identifier),
    _field("tags"),
    key=("case_id",),
    ignored=("group_id", "latest_activity_time"),
)

METADATA = _stream(
    "metadata",
    # Which list of the API the row is from: customer_profile, tag, user, team or queue.
    Column("kind", text, required=True),
    Column("id", identifier, aliases=("customer_profile_id", "tag_id"), required=True),
    Column("name", text, free_text=True),
    Column("native_name", text, free_text=True),
    # What a tag says.
    Column("text", text),
    Column("type", text),
    Column("active", boolean),
    Column("network_type", text),
    Column("native_id", identifier),
    Column("email", identifier, pseudonym=True),
    Column("role", text),
    Column("team", text),
    # The members of a team.
    Column("user_ids", text, aliases=("users",)),
    Column("associated_teams", text),
    key=("kind", "id"),
    ignored=("any_group", "first_name", "groups", "last_name", "network_metadata"),
)

# LinkedIn takes an unlike of a sponsored like from the organic ones.
_BELOW_ZERO = ("network", ("linkedin", "linkedin_company"))


def _lifetime(name: str, *headers: str, metric: str | None = None, **more) -> Column:
    # The names of metrics have dots in them: `{"metrics": {"lifetime.likes": 3}}`.
    path = f'metrics."lifetime.{metric or name}"'
    return _field(name, path, integer, aliases=headers, non_negative=True, **more)


def _daily(name: str, *headers: str, metric: str | None = None, **more) -> Column:
    more = {"non_negative": True} | more
    return _field(name, f'metrics."{metric or name}"', integer, aliases=headers, **more)


# Lifetime values of what our profiles published, as of the export. Headers are those of the CSV of
# the tool's own pages, which names profiles and people instead of their numbers.
POSTS = Stream(
    source="sprout_social",
    name="posts",
    key=("guid",),
    nulls=("n/a",),
    columns=(
        _field("guid", type_=identifier, aliases=("Post ID",), required=True),
        _field("network", aliases=("Network",)),
        _field("post_type", aliases=("Post Type",)),
        _field("content_category", aliases=("Content Type",)),
        _field(
            "created_time",
            type_=instant("%m/%d/%Y %I:%M %p", zone_setting=True),
            aliases=("Date",),
            required=True,
        ),
        _field("profile_guid", type_=identifier),
        _field("customer_profile_id", type_=identifier),
        Column("profile", text, aliases=("Profile",)),
        _field("text", aliases=("Post",), free_text=True),
        _field("perma_link", aliases=("Link",)),
        _field("tag_ids", "internal.tags"),
        _field("sent_by_id", "internal.sent_by.id", identifier),
        Column("sent_by_name", text, aliases=("Sent by",), free_text=True),
        _field("is_boosted", type_=boolean),
        _lifetime("impressions", "Impressions"),
        _lifetime("impressions_unique", "Reach"),
        _lifetime("reactions", "Reactions", negative_where=_BELOW_ZERO),
        _lifetime("likes", "Likes", negative_where=_BELOW_ZERO),
        _lifetime("dislikes"),
        _lifetime("reactions_love"),
        _lifetime("reactions_haha"),
        _lifetime("reactions_wow"),
        _lifetime("reactions_sad"),
        _lifetime("reactions_angry"),
        _lifetime("comments_count", "Comments"),
        _lifetime("shares_count", "Shares"),
        _lifetime("saves", "Saves"),
        _lifetime("post_link_clicks", "Post Link Clicks"),
        _lifetime("post_content_clicks"),
        _lifetime("post_content_clicks_other"),
        _lifetime("engagements_other"),
        _lifetime("engagements", "Engagements", negative_where=_BELOW_ZERO),
        _lifetime("video_views", "Video Views"),
        _lifetime("followers_gained", metric="post_followers_gained"),
        _lifetime("subscribers_gained"),
        _lifetime("estimated_minutes_watched"),
    ),
    ignored=(
        "paging",
        "clickthrough_link",
        "engagement rate (per impression)",
        "from",
        "hashtags",
        "internal.sent_by.email",
        "internal.sent_by.first_name",
        "internal.sent_by.last_name",
        "post_category",
        "publishing_post_id",
        "sent",
        "title",
        "visual_media",
    ),
    records=("data",),
)

# A day of a profile. The day is the network's own, whatever zone the account is in.
PROFILES = Stream(
    source="sprout_social",
    name="profiles",
    key=("customer_profile_id", "profile", "network", "day"),
    nulls=("n/a",),
    columns=(
        _field(
            "day",
            'dimensions."reporting_period.by(day)"',
            date("%m/%d/%Y"),
            aliases=("Date",),
            required=True,
        ),
        _field("customer_profile_id", "dimensions.customer_profile_id", identifier),
        Column("profile", text, aliases=("Profile",)),
        Column("network", text, aliases=("Network",)),
        _daily("followers_count", "Audience", metric="lifetime_snapshot.followers_count"),
        _daily("net_follower_growth", "Net Audience Growth", non_negative=False),
        _daily("followers_gained", "Audience Gained"),
        _daily("followers_lost", "Audience Lost"),
        _daily("posts_sent_count", "Published Posts"),
        _daily("impressions", "Impressions"),
        _daily("impressions_unique"),
        _daily("impressions_organic_unique"),
        _daily("impressions_paid_unique"),
        # Reactions of a day may be fewer than what was taken back.
        _daily("reactions", "Reactions", non_negative=False),
        _daily("likes", non_negative=False),
        _daily("likes_total", non_negative=False),
        _daily("comments_count", "Comments"),
        _daily("comments_count_total"),
        _daily("shares_count", "Shares"),
        _daily("shares_count_total"),
        _daily("reposts_count"),
        _daily("quotes_count"),
        _daily("saves", "Saves"),
        _daily("story_replies"),
        _daily("post_link_clicks", "Post Link Clicks"),
        _daily("post_content_clicks"),
        _daily("post_content_clicks_other"),
        _daily("engagements_other"),
        _daily("engagements", "Engagements", non_negative=False),
        _daily("video_views", "Video Views"),
        _daily("video_views_total"),
        _daily("profile_views"),
        _daily("profile_views_total"),
    ),
    ignored=("paging",),
    records=("data",),
)

# What others wrote, as a topic of Listening found it. A page does not say of which topic it is: a
# client may add the id, or save each topic in a folder of its own.
LISTENING_MESSAGES = Stream(
    source="sprout_social",
    name="listening_messages",
    key=("guid", "topic_id", "folder"),
    columns=(
        _field("guid", type_=identifier, required=True),
        Column("topic_id", identifier, aliases=("topic",)),
        Column("folder", text, derived="folder"),
        _field("network"),
        _field("post_type"),
        _field("created_time", type_=instant(), required=True),
        _field("from_guid", "from.guid", identifier, pseudonym=True, strip_prefix=True),
        _field("from_name", "from.name", identifier, pseudonym=True),
        _field("followers_count", "from.followers_count", integer, non_negative=True),
        _daily("followers_count_metric", metric="from.followers_count"),
        _field("text", free_text=True),
        _field("perma_link"),
        _field("language"),
        _field("sentiment"),
        _field("sentiment_raw", type_=decimal),
        _field("parent_message_id", type_=identifier),
        _daily("engagements"),
        _daily("likes", non_negative=False),
        _daily("replies"),
        _daily("shares_count"),
        _daily("impressions"),
    ),
    ignored=(
        "paging",
        "content_category",
        "document",
        "emoticons",
        "explicit_label",
        "explicit_probability",
        "from.profile_picture",
        "from.profile_url",
        "from.screen_name",
        "hashtags",
        "keywords",
        "location",
        "mentions",
        # Whom the topic follows: possibly a stranger.
        "profile_guid",
        "related_words",
        "source",
        "title",
        "visual_media",
    ),
    records=("data",),
)

STREAMS = (MESSAGES, CASES, METADATA, POSTS, PROFILES, LISTENING_MESSAGES)
