"""Answers to the social maturity checklist."""

from __future__ import annotations

from datetime import date


def test_answers_are_read_and_who_gave_them_is_not(zone) -> None:
    zone.load(
        "maturity/answers/answers_2026-01-15.csv",
        "assessment_on,item_id,score,evidence,assessed_by\n"
        "2026-01-15,people,3,Ana and Ben answer,ana@lumenworks.example\n"
        "2026-01-15,hours,,,ana@lumenworks.example\n",
    )
    people, hours = zone.rows("maturity/answers")
    assert (people["assessment_on"], people["item_id"], people["score"]) == (
        date(2026, 1, 15),
        "people",
        3.0,
    )
    assert hours["score"] is None
    assert "ana" not in str([people, hours]).lower()


def test_answer_to_nothing_or_below_the_scale_is_set_aside(zone) -> None:
    done = zone.load(
        "maturity/answers/a.csv",
        "assessment_on,item_id,score\n2026-01-15,,3\n2026-01-15,people,-1\n,people,1\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (0, 3)
