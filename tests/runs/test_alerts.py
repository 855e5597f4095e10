"""Alerts reach the webhook, are tried again, and never hurt the run or give the address away."""

from __future__ import annotations

import logging
import socket

import pytest
from pydantic import SecretStr

from orchestration import alerts
from orchestration.alerts import Alert, send
from orchestration.settings import Settings

from .conftest import SECRET, Receiver

ALERT = Alert("run_failed", "refresh failed", {"run_id": "run-1", "problems": []})


class Sleeper:
    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def sleep() -> Sleeper:
    return Sleeper()


def test_an_alert_is_json_with_a_line_for_people(receiver, alerting, sleep) -> None:
    assert send(alerting, ALERT, sleep=sleep)
    assert receiver.got == [
        {"event": "run_failed", "text": "refresh failed", "run_id": "run-1", "problems": []}
    ]
    assert sleep.slept == []


def test_a_receiver_that_fails_is_asked_again_later_and_later(receiver, alerting, sleep) -> None:
    receiver.answers = [500, 503, 200]
    assert send(alerting, ALERT, sleep=sleep)
    assert len(receiver.got) == 3
    assert sleep.slept == [1.0, 4.0]
    [key] = set(receiver.keys)
    assert key.startswith("run_failed:run-1:")


def test_alerts_that_say_something_else_have_keys_of_their_own(receiver, alerting, sleep) -> None:
    """Two steps of one run that fail, and a command that fails alike on two mornings."""
    step = [{"where": "step x"}]
    for alert in (
        ALERT,
        Alert("run_failed", "refresh failed", {"run_id": "run-1", "problems": step}),
        Alert("run_failed", "refresh failed", {"problems": step}),
        Alert("run_failed", "refresh failed", {"problems": step}),
    ):
        assert send(alerting, alert, sleep=sleep)
    assert len(set(receiver.keys)) == 4


def test_a_receiver_that_always_fails_is_given_up(receiver, alerting, sleep, caplog) -> None:
    receiver.answers = [500]
    assert not send(alerting, ALERT, sleep=sleep)
    assert len(receiver.got) == 4
    assert "status 500" in caplog.text


def test_a_receiver_that_refuses_is_not_asked_again(receiver, alerting, sleep) -> None:
    receiver.answers = [404]
    assert not send(alerting, ALERT, sleep=sleep)
    assert len(receiver.got) == 1


def test_a_receiver_says_how_long_to_wait(receiver, alerting, sleep) -> None:
    receiver.answers = [(429, {"Retry-After": "9"}), (429, {"Retry-After": "86400"}), 200]
    assert send(alerting, ALERT, sleep=sleep)
    assert sleep.slept == [9.0, alerts.LONGEST_WAIT_S]


def test_a_receiver_that_does_not_answer_in_time_is_given_up(
    receiver, alerting, sleep, monkeypatch, caplog
) -> None:
    monkeypatch.setattr(alerts, "TIMEOUT_S", 0.1)
    receiver.answers = [None]
    assert not send(alerting, ALERT, sleep=sleep)
    assert len(receiver.got) == 4
    assert "no answer in time" in caplog.text


def test_an_alert_is_not_sent_where_an_answer_leads_elsewhere(
    receiver: Receiver, alerting: Settings, sleep: Sleeper
) -> None:
    receiver.answers = [(302, {"Location": receiver.address + "/elsewhere"}), 200]
    assert not send(alerting, ALERT, sleep=sleep)
    assert len(receiver.got) == 1


def unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize("kind", ["nobody listens", "no such name", "no address"])
def test_nothing_is_raised_and_the_address_is_never_told(kind, tmp_path, sleep, caplog) -> None:
    address = {
        "nobody listens": f"http://127.0.0.1:{unused_port()}/{SECRET}",
        "no such name": f"http://no-such-host.invalid/{SECRET}",
        "no address": f"http://[broken/ {SECRET}\n",
    }[kind]
    settings = Settings(data_dir=tmp_path).model_copy(
        update={"alert_webhook_url": SecretStr(address)}
    )
    with caplog.at_level(logging.DEBUG):
        assert not send(settings, ALERT, sleep=sleep)
    assert "could not be delivered" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in repr(settings)


def test_without_a_webhook_nothing_is_sent(tmp_path, sleep) -> None:
    assert not send(Settings(data_dir=tmp_path), ALERT, sleep=sleep)
    assert sleep.slept == []
