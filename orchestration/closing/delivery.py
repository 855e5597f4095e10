"""What the update of a week told, kept when it is first written: the next says what has moved.

Only which updates are kept, and from what, belongs here. Months and quarters are closed instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.closing import records
from orchestration.closing.archive import Told
from orchestration.closing.rules import rules_version
from orchestration.publish import code_version

if TYPE_CHECKING:
    from orchestration.reviews.periods import Period
    from orchestration.reviews.serving import Publication
    from orchestration.settings import Settings


def record(settings: Settings, marts: Path, publication: Publication, period: Period) -> bool:
    """Keep what a weekly update told, unless an earlier one did; no other review is kept here.

    A week that was not over is no delivery. By which rules its numbers were made is known where the
    code that writes it is the code that published them.
    """
    import duckdb

    if period.kind != "week" or publication.as_of_on <= period.ends_on:
        return False
    is_same_code = publication.code_version == code_version()
    told = Told(
        kind=period.kind,
        label=period.label,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        as_of_at=publication.as_of_at,
        snapshot_id=publication.snapshot_id,
        code_version=publication.code_version,
        rules_version=rules_version(settings) if is_same_code else "",
    )
    with duckdb.connect(str(marts), read_only=True) as connection:
        return records.record_update(connection, told, settings.data_dir)
