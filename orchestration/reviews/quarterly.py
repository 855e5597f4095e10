"""The quarterly health report: which sections it has, in which order, and what its headlines are.

The report reads the published snapshot and nothing else. Blocks are made by `desk/` and the
sections, `writing.py` puts them together; weekly and monthly reviews are modules beside this one.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.reviews import writing
from orchestration.reviews.blocks import Section
from orchestration.reviews.cadences import QUARTERLY
from orchestration.reviews.desk import Desk
from orchestration.reviews.pages import ReviewPaths
from orchestration.reviews.sections import (
    attribution,
    audience,
    benchmarks,
    cases,
    certificates,
    channels,
    coverage,
    errata,
    glance,
    improvement,
    journeys,
    links,
    listening,
    love,
    maturity,
    notes,
    promises,
    publishing,
    quality,
    returns,
    satisfaction,
    speed,
    traffic,
    voice,
    workload,
)

#: The three measures that the team is steered by, then the others a reader asks for first.
LEADING = ("K04", "K13", "K48")
OTHERS = ("K07", "K26", "K43", "K45", "K55", "K68_share", "K71_linear", "K78")


def sections(desk: Desk) -> list[Section | None]:
    """What was aimed at, care, the brand, the web and money; what sums up the others stands last.

    Agents are told by the monthly review alone: this one goes to the whole organisation.
    """
    return [
        glance.build(desk, LEADING, OTHERS),
        improvement.build(desk),
        notes.annotations(desk),
        speed.build(desk),
        promises.build(desk),
        coverage.build(desk),
        workload.build(desk),
        satisfaction.build(desk),
        love.build(desk),
        voice.build(desk),
        listening.build(desk),
        certificates.build(desk),
        audience.build(desk),
        publishing.build(desk),
        traffic.build(desk),
        attribution.build(desk),
        journeys.build(desk),
        channels.build(desk),
        links.build(desk),
        returns.build(desk),
        maturity.build(desk),
        notes.tactics(desk),
        cases.build(desk),
        benchmarks.build(desk),
        errata.build(desk),
        quality.build(desk),
    ]


PLAN = writing.Plan(QUARTERLY, sections)


def write_quarterly_review(data_dir: Path | str, label: str) -> ReviewPaths:
    """Write the report of a quarter such as `2026-Q1`: see `writing.write`."""
    return writing.write(data_dir, PLAN, label)
