"""Writes the truth of a simulated company into a folder.

Calls the subjects in turn and writes three tables: the KPI values, the conversations, and the
rows that must be in quarantine.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from simulator.truth.audience import AudienceTruth
from simulator.truth.care import CareTruth
from simulator.truth.certificates import certificate_kpis
from simulator.truth.cube import Cube
from simulator.truth.listening import ListeningTruth
from simulator.truth.money import MoneyTruth, sales_of
from simulator.truth.moods import MoodTruth
from simulator.truth.web import WebTruth
from simulator.world import World


def true_values(world: World) -> tuple[Cube, CareTruth]:
    """All KPI values that follow from the world."""
    company = world.company
    cube = Cube()
    seen = CareTruth(company, world.care)
    seen.message_kpis(cube)
    seen.turn_kpis(cube)
    seen.conversation_kpis(cube)
    seen.backlog_kpis(cube)
    seen.survey_kpis(cube, world.rc, world.surveys, world.agents)
    moods = MoodTruth(seen)
    moods.sentiment_kpis(cube)
    moods.love_kpis(cube)
    moods.crisis_kpis(cube)
    audience = AudienceTruth(company, world.audience, world.posts, world.care)
    audience.post_kpis(cube)
    audience.error_kpis(cube)
    audience.profile_kpis(cube)
    audience.reach_kpis(cube)
    audience.follower_kpis(cube)
    heard = ListeningTruth(company, world.mentions, seen)
    heard.love_kpis(cube)
    heard.word_kpis(cube)
    heard.share_kpis(cube)
    sales = sales_of(company, world.money)
    web = WebTruth(company, world.web, world.posts, sales)
    web.session_kpis(cube)
    web.post_session_kpis(cube)
    web.conversion_kpis(cube)
    web.assist_kpis(cube)
    web.cohort_kpis(cube)
    certificate_kpis(cube, seen, world.web, world.posts)
    money = MoneyTruth(company, world.money, sales)
    money.follower_kpis(cube)
    money.retention_kpis(cube, seen)
    money.contact_kpis(cube, seen)
    money.maturity_kpis(cube, world.answers)
    return cube, seen


def write_truth(folder: Path, cube: Cube, seen: CareTruth, expected: Counter) -> int:
    """Write the tables; returns the number of KPI values.

    `expected` are broken rows by stream, file and reason, as in `Dirt`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    n = cube.write(folder / "kpi_truth.csv")
    seen.write_conversations(folder / "conversations.csv")
    with (folder / "expected_quarantine.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["stream", "file", "reason", "n"])
        writer.writerows([*key, n] for key, n in sorted(expected.items()))
    return n
