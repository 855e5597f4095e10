"""The report as Chromium shows it: nothing fetched, numbers right, readable by everybody."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import duckdb
import pytest

from orchestration.reviews import monthly as by_month
from orchestration.reviews import quarterly as by_quarter
from orchestration.reviews import weekly as by_week
from tests.reviews.chromium import Browser
from tests.reviews.conftest import Report

DESK, PHONE, SMALL_PHONE = (1280, 900), (390, 844), (360, 740)

CARDS = """
[...document.querySelectorAll('#glance [data-headline]')].map(card => {
  const data = card.querySelector('.value data');
  return {headline: card.dataset.headline, ...data.dataset, text: data.innerText,
          attribute: data.value, visible: data.getClientRects().length > 0};
})
"""
FIGURES = """
[...document.querySelectorAll('data[data-kpi]')].map(
  data => ({...data.dataset, text: data.textContent}))
"""
#: Elements that stick out of the page, unless a box of their own scrolls them.
STICKING_OUT = """
[...document.querySelectorAll('body *')].filter(element => {
  if (element.closest('.scroll, pre, .hidden, .skip')) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 1;
}).map(element => element.outerHTML.slice(0, 120))
"""
#: Text with too little contrast against the nearest painted background (WCAG 2 formula).
PALE_TEXT = """
(() => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const pale = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest('style')) continue;
    const style = getComputedStyle(element);
    const paint = element.closest('svg') ? style.fill : style.color;
    if (paint === 'none') continue;
    const [dark, bright] = [light(channels(paint)), light(ground(element))].sort((a, b) => a - b);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < 4.5) pale.push([ratio.toFixed(2), walker.currentNode.data.trim().slice(0, 40)]);
  }
  return pale;
})()
"""


def read_back(text: str, unit: str) -> float:
    """The number that a reader takes from the printed text."""
    plain = text.replace("\u00a0", " ").replace("\u2212", "-").replace(",", "")
    if unit == "hours":
        parts = {name: float(n) for n, name in re.findall(r"([\d.]+) (h|min|s)\b", plain)}
        value = parts.get("h", 0) + parts.get("min", 0) / 60 + parts.get("s", 0) / 3600
        return -value if plain.startswith("-") else value
    value = float(re.match(r"-?[\d.]+", plain)[0])
    return value / 100 if unit in ("share", "change") else value


#: Half of the last printed digit, per unit.
ROUNDING = {
    "hours": 0.5 / 60,
    "share": 0.0005,
    "change": 0.0005,
    "count": 0.05,
    "ratio": 0.005,
    "money": 0.5,
    "points": 0.05,
}


def scorecard(report: Report) -> dict[tuple[str, ...], tuple[Any, ...]]:
    with duckdb.connect(str(report.serving), read_only=True) as connection:
        rows = connection.execute(
            "select kpi_id, period_kind, period_start_on::varchar, slice_kind, slice_value, "
            "value, null_reason, unit from marts.kpi_scorecard "
            "join marts.kpi_definitions using (kpi_id)"
        ).fetchall()
    return {row[:5]: row[5:] for row in rows}


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("kind", ["report", "monthly", "weekly", "hostile", "bare"])
def test_nothing_is_fetched_and_nothing_complains(
    browser: Browser, request: pytest.FixtureRequest, kind: str, size: tuple[int, int]
) -> None:
    report: Report = request.getfixturevalue(kind)
    browser.resize(*size)
    seen = browser.open(report.page)
    assert [url for url in seen.requests if not url.startswith("data:")] == [report.page.as_uri()]
    assert seen.failures == []
    assert seen.console == []


@pytest.mark.parametrize(
    ("kind", "headlines", "period"),
    [
        ("report", (*by_quarter.LEADING, *by_quarter.OTHERS), ("quarter", "2026-01-01")),
        ("monthly", (*by_quarter.LEADING, *by_month.OTHERS), ("month", "2026-03-01")),
        ("weekly", (*by_week.LEADING, *by_week.OTHERS), ("week", "2026-03-23")),
    ],
)
def test_every_headline_number_equals_the_scorecard(
    browser: Browser,
    request: pytest.FixtureRequest,
    kind: str,
    headlines: tuple[str, ...],
    period: tuple[str, str],
) -> None:
    report: Report = request.getfixturevalue(kind)
    browser.resize(*DESK)
    browser.open(report.page)
    cards = browser.run(CARDS)
    cells = scorecard(report)
    published = [each for each in headlines if (each, *period, "overall", "all") in cells]
    assert published[:3] == [*headlines[:3]]
    assert [card["headline"] for card in cards] == published
    for card in cards:
        value, _, unit = cells[(card["kpi"], *period, "overall", "all")]
        assert card["kpi"] == card["headline"]
        assert card["visible"]
        assert float(card["value"]) == float(card["attribute"]) == value
        assert read_back(card["text"], unit) == pytest.approx(value, abs=ROUNDING[unit] + 1e-9)


@pytest.mark.parametrize(("kind", "least"), [("report", 500), ("monthly", 500), ("weekly", 250)])
def test_every_number_on_the_page_equals_the_scorecard(
    browser: Browser, request: pytest.FixtureRequest, kind: str, least: int
) -> None:
    report: Report = request.getfixturevalue(kind)
    browser.open(report.page)
    cells = scorecard(report)
    figures = browser.run(FIGURES)
    assert len(figures) > least
    for figure in figures:
        key = (
            figure["kpi"],
            figure["periodKind"],
            figure["period"],
            figure["sliceKind"],
            figure["slice"],
        )
        if figure.get("nullReason") == "not_published":
            assert key not in cells
            continue
        value, reason, unit = cells[key]
        if value is None:
            assert figure["text"] == "n/a"
            assert figure["nullReason"] == reason
            continue
        assert float(figure["value"]) == value
        margin = 0.05 if unit == "hours" else ROUNDING[unit]
        assert read_back(figure["text"], unit) == pytest.approx(value, abs=margin + 1e-9), key


def test_a_missing_number_is_na_with_its_reason(browser: Browser, bare: Report) -> None:
    browser.resize(*DESK)
    browser.open(bare.page)
    card = next(card for card in browser.run(CARDS) if card["headline"] == "K43")
    assert card["text"] == "n/a"
    assert card["value"] == ""
    assert card["nullReason"] == "no_source"


@pytest.mark.parametrize("size", [DESK, PHONE, SMALL_PHONE])
@pytest.mark.parametrize("kind", ["report", "monthly", "weekly", "hostile"])
def test_the_page_never_scrolls_sideways(
    browser: Browser, request: pytest.FixtureRequest, kind: str, size: tuple[int, int]
) -> None:
    browser.resize(*size)
    browser.open(request.getfixturevalue(kind).page)
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.run("document.documentElement.scrollWidth") == size[0]
    assert browser.run(STICKING_OUT) == []


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("kind", ["report", "monthly", "weekly"])
def test_text_stands_out_from_its_background(
    browser: Browser, request: pytest.FixtureRequest, kind: str, size: tuple[int, int]
) -> None:
    browser.resize(*size)
    browser.open(request.getfixturevalue(kind).page)
    assert browser.run(PALE_TEXT) == []


@pytest.mark.parametrize("kind", ["report", "weekly"])
def test_headings_step_down_one_level_at_a_time(
    browser: Browser, request: pytest.FixtureRequest, kind: str
) -> None:
    browser.open(request.getfixturevalue(kind).page)
    levels = browser.run(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(each => +each.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_landmarks_and_a_way_past_the_contents(browser: Browser, report: Report) -> None:
    browser.open(report.page)
    for selector in ("main", "nav[aria-label]", "header", "footer"):
        assert browser.run(f"document.querySelectorAll('{selector}').length") >= 1
    assert browser.run("document.documentElement.lang") == "en"
    assert browser.run("document.querySelector('a').hash") == "#main"


def test_every_chart_is_named_described_and_has_its_table(browser: Browser, report: Report) -> None:
    browser.open(report.page)
    charts = browser.run(
        """
        [...document.querySelectorAll('figure')].map(figure => {
          const chart = figure.querySelector('[role=img]');
          const words = name => document.getElementById(chart.getAttribute(name)).textContent;
          return {title: words('aria-labelledby'), description: words('aria-describedby'),
                  drawings: chart.querySelectorAll('svg').length,
                  rows: figure.querySelectorAll('details tbody tr').length,
                  heads: figure.querySelectorAll('details th[scope=col]').length};
        })
        """
    )
    assert len(charts) >= 10
    for chart in charts:
        assert chart["title"]
        assert len(chart["description"]) > 30
        assert chart["drawings"] in (1, 2)
        assert chart["rows"] >= 2
        assert chart["heads"] >= 2


@pytest.mark.parametrize("kind", ["report", "monthly", "weekly"])
def test_no_mark_of_a_chart_is_cut(
    browser: Browser, request: pytest.FixtureRequest, kind: str
) -> None:
    report: Report = request.getfixturevalue(kind)
    for size in (DESK, PHONE):
        browser.resize(*size)
        browser.open(report.page)
        cut = browser.run(
            """
            [...document.querySelectorAll('.chart svg')].flatMap(svg => {
              if (!svg.getClientRects().length) return [];
              const page = document.documentElement.clientWidth;
              return [...svg.querySelectorAll('text')].filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < 0 || box.right > page;
              }).map(text => text.textContent);
            })
            """
        )
        assert cut == []


def test_paper_shows_the_tables_behind_the_charts(browser: Browser, report: Report) -> None:
    browser.resize(680, 960)
    browser.open(report.page)
    browser.media("print")
    try:
        heights = browser.run(
            "[...document.querySelectorAll('figure details table')]"
            ".map(table => table.getBoundingClientRect().height)"
        )
        drawn = browser.run(
            "[...document.querySelectorAll('.chart .wide')]"
            ".map(chart => chart.getBoundingClientRect().height)"
        )
        wide = browser.run("document.documentElement.scrollWidth")
    finally:
        browser.media("screen")
    assert min(heights) > 20
    assert min(drawn) > 100
    assert wide == 680


def test_the_list_of_reviews_opens_clean(browser: Browser, report: Report) -> None:
    browser.resize(*PHONE)
    seen = browser.open(report.data_dir / "reviews" / "index.html")
    assert seen.failures == []
    assert seen.console == []
    assert browser.run("document.documentElement.scrollWidth") == PHONE[0]
    assert browser.run("document.querySelectorAll('.reviews a').length") >= 1
    assert browser.run(PALE_TEXT) == []
