"""Warehouses of tests: the project is parsed once a session and lent to every data folder.

Of a manifest only the places of the lake's streams are a folder's own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration import warehouse
from orchestration.warehouse import parsing, project

if TYPE_CHECKING:
    from orchestration.settings import Settings

LOCATION = "external_location"
KEY = "a key for tests only"


def company(folder: Path) -> Settings:
    """A data folder with exports and truth of the simulator's tiny company, and its settings."""
    from orchestration.settings import Settings
    from simulator.build import DEFAULT_AS_OF, DEFAULT_ZONE, SIZES, simulate
    from simulator.company import EXPORT_ZONES

    settings = Settings(
        data_dir=folder,
        as_of=datetime.fromisoformat(DEFAULT_AS_OF).astimezone(UTC),
        reporting_zone=DEFAULT_ZONE,
        pseudonym_key=KEY,
        export_zones=EXPORT_ZONES,
    )
    simulate(settings.landing, folder / "truth", messages=SIZES["tiny"])
    return settings


def extracted_company(folder: Path) -> Settings:
    """The same with its lake."""
    settings = company(folder)
    extract(settings.landing, folder, settings.as_of)
    return settings


def extract(
    landing: Path,
    data: Path,
    as_of: datetime,
    streams: Collection[tuple[str, str]] | None = None,
) -> None:
    """Bring what is new in the landing zone of a simulated company into the lake.

    Args:
        landing: the landing zone.
        data: the folder with the lake, which is made where it is not there.
        as_of: the instant of the extraction.
        streams: which streams, by source and name; by default all.
    """
    from orchestration.exports import lake
    from orchestration.exports.registry import STREAMS
    from simulator.company import EXPORT_ZONES

    lake.ensure_lake(data)
    for stream in STREAMS:
        if streams is None or (stream.source, stream.name) in streams:
            lake.extract_stream(
                stream,
                landing,
                data,
                pseudonym_key=KEY,
                as_of=as_of,
                now=as_of,
                export_zones=EXPORT_ZONES,
            )


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
