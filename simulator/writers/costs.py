"""Monthly costs as a finance team hands them over, one of the files as a workbook.

Amounts are invented here; the truth adds them up for what a contact costs.
"""

from __future__ import annotations

import io
import re
import zipfile

from simulator.company import Company
from simulator.posts import CAMPAIGNS
from simulator.writers.files import Landing, csv_bytes, day_name, text_table

STREAM = "costs/monthly"
HEADER = ("month", "category", "channel", "campaign", "amount", "currency")
WORKBOOK_MONTH = "2025-09"
# What is billed in another currency.
FOREIGN = {("tools", "phone"): "EUR"}


def cost_lines(company: Company, month: str, number: int) -> list[tuple[str, ...]]:
    """The lines of one month."""
    rng = company.rng(5_000 + number)
    lines = [
        ("salaries", "social_care", "", 3_900 * len(company.agents) + number * 250),
        ("tools", "social_care", "", 4_200),
        ("tools", "analytics", "", 1_100),
        ("salaries", "phone", "", 21_000 + number * 100),
        ("tools", "phone", "", 2_600),
    ]
    lines += [
        ("ads", channel, CAMPAIGNS[(number + i) % len(CAMPAIGNS)], int(rng.integers(200, 2_500)))
        for i, channel in enumerate(("facebook", "google"))
    ]
    cents = rng.integers(0, 100, len(lines))
    return [
        (
            month,
            category,
            channel,
            campaign,
            f"{amount}.{cent:02d}",
            FOREIGN.get((category, channel), "USD"),
        )
        for (category, channel, campaign, amount), cent in zip(lines, cents, strict=True)
    ]


def workbook_bytes(rows: list[tuple[str, ...]], date: str) -> bytes:
    """A workbook with fixed dates inside, so that its bytes do not depend on the clock."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "costs"
    sheet.append(list(HEADER))
    for row in rows:
        sheet.append([*row[:4], float(row[4]), row[5]])
    raw = io.BytesIO()
    book.save(raw)
    stamp = f"{date}T00:00:00Z".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, data)
            target.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def write(landing: Landing, company: Company) -> int:
    """One file a month, handed over when the month is over; returns the number of lines."""
    total = 0
    for number, export in enumerate(company.month_exports[:-1]):
        year, month = 2025 + number // 12, number % 12 + 1
        label = f"{year}-{month:02d}"
        rows = cost_lines(company, label, number)
        total += len(rows)
        name = f"costs_{label}_as_of_{day_name(export)}"
        if label == WORKBOOK_MONTH:
            data = workbook_bytes(rows, day_name(export))
            landing.put(STREAM, f"{name}.xlsx", data, export)
            continue
        columns = {h: [r[i] or None for r in rows] for i, h in enumerate(HEADER)}
        landing.put(STREAM, f"{name}.csv", csv_bytes(text_table(columns, len(rows))), export)
    return total
