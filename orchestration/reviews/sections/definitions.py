"""The end of a page: what every number on it means, and the query that reads it again.

Only what was shown is explained, so this section is built last.
"""

from __future__ import annotations

from orchestration.reviews.blocks import Block, Definitions, Heading, Section, Sources
from orchestration.reviews.desk import Desk, sentence


def build(desk: Desk) -> Section:
    """The dictionary of every KPI on the page, then of every other mart's column shown."""
    blocks: list[Block] = [Definitions(desk.entries())]
    sources = desk.sources()
    if sources:
        blocks += [Heading("Numbers of other marts", "other-marts"), Sources(sources)]
    return Section(
        "definitions",
        "Definitions and how to reproduce",
        sentence(
            "Each number is one cell of the published marts. Open the serving file ",
            "kpi_marts.duckdb read-only and run the query under a measure to read it again; ",
            "numbers.csv has the query of every single number.",
        ),
        tuple(blocks),
        is_full_width=True,
    )
