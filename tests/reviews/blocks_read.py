"""What a section prints, for tests to read: tables as rows of text, charts by id, plain sentences.

Reading only. What is expected is said in the tests.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.reviews.blocks import Block, Chart, Figure, Pair, Section, Table


def tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Pair):
            yield from tables((block.left, block.right))
        elif isinstance(block, Chart):
            yield block.table
        elif isinstance(block, Table):
            yield block


def table(section: Section | None, caption: str) -> list[list[str]]:
    """The rows of a table as printed."""
    assert section is not None
    (found,) = [each for each in tables(section.blocks) if each.caption == caption]
    return [
        [c.content.text if isinstance(c.content, Figure) else c.content for c in row]
        for row in found.rows
    ]


def chart(section: Section | None, chart_id: str) -> Chart:
    assert section is not None
    (found,) = [
        each for each in section.blocks if isinstance(each, Chart) and each.chart_id == chart_id
    ]
    return found


def said(parts: object) -> str:
    return "".join(each.text if isinstance(each, Figure) else str(each) for each in parts)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def captions(section: Section | None) -> set[str]:
    return set() if section is None else {each.caption for each in tables(section.blocks)}
