"""Stream of the GA4 BigQuery export, newline JSON or Parquet.

What an event looks like, and nothing else: nested fields and where each lands as a flat column.
Sessions, channels and journeys are the models' business.
"""

from orchestration.exports.contract import (
    Column,
    Stream,
    date,
    decimal,
    identifier,
    instant,
    integer,
    text,
)


def _param(key: str, type_, **more) -> Column:
    return Column(key, type_, path=f"event_params[{key}]", **more)


def _field(name: str, path: str, type_=text, **more) -> Column:
    return Column(name, type_, path=path, **more)


EVENTS = Stream(
    source="ga4",
    name="events",
    key=(
        "user_pseudo_id",
        "event_timestamp",
        "event_name",
        "batch_page_id",
        "batch_ordering_id",
        "batch_event_index",
    ),
    # Known fields that no model uses, or that describe a person (`user_properties`).
    ignored=(
        "app_info",
        "event_bundle_sequence_id",
        "event_dimensions",
        "event_params",
        "event_previous_timestamp",
        "event_server_timestamp_offset",
        "event_value_in_usd",
        "is_active_user",
        "items",
        "platform",
        "publisher",
        "stream_id",
        "traffic_source",
        "user_first_touch_timestamp",
        "user_ltv",
        "user_properties",
    ),
    columns=(
        # The property's own day, in the property's zone.
        _field("event_date", "event_date", date("%Y%m%d")),
        _field("event_timestamp", "event_timestamp", instant(unit="us"), required=True),
        _field("event_name", "event_name", required=True),
        # Absent when the visitor withheld consent.
        _field("user_pseudo_id", "user_pseudo_id", identifier, pseudonym=True),
        # The site's own id of a person who signed in, where the site sends it.
        _field("user_id", "user_id", identifier, pseudonym=True),
        _param("ga_session_id", identifier),
        _param("ga_session_number", integer),
        _param("page_location", text),
        _param("page_referrer", text),
        _param("page_title", text),
        _param("engagement_time_msec", integer, non_negative=True),
        _param("session_engaged", text),
        _field("manual_source", "collected_traffic_source.manual_source"),
        _field("manual_medium", "collected_traffic_source.manual_medium"),
        _field("manual_campaign_id", "collected_traffic_source.manual_campaign_id"),
        _field("manual_campaign_name", "collected_traffic_source.manual_campaign_name"),
        _field("manual_term", "collected_traffic_source.manual_term"),
        _field("manual_content", "collected_traffic_source.manual_content"),
        _field("gclid", "collected_traffic_source.gclid"),
        _field("dclid", "collected_traffic_source.dclid"),
        _field("srsltid", "collected_traffic_source.srsltid"),
        _field("last_click_source", "session_traffic_source_last_click.manual_campaign.source"),
        _field("last_click_medium", "session_traffic_source_last_click.manual_campaign.medium"),
        _field(
            "last_click_campaign_name",
            "session_traffic_source_last_click.manual_campaign.campaign_name",
        ),
        _field(
            "last_click_channel_group",
            "session_traffic_source_last_click.cross_channel_campaign.default_channel_group",
        ),
        _field("transaction_id", "ecommerce.transaction_id", identifier),
        _field("purchase_revenue", "ecommerce.purchase_revenue", decimal),
        _param("currency", text),
        _field("analytics_storage", "privacy_info.analytics_storage"),
        _field("batch_page_id", "batch_page_id", integer),
        _field("batch_ordering_id", "batch_ordering_id", integer),
        _field("batch_event_index", "batch_event_index", integer),
        _field("device_category", "device.category"),
        _field("country", "geo.country"),
    ),
)

STREAMS = (EVENTS,)
