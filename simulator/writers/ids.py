"""Ids as each tool and each network spells them, by the number of a thing in the world.

One function a kind of thing. What the things are, and which file names them, belongs elsewhere.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.company import RC, SPARK, SPROUT, ZENDESK
from simulator.writers.files import numbered

# Prefix, width and first number of the ids of conversations and of people in each tool.
CONVERSATIONS = {
    RC: ("66a0d2", 18, 0),
    SPROUT: ("", 7, 5_200_000),
    ZENDESK: ("", 5, 40_000),
    SPARK: ("c0ffee-", 8, 0),
}
CONTACTS = {
    RC: ("669f77", 18, 0),
    SPROUT: ("", 12, 300_000_000_000),
    ZENDESK: ("", 12, 412_000_000_000),
    SPARK: ("", 12, 300_000_000_000),
}
FIRST_MESSAGE = 1_800_000_000_000_000_000
MESSAGE_STEP = 4096
NETWORK_STEP = {RC: 1, SPROUT: 7, ZENDESK: 1, SPARK: 7}


def conversation_ids(source: str, numbers: np.ndarray) -> pa.Array:
    """Ids of threads, cases, tickets or conversations."""
    prefix, width, first = CONVERSATIONS[source]
    numbers = np.asarray(numbers, dtype=np.int64)
    return numbered(prefix, width, np.where(numbers < 0, -1, first + numbers))


def contact_ids(source: str, numbers: np.ndarray) -> pa.Array:
    """Ids of people in a tool; two tools use the network's own."""
    prefix, width, first = CONTACTS[source]
    numbers = np.asarray(numbers, dtype=np.int64)
    spelled = first + numbers * NETWORK_STEP[source]
    return numbered(prefix, width, np.where(numbers < 0, -1, spelled))


def conversation_id(source: str, number: int) -> str | None:
    """The id of one thread, case, ticket or conversation: an array of one costs 50 times this."""
    prefix, width, first = CONVERSATIONS[source]
    return _spelled(prefix, width, first + number) if number >= 0 else None


def contact_id(source: str, number: int) -> str | None:
    """The id of one person in a tool."""
    prefix, width, first = CONTACTS[source]
    return _spelled(prefix, width, first + number * NETWORK_STEP[source]) if number >= 0 else None


def network_contact_ids(numbers: np.ndarray) -> pa.Array:
    """Ids of people on their network, the same in every tool."""
    return contact_ids(SPROUT, numbers)


def network_message_ids(positions: np.ndarray) -> pa.Array:
    """Ids of messages on their network, the same in every tool; they grow with time."""
    positions = np.asarray(positions, dtype=np.int64)
    spelled = FIRST_MESSAGE + positions * MESSAGE_STEP
    return numbered("", 19, np.where(positions < 0, -1, spelled))


def network_message_id(position: int) -> str:
    """The id of one message on its network."""
    return _spelled("", 19, FIRST_MESSAGE + position * MESSAGE_STEP)


def _spelled(prefix: str, width: int, number: int) -> str:
    return f"{prefix}{number:0{width}d}"


def prefixed(prefixes: list[str], kind: np.ndarray, ids: pa.Array) -> pa.Array:
    """Ids behind a prefix of their kind, as tools put it that hold many networks."""
    heads = pa.array(prefixes, pa.string()).take(pa.array(kind))
    return pc.binary_join_element_wise(heads, ids, pa.scalar(""))
