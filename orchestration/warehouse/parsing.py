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
    if not (path.is_file() and _is_current(settings)):
        _parsed[path] = parse(settings)
    return path


def parse(settings: Settings) -> Manifest:
    """Parse the project and write its manifest.

    Raises:
        ProjectError: the project does not parse; the message is dbt's.
    """
    found = project.fingerprint(settings)
    result = invoke(settings, ["parse"])
    if not result.success:
        raise ProjectError(f"The dbt project does not parse: {result.exception}")
    remember(settings, found)
    return result.result


def remember(settings: Settings, fingerprint: str) -> None:
    """What dbt keeps of a parse in this folder is of the project with this fingerprint."""
    _stamp(settings).write_text(_state(settings, fingerprint))


def take_parsed(settings: Settings) -> Manifest:
    """The manifest this process has parsed for the graph, once; else the one that was kept.

    Reading what dbt keeps of a parse takes a third of letting dbt find out that nothing changed.

    Raises:
        ProjectError: the project has changed and does not parse.
    """
    parsed = _parsed.pop(project.target_dir(settings) / "manifest.json", None)
    if parsed is not None:
        return parsed
    return _kept(settings) if _is_current(settings) else parse(settings)


def _kept(settings: Settings) -> Manifest:
    from dbt.contracts.graph.manifest import Manifest

    manifest = Manifest.from_msgpack(_of_dbt(settings).read_bytes())
    manifest.build_flat_graph()
    return manifest


def _is_current(settings: Settings) -> bool:
    """Whether what was parsed last is the project as it is on disk."""
    stamp = _stamp(settings)
    if not (stamp.is_file() and _of_dbt(settings).is_file()):
        return False
    return stamp.read_text() == _state(settings, project.fingerprint(settings))


def _state(settings: Settings, fingerprint: str) -> str:
    """The project's files and dbt's own: other commands may parse with other variables."""
    status = _of_dbt(settings).stat()
    return f"{fingerprint} {status.st_size} {status.st_mtime_ns}"


def _stamp(settings: Settings) -> Path:
    return project.target_dir(settings) / "project.sha256"


def _of_dbt(settings: Settings) -> Path:
    return project.target_dir(settings) / "partial_parse.msgpack"
