"""KPIs of course certificates: posts that we answered, and who followed the way we showed.

Works on the world's messages and sessions; a content word in an answer is one in a link.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from simulator.posts import Posts
from simulator.truth.care import CareTruth, in_force
from simulator.truth.cube import Cube, Slices
from simulator.web import ARRIVALS, Web, content_of
from simulator.zones import period_end

CONTENT = "utm_content="
TOPIC = "course certificate"


def certificate_kpis(cube: Cube, seen: CareTruth, web: Web, posts: Posts) -> None:
    """K53: posts, answers, sessions that come from the answers, and what those buy."""
    care, company = seen.care, seen.company
    m, f = care.messages, seen.flags
    tagged = (m["tags"] & company.tag_bit(TOPIC)) != 0
    rows = np.flatnonzero(~m["out"] & ~f.is_spam & ~f.is_own & tagged)
    slices = Slices(len(rows))
    answered = np.zeros(len(rows), dtype=np.int64)
    contents = set()
    for i, row in enumerate(rows.tolist()):
        thread = int(m["thread"][row])
        slices.put(i, "network", seen.network(thread))
        reply = _answer(seen, row)
        if reply is None:
            continue
        answered[i] = 1
        text = care.texts.texts[int(m["text"][reply])]
        if CONTENT in text:
            contents.add(text.partition(CONTENT)[2].split()[0])
    day = company.zone.day(m["t"][rows])
    everything = np.ones(len(rows), dtype=bool)
    cube.ratio("K53", day, slices, everything, answered)
    cube.count("K53_posts", day, slices, everything)
    _next_steps(cube, seen, web, posts, contents, int(day.min(initial=2**40)))


def _answer(seen: CareTruth, row: int) -> int | None:
    """The first message of a person on our side after one, in its conversation."""
    m = seen.care.messages
    thread = int(m["thread"][row])
    segments = seen.threads[thread]
    here = in_force(segments, int(m["t"][row]))
    later = np.flatnonzero(m["thread"][row + 1 :] == thread) + row + 1
    replies = later[m["out"][later] & ~m["bot"][later]]
    if not len(replies) or in_force(segments, int(m["t"][replies[0]])) is not here:
        return None
    return int(replies[0])


def _next_steps(
    cube: Cube, seen: CareTruth, web: Web, posts: Posts, contents: set[str], first_day: int
) -> None:
    s = web.sessions
    bought = Counter(purchase.session for purchase in web.purchases)
    found = []
    for row in np.flatnonzero(~s.second_site).tolist():
        content = content_of(ARRIVALS[int(s.arrival[row])], int(s.post[row]), posts, row)
        if content in contents:
            found.append((row, content))
    slices = Slices(len(found))
    for i, (_, content) in enumerate(found):
        slices.put(i, "next_step", content)
    rows = np.array([row for row, _ in found], dtype=np.int64)
    day = seen.company.zone.day(s.start_us[rows] // 1_000_000)
    everything = np.ones(len(rows), dtype=bool)
    conversions = np.array([bought[row] for row in rows.tolist()], dtype=np.int64)
    for kind, start, key, group in cube.grouped(day, slices, everything):
        n, bought_then = len(group), conversions[group].sum().item()
        # Before the first certificate post nothing is said of certificates.
        is_told = period_end(start, kind) >= first_day
        cube.put(kind, start, "K53_sessions", key, n if is_told else None, n, None, n)
        told = bought_then if is_told else None
        cube.put(kind, start, "K53_conversions", key, told, bought_then, None, n)
