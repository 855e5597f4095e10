"""Daily spend, in the spellings of four advertising platforms."""

from __future__ import annotations

from datetime import date

META = (
    "date_start,date_stop,account_id,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name,"
    "objective,buying_type,publisher_platform,platform_position,impression_device,spend,"
    "impressions,reach,frequency,clicks,inline_link_clicks,landing_page_views,ctr,cpc,cpm,"
    "reported_leads,reported_sales\n"
    "2026-03-01,2026-03-02,act_1,12,Broad,2,B,6,C,LEADS,AUCTION,instagram,feed,desktop,24.99,268,"
    "65,4.12,2,1,2,0.0075,12.49,93.25,3,1\n"
)
GOOGLE = (
    "Campaign performance report\n"
    '"March 1, 2026 - March 2, 2026"\n'
    "Day,Customer ID,Campaign ID,Campaign,Campaign type,Currency code,Cost,Impr.,Clicks,"
    "Conversions,Conv. value\n"
    '2026-03-01,111-222,77,Winter,Search,EUR,"1,234.50","12,000",310,2.50,200.00\n'
    'Total, --, --, --, --, --,"1,234.50","12,000",310,2.50,200.00\n'
)
LINKEDIN = (
    "Start Date (in UTC),Account Name,Currency,Campaign ID,Campaign Name,Total Spent,Impressions,"
    "Clicks,Clicks to Landing Page,Total Conversion Value\n"
    "3/1/2026,Lumen,EUR,88,Certificates,60.10,900,12,9,80\n"
)
TIKTOK = (
    "By Day,Campaign name,Cost,Currency,Impressions,Clicks (all),Conversions\n"
    "2026-03-01,Always on,35.00,USD,7000,70,1\n"
)


def spend(zone, file: str, content: str) -> dict:
    done = zone.load(f"ad_spend/daily/{file}", content)
    assert done.rows_quarantined == 0, done.message
    (row,) = zone.rows("ad_spend/daily")
    return row


def test_meta_names_the_network_and_its_whole_period(zone) -> None:
    row = spend(zone, "meta.csv", META)
    assert (row["date"], row["last_date"]) == (date(2026, 3, 1), date(2026, 3, 2))
    assert (row["campaign"], row["publisher_platform"]) == ("Broad", "instagram")
    assert (row["spend"], row["link_clicks"], row["conversions"]) == (24.99, 1, 1.0)


def test_google_has_lines_before_its_header_and_a_total_after_its_rows(zone) -> None:
    row = spend(zone, "google/report.csv", GOOGLE)
    assert (row["spend"], row["impressions"], row["conversions"]) == (1234.5, 12000, 2.5)
    assert (row["currency"], row["campaign_type"], row["folder"]) == ("EUR", "Search", "google")


def test_linkedin_writes_the_month_first(zone) -> None:
    row = spend(zone, "linkedin.csv", LINKEDIN)
    assert row["date"] == date(2026, 3, 1)
    assert (row["spend"], row["link_clicks"], row["conversion_value"]) == (60.1, 9, 80.0)
    assert (row["account_id"], row["campaign_id"]) == ("Lumen", "88")


def test_tiktok_names_its_days_after_the_breakdown(zone) -> None:
    row = spend(zone, "tiktok.csv", TIKTOK)
    assert (row["date"], row["campaign"], row["clicks"]) == (date(2026, 3, 1), "Always on", 70)


def test_spend_in_a_header_with_its_currency_is_no_spend(zone) -> None:
    """`Amount spent (USD)` would lose the currency: the file is refused, and says what it needs."""
    done = zone.load(
        "ad_spend/daily/m.csv", "Day,Campaign name,Amount spent (USD)\n2026-03-01,A,5\n"
    )
    assert done.rows_in_lake == 0
    assert "spend" in done.message


def test_a_correction_of_the_platform_may_be_negative_a_count_may_not(zone) -> None:
    done = zone.load(
        "ad_spend/daily/m.csv",
        "Day,Campaign,Cost,Clicks\n2026-03-01,A,-5,0\n2026-03-01,B,5,-1\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 1)
    assert zone.quarantine("ad_spend/daily")[0]["column_name"] == "clicks"
