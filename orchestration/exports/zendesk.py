"""Streams of Zendesk: the account's CSV export, tickets as JSON, and four lists of its API.

What a file looks like, and nothing else: the CSV's wall times are in the account's zone, which is
nowhere in it; everything in JSON is UTC. Zendesk has one list of users, so what is an agent's id
cannot be told from a customer's by its place: every user id is a pseudonym. Who is an agent, what a
comment is and how a ticket came to its state are the models' business.
"""

from orchestration.exports.contract import (
    Column,
    Item,
    Stream,
    boolean,
    decimal,
    identifier,
    instant,
    integer,
    text,
)

# Zendesk acts as this user when nobody does.
_SYSTEM_USER = ("-1",)
_STATUS = {"on-hold": "hold", "on hold": "hold"}
_SCORE = {"not offered": "unoffered"}
# What an audit changes may be anything, a phone number too: only these are kept.
_CHANGES = ("status", "assignee_id", "group_id", "priority", "tags")


def _id(name: str, *aliases: str, **more) -> Column:
    return Column(name, identifier, aliases=aliases, **more)


def _person(name: str) -> Column:
    return Column(name, identifier, pseudonym=True)


def _wall(name: str, **more) -> Column:
    return Column(name, instant(zone_setting=True), **more)


def _at(name: str, **more) -> Column:
    return Column(name, instant(), **more)


def _count(name: str, path: str | None = None) -> Column:
    return Column(name, integer, path=path, non_negative=True)


def _minutes(name: str) -> tuple[Column, Column]:
    return tuple(
        Column(header, decimal, non_negative=True)
        for header in (f"{name}_in_minutes", f"{name}_in_minutes_within_business_hours")
    )


def _both_clocks(name: str) -> tuple[Column, Column]:
    return tuple(
        _count(f"{name}_min_{clock}", f"{name}_in_minutes.{clock}")
        for clock in ("calendar", "business")
    )


TICKETS_CSV = Stream(
    source="zendesk",
    name="tickets_csv",
    key=("ticket_id",),
    columns=(
        _id("ticket_id", "ID", required=True),
        _person("requester_id"),
        # The export names agents and groups, and has no id of either.
        Column("assignee", text, free_text=True),
        Column("group_name", text, aliases=("Group",)),
        Column("tags", text),
        Column("status", text, values=_STATUS, required=True),
        Column("priority", text),
        Column("channel", text, aliases=("Via",)),
        Column("ticket_type", text),
        _wall("created_at", required=True),
        _wall("updated_at"),
        _wall("assigned_at"),
        _wall("initially_assigned_at"),
        _wall("solved_at"),
        # In whole hours, while every other duration is in minutes.
        Column("resolution_time_h", decimal, aliases=("Resolution time",), non_negative=True),
        Column("satisfaction_score", text, values=_SCORE),
        _count("group_stations"),
        _count("assignee_stations"),
        _count("reopens"),
        _count("replies"),
        *_minutes("first_reply_time"),
        *_minutes("first_resolution_time"),
        *_minutes("full_resolution_time"),
        *_minutes("agent_wait_time"),
        *_minutes("requester_wait_time"),
        *_minutes("on_hold_time"),
    ),
    ignored=(
        # The first column of older files, with nothing in it that is a row's.
        "Summation column",
        "Requester",
        "Requester external id",
        "Requester email",
        "Requester domain",
        "Submitter",
        "Subject",
        "Organization",
        "Due date",
    ),
    nulls=("-",),
    is_wider=True,  # a column for each of the account's own fields: `Product [list]`
)

_COMMENTS = (
    Item("id"),
    Item("audit_id"),
    Item("author_id", pseudonym=True, plain=_SYSTEM_USER),
    Item("public"),
    Item("created_at"),
    Item("body", ("plain_body", "body")),
    Item("channel", ("via.channel",)),
    Item("rel", ("via.source.rel",)),
    # Whoever the network says wrote; empty for what was typed into Zendesk.
    Item(
        "sender",
        tuple(
            f"via.source.from.{field}"
            for field in ("facebook_id", "twitter_id", "username", "address", "phone", "name")
        ),
        pseudonym=True,
    ),
    Item(
        "native_sender",
        ("via.source.from.facebook_id", "via.source.from.twitter_id"),
        pseudonym=True,
    ),
    # The network's own id of the message, where the channel passes it on.
    Item("native_id", ("graph_object_id", "via.source.message_id", "metadata.system.message_id")),
)
_AUDITS = (
    Item("id"),
    Item("author_id", pseudonym=True, plain=_SYSTEM_USER),
    Item("created_at"),
    Item("channel", ("via.channel",)),
    Item(
        "events",
        items=(
            Item("id"),
            Item("type"),
            Item("field_name", only_when=("field_name", _CHANGES)),
            Item(
                "value",
                pseudonym=True,
                pseudonym_when=("field_name", ("assignee_id",)),
                only_when=("field_name", _CHANGES),
            ),
            Item(
                "previous_value",
                pseudonym=True,
                pseudonym_when=("field_name", ("assignee_id",)),
                only_when=("field_name", _CHANGES),
            ),
            Item("channel", ("via.channel",)),
            # Of `AgentMacroReference`: the prepared text an agent used.
            Item("macro_id"),
        ),
    ),
)

TICKETS = Stream(
    source="zendesk",
    name="tickets",
    key=("ticket_id",),
    columns=(
        _id("ticket_id", "id", required=True),
        _at("created_at", required=True),
        _at("updated_at"),
        # Seconds since 1970, of the last change that anything made, the system included.
        _count("generated_timestamp"),
        Column("status", text, values=_STATUS, required=True),
        Column("priority", text),
        _person("requester_id"),
        _person("submitter_id"),
        _person("assignee_id"),
        _id("group_id"),
        _id("brand_id"),
        Column("tags", text),
        Column("channel", text, path="via.channel"),
        Column("rel", text, path="via.source.rel"),
        # Which network an integration of `any_channel` is for.
        Column("service", text, path="via.source.from.registered_integration_service_name"),
        # The company's account the customer wrote to.
        _id("to_username", path="via.source.to.username"),
        _id("to_facebook_id", path="via.source.to.facebook_id"),
        _id("to_address", path="via.source.to.address"),
        Column("satisfaction_score", text, path="satisfaction_rating.score"),
        Column("comments", text, free_text=True, items=_COMMENTS),
        Column("audits", text, items=_AUDITS),
    ),
    # A ticket a line, as it is or in an envelope, and pages of the incremental export.
    records=("ticket", "tickets"),
    ignored=(
        "allow_attachments",
        "allow_channelback",
        "assignee",
        "collaborator_ids",
        "collaborators",
        "comment_count",
        "custom_fields",
        "custom_status_id",
        "description",
        "due_at",
        "email_cc_ids",
        "external_id",
        "fields",
        "follower_ids",
        "followup_ids",
        "forum_topic_id",
        "from_messaging_channel",
        "group",
        "has_incidents",
        "is_public",
        "metric_set",
        "organization",
        "organization_id",
        "problem_id",
        "raw_subject",
        "recipient",
        "requester",
        "satisfaction_rating.comment",
        "sharing_agreement_ids",
        "subject",
        "submitter",
        "ticket_form_id",
        "type",
        "url",
        "via.source.from",
    ),
)

TICKET_METRICS = Stream(
    source="zendesk",
    name="ticket_metrics",
    key=("ticket_id",),
    columns=(
        _id("ticket_id", required=True),
        _at("created_at"),
        _at("updated_at"),
        _at("assigned_at"),
        _at("initially_assigned_at"),
        _at("solved_at"),
        _at("status_updated_at"),
        _count("assignee_stations"),
        _count("group_stations"),
        _count("reopens"),
        _count("replies"),
        *_both_clocks("reply_time"),
        *_both_clocks("first_resolution_time"),
        *_both_clocks("full_resolution_time"),
        *_both_clocks("agent_wait_time"),
        *_both_clocks("requester_wait_time"),
        *_both_clocks("on_hold_time"),
    ),
    records=("ticket_metric", "ticket_metrics"),
    ignored=(
        "id",
        "url",
        "assignee_updated_at",
        "custom_status_updated_at",
        "latest_comment_added_at",
        "reply_time_in_seconds",
        "requester_updated_at",
    ),
)

TICKET_METRIC_EVENTS = Stream(
    source="zendesk",
    name="ticket_metric_events",
    key=("event_id",),
    columns=(
        _id("event_id", "id", required=True),
        _id("ticket_id", required=True),
        Column("metric", text, required=True),
        _id("instance_id"),
        Column("event_type", text, aliases=("type",), required=True),
        # A breach that is still to come is listed with the instant it will happen at.
        Column("happened_at", instant(), aliases=("time",), required=True, may_be_future=True),
        Column("status", text),
        Column("deleted", boolean),
    ),
    records=("ticket_metric_event", "ticket_metric_events"),
    ignored=("sla", "group_sla"),
)

SATISFACTION_RATINGS = Stream(
    source="zendesk",
    name="satisfaction_ratings",
    key=("rating_id",),
    columns=(
        _id("rating_id", "id", required=True),
        _id("ticket_id", required=True),
        Column("score", text, values=_SCORE, required=True),
        _at("created_at", required=True),
        _at("updated_at"),
        _person("assignee_id"),
        _person("requester_id"),
        _id("group_id"),
        Column("reason", text),
        _id("reason_code"),
        Column("comment", text, free_text=True),
    ),
    records=("satisfaction_rating", "satisfaction_ratings"),
    ignored=("reason_id", "url"),
)

STREAMS = (
    TICKETS_CSV,
    TICKETS,
    TICKET_METRICS,
    TICKET_METRIC_EVENTS,
    SATISFACTION_RATINGS,
)
