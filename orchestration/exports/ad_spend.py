"""Stream of daily advertising spend, as the advertising platforms export it.

What the files look like, and nothing else: every platform spells the same few columns its own way.
Which channel an advertisement counts for is the models' business.
"""

from orchestration.exports.contract import (
    Column,
    Stream,
    date,
    decimal,
    identifier,
    integer,
    text,
)

DAILY = Stream(
    source="ad_spend",
    name="daily",
    key=("date", "platform", "account_id", "campaign_id", "campaign", "adset_id", "ad_id"),
    semicolon_means_decimal_comma=True,
    nulls=("--",),
    totals=("spend",),
    # Rates and unique people cannot be added up; what is shown where is finer than any KPI.
    ignored=(
        "reach",
        "frequency",
        "ctr",
        "cpc",
        "cpm",
        "avg. cpc",
        "cost / conv.",
        "conv. rate",
        "landing_page_views",
        "reported_leads",
        "platform_position",
        "impression_device",
        "objective",
        "buying_type",
        "adset_name",
        "ad_name",
    ),
    columns=(
        Column(
            "date",
            date("%Y/%m/%d", "%m/%d/%Y"),
            aliases=("date_start", "Day", "By Day", "Reporting starts", "Start Date (in UTC)"),
            required=True,
        ),
        Column("last_date", date("%Y/%m/%d", "%m/%d/%Y"), aliases=("date_stop", "Reporting ends")),
        Column("platform", text, aliases=("Ad platform",)),
        # Files of several platforms are told apart by their folder.
        Column("folder", text, derived="folder"),
        Column("account_id", identifier, aliases=("Customer ID", "Account name", "Account")),
        Column("campaign_id", identifier, aliases=("Campaign Group ID",)),
        Column("campaign", text, aliases=("campaign_name",)),
        Column("campaign_type", text, aliases=("Advertising channel type",)),
        Column("adset_id", identifier, aliases=("Ad group ID", "Ad Set ID")),
        Column("ad_id", identifier),
        # Where Meta showed the advertisement.
        Column("publisher_platform", text),
        Column("spend", decimal, aliases=("Cost", "Amount spent", "Total Spent"), required=True),
        Column("currency", text, aliases=("Currency code", "account_currency")),
        Column("impressions", integer, aliases=("Impr.",), non_negative=True),
        Column("clicks", integer, aliases=("Clicks (all)",), non_negative=True),
        Column(
            "link_clicks",
            integer,
            aliases=("inline_link_clicks", "Clicks to Landing Page"),
            non_negative=True,
        ),
        # A platform's own count, by its own attribution; fractions are common.
        Column("conversions", decimal, aliases=("reported_sales", "Purchases")),
        Column(
            "conversion_value",
            decimal,
            aliases=("Conv. value", "Total Conversion Value", "Purchases conversion value"),
        ),
    ),
)

STREAMS = (DAILY,)
