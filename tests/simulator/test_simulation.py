"""A small simulated company: same seed, same bytes; real shapes; a truth that holds together.

Definitions on hand-made threads are in `test_definitions.py`; the warehouse is compared with the
truth elsewhere.
"""

import csv
import gzip
import hashlib
import json
from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from simulator.__main__ import main
from simulator.build import SIZES, simulate
from simulator.company import RC, SEEDS, TOOLS, export_calendar, found, read_seed
from simulator.truth import COVERED_KPIS, COVERED_SLICES, OWN_SLICES
from simulator.truth.attribution import MODELS
from simulator.zones import epoch

RC_HEADERS = {
    "threads": "id foreign_id source_id source_type source_name created_at updated_at closed "
    "first_categorization_at last_content_id last_content_at title contents_count all_categories "
    "categories first_content_id first_content_author_id languages interventions_count "
    "intervention_user_ids opened_intervention_user_ids ratings",
    "messages": "created_at source_id source_type source_name content_thread_id type id "
    "private_message created_from auto_submitted status ignored_from categories intervention_id "
    "initial_created_at creator_id creator_name author_id author_name anonymized body body_as_text "
    "body_as_html title foreign_categories foreign_id rating published approval_required "
    "remotely_deleted language in_reply_to_id in_reply_to_author_id attachments_count "
    "structured_reply_payload synchronization_status synchronization_error original_body "
    "translated_body source_language target_language translation_status translation_error "
    "sentiment_text",
    "interventions": "created_at updated_at closed_at closed_automatically source_id source_type "
    "source_name content_thread_id id status deferred_at user_id user_name user_replies_count "
    "user_private_replies_count user_public_replies_count first_identity_content_id "
    "first_user_reply_id first_user_reply_at last_user_reply_at last_user_reply_in "
    "last_user_reply_in_bh first_user_reply_in first_user_reply_in_bh handling_time title "
    "identity_id identity_name identity_contents_count identity_private_contents_count "
    "identity_public_contents_count categories comments_count user_reply_in_average "
    "user_reply_in_average_bh user_reply_in_average_count translation_enabled detected_language "
    "satisfaction_grade satisfaction_sent_at satisfaction_answered_at satisfaction_response_id "
    "satisfaction_survey_id",
    "journal": "id created_at user_id user_name name message content_thread_id content_source_id "
    "intervention_id content_id category_ids task_id action step rules_engine_rule_id",
    "identities": "created_at updated_at community_type community puppet id uuid foreign_id "
    "screenname identity_group_id tw_followers_count tw_following_count ig_followers_count",
    "agents": "id name email team role enabled created_at",
    "categories": "id name parent_id parent_name active",
    "sources": "id name type community_id sla_response hidden_from_stats",
}


def simulated(folder: Path, seed: int = 7):
    summary = simulate(folder / "landing", folder / "truth", seed=seed, messages=SIZES["tiny"])
    return folder, summary


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return simulated(tmp_path_factory.mktemp("world"))[0]


@pytest.fixture(scope="module")
def truth(world):
    with (world / "truth" / "kpi_truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def digests(folder: Path) -> dict[str, tuple[str, float]]:
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime if path.is_relative_to(folder / "landing") else 0.0,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_same_seed_same_bytes_another_seed_others(world, tmp_path):
    again = digests(simulated(tmp_path / "again")[0])
    other = digests(simulated(tmp_path / "other", seed=8)[0])
    assert digests(world) == again
    assert other["truth/kpi_truth.csv"] != again["truth/kpi_truth.csv"]


@pytest.mark.parametrize("stream", sorted(RC_HEADERS))
def test_inbox_exports_have_the_documented_columns(world, stream):
    path = min((world / "landing" / "ringcentral_engage" / stream).glob("*.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == RC_HEADERS[stream].split()


def test_later_message_exports_have_more_columns_in_another_order(world):
    folder = world / "landing" / "ringcentral_engage" / "messages"
    with max(folder.glob("messages_2026*.csv")).open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header[0] == "categories"
    assert set(header) > set(RC_HEADERS["messages"].split())


def test_one_message_export_is_french_and_one_is_compressed(world):
    folder = world / "landing" / "ringcentral_engage" / "messages"
    path = folder / "messages_2025-07-01.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcreated_at;")
    messages = rows(path, ";")
    assert {"vrai", "faux"} >= {row["private_message"] for row in messages}
    assert {"Réponse agent", "Répondu"} <= {row["status"] for row in messages}
    assert any(row["created_at"][2] == "/" for row in messages)
    (compressed,) = folder.glob("*.gz")
    assert rows(compressed)


def test_both_generations_of_the_x_export(world):
    folder = world / "landing" / "x" / "posts"
    legacy = min(folder.glob("tweet_activity_metrics_*.csv"))
    current = max(folder.glob("account_analytics_content_*.csv"))
    assert len(legacy.read_text(encoding="utf-8").splitlines()[0].split(",")) == 40
    row = rows(legacy)[0]
    assert row["impressions"].endswith(".0")
    assert row["promoted likes"] == "-"
    header = current.read_text(encoding="utf-8").splitlines()[0]
    assert header == (
        "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,"
        "New follows,Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,"
        "Permalink Clicks"
    )


def test_the_archive_prints_replies_as_its_tool_does(world):
    path = max((world / "landing" / "customer_support_on_twitter" / "tweets").glob("*.csv"))
    tweets = rows(path)
    assert list(tweets[0])[:3] == ["", "tweet_id", "author_id"]
    answered = [row["in_response_to_tweet_id"] for row in tweets if row["in_response_to_tweet_id"]]
    assert answered
    assert all(text.endswith(".0") for text in answered)


def test_analytics_events_come_nested_in_both_formats(world):
    folder = world / "landing" / "ga4" / "events"
    line = min(folder.glob("*.jsonl")).read_text(encoding="utf-8").splitlines()[0]
    event = json.loads(line)
    assert {"key", "value"} == set(event["event_params"][0])
    table = pq.read_table(min(folder.glob("*.parquet")))
    assert "session_traffic_source_last_click" in table.column_names
    assert table.num_rows


def test_a_new_team_shows_from_one_export_on_and_a_leaver_vanishes(world):
    folder = world / "landing" / "ringcentral_engage" / "agents"
    seen = {path.stem[-10:]: {r["id"]: r["team"] for r in rows(path)} for path in folder.glob("*")}
    before, after = seen["2025-07-01"], seen["2025-08-01"]
    assert len([a for a in before if after[a] != before[a]]) == 1
    first, last = seen[min(seen)], seen[max(seen)]
    assert len(set(first) - set(last)) == 1
    assert len(set(last) - set(first)) == 1


def test_late_duplicated_and_restated_rows_are_there(world):
    folder = world / "landing" / "ringcentral_engage" / "messages"
    versions = defaultdict(set)
    count = 0
    for path in folder.glob("messages_2026*.csv"):
        for row in rows(path):
            versions[row["id"]].add((row["status"], row["categories"]))
            count += 1
    assert count > len(versions)
    assert any(len(states) > 1 for states in versions.values())
    (copy,) = folder.glob("copy_of_*")
    assert copy.read_bytes() == (folder / copy.name.removeprefix("copy_of_")).read_bytes()


def test_broken_rows_are_listed(world):
    expected = rows(world / "truth" / "expected_quarantine.csv")
    assert {row["reason"] for row in expected} == {
        "damaged_id",
        "future",
        "impossible_date",
        "negative_duration",
        "negative_count",
        "negative_amount",
    }
    for row in expected:
        assert (world / "landing" / row["stream"] / row["file"]).exists()


def test_every_kpi_and_slice_has_values(truth):
    defined = {row["kpi_id"] for row in read_seed(SEEDS, "kpi_definitions")}
    assert set(COVERED_KPIS) <= defined
    by_kpi = defaultdict(set)
    for row in truth:
        by_kpi[row["kpi_id"]].add(row["slice_kind"])
    assert set(by_kpi) == set(COVERED_KPIS)
    assert set.union(*by_kpi.values()) == {*COVERED_SLICES, *OWN_SLICES}
    for kind, kpis in OWN_SLICES.items():
        assert {kpi for kpi, kinds in by_kpi.items() if kind in kinds} == set(kpis)
    assert by_kpi["K04"] == {"overall", "network", "product", "topic", "team"}
    assert by_kpi["K01"] == {"overall", "network", "product", "topic"}
    assert by_kpi["K71_linear"] == {"overall", "network", "channel_group"}


def cells(truth, kpi: str, kind: str, slice_kind: str) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for row in truth:
        if (row["kpi_id"], row["period_kind"], row["slice_kind"]) == (kpi, kind, slice_kind):
            total[row["period_start_on"]] += float(row["numerator"] or row["value"])
    return total


@pytest.mark.parametrize("kpi", ["K01", "K03", "K20", "K21", "K62", "K48"])
@pytest.mark.parametrize("kind", ["week", "month", "quarter"])
def test_networks_add_up_to_the_whole(truth, kpi, kind):
    assert cells(truth, kpi, kind, "network") == cells(truth, kpi, kind, "overall")


@pytest.mark.parametrize("kpi", ["K03", "K12", "K20", "K21", "K28", "K44"])
def test_teams_add_up_to_the_whole(truth, kpi):
    teams, whole = cells(truth, kpi, "quarter", "team"), cells(truth, kpi, "quarter", "overall")
    assert teams == pytest.approx(whole)


def test_months_add_up_to_quarters(truth):
    months = cells(truth, "K03", "month", "overall")
    assert sum(months.values()) == sum(cells(truth, "K03", "quarter", "overall").values())


def test_every_model_gives_away_every_conversion_once(truth):
    whole = {model: cells(truth, f"K71_{model}", "quarter", "channel_group") for model in MODELS}
    for credit in whole.values():
        assert credit == pytest.approx(whole["linear"])
        assert sum(credit.values()) == pytest.approx(round(sum(credit.values())))


@pytest.fixture(scope="module")
def larger_truth(tmp_path_factory):
    folder = tmp_path_factory.mktemp("larger")
    simulate(folder / "landing", folder / "truth", seed=7, messages=4_000)
    return folder / "truth"


def test_the_first_reply_becomes_faster_over_the_year(larger_truth):
    found_rows = rows(larger_truth / "kpi_truth.csv")
    quarters = {
        r["period_start_on"]: float(r["value"])
        for r in found_rows
        if (r["kpi_id"], r["period_kind"], r["slice_kind"]) == ("K04", "quarter", "overall")
    }
    assert quarters["2025-01-01"] > 5.5
    assert quarters["2026-01-01"] < 4


def test_nothing_is_known_after_the_as_of(tmp_path):
    as_of = "2025-06-20T12:00:00Z"
    simulate(tmp_path / "landing", tmp_path / "truth", messages=800, as_of=as_of)
    dates = [path.name for path in (tmp_path / "landing").rglob("*") if path.is_file()]
    assert not [name for name in dates if "2025-07" in name or "2026" in name]
    values = rows(tmp_path / "truth" / "kpi_truth.csv")
    assert max(row["period_start_on"] for row in values) <= "2025-06-20"


def test_the_world_holds_the_hard_cases(larger_truth):
    conversations = rows(larger_truth / "conversations.csv")
    threads = [row["thread_id"] for row in conversations]
    hard = {
        "reopened": lambda row: int(row["reopens"]) > 0,
        "handed over": lambda row: int(row["handoffs"]) > 1,
        "ended by silence": lambda row: row["status"] == "ended",
        "still open": lambda row: row["status"] == "open",
        "closed without an answer": lambda row: row["closes"] != "0" and row["wait_s"] == "",
        "a bot in front": lambda row: row["clock_started_at"] > row["first_inbound_at"] > "",
        "another conversation of its thread": lambda row: threads.count(row["thread_id"]) > 1,
        "two products": lambda row: "|" in row["products"],
        "from the archive": lambda row: row["is_archive"] == "True",
        "a wait of exactly the target": lambda row: row["wait_s"] in ("3600", "14400"),
        "many turns": lambda row: int(row["turns"]) > 2,
    }
    missing = [name for name, is_it in hard.items() if not any(map(is_it, conversations))]
    assert not missing


def test_exports_end_at_the_cut():
    cut = epoch("2026-04-15")
    calendar = export_calendar(cut)
    assert calendar == sorted(set(calendar))
    assert calendar[-1] == cut


def test_a_company_reads_the_seeds_people_edit():
    company = found(7, 1_500, "2026-04-15T06:00:00Z", "America/New_York")
    assert len(company.profiles) == len(read_seed(SEEDS, "profiles"))
    for tool in TOOLS:
        accounts = [account for account in company.accounts(tool) if account]
        assert len(set(accounts)) == len(accounts) > 5
    assert None not in company.accounts(RC)


def test_the_command_line_says_what_it_wrote(tmp_path, capsys):
    code = main(["--landing", str(tmp_path / "l"), "--no-truth", "--messages", "300"])
    assert code == 0
    assert "messages:" in capsys.readouterr().out
    assert not (tmp_path / "truth").exists()
