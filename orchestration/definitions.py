"""The whole graph on one screen: which assets, checks, jobs, schedules and sensors there are.

Putting parts together belongs here. Making a part does not: each comes from its layer's module.
"""

from __future__ import annotations

import json

import dagster as dg

from orchestration import automation, warehouse
from orchestration.closing.assets import closing_assets, closing_records
from orchestration.exports import assets as extraction
from orchestration.exports.registry import STREAMS
from orchestration.history import record_assets
from orchestration.publish import published_tables
from orchestration.publish.asset import publication_asset
from orchestration.quality.checks import quality_checks
from orchestration.reviews.assets import PARTITIONS, review_assets
from orchestration.settings import Settings, load_settings


def build(settings: Settings) -> dg.Definitions:
    """The code location for one data folder."""
    manifest = json.loads(warehouse.manifest_path(settings).read_text())
    marts = warehouse.warehouse_assets(settings)
    keys = warehouse.keys_by_table(marts, manifest)
    checks = quality_checks(settings, keys, warehouse.POOL)
    publication = publication_asset(
        settings,
        manifest,
        deps=[
            *(keys[table.name] for table in published_tables(manifest)),
            extraction.FILES,
        ],
        checks=[*marts.check_keys, *(key for check in checks for key in check.check_keys)],
        periods=PARTITIONS,
        pool=warehouse.POOL,
    )
    return dg.Definitions(
        assets=[
            *extraction.landing_specs(STREAMS),
            *extraction.stream_assets(settings, STREAMS),
            record_assets(settings, extraction.GROUP),
            closing_records(settings, extraction.GROUP),
            marts,
            publication,
            *review_assets(settings, deps=[publication.key]),
            *closing_assets(settings, deps=[publication.key]),
        ],
        asset_checks=checks,
        jobs=automation.jobs(settings),
        schedules=automation.schedules(settings),
        sensors=[automation.landing_sensor(settings)],
        executor=dg.in_process_executor,
    )


@dg.definitions
def code_location() -> dg.Definitions:
    """What Dagster loads: the graph for the data folder that the environment names."""
    return build(load_settings())
