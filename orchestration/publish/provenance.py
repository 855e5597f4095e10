"""Where a publication comes from: the run, its as-of, the code and reference data behind it.

What a publication says about its making belongs here. What it contains does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from orchestration.settings import PROJECT_DIR

CODE_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".j2", ".html", ".css"}
GENERATED = {"__pycache__", "target", "logs"}


@dataclass(frozen=True)
class Run:
    """What a publication says about the run that made it."""

    run_id: str
    as_of: datetime
    code_version: str
    checks_passed: int
    reporting_currency: str


def code_version(
    folders: Iterable[str] = ("orchestration", "dbt_project", "models", "seeds"),
) -> str:
    """A digest of the code and reference data that make numbers; the same on every machine."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((PROJECT_DIR / folder).rglob("*")):
            relative = path.relative_to(PROJECT_DIR)
            if path.suffix in CODE_SUFFIXES and not GENERATED & set(relative.parts):
                digest.update(relative.as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
