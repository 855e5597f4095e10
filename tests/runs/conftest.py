"""A receiver of alerts on this machine that answers as a test wants it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from orchestration.settings import Settings

SECRET = "T0P-S3CR3T"


@dataclass
class Receiver:
    """Answers with each of `answers` in turn, the last one for ever, and keeps what it was sent.

    An answer is a status, a pair of status and headers, or None: no answer at all.
    """

    address: str = ""
    answers: list[Any] = field(default_factory=lambda: [200])
    got: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> Any:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append(json.loads(body))
            state.keys.append(self.headers["Idempotency-Key"])
            answer = state.answer()
            if answer is None:
                # Longer than any test waits: the other side has to give up.
                state.over.wait(30)
                return
            status, headers = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}/hooks/{SECRET}"
    yield state
    state.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def alerting(receiver: Receiver, tmp_path) -> Settings:
    return Settings(data_dir=tmp_path, alert_webhook_url=SecretStr(receiver.address))
