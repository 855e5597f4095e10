"""Pages to files: rendered, their numbers listed, a whole folder put in place.

Where a review is written belongs here, for every kind of review. What it says is decided before;
this module adds no words of its own and reads no data.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orchestration.reviews import ledger, listing, rendering, wording
from orchestration.reviews.blocks import Card, Missing, Prose, Section
from orchestration.reviews.ledger import Shown
from orchestration.reviews.periods import Period
from orchestration.reviews.serving import Definition, Publication

REVIEWS = "reviews"
#: Where a page says what it was made from, and how far into the file that is at most.
SNAPSHOT = re.compile(r'<meta name="snapshot" content="([^"]+)">')
LOCALE = re.compile(r'<meta name="locale" content="([^"]+)">')
HEAD = 2048
#: Hidden folders of a placement; that of an old review goes on with its label and a dash. From this
#: age on, in seconds, one was left by a placement that was killed.
NEW, OLD = ".new-", ".old-"
LEFT_AFTER_S = 3600


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
    brief: tuple[Card | Prose | Missing, ...] = ()
    locale: str = wording.DEFAULT_LOCALE

    @property
    def is_running(self) -> bool:
        """Whether the period was not over at the as-of of its numbers."""
        return self.publication.as_of_on <= self.period.ends_on


def write(data_dir: Path, page: Page) -> ReviewPaths:
    """Render a page and put its folder in place; then write the list of reviews anew."""
    files = {
        "index.html": rendering.as_html("review.html.j2", page=page),
        "review.md": rendering.as_markdown(page.markdown, page=page),
        "numbers.csv": ledger.as_csv(page.shown, page.definitions, page.publication),
    }
    encoded = {name: text.encode() for name, text in files.items()}
    return place(data_dir, page.kind, page.period.label, encoded)


def place(data_dir: Path, kind: str, label: str, files: Mapping[str, bytes]) -> ReviewPaths:
    """Put the files of a review in place; then write the list of reviews anew.

    They are written to a hidden folder first and exchanged with the old one, so a reader never
    finds a half-written review, and a failure leaves the old one as it was. The exchange is two
    renames: whoever looks between them finds no folder. What is killed there leaves the old review
    in its hidden folder, and the next placement puts it back.
    """
    parent = Path(data_dir) / REVIEWS / kind
    folder = parent / label
    parent.mkdir(parents=True, exist_ok=True)
    _mend(parent, label)
    fresh = Path(tempfile.mkdtemp(prefix=NEW, dir=parent))
    try:
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        fresh.chmod(0o755)
        _exchange(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    index = listing.write(Path(data_dir) / REVIEWS)
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


def _mend(parent: Path, label: str) -> None:
    """What killed placements left: a review without its folder comes back, all else goes.

    Hidden folders of other reviews may be in use by a placement that runs beside this one, so they
    are touched only when they are old.
    """
    olds = sorted(parent.glob(f"{OLD}*"), key=_moved_at, reverse=True)
    for left in olds:
        whose = left.name.removeprefix(OLD).rpartition("-")[0]
        if whose and (whose == label or _is_left(left)) and not (parent / whose).exists():
            with suppress(OSError):
                left.replace(parent / whose)
    for left in (*parent.glob(f"{OLD}*"), *parent.glob(f"{NEW}*")):
        if _is_left(left):
            shutil.rmtree(left, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    return time.time() - _moved_at(folder) > LEFT_AFTER_S


def _moved_at(folder: Path) -> float:
    """When a folder was made or renamed last, in seconds; one that is gone just was."""
    try:
        return folder.stat().st_ctime
    except FileNotFoundError:
        return time.time()


def _exchange(fresh: Path, folder: Path) -> None:
    """Put `fresh` where `folder` is; the old folder comes back if that fails."""
    if not folder.exists():
        fresh.replace(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f"{OLD}{folder.name}-", dir=folder.parent))
    folder.replace(old)
    try:
        fresh.replace(folder)
    except OSError:
        old.replace(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
