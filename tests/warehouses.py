"""Warehouses of tests: the project is parsed once a session and lent to every data folder.

Of a manifest only the places of the lake's streams are a folder's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orchestration import warehouse
from orchestration.warehouse import parsing, project

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.settings import Settings

LOCATION = "external_location"


def lend(parsed: Settings, settings: Settings) -> Any:
    """The manifest of another folder, as if it had been parsed there; it is kept there too.

    Args:
        parsed: settings of the folder in which the project has been parsed.
        settings: those of the folder that wants it.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumaro_encoder

    ours, theirs = f"'{parsed.data_dir}/", f"'{settings.data_dir}/"
    given, target = project.target_dir(parsed), project.target_dir(settings)
    manifest = Manifest.from_msgpack((given / "partial_parse.msgpack").read_bytes())
    for source in manifest.sources.values():
        for meta in (source.meta, source.config.meta, source.source_meta):
            if LOCATION in meta:
                meta[LOCATION] = meta[LOCATION].replace(ours, theirs)
    target.mkdir(parents=True, exist_ok=True)
    (target / "partial_parse.msgpack").write_bytes(manifest.to_msgpack(extended_mashumaro_encoder))
    told = (given / "manifest.json").read_text("utf-8").replace(ours, theirs)
    (target / "manifest.json").write_text(told, "utf-8")
    parsing.remember(settings, project.fingerprint(settings))
    manifest.build_flat_graph()
    return manifest


def build(
    parsed: Settings,
    settings: Settings,
    as_of: datetime,
    select: Sequence[str] = (),
    *,
    is_checked: bool = False,
) -> None:
    """Build models of a lake, and ask the data tests that read nothing else.

    Args:
        parsed: settings of the folder in which the project has been parsed.
        settings: those of the folder with the lake.
        as_of: the instant the numbers are as of.
        select: what is built, in dbt's words; by default everything.
        is_checked: whether the data tests are asked.
    """
    manifest = lend(parsed, settings)
    done = warehouse.build_models(settings, as_of, manifest, select=list(select) or None, full=True)
    if is_checked:
        built = {each.node.unique_id for each in done}
        tests = [
            node.name
            for node in manifest.nodes.values()
            if node.resource_type == "test" and built.issuperset(node.depends_on.nodes)
        ]
        assert tests
        warehouse.check(settings, as_of, manifest, tests=tests)
