"""What a review writes: whole or not at all, the same bytes each time, every number traceable."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.errors import ReviewError
from orchestration.reviews import ledger, pages
from orchestration.reviews.quarterly import write_quarterly_review
from tests.reviews.conftest import HOSTILE_TEAM, HOSTILE_TOPIC, Report, made
from tests.reviews.published import LEVELS, Published

ANCHOR = re.compile(r'href="#([^"]+)"')
IDS = re.compile(r'\bid="([^"]+)"')
Kind = tuple[Report, tuple[str, str]]
#: The period each kind of review is about.
PERIODS = {
    "report": ("quarter", "2026-01-01"),
    "monthly": ("month", "2026-03-01"),
    "weekly": ("week", "2026-03-23"),
}


@pytest.fixture(params=PERIODS)
def each_kind(request: pytest.FixtureRequest) -> Kind:
    """A review of every cadence, and the period it is about."""
    return request.getfixturevalue(request.param), PERIODS[request.param]


def numbers(report: Report) -> list[dict[str, str]]:
    with (report.folder / "numbers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def asked(report: Report, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(report.serving), read_only=True) as connection:
        return connection.execute(query).fetchall()


def html(report: Report) -> str:
    return report.page.read_text(encoding="utf-8")


def test_same_snapshot_same_bytes(report: Report) -> None:
    before = {path.name: path.read_bytes() for path in report.folder.iterdir()}
    write_quarterly_review(report.data_dir, "2026-Q1")
    assert {path.name: path.read_bytes() for path in report.folder.iterdir()} == before
    assert sorted(before) == ["index.html", "numbers.csv", "review.md"]


def test_a_failure_leaves_the_review_that_was_there(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in report.folder.iterdir()}

    def fails(*_: object) -> str:
        raise OSError("disk full")

    monkeypatch.setattr(ledger, "as_csv", fails)
    with pytest.raises(OSError, match="disk full"):
        write_quarterly_review(report.data_dir, "2026-Q1")
    assert {path.name: path.read_bytes() for path in report.folder.iterdir()} == before
    assert [path.name for path in report.folder.parent.iterdir()] == ["2026-Q1"]


FILES = {"index.html": b"<p>a review</p>", "numbers.csv": b""}


def killed(folder: Path) -> Path:
    """What a placement leaves that is killed between its two renames; returns the old review."""
    (folder.parent / ".new-12345678").mkdir()
    old = folder.parent / f".old-{folder.name}-12345678"
    return folder.rename(old)


def test_a_placement_that_fails_brings_back_what_a_killed_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pages.place(tmp_path, "quarterly", "2026-Q1", FILES).folder
    killed(folder)

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pages, "_exchange", fails)
    with pytest.raises(OSError, match="disk full"):
        pages.place(tmp_path, "quarterly", "2026-Q1", {"index.html": b"another"})
    assert (folder / "index.html").read_bytes() == FILES["index.html"]


def test_what_killed_placements_left_is_mended_by_the_next_of_any_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pages.place(tmp_path, "quarterly", "2025-Q4", FILES).folder
    old = killed(first)
    pages.place(tmp_path, "quarterly", "2026-Q1", FILES)
    # It may be in use by a placement that runs just now.
    assert old.is_dir() and not first.exists()
    monkeypatch.setattr(pages, "LEFT_AFTER_S", -1)
    pages.place(tmp_path, "quarterly", "2026-Q1", FILES)
    assert sorted(path.name for path in first.parent.iterdir()) == ["2025-Q4", "2026-Q1"]
    assert (first / "index.html").read_bytes() == FILES["index.html"]


def test_numbers_csv_holds_the_cells_of_the_scorecard(each_kind: Kind) -> None:
    report, _ = each_kind
    rows = numbers(report)
    assert len(rows) > 250
    cells = {
        row[:5]: row[5:]
        for row in asked(
            report,
            "select kpi_id, period_kind, period_start_on::varchar, slice_kind, slice_value, "
            "value, numerator, denominator, n, null_reason from marts.kpi_scorecard",
        )
    }
    for row in rows:
        if row["table_name"] != ledger.SCORECARD:
            continue
        key = (
            row["kpi_id"],
            row["period_kind"],
            row["period_start_on"],
            row["slice_kind"],
            row["slice_value"],
        )
        if row["null_reason"] == "not_published":
            assert key not in cells
            continue
        value, numerator, denominator, n, reason = cells[key]
        for name, expected in (
            ("value", value),
            ("numerator", numerator),
            ("denominator", denominator),
            ("n", n),
        ):
            found = float(row[name]) if row[name] else None
            assert found == expected, (key, name)
        assert row["null_reason"] == (reason or "")
        assert (row["shown_as"] == "n/a") == (value is None)


def test_every_number_on_the_page_is_in_numbers_csv(each_kind: Kind) -> None:
    report, _ = each_kind
    listed = {
        (row["kpi_id"], row["period_kind"], row["period_start_on"], row["slice_value"])
        for row in numbers(report)
    }
    shown = re.findall(
        r'data-kpi="([^"]+)" data-period-kind="([^"]+)" data-period="([^"]+)" '
        r'data-slice-kind="[^"]+" data-slice="([^"]+)"',
        html(report),
    )
    assert len(shown) > 250
    assert set(shown) <= listed


def test_the_query_under_each_definition_reads_the_number_again(each_kind: Kind) -> None:
    report, _ = each_kind
    text = html(report)
    queries = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", text, flags=re.DOTALL)
    assert len(queries) == len(set(re.findall(r'<li id="((?:def|src)-[^"]+)"', text)))
    listed = {" ".join(row["query"].split()): row for row in numbers(report)}
    for query in queries:
        plain = query.replace("&#39;", "'")
        row = listed.get(" ".join(plain.split()))
        rows = asked(report, plain)
        if row is None or row["null_reason"] == "not_published":
            assert len(rows) <= 1
        else:
            assert [rows[0][0]] == [float(row["value"]) if row["value"] else None], plain


def test_links_inside_the_page_lead_somewhere_and_ids_are_unique(each_kind: Kind) -> None:
    report, _ = each_kind
    text = html(report)
    ids = IDS.findall(text)
    assert len(ids) == len(set(ids))
    assert set(ANCHOR.findall(text)) <= set(ids)


def test_the_page_is_self_contained(each_kind: Kind) -> None:
    report, _ = each_kind
    text = html(report)
    assert "<script" not in text
    assert "@import" not in text
    assert not re.search(r'\b(?:src|xlink:href)="', text)
    assert not re.search(r"url\((?!#)", text)
    assert "Content-Security-Policy" in text


def test_markdown_says_the_same_numbers(report: Report) -> None:
    text = (report.folder / "review.md").read_text(encoding="utf-8")
    for row in numbers(report):
        if row["section"] != ledger.SPARKS:
            assert row["shown_as"].removeprefix("'") in text.replace("\u00a0", " "), row
    assert "| ---" in text
    assert "\n\n\n" not in text


def test_text_from_outside_cannot_leave_its_place(hostile: Report) -> None:
    text = html(hostile)
    assert "<script" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    assert "&lt;script&gt;alert" in text
    assert "\u202e" not in text
    assert "\x00" not in text
    markdown = (hostile.folder / "review.md").read_text(encoding="utf-8")
    assert "<script" not in markdown
    assert "<img" not in markdown
    assert "[click](javascript" not in markdown
    assert "@someone" not in markdown
    for line in markdown.splitlines():
        if HOSTILE_TOPIC[:4] in line or "onerror" in line:
            assert line.startswith("|")
            assert len(re.findall(r"(?<!\\)\|", line)) in (6, 7, 8)


def test_a_spreadsheet_runs_nothing_from_numbers_csv(hostile: Report) -> None:
    rows = numbers(hostile)
    assert f"'{HOSTILE_TEAM}" in {row["slice_value"] for row in rows}
    for row in rows:
        for name, cell in row.items():
            if cell[:1] in ("=", "+", "-", "@"):
                assert name in ("value", "numerator", "denominator", "target_value")
                float(cell)


def test_what_is_absent_is_said_and_never_zero(bare: Report) -> None:
    text = html(bare)
    assert "No data from this source in the period." in text
    assert "Quoted examples: n/a." in text
    for row in numbers(bare):
        if row["null_reason"]:
            assert row["shown_as"] == "n/a"
            assert row["value"] == ""
    card = re.search(r'<li class="card[^"]*" data-headline="K43">.*?</li>\n', text, re.DOTALL)[0]
    assert ">n/a<" in card
    assert "no data from this source" in card


def test_an_empty_quarter_is_still_a_page(tmp_path: Path) -> None:
    published = Published(nulls=dict.fromkeys([*LEVELS, "K50"], "no_source"))
    report = made(tmp_path, published)
    text = html(report)
    assert "There is no comparison with the fourth quarter of 2025." in text
    assert "No headline figure could be held against a target." in text


def test_a_change_of_definition_is_said_and_not_compared(tmp_path: Path) -> None:
    path = Published().write(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update marts.kpi_scorecard set definition_version = '0' "
            "where kpi_id = 'K13' and period_start_on < date '2026-01-01'"
        )
    report = Report(tmp_path, write_quarterly_review(tmp_path, "2026-Q1").folder)
    card = re.search(r'data-headline="K13">.*?</li>\n</ul>', html(report), re.DOTALL)[0]
    assert "the definition changed" in card


def test_a_network_that_counts_otherwise_is_said_and_not_compared(tmp_path: Path) -> None:
    path = Published().write(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update marts.kpi_scorecard set is_previous_comparable = false where kpi_id = 'K13'"
        )
    report = Report(tmp_path, write_quarterly_review(tmp_path, "2026-Q1").folder)
    card = re.search(r'data-headline="K13">.*?</li>\n</ul>', html(report), re.DOTALL)[0]
    assert card.count("a network changed what it counts in between") == 1


def test_asking_for_what_is_not_there_says_what_is(report: Report, tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match=r"2024-Q1.*2025-Q1, .*2026-Q1"):
        write_quarterly_review(report.data_dir, "2024-Q1")
    with pytest.raises(ReviewError, match="2026-Q1 "):
        write_quarterly_review(report.data_dir, "first quarter")
    with pytest.raises(ReviewError, match="make refresh"):
        write_quarterly_review(tmp_path, "2026-Q1")
    Published(without=("kpi_definitions",)).write(tmp_path)
    with pytest.raises(ReviewError, match=r"marts\.kpi_definitions"):
        write_quarterly_review(tmp_path, "2026-Q1")
    assert not (tmp_path / "reviews").exists()


def test_a_quarter_that_is_not_over_says_so(tmp_path: Path) -> None:
    path = Published().write(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update marts.publication set as_of_at = '2026-03-20 12:00:00'")
    report = Report(tmp_path, write_quarterly_review(tmp_path, "2026-Q1").folder)
    assert "The quarter is not over." in html(report)


def test_the_list_of_reviews_names_each_one_newest_first(report: Report) -> None:
    write_quarterly_review(report.data_dir, "2025-Q4")
    text = (report.data_dir / "reviews" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="(quarterly/[^"]+)"', text)
    assert links == ["quarterly/2026-Q1/index.html", "quarterly/2025-Q4/index.html"]
    for link in links:
        assert (report.data_dir / "reviews" / link).is_file()


def test_loading_the_package_loads_nothing_heavy() -> None:
    heavy = ("altair", "vl_convert", "jinja2", "duckdb", "pandas")
    code = (
        "import sys, orchestration.reviews.quarterly as _; "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
