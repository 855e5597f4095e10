"""The sections on brand, web and money: what they pick, what they leave out, what they say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from orchestration.reviews.blocks import Figure, Section
from orchestration.reviews.desk import Desk
from orchestration.reviews.ledger import query
from orchestration.reviews.periods import month, quarter
from orchestration.reviews.sections import (
    attribution,
    audience,
    certificates,
    channels,
    improvement,
    journeys,
    links,
    listening,
    love,
    maturity,
    publishing,
    returns,
    traffic,
    voice,
)
from orchestration.reviews.serving import SERVING_FILE, Snapshot
from tests.reviews import brand_marts
from tests.reviews.blocks_read import captions, chart, plain, said, table, tables
from tests.reviews.published import Published

QUARTER, MONTH = quarter("2026-Q1"), month("2026-03")
SECTIONS = (
    improvement,
    love,
    voice,
    listening,
    audience,
    publishing,
    traffic,
    attribution,
    journeys,
    channels,
    certificates,
    links,
    returns,
    maturity,
)


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every mart that these sections read."""
    data_dir = tmp_path_factory.mktemp("brand")
    with duckdb.connect(str(Published().write(data_dir))) as connection:
        brand_marts.write(connection)
    return data_dir


@dataclass
class Room:
    """The sections of one period, each made once: drawing them takes the time of these tests."""

    desk: Desk
    made: dict[str, Section | None] = field(default_factory=dict)

    def __getitem__(self, section: ModuleType) -> Section | None:
        if section.__name__ not in self.made:
            self.made[section.__name__] = section.build(self.desk)
        return self.made[section.__name__]


@pytest.fixture(scope="session")
def of_quarter(rich: Path) -> Iterator[Room]:
    """What the quarter's page is made of."""
    with Snapshot(rich) as snapshot:
        yield Room(Desk(snapshot, QUARTER))


@pytest.fixture(scope="session")
def of_month(rich: Path) -> Iterator[Room]:
    """What the month's page is made of."""
    with Snapshot(rich) as snapshot:
        yield Room(Desk(snapshot, MONTH))


def test_every_number_of_every_section_is_the_one_its_query_reads(
    rich: Path, of_quarter: Room
) -> None:
    assert None not in [of_quarter[each] for each in SECTIONS]
    shown = list(of_quarter.desk.ledger)
    assert len(of_quarter.desk.ledger.quantities) > 150
    with duckdb.connect(str(rich / SERVING_FILE), read_only=True) as connection:
        for each in shown:
            rows = connection.execute(query(each.reading)).fetchall()
            if getattr(each.reading, "null_reason", None) == "not_published":
                assert rows == []
                continue
            assert len(rows) == 1, query(each.reading)
            assert rows[0][0] == each.reading.value, query(each.reading)


def test_numbers_without_a_value_say_why(of_quarter: Room) -> None:
    for each in SECTIONS:
        section = of_quarter[each]
        for found in tables(section.blocks):
            for row in found.rows:
                for cell in row:
                    if isinstance(cell.content, Figure) and cell.content.reading.value is None:
                        assert cell.content.reason, (section.title, found.caption)
                        assert cell.content.reason != "no reason was recorded", found.caption


def test_a_month_has_what_months_have(of_month: Room) -> None:
    assert of_month[journeys] is None
    credit = of_month[attribution]
    assert "Conversions by channel group and model" in captions(credit)
    assert "Conversions credited to social by days counted back" not in captions(credit)
    for each in (voice, listening, audience, publishing, traffic, channels, links, returns):
        section = of_month[each]
        assert section is None or "quarter" not in plain(said(section.standfirst)), each.__name__


def test_a_snapshot_without_these_marts_is_no_reason_to_fail(tmp_path: Path) -> None:
    Published().write(tmp_path)
    with Snapshot(tmp_path) as snapshot:
        at = Desk(snapshot, QUARTER)
        made = {each.__name__.rpartition(".")[2]: each.build(at) for each in SECTIONS}
    absent = {name for name, section in made.items() if section is None}
    assert {"listening", "publishing", "journeys", "channels"} <= absent
    assert {"certificates", "maturity"} <= absent
    assert made["traffic"] is not None


# -- objectives ----------------------------------------------------------------------------------


def test_the_baseline_is_the_one_that_targets_name(of_quarter: Room) -> None:
    section = of_quarter[improvement]
    callout = section.blocks[1]
    assert "Customers waited 7 h 30 min for a first reply" in plain(said(callout.sentence))
    assert "a change of −66.0%" in plain(said(callout.sentence))


# -- voice and listening -------------------------------------------------------------------------


def test_brands_go_by_their_names_largest_first(of_quarter: Room) -> None:
    rows = table(of_quarter[voice], "Share of voice by brand, Q1 2026 and Q4 2025")
    assert [row[0] for row in rows] == ["Lumen", "Northboard", "Tasklane"]
    assert plain(rows[0][1]) == "41.8%"


def test_keywords_of_ours_and_of_others_are_apart(of_quarter: Room) -> None:
    section = of_quarter[listening]
    assert [row[0] for row in table(section, "Our keywords")] == ["#Lumen"]
    assert [row[0] for row in table(section, "Keywords of other brands")] == ["#FastLane"]


def test_ten_voices_are_enough(of_quarter: Room) -> None:
    assert len(table(of_quarter[listening], "Voices that carry")) == 10


def test_crises_are_those_that_began_in_the_period(of_quarter: Room, of_month: Room) -> None:
    assert [row[4] for row in table(of_quarter[listening], "Crises")] == ["5,202"]
    assert "Crises" not in captions(of_month[listening])


def test_missed_love_of_a_month_was_sent_in_it(of_quarter: Room, of_month: Room) -> None:
    caption = "Missed love that would have carried furthest"
    assert [row[4] for row in table(of_quarter[love], caption)] == ["3,932", "3,910"]
    assert [row[4] for row in table(of_month[love], caption)] == ["3,910"]


# -- posts ---------------------------------------------------------------------------------------


def test_five_posts_at_each_end_best_and_worst_first(of_quarter: Room) -> None:
    section = of_quarter[publishing]
    best = [row[5] for row in table(section, "Posts that worked best")]
    worst = [row[5] for row in table(section, "Posts that worked least")]
    assert best == ["3.00", "2.75", "2.50", "2.25", "2.00"]
    assert worst == ["0.25", "0.50", "0.75", "1.00", "1.25"]


def test_hours_with_few_posts_are_no_advice(of_quarter: Room) -> None:
    section = of_quarter[publishing]
    shown = chart(section, "publishing-times")
    assert "Sun 13:00" in shown.note
    cells = {cell for row in table(section, shown.table.caption) for cell in row}
    assert {"4.0%", "2.1%", "too few"} <= {plain(each) for each in cells}
    # 90 % of one post, and the age at which fewer hours can be compared.
    assert not {"90.0%", "80.0%"} & {plain(each) for each in cells}


# -- credit --------------------------------------------------------------------------------------


def test_what_no_visit_earned_is_in_the_table_and_not_in_the_bars(of_quarter: Room) -> None:
    section = of_quarter[attribution]
    shown = chart(section, "credit-channel-group")
    names = [row[0] for row in table(section, shown.table.caption)]
    assert names == ["Organic Social", "Paid Search", "Unattributed"]
    assert "Paid Search" in shown.wide
    assert "Unattributed" not in shown.wide


def test_what_last_click_takes_is_the_scorecards_number(of_quarter: Room) -> None:
    callout = of_quarter[attribution].blocks[0]
    words = plain(said(callout.sentence))
    assert words.startswith("Reports that credit the last click alone take 20.8 conversions")
    assert "from social and give them to the channel of the final visit." in words
    assert "Paid search alone takes 8.5 that social began a month before" in words


def test_nothing_taken_is_said_as_nothing_taken(rich: Path, tmp_path: Path) -> None:
    shutil.copytree(rich, tmp_path, dirs_exist_ok=True)
    with duckdb.connect(str(tmp_path / SERVING_FILE)) as connection:
        connection.execute("update marts.kpi_scorecard set value = -2 where kpi_id = 'K73_social'")
    with Snapshot(tmp_path) as snapshot:
        callout = attribution.build(Desk(snapshot, QUARTER)).blocks[0]
    words = plain(said(callout.sentence))
    assert "take nothing from social" in words
    assert "give them" not in words


def test_lookbacks_stand_beside_each_other_by_model(of_quarter: Room) -> None:
    rows = table(of_quarter[attribution], "Conversions credited to social by days counted back")
    assert len(rows) == 8
    assert [plain(each) for each in rows[0]] == ["Last touch", "83", "89", "98"]


def test_a_path_is_told_step_by_step_and_without_what_is_no_path(of_quarter: Room) -> None:
    section = of_quarter[journeys]
    assert [row[0] for row in table(section, "Paths to a conversion")] == [
        "Paid Search",
        "X, organic → Paid Search",
    ]
    words = plain(said(section.standfirst))
    assert "7 conversions, was X, organic, then Paid Search" in words
    rest = plain(said(section.blocks[1].sentence))
    assert rest.startswith("334 conversions have no visit we know of")
    assert rest.endswith("led to 20 more.")


# -- web and money -------------------------------------------------------------------------------


def test_paid_channels_are_held_against_their_cost(of_quarter: Room) -> None:
    words = plain(said(of_quarter[channels].standfirst))
    assert "Paid Search brought most for its cost: 1.60" in words
    assert "Paid Social brought least, 0.80" in words


def test_campaigns_of_others_are_told_apart_and_silent_ones_left_out(of_quarter: Room) -> None:
    section = of_quarter[channels]
    assert [row[0] for row in table(section, "Our campaigns")] == ["Spring"]
    assert [row[0] for row in table(section, "Campaigns of other brands")] == ["Rival"]


def test_a_step_that_no_source_tells_is_no_zero(of_quarter: Room) -> None:
    section = of_quarter[certificates]
    rows = table(section, "From the certificate to the next step")
    assert ["Clicks on our link", "n/a"] in rows


def test_links_to_mend_are_those_with_words(of_quarter: Room) -> None:
    section = of_quarter[links]
    rows = table(section, "Links to mend first, March 2026")
    assert [row[0] for row in rows] == ["Upper case or stray spaces"]
    assert rows[0][1] == "x%20"


def test_the_scenario_of_a_period_is_the_one_that_held_at_its_end(of_quarter: Room) -> None:
    rows = table(of_quarter[returns], "Return on investment by scenario")
    assert [(row[0], row[4]) for row in rows] == [("Base", "9,922"), ("Hopeful", "9,933")]


def test_the_money_is_back_in_the_first_year_above_zero(of_quarter: Room) -> None:
    section = of_quarter[returns]
    assert chart(section, "returns-years").note == "Discounted, the money is back in year 2."


def test_a_year_without_a_measure_is_not_listed_as_measured(of_quarter: Room) -> None:
    rows = table(of_quarter[returns], "Measured so far")
    assert [row[:3] for row in rows] == [["Calls avoided", "Benefit", "1"]]


def test_maturity_is_that_of_the_last_answers_before_the_period_ended(of_quarter: Room) -> None:
    section = of_quarter[maturity]
    assert "the company is a Contender" in plain(said(section.standfirst))
    assert [row[1] for row in table(section, "The way so far")] == ["Observer", "Contender"]
    assert table(section, "The answers, weakest first")[0][3] == "1"
