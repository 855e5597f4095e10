"""Exports of the further tools of a small simulated company: their shapes and their quirks.

Whether numbers that follow from them are right is tested with the truth; the main inbox tool is
tested in `test_simulation.py`.
"""

import csv
import gzip
import io
import json
import re
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from simulator.build import SIZES, simulate
from simulator.care import CLOSED, REOPENED
from simulator.cases import Case
from simulator.company import EXPORT_ZONES, SPARK, ZENDESK
from simulator.truth.told import _between

DAY = 86_400
RESOLVED = re.compile(
    r"\[lumen7]\[resolved-conversation]\[(\d{14})]\[(\d{14})]\[[0-9a-f-]{36}]\.csv"
)


@pytest.fixture(scope="module")
def landing(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tools")
    simulate(folder / "landing", None, seed=7, messages=SIZES["tiny"])
    return folder / "landing"


def text_of(path: Path) -> str:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return file.read()


def csv_rows(landing: Path, stream: str) -> list[dict[str, str]]:
    found = []
    for path in sorted((landing / stream).iterdir()):
        text = text_of(path)
        delimiter = ";" if ";" in text.splitlines()[0] else ","
        found += csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    return found


def json_rows(landing: Path, stream: str) -> list[dict]:
    found = []
    for path in sorted((landing / stream).iterdir()):
        text = text_of(path)
        if path.suffix == ".json":
            (rows,) = [value for value in json.loads(text).values() if isinstance(value, list)]
            found += rows
        else:
            found += [json.loads(line) for line in text.splitlines()]
    return [row.get("ticket", row) for row in found]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def test_a_message_has_the_same_network_id_in_both_tools_that_export_it(landing):
    inbox = {
        row["foreign_id"]: row
        for path in (landing / "ringcentral_engage/messages").glob("messages_*.csv")
        if "2025-07-01" not in path.name
        for row in csv.DictReader(path.open(encoding="utf-8", newline=""))
        if row["source_id"].endswith("0009") and row["id"].startswith("66b1c4")
    }
    second = {
        row["guid"].partition(":")[2]: row
        for row in json_rows(landing, "sprout_social/messages")
        if row["customer_profile_id"] == 4100009
    }
    shared = inbox.keys() & second.keys()
    assert len(shared) > 20
    seconds = Counter()
    for number in shared:
        minute = at(inbox[number]["created_at"])
        waited = (at(second[number]["created_time"]) - minute).total_seconds()
        assert 0 <= waited < 60
        seconds[waited > 0] += 1
        assert "sent_by" not in second[number]["internal"]
        assert "case_id" not in second[number]
    assert min(seconds[True], seconds[False]) > 10


def test_an_own_message_is_from_its_profile(landing):
    kinds = Counter()
    for row in json_rows(landing, "sprout_social/messages"):
        own = row["from"]["guid"] == row["profile_guid"]
        kinds[own] += 1
        assert own or "sent_by" not in row["internal"]
    assert kinds[True] > 20
    assert kinds[False] > 20


def test_cases_are_shown_as_they_stood_and_a_deleted_tag_is_missing(landing):
    states = defaultdict(set)
    for row in json_rows(landing, "sprout_social/cases"):
        states[row["case_id"]].add((row["status"], tuple(row["assigned_to"])))
    assert any(len(seen) > 1 for seen in states.values())
    assert {status for seen in states.values() for status, _ in seen} >= {"CLOSED", "IN_PROGRESS"}
    texts = [
        {json.loads(line).get("text") for line in text_of(path).splitlines()}
        for path in sorted((landing / "sprout_social/metadata").iterdir())
    ]
    assert "Course certificate" in texts[0]
    assert "Course certificate" not in texts[-1]


def test_tickets_come_bare_and_in_envelopes_with_notes_among_their_comments(landing):
    forms, public = Counter(), Counter()
    for path in sorted((landing / "zendesk/tickets").iterdir()):
        for line in text_of(path).splitlines():
            forms["ticket" in json.loads(line)] += 1
    for ticket in json_rows(landing, "zendesk/tickets"):
        for comment in ticket["comments"]:
            public[comment["public"]] += 1
        changes = [e for audit in ticket["audits"] for e in audit["events"]]
        status = [e["value"] for e in changes if e.get("field_name") == "status"]
        assert (status or ["new"])[-1] == ticket["status"]
    assert min(forms[True], forms[False], public[True], public[False]) > 0


def test_the_ticket_csv_prints_wall_times_of_the_account(landing):
    zone = ZoneInfo(EXPORT_ZONES[ZENDESK])
    utc = {str(t["id"]): at(t["created_at"]) for t in json_rows(landing, "zendesk/tickets")}
    rows = csv_rows(landing, "zendesk/tickets_csv")
    assert len(rows) > 20
    for row in rows:
        printed = datetime.fromisoformat(row["Created at"]).replace(tzinfo=zone)
        assert 0 <= (utc[row["ID"]] - printed).total_seconds() < 60


def test_ratings_are_offered_and_some_answered(landing):
    scores = Counter(row["score"] for row in json_rows(landing, "zendesk/satisfaction_ratings"))
    assert scores["offered"] > 0
    assert scores["good"] + scores["bad"] + scores["good_with_comment"] > 0


def test_a_conversation_is_exported_once_in_the_window_of_its_first_resolution(landing):
    seen: set[str] = set()
    zone = ZoneInfo(EXPORT_ZONES[SPARK])
    for path in sorted((landing / "sparkcentral/resolved_conversations").iterdir()):
        since, until = (
            datetime.strptime(stamp, "%d%m%Y%H%M%S").replace(tzinfo=zone)
            for stamp in RESOLVED.fullmatch(path.name).groups()
        )
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                resolved = datetime.fromisoformat(row["Resolved at"]).replace(tzinfo=zone)
                assert since <= resolved < until
                assert row["Conversation ID"] not in seen
                seen.add(row["Conversation ID"])
    assert len(seen) > 15


def test_no_wall_time_of_the_hour_that_the_clock_shows_twice_is_of_its_second_pass(landing):
    stamps = [row["Sent at"] for row in csv_rows(landing, "sparkcentral/messages")]
    twice = [text for text in stamps if text.startswith("2025-11-02 01:")]
    order = [row["Message ID"] for row in csv_rows(landing, "sparkcentral/messages")]
    assert len(order) == len(stamps) > 50
    assert all(text < "2025-11-02 02" for text in twice)


def test_bots_templates_and_redirects_leave_their_traces(landing):
    spark = csv_rows(landing, "sparkcentral/messages")
    assert {row["Is Automated"] for row in spark} == {"true", "false"}
    assert any(row["Template ID"] for row in spark)
    opened = csv_rows(landing, "sparkcentral/resolved_conversations")
    assert any(row["Bot Started at"] for row in opened)
    journal = csv_rows(landing, "ringcentral_engage/journal")
    used = [row for row in journal if row["name"] == "content.reply_assistant_used"]
    assert used
    assert all(row["step"] and row["content_id"] for row in used)
    names = {row["name"] for row in journal}
    assert {"content.liked", "intervention.deferred", "intervention.reactivated"} <= names
    bodies = " ".join(row["body"] for row in csv_rows(landing, "ringcentral_engage/messages"))
    for trace in ("utm_content=care_", "Please call us at", "care@lumen", "a direct message with"):
        assert trace in bodies


def test_lists_of_vips_have_ends_and_people_who_write(landing):
    members = csv_rows(landing, "vip/members")
    assert any(row["valid_to_on"] for row in members)
    assert any(not row["valid_from_on"] for row in members)
    known = {row["foreign_id"] for row in csv_rows(landing, "ringcentral_engage/identities")}
    assert known & {row["contact_id"] for row in members}


def test_somebody_answers_two_recommendation_surveys_within_ninety_days(tmp_path):
    simulate(tmp_path / "landing", None, seed=7, messages=6_000)
    given = defaultdict(list)
    for row in csv_rows(tmp_path / "landing", "surveys/responses"):
        if row["kind"] == "nps" and row["responded_at"]:
            given[row["contact_id"]].append((at(row["responded_at"]), row["survey_id"]))
    near = [
        later[0] - earlier[0]
        for answers in given.values()
        for earlier, later in zip(sorted(answers), sorted(answers)[1:], strict=False)
        if earlier[1] != later[1]
    ]
    assert any(gap.days < 90 for gap in near)


def test_phone_days_and_offers_of_other_channels_are_rows_of_their_own(landing):
    rows = csv_rows(landing, "phone/daily")
    calls = [row for row in rows if row["calls_offered"]]
    offers = [row for row in rows if row["deflection_channel"]]
    assert calls
    assert offers
    assert len(calls) + len(offers) == len(rows)
    for row in offers:
        accepted = int(row["deflections_accepted"])
        assert int(row["callbacks_within_7d"]) <= accepted <= int(row["deflections_offered"])


def shown(exported: int, **state) -> tuple[int, Case]:
    defaults = {
        "thread": 1,
        "messages": (),
        "created_at": 100,
        "updated_at": exported - 10,
        "assignee": 4,
        "last_closed_at": -1,
        "is_closed": False,
        "status": 0,
        "priority": 2,
        "tags": (),
    }
    return exported, Case(**defaults | state)


def test_a_case_closed_twice_between_snapshots_was_opened_by_what_the_customer_wrote():
    before = shown(1_000, is_closed=True, last_closed_at=500)
    now = shown(2_000, is_closed=True, last_closed_at=1_800)
    rows = [row for row, _ in _between(1, before, now, [90, 1_200, 1_300], {})]
    assert rows == [(1, 1_800, CLOSED, 4), (1, 1_200, REOPENED, -1)]


def test_a_case_that_is_open_again_was_reopened_when_it_last_changed():
    before = shown(1_000, is_closed=True, last_closed_at=500)
    now = shown(2_000, last_closed_at=500)
    rows = [row for row, _ in _between(1, before, now, [], {})]
    assert rows == [(1, 1_990, REOPENED, -1)]


def test_who_has_a_case_at_its_first_snapshot_had_it_when_they_answered():
    rows = [row for row, _ in _between(1, None, shown(1_000), [100], {4: 300})]
    assert rows[0][1] == 300
