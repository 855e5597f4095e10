"""A real PostgreSQL for the tests: a cluster in a folder of its own, on loopback, with a password.

Starting and ending the server belongs here. What is put into it is the product's business.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

# Debian keeps the server's programs out of the path, a folder for each version.
DEBIAN = "/usr/lib/postgresql"

DATABASE = "warehouse"
PASSWORD = "pass word/with:odd@signs"
ENCODED = "pass%20word%2Fwith%3Aodd%40signs"

# What a crash would lose does not matter here; waiting for the disk would.
OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """A running server. It is one process tree of ours, ended by the id of its first process."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="warehouse-postgres-"))
        self.port = _free_port()
        self._user = _unprivileged()
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._initialise()
        self.start()
        self._make(DATABASE)

    def start(self) -> None:
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", **OPTIONS}
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    _program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
                    *(f"--{name}={value}" for name, value in options.items()),
                ],
                stdout=log, stderr=log, cwd=self.folder, **self._as_user(),
            )  # fmt: skip
        self._wait()

    def stop(self) -> None:
        """A fast shutdown: sessions are cut, what was committed stays."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=30)

    def close(self) -> None:
        """The end of the server and of all it holds, without the care of a shutdown."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=30)
        shutil.rmtree(self.folder)

    def emptied(self) -> str:
        """The address of the one database of the tests, with nothing in it."""
        import psycopg

        with psycopg.connect(self.address(DATABASE), autocommit=True) as connection:
            for (name,) in connection.execute(
                "select nspname from pg_namespace where nspname ~ '^(marts|public)'"
            ).fetchall():
                connection.execute(f'drop schema "{name}" cascade')
            connection.execute("create schema public")
        return self.address(DATABASE)

    def address(self, database: str, user: str = "admin", password: str = ENCODED) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def _make(self, database: str) -> None:
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"create database {database}")

    def closed_port(self) -> int:
        """A port of this machine nobody listens on."""
        return _free_port()

    def _initialise(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        subprocess.run(
            [
                _program("initdb"), "--no-sync", "--username=admin", "--auth=scram-sha-256",
                f"--pwfile={secret}", "--encoding=UTF8", "--locale=C",
                f"--pgdata={self.folder / 'data'}",
            ],
            check=True, capture_output=True, cwd=self.folder, **self._as_user(),
        )  # fmt: skip
        secret.unlink()

    def _as_user(self) -> dict[str, object]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _wait(self) -> None:
        import psycopg

        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise AssertionError((self.folder / "log").read_text()) from None
                time.sleep(0.05)


def _program(name: str) -> str:
    found = sorted(Path(DEBIAN).glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else shutil.which(name) or name


def _unprivileged() -> pwd.struct_passwd | None:
    """Who the server runs as. PostgreSQL refuses to be run by root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
