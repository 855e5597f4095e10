"""The company: profiles, tags, agents, calendars of exports, and what happened in its year.

Reads the seeds people edit, so that the world and the warehouse agree on profiles, tags and
hours, and fixes the staff and the events of the year. What customers do with it is the business
of `care`, `posts` and `web`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from simulator.zones import DAY, Zone, day_number, epoch

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

RC = "ringcentral_engage"
ARCHIVE = "customer_support_on_twitter"
SPROUT = "sprout_social"
ZENDESK = "zendesk"
SPARK = "sparkcentral"
FACEBOOK = "facebook"
INSTAGRAM = "instagram"
LINKEDIN = "linkedin"
TOOLS = (RC, SPROUT, ZENDESK, SPARK)

# Conversations of these profiles surface in a second tool too, message by message.
MIRRORED = {(RC, "5f0000000000000000000009"): (SPROUT, "4100009")}

# Zones of wall times in exports that carry no offset: accounts' settings, in no file.
EXPORT_ZONES = {
    ZENDESK: "Europe/Berlin",
    SPARK: "America/New_York",
    FACEBOOK: "America/Los_Angeles",
    INSTAGRAM: "America/Los_Angeles",
}

FIRST_DAY = "2025-01-01"
LAST_DAY = "2026-04-14"
ARCHIVE_UNTIL = "2025-02-14"
ARCHIVE_EXPORTS = ("2025-02-01", "2025-03-01")

LAUNCH_DAY = "2025-06-10"
CONFERENCE_DAYS = ("2025-10-07", "2025-10-09")
CRISIS_DAYS = ("2026-02-07", "2026-02-08")
# Hours in which everybody writes at once, one of them on an ordinary day.
CRISIS_HOURS = ("2025-09-17T14:00:00Z", "2026-02-07T16:00:00Z")
QUIET_DAYS = ("2025-01-01", "2025-07-04", "2025-11-27", "2025-12-25", "2025-12-26", "2026-01-01")
DST_NIGHTS = ("2025-03-09", "2025-11-02", "2026-03-08")


@dataclass(frozen=True)
class Profile:
    """A profile the company answers on, one row of `profiles.csv`."""

    source: str
    profile_id: str
    network: str
    name: str
    product: str
    calendar_id: str
    is_active: bool
    listens: bool


@dataclass(frozen=True)
class Tag:
    """A category of the inbox tool, one row of `tags.csv`."""

    name: str
    kind: str
    value: str


@dataclass
class Agent:
    """Somebody who answers; `teams` lists (from instant, team), the first from ever.

    `accounts` holds the id in each tool the agent works in.
    """

    accounts: dict[str, str]
    name: str
    desk: int
    role: str
    teams: list[tuple[int, str]]
    starts: int = 0
    leaves: int = 2**62
    avoid: tuple[int, int] = (0, 0)

    def team_at(self, t: int) -> str:
        """Team as the exports tell it: a change counts from the export that first shows it."""
        team = self.teams[0][1]
        for since, name in self.teams[1:]:
            if t >= since:
                team = name
        return team


@dataclass
class Company:
    """Everything that is given before the first customer writes."""

    seed: int
    messages: int
    zone: Zone
    as_of: int
    cut: int
    profiles: list[Profile]
    tags: list[Tag]
    agents: list[Agent]
    exports: list[int]
    month_exports: list[int]
    seeds_dir: Path
    web_events: int | None = None
    first_day: int = field(default_factory=lambda: day_number(FIRST_DAY))
    last_day: int = field(default_factory=lambda: day_number(LAST_DAY))

    def rng(self, subject: int) -> np.random.Generator:
        """An independent random stream for one subject; a new subject leaves the others alone."""
        return np.random.default_rng([self.seed, subject])

    @property
    def tools(self) -> np.ndarray:
        """The tool (position in `TOOLS`) that exports each profile; -1 if none of them does."""
        return np.array([TOOLS.index(p.source) if p.source in TOOLS else -1 for p in self.profiles])

    @property
    def mirrors(self) -> np.ndarray:
        """The same profile in a second tool, by position; -1 if there is none."""
        return np.array(
            [
                self.profile_index(*MIRRORED[key]) if key in MIRRORED else -1
                for key in ((p.source, p.profile_id) for p in self.profiles)
            ]
        )

    @property
    def quarter_exports(self) -> list[int]:
        """Export instants of what is exported every three months, the last of all included."""
        return [*self.month_exports[2:-1:3], self.month_exports[-1]]

    def accounts(self, source: str) -> list[str | None]:
        """Ids of all agents in one tool; None without an account there."""
        return [agent.accounts.get(source) for agent in self.agents]

    def tag_bit(self, name: str) -> int:
        """The bit of a tag in the tag sets of messages and interventions."""
        return 1 << next(i for i, tag in enumerate(self.tags) if tag.name == name)

    def profile_index(self, source: str, profile_id: str) -> int:
        """Position of a profile in `profiles`."""
        return next(
            i
            for i, profile in enumerate(self.profiles)
            if (profile.source, profile.profile_id) == (source, profile_id)
        )


def read_seed(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of one seed file as dictionaries of text."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_profiles(folder: Path) -> list[Profile]:
    """The profiles of the company."""
    return [
        Profile(
            row["source"],
            row["profile_id"],
            row["network"],
            row["profile_name"],
            row["product"],
            row["calendar_id"],
            row["support_status"] == "active",
            row["listens"] == "true",
        )
        for row in read_seed(folder, "profiles")
    ]


def read_tags(folder: Path) -> list[Tag]:
    """The tags of the company, without the spellings of a tool whose tags hold no spaces."""
    return [
        Tag(row["tag"], row["kind"], row["value"])
        for row in read_seed(folder, "tags")
        if "_" not in row["tag"]
    ]


def export_calendar(cut: int, last_days: int = 0) -> list[int]:
    """Export instants (midnights UTC): the 1st of each month, Mondays in 2026, and the cut.

    `last_days` midnights before the cut are among them.
    """
    months = [
        epoch(datetime(2025 + (m - 1) // 12, (m - 1) % 12 + 1, 1, tzinfo=UTC)) for m in range(2, 14)
    ]
    monday = epoch("2026-01-05")
    weeks = list(range(monday, cut, 7 * DAY))
    return with_last_days(months + weeks, cut, last_days)


def with_last_days(exports: list[int], cut: int, last_days: int) -> list[int]:
    """Export instants up to the cut, the last of them a day apart."""
    days = [cut - day * DAY for day in range(last_days + 1)]
    return sorted({t for t in exports if t < cut} | set(days))


def month_calendar(cut: int, last_days: int = 0) -> list[int]:
    """Export instants of monthly exports: the 1st of each month, and the cut.

    `last_days` midnights before the cut are among them.
    """
    months = [
        epoch(datetime(2025 + (m - 1) // 12, (m - 1) % 12 + 1, 1, tzinfo=UTC)) for m in range(2, 17)
    ]
    return with_last_days(months, cut, last_days)


DESKS = ("Americas", "Europe", "Asia Pacific")
# Beside the main tool, by number on the desk: the first works everywhere, the last stand for all
# that follow. The one who changes team is the second.
CARE_TOOLS = ((SPROUT, ZENDESK, SPARK), (), (SPROUT, SPARK), (ZENDESK, SPARK), (ZENDESK,))
FIRST_NAMES = [
    "Amelia",
    "Bruno",
    "Carmen",
    "Dilan",
    "Esther",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kavya",
    "Liam",
    "Mina",
    "Noor",
    "Otto",
    "Priya",
    "Quinn",
    "Rosa",
    "Sami",
    "Tara",
    "Umar",
    "Vera",
    "Wren",
    "Xenia",
    "Yusuf",
    "Zoe",
]
LAST_NAMES = [
    "Abreu",
    "Becker",
    "Castillo",
    "Das",
    "Egan",
    "Fischer",
    "Gomez",
    "Haddad",
    "Ito",
    "Jansen",
    "Khan",
    "Lopez",
]


def staff(seed: int, messages: int, cut: int, month_exports: list[int]) -> list[Agent]:
    """Agents on three desks: care and technical teams on each, one community team.

    Everybody works in the main tool, some in others too.

    One agent changes team in mid-year (seen in the export of 2025-08-01), one leaves and is missing
    from later exports, one joins. The mover takes no conversation in the three weeks before the
    change shows, so that nobody can argue about the team of a case that was under way.
    """
    per_desk = max(4, min(20, 3 + messages // 60_000))
    rng = np.random.default_rng([seed, 101])
    names = rng.permutation(len(FIRST_NAMES) * len(LAST_NAMES))
    agents: list[Agent] = []

    def add(desk: int, role: str, team: str, *tools: str) -> None:
        number = len(agents)
        first, last = divmod(int(names[number]), len(LAST_NAMES))
        ids = {
            RC: f"a9{number:022d}",
            SPROUT: str(1_730_000 + number),
            ZENDESK: str(361_400_000_000 + number * 17),
            SPARK: f"sc-user-{number:04d}",
        }
        agents.append(
            Agent(
                {tool: ids[tool] for tool in (RC, *tools)},
                f"{FIRST_NAMES[first]} {LAST_NAMES[last]}",
                desk,
                role,
                [(0, team)],
            )
        )

    for desk, place in enumerate(DESKS):
        for number in range(per_desk):
            add(desk, "care", f"Care {place}", *CARE_TOOLS[min(number, 4)])
        add(desk, "technical", "Technical Support", SPROUT, ZENDESK, SPARK)
        add(desk, "technical", "Technical Support", ZENDESK)
    for _ in range(2):
        add(0, "community", "Community", SPROUT)

    care_of = [[a for a in agents if a.desk == d and a.role == "care"] for d in range(3)]
    moved_at = epoch("2025-08-01")
    mover = care_of[0][1]
    mover.teams.append((moved_at, "Technical Support"))
    mover.avoid = (moved_at - 21 * DAY, moved_at)
    care_of[1][3].leaves = epoch("2025-11-12")
    care_of[2][2].starts = epoch("2025-09-08")
    return agents


def found(
    seed: int,
    messages: int,
    as_of: str,
    zone: str,
    seeds_dir: Path | None = None,
    *,
    web_events: int | None = None,
    last_days: int = 0,
) -> Company:
    """Found the company: read the seeds, hire the staff, fix the calendar of exports."""
    folder = seeds_dir or SEEDS
    as_of_t = epoch(as_of)
    cut = as_of_t - as_of_t % DAY
    month_exports = month_calendar(cut, last_days)
    return Company(
        seed=seed,
        messages=messages,
        zone=Zone(zone),
        as_of=as_of_t,
        cut=cut,
        profiles=read_profiles(folder),
        tags=read_tags(folder),
        agents=staff(seed, messages, cut, month_exports),
        exports=export_calendar(cut, last_days),
        month_exports=month_exports,
        seeds_dir=folder,
        web_events=web_events,
    )
