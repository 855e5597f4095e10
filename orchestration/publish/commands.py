"""The commands about serving: which snapshots are kept, and back to one of them.

Saying to a person what is there and what was done belongs here. Doing it does not.
"""

from __future__ import annotations

from orchestration.publish import stores
from orchestration.settings import Settings

MEGABYTE = 1_000_000


def snapshots(settings: Settings) -> int:
    """The published snapshots that are kept, the latest first."""
    kept = stores.snapshots(settings)
    if not kept:
        print(f"Nothing has been published to {settings.serving_dir} yet.")
        return 0
    print("   snapshot          numbers as of         published             size    code")
    for each in kept:
        print(
            f"{'->' if each.is_current else '  '} {each.snapshot_id:<16}  "
            f"{each.as_of_at:%Y-%m-%d %H:%M:%S}   {each.published_at:%Y-%m-%d %H:%M:%S}  "
            f"{each.size / MEGABYTE:5.0f} MB  {each.code_version}"
        )
    print("\nTimes are UTC; -> is what readers have.")
    if settings.serving_postgres_dsn is not None:
        print(f"PostgreSQL shows {stores.shown_by_postgres(settings) or 'nothing yet'}.")
    return 0


def rollback(settings: Settings, snapshot: str | None = None) -> int:
    """Switch readers to a kept snapshot: the one named, else the one before the current."""
    done = stores.rollback(settings, snapshot)
    where = " and ".join(done.stores)
    if done.is_new:
        print(f"Readers of {where} now have snapshot {done.snapshot_id}.")
        print("The next refresh publishes again: mend what was wrong before, or stop its schedule.")
    else:
        print(f"Readers of {where} have snapshot {done.snapshot_id} already.")
    return 0
