"""A simulated company that DuckDB has built, for Spark's tables to be held against its own.

Making it belongs here; building it on Spark and comparing does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.warehouses import lend


@dataclass(frozen=True)
class World:
    """A data folder with lake and `warehouse.duckdb`, and what dbt was told when it was built."""

    data_dir: Path
    variables: dict[str, Any]


@pytest.fixture(scope="session")
def world(parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The simulator's tiny company, extracted, and every model of it built by DuckDB."""
    from orchestration import warehouse
    from orchestration.exports import lake
    from orchestration.exports.registry import STREAMS
    from orchestration.settings import Settings
    from simulator.build import DEFAULT_AS_OF, DEFAULT_ZONE, SIZES, simulate
    from simulator.company import EXPORT_ZONES

    folder = tmp_path_factory.mktemp("world")
    as_of = datetime.fromisoformat(DEFAULT_AS_OF).astimezone(UTC)
    settings = Settings(data_dir=folder, as_of=as_of, reporting_zone=DEFAULT_ZONE)
    simulate(settings.landing, folder / "truth", messages=SIZES["tiny"])
    lake.ensure_lake(folder)
    for stream in STREAMS:
        lake.extract_stream(
            stream,
            settings.landing,
            folder,
            pseudonym_key="a key for tests only",
            as_of=as_of,
            now=as_of,
            export_zones=EXPORT_ZONES,
        )
    warehouse.build_models(settings, as_of, lend(parsed_settings, settings), full=True)
    return World(folder, warehouse.dbt_vars(settings, as_of))
