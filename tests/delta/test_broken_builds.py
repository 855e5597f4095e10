"""Builds that are killed or run out of disk or memory say so, and the next build heals them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.delta import broken
from tests.delta.building import Builder, Workshop
from tests.delta.scatter import differences

SELECT = ["+fct_messages"]


@pytest.fixture(scope="module")
def whole(workshop: Workshop, lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The messages of the tiny company, built once without trouble."""
    kept = tmp_path_factory.mktemp("broken") / "whole.duckdb"
    return Builder(workshop, lake, SELECT).whole(broken.AS_OF, kept)


def _die(how: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, broken.__file__, how, str(folder), *SELECT],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("killed", None),
        ("disk", ("could not be written", "quota")),
        ("memory", ("Out of Memory", "DUCKDB_MEMORY_LIMIT")),
    ],
)
def test_the_next_build_heals_one_that_died(
    workshop: Workshop, lake: Path, whole: Any, how: str, words: tuple[str, ...] | None
) -> None:
    """It says what ran out; the build after it finds the mark and ends in the same tables."""
    builder = Builder(workshop, lake, SELECT)
    builder.hand_over_all()

    died = _die(how, builder.folder)

    assert died.returncode != 0
    if words is None:
        assert died.returncode == -9
    else:
        assert "Traceback" not in died.stderr
        for word in words:
            assert word in died.stderr
    assert "did not come to its end" in builder.again(broken.AS_OF)
    assert differences(builder.warehouse, whole) == {}
