"""Simulated companies, each brought through extraction and models once a session.

Making warehouses belongs here; comparing them with the truth, or with each other, does not.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouses import extract, lend

MESSAGES = 1500


@dataclass(frozen=True)
class World:
    """A simulated company: exports, true KPI values, the warehouse built, the rows refused.

    `refused` counts rows in quarantine by stream and file name.
    """

    landing: Path
    truth: Path
    warehouse: Path
    refused: Counter[tuple[str, str]]

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A connection with the warehouse attached read-only as `built`."""
        connection = duckdb.connect()
        connection.execute(f"attach '{self.warehouse}' as built (read_only)")
        return connection


class Workshop:
    """One data folder for every world, so that the places of its streams stay the same."""

    def __init__(self, parsed: Any, folder: Path) -> None:
        from orchestration.settings import Settings
        from simulator.build import DEFAULT_AS_OF, DEFAULT_ZONE

        self.folder = folder
        self.settings = Settings(data_dir=folder / "data", reporting_zone=DEFAULT_ZONE)
        self.as_of = datetime.fromisoformat(DEFAULT_AS_OF)
        self.manifest = lend(parsed, self.settings)

    def simulate(self, seed: int) -> tuple[Path, Path]:
        """Exports and truth of a company."""
        from simulator.build import simulate

        landing, truth = self.folder / f"landing_{seed}", self.folder / f"truth_{seed}"
        simulate(landing, truth, seed, MESSAGES)
        return landing, truth

    def empty(self) -> None:
        """A data folder as before the first run."""
        for path in (self.settings.data_dir / "lake", self.settings.warehouse_path):
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)

    def extract(self, landing: Path, streams: set[tuple[str, str]] | None = None) -> None:
        """Bring what is new in a landing zone into the lake."""
        extract(landing, self.settings.data_dir, self.as_of, streams)

    def refused(self) -> Counter[tuple[str, str]]:
        """Rows in quarantine by stream and file name."""
        parts = self.settings.data_dir / "lake" / "quarantine" / "*" / "*" / "*.parquet"
        rows = duckdb.sql(
            f"""
            select source || '/' || stream, parse_filename(file), count(*)
            from read_parquet('{parts}', union_by_name = true)
            group by all
            """
        ).fetchall()
        return Counter({(stream, file): n for stream, file, n in rows})

    def build(self, name: str) -> Path:
        """Build every model from the lake; returns the warehouse file under a name of its own."""
        from orchestration import warehouse

        warehouse.build_models(self.settings, self.as_of, self.manifest, full=True)
        kept = self.folder / f"{name}.duckdb"
        shutil.move(self.settings.warehouse_path, kept)
        return kept


@pytest.fixture(scope="session")
def workshop(parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Where worlds are made, one after the other."""
    return Workshop(parsed_settings, tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="session")
def world(workshop: Workshop) -> Callable[[int], World]:
    """The world of a seed, made when first asked for."""

    @cache
    def made(seed: int) -> World:
        landing, truth = workshop.simulate(seed)
        workshop.empty()
        workshop.extract(landing)
        return World(landing, truth, workshop.build(f"seed_{seed}"), workshop.refused())

    return made
