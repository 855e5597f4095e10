"""Writes the truth of a simulated company into a folder.

Calls the subjects in turn and writes three tables: the KPI values, the conversations, and the
rows that must be in quarantine.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from simulator.care import Care
from simulator.company import Company
from simulator.dirt import Dirt
from simulator.posts import Posts
from simulator.surveys import RcSurveys, Survey
from simulator.truth.care import CareTruth
from simulator.truth.cube import Cube
from simulator.truth.reach import conversion_kpis, post_kpis, session_kpis
from simulator.web import Web


def true_values(
    company: Company,
    care: Care,
    rc: RcSurveys,
    surveys: list[Survey],
    agents: np.ndarray,
    posts: Posts,
    web: Web,
) -> tuple[Cube, CareTruth]:
    """All KPI values that follow from the world."""
    cube = Cube()
    seen = CareTruth(company, care)
    seen.message_kpis(cube)
    seen.turn_kpis(cube)
    seen.conversation_kpis(cube)
    seen.backlog_kpis(cube)
    seen.survey_kpis(cube, rc, surveys, agents)
    post_kpis(company, posts, cube)
    session_kpis(company, web, cube)
    conversion_kpis(company, web, cube)
    return cube, seen


def write_truth(folder: Path, cube: Cube, seen: CareTruth, dirt: Dirt) -> int:
    """Write the tables; returns the number of KPI values."""
    folder.mkdir(parents=True, exist_ok=True)
    n = cube.write(folder / "kpi_truth.csv")
    seen.write_conversations(folder / "conversations.csv")
    with (folder / "expected_quarantine.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["stream", "file", "reason", "n"])
        writer.writerows([*key, n] for key, n in sorted(dirt.expected.items()))
    return n
