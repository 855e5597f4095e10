"""A build that dies on purpose, in a process of its own.

`python tests/delta/broken.py <how> <data folder> <selection …>`: `killed` ends itself in mid-build,
`disk` may write no file beyond a few megabytes, as on a full disk, `memory` has next to none. What
the build says goes to standard error; what must hold afterwards is in the tests.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
AS_OF = datetime(2026, 4, 15, 6, tzinfo=UTC)
ZONE = "America/New_York"
# Less than the warehouse of the smallest company takes, more than an empty one.
LARGEST_FILE = 6_000_000
LEAST_MEMORY = "8MB"
# Nodes that are through when the process is killed.
NODES_BEFORE_DEATH = 40


def main(how: str, folder: str, select: list[str]) -> int:
    """Build everything of the selection and die of it."""
    sys.path.insert(0, str(PROJECT))
    from orchestration.errors import WarehouseError
    from orchestration.settings import Settings
    from orchestration.warehouse import building, parsing
    from tests.warehouses import KEY

    settings = Settings(data_dir=Path(folder), reporting_zone=ZONE, pseudonym_key=KEY)
    manifest = parsing.take_parsed(settings)
    done = []

    def count(event: object) -> None:
        done.append(event.info.name == "LogModelResult")
        if how == "killed" and sum(done) >= NODES_BEFORE_DEATH:
            os.kill(os.getpid(), signal.SIGKILL)

    if how == "disk":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    if how == "memory":
        os.environ["DUCKDB_MEMORY_LIMIT"] = LEAST_MEMORY
    try:
        building.build_models(settings, AS_OF, manifest, select=select, full=True, on_event=count)
    except WarehouseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
