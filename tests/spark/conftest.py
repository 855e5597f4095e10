"""A simulated company that DuckDB has built, for Spark's tables to be held against its own.

Making it belongs here; building it on Spark and comparing does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.warehouses import extracted_company, lend


@dataclass(frozen=True)
class World:
    """A data folder with lake and `warehouse.duckdb`, and what dbt was told when it was built."""

    data_dir: Path
    variables: dict[str, Any]


@pytest.fixture(scope="session")
def world(parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The simulator's tiny company, extracted, and every model of it built by DuckDB."""
    from orchestration import warehouse

    settings = extracted_company(tmp_path_factory.mktemp("world"))
    manifest = lend(parsed_settings, settings)
    warehouse.build_models(settings, settings.as_of, manifest, full=True)
    return World(settings.data_dir, warehouse.dbt_vars(settings, settings.as_of))
