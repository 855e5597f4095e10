"""Small companies made up by Hypothesis, and how an inbox tool would export each of them.

A world is a calendar, a profile or two, a few people and a list of steps; many worlds go into one
build, told apart by the number in all their ids. What should come of a world does not belong here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle.care import key

AS_OF = datetime.fromisoformat("2026-04-15T06:00")
ZONE = "America/New_York"
EVER = datetime.fromisoformat("1900-01-01T00:00")
SOURCES = ("ringcentral_engage", "sprout_social")

MINUTE, HOUR, DAY = 60, 3600, 86_400

# Around the nights on which clocks change, the fixed distances of the rules, and the as-of.
STARTS = (
    datetime.fromisoformat("2026-03-06T21:45"),
    datetime.fromisoformat("2026-03-08T06:30"),
    datetime.fromisoformat("2026-03-28T22:50"),
    datetime.fromisoformat("2025-11-01T23:40"),
    datetime.fromisoformat("2026-03-02T13:00"),
    datetime.fromisoformat("2026-03-31T03:59"),
    datetime.fromisoformat("2025-12-24T15:30"),
    datetime.fromisoformat("2025-04-07T09:00"),
    AS_OF - timedelta(days=8),
    AS_OF - timedelta(days=3),
    AS_OF - timedelta(hours=30),
    AS_OF - timedelta(hours=4),
    AS_OF - timedelta(minutes=65),
)
GAPS = (
    *(0,) * 5,
    1,
    30,
    MINUTE,
    MINUTE,
    5 * MINUTE,
    5 * MINUTE,
    20 * MINUTE,
    59 * MINUTE,
    HOUR,
    HOUR + 1,
    4 * HOUR - 1,
    4 * HOUR,
    4 * HOUR + 1,
    11 * HOUR,
    DAY,
    DAY + 1,
    2 * DAY + 7 * HOUR,
    3 * DAY - 1,
    3 * DAY,
    3 * DAY + 1,
    5 * DAY,
    7 * DAY - 1,
    7 * DAY,
    7 * DAY + 1,
    9 * DAY,
)
KINDS = (
    *("in",) * 9,
    *("human",) * 6,
    *("bot",) * 2,
    *("assigned",) * 3,
    *("closed",) * 3,
    "reopened",
    "bot_started",
    "bot_handoff",
    "status",
    "status",
    "priority",
    "tagged",
    "liked",
    "completed",
    "marked_as_spam",
    "replied",
    "other",
    "own",
)
WORDS_IN = (
    "does it work?",
    "my invoice is wrong, @lumen",
    "thank you",
    "RT @lumen is it true?",
    None,
    "again? really?",
)
WORDS_OUT = (
    "we look into it",
    "see https://support.lumenworks.example/article/7?utm_source=x&utm_content=w{world}r{step}",
    "please call +1 555 0100",
    "write to care@lumenworks.example",
    "please send us a DM",
    "done",
)
TAGS = (
    "",
    "",
    "",
    "billing",
    "technical question",
    "billing,tracker",
    "tracker, boards",
    "Technical Question,Billing",
    "spam",
    "no response needed",
    "needs response",
    "brand love",
    "brand love,employee",
    "care",
    "care,billing",
    "something new",
    "account access",
    "outage,tracker",
)
TYPES = ("twitter/tweet", "facebook/comment", "google/review", "twitter/retweet", "x/message")
STATUSES = ("open", "pending", "on_hold", "solved")
PRIORITIES = ("critical", "high", "normal", "low")
NETWORKS = ("x", "facebook", "whatsapp", "telegraph")
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
SHIFTS = (
    (("09:00", "17:00"),),
    (("08:00", "12:00"), ("13:00", "17:30")),
    (("22:00", "06:00"),),
    (("00:00", "24:00"),),
    (("09:00", "13:00"), ("12:00", "18:00")),
    (("01:30", "02:30"), ("02:30", "03:00")),
    (),
)
WEEKDAYS = ((1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7), (6, 7), (1, 3))
TEAMS = ("care", "experts", None)
AGENTS = 4
SCORES = (
    ("csat", "good_bad", ("good", "bad", "great")),
    ("csat", "1-5", ("5", "4", "3", "9", None)),
    ("csat", "1-7", ("6", "5", "x")),
    ("csat", "yes_no", ("yes", "no")),
    ("nps", "0-10", ("10", "9", "8", "7", "6", "0")),
)


@dataclass(frozen=True)
class Step:
    """Something that happens, so many seconds after the step before."""

    kind: str
    gap_s: int
    thread: int
    who: int
    detail: int


@dataclass(frozen=True)
class Hours:
    """A calendar: opening hours before and after the day on which they change, and a holiday."""

    zone: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    weekdays: tuple[int, ...]
    changes_on: date
    holiday_on: date


CALENDARS = tuple(
    Hours(
        zone=ZONES[number % len(ZONES)],
        before=SHIFTS[number % len(SHIFTS)],
        after=SHIFTS[(number // 3) % len(SHIFTS)],
        weekdays=WEEKDAYS[(number // 2) % len(WEEKDAYS)],
        changes_on=STARTS[number % len(STARTS)].date() + timedelta(days=number % 4),
        holiday_on=STARTS[(number * 5) % len(STARTS)].date() + timedelta(days=number % 3),
    )
    for number in range(42)
)


@dataclass(frozen=True)
class World:
    """One small company."""

    start: int
    minutes_later: int
    network: int
    listens: bool
    is_active: bool
    product: str | None
    calendar: int
    threads: tuple[int, int, int]
    vip: int
    team_change: int
    survey: tuple[int, int, int]
    in_two_tools: bool
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def begins_at(self) -> datetime:
        """The instant its first step counts from."""
        return STARTS[self.start] + timedelta(minutes=self.minutes_later)

    def describe(self) -> str:
        """The world as a person reads it: its setting, then one line a step."""
        lines = [repr(self)]
        at = self.begins_at
        for number, step in enumerate(self.steps):
            at += timedelta(seconds=step.gap_s)
            lines.append(
                f"  {number:>2}  {at}  thread {step.thread}  {step.kind:<14}"
                f" who {step.who}  detail {step.detail}"
            )
        return "\n".join(lines)


def _steps(most: int) -> st.SearchStrategy[tuple[Step, ...]]:
    step = st.builds(
        Step,
        kind=st.sampled_from(KINDS),
        gap_s=st.sampled_from(GAPS),
        thread=st.sampled_from((0, 0, 0, 0, 1, 2)),
        who=st.integers(0, AGENTS),
        detail=st.integers(0, 255),
    )
    return st.lists(step, min_size=4, max_size=most).map(tuple)


def worlds(most_steps: int = 24) -> st.SearchStrategy[World]:
    """Worlds of up to so many steps."""
    return st.builds(
        World,
        start=st.integers(0, len(STARTS) - 1),
        minutes_later=st.sampled_from((0, 0, 1, 15, 59, 60, 240, 600)),
        network=st.sampled_from((0, 0, 1, 2, 3)),
        listens=st.sampled_from((False, False, False, True)),
        is_active=st.sampled_from((True, True, True, False)),
        product=st.sampled_from((None, "tracker", "pages")),
        calendar=st.integers(0, len(CALENDARS) - 1),
        threads=st.tuples(*[st.integers(0, len(TYPES) - 1)] * 3),
        vip=st.integers(0, 3),
        team_change=st.integers(0, 5),
        survey=st.tuples(st.integers(-1, 8), st.integers(0, len(SCORES) - 1), st.integers(0, 20)),
        in_two_tools=st.sampled_from((False, False, False, True)),
        steps=_steps(most_steps),
    )


def told(*steps: tuple[str, int], who: int = 1, detail: int = 0) -> World:
    """A plain world in which exactly this happens: (kind, seconds after the step before)."""
    return World(
        start=4,
        minutes_later=0,
        network=0,
        listens=False,
        is_active=True,
        product=None,
        calendar=0,
        threads=(0, 0, 0),
        vip=0,
        team_change=0,
        survey=(-1, 0, 0),
        in_two_tools=False,
        steps=tuple(Step(kind, gap_s, 0, who, detail) for kind, gap_s in steps),
    )


def _after_thanks(*steps: tuple[str, int]) -> World:
    thanks = Step("in", 0, 0, 1, 2)
    return replace(told(), steps=(thanks, *told(*steps).steps))


# The distances and ties at which a rule turns, which chance seldom hits.
EDGES = (
    told(("in", 0), ("human", 60), ("closed", 60), ("in", 7 * DAY), ("human", 60)),
    told(("in", 0), ("human", 60), ("closed", 60), ("in", 7 * DAY - 1), ("human", 60)),
    told(("in", 0), ("human", 60), ("in", 3 * DAY), ("human", 4 * HOUR)),
    told(("in", 0), ("human", 60), ("in", 3 * DAY - 1), ("human", 4 * HOUR + 1)),
    told(("in", 0), ("closed", 0), ("closed", 6 * DAY), ("bot", 2 * DAY), ("in", 60)),
    told(("in", 0), ("human", HOUR), ("bot_handoff", 0)),
    told(("in", 0), ("bot", 60), ("bot_handoff", 60), ("human", 28 * MINUTE)),
    told(("in", 0), ("bot", 60), ("closed", 60)),
    told(("closed", 0), ("in", HOUR), ("human", HOUR)),
    told(("closed", 0), ("human", 8 * DAY), ("closed", HOUR), ("human", HOUR), ("closed", DAY)),
    _after_thanks(("closed", HOUR), ("in", DAY), ("human", HOUR), ("closed", HOUR)),
    told(("human", 0), ("closed", 0), ("human", 8 * DAY), ("closed", 0), ("human", DAY)),
    told(("assigned", 0), ("in", HOUR), ("closed", HOUR), who=2),
    told(("in", 0), ("human", HOUR), ("closed", 60), ("reopened", 7 * DAY), who=0),
    told(("in", 0), ("human", 4 * HOUR), ("closed", 3 * DAY - 4 * HOUR)),
)


def draw(count: int, most_steps: int = 24) -> list[World]:
    """So many worlds; the same ones every time."""
    found: list[World] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds(most_steps))
    def collect(world: World) -> None:
        found.append(world)

    collect()
    return found


def export(worlds: Sequence[World]) -> dict[str, list[dict[str, Any]]]:
    """What the feeds and seeds hold of all these worlds, by table."""
    tables: dict[str, list[dict[str, Any]]] = {
        **{f"int_{source}_{feed}": [] for source in SOURCES for feed in FEEDS},
        "profiles": [],
        **_calendars(),
        "sla_policies": [_policy(*row) for row in POLICIES],
        "int_vip_memberships": [],
        "int_survey_answers": [],
        "fct_web_sessions": [],
        "fct_phone_daily": _phone_days(),
        "fct_agent_presence": _presence(),
    }
    for number, world in enumerate(worlds):
        _Export(world, number, tables).write()
    return tables


# metric, network, visibility, priority, vip, target, clock, pauses, valid from, valid to
POLICIES = (
    ("first_reply", "telegraph", "all", "all", "all", 3600, "business", False, None, 8),
    ("first_reply", "telegraph", "all", "all", "all", 1200, "business", False, 8, None),
    ("next_reply", "all", "private", "all", "all", 3600, "calendar", False, None, None),
    ("next_reply", "all", "private", "high", "all", 1800, "business", False, None, None),
    ("resolution", "facebook", "all", "all", "all", 30_000, "business", True, None, None),
    ("resolution", "telegraph", "all", "all", "all", 86_400, "calendar", False, None, None),
    ("resolution", "telegraph", "all", "critical", "vip", 7200, "business", True, None, None),
)


def _policy(
    metric: str,
    network: str,
    visibility: str,
    priority: str,
    vip: str,
    target_s: int,
    clock: str,
    pauses: bool,
    first: int | None,
    last: int | None,
) -> dict[str, Any]:
    return {
        "policy_id": f"made up {metric} {network} {visibility} {priority} {vip} {first}",
        "metric": metric,
        "network": network,
        "message_type": "all",
        "visibility": visibility,
        "priority": priority,
        "vip": vip,
        "target_s": target_s,
        "warning_share": 0.75,
        "clock": clock,
        "pauses": pauses,
        "valid_from_on": date(2026, 3, first) if first else date(1970, 1, 1),
        "valid_to_on": date(2026, 3, last) if last else None,
    }


FEEDS = ("messages", "events", "agents", "thread_tags", "reported")


def _phone_days() -> list[dict[str, Any]]:
    """Two queues on every second day; what a queue does not measure is unknown."""
    rows = []
    for number in range(0, 120, 2):
        for queue in (0, 1):
            rows.append(
                {
                    "phone_day_key": f"{number} {queue}",
                    "date_on": AS_OF.date() - timedelta(days=number),
                    "queue": f"queue {queue}",
                    "calls_offered": 40 + number % 7,
                    "calls_answered": 0 if number % 22 == 0 else 30 + number % 11,
                    "talk_s": 9000.0 + number * 13,
                    "hold_s": None if queue else 700.0,
                    "after_call_s": 1200.0,
                    "agent_hours": None if number % 6 == 0 else 8.0 + queue,
                    "deflections_offered": 9,
                    "deflections_accepted": number % 5,
                    "callbacks_within_7d": None if queue else number % 2,
                }
            )
    return rows


def _presence() -> list[dict[str, Any]]:
    return [
        {
            "agent_presence_key": f"{number}",
            "agent_key": "somebody",
            "date_on": AS_OF.date() - timedelta(days=number),
            "present_s": 20_000 + number * 17,
        }
        for number in range(0, 90, 3)
    ]


def _calendars() -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {
        "business_calendars": [],
        "business_hours": [],
        "business_holidays": [],
    }
    for number, hours in enumerate(CALENDARS):
        name = {"calendar_id": f"made up {number}"}
        tables["business_calendars"].append(name | {"zone": hours.zone})
        tables["business_holidays"].append(name | {"holiday_on": hours.holiday_on})
        periods = (
            (date(1970, 1, 1), hours.changes_on, hours.before),
            (hours.changes_on, None, hours.after),
        )
        for valid_from, valid_to, shifts in periods:
            for weekday in hours.weekdays:
                for opens, closes in shifts:
                    tables["business_hours"].append(
                        {
                            **name,
                            "valid_from_on": valid_from,
                            "valid_to_on": valid_to,
                            "iso_weekday": weekday,
                            "opens": opens,
                            "closes": closes,
                        }
                    )
    return tables


class _Export:
    """Writes one world's rows."""

    def __init__(self, world: World, number: int, tables: dict[str, list[dict[str, Any]]]) -> None:
        self.world, self.number, self.tables = world, number, tables
        self.source = SOURCES[0]
        self.prefix = f"w{number}"
        self.network = NETWORKS[world.network]
        self.last_in: dict[int, str] = {}
        self.last_message: dict[int, str] = {}
        self.last_out: dict[int, str] = {}

    def write(self) -> None:
        self._seeds()
        self._agents()
        at = self.world.begins_at
        for number, step in enumerate(self.world.steps):
            at += timedelta(seconds=step.gap_s)
            if at >= AS_OF:
                break
            if step.kind in ("in", "human", "bot", "own"):
                self._message(number, step, at)
            else:
                self._event(number, step, at)
        self._vip()
        self._survey()

    def profile(self, thread: int) -> str:
        """The third thread is in the world's second profile, which no seed describes."""
        return f"{self.prefix}p{1 if thread == 2 else 0}"

    def _seeds(self) -> None:
        world = self.world
        self.tables["profiles"].append(
            {
                "source": self.source,
                "profile_id": f"{self.prefix}p0",
                "network": self.network,
                "profile_name": f"world {self.number}",
                "product": world.product,
                "calendar_id": f"made up {world.calendar}",
                "support_status": "active" if world.is_active else "redirect_only",
                "listens": world.listens,
            }
        )

    def _agents(self) -> None:
        """Agent 0 changes teams, 1 stays, 2 leaves after the first export, 3 is in no export."""
        first = self.world.begins_at - timedelta(days=1)
        second = self.world.begins_at + timedelta(hours=7)
        change = self.world.team_change
        listed = [
            (first, 0, TEAMS[change % 3]),
            (first, 1, TEAMS[change // 3]),
            (first, 2, "care"),
            (second, 0, TEAMS[(change + 1) % 3]),
            (second, 1, TEAMS[change // 3]),
        ]
        for exported_at, agent, team in listed:
            self.tables[f"int_{self.source}_agents"].append(
                {
                    "source": self.source,
                    "agent_id": f"{self.prefix}a{agent}",
                    "agent_name": f"agent {agent} of {self.prefix}",
                    "role": "agent",
                    "team": team,
                    "exported_at": exported_at,
                }
            )

    def agent(self, who: int) -> str | None:
        return None if who == AGENTS else f"{self.prefix}a{who}"

    def _message(self, number: int, step: Step, at: datetime) -> None:
        thread = step.thread
        # Ids that do not grow with time, and of different lengths: ties are decided by them.
        name = f"{self.prefix}m{(number * 37) % 101}"
        inbound = step.kind in ("in", "own")
        type_word = TYPES[self.world.threads[thread]]
        words = WORDS_IN if inbound else WORDS_OUT
        text = words[step.detail % len(words)]
        tags = TAGS[(step.detail // 7) % len(TAGS)]
        answers = self.last_in.get(thread)
        if inbound:
            answers = self.last_out.get(thread) if step.detail % 2 else None
        contact = f"{self.prefix}u{thread % 2}" if step.detail % 29 else f"{self.prefix}u2"
        row = {
            "source": self.source,
            "natural_message_id": name,
            "native_message_id": f"native {name}" if step.detail % 3 else None,
            "thread_id": f"{self.prefix}t{thread}",
            "profile_id": self.profile(thread),
            "in_reply_to_message_id": answers,
            "sent_at": at,
            "contact_id": contact if inbound else None,
            "native_contact_id": f"native {contact}" if inbound else None,
            "agent_id": self.agent(step.who) if step.kind == "human" else None,
            "network_word": self.network,
            "message_type_word": type_word,
            "direction": "in" if inbound else "out",
            "is_bot": step.kind == "bot",
            "is_own": step.kind != "in",
            "is_private": type_word.endswith("/message") or step.detail % 31 == 3,
            "is_hidden": inbound and step.detail % 23 == 5,
            "is_removed": text is None,
            "sentiment": ("positive", "negative", "neutral", None)[step.detail % 4]
            if inbound
            else None,
            "tags_text": tags or None,
            "template_id": "hello" if step.kind == "human" and step.detail % 5 == 0 else None,
            "message_text": text and text.format(world=self.number, step=number),
            "source_file": "made up",
            "source_row": number,
        }
        self.tables[f"int_{self.source}_messages"].append(row)
        if self.world.in_two_tools and row["native_message_id"] and step.detail % 2:
            self._copy(row, step)
        if step.kind == "human" and step.detail % len(WORDS_OUT) == 1 and step.who != AGENTS:
            self.tables["fct_web_sessions"].append(
                {
                    "session_key": f"{self.prefix}s{number}",
                    "started_at": at,
                    "started_on": at.date(),
                    "utm_content": f"{self.prefix}r{number}",
                }
            )
        self.last_message[thread] = name
        if inbound:
            self.last_in[thread] = name
        else:
            self.last_out[thread] = name

    def _copy(self, row: dict[str, Any], step: Step) -> None:
        """The same message as a second tool exports it: other ids, seconds lost or not."""
        second = SOURCES[1]
        at = row["sent_at"]
        self.tables[f"int_{second}_messages"].append(
            {
                **row,
                "source": second,
                "natural_message_id": f"s{row['natural_message_id']}",
                "thread_id": f"s{row['thread_id']}",
                "profile_id": f"s{row['profile_id']}",
                "in_reply_to_message_id": None,
                "sent_at": at if step.detail % 4 == 1 else at.replace(second=0),
                "contact_id": row["contact_id"] and f"s{row['contact_id']}",
                "agent_id": None,
                "sentiment": None,
                "tags_text": TAGS[(step.detail // 5) % len(TAGS)] or None,
                "template_id": None,
            }
        )

    def _event(self, number: int, step: Step, at: datetime) -> None:
        kind, detail = step.kind, step.detail
        agent = self.agent(step.who)
        message = self.last_message.get(step.thread)
        value = None
        automatic = agent is None
        if kind == "assigned":
            automatic = detail % 2 == 0
        elif kind == "status":
            value = STATUSES[detail % 3]
        elif kind == "priority":
            value = PRIORITIES[detail % 4]
        elif kind == "tagged":
            value = "billing"
        elif kind == "replied":
            value = "hello"
        if kind in ("tagged", "liked", "completed") and detail % 4 == 0:
            automatic = True
        self.tables[f"int_{self.source}_events"].append(
            {
                "source": self.source,
                "natural_event_id": f"{self.prefix}e{(number * 37) % 101}",
                "thread_id": f"{self.prefix}t{step.thread}",
                "message_id": message
                if kind in ("tagged", "liked", "completed", "marked_as_spam", "replied")
                else None,
                "event_at": at,
                "agent_id": agent,
                "is_automatic": automatic,
                "event_kind": kind,
                "event_value": value,
            }
        )
        if kind == "closed" and detail % 3 == 0:
            self.tables[f"int_{self.source}_reported"].append(
                {
                    "source": self.source,
                    "thread_id": f"{self.prefix}t{step.thread}",
                    "opened_at": at - timedelta(hours=2),
                    "metric": "handle_s",
                    "value": 60.0 + detail,
                    "reported_at": at,
                }
            )
        if kind == "closed" and detail % 5 == 0:
            self.tables[f"int_{self.source}_thread_tags"].append(
                {
                    "source": self.source,
                    "thread_id": f"{self.prefix}t{step.thread}",
                    "opened_at": at - timedelta(hours=1),
                    "removed_at": None,
                    "tags_text": "outage, boards",
                }
            )

    def _vip(self) -> None:
        """Never, always, from an hour after the start on, or until then."""
        if not self.world.vip:
            return
        change = self.world.begins_at + timedelta(hours=1)
        self.tables["int_vip_memberships"].append(
            {
                "contact_vip_key": f"{self.prefix}vip",
                "contact_key": key(self.network, f"native {self.prefix}u0"),
                "list_name": "press",
                "valid_from_at": change
                if self.world.vip == 2
                else datetime.fromisoformat("1900-01-01T00:00"),
                "valid_to_at": change if self.world.vip == 3 else None,
            }
        )

    def _survey(self) -> None:
        days, scale, detail = self.world.survey
        if days < 0:
            return
        kind, scale_name, scores = SCORES[scale]
        sent_at = self.world.begins_at + timedelta(days=days, minutes=detail)
        if sent_at >= AS_OF:
            return
        score = scores[detail % len(scores)]
        responded_at = sent_at + timedelta(hours=detail * 5)
        answered = score is not None and detail % 4 != 3 and responded_at < AS_OF
        self.tables["int_survey_answers"].append(
            {
                "survey_key": f"{self.prefix}s",
                "source": "surveys",
                "natural_survey_id": f"{self.prefix}s",
                "sent_at": sent_at,
                "responded_at": responded_at if answered else None,
                "contact_id": f"{self.prefix}u{detail % 2}",
                "agent_id": self.agent(detail % (AGENTS + 1)),
                "conversation_source": self.source,
                "thread_id": f"{self.prefix}t{detail % 3}",
                "survey_kind": kind,
                "scale": scale_name,
                "network": self.network,
                "score_text": score if answered else None,
                "has_comment": False,
            }
        )


def epoch(instant: datetime | None) -> int | None:
    """Seconds since 1970 of a UTC instant without a zone."""
    return None if instant is None else int(instant.replace(tzinfo=UTC).timestamp())
