"""Audited marts to serving: one complete snapshot, switched to in one atomic step.

Serving is the embedded file with its Parquet and, where one is set, a PostgreSQL database; both
have the same snapshot. Deciding whether the marts may be published does not belong here (the checks
do that), nor does any number: tables are copied as the models made them. Dagster's asset is in
`asset`, so that whoever only reads what is published does not load Dagster.
"""

from orchestration.publish.embedded import SERVING_FILE, current_snapshot
from orchestration.publish.periods import periods_with_numbers
from orchestration.publish.provenance import Run, code_version
from orchestration.publish.stores import Snapshot, publish, rollback, snapshots
from orchestration.publish.tables import Table, published_tables

__all__ = [
    "SERVING_FILE",
    "Run",
    "Snapshot",
    "Table",
    "code_version",
    "current_snapshot",
    "periods_with_numbers",
    "publish",
    "published_tables",
    "rollback",
    "snapshots",
]
