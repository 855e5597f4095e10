"""Stream of flat web events: one CSV row an event, GA4's words without its nesting.

What the file looks like, and nothing else. Sessions, channels and journeys are the models'
business.
"""

from orchestration.exports.contract import (
    Column,
    Stream,
    date,
    decimal,
    identifier,
    instant,
    text,
)

EVENTS = Stream(
    source="web_events",
    name="events",
    key=("user_pseudo_id", "session_id", "event_timestamp", "event_name", "page_uri"),
    columns=(
        Column("event_date", date("%Y%m%d")),
        Column("user_pseudo_id", identifier, pseudonym=True),
        Column("ga_client_id", identifier, pseudonym=True),
        Column("user_id_ui", identifier, pseudonym=True),
        Column("session_id", identifier),
        Column("source", text),
        Column("medium", text),
        Column("gclid", text),
        Column("fbclid", text),
        Column("fbc", text),
        Column("fbp", text),
        Column("full_referrer", text),
        Column("form_name", text),
        Column("form_step_name", text),
        Column("form_valid", text),
        Column("quote_number_after_generated", text),
        Column("order_id_after_generated", text),
        Column("event_timestamp", instant(), required=True),
        Column("event_name", text, required=True),
        Column("page_uri", text),
        Column("full_page_url", text),
        Column("traffic_category", text),
        Column("custom_event", text),
        Column("revenue", decimal),
        Column("currency", text),
    ),
)

STREAMS = (EVENTS,)
