"""Alerts: what went wrong, posted as JSON to the webhook of the settings.

Sending belongs here: timeout, retries, and that neither the address nor a failure to send ever
shows up in a run. What is worth an alert is decided in `runs/hooks.py`. Alerts carry names and
counts; rows stay in the run summary.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestration.settings import Settings

logger = logging.getLogger(__name__)

TIMEOUT_S = 10.0
#: Seconds to wait before each further attempt; a receiver that names a time is believed up to this.
WAITS_S = (1.0, 4.0, 15.0)
LONGEST_WAIT_S = 30.0
RETRIED = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


@dataclass(frozen=True)
class Alert:
    """What happened in a run, for people and for machines.

    Attributes:
        event: `run_failed` or `run_warned`.
        text: one line for a chat.
        details: further values, all of which JSON can hold.
        occasion: what tells it from any other alert where there is no run to do so.
    """

    event: str
    text: str
    details: Mapping[str, Any]
    occasion: str = field(default_factory=lambda: uuid.uuid4().hex, compare=False)

    @property
    def body(self) -> bytes:
        """The JSON that is posted."""
        told = {"event": self.event, "text": self.text, **self.details}
        return json.dumps(told, ensure_ascii=False, default=str).encode()

    @property
    def key(self) -> str:
        """The same for each attempt, so that a receiver can tell a repetition, and for no other."""
        digest = hashlib.sha256(self.body).hexdigest()[:16]
        return f"{self.event}:{self.details.get('run_id') or self.occasion}:{digest}"


def send(settings: Settings, alert: Alert, *, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Post an alert to the webhook, if there is one.

    Receivers that fail or do not answer in time are asked again; one that refuses is not. Nothing
    is raised: a run does not fail because nobody could be told.

    Returns:
        Whether the receiver took it.
    """
    if settings.alert_webhook_url is None:
        return False
    address = settings.alert_webhook_url.get_secret_value()
    for attempt, wait in enumerate((*WAITS_S, None), start=1):
        answer = _post(address, alert)
        if answer.is_taken:
            return True
        if wait is None or not answer.is_worth_repeating:
            # Words of ours only: those of an error may hold the address.
            logger.warning(
                "The alert %s could not be delivered after %d attempts: %s",
                alert.event,
                attempt,
                answer.words,
            )
            return False
        sleep(max(wait, answer.wait_s))
    return False


@dataclass(frozen=True)
class _Answer:
    words: str
    is_taken: bool = False
    is_worth_repeating: bool = False
    wait_s: float = 0.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook is where the settings say it is; whoever answers elsewhere is not asked."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _post(address: str, alert: Alert) -> _Answer:
    try:
        request = urllib.request.Request(  # noqa: S310
            address,
            data=alert.body,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Idempotency-Key": alert.key,
                "User-Agent": "social-kpi-warehouse",
            },
            method="POST",
        )
        opener = urllib.request.build_opener(_NoRedirect)
        with opener.open(request, timeout=TIMEOUT_S) as response:
            return _Answer(f"status {response.status}", is_taken=True)
    except urllib.error.HTTPError as error:
        with error:
            is_fault = error.code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.code in RETRIED
            wait_s = _asked_wait(error.headers)
            return _Answer(f"status {error.code}", is_worth_repeating=is_fault, wait_s=wait_s)
    except (TimeoutError, urllib.error.URLError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        name = "no answer in time" if isinstance(reason, TimeoutError) else "no connection"
        return _Answer(name, is_worth_repeating=True)
    except Exception as error:
        # An address that cannot be used, or an answer that is no HTTP: never the run's problem.
        return _Answer(type(error).__name__)


def _asked_wait(headers: Message) -> float:
    """Seconds that a receiver asks to wait, at most `LONGEST_WAIT_S`; 0 where it does not say."""
    asked = str(headers.get("Retry-After", ""))
    return min(float(asked), LONGEST_WAIT_S) if asked.isascii() and asked.isdigit() else 0.0
