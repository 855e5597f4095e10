"""The monthly review and the weekly update: the same numbers, worded for their period."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.errors import ReviewError
from orchestration.reviews import pages, writing
from orchestration.reviews.cadences import CADENCES
from orchestration.reviews.monthly import write_monthly_review
from orchestration.reviews.weekly import LEADING as WEEKLY_LEADING
from orchestration.reviews.weekly import OTHERS, write_weekly_review
from orchestration.reviews.weekly import PLAN as WEEKLY_PLAN
from tests.reviews.conftest import Report
from tests.reviews.published import LEVELS, Published

MOST_LINES = 20


def brief(report: Report) -> list[str]:
    text = (report.folder / "review.md").read_text(encoding="utf-8")
    return text.replace("\u00a0", " ").splitlines()


def overall(report: Report) -> dict[tuple[str, str], dict[str, str]]:
    with (report.folder / "numbers.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["slice_kind"] == "overall"]
    return {(row["kpi_id"], row["period_start_on"]): row for row in rows}


def test_the_weekly_update_is_a_line_per_measure_and_at_most_twenty(weekly: Report) -> None:
    lines = brief(weekly)
    assert len(lines) <= MOST_LINES
    assert lines[0].startswith("**Weekly update: Week 13 of 2026** (March 23, 2026 to March 29")
    cells = overall(weekly)
    absent = {"K09", "K22", "K59", "K82"}
    for kpi_id in {*WEEKLY_LEADING, *OTHERS} - absent:
        row = cells[(kpi_id, "2026-03-23")]
        [line] = [each for each in lines if each.startswith(f"- **{row['name']}**")]
        assert f": {row['shown_as']};" in line
        assert " vs W12 2026" in line
        assert ("; no target;" in line) == (row["target_value"] == "")
    love = cells[("K48", "2026-03-01")]
    assert any(f"in March 2026: {love['shown_as']}, target" in line for line in lines)
    assert any(
        line.startswith("- Slowest topics by first reply time (mean): Technical ") for line in lines
    )


def test_the_weekly_update_stays_short_whatever_is_in_it(tmp_path: Path, hostile: Report) -> None:
    odd = Report(hostile.data_dir, write_weekly_review(hostile.data_dir, "2026-W13").folder)
    lines = brief(odd)
    assert len(lines) <= MOST_LINES
    assert "<img" not in "\n".join(lines)
    path = Published(nulls=dict.fromkeys(LEVELS, "no_source")).write(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update marts.publication set as_of_at = '2026-03-27 12:00:00'")
        connection.execute("delete from marts.kpi_scorecard where kpi_id in ('K15', 'K20')")
        connection.execute("update marts.kpi_scorecard set is_provisional = true")
    lines = brief(Report(tmp_path, write_weekly_review(tmp_path, "2026-W13").folder))
    assert len(lines) <= MOST_LINES
    assert lines[0].endswith("**The week is not over.** Every figure may still change.")
    assert "- Brand love messages in March 2026: n/a, no data from this source in the period." in (
        lines
    )
    assert sum("n/a (no data from this source in the period)" in line for line in lines) == 5


def test_a_month_that_is_running_has_not_missed_its_target(tmp_path: Path) -> None:
    path = Published().write(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update marts.publication set as_of_at = '2026-03-31 12:00:00'")
        connection.execute(
            "update marts.kpi_scorecard set value = 3, status = 'red', is_provisional = true "
            "where kpi_id = 'K48' and period_kind = 'month' and slice_kind = 'overall'"
        )
    lines = brief(Report(tmp_path, write_weekly_review(tmp_path, "2026-W13").folder))
    [line] = [each for each in lines if "Brand love" in each]
    assert line == (
        "- Brand love messages in March 2026 so far: 3, target at least 25 a month, provisional."
    )


def test_a_month_is_compared_with_the_month_before_and_a_year_ago(monthly: Report) -> None:
    text = monthly.page.read_text(encoding="utf-8")
    assert "vs Feb 2026" in text
    assert "vs Mar 2025" in text
    assert "Against February 2026, " in text
    assert "The shaded month is this one." in text
    assert "provisional" in text
    markdown = (monthly.folder / "review.md").read_text(encoding="utf-8")
    for prose in (re.sub(r"<[^>]*>", " ", text), markdown):
        assert not re.search(r"\bquarter\b(?! before)", prose.split("Definitions and how")[0])


def test_quotes_of_a_month_were_sent_in_it(tmp_path: Path) -> None:
    Published().write(tmp_path)
    february = write_monthly_review(tmp_path, "2026-02").html.read_text(encoding="utf-8")
    march = write_monthly_review(tmp_path, "2026-03").html.read_text(encoding="utf-8")
    assert february.count("<blockquote>") == 4
    assert "<blockquote>" not in march
    assert "No message of the month was picked for quoting." in march


def test_a_quote_bears_the_day_it_was_sent_on_where_the_company_is(tmp_path: Path) -> None:
    """Two in the morning of 1 April in UTC is the evening of 31 March in New York."""
    sent = datetime.fromisoformat("2026-04-01T02:00:00")
    Published(quotes=[{"message_text": "Lovely.", "sent_at": sent}]).write(tmp_path)
    page = write_monthly_review(tmp_path, "2026-03").html.read_text(encoding="utf-8")
    [quote] = re.findall(r"<blockquote>.*?</figcaption>", page, re.DOTALL)
    assert "March 31, 2026" in quote.replace("\u00a0", " ")


@pytest.mark.parametrize("write", [write_monthly_review, write_weekly_review])
def test_asking_for_another_period_says_which_there_are(report: Report, write) -> None:
    with pytest.raises(ReviewError, match="is written like"):
        write(report.data_dir, "2026-Q1")
    with pytest.raises(ReviewError, match=r"found (months|weeks): 202"):
        write(report.data_dir, "2019-W09" if write is write_weekly_review else "2019-02")


def test_a_page_says_which_snapshot_it_was_made_from(
    report: Report, monthly: Report, weekly: Report
) -> None:
    for each in (report, monthly, weekly):
        assert pages.snapshot_of(each.page) == "5b0a1c9e77f24d31"
    assert pages.snapshot_of(report.folder / "nothing.html") is None


def test_the_list_of_reviews_has_all_cadences(
    report: Report, monthly: Report, weekly: Report
) -> None:
    text = (report.data_dir / "reviews" / "index.html").read_text(encoding="utf-8")
    for cadence in CADENCES:
        assert f'<h2 id="{cadence.name}">{cadence.name.capitalize()}</h2>' in text
    for each in (report, monthly, weekly):
        assert f"{each.folder.parent.name}/{each.folder.name}/index.html" in text


def test_a_review_is_written_for_a_locale_and_says_so(tmp_path: Path) -> None:
    Published().write(tmp_path)
    paths = writing.write(tmp_path, WEEKLY_PLAN, "2026-W13", "de_DE")
    assert pages.locale_of(paths.html) == "de_DE"
    page = paths.html.read_text(encoding="utf-8").replace("\u00a0", " ")
    assert '<html lang="en">' in page
    assert "23 March 2026 to 29 March 2026" in page
    rows = csv.DictReader(paths.numbers.open(encoding="utf-8", newline=""))
    shares = [row for row in rows if row["unit"] == "share" and row["value"]]
    assert shares
    for row in shares:
        assert re.fullmatch(r"−?\d+,\d+ %", row["shown_as"].removeprefix("'"))
        assert "," not in row["value"]
    assert re.search(r"\d,\d+ %</data>", page)
    assert not re.search(r"\d\.\d+ ?%</data>", page)
