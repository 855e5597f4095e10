"""A headless Chromium to look at pages with: opened over its debugging pipe, no package needed.

Starting, asking and stopping the browser belongs here, and what it noticed (console, requests,
errors). What a page must look like is asserted in the tests.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-default-browser-check",
    "--no-first-run",
    "--remote-debugging-pipe",
)
PATIENCE_S = 60
#: Looking at every rule of every element of a long page on a busy machine.
AUDIT_PATIENCE_S = 300
#: The browser reads commands from descriptor 3 and writes answers to descriptor 4. The given ones
#: are first moved out of the way, because either could be 3 or 4 itself.
LAUNCH = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class BrowserMissingError(Exception):
    """There is no Chromium on this machine."""


def executable() -> str:
    """Path of the browser: `CHROMIUM` if set, else the first known name on the path."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise BrowserMissingError(
        "the review tests open pages in Chromium and found none; install it "
        "(Debian, Ubuntu: apt-get install chromium) or point CHROMIUM at the executable"
    )


@dataclass
class Seen:
    """What the browser noticed while a page was open."""

    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)


class Browser:
    """One browser with one tab; a context manager."""

    def __enter__(self) -> Browser:
        self._profile = tempfile.mkdtemp(prefix="reviews-browser-")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                LAUNCH,
                str(to_browser),
                str(from_browser),
                executable(),
                *FLAGS,
                f"--user-data-dir={self._profile}",
                "about:blank",
            ],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._id = 0
        self._session: str | None = None
        self._loaded = False
        self.seen = Seen()
        targets = self._ask("Target.getTargets")["targetInfos"]
        page = next(each for each in targets if each["type"] == "page")
        self._session = self._ask("Target.attachToTarget", targetId=page["targetId"], flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self._ask(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._write)
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)

    # -- the protocol ----------------------------------------------------------------------------

    def _ask(
        self, method: str, patience_s: float = PATIENCE_S, **parameters: Any
    ) -> dict[str, Any]:
        self._id += 1
        message: dict[str, Any] = {"id": self._id, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        while True:
            answer = self._next(time.monotonic() + patience_s)
            if answer.get("id") == self._id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser did not answer in time")
            data = os.read(self._read, 1 << 20)
            if not data:
                raise RuntimeError("the browser ended on its own")
            self._buffer += data
        raw, self._buffer = self._buffer.split(b"\0", 1)
        message = json.loads(raw)
        self._notice(message.get("method"), message.get("params", {}))
        return message

    def _notice(self, method: str | None, parameters: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.seen.requests.append(parameters["request"]["url"])
        elif method == "Network.loadingFailed":
            self.seen.failures.append(parameters.get("errorText", ""))
        elif method == "Network.responseReceived":
            status = parameters["response"].get("status", 200)
            if status >= 400:
                self.seen.failures.append(f"{status} {parameters['response']['url']}")
        elif method == "Runtime.exceptionThrown":
            self.seen.console.append(parameters["exceptionDetails"].get("text", "exception"))
        elif method == "Runtime.consoleAPICalled":
            said = " ".join(str(each.get("value", "")) for each in parameters["args"])
            self.seen.console.append(f"{parameters['type']}: {said}")
        elif method == "Log.entryAdded":
            entry = parameters["entry"]
            self.seen.console.append(f"{entry['level']}: {entry['text']}")
        elif method == "Page.loadEventFired":
            self._loaded = True

    # -- what tests use --------------------------------------------------------------------------

    def resize(self, width: int, height: int) -> None:
        """Set the size of the view in CSS pixels; narrow views are phones."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def open(self, page: Path) -> Seen:
        """Open a file and return what was noticed until it had loaded and painted."""
        self.seen = Seen()
        self._loaded = False
        self._ask("Page.navigate", url=page.resolve().as_uri())
        until = time.monotonic() + PATIENCE_S
        while not self._loaded:
            self._next(until)
        self.run("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
        return self.seen

    def run(self, expression: str, patience_s: float = PATIENCE_S) -> Any:
        """The value of a JavaScript expression on the page; promises are awaited."""
        answer = self._ask(
            "Runtime.evaluate",
            patience_s,
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def violations(self, without: Sequence[str] = ()) -> list[str]:
        """What axe-core finds against the page as it is shown: rule and element, one a line.

        The rules are those of WCAG at level AA and of good practice, but for those left out.
        """
        import axe_core_python

        program = Path(axe_core_python.__file__).parent / "axe.min.js"
        self.run(f"{program.read_text(encoding='utf-8')}; null")
        rules = json.dumps({rule: {"enabled": False} for rule in without})
        return self.run(
            f"axe.run(document, {{resultTypes: ['violations'], rules: {rules}}})"
            ".then(found => found.violations.flatMap(rule => rule.nodes.map(node => "
            "`${rule.id}: ${node.html.slice(0, 160)}`)))",
            patience_s=AUDIT_PATIENCE_S,
        )

    def screenshot(self, path: Path, top: float, width: float, height: float) -> None:
        """Save a part of the page, from `top` down, as a picture."""
        answer = self._ask(
            "Page.captureScreenshot",
            captureBeyondViewport=True,
            clip={"x": 0, "y": top, "width": width, "height": height, "scale": 1},
        )
        path.write_bytes(base64.b64decode(answer["data"]))

    def media(self, name: str) -> None:
        """Show the page as on `screen` or in `print`."""
        self._ask("Emulation.setEmulatedMedia", media=name)

    def print(self, path: Path) -> None:
        """Save the page as an A4 PDF, as the page's own print style wants it."""
        answer = self._ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        path.write_bytes(base64.b64decode(answer["data"]))
