"""What a case tool shows of the year: cases as they stood whenever somebody took a snapshot.

Between two snapshots only the last word is known. The files are written elsewhere; what the
snapshots mean for numbers is decided in `truth`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.care import (
    ASSIGNED,
    CLOSED,
    OPEN,
    PRIORITY,
    REOPENED,
    STATUS,
    USER_UPDATED,
    Care,
)
from simulator.company import SPROUT, Company
from simulator.zones import DAY

DAILY_FROM_S = 7 * DAY


@dataclass(frozen=True)
class Case:
    """A case at the time of a snapshot; -1 is absent. `messages` are positions in the year."""

    thread: int
    messages: tuple[int, ...]
    created_at: int
    updated_at: int
    assignee: int
    last_closed_at: int
    is_closed: bool
    status: int
    priority: int
    tags: tuple[tuple[int, int], ...]


def snapshot_calendar(company: Company) -> list[int]:
    """Instants of the snapshots: every month, later every week, and every day of the last week."""
    days = range(company.cut - DAILY_FROM_S, company.cut, DAY)
    return sorted({*company.exports, *days})


def snapshots(company: Company, care: Care) -> list[tuple[int, list[Case]]]:
    """For each snapshot the cases that changed since the one before."""
    histories = _histories(care)
    result = []
    previous = 0
    for export in snapshot_calendar(company):
        cases = []
        for thread, history in histories:
            first = history[0][0]
            if first >= export or history[-1][0] < previous:
                continue
            case = _case_at(thread, history, export)
            if case.updated_at >= previous:
                cases.append(case)
        result.append((export, cases))
        previous = export
    return result


def _histories(care: Care) -> list[tuple[int, list[tuple[int, int, int, int]]]]:
    """(t, what, value, message) of each thread in order; what is an event kind or -1 or -2.

    -1 is a message of a customer, -2 one of ours, -3 a tag (its bit is the value).
    """
    mine = care.in_tool(SPROUT)
    m, e, told = care.messages, care.events, care.thread_tags
    rows: dict[int, list[tuple[int, int, int, int]]] = {}
    for i in np.flatnonzero(mine[m["thread"]]).tolist():
        what = -2 if m["out"][i] else -1
        rows.setdefault(int(m["thread"][i]), []).append((int(m["t"][i]), what, -1, i))
    kinds = (ASSIGNED, USER_UPDATED, CLOSED, REOPENED, STATUS, PRIORITY)
    for i in np.flatnonzero(mine[e["thread"]] & np.isin(e["kind"], kinds)).tolist():
        kind = int(e["kind"][i])
        value = int(e["agent"][i]) if kind in (ASSIGNED, USER_UPDATED) else int(e["value"][i])
        rows.setdefault(int(e["thread"][i]), []).append((int(e["t"][i]), kind, value, -1))
    for i in np.flatnonzero(mine[told["thread"]]).tolist():
        entry = (int(told["t"][i]), -3, int(told["tags"][i]), -1)
        rows.setdefault(int(told["thread"][i]), []).append(entry)
    # A message precedes what happens at the same instant.
    for history in rows.values():
        history.sort(key=lambda row: (row[0], row[1] >= 0 or row[1] == -3, row[3]))
    return sorted(rows.items())


def _case_at(thread: int, history: list[tuple[int, int, int, int]], until: int) -> Case:
    messages: list[int] = []
    tags: list[tuple[int, int]] = []
    assignee = closed_at = priority = -1
    closed, status, updated = False, OPEN, history[0][0]
    for t, what, value, message in history:
        if t >= until:
            break
        updated = t
        if what < 0 and what != -3:
            messages.append(message)
            closed = closed and what != -1
        elif what == -3:
            tags += [(1 << bit, t) for bit in range(value.bit_length()) if value >> bit & 1]
        elif what in (ASSIGNED, USER_UPDATED):
            assignee = value
        elif what == CLOSED:
            closed, closed_at, status = True, t, OPEN
        elif what == REOPENED:
            closed = False
        elif what == STATUS:
            status = value
        else:
            priority = value
    return Case(
        thread,
        tuple(messages),
        history[0][0],
        updated,
        assignee,
        closed_at,
        closed,
        status,
        priority,
        tuple(tags),
    )
