"""The commands about closed periods: close one, list and verify them.

Talking to a person and exit codes belong here. What closing is does not.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.settings import Settings


def close(settings: Settings, label: str, *, early: bool) -> int:
    """Close a month or quarter as of what is published."""
    from orchestration.closing.close import close as close_period

    closing = close_period(settings, label, early=early)
    told = closing.told
    lines = [
        f"{label} is closed as of {told.as_of_at:%Y-%m-%d %H:%M} UTC, snapshot {told.snapshot_id}.",
        f"  kept in  {closing.folder} (read-only, {len(closing.files)} files with checksums)",
        "  later    what a refresh finds different is in kpi_restatements and on the next review",
    ]
    if told.is_early:
        lines.append("  early    some of its numbers were not settled and are marked provisional")
    print("\n".join(lines))
    return 0


def closed(settings: Settings, *, verify: bool) -> int:
    """List the closed periods; with `verify`, read every byte of them again."""
    from orchestration.closing import archive

    found = archive.closings(settings.data_dir)
    if not found:
        print("Nothing is closed yet: `make close PERIOD=2026-Q1` closes a quarter.")
        return 0
    broken = 0
    for closing in found:
        told = closing.told
        wrong = archive.problems(closing, thoroughly=verify)
        broken += bool(wrong)
        how = "changed" if wrong else "whole" if verify else "kept"
        print(
            f"{told.label:<8}  {how:<7}  as of {told.as_of_at:%Y-%m-%d %H:%M} UTC  "
            f"snapshot {told.snapshot_id}{'  early' if told.is_early else ''}"
        )
        for line in wrong:
            print(f"          {line}")
    if broken:
        print(
            f"\n{broken} of {len(found)} closed periods are not as they were. Bring their folders "
            f"back from a backup ({settings.data_dir / archive.CLOSED}).",
            file=sys.stderr,
        )
    return 1 if broken else 0
