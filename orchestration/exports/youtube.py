"""Streams of YouTube Studio.

What an exported file looks like, and nothing else: the zip of the table of videos, its headers over
the years, its total row. Which numbers are lifetime values is the models' business.
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


VIDEOS = Stream(
    source="youtube",
    name="videos",
    key=("video_id",),
    semicolon_means_decimal_comma=True,
    zip_members=("Table data.csv",),
    totals=("views", "watch_time_hours", "likes", "comments", "shares", "impressions"),
    columns=(
        Column("video_id", identifier, aliases=("Content", "Video"), required=True),
        Column("channel_folder", text, derived="folder"),
        Column("title", text, aliases=("Video title",), free_text=True),
        Column("content_type", text),
        # `Jan 6, 2024`; without a zone in any year. Days of YouTube are Pacific.
        Column(
            "published_at",
            instant(
                "%b %d, %Y", "%b %d %Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", zone="America/Los_Angeles"
            ),
            aliases=("Video publish time",),
        ),
        Column("published_at_is_date_only", boolean, derived="is_date_only", of="published_at"),
        # Seconds, or `0:05:00`.
        Column("duration", text),
        _count("views"),
        _count("engaged_views"),
        Column("watch_time_hours", decimal, aliases=("Watch time (hours)",), non_negative=True),
        # Won less lost.
        Column("subscribers", integer),
        _count("subscribers_gained"),
        _count("subscribers_lost"),
        _count("likes"),
        _count("dislikes"),
        _count("comments", "Comments added"),
        _count("shares"),
        _count("unique_viewers"),
        _count("impressions", "Thumbnail impressions"),
        Column(
            "click_through_rate",
            decimal,
            aliases=(
                "Impressions click-through rate (%)",
                "Thumbnail impressions click-through rate (%)",
                "Thumbnail click-through rate (%)",
            ),
            non_negative=True,
        ),
        Column("average_view_duration", text),
        Column("average_percentage_viewed", decimal, aliases=("Average percentage viewed (%)",)),
        Column("exported_from_on", date(), derived="first_date_in_name"),
        Column("exported_to_on", date(), derived="last_date_in_name"),
    ),
    ignored=("Estimated revenue (USD)", "Your estimated revenue (USD)", "Stayed to watch (%)"),
)

STREAMS = (VIDEOS,)
