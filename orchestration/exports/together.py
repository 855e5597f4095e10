"""The streams of one run, two at a time.

Who is extracted when, and who waits for what. What extracting a stream means is `lake.py`'s
business, and what Dagster is told of it that of `assets.py`.

Threads are enough: nine tenths of the time are DuckDB's, which lets go of Python meanwhile. Streams
share nothing in the lake but the folder of records, where each file has a name of its own and comes
to be by renaming.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.exports import lake
from orchestration.exports.contract import Stream

if TYPE_CHECKING:
    from orchestration.exports.lake import ExtractionReport

AT_ONCE = 2
# What one stream takes at most, its engine and the texts that Python holds beside it.
MEMORY_EACH_MB = 1_500


class Extraction:
    """Extraction of several streams, begun at once; each report is asked for by its stream.

    Args:
        streams: which. The ones with most bytes in the landing zone are begun first, so that none
            of them is left over at the end.
        landing_dir, data_dir, options: as `lake.extract_stream` takes them, for every stream.
    """

    def __init__(
        self, streams: Iterable[Stream], landing_dir: Path, data_dir: Path, **options: Any
    ) -> None:
        self._stopped = threading.Event()
        self._extract = partial(
            lake.extract_stream,
            landing_dir=Path(landing_dir),
            data_dir=data_dir,
            before_file=self._require_wanted,
            **options,
        )
        waiting = sorted(streams, key=lambda stream: -_landed_bytes(stream, Path(landing_dir)))
        self._waiting: dict[str, Future[ExtractionReport]] = {}
        if len(waiting) < 2 or at_once() < 2:
            return
        pool = ThreadPoolExecutor(at_once(), thread_name_prefix="extraction")
        for stream in waiting:
            self._waiting[stream.folder] = pool.submit(self._extract, stream)
        # Its threads end with the last stream, whether or not anybody asks for it.
        pool.shutdown(wait=False)

    def report(self, stream: Stream) -> ExtractionReport:
        """What the extraction of the stream did, as soon as it is done.

        A stream that is asked for a second time, or was not among those begun, is extracted now.

        Raises:
            Exception: whatever `lake.extract_stream` raised for this stream.
        """
        begun = self._waiting.pop(stream.folder, None)
        if begun is None:
            return self._extract(stream)
        try:
            return begun.result()
        except Exception:
            raise
        except BaseException:
            # The run is interrupted while it waits here: what it has not come to is not wanted.
            self._waiting[stream.folder] = begun
            self.stop()
            raise

    def stop(self) -> None:
        """Begin no further file, and wait for those being read; every part stays whole."""
        self._stopped.set()
        for future in self._waiting.values():
            future.cancel()
        wait_for(self._waiting.values())

    def _require_wanted(self) -> None:
        # Python waits for its threads when it ends: one that is not wanted any more ends by itself.
        if self._stopped.is_set() or not threading.main_thread().is_alive():
            raise CancelledError("the run of this extraction has ended")


def at_once() -> int:
    """How many streams are extracted at a time: as many as there are cores and memory for."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    room = physical // 2 // (MEMORY_EACH_MB * 1_000_000)
    return max(1, min(AT_ONCE, os.cpu_count() or 1, room))


def _landed_bytes(stream: Stream, landing: Path) -> int:
    total = 0
    for folder, _, names in os.walk(landing / stream.source / stream.name):
        for name in names:
            try:
                total += Path(folder, name).lstat().st_size
            except OSError:
                # Whoever fills the landing zone has taken it away; it counts for nothing.
                continue
    return total
