"""What tests of several parts share: the parsed project, and one run on a simulated company.

Fixtures that take long and are needed by more than one folder belong here. Data for one folder's
tests belongs in that folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.warehouses import company, lend

PROJECT = Path(__file__).resolve().parents[1]

# Tests that look at the run of the pipeline, or at what it made.
OF_THE_PIPELINE = (
    "tests/bi/",
    "tests/closing/",
    "tests/docs/",
    "tests/house/",
    "tests/oracle/test_company.py",
    "tests/publish/",
    "tests/semantic/",
    "tests/truth/test_data_quality.py",
)


# Shares that take longest, for these to be begun first.
LONGEST = ("pipeline", "tests/truth", "tests/delta", "tests/reviews")


def share_of(nodeid: str) -> str:
    """The tests that go to one process together: they share what takes long to make."""
    if nodeid.startswith(OF_THE_PIPELINE):
        return "pipeline"
    return "/".join(nodeid.split("/")[:2])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest shares first: none of them is left over when the others are done."""
    places = {share: place for place, share in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(share_of(item.nodeid), len(LONGEST)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With several processes, each takes the next share."""
    from xdist.scheduler import LoadScopeScheduling

    class Sharing(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return share_of(nodeid)

    return Sharing(config, log)


@pytest.fixture(autouse=True, scope="session")
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of whoever runs the tests reaches them, and no run history is shared."""
    with pytest.MonkeyPatch.context() as patch:
        import os

        for name in list(os.environ):
            if name.startswith(("WAREHOUSE_", "DAGSTER_", "SERVING_")):
                patch.delenv(name)
        patch.setenv("DAGSTER_HOME", str(tmp_path_factory.mktemp("dagster")))
        patch.setenv("GX_ANALYTICS_ENABLED", "false")
        patch.setenv("DO_NOT_TRACK", "1")
        yield


@dataclass(frozen=True)
class Pipeline:
    """A simulated company after one refresh: files, truth, warehouse and serving."""

    settings: Any
    truth: Path
    instance: Any
    code_location: Any
    run_id: str
    success: bool

    def warehouse(self, sql: str) -> list[tuple]:
        """Ask the warehouse; it is opened for reading and closed again."""
        return _ask(self.settings.warehouse_path, sql)

    def serving(self, sql: str) -> list[tuple]:
        """Ask the published snapshot, as a BI tool would."""
        return _ask(self.settings.serving_dir / "kpi_marts.duckdb", sql)


def _ask(path: Path, sql: str) -> list[tuple]:
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def parsed_settings(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Settings of a data folder that has a current manifest and nothing else."""
    from orchestration import warehouse
    from orchestration.settings import Settings

    settings = Settings(data_dir=tmp_path_factory.mktemp("parsed"))
    warehouse.manifest_path(settings)
    return settings


@pytest.fixture(scope="session")
def manifest(parsed_settings: Any) -> dict[str, Any]:
    """The dbt project, parsed."""
    from orchestration import warehouse

    return json.loads(warehouse.manifest_path(parsed_settings).read_text())


@pytest.fixture(scope="session")
def pipeline(parsed_settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """The refresh job on a tiny simulated company, run once for every test that looks at it.

    Tests must leave its folder as it is; who changes things works on a copy.
    """
    import dagster as dg

    from orchestration import definitions
    from orchestration.automation import REFRESH

    settings = company(tmp_path_factory.mktemp("pipeline"))
    lend(parsed_settings, settings)
    instance = dg.DagsterInstance.ephemeral()
    code_location = definitions.build(settings)
    result = code_location.resolve_job_def(REFRESH).execute_in_process(
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    return Pipeline(
        settings,
        settings.data_dir / "truth",
        instance,
        code_location,
        result.run_id,
        result.success,
    )
