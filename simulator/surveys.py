"""Who was asked how it went, and what they answered.

Three ways to ask: the main inbox tool's own satisfaction survey and the ticket tool's rating, sent
after a case was closed, and a separate tool on several scales, with recommendation surveys among
them. Files are written elsewhere, satisfaction is counted in `truth`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.care import CLOSED, REOPENED, Care
from simulator.company import RC, ZENDESK, Company
from simulator.zones import DAY, HOUR

CSAT_SCALES = ("1-5", "1-7", "good_bad", "yes_no", "0-10")
NPS_SCALE = "0-10"
# Part of the recommendation surveys that go to somebody who was asked within three months.
ASKED_AGAIN = 0.2
WORDS = {"good_bad": ("bad", "good"), "yes_no": ("no", "yes")}


@dataclass
class RcSurveys:
    """Surveys of the inbox tool: at most one an intervention, `answers` in order of time."""

    sent_at: np.ndarray
    responded_at: np.ndarray
    grade: np.ndarray
    answers: dict[str, np.ndarray]

    def of_episode(self, at: np.ndarray) -> dict[str, np.ndarray]:
        """Survey columns of some interventions; absent values are -1."""
        return {
            "sent_at": self.sent_at[at],
            "responded_at": self.responded_at[at],
            "grade": self.grade[at],
        }

    def last_change(self) -> np.ndarray:
        """When each intervention last changed because of its survey, -1 if never."""
        return np.maximum(self.sent_at, self.responded_at)


@dataclass
class Survey:
    """One survey or rating; `answers` lists (responded at, score, comment)."""

    survey_id: str
    kind: str
    scale: str
    sent_at: int
    answers: list[tuple[int, str, str]]
    network: str
    thread: int
    contact: int
    agent: int
    knows_thread: bool = True


def rc_surveys(company: Company, care: Care, agents: np.ndarray) -> RcSurveys:
    """Send the inbox tool's survey after a quarter of the closes that were never undone."""
    rng = company.rng(11)
    n = len(care.episodes["thread"])
    once, closed_at = closed_once(care, RC)
    asked = once & (agents >= 0) & (rng.random(n) < 0.27)
    sent = np.where(asked, closed_at + 60 * rng.integers(1, 30, n), -1)
    sent = np.where(sent >= company.cut, -1, sent)
    part = np.clip((sent - company.zone.midnight(company.first_day)) / (450 * DAY), 0, 1)
    mood = rng.random(n) + 0.1 * part
    grade = np.select([mood > 0.55, mood > 0.24, mood > 0.14, mood > 0.07], [5, 4, 3, 2], 1)
    answered = (sent >= 0) & (rng.random(n) < 0.36)
    wait = 60 * (1 + rng.exponential(14 * 60, n).astype(np.int64))
    responded = np.where(answered, sent + wait, -1)
    responded = np.where(responded >= company.cut, -1, responded)
    again = (responded >= 0) & (rng.random(n) < 0.08)
    second = np.where(again, responded + 60 * rng.integers(5, 4000, n), -1)
    second = np.where(second >= company.cut, -1, second)
    new_grade = np.clip(grade + rng.integers(-2, 3, n), 1, 5)
    first_rows, second_rows = np.flatnonzero(responded >= 0), np.flatnonzero(second >= 0)
    episode = np.concatenate([first_rows, second_rows])
    at = np.concatenate([responded[first_rows], second[second_rows]])
    grades = np.concatenate([grade[first_rows], new_grade[second_rows]])
    order = np.argsort(at, kind="stable")
    return RcSurveys(
        sent_at=sent,
        responded_at=np.where(second >= 0, second, responded),
        grade=np.where(second >= 0, new_grade, np.where(responded >= 0, grade, -1)),
        answers={"episode": episode[order], "responded_at": at[order], "grade": grades[order]},
    )


def closed_once(care: Care, source: str) -> tuple[np.ndarray, np.ndarray]:
    """Which handling episodes of a tool were closed once and stayed so, and when each closed."""
    n = len(care.episodes["thread"])
    events = care.events
    known = events["episode"] >= 0
    closes = np.bincount(events["episode"][known & (events["kind"] == CLOSED)], minlength=n)
    undone = np.bincount(events["episode"][known & (events["kind"] == REOPENED)], minlength=n)
    closed_at = np.full(n, -1, dtype=np.int64)
    rows = known & (events["kind"] == CLOSED)
    np.maximum.at(closed_at, events["episode"][rows], events["t"][rows])
    mine = care.in_tool(source)[care.episodes["thread"]]
    return mine & (closes == 1) & (undone == 0), closed_at


def ticket_ratings(company: Company, care: Care, agents: np.ndarray) -> list[Survey]:
    """Offer the ticket tool's rating after half of the closes; some answer, some change it."""
    rng = company.rng(13)
    once, closed_at = closed_once(care, ZENDESK)
    ratings: list[Survey] = []
    for episode in np.flatnonzero(once & (agents >= 0)).tolist():
        draw = rng.random(4)
        sent = int(closed_at[episode]) + int(rng.integers(60, 2 * DAY))
        if draw[0] > 0.5 or sent >= company.cut:
            continue
        first = sent + 30 + int(rng.exponential(15 * HOUR))
        given = [(first, "good" if draw[2] < 0.8 else "bad", "")] if draw[1] < 0.4 else []
        if given and draw[3] < 0.1:
            given.append((first + int(rng.integers(300, 3 * DAY)), "good", ""))
        thread = int(care.episodes["thread"][episode])
        ratings.append(
            Survey(
                str(9_500_000 + episode),
                "csat",
                "good_bad",
                sent,
                [answer for answer in given if answer[0] < company.cut],
                company.profiles[int(care.threads.profile[thread])].network,
                thread,
                int(care.threads.contact[thread]),
                int(agents[episode]),
            )
        )
    return ratings


def tool_surveys(
    company: Company, care: Care, agents: np.ndarray, rc: RcSurveys, ratings: list[Survey]
) -> list[Survey]:
    """Surveys of the separate tool: after other closes, and recommendation surveys in between."""
    rng = company.rng(12)
    events = care.events
    closes = np.flatnonzero((events["kind"] == CLOSED) & (events["episode"] >= 0))
    rated = np.isin(events["thread"][closes], [rating.thread for rating in ratings])
    free = (rc.sent_at[events["episode"][closes]] < 0) & ~rated
    closes = closes[free & (rng.random(len(closes)) < 0.13)]
    networks = [p.network for p in company.profiles]
    # The ticket tool's users are people like others: no other tool knows them by their ids.
    is_ticket = care.in_tool(ZENDESK)
    part = (company.cut - company.zone.midnight(company.first_day)) // DAY
    extra = max(12, company.messages // 45)
    surveys: list[Survey] = []

    def score(scale: str) -> str:
        mood = rng.random()
        if scale in WORDS:
            return WORDS[scale][int(mood > 0.22)]
        low, high = (int(end) for end in scale.split("-"))
        return str(high - min(int(rng.exponential((high - low) * 0.22)), high - low))

    def answers(sent: int, scale: str, share: float) -> list[tuple[int, str, str]]:
        if rng.random() >= share:
            return []
        first = sent + 60 + int(rng.exponential(20 * HOUR))
        given = [(first, score(scale), "")]
        if rng.random() < 0.1:
            given.append((first + int(rng.integers(60, 5 * DAY)), score(scale), ""))
        comments = ("Quick and kind", "=SUM(A1:A3)", "Waited too long;\nstill open", "")
        return [
            (at, value, comments[int(rng.integers(0, 4))])
            for at, value, _ in given
            if at < company.cut
        ]

    for row in closes.tolist():
        thread = int(events["thread"][row])
        sent = int(events["t"][row]) + int(rng.integers(61, 3 * HOUR))
        if sent >= company.cut:
            continue
        scale = CSAT_SCALES[int(rng.choice(5, p=[0.45, 0.2, 0.2, 0.1, 0.05]))]
        agent = int(agents[int(events["episode"][row])])
        surveys.append(
            Survey(
                "",
                "csat",
                scale,
                sent,
                answers(sent, scale, 0.42),
                networks[int(care.threads.profile[thread])],
                thread,
                int(care.threads.contact[thread]),
                agent if rng.random() < 0.8 and not is_ticket[thread] else -1,
            )
        )
    asked_before: list[int] = []
    for _ in range(extra):
        day = company.first_day + int(rng.integers(0, part))
        sent = company.zone.midnight(day) + int(rng.integers(9 * HOUR, 20 * HOUR))
        if sent >= company.cut:
            continue
        lost = rng.random() < 0.2
        kind, scale = ("csat", "1-5") if lost else ("nps", NPS_SCALE)
        contact = int(rng.integers(0, care.contacts))
        if asked_before and rng.random() < ASKED_AGAIN:
            number = int(rng.integers(0, len(asked_before)))
            near = surveys[asked_before[number]]
            sent = min(near.sent_at + int(rng.integers(DAY, 80 * DAY)), company.cut - 1)
            contact = near.contact
        if not lost:
            asked_before.append(len(surveys))
        surveys.append(
            Survey(
                "",
                kind,
                scale,
                sent,
                answers(sent, scale, 0.25 if lost else 0.4),
                ("x", "facebook", "whatsapp")[int(rng.integers(0, 3))],
                len(care.threads) + len(surveys) if lost else -1,
                contact,
                -1,
                knows_thread=False,
            )
        )
    surveys.sort(key=lambda s: s.sent_at)
    for number, survey in enumerate(surveys):
        survey.survey_id = f"sv-{number:08d}"
    return surveys
