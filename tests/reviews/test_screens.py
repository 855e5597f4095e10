"""The reviews of a real run on a desk, on a phone and on paper: complete, quiet and for everybody.

Pictures of what was looked at are kept beside the results of the tests.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.reviews.chromium import Browser
from tests.reviews.conftest import KINDS, Report
from tests.reviews.test_review_in_browser import PALE_TEXT, STICKING_OUT

DESK, PHONE, PAPER = (1280, 900), (390, 844), (680, 960)
PAGES = (*KINDS, "list")
#: Pages whose every kind of block the others have as well are spared the rule that takes longest;
#: contrast is computed on each of them by `PALE_TEXT` as well.
ASKED_FOR_CONTRAST = ("weekly", "list")
LARGEST_PICTURE = 12_000


@pytest.fixture(scope="session")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pictures."""
    return tmp_path_factory.mktemp("screens")


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, whole: dict[str, Report]) -> tuple[str, Path]:
    """Every kind of page of the simulated company, and the list of them."""
    if request.param == "list":
        return "list", whole["weekly"].data_dir / "reviews" / "index.html"
    return request.param, whole[request.param].page


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_page_is_quiet_fits_and_is_for_everybody(
    browser: Browser, page: tuple[str, Path], size: tuple[int, int], artefacts: Path
) -> None:
    kind, path = page
    browser.resize(*size)
    seen = browser.open(path)
    assert [url for url in seen.requests if not url.startswith("data:")] == [path.as_uri()]
    assert seen.failures == []
    assert seen.console == []
    height = min(browser.run("document.documentElement.scrollHeight"), LARGEST_PICTURE)
    picture = artefacts / f"{kind}-{size[0]}.png"
    browser.screenshot(picture, 0, size[0], height)
    assert picture.stat().st_size > 10_000
    is_asked = kind in ASKED_FOR_CONTRAST and size == DESK
    assert browser.violations(without=() if is_asked else ("color-contrast",)) == []
    assert browser.run(PALE_TEXT) == []
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.run("document.documentElement.scrollWidth") == size[0]
    assert browser.run(STICKING_OUT) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_on_paper_fits_and_breaks_where_it_may(
    browser: Browser, whole: dict[str, Report], kind: str, artefacts: Path
) -> None:
    browser.resize(*PAPER)
    browser.open(whole[kind].page)
    browser.media("print")
    try:
        wide = browser.run("document.documentElement.scrollWidth")
        sticking = browser.run(
            "[...document.querySelectorAll('table')].filter(each => "
            "each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"
            ".map(each => each.textContent.slice(0, 80))"
        )
        rows = browser.run(
            "[...new Set([...document.querySelectorAll('tbody tr')]"
            ".map(row => getComputedStyle(row).breakInside))]"
        )
        heads = browser.run(
            "[...new Set([...document.querySelectorAll('thead')]"
            ".map(head => getComputedStyle(head).display))]"
        )
        paper = artefacts / f"{kind}.pdf"
        browser.print(paper)
    finally:
        browser.media("screen")
    assert wide == PAPER[0]
    assert sticking == []
    assert rows == ["avoid"]
    assert heads == ["table-header-group"]
    boxes = set(re.findall(rb"/MediaBox \[([^\]]*)\]", paper.read_bytes()))
    sizes = [[round(float(each)) for each in box.split()[2:]] for box in boxes]
    assert sizes
    assert all(abs(wide - 595) <= 1 and abs(high - 842) <= 1 for wide, high in sizes)
