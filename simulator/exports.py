"""Every export of the year: which writers there are, and two at a time for a large company.

Who writes beside whom belongs here. What a file holds is the business of the tool's own writer.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator import listening as heard
from simulator import money as earned
from simulator.dirt import Dirt
from simulator.world import World
from simulator.writers import (
    ad_spend,
    costs,
    crm,
    facebook,
    ga4,
    instagram,
    linkedin,
    listening,
    maturity,
    phone,
    ringcentral,
    sparkcentral,
    sprout_audience,
    sprout_social,
    surveys,
    twitter_archive,
    vip,
    web_events,
    x,
    x_account,
    youtube,
    zendesk,
)
from simulator.writers.files import Landing

# The exports of fewer messages take a few seconds, of which a second process saves one.
HELPED_FROM = 50_000


@dataclass
class Written:
    """What was put into the landing zone.

    Attributes:
        counts: how many there are, by what was counted.
        files: paths relative to the landing zone.
        expected: broken rows by stream, file and reason, as in `Dirt`.
    """

    counts: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    expected: Counter = field(default_factory=Counter)


def write_exports(landing: Landing, world: World) -> Written:
    """Write the files of every tool; the same whether one process does it or two.

    Raises:
        RuntimeError: the second process failed, or died.
    """
    if _has_help(world):
        parts = _written_by_two(landing, world)
    else:
        parts = {name: _written(name, landing, world) for name in WRITERS}
    written = Written(counts={name: parts[name].counts[name] for name in COUNTED})
    for name in WRITERS:
        written.files += parts[name].files
        written.expected += parts[name].expected
    return written


def _has_help(world: World) -> bool:
    is_able = sys.platform == "linux" and (os.cpu_count() or 1) > 1
    return is_able and world.company.messages >= HELPED_FROM


# --- the writers ---------------------------------------------------------------------------------


def _broken_by_lot(landing: Landing, world: World, dirt: Dirt) -> None:
    """Tools whose broken rows are drawn from one sequence: their order decides which rows."""
    company, care = world.company, world.care
    elsewhere = [*earned.contacts(world.money), *heard.contacts(world.mentions, care)]
    ringcentral.write(landing, company, care, world.rc, np.array(elsewhere, dtype=np.int64), dirt)
    sparkcentral.write(landing, company, care, dirt)
    twitter_archive.write(landing, company, care, dirt)
    x.write(landing, company, world.posts, dirt)
    facebook.write(landing, company, world.audience, dirt)
    crm.write(landing, company, world.web, world.money, dirt)
    listening.write(landing, company, world.mentions, dirt)


def _sprout_social(landing: Landing, world: World, dirt: Dirt) -> None:
    named = sprout_audience.profile_rows(world.audience)
    sprout_social.write(landing, world.company, world.care, named, dirt)


# By what they count, or by the tool. What takes longest is begun first.
WRITERS: dict[str, Callable[[Landing, World, Dirt], int | None]] = {
    "zendesk": lambda to, w, dirt: zendesk.write(to, w.company, w.care, w.ratings, dirt),
    "broken by lot": _broken_by_lot,
    "ga4_events": lambda to, w, _: ga4.write(to, w.company, w.web, w.posts),
    "sprout_social": _sprout_social,
    "surveys": lambda to, w, _: surveys.write(to, w.company, w.care, w.asked),
    "web_events": lambda to, w, _: web_events.write(to, w.company, w.web),
    "linkedin": lambda to, w, _: linkedin.write(to, w.company, w.audience),
    "sprout_audience": lambda to, w, dirt: sprout_audience.write(
        to, w.company, w.audience, w.mentions, dirt
    ),
    "instagram": lambda to, w, _: instagram.write(to, w.company, w.audience),
    "youtube": lambda to, w, _: youtube.write(to, w.company, w.audience),
    "x_account": lambda to, w, _: x_account.write(to, w.company, w.audience),
    "vip_memberships": lambda to, w, _: vip.write(to, w.company, w.care),
    "ad_days": lambda to, w, _: ad_spend.write(to, w.company, w.money),
    "phone_rows": lambda to, w, _: phone.write(to, w.company),
    "cost_lines": lambda to, w, _: costs.write(to, w.company),
    "maturity": lambda to, w, _: maturity.write(to, w.company, w.answers),
}
COUNTED = (
    "phone_rows",
    "vip_memberships",
    "ga4_events",
    "web_events",
    "cost_lines",
    "ad_days",
)


def _written(name: str, landing: Landing, world: World) -> Written:
    own = Landing(landing.root, landing.is_compressed)
    dirt = Dirt(world.company.rng(91))
    count = WRITERS[name](own, world, dirt)
    return Written({name: count} if count is not None else {}, own.files, dirt.expected)


# --- two at a time -------------------------------------------------------------------------------


def _written_by_two(landing: Landing, world: World) -> dict[str, Written]:
    """What each writer wrote, here or in a second process that has the world as it is."""
    # The world is as large as everything that is written of it: it is shared, not sent.
    context = multiprocessing.get_context("fork")
    begun = context.Value("i", 0)
    receiver, sender = context.Pipe(duplex=False)
    helper = context.Process(target=_help, args=(sender, begun, landing, world), daemon=True)
    helper.start()
    sender.close()
    try:
        parts = {name: _written(name, landing, world) for name in _next_names(begun)}
        told = receiver.recv()
    except EOFError:
        raise RuntimeError(
            "the second process that writes exports died, perhaps for want of memory"
        ) from None
    finally:
        helper.terminate()
        helper.join()
    if isinstance(told, str):
        raise RuntimeError(f"the second process that writes exports failed:\n{told}")
    return parts | told


def _next_names(begun: Any) -> Iterator[str]:
    """Names of writers that nobody has begun with, until there are none."""
    names = list(WRITERS)
    while True:
        with begun.get_lock():
            place = begun.value
            begun.value += 1
        if place >= len(names):
            return
        yield names[place]


def _help(sender: Any, begun: Any, landing: Landing, world: World) -> None:
    try:
        told: Any = {}
        for name in _next_names(begun):
            if not multiprocessing.parent_process().is_alive():
                return
            told[name] = _written(name, landing, world)
    except Exception:
        told = traceback.format_exc()
    sender.send(told)
    sender.close()
