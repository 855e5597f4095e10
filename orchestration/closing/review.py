"""The review of a closed period: rendered from the closed copy, and put back where reviews lie.

Rendering again and comparing byte for byte belong here. What a review shows does not.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from orchestration.closing.archive import (
    CADENCES,
    REVIEW,
    SERVING,
    Closing,
    Told,
    require_whole,
)
from orchestration.errors import ClosingError
from orchestration.reviews import pages
from orchestration.reviews.pages import ReviewPaths


def render(serving: Path, told: Told) -> dict[str, bytes]:
    """The files of the review of a period, made from a copy of the published marts.

    Raises:
        ReviewError: the copy has no review to make.
    """
    from orchestration.reviews import monthly, quarterly, writing

    plans = {plan.cadence.period_kind: plan for plan in (monthly.PLAN, quarterly.PLAN)}
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / SERVING).symlink_to(serving.resolve())
        paths = writing.write(made, plans[told.kind], told.label, told.locale)
        return {path.name: path.read_bytes() for path in sorted(paths.folder.iterdir())}


def kept(closing: Closing) -> dict[str, bytes]:
    """The files of the review as they were closed."""
    return {path.name: path.read_bytes() for path in sorted(closing.path(REVIEW).iterdir())}


def is_in_place(folder: Path, closing: Closing) -> bool:
    """Whether a folder has the closed review, byte for byte."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    return found == kept(closing)


def put_back(data_dir: Path, closing: Closing) -> ReviewPaths:
    """Put the closed review where reviews lie, in place of whatever is there.

    Raises:
        ClosingError: the closed copy is not as it was when it was made.
    """
    require_whole(closing)
    cadence = CADENCES[closing.told.kind]
    return pages.place(data_dir, cadence, closing.told.label, kept(closing))


def render_again(closing: Closing, code_version: str) -> bool:
    """Whether the closed copy renders to the closed review, byte for byte, with today's code.

    Returns False where it was closed with other code, which may word or draw it otherwise.

    Raises:
        ClosingError: the copy or the review is not as it was when it was made.
    """
    require_whole(closing, thoroughly=True)
    is_same = render(closing.path(SERVING), closing.told) == kept(closing)
    if not is_same and closing.told.code_version == code_version:
        raise ClosingError(
            f"The review of {closing.told.label} comes out otherwise from its closed copy, though "
            "neither the copy nor the code has changed: libraries that draw or word it have. The "
            "closed review stays; install the versions of requirements.lock and try again."
        )
    return is_same
