"""KPIs of what people feel: sentiment, love that we answered or missed, hours of crisis.

Works on the messages and conversations of `care`; what is said about us elsewhere is in
`listening`.
"""

from __future__ import annotations

import numpy as np

from simulator.care import LIKED
from simulator.truth.care import CareTruth, in_force
from simulator.truth.cube import Cube, Slices
from simulator.zones import DAY, HOUR

ENGAGED_WITHIN_S = 3 * DAY
LEAST_LOVING = 10
LEAST_MESSAGES = 20
WEEKS_BEFORE = 8
LEAST_SCORE = 3.5
WORSE_BY = 0.15
PAUSE_H = 6
FOREVER = 2**62


class MoodTruth:
    """Inbound messages that are neither spam nor ours, in order of time."""

    def __init__(self, seen: CareTruth) -> None:
        self.seen, self.company, self.care = seen, seen.company, seen.care
        m, f = self.care.messages, seen.flags
        self.rows = np.flatnonzero(~m["out"] & ~f.is_spam & ~f.is_own)
        self.t = m["t"][self.rows]
        self.day = self.company.zone.day(self.t)
        told = m["has_sentiment"][self.rows]
        mood = m["sentiment"][self.rows]
        self.told = told
        self.positive, self.negative = told & (mood > 0), told & (mood < 0)

    def slices(self, kinds: tuple[str, ...]) -> Slices:
        """Network and what the message is about."""
        m = self.care.messages
        slices = Slices(len(self.rows))
        for i, row in enumerate(self.rows.tolist()):
            thread = int(m["thread"][row])
            slices.put(i, "network", self.seen.network(thread))
            for kind in kinds:
                for value in self.seen.values(kind, int(m["tags"][row]), thread):
                    slices.put(i, kind, value)
        return slices

    def sentiment_kpis(self, cube: Cube) -> None:
        """K58: what is positive less what is negative, and what nobody classified."""
        slices = self.slices(("product", "topic"))
        balance = self.positive.astype(np.int64) - self.negative.astype(np.int64)
        cube.ratio("K58", self.day, slices, self.told, balance)
        everything = np.ones(len(self.rows), dtype=bool)
        unknown = (~self.told).astype(np.int64)
        cube.ratio("K58_unclassified", self.day, slices, everything, unknown)

    def love_kpis(self, cube: Cube) -> None:
        """K49 and K51 of the inbox: positive messages that we answered or liked in three days."""
        engaged = self._engaged()
        slices = self.slices(("product",))
        old = self.positive & (self.t + ENGAGED_WITHIN_S <= self.company.as_of)
        cube.ratio(
            "K49_engaged",
            self.day,
            slices,
            self.positive,
            engaged.astype(np.int64),
            least=LEAST_LOVING,
        )
        cube.count("K51", self.day, slices, old & ~engaged)
        missed = (~engaged).astype(np.int64)
        cube.ratio("K51_share", self.day, slices, old, missed, least=LEAST_LOVING)

    def _engaged(self) -> np.ndarray:
        m, e = self.care.messages, self.care.events
        liked: dict[int, int] = {}
        for row in np.flatnonzero((e["kind"] == LIKED) & (e["message"] >= 0)).tolist():
            message, t = int(e["message"][row]), int(e["t"][row])
            liked[message] = min(t, liked.get(message, FOREVER))
        result = np.zeros(len(self.rows), dtype=bool)
        for i in np.flatnonzero(self.positive).tolist():
            row = int(self.rows[i])
            until = int(m["t"][row]) + ENGAGED_WITHIN_S
            answered = int(m["answered_at"][row])
            if answered <= until:
                segments = self.seen.threads[int(m["thread"][row])]
                here = in_force(segments, int(m["t"][row]))
                result[i] = here is in_force(segments, answered)
            result[i] |= liked.get(row, FOREVER) <= until
        return result

    def crisis_kpis(self, cube: Cube) -> None:
        """K59 and K60: episodes of hours unlike the same hours of eight weeks."""
        episodes = self.episodes()
        zone = self.company.zone
        starts = np.array([start for start, _ in episodes], dtype=np.int64)
        turns = [turn for _, segment in self.seen.segments for turn in segment.turns]
        silent = np.zeros(len(episodes), dtype=bool)
        waits: list[tuple[int, float]] = []
        scope = {
            id(turn)
            for _, segment in self.seen.segments
            if segment.is_in_scope
            for turn in segment.turns
            if turn.is_eligible and turn.is_to_us and turn.is_first
        }
        for i, (start, end) in enumerate(episodes):
            mine = [turn for turn in turns if start <= turn.started_at < end]
            replies = [turn.replied_at for turn in mine if turn.replied_at is not None]
            silent[i] = not replies or min(replies) > start + HOUR
            waits += [
                (turn.started_at, turn.wait_s / HOUR)
                for turn in mine
                if id(turn) in scope and turn.wait_s is not None
            ]
        slices = Slices(len(episodes))
        day = zone.day(starts)
        everything = np.ones(len(episodes), dtype=bool)
        cube.count("K59", day, slices, everything)
        for kind, start, key, rows in cube.grouped(day, slices, everything):
            alone = silent[rows].sum().item()
            cube.put(kind, start, "K59_unacknowledged", key, alone, alone, None, len(rows))
        day = zone.day(np.array([t for t, _ in waits], dtype=np.int64))
        hours = np.array([wait for _, wait in waits])
        everything = np.ones(len(waits), dtype=bool)
        cube.by_quarter().ratio("K60", day, Slices(len(waits)), everything, hours)

    def episodes(self) -> list[tuple[int, int]]:
        """(start, end) of the crises: hours that stand out, with less than six hours between."""
        zone = self.company.zone
        hour = zone.local(self.t) // HOUR
        n, told, bad = {}, {}, {}
        for counts, keep in (
            (n, np.ones(len(hour), dtype=bool)),
            (told, self.told),
            (bad, self.negative),
        ):
            values, numbers = np.unique(hour[keep], return_counts=True)
            counts.update(zip(values.tolist(), numbers.tolist(), strict=True))
        first = int(self.day.min()) * 24
        found: list[tuple[int, int]] = []
        for at in sorted(n):
            before = [at - 168 * week for week in range(1, WEEKS_BEFORE + 1)]
            if n[at] < LEAST_MESSAGES or before[-1] < first or not told.get(at, 0):
                continue
            usual = np.array([n.get(b, 0) for b in before])
            known = sum(told.get(b, 0) for b in before)
            base = sum(bad.get(b, 0) for b in before) / known if known else 0.0
            worse = bad.get(at, 0) / told[at] >= base + WORSE_BY
            if worse and n[at] >= 2 * np.median(usual) and score(n[at], usual) >= LEAST_SCORE:
                start = at * HOUR - int(zone.offset(at * HOUR - zone.offset(at * HOUR)))
                if found and start - found[-1][1] < PAUSE_H * HOUR:
                    found[-1] = (found[-1][0], start + HOUR)
                else:
                    found.append((start, start + HOUR))
        return found


def score(n: int, usual: np.ndarray) -> float:
    """How far an hour lies from the same hours before; by chance alone where those are alike."""
    median = float(np.median(usual))
    spread = float(np.median(np.abs(usual - median)))
    if spread > 0:
        return 0.6745 * (n - median) / spread
    mean = max(float(usual.mean()), 1.0)
    return (n - mean) / mean**0.5
