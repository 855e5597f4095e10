"""What the tools tell of the year: which events their exports show, when, and by whom.

The main tool and the ticket tool keep a log. A case tool shows cases as they stood at a snapshot,
and a fourth tells of a conversation its first assignment and resolution. What is told nowhere is
inferred as the definitions say; what it means is decided in `care`.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from simulator.care import ASSIGNED, CLOSED, HANDOVER, REOPENED, USER_UPDATED, Care
from simulator.cases import Case, snapshots
from simulator.company import SPARK, SPROUT, ZENDESK, Company

ASSIGNMENTS = (ASSIGNED, USER_UPDATED)
# Of what a case tool shows at one instant, the order in which it is read.
ORDER = {ASSIGNED: 0, CLOSED: 1, REOPENED: 2}
Row = tuple[int, int, int, int]


def told_events(company: Company, care: Care) -> dict[str, np.ndarray]:
    """Events as the exports show them: thread, t, kind, agent, message; in order of time."""
    e = care.events
    names = ("thread", "t", "kind", "agent", "message")
    inferred = care.in_tool(SPROUT) | care.in_tool(SPARK)
    unchanged = _unchanged_hands(care)
    keep = ~inferred[e["thread"]] & ~unchanged
    logged = {name: e[name][keep] for name in names}
    rows = [*_of_cases(company, care), *_of_conversations(company, care)]
    more = np.array(rows, dtype=np.int64).reshape(len(rows), 4)
    added = {
        "thread": more[:, 0],
        "t": more[:, 1],
        "kind": more[:, 2],
        "agent": more[:, 3],
        "message": np.full(len(rows), -1),
    }
    events = {name: np.concatenate([logged[name], added[name]]) for name in names}
    order = np.argsort(events["t"], kind="stable")
    return {name: values[order] for name, values in events.items()}


def without_team(company: Company, care: Care) -> set[int]:
    """Agents whose team the ticket tool never shows: whoever held no ticket at an export."""
    e = care.events
    edges = np.array(company.month_exports)
    mine = care.in_tool(ZENDESK)[e["thread"]] & np.isin(e["kind"], ASSIGNMENTS)
    rows = np.flatnonzero(mine)
    rows = rows[np.argsort(e["thread"][rows], kind="stable")]
    known: set[int] = set()
    following = [*rows[1:].tolist(), -1]
    for row, after in zip(rows.tolist(), following, strict=True):
        export = edges[min(np.searchsorted(edges, e["t"][row], side="right"), len(edges) - 1)]
        same = after >= 0 and e["thread"][after] == e["thread"][row]
        if not same or e["t"][after] >= export:
            known.add(int(e["agent"][row]))
    return set(range(len(company.agents))) - known


def ticket_tags_since(care: Care) -> np.ndarray:
    """When each tag of a thread counts from: in the ticket tool the first ones from the start."""
    told, m = care.thread_tags, care.messages
    t = told["t"].copy()
    tickets = np.flatnonzero(care.in_tool(ZENDESK)[told["thread"]])
    if not len(tickets):
        return t
    begun = np.full(len(care.threads), 2**62, dtype=np.int64)
    np.minimum.at(begun, m["thread"], m["t"])
    _, first = np.unique(told["thread"][tickets], return_index=True)
    rows = tickets[first]
    t[rows] = begun[told["thread"][rows]]
    return t


def _unchanged_hands(care: Care) -> np.ndarray:
    """Assignments of a ticket to who has it already, which no audit notes."""
    e = care.events
    result = np.zeros(len(e["t"]), dtype=bool)
    holder: dict[int, int] = {}
    mine = care.in_tool(ZENDESK)[e["thread"]] & np.isin(e["kind"], ASSIGNMENTS)
    for row in np.flatnonzero(mine).tolist():
        thread, agent = int(e["thread"][row]), int(e["agent"][row])
        result[row] = holder.get(thread) == agent
        holder[thread] = agent
    return result


def _of_cases(company: Company, care: Care) -> list[Row]:
    """(thread, t, kind, agent) inferred from one snapshot of a case after another."""
    versions: dict[int, list[tuple[int, Case]]] = {}
    for exported, cases in snapshots(company, care):
        for case in cases:
            versions.setdefault(case.thread, []).append((exported, case))
    m = care.messages
    rows: list[tuple[Row, int]] = []
    for thread, shown in sorted(versions.items()):
        spoken = shown[-1][1].messages
        inbound = [int(m["t"][i]) for i in spoken if not m["out"][i]]
        answers: dict[int, int] = {}
        for i in spoken:
            if m["out"][i]:
                answers.setdefault(int(m["agent"][i]), int(m["t"][i]))
        for before, now in pairwise([None, *shown]):
            rows += _between(thread, before, now, inbound, answers)
    return [row for row, _ in sorted(rows, key=lambda r: (r[0][0], r[0][1], r[1]))]


def _between(
    thread: int,
    before: tuple[int, Case] | None,
    now: tuple[int, Case],
    inbound: list[int],
    answers: dict[int, int],
) -> list[tuple[Row, int]]:
    """What happened to a case between two snapshots, with its rank within one instant."""
    exported, case = now
    last = before[1] if before else None
    changed = case.updated_at if last is None or case.updated_at > last.updated_at else exported
    was_closed = last is not None and last.is_closed
    closed_before = last.last_closed_at if last else -1
    new_close = case.last_closed_at > closed_before
    rows: list[tuple[Row, int]] = []

    def found(t: int, kind: int, agent: int = -1, rank: int | None = None) -> None:
        rows.append(((thread, t, kind, agent), ORDER[kind] if rank is None else rank))

    if last is None and case.assignee >= 0:
        closed = case.last_closed_at if case.last_closed_at >= 0 else changed
        since = min(changed, closed, answers.get(case.assignee, changed))
        found(max(since, case.created_at), ASSIGNED, case.assignee)
    elif last is not None and case.assignee != last.assignee:
        found(changed, ASSIGNED, case.assignee)
    if new_close or (case.is_closed and not was_closed):
        # Who closed is told nowhere: the person in charge is taken for it.
        found(case.last_closed_at if new_close else changed, CLOSED, case.assignee)
    if was_closed and new_close and before is not None:
        since = [t for t in inbound if closed_before < t < case.last_closed_at]
        at = since[0] if since else min(max(before[0], closed_before), case.last_closed_at)
        found(at, REOPENED, rank=3)
    if not case.is_closed and (was_closed or new_close):
        found(max(changed, case.last_closed_at) if new_close else changed, REOPENED)
    return rows


def _of_conversations(company: Company, care: Care) -> list[Row]:
    """(thread, t, kind, agent) of the tool that exports a conversation once, when first resolved.

    Assigned to whoever answers first from then on, else to who resolved; somebody else who answers
    later has taken over. What is resolved again is so with the last answer.
    """
    e, m = care.events, care.messages
    mine = care.in_tool(SPARK)
    events: dict[int, list[int]] = {}
    for row in np.flatnonzero(mine[e["thread"]]).tolist():
        events.setdefault(int(e["thread"][row]), []).append(row)
    human = np.flatnonzero(mine[m["thread"]] & m["out"] & ~m["bot"])
    replies: dict[int, list[tuple[int, int]]] = {}
    for row in human.tolist():
        replies.setdefault(int(m["thread"][row]), []).append(
            (int(m["t"][row]), int(m["agent"][row]))
        )
    rows: list[Row] = []
    for thread, numbers in sorted(events.items()):
        log = [(int(e["t"][i]), int(e["kind"][i]), int(e["agent"][i])) for i in numbers]
        closed = [(t, agent) for t, kind, agent in log if kind == CLOSED]
        if closed:
            # The export names who changed the status last before it.
            export = _next(company.month_exports, closed[0][0])
            closed[0] = (closed[0][0], [agent for t, agent in closed if t < export][-1])
        rows += [(thread, t, CLOSED, agent) for t, agent in closed]
        rows += [(thread, t, HANDOVER, -1) for t, kind, _ in log if kind == HANDOVER]
        first = next((t for t, kind, _ in log if kind in ASSIGNMENTS), None)
        if first is None or not _is_shown(company, first, [t for t, _ in closed]):
            continue
        later = [reply for reply in replies.get(thread, []) if reply[0] >= first]
        holder = later[0][1] if later else (closed[0][1] if closed else -1)
        if holder < 0:
            continue
        rows.append((thread, first, ASSIGNED, holder))
        for t, agent in later:
            if agent != holder:
                rows.append((thread, t, ASSIGNED, agent))
                holder = agent
    # Who answers and resolves at one instant had taken over before.
    return sorted(rows, key=lambda row: (row[0], row[1], row[2] == CLOSED))


def _next(exports: list[int], t: int) -> int:
    """The first export after an instant."""
    return next((export for export in exports if export > t), exports[-1])


def _is_shown(company: Company, t: int, closes: list[int]) -> bool:
    """Whether an export shows a conversation after something happened to it.

    It is in one when it was resolved first, and in every one at which it is open.
    """
    if not closes or t < _next(company.month_exports, closes[0]):
        return True
    end = next((close for close in closes if close > t), company.cut + 1)
    return any(t < export < end for export in company.month_exports)
