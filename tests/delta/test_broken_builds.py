"""Builds that are killed or run out of disk or memory say so, and the next build heals them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.delta import broken
from tests.delta.building import Builder
from tests.delta.scatter import differences

SELECT = ["+fct_messages"]


@pytest.fixture(scope="module")
def built(pipeline: Any, tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """The messages of the tiny company, built once without trouble."""
    builder = Builder(
        pipeline.settings.data_dir / "lake", tmp_path_factory.mktemp("broken"), SELECT
    )
    builder.whole(broken.AS_OF)
    return builder


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
    built: Builder, how: str, words: tuple[str, ...] | None, tmp_path: Path
) -> None:
    """It says what ran out; the build after it finds the mark and ends in the same tables."""
    folder = built.folder("steps")
    shutil.rmtree(folder / "lake", ignore_errors=True)
    shutil.copytree(built.folder("whole") / "lake", folder / "lake")
    for file in folder.glob("warehouse.duckdb*"):
        file.unlink()

    died = _die(how, folder)

    assert died.returncode != 0
    if words is None:
        assert died.returncode == -9
    else:
        assert "Traceback" not in died.stderr
        for word in words:
            assert word in died.stderr
    told = built.again(broken.AS_OF)
    assert "did not come to its end" in told
    assert differences(built.steps_path, built.whole_path, built.selected()) == {}
