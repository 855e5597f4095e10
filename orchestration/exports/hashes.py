"""Hashes of landing files, remembered for as long as the file system says they are untouched.

Knowing when a file need not be read again belongs here. What a hash is used for does not.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path

from orchestration.exports.opening import sha256_of

# A file changed this shortly before it was hashed may change again within the same tick of its
# clock: its hash is not remembered.
SETTLED_AFTER_NS = 2_000_000_000


class Hashes:
    """Hashes of the files of one stream, in a small file of the lake.

    A file is read again where its size, its node or one of its times is another. The time of the
    last change of the node cannot be set by a copy or an archive, so a file that was put in place
    of another is noticed even where its other times were kept.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self._known = _read(store)
        self._used: dict[str, list[int | str]] = {}

    def of(self, path: Path) -> str:
        """Hash of the file's content."""
        stat = path.stat()
        signs = [stat.st_size, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns]
        known = self._known.get(str(path))
        if known is not None and known[:-1] == signs:
            self._used[str(path)] = known
            return known[-1]
        read_at = time.time_ns()
        digest = sha256_of(path)
        if max(stat.st_mtime_ns, stat.st_ctime_ns) < read_at - SETTLED_AFTER_NS:
            self._used[str(path)] = [*signs, digest]
        return digest

    def keep(self) -> None:
        """Remember what was asked for; files that have gone are forgotten."""
        if self._used == self._known:
            return
        self._store.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=self._store.parent, prefix=".")
        with os.fdopen(handle, "w") as file:
            json.dump(self._used, file)
        Path(scratch).replace(self._store)


def _read(store: Path) -> dict[str, list[int | str]]:
    try:
        return json.loads(store.read_text())
    except (OSError, ValueError):
        return {}
