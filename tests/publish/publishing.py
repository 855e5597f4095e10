"""Somebody who publishes, as a process of its own that a test can kill at any moment.

It loads what publishing needs, says so, waits for a line, publishes, and prints the snapshot's id.
"""

from __future__ import annotations

import sys

import adbc_driver_postgresql.dbapi  # noqa: F401  loaded before the clock of the test runs
import duckdb  # noqa: F401
import psycopg  # noqa: F401

from orchestration.publish import publish
from orchestration.settings import load_settings
from tests.publish.conftest import TABLES, run

if __name__ == "__main__":
    settings = load_settings(env_file=None)
    print("ready", flush=True)
    sys.stdin.readline()
    print(publish(settings, TABLES, run(sys.argv[1])).snapshot_id, flush=True)
