"""Which tables are published: every mart, some seeds, and the fate of every landing file.

What a table is called and what a reader should know about it belongs here. Its rows do not: they
are copied from the warehouse as the models made them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNPUBLISHED_TAG = "unpublished"
PUBLISHED_TAG = "published"

# A model that is no table for BI but that a review quotes from becomes this file beside the marts.
REVIEW_FILE_META = "review_file"


@dataclass(frozen=True)
class Table:
    """A table to publish: where the warehouse has it, and what a reader should know about it."""

    schema: str
    name: str
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    review_file: str | None = None


EXTRACTION_FILES = Table(
    "marts",
    "extraction_files",
    "Each row is a version of a landing file, with what became of its rows: read = in the lake + "
    "quarantined.",
)


def published_tables(manifest: Mapping[str, Any]) -> list[Table]:
    """Every model under models/marts but those tagged `unpublished`; seeds tagged `published`.

    A model with `meta.review_file` becomes that file beside the marts and no table in them.
    """
    tables = []
    for node in manifest["nodes"].values():
        review_file = node["config"].get("meta", {}).get(REVIEW_FILE_META)
        is_mart = node["resource_type"] == "model" and "marts" in node["fqn"]
        is_shown = is_mart and UNPUBLISHED_TAG not in node["tags"]
        is_reference = node["resource_type"] == "seed" and PUBLISHED_TAG in node["tags"]
        if not (is_shown or is_reference or (is_mart and review_file)):
            continue
        columns = {name: column["description"] for name, column in node["columns"].items()}
        tables.append(
            Table(node["schema"], node["alias"], node["description"], columns, review_file)
        )
    return sorted(tables, key=lambda table: table.name)
