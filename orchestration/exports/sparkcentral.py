"""Streams of the Sparkcentral inbox (Hootsuite Inbox).

What its CSV exports look like, and nothing else: on demand or hourly, daily and weekly by SFTP, all
wall times in a zone that is chosen for the export and written nowhere in it. Which late events the
exports do not show, and how they are told from others, is the models' business.
"""

from orchestration.exports.contract import (
    Column,
    Stream,
    boolean,
    decimal,
    identifier,
    instant,
    text,
)


def _id(name: str, **more) -> Column:
    return Column(name, identifier, **more)


def _at(name: str, **more) -> Column:
    return Column(name, instant(zone_setting=True), **more)


def _person(name: str) -> Column:
    return Column(name, identifier, pseudonym=True)


def _stream(name: str, *columns: Column, key: tuple[str, ...]) -> Stream:
    return Stream(
        source="sparkcentral", name=name, key=key, columns=columns, name_zone_setting=True
    )


# One row a conversation with what was known at the time of the export. The first export holds a
# conversation when it is resolved for the first time and never again, the second whatever is open.
_CONVERSATION = (
    _id("conversation_id", required=True),
    Column("medium", text, required=True),
    _id("channel", required=True),
    Column("channel_display_name", text),
    _person("contact_profile_id"),
    _person("contact_primary_identifier"),
    _person("contact_secondary_identifier"),
    # Creation of the conversation, or the team's first message out: the tool has meant both.
    _at("created_at"),
    _id("last_status_change_agent_id"),
    _at("resolved_at"),
    _at("first_assigned_at"),
    Column("priority", text),
    Column("topic", text),
    Column("tags", text),
    Column("team", text),
    Column("status", text),
    _at("bot_started_at"),
    _at("bot_handed_over_at"),
)

RESOLVED_CONVERSATIONS = _stream("resolved_conversations", *_CONVERSATION, key=("conversation_id",))

OPEN_CONVERSATIONS = _stream("open_conversations", *_CONVERSATION, key=("conversation_id",))

MESSAGES = _stream(
    "messages",
    _id("message_id", required=True),
    _id("conversation_id", required=True),
    _id("network_message_id"),
    Column("medium", text, required=True),
    _id("channel", required=True),
    Column("channel_display_name", text),
    Column(
        "direction",
        text,
        values={"inbound": "inbound", "outbound": "outbound"},
        required=True,
    ),
    _at("sent_at", required=True),
    _id("agent_id"),
    Column("is_automated", boolean),
    _person("contact_profile_id"),
    Column("content", text, free_text=True),
    _id("in_reply_to"),
    Column("is_private", boolean),
    _id("template_id"),
    Column("sentiment", text),
    key=("message_id",),
)

RESPONSE_TIMES = _stream(
    "response_times",
    _id("conversation_id", required=True),
    _id("message_id", required=True),
    Column("response_s", decimal, aliases=("Response Time (s)",), non_negative=True),
    Column(
        "response_business_s", decimal, aliases=("Business Response Time (s)",), non_negative=True
    ),
    _id("agent_id"),
    _at("replied_at", required=True),
    key=("message_id",),
)

TAGS = _stream(
    "tags",
    Column("tag", text, required=True),
    _id("conversation_id", required=True),
    _at("tagged_at", required=True),
    _id("agent_id"),
    _at("removed_at"),
    key=("conversation_id", "tag", "tagged_at"),
)

USERS = _stream(
    "users",
    _id("user_id", required=True),
    Column("name", text, free_text=True),
    Column("email", text, free_text=True),
    Column("team", text),
    Column("role", text),
    Column("active", boolean),
    key=("user_id",),
)

STREAMS = (
    RESOLVED_CONVERSATIONS,
    OPEN_CONVERSATIONS,
    MESSAGES,
    RESPONSE_TIMES,
    TAGS,
    USERS,
)
