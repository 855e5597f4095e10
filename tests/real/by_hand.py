"""Lent files read with `csv`, and keys as the warehouse makes them.

What counting by hand needs whatever is counted belongs here: reading, keys. What is counted is in
`care_by_hand.py` and `web_by_hand.py`.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path


def records(path: Path) -> Iterator[dict[str, str]]:
    """The records of a CSV file; columns that a record lacks are absent, not None."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for record in csv.DictReader(file):
            yield {name: cell for name, cell in record.items() if cell is not None}


def key(*parts: str) -> str:
    """The key of a thing in the warehouse, from the source it comes from and its own ids there."""
    text = "|".join(f"v{part}" for part in parts)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
