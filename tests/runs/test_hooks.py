"""A run that ends leaves a summary a person can read, and tells the webhook what needs a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import dagster as dg
import pytest

from orchestration import alerts, automation, cli
from orchestration.closing import archive
from orchestration.errors import ProjectError
from orchestration.runs import hooks, summary
from orchestration.runs.events import Check, Publication, RunFacts, Stream
from orchestration.settings import Settings

from .conftest import SECRET, Receiver

ROWS = "2 of 9 rows break it\n    text=I am Ada Lovelace, call me"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "WAITS_S", (0.0,))


def execute(
    settings: Settings,
    *definitions: object,
    checks: tuple = (),
    instance: object = None,
    name: str = "refresh",
) -> tuple[str, bool]:
    job = dg.define_asset_job(name, hooks=hooks.run_hooks(settings))
    result = (
        dg.Definitions(
            assets=list(definitions),
            asset_checks=list(checks),
            jobs=[job],
            executor=dg.in_process_executor,
        )
        .resolve_job_def(name)
        .execute_in_process(
            instance=instance or dg.DagsterInstance.ephemeral(), raise_on_error=False
        )
    )
    path = summary.path_of(settings, result.run_id)
    return (path.read_text() if path.is_file() else ""), result.success


def publication(
    snapshot: str, rows: dict[str, int], is_new: bool = True, deps: tuple = ()
) -> dg.AssetsDefinition:
    @dg.asset(key=["serving", "publication"], deps=deps)
    def published() -> dg.MaterializeResult:
        return dg.MaterializeResult(
            metadata={
                "snapshot_id": snapshot,
                "is_new": is_new,
                "stores": "DuckDB",
                "rows": dg.MetadataValue.json(rows),
            }
        )

    return published


@dg.asset
def fct_messages() -> None:
    pass


@dg.asset_check(asset=fct_messages, blocking=True)
def volume() -> dg.AssetCheckResult:
    warning = dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(passed=False, severity=warning, description=ROWS)


def broken(words: str) -> dg.AssetsDefinition:
    @dg.asset
    def broken() -> None:
        raise ValueError(words)

    return broken


def test_a_failed_step_writes_a_summary_a_person_can_act_on(tmp_path) -> None:
    settings = Settings(data_dir=tmp_path)
    text, _ = execute(settings, broken("the file orders.csv has no column `id`"))
    assert "refresh failed" in text
    assert "step broken" in text
    assert "the file orders.csv has no column `id`" in text
    assert "there is no snapshot yet" in text
    assert "What to do" in text


def test_a_failure_is_alerted_by_name_and_without_rows(
    receiver: Receiver, alerting: Settings
) -> None:
    text, success = execute(alerting, broken(f"1 check failed\n{ROWS}"))
    assert not success
    [alert] = receiver.got
    assert alert["event"] == "run_failed"
    assert alert["text"] == "refresh failed: step broken. Nothing was published."
    assert alert["problems_in_all"] == 1
    assert "1 check failed" in alert["problems"][0]["what"]
    assert "Ada Lovelace" in text
    assert "Ada Lovelace" not in str(alert)


@pytest.mark.parametrize(
    ("job", "undone"),
    [
        ("refresh", "Nothing was published"),
        ("monthly_review", "No review was written"),
        ("quarterly_closing", "The closing was not finished"),
    ],
)
def test_a_failure_says_what_its_job_has_not_done(
    job: str, undone: str, receiver: Receiver, alerting: Settings
) -> None:
    text, _ = execute(alerting, broken("no"), name=job)
    [alert] = receiver.got
    assert alert["text"] == f"{job} failed: step broken. {undone}."
    assert f"{undone}: there is no snapshot yet." in text


def test_jobs_have_the_names_by_which_failures_are_worded(tmp_path) -> None:
    names = {job.name for job in automation.jobs(Settings(data_dir=tmp_path))}
    worded = summary.REVIEW_JOBS | set(archive.JOBS.values())
    assert names == {"refresh", *worded}


@pytest.mark.parametrize("what", ["summary", "verdicts"])
def test_a_disk_that_is_full_keeps_no_alert_back(
    what: str, receiver: Receiver, alerting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def full(*_: object) -> None:
        done.append("tried")
        raise OSError("No space left on device")

    if what == "summary":
        monkeypatch.setattr(summary, "write", full)
        monkeypatch.setattr(hooks, "record_run", lambda *_: done.append("recorded"))
    else:
        monkeypatch.setattr(hooks, "record_run", full)
    text, success = execute(alerting, broken("no"))
    assert not success
    assert len(receiver.got) == 1
    assert done == (["tried", "recorded"] if what == "summary" else ["tried"])
    assert ("refresh failed" in text) == (what == "verdicts")


def test_a_warning_is_alerted_although_the_run_succeeds(
    receiver: Receiver, alerting: Settings
) -> None:
    after = publication("abc", {"fct_messages": 4}, deps=(fct_messages,))
    text, success = execute(alerting, fct_messages, after, checks=(volume,))
    assert success
    [alert] = receiver.got
    assert alert["event"] == "run_warned"
    assert alert["problems"] == [{"where": "fct_messages: volume", "what": ""}]
    assert alert["snapshot_id"] == "abc"
    assert "Ada Lovelace" not in str(alert)
    assert "with 1 warning\n" in text


def test_a_good_run_alerts_nobody(receiver: Receiver, alerting: Settings) -> None:
    text, success = execute(alerting, publication("abc", {"fct_messages": 4}))
    assert success
    assert receiver.got == []
    assert "# refresh succeeded\n" in text
    assert "Snapshot abc: 1 table, 4 rows, in DuckDB." in text
    assert "The first snapshot" in text


@pytest.mark.parametrize("answer", [500, 404, None])
def test_a_webhook_that_cannot_be_reached_changes_no_run(
    answer: int | None, receiver: Receiver, alerting: Settings, monkeypatch
) -> None:
    monkeypatch.setattr(alerts, "TIMEOUT_S", 0.1)
    receiver.answers = [answer]
    text, success = execute(alerting, broken("no"), publication("abc", {"fct_messages": 4}))
    assert not success
    assert "refresh failed" in text
    assert SECRET not in text


def test_a_summary_says_what_changed_since_the_snapshot_before(tmp_path) -> None:
    settings = Settings(data_dir=tmp_path)
    before = {"fct_messages": 100, "fct_sla": 7, "old": 1, "dim_date": 3}
    now = {"fct_messages": 150, "fct_sla": 7, "new": 2, "dim_date": 3}
    with dg.instance_for_test() as instance:
        execute(settings, publication("abc", before), instance=instance)
        text, _ = execute(settings, publication("def", now), instance=instance)
        same, _ = execute(settings, publication("def", now, is_new=False), instance=instance)
    assert "| fct_messages | 100 | 150 |" in text.replace("\\_", "_")
    assert "| new | no such table | 2 |" in text
    assert "| old | 1 | no such table |" in text
    assert "fct_sla" not in text
    assert "nothing was switched" in same


def facts_of_a_run() -> RunFacts:
    counts = {
        "files_read": 3,
        "files_skipped": 9,
        "files_rejected": 1,
        "rows_read": 1200,
        "rows_in_lake": 1190,
        "rows_quarantined": 10,
    }
    idle = dict.fromkeys(counts, 0) | {"files_skipped": 4}
    return RunFacts(
        "run-1",
        "refresh",
        seconds=125.4,
        streams=[
            Stream("x/posts", counts, ("x/posts/a.csv: <img src=x> | `rm` required column",)),
            Stream("surveys/responses", idle),
        ],
        files_without_stream=("odd/file.txt: no stream is declared",),
        checks=Counter(passed=1999, warned=1),
        broken=[Check("kpi_scorecard", "drift", False, "a rate moved")],
        publication=Publication("abc", True, {"kpi_scorecard": 5}, "DuckDB", {"kpi_scorecard": 4}),
        steps=[("warehouse", 90.0), ("x__posts", 3.25)],
        models=[("stg_x__posts", 4.5), ("fct_messages", 0.7)],
    )


def test_a_summary_says_what_was_read_checked_and_slow() -> None:
    text = summary.of_success(facts_of_a_run())
    for told in (
        "refresh succeeded, with 3 warnings",
        "2 min 5 s",
        "| x/posts | 3 | 1 | 1,200 | 1,190 | 10 |",
        "Read before and unchanged: 13 files.",
        "2 tables; checks: 1,999 passed, 1 warned, 0 failed.",
        "| warehouse | 90.0 |",
        "| x/posts | 3.2 |",
        "| stg_x__posts | 4.5 |",
        "kpi_scorecard: drift",
    ):
        assert told in text, told
    assert "surveys/responses" not in text


def test_text_from_files_cannot_leave_its_line() -> None:
    text = summary.of_success(facts_of_a_run())
    assert "<img" not in text
    assert "&lt;img src=x&gt; &#124; \\`rm\\`" in text


def test_what_ends_a_run() -> None:
    assert hooks.ends_a_run("serving__publication")
    assert hooks.ends_a_run("reviews__weekly")
    assert hooks.ends_a_run("closed__month")
    assert hooks.ends_a_run("closed__quarter")
    assert not hooks.ends_a_run("warehouse")


def test_a_closing_leaves_a_summary(tmp_path) -> None:
    @dg.asset(key=["closed", "month"])
    def closed() -> None:
        pass

    text, success = execute(Settings(data_dir=tmp_path), closed, name="monthly_closing")
    assert success
    assert "monthly\\_closing succeeded" in text or "monthly_closing succeeded" in text
    assert "Closed the month." in text


def test_a_command_that_fails_outside_of_a_run_says_what_readers_have(
    receiver: Receiver, alerting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the job of a refresh has published, its reviews are looked up, which may fail."""

    def refresh(settings: Settings) -> int:
        snapshot = settings.serving_dir / "snapshots" / "0a1b"
        if not snapshot.exists():
            snapshot.mkdir(parents=True)
            (settings.serving_dir / "current").symlink_to(snapshot)
        raise ProjectError("A closed period is not as it was")

    monkeypatch.setattr(cli, "COMMANDS", {"refresh": cli.Command(refresh, "refresh")})
    monkeypatch.setattr(cli, "load_settings", lambda: alerting)
    for told in (
        "It had published before that: readers have snapshot 0a1b.",
        "Nothing new was published: readers have snapshot 0a1b.",
    ):
        assert cli.main(["refresh"]) == 1
        assert receiver.got[-1]["text"] == f"refresh failed outside of a run. {told}"


def test_a_command_that_ends_before_a_run_is_alerted(
    receiver: Receiver, alerting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(settings: Settings) -> int:
        raise ProjectError("The dbt project does not parse: a model is twice there")

    def command(function: Callable[..., int]) -> dict[str, cli.Command]:
        return {"refresh": cli.Command(function, "refresh"), "docs": cli.Command(function, "docs")}

    monkeypatch.setattr(cli, "COMMANDS", command(refuse))
    monkeypatch.setattr(cli, "load_settings", lambda: alerting)
    assert cli.main(["docs"]) == 1
    assert receiver.got == []
    assert cli.main(["refresh"]) == 1
    [alert] = receiver.got
    assert alert["problems"] == [
        {"where": "refresh", "what": "The dbt project does not parse: a model is twice there"}
    ]
