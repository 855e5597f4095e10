"""The dbt project: parsed, built, tested, and shown to Dagster as assets.

What other packages use is listed here. The work is in the modules.
"""

from orchestration.warehouse.assets import (
    POOL,
    keys_by_table,
    warehouse_assets,
    with_attached_tests,
)
from orchestration.warehouse.building import build, build_models, check
from orchestration.warehouse.delta import versions
from orchestration.warehouse.invoking import invoke, memory_limit
from orchestration.warehouse.outcome import failing_rows
from orchestration.warehouse.parsing import manifest_path, parse, take_parsed
from orchestration.warehouse.project import dbt_vars, reporting_currency, target_dir

__all__ = [
    "POOL",
    "build",
    "build_models",
    "check",
    "dbt_vars",
    "failing_rows",
    "invoke",
    "keys_by_table",
    "manifest_path",
    "memory_limit",
    "parse",
    "reporting_currency",
    "take_parsed",
    "target_dir",
    "versions",
    "warehouse_assets",
    "with_attached_tests",
]
