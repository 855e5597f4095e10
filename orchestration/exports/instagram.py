"""Streams of Instagram accounts: the insights API, tables copied from it, Meta Business Suite.

What the files look like, and nothing else: API documents, daily tables, CSV in English and German.
Which of two spellings of a number counts, and whose day a day is, is the models' business.
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
from orchestration.exports.facebook import (
    DAY_FORMATS,
    INSIGHTS,
    LIFETIME,
    WALL_FORMATS,
    count,
)

_LIKES = ("Gefällt mir", '"Gefällt mir"-Angaben', "„Gefällt mir“-Angaben")

MEDIA = Stream(
    source="instagram",
    name="media",
    key=("media_id", "permalink"),
    semicolon_means_decimal_comma=True,
    records=("data",),
    shapes=(("media_id",), ("permalink",)),
    columns=(
        Column(
            "media_id", identifier, aliases=("Post ID", "Beitrags-ID", "id"), or_else="permalink"
        ),
        Column("account_id", identifier, aliases=("Konto-ID",), or_else="permalink"),
        Column("owner_id", identifier, path="owner.id"),
        Column(
            "username",
            text,
            aliases=("Account username", "Benutzername des Kontos", "Konto-Benutzername"),
        ),
        Column("account_name", text, aliases=("Kontoname",)),
        Column("account_folder", text, derived="folder"),
        Column("text", text, aliases=("Description", "Beschreibung", "caption"), free_text=True),
        Column(
            "posted_at",
            instant(*WALL_FORMATS, zone_setting=True),
            aliases=(
                "Publish time",
                "Veröffentlichungszeit",
                "Veröffentlichungszeitpunkt",
                "timestamp",
                "created_time",
            ),
        ),
        Column("permalink", text, aliases=("Dauerlink",)),
        Column("post_type", text, aliases=("Beitragsart", "Beitragstyp", "media_type")),
        Column("product_type", text, aliases=("media_product_type",)),
        Column("duration_s", decimal, aliases=("Duration (sec)", "Dauer (Sek.)")),
        Column("covers", text, aliases=("Date", "Datum"), values=LIFETIME),
        Column("copied_at", instant(), aliases=("_fivetran_synced",)),
        count("impressions", "Views", "Aufrufe", "Impressions"),
        count("reach", "Reichweite"),
        count("likes", *_LIKES, "like_count"),
        count("comments", "Kommentare", "comments_count", "comment_count"),
        count("shares", "Geteilte Inhalte"),
        count("saves", "Gespeicherte Inhalte", "Gespeichert", "saved"),
        count("follows", "Follower gewonnen"),
        count("total_interactions"),
        count("video_views"),
        # One number under several names: of a carousel twice, of a reel twice. Never a sum.
        count("carousel_album_views"),
        count("reel_views", "reel_plays"),
        count("video_photo_views"),
        count("carousel_album_reach"),
        count("reel_reach"),
        count("video_photo_reach"),
        count("carousel_album_saved"),
        count("reel_saved"),
        count("video_photo_saved"),
        count("reel_shares"),
        Column("insights", text, path="insights.data", items=INSIGHTS),
    ),
    ignored=("Data comment", "Datenkommentar", "paging"),
)

# A row is a value of one metric, or a day (or the moment a day ended) with several.
ACCOUNT = Stream(
    source="instagram",
    name="account",
    key=("account_id", "username", "date", "insight", "end_time"),
    semicolon_means_decimal_comma=True,
    records=("data",),
    spread="values",
    shapes=(("date",), ("metric", "end_time")),
    columns=(
        Column("account_id", identifier, aliases=("Konto-ID",)),
        Column(
            "username",
            text,
            aliases=("Account username", "Benutzername des Kontos", "Konto-Benutzername"),
        ),
        Column("account_folder", text, derived="folder"),
        # `17841400000000001/insights/reach/day`
        Column("insight", text, aliases=("id",)),
        Column("metric", text, aliases=("name",)),
        Column("period", text),
        Column("value", text),
        Column("end_time", instant(), may_be_future=True),
        Column("date", instant(*DAY_FORMATS), aliases=("Datum", "Tag"), may_be_future=True),
        Column("date_is_day", boolean, derived="is_date_only", of="date"),
        # `"Instagram follows"` above a table of `"Date","Primary"`.
        Column("table_title", text, derived="title"),
        count("table_value", "Primary", "Primär"),
        count("followers", "Follower", "followers_count"),
        # The API calls the day's new followers the count of followers.
        count("followers_gained", "New followers", "Neue Follower", "follower_count"),
        count("followers_lost", "Unfollows", "Verlorene Follower"),
        count("impressions", "Views", "Aufrufe"),
        count("reach", "Reichweite"),
        count("profile_views", "Profile visits", "Profilaufrufe"),
        count("website_clicks", "Link clicks", "Linkklicks"),
        count("likes", *_LIKES),
        count("comments", "Kommentare"),
        count("shares", "Geteilte Inhalte"),
        count("saves", "Gespeicherte Inhalte"),
        count("engagements", "total_interactions", "Interactions", "Interaktionen"),
    ),
    ignored=("title", "description", "paging", "_fivetran_synced"),
)

STREAMS = (MEDIA, ACCOUNT)
