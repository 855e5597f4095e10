"""One call that simulates a company: found it, play the year, write the exports, compute the truth.

The order of the steps and the size of things; each step lives in its own module.
"""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_AS_OF = "2026-04-15T06:00:00Z"
DEFAULT_ZONE = "America/New_York"
SIZES = {"tiny": 1_500, "small": 14_000, "medium": 120_000, "large": 1_000_000}


@dataclass
class Summary:
    """What a simulation wrote."""

    landing: Path
    truth: Path | None
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """The summary in words, one line a fact."""
        facts = [f"{name.replace('_', ' ')}: {n:,}" for name, n in self.counts.items()]
        times = [f"{name}: {s:.1f} s" for name, s in self.seconds.items()]
        return [*facts, *times]


@contextmanager
def _without_collector() -> Iterator[None]:
    """A world is millions of small things that all stay: Python need not look for dead ones."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_without_collector()
def simulate(
    landing: Path,
    truth: Path | None,
    seed: int = 7,
    messages: int = SIZES["small"],
    as_of: str = DEFAULT_AS_OF,
    zone: str = DEFAULT_ZONE,
    seeds_dir: Path | None = None,
    *,
    web_events: int | None = None,
    last_days: int = 0,
    is_compressed: bool = False,
) -> Summary:
    """Simulate a company into an empty landing zone, and its truth beside it.

    Args:
        landing: folder for the exports; the folders of its sources are replaced.
        truth: folder for the true KPI values, or None to leave them out.
        seed: same seed, same bytes.
        messages: care messages wanted, roughly; the rest is in proportion (the web up to a limit).
        as_of: instant (ISO 8601) after which nothing is known; exports end at its UTC midnight.
        zone: IANA zone of the company's days.
        seeds_dir: folder with the seeds of the warehouse, by default the repository's.
        web_events: web events wanted, roughly, without the limit.
        last_days: so many days before the end are exported one by one. A file's time is that of
            its export, so what arrived on a day can be told by it.
        is_compressed: whether every text file is gzipped, as large exports are.

    Returns:
        What was written and how long each step took.
    """
    from simulator import audience as audience_module
    from simulator import care as care_module
    from simulator import listening as listening_module
    from simulator import maturity as maturity_module
    from simulator import money as money_module
    from simulator import posts as posts_module
    from simulator import surveys as surveys_module
    from simulator import web as web_module
    from simulator.company import found
    from simulator.exports import write_exports
    from simulator.truth.writing import true_values, write_truth
    from simulator.world import World
    from simulator.writers import ringcentral
    from simulator.writers.files import Landing

    summary = Summary(Path(landing), Path(truth) if truth else None)
    started = time.perf_counter()
    company = found(
        seed, messages, as_of, zone, seeds_dir, web_events=web_events, last_days=last_days
    )
    care = care_module.play_year(company)
    agents = ringcentral.episode_summaries(care)["agent"]
    rc = surveys_module.rc_surveys(company, care, agents)
    ratings = surveys_module.ticket_ratings(company, care, agents)
    asked = surveys_module.tool_surveys(company, care, agents, rc, ratings)
    posts = posts_module.publish(company)
    audience = audience_module.publish(company, posts, care)
    web = web_module.browse(company, posts)
    mentions = listening_module.listen(company, care, posts)
    money = money_module.earn(company, care, web)
    answers = maturity_module.assess(company)
    world = World(
        company, care, rc, asked, ratings, agents, posts, audience, web, mentions, money, answers
    )
    summary.seconds["world"] = time.perf_counter() - started

    started = time.perf_counter()
    zone_files = Landing(Path(landing), is_compressed)
    for source in STREAM_FOLDERS:
        shutil.rmtree(zone_files.root / source, ignore_errors=True)
    written = write_exports(zone_files, world)
    summary.counts |= written.counts
    summary.seconds["exports"] = time.perf_counter() - started
    summary.counts |= {
        "messages": len(care.messages["t"]),
        "threads": len(care.threads),
        "journal_events": len(care.events["t"]),
        "posts": len(posts) + len(audience.posts),
        "sessions": len(web.sessions.visitor),
        "purchases": len(web.purchases),
        "mentions": len(mentions),
        "customers": len(money.customers),
        "orders": len(money.orders),
        "surveys": len(asked) + len(ratings) + int((rc.sent_at >= 0).sum()),
        "files": len(written.files),
    }
    if summary.truth:
        started = time.perf_counter()
        cube, seen = true_values(world)
        summary.counts["true_values"] = write_truth(summary.truth, cube, seen, written.expected)
        summary.seconds["truth"] = time.perf_counter() - started
    return summary


STREAM_FOLDERS = (
    "ringcentral_engage",
    "sprout_social",
    "zendesk",
    "sparkcentral",
    "phone",
    "vip",
    "customer_support_on_twitter",
    "x",
    "ga4",
    "web_events",
    "surveys",
    "costs",
    "ad_spend",
    "crm",
    "maturity",
    "listening",
    "facebook",
    "instagram",
    "linkedin",
    "youtube",
)
