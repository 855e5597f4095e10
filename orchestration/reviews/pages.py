"""Pages to files: templates filled, numbers listed, everything put in place in one step.

Rendering and writing belong here, for every kind of review. What a page says is decided before;
this module adds no words of its own and reads no data.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.reviews import ledger, wording
from orchestration.reviews.blocks import Figure, Section
from orchestration.reviews.cadences import CADENCES
from orchestration.reviews.ledger import Shown
from orchestration.reviews.periods import Period
from orchestration.reviews.serving import Definition, Publication

REVIEWS = "reviews"
KINDS = tuple(cadence.name for cadence in CADENCES)
#: Where a page says what it was made from, and how far into the file that is at most.
SNAPSHOT = re.compile(r'<meta name="snapshot" content="([^"]+)">')
LOCALE = re.compile(r'<meta name="locale" content="([^"]+)">')
HEAD = 2048


@dataclass(frozen=True)
class ReviewPaths:
    """Where a review was written."""

    folder: Path
    html: Path
    markdown: Path
    numbers: Path
    index: Path


@dataclass(frozen=True)
class Page:
    """A whole review as blocks, with the list of numbers it shows."""

    kind: str
    title: str
    period: Period
    publication: Publication
    sections: tuple[Section, ...]
    shown: tuple[Shown, ...]
    definitions: Mapping[str, Definition]
    markdown: str = "review.md.j2"
    locale: str = wording.DEFAULT_LOCALE

    @property
    def is_running(self) -> bool:
        """Whether the period was not over at the as-of of its numbers."""
        return self.publication.as_of_on <= self.period.ends_on


def write(data_dir: Path, page: Page) -> ReviewPaths:
    """Render a page and put its folder in place; then write the list of reviews anew.

    The three files are written to a hidden folder first and exchanged with the old one, so a
    reader never finds a half-written review, and a failure leaves the old one as it was.
    """
    parent = Path(data_dir) / REVIEWS / page.kind
    folder = parent / page.period.label
    files = {
        "index.html": render_html(page),
        "review.md": render_markdown(page),
        "numbers.csv": render_numbers(page),
    }
    parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=parent))
    try:
        for name, text in files.items():
            (fresh / name).write_text(text, encoding="utf-8", newline="")
        fresh.chmod(0o755)
        _exchange(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    index = write_index(data_dir)
    return ReviewPaths(
        folder=folder,
        html=folder / "index.html",
        markdown=folder / "review.md",
        numbers=folder / "numbers.csv",
        index=index,
    )


def page_of(data_dir: Path, kind: str, label: str) -> Path:
    """Where the page of a review is, or would be."""
    return Path(data_dir) / REVIEWS / kind / label / "index.html"


def snapshot_of(page: Path) -> str | None:
    """The id of the snapshot that a written page was made from, as its head says.

    The id covers the numbers, their as-of and the version of the code: a page with the id of the
    published snapshot and in the same locale would come out the same, byte for byte. None without
    such a page.
    """
    return _in_head(page, SNAPSHOT)


def locale_of(page: Path) -> str | None:
    """The locale that the numbers of a written page are in, as its head says."""
    return _in_head(page, LOCALE)


def _in_head(page: Path, wanted: re.Pattern[str]) -> str | None:
    if not page.is_file():
        return None
    with page.open(encoding="utf-8") as file:
        found = wanted.search(file.read(HEAD))
    return found[1] if found else None


def _exchange(fresh: Path, folder: Path) -> None:
    """Put `fresh` where `folder` is; the old folder comes back if that fails."""
    if not folder.exists():
        fresh.replace(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
    folder.replace(old)
    try:
        fresh.replace(folder)
    except OSError:
        old.replace(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


# -- rendering -----------------------------------------------------------------------------------


def environment(markup: str) -> Any:
    """The template environment for `html` (autoescaped) or `md` (escaped by a finalizer)."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("orchestration.reviews", "templates"),
        autoescape=jinja2.select_autoescape(("html.j2",), default=False),
        finalize=_markdown_finalize if markup == "md" else None,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["anchor"] = anchor
    made.filters["md"] = MarkdownSafe
    made.filters["code"] = lambda text: MarkdownSafe(str(text).replace("`", "'"))
    made.tests["figure"] = lambda value: isinstance(value, Figure)
    made.globals.update(as_of=as_of_words, day=wording.day, status_words=wording.status)
    return made


class MarkdownSafe(str):
    """Text that is already Markdown and must not be escaped again."""


def _markdown_finalize(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, MarkdownSafe):
        return escape_markdown(value)
    return value


def escape_markdown(text: str) -> str:
    """Text that Markdown renders letter for letter, in a paragraph or a table cell.

    Characters that start markup get a backslash; `<`, `>` and `&` become entities because raw
    HTML passes through Markdown; `@` and `://` are broken up so that no wiki turns a quoted
    handle or address into a mention or a link.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"([\\`*_{}\[\]#|~$^])", r"\\\1", escaped)
    escaped = re.sub(r"@(?=\w)", "@\u200b", escaped)
    escaped = escaped.replace("://", ":\u200b//").replace("www.", "www\u200b.")
    escaped = re.sub(r"^(\s*)([-+=])", r"\1\\\2", escaped)
    return re.sub(r"^(\s*\d+)([.)])(?=\s|$)", r"\1\\\2", escaped)


def anchor(text: str) -> str:
    """Text as part of an element id."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)


def as_of_words(publication: Publication) -> str:
    """The snapshot's as-of in the company's zone: `15 April 2026, 02:00 (America/New_York)`."""
    zone = publication.reporting_zone
    local = publication.as_of_at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{wording.day(local)}, {local:%H:%M} ({zone})"


def render_html(page: Page) -> str:
    """The page as one self-contained HTML file."""
    return environment("html").get_template("review.html.j2").render(page=page)


def render_markdown(page: Page) -> str:
    """The page as Markdown for a wiki or a ticket."""
    text = environment("md").get_template(page.markdown).render(page=page)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def render_numbers(page: Page) -> str:
    """Every number on the page as CSV."""
    return ledger.as_csv(page.shown, page.definitions, page.publication)


# -- the list of reviews -------------------------------------------------------------------------


def write_index(data_dir: Path) -> Path:
    """Write `<data>/reviews/index.html`, the list of the reviews that are there."""
    root = Path(data_dir) / REVIEWS
    root.mkdir(parents=True, exist_ok=True)
    text = environment("html").get_template("index.html.j2").render(groups=listed(root))
    handle, name = tempfile.mkstemp(prefix=".index-", dir=root)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    Path(name).chmod(0o644)
    return Path(name).replace(root / "index.html")


def listed(root: Path) -> list[dict[str, Any]]:
    """The reviews under a folder, by kind, newest first, with their headline numbers."""
    groups = []
    for kind in KINDS:
        reviews = [
            {"label": path.name, "path": f"{kind}/{path.name}/", "headlines": _headlines(path)}
            for path in sorted((root / kind).glob("*"), reverse=True)
            if (path / "index.html").is_file() and not path.name.startswith(".")
        ]
        if reviews:
            groups.append({"kind": kind, "reviews": reviews})
    return groups


def _headlines(folder: Path, most: int = 3) -> list[dict[str, str]]:
    """The first overall numbers of the page's own period, as its numbers.csv lists them."""
    path = folder / "numbers.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows: Iterable[dict[str, str]] = csv.DictReader(file)
        found = [
            {
                "name": row["name"],
                "text": row["shown_as"].removeprefix("'"),
                "status": row["status"] if row["target_value"] else "",
                "status_words": wording.status(row["status"]) if row["target_value"] else "",
                "as_of": row["as_of_at"],
            }
            for row in rows
            if row["section"] == "glance" and row["slice_kind"] == "overall"
        ]
    return found[:most]


def rows_per_table(publication: Publication) -> dict[str, int]:
    """The publication's row counts; empty when they cannot be read."""
    try:
        counts = json.loads(publication.rows_per_table or "{}")
    except ValueError:
        return {}
    return {str(name): int(count) for name, count in sorted(counts.items())}
