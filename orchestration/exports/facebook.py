"""Streams of Facebook Pages: Page Insights, tables copied from them, and Meta Business Suite.

What the files look like, and nothing else: API documents, daily tables, CSV in English and German.
Which of two spellings of a number counts, and whose day a day is, is the models' business.
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

# Business Suite prints month first with strokes, day first with dots, and in neither case a zone.
WALL_FORMATS = ("%m/%d/%Y %H:%M", "%d.%m.%Y %H:%M", "%m/%d/%Y", "%d.%m.%Y")
DAY_FORMATS = ("%m/%d/%Y", "%d.%m.%Y")
# A column that is a day, except where the numbers are those of the whole life of a post.
LIFETIME = {"lifetime": "lifetime", "gesamte laufzeit": "lifetime", "gesamt": "lifetime"}

# `{"name": "post_impressions", "values": [{"value": 12}]}`; a value may be an object of kinds.
INSIGHTS = (Item("name"), Item("value", paths=("values[0].value",)))


def count(name: str, *aliases: str, path: str | None = None) -> Column:
    """A number of things, under its headers or at a path of the API's documents."""
    return Column(name, integer, aliases=aliases, path=path, non_negative=True)


POSTS = Stream(
    source="facebook",
    name="posts",
    key=("post_id", "permalink"),
    semicolon_means_decimal_comma=True,
    records=("data",),
    shapes=(("post_id",), ("permalink",)),
    columns=(
        Column("post_id", identifier, aliases=("Beitrags-ID", "id"), or_else="permalink"),
        Column("page_id", identifier, aliases=("Seiten-ID",), or_else="permalink"),
        Column("page_name", text, aliases=("Seitenname",)),
        Column("page_folder", text, derived="folder"),
        Column("title", text, aliases=("Titel",), free_text=True),
        Column("text", text, aliases=("Description", "Beschreibung", "message"), free_text=True),
        Column(
            "posted_at",
            instant(*WALL_FORMATS, zone_setting=True),
            aliases=(
                "Publish time",
                "Veröffentlichungszeit",
                "Veröffentlichungszeitpunkt",
                "created_time",
            ),
        ),
        Column("permalink", text, aliases=("Dauerlink", "permalink_url")),
        Column("post_type", text, aliases=("Beitragsart", "Beitragstyp", "status_type")),
        Column("duration_s", decimal, aliases=("Duration (sec)", "Dauer (Sek.)")),
        Column("covers", text, aliases=("Date", "Datum"), values=LIFETIME),
        Column("copied_at", instant(), aliases=("_fivetran_synced",)),
        Column("is_published", boolean),
        Column("is_boosted", boolean),
        count("impressions", "Views", "Aufrufe", "post_impressions", "post_media_view"),
        count(
            "reach",
            "Reichweite",
            "post_impressions_unique",
            "post_total_media_view_unique",
        ),
        count("reactions", "Reaktionen", path="reactions.summary.total_count"),
        count("reactions_like", "post_reactions_like_total"),
        count("reactions_love", "post_reactions_love_total"),
        count("reactions_care", "post_reactions_care_total"),
        count("reactions_haha", "post_reactions_haha_total"),
        count("reactions_wow", "post_reactions_wow_total"),
        count("reactions_sad", "post_reactions_sorry_total"),
        count("reactions_angry", "post_reactions_anger_total"),
        count("comments", "Kommentare", path="comments.summary.total_count"),
        count("shares", "Geteilte Inhalte", path="shares.count"),
        count("share_count"),
        count("clicks", "Total clicks", "Klicks insgesamt", "Gesamtklicks", "post_clicks"),
        count("link_clicks", "Link-Klicks", "Linkklicks"),
        count("other_clicks", "Other clicks", "Sonstige Klicks"),
        count("video_views", "3-second video views", "post_video_views"),
        Column("insights", text, path="insights.data", items=INSIGHTS),
    ),
    ignored=(
        "Ad CPM (USD)",
        "Ad impressions",
        "Average Seconds viewed",
        "Caption type",
        "Custom labels",
        "Data comment",
        "Datenkommentar",
        "Estimated earnings (USD)",
        "Funded content status",
        "Is crosspost",
        "Is share",
        "Languages",
        "Matched Audience Targeting Consumption (Photo Click)",
        "Negative feedback from users: Hide",
        "Negative feedback from users: Hide all",
        "Reactions, Comments and Shares",
        "Seconds viewed",
        "paging",
    ),
)

# A row is a value of one metric, or a day (or the moment a day ended) with several.
PAGES = Stream(
    source="facebook",
    name="pages",
    key=("page_id", "date", "insight", "end_time"),
    semicolon_means_decimal_comma=True,
    records=("data",),
    spread="values",
    shapes=(("date",), ("metric", "end_time")),
    columns=(
        Column("page_id", identifier, aliases=("Seiten-ID",)),
        Column("page_name", text, aliases=("Seitenname",)),
        Column("page_folder", text, derived="folder"),
        # `104857600000001/insights/page_fans/day`
        Column("insight", text, aliases=("id",)),
        Column("metric", text, aliases=("name",)),
        Column("period", text),
        Column("value", text),
        Column("end_time", instant(), may_be_future=True),
        Column("date", instant(*DAY_FORMATS), aliases=("Datum", "Tag"), may_be_future=True),
        Column("date_is_day", boolean, derived="is_date_only", of="date"),
        # `"Facebook follows"` above a table of `"Date","Primary"`.
        Column("table_title", text, derived="title"),
        count("table_value", "Primary", "Primär"),
        count("followers", "Page followers", "Seiten-Follower", "page_fans", "page_follows"),
        count("followers_gained", "New followers", "Neue Follower", "page_fan_adds"),
        count("followers_lost", "Unfollows", "Verlorene Follower", "page_fan_removes"),
        count("impressions", "Views", "Aufrufe", "page_impressions", "page_media_view"),
        count("reach", "Reichweite", "page_impressions_unique", "page_total_media_view_unique"),
        count(
            "reach_organic", "page_impressions_organic_unique", "page_impressions_organic_unique_v2"
        ),
        count("reach_paid", "page_impressions_paid_unique"),
        count("engagements", "Interactions", "Interaktionen", "page_post_engagements"),
        count("page_views", "Page views", "Seitenaufrufe", "page_views_total"),
        count("video_views", "page_video_views"),
        count("reactions_like", "page_actions_post_reactions_like_total"),
        count("reactions_love", "page_actions_post_reactions_love_total"),
        count("reactions_haha", "page_actions_post_reactions_haha_total"),
        count("reactions_wow", "page_actions_post_reactions_wow_total"),
        count("reactions_sad", "page_actions_post_reactions_sorry_total"),
        count("reactions_angry", "page_actions_post_reactions_anger_total"),
    ),
    ignored=("title", "description", "paging", "_fivetran_synced"),
)

STREAMS = (POSTS, PAGES)
