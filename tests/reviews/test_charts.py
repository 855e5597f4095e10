"""Charts: axes that end on round numbers, names that do not touch, text that stays text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from orchestration.reviews import charts
from orchestration.reviews.charts import drawing, look, maps, vega

MONTHS = ("Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026")


@pytest.fixture(autouse=True)
def _checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here every part of a chart is held against Altair's schema; reviews do without."""
    monkeypatch.setattr(vega, "IS_CHECKED", True)


def test_what_is_no_chart_is_found_here() -> None:
    alt = vega.altair()
    with pytest.raises(alt.utils.schemapi.SchemaValidationError):
        alt.Chart(alt.Data(values=[])).mark_rule(strokeWidth="thick").to_dict()


def test_ticks_are_round_and_cover_the_values() -> None:
    assert look.ticks(0, 9.2) == [0, 2, 4, 6, 8, 10]
    assert look.ticks(0, 0) == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert look.ticks(0, 2, least=1) == [0, 1, 2]
    steps = look.ticks(0.616, 0.947)
    assert steps[0] <= 0.616
    assert steps[-1] >= 0.947


def test_names_that_would_touch_are_moved_apart() -> None:
    placed = look.spread([100, 101, 20], 15, 6, 200)
    assert placed[2] == 20
    assert placed[1] - placed[0] >= 15
    crowded = look.spread([198, 199, 200], 15, 6, 200)
    assert max(crowded) <= 200
    assert sorted(crowded) == [170, 185, 200]


def test_the_year_is_said_once() -> None:
    assert look.axis_labels(MONTHS, 800) == ["Nov|2025", "Dec", "Jan|2026", "Feb"]
    assert look.axis_labels(MONTHS, 100) == ["", "Dec|2025", "", "Feb|2026"]


def test_a_gap_stays_a_gap() -> None:
    drawn = charts.spark([1.0, None, 2.0, 3.0])
    assert re.search(r' d="M[\d.,]+M[\d.,]+L[\d.,]+"', drawn)
    assert charts.spark([None, 1.0]) == ""


def test_names_in_charts_are_escaped_and_ids_are_the_pages() -> None:
    rows = [charts.Row("<script>alert(1)</script>", (1.0, 2.0))]
    drawn = charts.dots("first", ("Median", "Mean"), rows, "hours", target=4.0)
    assert "<script" not in drawn
    root = ET.fromstring(drawn)
    assert root.get("width") is None
    for element in root.iter():
        assert element.get("id", "first-").startswith("first-")
        assert not any(name.endswith("href") for name in element.attrib)


def test_every_kind_of_chart_is_well_formed_with_gaps() -> None:
    line = charts.Line("Mean", (1.0, None, 3.0, 2.0))
    drawings = [
        charts.lines("a", MONTHS, [line], "hours", target=2.0, target_words="target 2 h"),
        charts.columns("b", MONTHS, (1.0, None, 0.0, 2.0), "count", labels=("1", "", "0", "2")),
        charts.intervals("c", MONTHS, (None, (0.5, 0.3, 0.7), None, (0.9, 0.8, 1.0)), target=0.85),
        charts.dots("d", ("A", "B"), [charts.Row("x", (None, 2.0))], "count"),
    ]
    for drawn in drawings:
        ET.fromstring(drawn)
        assert "NaN" not in drawn


def test_the_charts_drawn_by_hand_are_well_formed_whatever_they_are_given() -> None:
    name = "<b>&\u202e" + "W" * 300
    gaps = charts.Line(name, (1.0, None, 3.0, 2.0))
    nothing = charts.Line("None", (None,) * 4)
    for width in (charts.WIDE, charts.NARROW):
        drawings = [
            charts.heat(
                "a", [name, "x"], MONTHS, [[1, None, 3, 0], [None] * 4], "hours", width=width
            ),
            charts.heat("b", ["x"], ["y"], [[None]], "share", good="low", width=width),
            charts.distribution("c", [name, "1 h"], (0, 5), marks=[(1.5, name)], width=width),
            charts.multiples("d", MONTHS, [gaps, nothing], "count", target=2, width=width),
            charts.bars("e", MONTHS, [gaps, nothing], "money", width=width),
            charts.paths("f", [((name, "x"), 3), ((), 1), (["y"] * 20, 0)], "count", width=width),
            charts.quadrant("g", [(name, 0, 0), ("now", 100, 100)], x_title=name, y_title="y"),
        ]
        for drawn in drawings:
            ET.fromstring(drawn)
            assert "<b>" not in drawn
            assert "\u202e" not in drawn
            assert "nan" not in drawn.lower()
            assert "W" * 150 not in drawn


def test_what_is_missing_in_a_heat_map_has_not_the_tint_of_zero() -> None:
    drawn = ET.fromstring(charts.heat("a", ["r"], ["x", "y", "z"], [[0, None, 9]], "count"))
    cells = [each.get("fill") for each in drawn if each.get("height") == "24"]
    assert cells == [maps.tint(0, 0, 9, "none"), look.PAPER, maps.tint(9, 0, 9, "none")]
    words = [each.text for each in drawn if each.tag.endswith("text")]
    assert words[:6] == ["x", "y", "z", "r", "0", "9"]


def test_a_provisional_period_is_hatched_and_no_line_crosses_a_break() -> None:
    line = charts.Line("Mean", (1.0, 2.0, 3.0, 2.0))
    how = {"provisional": (False, False, False, True), "breaks": (2,)}
    drawn = charts.lines("a", MONTHS, [line], "hours", **how)
    assert drawn.count("<pattern ") == 1
    assert "counted anew" in drawn
    plain = charts.lines("a", MONTHS, [line], "hours")
    strokes = [each.count('stroke-width="2.4"') for each in (plain, drawn)]
    assert strokes == [1, 2]
    drawn = charts.columns("b", MONTHS, (1, 2, 3, 4), "count", highlighted=1, **how)
    assert drawn.count("<pattern ") == 1
    assert drawn.count("url(#b-hatch") == 1
    assert "<pattern" not in charts.columns("b", MONTHS, (1, 2, 3, 4), "count")


def test_long_names_are_cut_where_there_is_no_room() -> None:
    assert drawing.fitted("short", 200) == "short"
    cut = drawing.fitted("M" * 40, 100)
    assert cut.endswith(drawing.ELLIPSIS)
    assert drawing.width_of(cut) <= 100
    assert drawing.width_of("漢字") > drawing.width_of("il")
