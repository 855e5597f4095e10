"""Which rules made the numbers: a digest of models, seeds, declarations and settings.

What may move a number without any new file belongs here. How pages look, what is tested and what
is only described does not: a closed number that moves is not explained by it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from orchestration.settings import PROJECT_DIR

if TYPE_CHECKING:
    from orchestration.settings import Settings

#: Where rules lie, and which files of it are rules.
RULES = (
    ("orchestration/exports", "*.py"),
    ("dbt_project/macros", "*.sql"),
    ("dbt_project", "dbt_project.yml"),
    ("models", "*.sql"),
    ("seeds", "*.csv"),
)
#: Words of analysts about numbers; they move none.
NO_RULES = {"seeds/review_notes.csv"}
#: Settings that decide which day, period or instant something belongs to.
SETTINGS = ("reporting_zone", "fiscal_year_start_month", "week_start", "export_zones")


def rules_version(settings: Settings) -> str:
    """A digest of everything but files that makes numbers; the same on every machine."""
    digest = hashlib.sha256()
    for folder, pattern in RULES:
        for path in sorted((PROJECT_DIR / folder).rglob(pattern)):
            name = path.relative_to(PROJECT_DIR).as_posix()
            if name not in NO_RULES:
                digest.update(name.encode())
                digest.update(path.read_bytes())
    for name in SETTINGS:
        value = getattr(settings, name)
        told = sorted(value.items()) if isinstance(value, dict) else value
        digest.update(f"{name}={told!r}".encode())
    return digest.hexdigest()[:12]
