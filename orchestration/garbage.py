"""How often Python looks through its objects for cycles nobody holds any more.

Loading libraries, parsing a project and planning a run make millions of objects that stay: at
Python's usual pace it looks through them thousands of times and finds nothing
(`benchmarks/start_up.md`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Objects made between two looks, then looks of one generation between two of the next: 700, 10, 10
#: usually.
SELDOM = (100_000, 20, 100)


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Look for cycles a hundred times less often; memory grows by some ten megabytes."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
