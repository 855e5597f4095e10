"""The bench of a session: the project compiled once, a warehouse in memory, and how many worlds.

Making what the tests work on belongs here; what they ask of it does not.
"""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

# Worlds a run tries, and the most that share one build.
PROFILES = {"ci": 150, "full": 2400}
BATCH = 400

# What the tests of audience, attribution and listening read.
AUDIENCE = ("fct_engagement", "fct_followers", "fct_reach", "kpi_values_publishing")
ATTRIBUTION = ("fct_attribution", "kpi_attribution_effects", "kpi_attribution_sensitivity")
LISTENING = ("bridge_mention_keywords", "kpi_values_mentions", "kpi_values_crises")


@pytest.fixture(scope="session")
def world_count(request: pytest.FixtureRequest) -> int:
    """How many worlds to try: `ORACLE_PROFILE` is `ci` unless the environment says `full`."""
    return PROFILES[os.environ.get("ORACLE_PROFILE", "ci")]


@pytest.fixture(scope="session")
def _warehouses(parsed_settings: Any) -> tuple[Any, ...]:
    """For care, listening, audience and attribution, of the project compiled once."""
    from datetime import UTC

    from orchestration import warehouse
    from tests.oracle.bench import TARGETS
    from tests.oracle.harness import Warehouse, compile_project
    from tests.oracle.worlds import AS_OF, ZONE

    settings = parsed_settings.model_copy(update={"reporting_zone": ZONE})
    manifest = warehouse.take_parsed(settings)
    project = compile_project(settings, manifest, AS_OF.replace(tzinfo=UTC))
    wanted = (TARGETS, LISTENING, AUDIENCE, ATTRIBUTION)
    made = tuple(Warehouse(project, targets) for targets in wanted)
    # The folder belongs to the parsed project: what was needed to compile goes again.
    shutil.rmtree(settings.data_dir / "lake")
    return made


@pytest.fixture(scope="session")
def bench(_warehouses: tuple[Any, ...]) -> Any:
    """Warehouse and oracle side by side."""
    from tests.oracle.bench import Bench

    return Bench(_warehouses[0])


@pytest.fixture(scope="session")
def listening(_warehouses: tuple[Any, ...]) -> Any:
    """The warehouse up to mentions, share of voice and crises."""
    return _warehouses[1]


@pytest.fixture(scope="session")
def audience(_warehouses: tuple[Any, ...]) -> Any:
    """The warehouse up to engagement, followers and reach."""
    return _warehouses[2]


@pytest.fixture(scope="session")
def attribution_warehouse(_warehouses: tuple[Any, ...]) -> Any:
    """The warehouse up to credits, effects of channels and sensitivity."""
    return _warehouses[3]
