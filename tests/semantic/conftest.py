"""MetricFlow over the published marts of the simulated company, and the scorecard beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest


@pytest.fixture(scope="session")
def engine(pipeline: Any) -> Any:
    from orchestration import semantics

    return semantics.engine(pipeline.settings)


@pytest.fixture
def marts(pipeline: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    path = pipeline.settings.serving_dir / "kpi_marts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection
