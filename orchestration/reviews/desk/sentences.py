"""Sentences put together from words and figures.

Only joining belongs here. What a sentence says is written in `sections/`, and how a number reads
in it is told by `wording.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orchestration.reviews.blocks import Figure, Sentence


def sentence(*parts: str | Figure | Iterable[str | Figure]) -> Sentence:
    """Parts in order as one sentence; nested sequences are flattened."""
    flat: list[str | Figure] = []
    for part in parts:
        if isinstance(part, (str, Figure)):
            flat.append(part)
        else:
            flat.extend(part)
    return tuple(flat)


def enumerated(groups: Sequence[Sentence], last: str = "and") -> Sentence:
    """Sentences joined as `a, b and c`; without a last word as `a, b, c`."""
    parts: list[str | Figure] = []
    for index, group in enumerate(groups):
        if index:
            parts.append(f" {last} " if last and index == len(groups) - 1 else ", ")
        parts.extend(group)
    return tuple(parts)
