"""Customers write, bots and agents answer, cases are assigned, closed and opened again.

The whole year is played slot by slot for all threads at once: every step of the plot moves the
clock of the threads it concerns and notes messages and events. What the tools export of it is
written in `writers`; what it means (segments, turns, waits) is found in `truth` and never here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simulator.company import (
    ARCHIVE,
    ARCHIVE_EXPORTS,
    ARCHIVE_UNTIL,
    CONFERENCE_DAYS,
    CRISIS_DAYS,
    CRISIS_HOURS,
    DST_NIGHTS,
    LAUNCH_DAY,
    QUIET_DAYS,
    RC,
    SPARK,
    SPROUT,
    TOOLS,
    ZENDESK,
    Company,
)
from simulator.texts import BRAND_GROUPS, NEGATIVE, POSITIVE, REDIRECTS, TextTable, text_table
from simulator.zones import DAY, HOUR, day_number, epoch

CARE, LOVE, MENTION, SPAM, OUTBOUND, OWN, POST = range(7)

# What happens beside messages; the last three carry a value (status, priority, quick reply).
(
    OPENED,
    ASSIGNED,
    USER_UPDATED,
    CLOSED,
    REOPENED,
    HANDOVER,
    MARKED_SPAM,
    REPLIED,
    LIKED,
    STATUS,
    PRIORITY,
    TEMPLATE,
) = range(12)

OPEN, PENDING, ON_HOLD = range(3)
PRIORITIES = ("critical", "high", "normal", "low")
PRIORITY_WEIGHTS = (0.04, 0.12, 0.74, 0.10)
PRIORITY_TAGS = ("urgent", "priority high", "", "priority low")
TEMPLATES = ("greeting", "clear_cache", "invoice_copy", "export_csv", "outage_notice", "goodbye")

# A parent at or below this points into the first plot: `OTHER_PLOT - number`.
OTHER_PLOT = -2

# Profiles in Sprout whose posts are in the inbox with their comments.
COMMENTED = ("4100002", "4100003")

RETURN_WINDOW_S = 7 * DAY
SILENCE_S = 3 * DAY

# Hours of the local day when customers write.
HOUR_WEIGHTS = np.array(
    [2, 1.5, 1.2, 1, 1, 1.2, 2, 3, 5, 7, 8, 8, 7, 7, 7.5, 7.5, 7, 6, 5, 4.5, 4, 4, 3.5, 3]
)
WEEKDAY_WEIGHTS = np.array([1.25, 1.2, 1.15, 1.1, 1.0, 0.55, 0.5])
PROFILE_WEIGHTS = {
    "5f0000000000000000000001": 0.18,
    "5f0000000000000000000002": 0.08,
    "5f0000000000000000000003": 0.10,
    "5f0000000000000000000004": 0.07,
    "5f0000000000000000000005": 0.04,
    "5f0000000000000000000006": 0.09,
    "5f0000000000000000000007": 0.06,
    "5f0000000000000000000008": 0.03,
    "5f0000000000000000000009": 0.06,
    "4100001": 0.05,
    "4100002": 0.05,
    "4100003": 0.03,
    "messenger-lumen": 0.05,
    "instagram-lumen": 0.04,
    "support@lumenworks.example": 0.05,
    "web": 0.03,
}
# Tools that answer in private only; elsewhere the network decides.
PRIVATE_TOOLS = (ZENDESK, SPARK)
PRIVATE_SHARE = {"x": 0.3, "facebook": 0.4, "instagram": 0.3, "linkedin": 0.1, "whatsapp": 1.0}
TOPIC_WEIGHTS = {
    "technical question": 0.30,
    "billing": 0.2,
    "account access": 0.18,
    "how-to": 0.18,
    "feedback": 0.08,
    "course certificate": 0.06,
}

# The hour that one account's clock shows twice, as its exports print wall times.
CLOCK_BACK = ("2025-11-02T06:00:00Z", "2025-11-02T07:02:00Z")


@dataclass
class Threads:
    """One entry a thread: where it runs, who writes, what it is about."""

    profile: np.ndarray
    contact: np.ndarray
    is_archive: np.ndarray
    is_private: np.ndarray
    kind: np.ndarray
    topic: np.ndarray
    product: np.ndarray
    start: np.ndarray
    parent: np.ndarray
    tool: np.ndarray
    is_mirrored: np.ndarray

    def __len__(self) -> int:
        return len(self.profile)


@dataclass
class Care:
    """The care year in order of time: threads, contacts, messages, events, handling episodes.

    A contact's number belongs to one network. `thread_tags` are tags of conversations (thread, t,
    tags), known from an instant on.
    """

    threads: Threads
    texts: TextTable
    contacts: int
    own_contacts: np.ndarray
    messages: dict[str, np.ndarray]
    events: dict[str, np.ndarray]
    episodes: dict[str, np.ndarray]
    thread_tags: dict[str, np.ndarray] = field(default_factory=dict)

    def in_tool(self, source: str) -> np.ndarray:
        """Whether each thread is exported by a tool, the archive by none."""
        return (self.threads.tool == TOOLS.index(source)) & ~self.threads.is_archive


def day_weights(company: Company) -> np.ndarray:
    """How much is written on each local day of the simulated period."""
    days = np.arange(company.first_day, company.last_day + 1)
    weight = np.linspace(1.0, 1.35, len(days)) * WEEKDAY_WEIGHTS[(days + 3) % 7]
    launch = day_number(LAUNCH_DAY)
    after = days - launch
    weight *= 1 + np.where((after >= 0) & (after < 14), 1.4 * np.exp(-np.maximum(after, 0) / 5), 0)
    first, last = (day_number(day) for day in CONFERENCE_DAYS)
    weight[(days >= first) & (days <= last)] *= 1.7
    for day in CRISIS_DAYS:
        weight[days == day_number(day)] *= 5.0
    for day in QUIET_DAYS:
        weight[days == day_number(day)] *= 0.4
    return weight / weight.sum()


def starts_in_year(company: Company, rng: np.random.Generator, n: int) -> np.ndarray:
    """Instants of `n` first messages, heavier on busy days and by day; some in each DST night."""
    days = rng.choice(
        np.arange(company.first_day, company.last_day + 1), size=n, p=day_weights(company)
    )
    hours = rng.choice(24, size=n, p=HOUR_WEIGHTS / HOUR_WEIGHTS.sum())
    seconds = rng.integers(0, HOUR, n)
    guess = days * DAY + hours * HOUR + seconds
    t = guess - company.zone.offset(guess)
    t = guess - company.zone.offset(t)
    nightly = max(2, n // 2000)
    for i, night in enumerate(DST_NIGHTS):
        at = slice(i * nightly, (i + 1) * nightly)
        midnight = company.zone.midnight(day_number(night))
        t[at] = midnight + rng.integers(0, 4 * HOUR, len(t[at]))
    crowd = max(40, n // 100)
    for i, hour in enumerate(CRISIS_HOURS):
        begin = len(DST_NIGHTS) * nightly + i * crowd
        at = slice(begin, begin + crowd)
        t[at] = epoch(hour) + rng.integers(0, HOUR, len(t[at]))
    return t


def in_crisis(company: Company, t: np.ndarray) -> np.ndarray:
    """Whether something was wrong with the product when a thread began."""
    days = np.isin(company.zone.day(t), [day_number(d) for d in CRISIS_DAYS])
    return days | np.isin(t // HOUR, [epoch(hour) // HOUR for hour in CRISIS_HOURS])


class Script:
    """The plot's notebook: messages and events in the order in which they were thought of."""

    def __init__(self, threads: Threads, company: Company, rng: np.random.Generator) -> None:
        self.threads = threads
        self.rng = rng
        self.tick = np.where(threads.is_archive | (threads.tool > 0), 1, 60)
        self.now = threads.start // self.tick * self.tick
        n = len(threads)
        self.episode = np.full(n, -1, dtype=np.int64)
        self.episodes = 0
        self.episode_rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.last_in = np.full(n, -1, dtype=np.int64)
        self.last_out = np.full(n, -1, dtype=np.int64)
        self.agent = np.full(n, -1, dtype=np.int64)
        self.closed_at = np.full(n, -1, dtype=np.int64)
        self.waits = np.zeros(n, dtype=bool)
        self.status = np.full(n, OPEN)
        self.count = 0
        self.message_rows: list[dict[str, np.ndarray]] = []
        self.event_rows: list[dict[str, np.ndarray]] = []
        self._agents = AgentPicker(company, rng)

    def wait(self, at: np.ndarray, seconds: np.ndarray | int, least: int = 60) -> None:
        """Let time pass for the threads `at`, at least `least` seconds, to whole ticks."""
        seconds = np.maximum(np.asarray(seconds), least)
        tick = self.tick[at]
        self.now[at] = (self.now[at] + seconds.astype(np.int64)) // tick * tick

    def open_episode(self, at: np.ndarray, tags: np.ndarray | int = 0) -> None:
        """The inbox tool opens an intervention for the threads `at` (the archive has none)."""
        at = at[~self.threads.is_archive[at]]
        number = self.episodes + np.arange(len(at))
        self.episodes += len(at)
        self.episode[at] = number
        self.episode_rows.append((at, number, self.now[at].copy()))
        self.event(at, OPENED)

    def message(
        self,
        at: np.ndarray,
        text: np.ndarray,
        *,
        out: bool = False,
        bot: bool = False,
        reply: bool = True,
        tags: np.ndarray | int = 0,
        own: bool = False,
        template: np.ndarray | int = -1,
    ) -> None:
        """One message in each of the threads `at`, now."""
        n = len(at)
        if not out:
            self.set_status(at, OPEN)
        number = self.count + np.arange(n)
        self.count += n
        parent = np.full(n, -1, dtype=np.int64)
        if reply:
            if out:
                parent = self.last_in[at].copy()
            else:
                parent = np.maximum(self.last_out[at], -1)
                chained = self.threads.is_archive[at] & (self.last_in[at] > parent)
                parent[chained] = self.last_in[at][chained]
                first = (self.last_in[at] < 0) & (self.last_out[at] < 0)
                parent[first] = self.threads.parent[at][first]
        self.message_rows.append(
            {
                "number": number,
                "thread": at.astype(np.int64),
                "t": self.now[at].copy(),
                "out": np.full(n, out),
                "bot": np.full(n, bot),
                "own": np.full(n, own),
                "agent": self.agent[at].copy() if out and not bot else np.full(n, -1),
                "text": text.astype(np.int64),
                "tags": np.broadcast_to(np.asarray(tags, dtype=np.int64), (n,)).copy(),
                "template": np.broadcast_to(np.asarray(template, dtype=np.int64), (n,)).copy(),
                "parent": parent,
                "episode": self.episode[at].copy(),
            }
        )
        if out:
            self.last_out[at] = number
        else:
            self.last_in[at] = number
        if not bot:
            self.waits[at] = not out

    def event(
        self,
        at: np.ndarray,
        kind: int,
        agent: np.ndarray | None = None,
        value: np.ndarray | int = -1,
        message: np.ndarray | None = None,
    ) -> None:
        """One entry in the log of each of the threads `at`, now; the archive has no log."""
        keep = ~self.threads.is_archive[at]
        n = len(at)
        who = np.full(n, -1) if agent is None else agent
        about = np.full(n, -1) if message is None else message
        worth = np.broadcast_to(np.asarray(value, dtype=np.int64), (n,))
        at = at[keep]
        self.event_rows.append(
            {
                "thread": at.astype(np.int64),
                "t": self.now[at].copy(),
                "kind": np.full(len(at), kind),
                "agent": who[keep].astype(np.int64),
                "episode": self.episode[at].copy(),
                "message": about[keep].astype(np.int64),
                "value": worth[keep].copy(),
            }
        )

    def set_status(self, at: np.ndarray, status: int, agent: np.ndarray | None = None) -> None:
        """Set the status of the threads `at` that have another one."""
        other = self.status[at] != status
        at = at[other]
        if len(at):
            self.status[at] = status
            self.event(at, STATUS, None if agent is None else agent[other], value=status)

    def pick(self, at: np.ndarray, when: np.ndarray, role: np.ndarray) -> np.ndarray:
        """Somebody else than now for each of the threads `at`, on shift at `when`."""
        return self._agents.pick(when, role, self.agent[at], self.threads.tool[at])

    @property
    def anybody(self) -> int:
        """An agent who is always there, in every tool."""
        return int(self._agents.groups[0][0][0][0])

    def assign(
        self, at: np.ndarray, reply_at: np.ndarray, role: np.ndarray, kind: int = ASSIGNED
    ) -> None:
        """Give the threads to somebody who is on shift when the reply will be written."""
        self.agent[at] = self.pick(at, reply_at, role)
        self.event(at, kind, self.agent[at])

    def close(self, at: np.ndarray, by_person: np.ndarray) -> None:
        """Close the threads `at` now, by the assigned agent or automatically."""
        who = np.where(by_person, self.agent[at], -1)
        self.event(at, CLOSED, who)
        self.closed_at[at] = self.now[at]
        self.waits[at] = False
        self.status[at] = OPEN


class AgentPicker:
    """Who is on shift: three desks share the day, each tool has its people, some come or leave."""

    def __init__(self, company: Company, rng: np.random.Generator) -> None:
        self.rng = rng
        roles = ("care", "technical", "community")
        people = list(enumerate(company.agents))
        self.groups = [
            [
                [
                    np.array(
                        [
                            i
                            for i, a in people
                            if tool in a.accounts
                            and a.role == role
                            and (a.desk == desk or role == "community")
                        ],
                        dtype=np.int64,
                    )
                    for desk in range(3)
                ]
                for role in roles
            ]
            for tool in TOOLS
        ]
        self.starts = np.array([a.starts for a in company.agents])
        self.leaves = np.array([a.leaves - 10 * DAY for a in company.agents])
        self.avoid = np.array([a.avoid for a in company.agents])

    def pick(
        self, t: np.ndarray, role: np.ndarray, other_than: np.ndarray, tool: np.ndarray
    ) -> np.ndarray:
        """An agent for each instant, role (0 care, 1 technical, 2 community) and tool."""
        hour = t % DAY // HOUR
        desk = np.where((hour >= 13) & (hour < 22), 0, np.where((hour >= 5) & (hour < 13), 1, 2))
        result = np.full(len(t), -1, dtype=np.int64)
        for number, roles in enumerate(self.groups):
            for r, desks in enumerate(roles):
                for d, members in enumerate(desks):
                    rows = np.flatnonzero((role == r) & (desk == d) & (tool == number))
                    if not len(rows):
                        continue
                    draw = self.rng.integers(0, len(members), len(rows))
                    who = members[draw]
                    again = who == other_than[rows]
                    who[again] = members[(draw[again] + 1) % len(members)]
                    when = t[rows]
                    absent = (
                        (when < self.starts[who])
                        | (when >= self.leaves[who])
                        | ((when >= self.avoid[who, 0]) & (when < self.avoid[who, 1]))
                    )
                    who[absent] = members[0]
                    result[rows] = who
        return result


def lognormal_seconds(
    rng: np.random.Generator, mean_h: np.ndarray, sigma: float, most_h: float
) -> np.ndarray:
    """Waits with the given means, long-tailed, in seconds."""
    draw = rng.lognormal(np.log(mean_h) - sigma**2 / 2, sigma)
    return np.minimum(draw, most_h) * HOUR


def mean_reply_hours(
    company: Company, t: np.ndarray, technical: np.ndarray, private: np.ndarray
) -> np.ndarray:
    """The mean wait of a case: it falls over the year, technical questions later and further."""
    part = np.clip((t - company.zone.midnight(company.first_day)) / (430 * DAY), 0, 1)
    ordinary = 4.0 - 2.5 * part
    hard = 20.0 - 16.5 * np.clip((part - 0.3) / 0.6, 0, 1)
    mean = np.where(technical, hard, ordinary) * np.where(private, 0.85, 1.05)
    weekday = (company.zone.day(t) + 3) % 7
    return mean * np.where(weekday >= 5, 1.45, 1.0)


def year_threads(
    company: Company, rng: np.random.Generator, n: int, contacts: int, start: np.ndarray
) -> Threads:
    """Draw profile, customer and subject of `n` threads that begin at `start`."""
    tools, mirrors = company.tools, company.mirrors
    own = [i for i in range(len(tools)) if tools[i] >= 0 and i not in mirrors]
    weights = np.array([PROFILE_WEIGHTS.get(company.profiles[i].profile_id, 0.05) for i in own])
    profile = rng.choice(own, size=n, p=weights / weights.sum())
    first = company.profile_index(RC, "5f0000000000000000000001")
    old = company.profile_index(ARCHIVE, "LumenSupport")
    archive = (profile == first) & (start < company.zone.midnight(day_number(ARCHIVE_UNTIL)))
    profile = np.where(archive, old, profile)

    networks = np.array([p.network for p in company.profiles])
    listens = np.array([p.listens for p in company.profiles])
    share = np.array(
        [
            1.0 if p.source in PRIVATE_TOOLS else PRIVATE_SHARE.get(p.network, 0.0)
            for p in company.profiles
        ]
    )
    share[tools == TOOLS.index(SPROUT)] = 0.0
    tool = np.maximum(tools[profile], 0)
    mirrored = mirrors[profile] >= 0
    private = (rng.random(n) < share[profile]) & ~archive & ~listens[profile]

    kind = rng.choice(
        [CARE, LOVE, MENTION, SPAM, OUTBOUND, OWN], size=n, p=[0.60, 0.22, 0.08, 0.045, 0.04, 0.015]
    )
    kind = np.where(private & np.isin(kind, (LOVE, MENTION, OWN)), CARE, kind)
    kind = np.where(listens[profile] & np.isin(kind, (OUTBOUND,)), MENTION, kind)
    kind = np.where(archive & np.isin(kind, (LOVE, MENTION, OWN, SPAM)), CARE, kind)
    # Other accounts of the company are known to the main tool, spam to tools that tag messages.
    kind = np.where(((tool > 0) | mirrored) & (kind == OWN), CARE, kind)
    kind = np.where(np.isin(tool, told_by_thread()) & (kind == SPAM), CARE, kind)

    names = list(TOPIC_WEIGHTS)
    tag_names = [tag.name for tag in company.tags]
    topic_ids = np.array([tag_names.index(name) for name in names])
    topic = topic_ids[rng.choice(len(names), size=n, p=np.array(list(TOPIC_WEIGHTS.values())))]
    crisis = in_crisis(company, start) & (kind != OUTBOUND)
    topic = np.where(crisis, tag_names.index("outage"), topic)
    topic = np.where(rng.random(n) < 0.08, -1, topic)
    topic = np.where(np.isin(kind, (LOVE, MENTION, SPAM, OWN)) & ~crisis, -1, topic)
    topic = np.where(archive, -1, topic)
    # A contact writes on one network; who writes on a profile of two tools has one thread there.
    places = np.unique(networks, return_inverse=True)[1]
    contact = rng.integers(0, contacts, n) + contacts * places[profile]
    contact = np.where(mirrored, contacts * len(networks) + np.arange(n), contact)
    return Threads(
        profile=profile,
        contact=contact,
        is_archive=archive,
        is_private=private,
        kind=kind,
        topic=topic,
        product=rng.choice(4, size=n, p=[0.34, 0.22, 0.30, 0.14]),
        start=start,
        parent=np.full(n, -1, dtype=np.int64),
        tool=tool,
        is_mirrored=mirrored,
    )


def told_by_thread() -> list[int]:
    """Tools that tag conversations and no messages."""
    return [TOOLS.index(ZENDESK), TOOLS.index(SPARK)]


class Plot:
    """Plays the threads of one script from first message to last."""

    def __init__(self, company: Company, threads: Threads, rng: np.random.Generator) -> None:
        self.company = company
        self.threads = threads
        self.rng = rng
        self.script = Script(threads, company, rng)
        self.texts = text_table()
        bits = [1 << i for i in range(len(company.tags))]
        self.bit = {tag.name: bits[i] for i, tag in enumerate(company.tags)}
        topic_bits = np.array([*bits, 0])
        self.topic_bit = topic_bits[threads.topic]
        product_bits = np.array([self.bit["tracker"], self.bit["pages"], self.bit["boards"], 0])
        self.product_bit = product_bits[threads.product]
        second = rng.random(len(threads)) < 0.04
        self.product_bit = np.where(second, self.product_bit | self.bit["pages"], self.product_bit)
        self.networks = np.array([p.network for p in company.profiles])[threads.profile]
        self.listens = np.array([p.listens for p in company.profiles])[threads.profile]
        self.technical = threads.topic == [t.name for t in company.tags].index("technical question")
        tracker = np.array([p.profile_id == "5f0000000000000000000002" for p in company.profiles])[
            threads.profile
        ]
        self.handle = np.where(tracker, 2, 1)
        # Where only a first resolution is exported, a later one is the last answer, at once.
        self.told_once = (threads.tool == TOOLS.index(SPARK)) & ~threads.is_archive
        self.priority_bit = np.array([self.bit.get(name, 0) for name in PRIORITY_TAGS])
        self.episode_tags: list[tuple[np.ndarray, np.ndarray]] = []

    def some(self, at: np.ndarray, share: float | np.ndarray) -> np.ndarray:
        """A random part of the threads `at`."""
        return at[self.rng.random(len(at)) < share]

    def text(self, at: np.ndarray, group: str) -> np.ndarray:
        """A text for each thread; public posts on X usually begin with the brand's handle."""
        public_x = (self.networks[at] == "x") & ~self.threads.is_private[at] & ~self.listens[at]
        named = public_x & (self.threads.is_archive[at] | (self.rng.random(len(at)) < 0.75))
        named &= group not in BRAND_GROUPS
        handle = np.where(named, self.handle[at], 0)
        return self.texts.pick(self.rng, group, self.threads.product[at], handle)

    def case_tags(self, at: np.ndarray, share: float) -> np.ndarray:
        """Topic and product tags on a part of the messages; the archive has no tags."""
        tags = np.zeros(len(at), dtype=np.int64)
        with_topic = self.rng.random(len(at)) < share
        with_product = self.rng.random(len(at)) < share
        tags[with_topic] |= self.topic_bit[at][with_topic]
        tags[with_product] |= self.product_bit[at][with_product]
        tags[self.rng.random(len(at)) < share * 0.5] |= self.bit["care"]
        tags[self.threads.is_archive[at]] = 0
        return tags

    def begin_episode(self, at: np.ndarray) -> None:
        """Open interventions with their priority and categories, some of which no message has.

        The main tool knows a priority as a category only.
        """
        self.script.open_episode(at)
        at = at[~self.threads.is_archive[at]]
        tags = self.case_tags(at, 0.55)
        priority = self.rng.choice(len(PRIORITIES), size=len(at), p=PRIORITY_WEIGHTS)
        main = self.threads.tool[at] == 0
        tags |= np.where(main, self.priority_bit[priority], 0)
        other = at[~main]
        self.script.event(other, PRIORITY, value=priority[~main])
        self.episode_tags.append((self.script.episode[at].copy(), tags))

    def burst(
        self, at: np.ndarray, group: str, share: float, opens: bool = False, tags: int = 0
    ) -> None:
        """A customer writes once, twice or three times within some minutes."""
        if opens:
            self.begin_episode(at)
        self.script.message(at, self.text(at, group), tags=self.case_tags(at, share) | tags)
        for more in (0.26, 0.35):
            at = self.some(at, more)
            self.script.wait(at, self.rng.integers(5, 540, len(at)), least=2)
            self.script.message(
                at, self.text(at, "statement"), tags=self.case_tags(at, share * 0.6)
            )

    def bots(self, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A bot answers part of the private cases; returns (contained, handed over)."""
        script = self.script
        local = self.company.zone.local(self.threads.start[at]) % DAY
        able = np.isin(self.threads.tool[at], (TOOLS.index(RC), TOOLS.index(SPARK)))
        at = at[self.threads.is_private[at] & (local < 23 * HOUR) & able]
        at = self.some(at, 0.34)
        script.wait(at, self.rng.integers(60, 150, len(at)))
        script.message(at, self.text(at, "bot"), out=True, bot=True)
        chat = self.some(at, 0.4)
        script.wait(chat, self.rng.integers(60, 300, len(chat)))
        script.message(chat, self.text(chat, "follow_up"), tags=self.case_tags(chat, 0.2))
        contained = self.some(at, 0.42)
        handed = np.setdiff1d(at, contained)
        handed = self.some(handed, 0.9)
        script.wait(handed, self.rng.integers(60, 900, len(handed)))
        script.event(handed, HANDOVER)
        left = self.some(contained, 0.9)
        script.wait(left, self.rng.integers(600, 5 * HOUR, len(left)))
        script.close(left, np.zeros(len(left), dtype=bool))
        return contained, handed

    def answer(self, at: np.ndarray, first: bool, speed: float = 1.0) -> None:
        """Agents answer the threads `at`: a wait, an assignment, hand-overs, a reply."""
        script, rng = self.script, self.rng
        mean = mean_reply_hours(
            self.company, script.now[at], self.technical[at], self.threads.is_private[at]
        )
        wait = lognormal_seconds(rng, mean * speed, 0.85, 110.0)
        exact = rng.random(len(at)) < 0.004
        wait[exact] = rng.choice([HOUR, 4 * HOUR], exact.sum())
        reply_at = script.now[at] + wait.astype(np.int64)
        role = np.where(self.technical[at] & (rng.random(len(at)) < 0.75), 1, 0)
        if not first:
            role = np.where(rng.random(len(at)) < 0.8, -1, role)
        # Only part of the technical cases reach the technical team at once; the others are handed
        # over.
        detour = (role == 1) & (rng.random(len(at)) < 0.3)
        new = (role >= 0) | (script.agent[at] < 0)
        new &= rng.random(len(at)) < 0.97
        began = script.now[at].copy()

        def walk_to(rows: np.ndarray, part: float) -> None:
            script.now[at[rows]] = (
                (began[rows] + (reply_at[rows] - began[rows]) * part)
                // script.tick[at[rows]]
                * script.tick[at[rows]]
            ).astype(np.int64)

        rows = np.flatnonzero(new & (wait >= 600))
        walk_to(rows, 0.2)
        who = np.where(detour[rows], 0, np.maximum(role[rows], 0))
        script.assign(at[rows], reply_at[rows], who)
        twice = np.flatnonzero((detour | (rng.random(len(at)) < 0.05)) & new & (wait >= 3600))
        walk_to(twice, 0.45)
        held = twice[rng.random(len(twice)) < 0.3]
        script.set_status(at[held], ON_HOLD, script.agent[at[held]])
        raised = twice[(self.threads.tool[at[twice]] > 0) & (rng.random(len(twice)) < 0.25)]
        script.event(
            at[raised], PRIORITY, script.agent[at[raised]], value=rng.integers(0, 2, len(raised))
        )
        script.assign(at[twice], reply_at[twice], np.maximum(role[twice], 0), kind=USER_UPDATED)
        back = twice[rng.random(len(twice)) < 0.2]
        walk_to(back, 0.7)
        script.assign(at[back], reply_at[back], np.zeros(len(back), dtype=int), kind=USER_UPDATED)
        same = twice[rng.random(len(twice)) < 0.1]
        walk_to(same, 0.85)
        script.event(at[same], USER_UPDATED, script.agent[at[same]])
        nobody = np.flatnonzero(script.agent[at] < 0)
        script.agent[at[nobody]] = script.pick(
            at[nobody], reply_at[nobody], np.maximum(role[nobody], 0)
        )
        script.now[at] = np.maximum(
            reply_at // script.tick[at] * script.tick[at], script.now[at] + script.tick[at]
        )
        self.reply(at)
        asked = self.some(at, 0.25)
        script.set_status(asked, PENDING, script.agent[asked])
        second = self.some(at, 0.12)
        script.wait(second, rng.integers(60, 600, len(second)))
        script.message(second, self.text(second, "agent"), out=True)

    def reply(self, at: np.ndarray) -> None:
        """A person writes: words of their own, a quick reply, or the way to another place."""
        script, rng = self.script, self.rng
        text = self.text(at, "agent")
        draw = np.where(self.threads.is_archive[at], 1.0, rng.random(len(at)))
        for group, low, high in REDIRECTS:
            rows = (draw >= low) & (draw < high)
            text[rows] = self.text(at[rows], group)
        template = np.where(rng.random(len(at)) < 0.3, rng.integers(0, len(TEMPLATES), len(at)), -1)
        template[self.threads.is_archive[at]] = -1
        script.message(at, text, out=True, template=template)
        script.event(at, REPLIED, script.agent[at], message=script.last_out[at])
        used = template >= 0
        script.event(
            at[used],
            TEMPLATE,
            script.agent[at[used]],
            value=template[used],
            message=script.last_out[at[used]],
        )

    def finish(self, at: np.ndarray, share: float = 0.86) -> np.ndarray:
        """Close a part of the threads after a while; returns the closed ones."""
        at = self.some(at, share)
        person = self.rng.random(len(at)) < 0.8
        again = self.told_once[at] & (self.script.closed_at[at] >= 0)
        self.script.close(at[again], np.ones(again.sum(), dtype=bool))
        closed_again, at, person = at[again], at[~again], person[~again]
        delay = np.where(
            person,
            lognormal_seconds(self.rng, np.full(len(at), 3.0), 1.0, 40),
            self.rng.integers(24 * HOUR, 60 * HOUR, len(at)),
        )
        self.script.wait(at, delay)
        self.script.close(at, person)
        return np.concatenate([at, closed_again])

    def thank(self, at: np.ndarray, share: float = 0.3) -> None:
        """Some customers say thanks, mostly tagged as needing no response."""
        at = self.some(at, np.where(self.threads.is_archive[at], 0.0, share))
        self.script.wait(at, lognormal_seconds(self.rng, np.full(len(at), 2.0), 1.0, 30))
        tagged = self.rng.random(len(at)) < 0.8
        tags = np.where(tagged & ~self.threads.is_archive[at], self.bit["no response needed"], 0)
        self.script.message(at, self.text(at, "thanks"), tags=tags)

    def play(self) -> None:
        """Every kind of thread from its first message to its last."""
        kind = self.threads.kind
        self.play_care(np.flatnonzero(kind == CARE))
        self.play_love(np.flatnonzero(kind == LOVE))
        self.play_mentions(np.flatnonzero(kind == MENTION))
        self.play_spam(np.flatnonzero(kind == SPAM))
        self.play_outbound(np.flatnonzero(kind == OUTBOUND))
        self.play_own(np.flatnonzero(kind == OWN))
        self.play_posts(np.flatnonzero(kind == POST))
        self.tidy_up()

    def tidy_up(self) -> None:
        """Whoever still waits is closed without a word in the end; some are forgotten for good."""
        told = ~self.threads.is_archive & ~(self.told_once & (self.script.closed_at >= 0))
        at = self.some(np.flatnonzero(self.script.waits & told), 0.985)
        self.script.wait(at, self.rng.integers(2 * DAY, 12 * DAY, len(at)))
        self.script.close(at, np.zeros(len(at), dtype=bool))

    def play_care(self, at: np.ndarray) -> None:
        """Help wanted: the whole range from bot to reopening."""
        rng, script = self.rng, self.script
        crisis = in_crisis(self.company, self.threads.start[at])
        # An archive thread is known by the handle its texts begin with, which an odd text may lack.
        odd = ~crisis & (rng.random(len(at)) < 0.03) & ~self.threads.is_archive[at]
        self.burst(at[crisis], "angry", 0.7, opens=True)
        self.burst(at[odd], "odd", 0.8, opens=True)
        self.burst(at[~crisis & ~odd], "question", 0.85, opens=True)
        contained, handed = self.bots(at)
        rest = np.setdiff1d(at, contained)

        redirected = ~np.array([p.is_active for p in self.company.profiles])[self.threads.profile]
        quiet = np.where(
            self.listens[rest] | redirected[rest], 0.55, np.where(np.isin(rest, handed), 0.03, 0.09)
        )
        # The archive knows no closes: who is not answered there waits for ever, so few are.
        quiet = np.where(self.threads.is_archive[rest], 0.005, quiet)
        silent_mask = rng.random(len(rest)) < quiet
        silent, answered = rest[silent_mask], rest[~silent_mask]
        self.leave_unanswered(silent)

        self.answer(answered, first=True)
        turn = answered
        for share in (0.42, 0.4, 0.35):
            turn = self.some(turn, share)
            gap = lognormal_seconds(rng, np.full(len(turn), 4.0), 1.1, 68)
            long_gap = rng.random(len(turn)) < 0.02
            gap[long_gap] = rng.integers(72 * HOUR, 150 * HOUR, long_gap.sum())
            to_the_minute = rng.random(len(turn)) < 0.003
            gap[to_the_minute] = SILENCE_S
            script.wait(turn, gap)
            self.burst(turn, "follow_up", 0.4)
            turn = self.some(turn, np.where(self.threads.is_archive[turn], 1.0, 0.93))
            self.answer(turn, first=False, speed=0.8)
        self.thank(answered, 0.3)
        closed = self.finish(answered)
        self.after_close(closed)
        returning = np.setdiff1d(answered, closed)
        returning = self.some(returning[~self.threads.is_archive[returning]], 0.3)
        script.wait(returning, rng.integers(80 * HOUR, 400 * HOUR, len(returning)))
        self.burst(returning, "question", 0.6)
        self.answer(returning, first=True)
        self.finish(returning)
        late = self.some(contained, 0.12)
        script.wait(late, rng.integers(8 * HOUR, 60 * HOUR, len(late)))
        self.burst(late, "question", 0.5)
        self.answer(late, first=True, speed=0.6)
        self.finish(late)

    def leave_unanswered(self, at: np.ndarray) -> None:
        """Nobody answers: some are assigned, some written to again, some closed without a word."""
        rng, script = self.rng, self.script
        again = self.some(at, 0.2)
        gap = rng.integers(6 * HOUR, 160 * HOUR, len(again))
        script.wait(again, gap)
        self.burst(again, "statement", 0.3)
        assigned = self.some(at, 0.35)
        script.wait(assigned, rng.integers(300, 20 * HOUR, len(assigned)))
        script.agent[assigned] = script.anybody
        script.event(assigned, ASSIGNED, script.agent[assigned])
        closed = self.some(at, 0.62)
        script.wait(closed, rng.integers(6 * HOUR, 6 * DAY, len(closed)))
        script.close(closed, (rng.random(len(closed)) < 0.5) & (script.agent[closed] >= 0))

    def after_close(self, at: np.ndarray) -> None:
        """Reopened by the customer or by an agent, returned late, followed up, closed twice."""
        rng, script = self.rng, self.script
        draw = rng.random(len(at))

        back = at[draw < 0.09]
        gap = rng.integers(HOUR, 160 * HOUR, len(back))
        gap[rng.random(len(back)) < 0.05] = RETURN_WINDOW_S - 60
        script.wait(back, gap)
        self.burst(back, "follow_up", 0.4)
        noted = self.some(back, 0.8)
        script.wait(noted, 60)
        script.event(noted, REOPENED)
        answered = self.some(back, 0.92)
        self.answer(answered, first=True, speed=0.7)
        again = self.finish(answered, 0.85)
        once_more = self.some(again[~self.told_once[again]], 0.1)
        script.wait(once_more, rng.integers(HOUR, 100 * HOUR, len(once_more)))
        self.burst(once_more, "follow_up", 0.3)
        self.answer(once_more, first=False, speed=0.7)
        self.finish(once_more, 0.9)

        agent = at[(draw >= 0.09) & (draw < 0.11) & ~self.told_once[at]]
        script.wait(agent, rng.integers(HOUR, 6 * HOUR, len(agent)))
        script.event(agent, REOPENED, script.agent[agent])
        script.wait(agent, rng.integers(300, HOUR, len(agent)))
        script.message(agent, self.text(agent, "agent"), out=True)
        script.wait(agent, rng.integers(300, HOUR, len(agent)))
        script.close(agent, np.ones(len(agent), dtype=bool))

        late = at[(draw >= 0.11) & (draw < 0.17)]
        gap = rng.integers(7 * DAY, 40 * DAY, len(late))
        gap[rng.random(len(late)) < 0.1] = RETURN_WINDOW_S
        script.wait(late, gap)
        script.agent[late] = -1
        self.burst(late, "question", 0.8, opens=True)
        self.answer(late, first=True)
        self.finish(late)

        follow = at[(draw >= 0.17) & (draw < 0.19)]
        script.wait(follow, rng.integers(HOUR, 100 * HOUR, len(follow)))
        script.message(follow, self.text(follow, "agent"), out=True)

        outreach = at[(draw >= 0.19) & (draw < 0.2)]
        script.wait(outreach, rng.integers(8 * DAY, 20 * DAY, len(outreach)))
        script.message(outreach, self.text(outreach, "opener"), out=True)
        reply = self.some(outreach, 0.5)
        script.wait(reply, rng.integers(HOUR, 30 * HOUR, len(reply)))
        self.burst(reply, "follow_up", 0.4)
        self.answer(reply, first=False)

        doubled = at[(draw >= 0.2) & (draw < 0.22) & ~self.told_once[at]]
        script.wait(doubled, rng.integers(600, 5 * HOUR, len(doubled)))
        script.close(doubled, np.zeros(len(doubled), dtype=bool))

    def play_love(self, at: np.ndarray) -> None:
        """Praise: mostly tagged as brand love, sometimes by insiders or reposted, often thanked."""
        rng, script = self.rng, self.script
        repost = (rng.random(len(at)) < 0.08) & ~self.threads.is_archive[at]
        tags = np.where(rng.random(len(at)) < 0.85, self.bit["brand love"], 0)
        tags |= np.where(rng.random(len(at)) < 0.04, self.bit["employee"], 0)
        tags |= np.where(rng.random(len(at)) < 0.05, self.bit["giveaway"], 0)
        tags |= np.where(rng.random(len(at)) < 0.75, self.product_bit[at], 0)
        tags |= np.where(rng.random(len(at)) < 0.15, self.bit["course certificate"], 0)
        tags |= np.where(rng.random(len(at)) < 0.05, self.bit["needs response"], 0)
        tags[self.threads.is_archive[at]] = 0
        reposts, posts = at[repost], at[~repost]
        script.message(reposts, self.text(reposts, "repost"), tags=tags[repost])
        self.begin_episode(posts)
        script.message(posts, self.text(posts, "love"), tags=tags[~repost])
        liked = self.some(posts, 0.35)
        script.wait(liked, rng.integers(60, 5 * HOUR, len(liked)))
        who = script.pick(liked, script.now[liked], np.full(len(liked), 2))
        script.event(liked, LIKED, who, message=script.last_in[liked])
        thanked = self.some(posts, 0.45)
        script.wait(thanked, lognormal_seconds(rng, np.full(len(thanked), 5.0), 0.9, 60))
        script.agent[thanked] = script.pick(thanked, script.now[thanked], np.full(len(thanked), 2))
        script.event(thanked, ASSIGNED, script.agent[thanked])
        script.wait(thanked, 60)
        text = self.text(thanked, "agent")
        proud = np.isin(thanked, posts[(tags[~repost] & self.bit["course certificate"]) != 0])
        text[proud] = self.text(thanked[proud], "certificate")
        script.message(thanked, text, out=True)
        self.finish(thanked, 0.9)

    def play_mentions(self, at: np.ndarray) -> None:
        """Talk about the brand; agents join some of it, and then people talk to the brand."""
        rng, script = self.rng, self.script
        self.begin_episode(at)
        script.message(at, self.text(at, "mention"), tags=self.case_tags(at, 0.3))
        joined = self.some(at, 0.3)
        script.wait(joined, lognormal_seconds(rng, np.full(len(joined), 4.0), 0.9, 40))
        script.agent[joined] = script.pick(joined, script.now[joined], np.full(len(joined), 2))
        script.message(joined, self.text(joined, "agent"), out=True)
        asks = self.some(joined, 0.6)
        script.wait(asks, rng.integers(600, 30 * HOUR, len(asks)))
        self.burst(asks, "question", 0.5)
        self.answer(asks, first=True)
        self.finish(np.setdiff1d(joined, asks), 0.7)
        self.finish(asks, 0.9)

    def play_spam(self, at: np.ndarray) -> None:
        """Spam, known by a tag or by the journal; some of it inside a case closed at once."""
        rng, script = self.rng, self.script
        tagged = (rng.random(len(at)) < 0.6) | (self.threads.tool[at] > 0)
        self.begin_episode(at)
        script.message(
            at,
            self.text(at, "spam"),
            tags=np.where(tagged & ~self.threads.is_archive[at], self.bit["spam"], 0),
        )
        marked = at[~tagged]
        script.wait(marked, rng.integers(60, 5 * HOUR, len(marked)))
        script.event(marked, MARKED_SPAM, message=script.last_in[marked])
        closed = self.some(at, 0.8)
        script.wait(closed, rng.integers(60, 5 * HOUR, len(closed)))
        script.close(closed, np.zeros(len(closed), dtype=bool))

    def play_outbound(self, at: np.ndarray) -> None:
        """The company writes first; some customers answer and are answered."""
        rng, script = self.rng, self.script
        script.agent[at] = script.pick(at, script.now[at], np.zeros(len(at), dtype=int))
        self.begin_episode(at)
        script.message(at, self.text(at, "opener"), out=True)
        reply = self.some(at, 0.6)
        script.wait(reply, rng.integers(600, 60 * HOUR, len(reply)))
        self.burst(reply, "follow_up", 0.5)
        self.answer(self.some(reply, 0.9), first=True, speed=0.7)
        self.finish(reply, 0.8)

    def play_own(self, at: np.ndarray) -> None:
        """Another account of the company posts where customers do."""
        self.script.message(at, self.text(at, "mention"), own=True)

    def play_posts(self, at: np.ndarray) -> None:
        """We publish; people comment, and some of them point out a mistake."""
        rng, script = self.rng, self.script
        script.agent[at] = script.pick(at, script.now[at], np.full(len(at), 2))
        self.begin_episode(at)
        script.message(at, self.text(at, "post"), out=True)
        talked = self.some(at, 0.7)
        script.wait(talked, rng.integers(600, 40 * HOUR, len(talked)))
        wrong = rng.random(len(talked)) < 0.25
        right = talked[~wrong]
        self.burst(right, "follow_up", 0.3)
        told = talked[wrong]
        script.message(told, self.text(told, "correction"), tags=self.bit["content error"])
        answered = self.some(talked, 0.6)
        self.answer(answered, first=True)
        self.finish(answered, 0.8)


def post_threads(company: Company, rng: np.random.Generator, contacts: int) -> Threads:
    """Posts of ours on profiles whose comments reach the inbox, to be commented on.

    Published in the afternoon of Europe, when it is the same day in the zones of all networks.
    """
    places = [company.profile_index(SPROUT, number) for number in COMMENTED]
    n = max(24, company.messages // 200)
    profile = rng.choice(places, size=n)
    days = rng.integers(company.first_day, company.last_day + 1, n)
    networks = np.array([p.network for p in company.profiles])
    names = np.unique(networks, return_inverse=True)[1]
    return Threads(
        profile=profile,
        contact=rng.integers(0, contacts, n) + contacts * names[profile],
        is_archive=np.zeros(n, dtype=bool),
        is_private=np.zeros(n, dtype=bool),
        kind=np.full(n, POST),
        topic=np.full(n, -1),
        product=rng.integers(0, 4, n),
        start=days * DAY + rng.integers(14 * HOUR, 21 * HOUR, n),
        parent=np.full(n, -1, dtype=np.int64),
        tool=np.full(n, TOOLS.index(SPROUT)),
        is_mirrored=np.zeros(n, dtype=bool),
    )


def play_year(company: Company) -> Care:
    """Simulate the care year of the company up to its cut."""
    rng = company.rng(1)
    n = max(60, int(company.messages / 3.55))
    contacts = max(40, int(n * 0.7))
    start = starts_in_year(company, rng, n)
    threads = year_threads(company, rng, n, contacts, start)
    plot = Plot(company, threads, rng)
    plot.play()

    more = repeat_threads(company, plot, rng)
    published = post_threads(company, rng, contacts)
    more = Threads(
        **{
            name: np.concatenate([getattr(part, name) for part in (more, published)])
            for name in Threads.__dataclass_fields__
        }
    )
    second = Plot(company, more, rng)
    second.play()
    return assemble(company, plot, second, contacts)


def repeat_threads(company: Company, plot: Plot, rng: np.random.Generator) -> Threads:
    """Customers who come back in another thread within days, mostly about the same topic."""
    script, threads = plot.script, plot.threads
    able = np.flatnonzero(
        (script.closed_at > 0) & (threads.kind == CARE) & ~threads.is_archive & ~threads.is_mirrored
    )
    at = able[rng.random(len(able)) < 0.07]
    gap = rng.integers(HOUR, 8 * DAY, len(at))
    gap[rng.random(len(at)) < 0.05] = RETURN_WINDOW_S
    topic = threads.topic[at].copy()
    other = rng.random(len(at)) < 0.25
    topic[other] = rng.permutation(topic)[other]
    joins = archive_joiners(company, plot, rng)

    def both(values: np.ndarray) -> np.ndarray:
        return np.concatenate([values[at], values[joins]])

    n = len(at) + len(joins)
    contact = threads.contact[at]
    strangers = threads.contact[joins] + 1 + rng.integers(0, 30, len(joins))
    return Threads(
        profile=both(threads.profile),
        contact=np.concatenate([contact, strangers]),
        is_archive=both(threads.is_archive),
        is_private=both(threads.is_private),
        kind=np.full(n, CARE),
        topic=np.concatenate([topic, np.full(len(joins), -1)]),
        product=both(threads.product),
        start=np.concatenate(
            [
                script.closed_at[at] + gap,
                script.now[joins] + rng.integers(60, 30 * HOUR, len(joins)),
            ]
        ),
        parent=np.concatenate([np.full(len(at), -1), OTHER_PLOT - script.last_out[joins]]),
        tool=both(threads.tool),
        is_mirrored=both(threads.is_mirrored),
    )


def archive_joiners(company: Company, plot: Plot, rng: np.random.Generator) -> np.ndarray:
    """Threads of the archive in which a second customer answers the brand's last message."""
    script, threads = plot.script, plot.threads
    able = np.flatnonzero(threads.is_archive & (threads.kind == CARE) & (script.last_out >= 0))
    return able[rng.random(len(able)) < 0.08]


def assemble(company: Company, first: Plot, second: Plot, contacts: int) -> Care:
    """One year from two plots: shift numbers, cut at the export, order by time, add facts."""
    parts = (first, second)
    thread_shift = (0, len(first.threads))
    message_shift = (0, first.script.count)
    episode_shift = (0, first.script.episodes)

    def joined(rows: str, column: str, shift: tuple[int, int] = (0, 0)) -> np.ndarray:
        pieces = []
        for part, by in zip(parts, shift, strict=True):
            for row in getattr(part.script, rows):
                values = row[column]
                pieces.append(np.where(values >= 0, values + by, values) if by else values)
        return np.concatenate(pieces)

    threads = Threads(
        **{
            name: np.concatenate([getattr(p.threads, name) for p in parts])
            for name in Threads.__dataclass_fields__
        }
    )
    messages = {
        "number": joined("message_rows", "number", message_shift),
        "thread": joined("message_rows", "thread", thread_shift),
        "t": joined("message_rows", "t"),
        "out": joined("message_rows", "out"),
        "bot": joined("message_rows", "bot"),
        "own": joined("message_rows", "own"),
        "agent": joined("message_rows", "agent"),
        "text": joined("message_rows", "text"),
        "tags": joined("message_rows", "tags"),
        "template": joined("message_rows", "template"),
        "episode": joined("message_rows", "episode", episode_shift),
    }
    # A joiner's parent is a message of the first plot, every other parent one of its own plot.
    parent = joined("message_rows", "parent", message_shift)
    messages["parent"] = np.where(parent <= OTHER_PLOT, OTHER_PLOT - parent, parent)
    events = {
        "thread": joined("event_rows", "thread", thread_shift),
        "t": joined("event_rows", "t"),
        "kind": joined("event_rows", "kind"),
        "agent": joined("event_rows", "agent"),
        "episode": joined("event_rows", "episode", episode_shift),
        "message": joined("event_rows", "message", message_shift),
        "value": joined("event_rows", "value"),
    }
    for rows in (messages, events):
        rows["t"] = shown_once(threads, rows["thread"], rows["t"])
    messages["t"] += odd_seconds(company, threads, messages, events)
    messages, events = in_order(company, threads, messages, events)
    episodes = episode_table(company, threads, parts, thread_shift, episode_shift, messages, events)
    care = Care(
        threads=threads,
        texts=first.texts,
        contacts=contacts,
        own_contacts=int(threads.contact.max()) + np.arange(1, 4),
        messages=messages,
        events=events,
        episodes=episodes,
    )
    tag_threads(care)
    finish_facts(company, care)
    return care


def tag_threads(care: Care) -> None:
    """Tags of conversations as each tool tells them, the earliest first.

    The main tool tags handling episodes again and again; elsewhere a tag is set once. Two tools tag
    conversations only, so what their messages are about is told that way.
    """
    threads, m, episodes = care.threads, care.messages, care.episodes
    by_thread = np.isin(threads.tool, told_by_thread())[m["thread"]] & (m["tags"] != 0)
    thread = np.concatenate([episodes["thread"], m["thread"][by_thread]])
    t = np.concatenate([episodes["opened"], m["t"][by_thread]])
    tags = np.concatenate([episodes["tags"], m["tags"][by_thread]])
    order = np.lexsort((t, thread))
    thread, t, tags = thread[order], t[order], tags[order]
    seen: dict[int, int] = {}
    once = threads.tool[thread] > 0
    for row in np.flatnonzero(once).tolist():
        number = int(thread[row])
        before = seen.get(number, 0)
        tags[row] &= ~before
        seen[number] = before | int(tags[row])
    keep = tags != 0
    care.thread_tags = {"thread": thread[keep], "t": t[keep], "tags": tags[keep]}
    m["tags"] = np.where(by_thread, 0, m["tags"])


def shown_once(threads: Threads, thread: np.ndarray, t: np.ndarray) -> np.ndarray:
    """In the account that prints wall times, press the second pass of an hour into two minutes.

    What its export would show at a time that the clock showed twice cannot be told apart; order is
    kept.
    """
    low, high = (epoch(moment) for moment in CLOCK_BACK)
    after = low + HOUR
    told = (threads.tool == TOOLS.index(SPARK))[thread] & (t >= low) & (t < high)
    return np.where(told, after + (t - low) * (high - after) // (high - low), t)


def odd_seconds(
    company: Company,
    threads: Threads,
    messages: dict[str, np.ndarray],
    events: dict[str, np.ndarray],
) -> np.ndarray:
    """Seconds past the minute of messages that two tools export, one of them to the minute.

    Only where nothing of the thread happens in the same minute but what goes with the message, so
    that the order is the same in both.
    """
    rng = company.rng(3)
    seconds = rng.integers(0, 60, len(messages["t"]))
    apart = ~np.isin(events["kind"], (REPLIED, TEMPLATE))
    both = [
        np.concatenate([messages[name], events[name][apart]]).astype(np.int64)
        for name in ("thread", "t")
    ]
    place = both[0] * 2**33 + both[1] // 60
    _, inverse, count = np.unique(place, return_inverse=True, return_counts=True)
    alone = count[inverse[: len(seconds)]] == 1
    return np.where(alone & threads.is_mirrored[messages["thread"]], seconds, 0)


def in_order(
    company: Company,
    threads: Threads,
    messages: dict[str, np.ndarray],
    events: dict[str, np.ndarray],
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Cut what is not exported yet and order by time; message numbers become positions."""
    archive_cut = min(company.cut, epoch(ARCHIVE_EXPORTS[-1]))
    limit = np.where(threads.is_archive[messages["thread"]], archive_cut, company.cut)
    keep = messages["t"] < limit
    messages = {name: values[keep] for name, values in messages.items()}
    order = np.lexsort((messages["number"], messages["t"]))
    messages = {name: values[order] for name, values in messages.items()}
    position = np.full(int(messages["number"].max(initial=0)) + 2, -1, dtype=np.int64)
    position[messages["number"]] = np.arange(len(order))
    messages["parent"] = np.where(
        messages["parent"] >= 0, position[np.minimum(messages["parent"], len(position) - 1)], -1
    )
    keep = events["t"] < company.cut
    events = {name: values[keep] for name, values in events.items()}
    order = np.lexsort((np.arange(len(events["t"])), events["t"]))
    events = {name: values[order] for name, values in events.items()}
    events["message"] = np.where(
        events["message"] >= 0, position[np.minimum(events["message"], len(position) - 1)], -1
    )
    return messages, events


def episode_table(
    company: Company,
    threads: Threads,
    parts: tuple[Plot, Plot],
    thread_shift: tuple[int, int],
    episode_shift: tuple[int, int],
    messages: dict[str, np.ndarray],
    events: dict[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Interventions: where, since when, with which categories."""
    total = sum(part.script.episodes for part in parts)
    thread = np.zeros(total, dtype=np.int64)
    opened = np.zeros(total, dtype=np.int64)
    tags = np.zeros(total, dtype=np.int64)
    for part, by_thread, by_episode in zip(parts, thread_shift, episode_shift, strict=True):
        for at, number, t in part.script.episode_rows:
            thread[number + by_episode] = at + by_thread
            opened[number + by_episode] = t
        for number, values in part.episode_tags:
            tags[number + by_episode] = values
    opened = shown_once(threads, thread, opened)
    keep = opened < company.cut
    order = np.flatnonzero(keep)[np.argsort(opened[keep], kind="stable")]
    rank = np.full(total + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    messages["episode"] = np.where(messages["episode"] >= 0, rank[messages["episode"]], -1)
    events["episode"] = np.where(events["episode"] >= 0, rank[events["episode"]], -1)
    return {"thread": thread[order], "opened": opened[order], "tags": tags[order]}


def finish_facts(company: Company, care: Care) -> None:
    """What follows for each message: sentiment, hidden, removed, when a person answered."""
    rng = company.rng(2)
    messages, threads = care.messages, care.threads
    n = len(messages["t"])
    archive = threads.is_archive[messages["thread"]]
    private = threads.is_private[messages["thread"]]
    inbound = ~messages["out"]
    sentiment = care.texts.sentiment[messages["text"]].astype(np.int64)
    wrong = rng.random(n) < 0.05
    sentiment[wrong] = rng.choice([NEGATIVE, 0, POSITIVE], wrong.sum())
    messages["sentiment"] = sentiment
    # The archive does not say who of the company wrote.
    messages["agent"] = np.where(archive, -1, messages["agent"])
    messages["has_sentiment"] = inbound & ~archive & (rng.random(n) < 0.95)
    tool = threads.tool[messages["thread"]]
    main = (tool == 0) & ~archive
    messages["has_sentiment"] &= tool != TOOLS.index(ZENDESK)
    messages["hidden"] = inbound & main & ~private & (rng.random(n) < 0.012)
    # The text of a removed message is gone, so only messages are removed whose text decides
    # nothing.
    messages["removed"] = inbound & main & private & (rng.random(n) < 0.01)
    messages["archive"] = archive

    key = np.lexsort((np.arange(n), messages["thread"]))
    human = (messages["out"] & ~messages["bot"])[key]
    place = np.where(human, np.arange(n), n)
    following = np.minimum.accumulate(place[::-1])[::-1]
    found = following < n
    thread = messages["thread"][key]
    found[found] = thread[following[found]] == thread[found]
    answered = np.full(n, 2**62, dtype=np.int64)
    answered[key[found]] = messages["t"][key[following[found]]]
    messages["answered_at"] = answered
