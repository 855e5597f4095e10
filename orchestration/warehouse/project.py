"""Where the dbt project is, what it is told, and a digest of what parsing it depends on.

Paths, variables and values of `dbt_project.yml` belong here. Calling dbt does not.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.closing.rules import rules_version
from orchestration.settings import PROJECT_DIR, Settings

DBT_DIR = PROJECT_DIR / "dbt_project"
SOURCE_DIRS = (DBT_DIR, PROJECT_DIR / "models", PROJECT_DIR / "seeds")
SOURCE_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".md"}


def target_dir(settings: Settings) -> Path:
    """Where dbt keeps the manifest and compiled SQL of this data folder."""
    return settings.data_dir / "dbt" / "target"


def instant(at: datetime) -> str:
    """An instant of UTC as models are told it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def dbt_vars(settings: Settings, as_of: datetime) -> dict[str, Any]:
    """The variables every dbt command of a run gets."""
    return {"as_of": instant(as_of), **settled_vars(settings)}


def settled_vars(settings: Settings) -> dict[str, Any]:
    """Those of them that stay from run to run."""
    return {
        "reporting_zone": settings.reporting_zone,
        "fiscal_year_start_month": settings.fiscal_year_start_month,
        "week_start": settings.week_start,
        "rules_version": rules_version(settings),
    }


def reporting_currency() -> str:
    """The ISO code of the currency every amount of the marts is in."""
    import yaml

    declared = yaml.safe_load((DBT_DIR / "dbt_project.yml").read_text())
    return declared["vars"]["reporting_currency"]


def fingerprint(settings: Settings) -> str:
    """A digest of everything parsing depends on: the project's files and the data folder."""
    digest = hashlib.sha256(str(settings.data_dir).encode())
    for folder in SOURCE_DIRS:
        for path in sorted(folder.rglob("*")):
            if path.suffix in SOURCE_SUFFIXES and "target" not in path.relative_to(folder).parts:
                digest.update(path.relative_to(PROJECT_DIR).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
