"""Streams of the RingCentral Engage Digital inbox.

What its CSV exports look like, and nothing else: the BI format (`,`, ISO times, 1/0) and the Excel
format in English and French (byte-order mark, `;`, localised values). What is a message, a turn or
a case is the models' business.
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

# The Excel format tells day-first from month-first by its separator: `24/09/2013` and `09-24-2013`.
_DAY_FORMATS = ("%d/%m/%Y", "%m-%d-%Y")
_TIME_FORMATS = tuple(
    f"{day} {clock}" for day in _DAY_FORMATS for clock in ("%H:%M", "%H:%M:%S", "%H:%M%z")
)

_MESSAGE_STATUS = {
    "new": "New",
    "assigned": "Assigned",
    "replied": "Replied",
    "ignored": "Ignored",
    "agent message": "Agent message",
    "agent reply": "Agent reply",
    "pending approval": "Pending approval",
    "draft": "Draft",
    "nouveau": "New",
    "assigné": "Assigned",
    "répondu": "Replied",
    "ignoré": "Ignored",
    "message agent": "Agent message",
    "message d'agent": "Agent message",
    "réponse agent": "Agent reply",
    "réponse d'agent": "Agent reply",
    "réponse publique": "Agent reply",
    "réponse privée": "Agent reply",
    "en attente d'approbation": "Pending approval",
    "en attente de validation": "Pending approval",
    "brouillon": "Draft",
}
_EPISODE_STATUS = {
    "opened": "Opened",
    "open": "Opened",
    "closed": "Closed",
    "ouvert": "Opened",
    "ouverte": "Opened",
    "fermé": "Closed",
    "fermée": "Closed",
    "clos": "Closed",
}
_SENTIMENT = {
    "negative": "negative",
    "neutral": "neutral",
    "positive": "positive",
    "négatif": "negative",
    "neutre": "neutral",
    "positif": "positive",
}


def _id(name: str, **more) -> Column:
    return Column(name, identifier, **more)


def _at(name: str, **more) -> Column:
    # Exports made by hand are in the user's zone; scheduled ones carry an offset.
    return Column(name, instant(*_TIME_FORMATS, zone_setting=True), **more)


def _count(name: str) -> Column:
    return Column(name, integer, non_negative=True)


def _duration(name: str) -> Column:
    # Seconds or minutes, by a setting of the tool that the file does not show.
    return Column(name, decimal, non_negative=True)


def _person(name: str) -> Column:
    return Column(name, identifier, pseudonym=True)


def _words(name: str) -> Column:
    return Column(name, text, free_text=True)


_SOURCE = (_id("source_id"), Column("source_type", text), Column("source_name", text))


def _stream(
    name: str,
    *columns: Column,
    key: tuple[str, ...] = ("id",),
    ignored: tuple[str, ...] = (),
    is_wider: bool = False,
) -> Stream:
    return Stream(
        source="ringcentral_engage",
        name=name,
        key=key,
        columns=columns,
        ignored=ignored,
        is_wider=is_wider,
        semicolon_means_decimal_comma=True,
    )


THREADS = _stream(
    "threads",
    _id("id", required=True),
    _id("foreign_id"),
    *_SOURCE,
    _at("created_at", required=True),
    _at("updated_at"),
    Column("closed", boolean),
    _at("first_categorization_at"),
    _id("last_content_id"),
    _at("last_content_at"),
    _words("title"),
    _count("contents_count"),
    Column("all_categories", text),
    Column("categories", text),
    _id("first_content_id"),
    _person("first_content_author_id"),
    Column("languages", text),
    _count("interventions_count"),
    Column("intervention_user_ids", text),
    Column("opened_intervention_user_ids", text),
    Column("ratings", text),
)

MESSAGES = _stream(
    "messages",
    _at("created_at", required=True),
    *_SOURCE,
    _id("content_thread_id", required=True),
    Column("type", text),
    _id("id", required=True),
    Column("private_message", boolean),
    Column("created_from", text),
    Column("auto_submitted", boolean),
    Column("status", text, values=_MESSAGE_STATUS, required=True),
    Column("ignored_from", text),
    Column("categories", text),
    _id("intervention_id"),
    _at("initial_created_at"),
    _id("creator_id"),
    Column("creator_name", text, free_text=True),
    _person("author_id"),
    _person("author_name"),
    Column("anonymized", boolean),
    _words("body"),
    _words("body_as_text"),
    _words("body_as_html"),
    _words("title"),
    Column("foreign_categories", text),
    _id("foreign_id"),
    Column("rating", decimal),
    Column("published", boolean),
    Column("approval_required", boolean),
    Column("remotely_deleted", boolean),
    Column("language", text),
    _id("in_reply_to_id"),
    _person("in_reply_to_author_id"),
    _count("attachments_count"),
    _words("structured_reply_payload"),
    Column("synchronization_status", text),
    Column("synchronization_error", text),
    _words("original_body"),
    _words("translated_body"),
    Column("source_language", text),
    Column("target_language", text),
    Column("translation_status", text),
    Column("translation_error", text),
    Column("sentiment_text", text, values=_SENTIMENT),
)

INTERVENTIONS = _stream(
    "interventions",
    _at("created_at", required=True),
    _at("updated_at"),
    # The tool's word; its documentation says it is the time of the last agent reply.
    _at("closed_at"),
    # A yes or no in old exports, the reason (`chat_disconnected`) in new ones.
    Column("closed_automatically", text),
    *_SOURCE,
    _id("content_thread_id", required=True),
    _id("id", required=True),
    Column("status", text, values=_EPISODE_STATUS),
    _at("deferred_at", may_be_future=True),
    _id("user_id"),
    Column("user_name", text, free_text=True),
    _count("user_replies_count"),
    _count("user_private_replies_count"),
    _count("user_public_replies_count"),
    _id("first_identity_content_id"),
    _id("first_user_reply_id"),
    _at("first_user_reply_at"),
    _at("last_user_reply_at"),
    _duration("last_user_reply_in"),
    _duration("last_user_reply_in_bh"),
    _duration("first_user_reply_in"),
    _duration("first_user_reply_in_bh"),
    _duration("handling_time"),
    _words("title"),
    _person("identity_id"),
    _person("identity_name"),
    _count("identity_contents_count"),
    _count("identity_private_contents_count"),
    _count("identity_public_contents_count"),
    Column("categories", text),
    _count("comments_count"),
    _duration("user_reply_in_average"),
    _duration("user_reply_in_average_bh"),
    _count("user_reply_in_average_count"),
    Column("translation_enabled", boolean),
    Column("detected_language", text),
    Column("satisfaction_grade", decimal),
    _at("satisfaction_sent_at"),
    _at("satisfaction_answered_at"),
    _id("satisfaction_response_id"),
    _id("satisfaction_survey_id"),
)

JOURNAL = _stream(
    "journal",
    _id("id", required=True),
    _at("created_at", required=True),
    _id("user_id"),
    Column("user_name", text, free_text=True),
    Column("name", text, required=True),
    _words("message"),
    _id("content_thread_id"),
    _id("content_source_id"),
    _id("intervention_id"),
    _id("content_id"),
    Column("category_ids", text),
    _id("task_id"),
    Column("action", text),
    Column("step", text),
    _id("rules_engine_rule_id"),
)

IDENTITIES = _stream(
    "identities",
    _at("created_at"),
    _at("updated_at"),
    Column("community_type", text),
    Column("community", text),
    # The brand's own account on the network.
    Column("puppet", boolean),
    Column("id", identifier, required=True, pseudonym=True),
    _person("uuid"),
    _person("foreign_id"),
    _person("screenname"),
    _person("identity_group_id"),
    _count("tw_followers_count"),
    _count("tw_following_count"),
    _count("ig_followers_count"),
    # What the tool knows about the person beyond the account: never needed, so never kept.
    ignored=(
        "about",
        "avatar_url",
        "birthdate",
        "company",
        "display_name",
        "email",
        "extra_values",
        "firstname",
        "gender",
        "home_phone",
        "ip_address",
        "lastname",
        "mobile_phone",
        "name",
        "notes",
        "profile_url",
        "user_ids",
    ),
)

RESPONSES = _stream(
    "responses",
    _at("responded_at", required=True),
    _id("satisfaction_response_id"),
    _id("satisfaction_survey_id"),
    _id("content_thread_id"),
    _id("intervention_id"),
    Column("intervention_categories", text),
    _id("user_id"),
    Column("user_name", text, free_text=True),
    _person("identity_id"),
    _person("identity_name"),
    Column("main_indicator", decimal),
    *_SOURCE,
    _id("id", required=True),
    _id("survey_id"),
    Column("survey_type", text),
    is_wider=True,  # a question and two answer columns for each question of the survey
)

PRESENCE_TIME = _stream(
    "presence_time",
    Column("date", date(*_DAY_FORMATS), required=True),
    _id("user_id", required=True),
    Column("user_name", text, free_text=True),
    Column("activity", text),
    Column("presence", text),
    key=("date", "user_id"),
    is_wider=True,  # columns for each channel and each custom status the company has
)

AGENTS = _stream(
    "agents",
    _id("id", required=True),
    Column("name", text, free_text=True),
    Column("firstname", text, free_text=True),
    Column("lastname", text, free_text=True),
    Column("email", text, free_text=True),
    # A list where an agent is in several teams.
    Column("team", text, aliases=("teams",)),
    Column("role", text),
    Column("enabled", boolean),
    _at("created_at"),
)

CATEGORIES = _stream(
    "categories",
    _id("id", required=True),
    Column("name", text, required=True),
    _id("parent_id"),
    Column("parent_name", text),
    Column("active", boolean),
)

SOURCES = _stream(
    "sources",
    _id("id", required=True),
    Column("name", text),
    Column("type", text),
    _id("community_id"),
    _count("sla_response"),
    Column("hidden_from_stats", boolean),
)

STREAMS = (
    THREADS,
    MESSAGES,
    INTERVENTIONS,
    JOURNAL,
    IDENTITIES,
    RESPONSES,
    PRESENCE_TIME,
    AGENTS,
    CATEGORIES,
    SOURCES,
)
