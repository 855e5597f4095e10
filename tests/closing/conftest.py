"""A published snapshot of a simulated company, and one quarter of it closed.

Making them belongs here. What must hold of a closing is said in the tests.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.closing import review
from orchestration.closing.archive import Closing
from orchestration.closing.close import close
from orchestration.settings import Settings
from tests.conftest import Pipeline

QUARTER = "2026-Q1"


@pytest.fixture(scope="session")
def published(pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder with nothing in it but what is published."""
    folder = tmp_path_factory.mktemp("closing")
    shutil.copytree(pipeline.settings.serving_dir, folder / "serving", symlinks=True)
    return pipeline.settings.model_copy(update={"data_dir": folder})


@pytest.fixture(scope="session")
def closing(published: Settings) -> Closing:
    """The first quarter of 2026, closed when the locale was German.

    Tests leave it as it is; who changes it takes a copy.
    """
    return close(published.model_copy(update={"locale": "de_DE"}), QUARTER)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing without drawing a review, for tests that do not look at it."""
    drawn = {"index.html": b"page", "review.md": b"text", "numbers.csv": b"numbers"}
    monkeypatch.setattr(review, "render", lambda *_: drawn)


@pytest.fixture
def copied(published: Settings, closing: Closing, tmp_path: Path) -> Settings:
    """A data folder of the test's own with the closed quarter in it."""
    shutil.copytree(published.data_dir / "closed", tmp_path / "closed")
    (tmp_path / "serving").symlink_to(published.serving_dir)
    return published.model_copy(update={"data_dir": tmp_path})
