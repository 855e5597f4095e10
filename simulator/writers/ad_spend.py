"""Daily advertising spend as four platforms export it, each in its own spelling.

What was spent is known to `money`; rates and unique people are printed as platforms do and are of
no use.
"""

from __future__ import annotations

from simulator.company import Company
from simulator.money import Money, SpendDay
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.zones import DAY, iso_day

STREAM = "ad_spend/daily"


def google_cells(day: SpendDay) -> dict[str, str]:
    """A row of Google Ads."""
    return {
        "Day": iso_day(day.day),
        "Customer ID": "493-002-1180",
        "Campaign ID": str(day.campaign_number),
        "Campaign": day.campaign,
        "Advertising channel type": "SEARCH",
        "Currency code": day.currency,
        "Cost": f"{day.spend:.2f}",
        "Impr.": str(day.impressions),
        "Clicks": str(day.clicks),
        "CTR": f"{day.clicks / day.impressions:.4f}" if day.impressions else "--",
        "Conversions": f"{day.conversions:.2f}",
        "Conv. value": f"{day.value:.2f}",
    }


def meta_cells(day: SpendDay) -> dict[str, str]:
    """A row of Meta's insights."""
    return {
        "date_start": iso_day(day.day),
        "date_stop": iso_day(day.day),
        "account_id": "act_410000001",
        "campaign_id": str(day.campaign_number),
        "campaign_name": day.campaign,
        "publisher_platform": ("facebook", "instagram")[day.campaign_number % 2],
        "spend": f"{day.spend:.2f}",
        "impressions": str(day.impressions),
        "reach": str(day.impressions // 2),
        "clicks": str(day.clicks),
        "inline_link_clicks": str(day.clicks * 2 // 3),
        "reported_sales": f"{day.conversions:.0f}",
    }


def linkedin_cells(day: SpendDay) -> dict[str, str]:
    """A row of LinkedIn's campaign manager."""
    year, month, date = iso_day(day.day).split("-")
    return {
        "Start Date (in UTC)": f"{month}/{date}/{year}",
        "Account name": "Lumen Works",
        "Campaign Group ID": str(day.campaign_number),
        "Campaign": day.campaign,
        "Currency": day.currency,
        "Total Spent": f"{day.spend:.2f}",
        "Impressions": str(day.impressions),
        "Clicks": str(day.clicks),
        "Conversions": f"{day.conversions:.0f}",
        "Total Conversion Value": f"{day.value:.2f}",
    }


def tiktok_cells(day: SpendDay) -> dict[str, str]:
    """A row of TikTok's ads manager."""
    return {
        "By Day": iso_day(day.day),
        "Campaign ID": str(day.campaign_number),
        "Campaign name": day.campaign,
        "Cost": f"{day.spend:.2f}",
        "Currency": day.currency,
        "Impressions": str(day.impressions),
        "Clicks (all)": str(day.clicks),
        "Conversions": f"{day.conversions:.0f}",
    }


SHAPES = {
    "google": google_cells,
    "meta": meta_cells,
    "linkedin": linkedin_cells,
    "tiktok": tiktok_cells,
}


def write(landing: Landing, company: Company, money: Money) -> int:
    """A file a month and platform, a week of it again; returns the number of days and campaigns."""
    for platform, shape in SHAPES.items():
        mine = [day for day in money.spend if day.platform == platform]
        header = list(shape(mine[0]))
        previous = 0
        for export in company.month_exports:
            days = range(previous // DAY - 7, export // DAY)
            rows = [shape(day) for day in mine if day.day in days]
            table = text_table({name: [row[name] for row in rows] for name in header}, len(rows))
            name = f"{platform}_ads_{day_name(export)}.csv"
            landing.put(STREAM, name, csv_bytes(table), export)
            previous = export
    return len(money.spend)
