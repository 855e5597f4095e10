"""Warehouses built once from the lent export files, and the files themselves.

Extraction and building for a whole session belong here, nothing that judges the result. What is
true about the files is counted again, without the product, by the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.real import care_by_hand

# After the last post and message, and long before the shop of the web events opens.
AS_OF = datetime(2021, 1, 31, tzinfo=UTC)
# After the last web event.
WEB_AS_OF = datetime(2026, 4, 15, tzinfo=UTC)
KEY = "a key for tests only"

LENT = Path(__file__).resolve().parents[2].parent / "shared" / "real" / "landing"

WEB_MODELS = (
    "fct_web_sessions",
    "fct_conversions",
    "fct_attribution",
    "fct_orders",
    "dim_customer",
    "fct_ad_spend",
    "dim_campaign",
)


@dataclass(frozen=True)
class Warehouse:
    """A built warehouse: questions in SQL, answers as dictionaries."""

    folder: Path

    def rows(self, sql: str) -> list[dict]:
        """Ask the warehouse, which is opened for reading only and closed again."""
        import duckdb

        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def lake(self, folder: str) -> list[dict]:
        """Every row of the parts in a folder of the lake."""
        parts = f"{self.folder}/lake/{folder}/*.parquet"
        return self.rows(f"select * from read_parquet('{parts}', union_by_name = true)")


@pytest.fixture(scope="session")
def real_landing() -> Path:
    """The lent landing zone beside the checkout."""
    if not LENT.is_dir():
        pytest.skip("the real export files are lent and not here: no ../shared/real/landing")
    return LENT


@pytest.fixture(scope="session")
def real_truth(real_landing: Path) -> Path:
    """The folder of what other people and programs say about the same files."""
    return real_landing.parent / "truth"


@pytest.fixture(scope="session")
def archive(real_landing: Path) -> care_by_hand.Archive:
    """The support messages as the file has them."""
    return care_by_hand.read_archive(real_landing / care_by_hand.FILE)


@pytest.fixture(scope="session")
def real_lake(real_landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose lake holds every stream of the lent landing zone."""
    from orchestration.exports import lake
    from orchestration.exports.registry import STREAMS

    folder = tmp_path_factory.mktemp("real")
    # The later as-of: what is in the future of the earlier one is the models' business.
    for stream in STREAMS:
        lake.extract_stream(
            stream, real_landing, folder, pseudonym_key=KEY, as_of=WEB_AS_OF, now=WEB_AS_OF
        )
    return folder


@pytest.fixture(scope="session")
def real_warehouse(real_lake: Path, parsed_settings: Any) -> Warehouse:
    """Everything up to the scorecard, as of the end of January 2021."""
    return _build(
        parsed_settings, real_lake, AS_OF, ("+kpi_scorecard", "+fct_messages", "+fct_replies")
    )


@pytest.fixture(scope="session")
def real_web_warehouse(
    real_lake: Path, parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> Warehouse:
    """The facts of web and money of the same lake, as of the middle of April 2026."""
    folder = tmp_path_factory.mktemp("real_web")
    (folder / "lake").symlink_to(real_lake / "lake", target_is_directory=True)
    return _build(parsed_settings, folder, WEB_AS_OF, [f"+{model}" for model in WEB_MODELS])


def _build(parsed: Any, folder: Path, as_of: datetime, models: Sequence[str]) -> Warehouse:
    from orchestration.settings import Settings
    from tests import warehouses

    warehouses.build(parsed, Settings(data_dir=folder), as_of, models)
    return Warehouse(folder)
