"""Streams of the Sprout Social public API: messages, cases and metadata, as a client saved them.

What a page or a line looks like, and nothing else: nested fields, lists kept as JSON text, and the
words Sprout puts before ids of the networks. Threads, replies and the history of a case are the
models' business.
"""

from orchestration.exports.contract import (
    Column,
    Stream,
    boolean,
    identifier,
    instant,
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

STREAMS = (MESSAGES, CASES, METADATA)
