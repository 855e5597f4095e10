"""The sections on care: what they pick, what they leave out, what they say."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from orchestration.reviews.blocks import Callout, Chart, Figure, Heading, Remark
from orchestration.reviews.desk import Desk
from orchestration.reviews.ledger import query
from orchestration.reviews.monthly import write_monthly_review
from orchestration.reviews.periods import Period, month
from orchestration.reviews.sections import (
    agreement,
    backlog,
    benchmarks,
    cases,
    coverage,
    drivers,
    people,
    promises,
    topics,
    waits,
)
from orchestration.reviews.serving import SERVING_FILE, Snapshot
from tests.reviews import care_marts
from tests.reviews.blocks_read import captions, chart, plain, said, table, tables
from tests.reviews.published import Published

MONTH = month("2026-03")
SECTIONS = (
    drivers,
    topics,
    backlog,
    promises,
    coverage,
    people,
    cases,
    benchmarks,
    agreement,
)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every mart that these sections read."""
    data_dir = tmp_path_factory.mktemp("care")
    with duckdb.connect(str(Published().write(data_dir))) as connection:
        care_marts.write(connection)
    return data_dir


@pytest.fixture(scope="module")
def desk(rich: Path) -> Iterator[Callable[..., Desk]]:
    """The desk for a period of that snapshot, one for all tests."""
    with Snapshot(rich) as snapshot:
        kept = cache(lambda period: Desk(snapshot, period))
        yield lambda period=MONTH: kept(period)


def changed(rich: Path, tmp_path: Path, *statements: str) -> Path:
    """A copy of the snapshot in which something else is true."""
    path = tmp_path / SERVING_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes((rich / SERVING_FILE).read_bytes())
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return tmp_path


def test_every_number_of_every_section_is_the_one_its_query_reads(rich: Path, desk) -> None:
    at = desk()
    made = [each.build(at) for each in SECTIONS]
    assert None not in made
    assert waits.distribution(at) is not None
    assert len(at.ledger.quantities) > 150
    with duckdb.connect(str(rich / SERVING_FILE), read_only=True) as connection:
        for each in at.ledger:
            rows = connection.execute(query(each.reading)).fetchall()
            if getattr(each.reading, "null_reason", None) == "not_published":
                assert rows == []
                continue
            assert len(rows) == 1, query(each.reading)
            assert rows[0][0] == each.reading.value, query(each.reading)


def test_numbers_without_a_value_say_why(desk) -> None:
    at = desk()
    for each in SECTIONS:
        section = each.build(at)
        for found in tables(section.blocks):
            for row in found.rows:
                for cell in row:
                    if isinstance(cell.content, Figure) and cell.content.reading.value is None:
                        assert cell.content.reason, (section.title, found.caption)
                        assert cell.content.reason != "no reason was recorded", found.caption


def test_a_snapshot_without_these_marts_is_no_reason_to_fail(tmp_path: Path) -> None:
    Published(without=("kpi_targets",)).write(tmp_path)
    with Snapshot(tmp_path) as snapshot:
        at = Desk(snapshot, MONTH)
        made = {each.__name__.rpartition(".")[2]: each.build(at) for each in SECTIONS}
        assert waits.distribution(at) is None
    told_by_marts = {"drivers", "topics", "backlog", "coverage", "cases", "benchmarks", "agreement"}
    assert {name for name in told_by_marts if made[name] is not None} == set()
    assert made["people"] is not None


# -- drivers -------------------------------------------------------------------------------------


def test_what_moved_the_mean_is_told_from_both_ends(desk) -> None:
    (callout,) = [each for each in drivers.build(desk()).blocks if isinstance(each, Callout)]
    assert plain(said(callout.sentence)) == (
        "Longer waits came with Billing (10 min) and Outage (6 min). "
        "Shorter waits came with Technical (−18 min)."
    )


def test_less_than_a_minute_moved_nothing(rich: Path, tmp_path: Path) -> None:
    data_dir = changed(rich, tmp_path, "update marts.kpi_reply_drivers set contribution_min = 0.99")
    with Snapshot(data_dir) as snapshot:
        blocks = drivers.build(Desk(snapshot, MONTH)).blocks
    assert not any(isinstance(each, Callout) for each in blocks)
    words = [each.text for each in blocks if isinstance(each, Remark)]
    assert words[0] == "No topic moved the mean first reply time by a minute or more."


def test_both_effects_are_drawn_and_their_sum_is_in_the_table(desk) -> None:
    shown = chart(drivers.build(desk()), "drivers-topic")
    assert all(each in shown.wide for each in ("Its speed", "Its share", "−20.5", "5.5"))
    rows = table(drivers.build(desk()), shown.table.caption)
    assert [row[0] for row in rows] == ["Billing", "Outage", "Praise", "Technical"]
    assert [plain(each) for each in rows[1][1:6]] == [
        "5.5 min",
        "0.0 min",
        "5.5 min",
        "9.0 h",
        "n/a",
    ]


def test_pairs_go_by_the_names_of_both_sides(desk) -> None:
    rows = table(drivers.build(desk()), "Products and topics that changed the wait most")
    assert [row[0] for row in rows] == ["Trello × Billing", "Jira × Technical"]


def test_the_map_has_a_row_a_topic_and_hides_small_cells(desk) -> None:
    shown = chart(drivers.build(desk()), "reply-networks")
    rows = table(drivers.build(desk()), shown.table.caption)
    assert [each.label for each in shown.table.columns] == ["Topic", "X", "Facebook"]
    assert [[plain(each) for each in row] for row in rows] == [
        ["Technical", "6.5 h", "3.0 h"],
        ["Billing", "1.5 h", "n/a"],
        ["Praise", "0.5 h", ""],
    ]
    (few,) = [cell for cell in shown.table.rows[1] if isinstance(cell.content, Figure)][1:]
    assert few.content.reason == "too few answers to show"


def test_the_slowest_cells_are_of_all_three_sides(desk) -> None:
    rows = table(drivers.build(desk()), "The slowest cells of the matrix")
    assert [[plain(each) for each in row[:4]] for row in rows] == [
        ["Technical", "Jira", "X", "7.2 h"],
        ["Billing", "Trello", "X", "1.2 h"],
    ]


# -- waits ---------------------------------------------------------------------------------------


def test_the_distribution_has_every_band_and_says_where_the_target_is(desk) -> None:
    shown = waits.distribution(desk())
    assert [row[0].content for row in shown.table.rows][:2] == ["to 15\u00a0min", "to 30\u00a0min"]
    assert len(shown.table.rows) == 10
    assert "target 4\u00a0h" in shown.wide
    said_in_order = [shown.description.index(each) for each in ("median", "target", "90th pct.")]
    assert said_in_order == sorted(said_in_order)


@pytest.mark.parametrize(
    ("wait_s", "place"), [(0, 0.0), (450, 0.5), (900, 1.0), (14400, 5.0), (10**6, 9.5)]
)
def test_a_rule_stands_where_its_wait_is(desk, wait_s: float, place: float) -> None:
    rows = desk().rows("kpi_wait_bands", order_by=("band_number",))
    assert waits.place_of(rows, wait_s) == pytest.approx(place)


def test_networks_are_panels_on_one_scale(desk) -> None:
    shown = waits.by_network(desk())
    heads = [each.label for each in shown.table.columns]
    assert heads[0] == "Month" and len(heads) == 7
    assert all(head in shown.wide for head in heads[1:])


# -- backlog -------------------------------------------------------------------------------------


def test_all_networks_stand_first_whatever_is_open(desk) -> None:
    rows = table(backlog.build(desk()), "What came in, went out and remains")
    assert [row[0] for row in rows] == ["All networks", "X"]
    assert rows[0][1:6] == ["21", "257", "19", "274", "23"]


def test_ages_are_told_beside_those_of_the_period_before(desk) -> None:
    shown = chart(backlog.build(desk()), "backlog-ages")
    assert [each.label for each in shown.table.columns] == ["Open for", "Mar 2026", "Feb 2026"]
    rows = table(backlog.build(desk()), shown.table.caption)
    assert rows[4] == ["7 days or more", "5", "5"]


def test_the_work_list_is_in_order_and_says_how_many_more(desk) -> None:
    section = backlog.build(desk())
    caption = "Waiting for an answer, most urgent first"
    rows = table(section, caption)
    assert len(rows) == 15
    assert [plain(each) for each in rows[0]] == [
        "00000001",
        "19.0 h",
        "X",
        "Jira: billing",
        "High",
        "Ada",
    ]
    assert rows[1][3] == "Jira: untagged"
    (found,) = [each for each in tables(section.blocks) if each.caption == caption]
    assert "2 more are in kpi_unanswered." in found.note


@pytest.mark.parametrize(("label", "is_listed"), [("2026-03", True), ("2026-02", False)])
def test_a_time_long_past_has_no_work_list_of_today(desk, label: str, is_listed: bool) -> None:
    section = backlog.build(desk(month(label)))
    assert ("Waiting for an answer, most urgent first" in captions(section)) == is_listed


def test_a_month_that_still_runs_is_not_told_as_if_it_were_over(rich: Path, tmp_path: Path) -> None:
    data_dir = changed(
        rich, tmp_path, "update marts.publication set as_of_at = timestamp '2026-03-20 12:00:00'"
    )
    with Snapshot(data_dir) as snapshot:
        at = Desk(snapshot, MONTH)
        told = [plain(said(each.build(at).standfirst)) for each in (backlog, promises, topics)]
    assert "conversations were open at the end of March 31, 2026" in told[0]
    assert "22 were past their deadline and still open on March 20, 2026." in told[1]
    assert "grew" not in told[2] and "shrank" not in told[2]


def test_nobody_waiting_is_said(rich: Path, tmp_path: Path) -> None:
    data_dir = changed(rich, tmp_path, "delete from marts.kpi_unanswered")
    with Snapshot(data_dir) as snapshot:
        last = backlog.build(Desk(snapshot, MONTH)).blocks[-1]
    assert last == Remark("Nobody waits for an answer.")


# -- promises ------------------------------------------------------------------------------------


def test_policies_stand_with_the_fewest_kept_first(desk) -> None:
    rows = table(promises.build(desk()), "Promises by policy")
    assert [row[0] for row in rows] == ["First reply vip", "First reply default (business time)"]
    assert plain(rows[0][-1]) == "2.5 h"
    assert rows[1][-1] == "n/a"


def test_promises_are_kept_least_where_they_stand_first(desk) -> None:
    rows = table(promises.build(desk()), "Promises kept by network")
    assert [row[0] for row in rows] == ["X", "Facebook"]
    words = plain(said(promises.build(desk()).standfirst))
    assert words.startswith("82.0% of the promises made to customers were kept (+8.2 pp on Feb")
    assert "22 were past their deadline and still open at the end of the month." in words


# -- coverage ------------------------------------------------------------------------------------


def test_an_hour_in_which_nobody_asked_is_empty(desk) -> None:
    shown = chart(coverage.build(desk()), "hours-coverage")
    rows = table(coverage.build(desk()), shown.table.caption)
    assert len(rows) == 24
    assert [plain(each) for each in rows[9]] == ["09:00", "75.0%", "50.0%", "", "", "", "", ""]
    # Nobody asked on Tuesday at 16:00, though somebody wrote.
    assert rows[16][2] == ""


def test_gaps_stand_with_the_most_asked_first(desk) -> None:
    rows = table(coverage.build(desk()), "Hours in which people asked and nobody wrote")
    assert [row[:2] for row in rows] == [["Sunday, 23:00", "9"], ["Monday, 00:00", "4"]]


# -- people --------------------------------------------------------------------------------------


def test_nobody_is_judged_by_a_handful_of_cases(desk) -> None:
    section = people.build(desk())
    rows = table(section, "Work and results by agent")
    assert [row[0] for row in rows] == ["Ada", "Bo"]
    (found,) = [x for x in tables(section.blocks) if x.caption == "Work and results by agent"]
    assert "One with fewer first replies than ten is not shown alone." in found.note
    printed = {cell for each in tables(section.blocks) for row in each.rows for cell in row}
    assert not any("77.5" in getattr(cell.content, "text", "") for cell in printed)


def test_a_column_without_a_number_is_left_out_and_said(desk) -> None:
    section = people.build(desk())
    (found,) = [x for x in tables(section.blocks) if x.caption == "Work and results by agent"]
    heads = [each.label for each in found.columns]
    assert "Satisfied" not in heads and "Rank by speed" in heads
    assert "ten answers that satisfaction is shown from" in found.note


def test_people_who_did_nothing_are_not_counted(desk) -> None:
    words = plain(said(people.build(desk()).standfirst))
    assert words == "Three people wrote 408 replies in March 2026."


# -- topics --------------------------------------------------------------------------------------


def test_what_is_untagged_is_never_the_largest_topic(desk) -> None:
    section = topics.build(desk())
    words = plain(said(section.standfirst))
    assert re.match(r"The largest topic was technical: [\d,]+ of [\d,]+ conversations\.", words)
    assert "What grew most:" in words
    assert [row[0] for row in table(section, "How each topic fared")] == [
        "Technical",
        "Billing",
        "Untagged",
    ]
    assert table(section, "The largest topic of each product")[0][:2] == ["Jira", "Technical"]


def test_topics_are_drawn_against_the_period_before_and_a_year_ago(desk) -> None:
    shown = chart(topics.build(desk()), "topics")
    heads = [each.label for each in shown.table.columns]
    assert heads == ["Topic", "Mar 2026", "Feb 2026", "Mar 2025"]
    assert all(head in shown.wide for head in heads[1:])


# -- cases ---------------------------------------------------------------------------------------


def test_cases_are_named_by_the_start_of_their_key(desk) -> None:
    section = cases.build(desk())
    heads = [each.text for each in section.blocks if isinstance(each, Heading)]
    assert heads == ["Waited longest for a first reply", "Passed on most often"]
    rows = table(section, heads[0])
    assert [plain(each) for each in rows[0]] == [
        "1c0ffeeb",
        "24.5 h",
        "March 7, 2026",
        "X",
        "Jira: how to",
        "Community",
    ]
    assert rows[1][4] == "Untagged: billing"
    assert table(section, heads[1])[0][4] == "Untagged"


# -- benchmarks and tools ------------------------------------------------------------------------


def test_benchmarks_in_force_stand_beside_our_number(rich: Path, tmp_path: Path, desk) -> None:
    rows = table(benchmarks.build(desk()), "Our measures and published figures")
    (ours,) = [row for row in rows if row[0] == "First replies within 1 hour"]
    assert [plain(each) for each in ours[1:3]] == ["27.0%", "42.0%"]
    data_dir = changed(
        rich,
        tmp_path,
        "update marts.kpi_targets set valid_to_on = date '2026-03-31' where kpi_id = 'K08'",
        "update marts.kpi_targets set valid_from_on = date '2026-04-01' where kpi_id = 'K36'",
    )
    with Snapshot(data_dir) as snapshot:
        rows = table(benchmarks.build(Desk(snapshot, MONTH)), "Our measures and published figures")
    assert not {"First replies within 1 hour"} & {row[0] for row in rows}
    assert not any("agent hour" in row[0] for row in rows)


def test_a_measure_told_by_the_quarter_is_that_of_the_last_one_that_is_over(
    rich: Path, tmp_path: Path
) -> None:
    quarters = ", ".join(
        f"('quarter', date '{day}', 'K36', 'overall', 'all', {value}, 30, true, true, false, '1')"
        for day, value in (("2025-10-01", 2.5), ("2026-01-01", 3.5))
    )
    data_dir = changed(
        rich,
        tmp_path,
        "insert into marts.kpi_scorecard (period_kind, period_start_on, kpi_id, slice_kind, "
        "slice_value, value, n, is_previous_comparable, is_year_ago_comparable, is_provisional, "
        f"definition_version) values {quarters}",
    )
    for label, value in (("2026-03", "3.50"), ("2026-02", "2.50")):
        with Snapshot(data_dir) as snapshot:
            at = Desk(snapshot, month(label))
            rows = table(benchmarks.build(at), "Our measures and published figures")
        (ours,) = [row for row in rows if "agent hour" in row[0]]
        assert ours[1] == value, label


def test_tools_are_compared_in_the_unit_of_the_measure(desk) -> None:
    rows = table(agreement.build(desk()), "What inboxes report, against what we compute")
    assert [[plain(each) for each in row] for row in rows] == [
        ["Zendesk: first reply", "14", "14", "2.5 h", "2.5 h", "0.0 h"],
        ["Zendesk: reopens", "0", "0", "n/a", "n/a", "n/a"],
    ]


# -- the whole page ------------------------------------------------------------------------------


def test_ids_on_the_page_are_unique(desk) -> None:
    ids: list[str] = []
    at: Desk = desk()
    for each in SECTIONS:
        section = each.build(at)
        ids.append(section.section_id)
        for block in section.blocks:
            if isinstance(block, Heading):
                ids.append(block.anchor)
            elif isinstance(block, Chart):
                ids.append(f"chart-{block.chart_id}")
    assert len(ids) == len(set(ids))


def test_the_sections_word_themselves_after_their_period(desk) -> None:
    at: Period = MONTH
    for each in SECTIONS:
        assert "quarter" not in plain(said(each.build(desk(at)).standfirst)), each.__name__


HOSTILE = '<script>alert(1)</script>"|`[x](javascript:1)\u202e' + "w" * 10_000


def test_names_from_outside_do_nothing_on_the_page(tmp_path: Path) -> None:
    """Names end in what breaks out of a page, one begins with what a spreadsheet runs."""
    with duckdb.connect(str(Published().write(tmp_path))) as connection:
        care_marts.write(connection, HOSTILE)
        connection.execute("update marts.kpi_agents set agent_name = '=1+1' || agent_name")
    paths = write_monthly_review(tmp_path, "2026-03")
    html, markdown = paths.html.read_text(), paths.markdown.read_text()
    assert "<script>alert" not in html + markdown
    assert not re.search(r"(?<!\\)\[x\\?\]", re.sub(r"(?s)```.*?```", "", markdown))
    # What is read: neither attributes nor queries, which tell a name as it is.
    shown = re.sub(r"(?s)<pre.*?</pre>|<[^>]*>", " ", html)
    assert "&lt;script&gt;alert(1)" in shown
    assert "\u202e" not in shown
    assert not re.search(r"w{200}", shown)
    with paths.numbers.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "@")] == []
