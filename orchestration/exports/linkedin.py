"""Streams of LinkedIn pages: statistics of the API, CSV and Excel files of the page's admins.

What the files look like, and nothing else: which sheet, headers over the years and in German, times
in milliseconds. Days are LinkedIn's own, in UTC; what they add up to is the models' business.
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

DAY = date("%m/%d/%Y", "%d.%m.%Y")
DAY_HEADERS = ("Datum",)
ORGANISATION = ("organizationalEntity", "Organization", "Organisation")


def _number(name: str, *aliases: str, path: str | None = None) -> Column:
    # May be below zero: an unlike of a sponsored like is taken from the organic ones.
    return Column(name, integer, aliases=aliases, path=path)


def _split(name: str, *words: str) -> tuple[Column, ...]:
    """A number of the sheet of metrics: organic, sponsored and total."""
    kinds = {
        "organic": ("organic", "organisch"),
        "sponsored": ("sponsored", "gesponsert"),
        "total": ("total", "gesamt", "insgesamt"),
    }
    return tuple(
        _number(f"{name}_{kind}", *(f"{word} ({spelling})" for word in words for spelling in said))
        for kind, said in kinds.items()
    )


_STATISTICS = (
    _number("impression_count", path="totalShareStatistics.impressionCount"),
    _number("like_count", path="totalShareStatistics.likeCount"),
    _number("comment_count", path="totalShareStatistics.commentCount"),
    _number("share_count", path="totalShareStatistics.shareCount"),
    _number("click_count", path="totalShareStatistics.clickCount"),
)

# Milliseconds; a span that ends later than the run is a day that is not over.
_SPAN = (
    Column("span_start", instant(unit="ms"), path="timeRange.start", may_be_future=True),
    Column("span_end", instant(unit="ms"), path="timeRange.end", may_be_future=True),
)


METRICS = Stream(
    source="linkedin",
    name="metrics",
    key=("organisation", "date", "span_start"),
    semicolon_means_decimal_comma=True,
    records=("elements",),
    sheets=("Metrics", "Metriken", "Kennzahlen"),
    shapes=(("date",), ("span_start", "span_end")),
    columns=(
        Column("organisation", identifier, aliases=ORGANISATION),
        Column("page_folder", text, derived="folder"),
        Column("date", DAY, aliases=DAY_HEADERS),
        *_SPAN,
        *_split("impressions", "Impressions", "Impressionen"),
        _number(
            "unique_impressions_organic",
            "Unique impressions (organic)",
            "Einzelne Impressionen (organisch)",
        ),
        *_split("clicks", "Clicks", "Klicks"),
        *_split("reactions", "Reactions", "Reaktionen"),
        *_split("comments", "Comments", "Kommentare"),
        *_split("reposts", "Reposts", "Shares", "Direkt geteilte Beiträge", "Geteilte Inhalte"),
        *_STATISTICS,
    ),
    ignored=(
        "paging",
        "Engagement rate (organic)",
        "Engagement rate (sponsored)",
        "Engagement rate (total)",
    ),
)

POSTS = Stream(
    source="linkedin",
    name="posts",
    key=("link", "share", "ugc_post"),
    semicolon_means_decimal_comma=True,
    records=("elements",),
    sheets=("All posts", "Alle Beiträge"),
    shapes=(("link",), ("share",), ("ugc_post",)),
    columns=(
        Column("link", text, aliases=("Post link", "Beitragslink", "Link zum Beitrag")),
        Column("share", identifier),
        Column("ugc_post", identifier, aliases=("ugcPost",)),
        Column("organisation", identifier, aliases=ORGANISATION),
        Column("page_folder", text, derived="folder"),
        Column("title", text, aliases=("Post title", "Beitragstitel"), free_text=True),
        Column("post_type", text, aliases=("Beitragstyp", "Beitragsart")),
        Column("campaign", text, aliases=("Campaign name", "Kampagnenname")),
        Column("posted_by", text, aliases=("Veröffentlicht von", "Gepostet von"), free_text=True),
        Column("created_on", DAY, aliases=("Created date", "Erstellungsdatum", "Erstellt am")),
        Column("content_type", text, aliases=("Inhaltstyp", "Art des Inhalts")),
        *_SPAN,
        _number("impressions", "Impressionen"),
        _number(
            "views",
            "Views (Excluding offsite video views)",
            "Aufrufe",
            "Aufrufe (ohne Offsite-Videoaufrufe)",
        ),
        _number("offsite_views", "Offsite-Aufrufe"),
        _number("clicks", "Klicks"),
        _number("likes", "Gefällt mir", "Reaktionen", "Reactions"),
        _number("comments", "Kommentare"),
        _number("reposts", "Shares", "Direkt geteilte Beiträge", "Geteilte Inhalte"),
        _number("follows", "Follower"),
        Column("engagement_rate", decimal, aliases=("Engagement-Rate", "Engagementrate")),
        *_STATISTICS,
    ),
    ignored=(
        "Campaign start date",
        "Campaign end date",
        "Audience",
        "Click through rate (CTR)",
        "paging",
    ),
)

# Total followers of the sheet are the day's new ones of all kinds; the size of the network is told
# by the API alone, without a day: it is that of the export.
FOLLOWERS = Stream(
    source="linkedin",
    name="followers",
    key=("organisation", "date", "span_start"),
    semicolon_means_decimal_comma=True,
    records=("elements",),
    sheets=("New followers", "Neue Follower"),
    shapes=(("date",), ("span_start", "span_end"), ("network_size",)),
    columns=(
        Column("organisation", identifier, aliases=ORGANISATION),
        Column("page_folder", text, derived="folder"),
        Column("date", DAY, aliases=DAY_HEADERS),
        *_SPAN,
        _number("organic", "Organic followers", "Organische Follower"),
        _number("sponsored", "Sponsored followers", "Gesponserte Follower"),
        _number("auto_invited", "Auto-invited followers", "Automatisch eingeladene Follower"),
        _number("new_followers", "Total followers", "Follower insgesamt", "Follower gesamt"),
        _number("gained_organic", path="followerGains.organicFollowerGain"),
        _number("gained_paid", path="followerGains.paidFollowerGain"),
        Column("network_size", integer, aliases=("firstDegreeSize",), non_negative=True),
    ),
    ignored=("paging",),
)

STREAMS = (METRICS, POSTS, FOLLOWERS)
