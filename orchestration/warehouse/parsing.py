"""The manifest of the dbt project as it is on disk now.

When to parse and what of a parse is kept belongs here. What is in the project does not.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.errors import ProjectError
from orchestration.settings import Settings
from orchestration.warehouse import project
from orchestration.warehouse.invoking import invoke

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# A manifest parsed for the graph serves the build that follows in the same process.
_parsed: dict[Path, Manifest] = {}


def manifest_path(settings: Settings) -> Path:
    """The manifest of the project as it is on disk now, parsed first where it has changed.

    Raises:
        ProjectError: the project does not parse.
    """
    path = project.target_dir(settings) / "manifest.json"
    stamp = path.with_name("project.sha256")
    found = project.fingerprint(settings)
    if not (path.is_file() and stamp.is_file() and stamp.read_text() == found):
        _parsed[path] = parse(settings)
        stamp.write_text(found)
    return path


def parse(settings: Settings) -> Manifest:
    """Parse the project and write its manifest.

    Raises:
        ProjectError: the project does not parse; the message is dbt's.
    """
    result = invoke(settings, ["parse"])
    if not result.success:
        raise ProjectError(f"The dbt project does not parse: {result.exception}")
    return result.result


def take_parsed(settings: Settings) -> Manifest:
    """The manifest this process has parsed for the graph, once; parsed where there is none."""
    path = project.target_dir(settings) / "manifest.json"
    return _parsed.pop(path, None) or parse(settings)
