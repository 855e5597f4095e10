"""What a page is made of: figures, sentences, cards, tables, charts, quotes, sections.

Plain values that both the HTML and the Markdown template print. They hold no markup, choose no
KPI and read no data; a figure knows the scorecard cell it came from, so every number on a page can
be traced and listed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import ClassVar

from orchestration.reviews.serving import Definition, Quantity, Reading


@dataclass(frozen=True)
class Figure:
    """One number as printed, with what it was read from: a scorecard cell, or a mart's column."""

    reading: Reading | Quantity
    text: str
    reason: str = ""

    @property
    def anchor(self) -> str:
        """The id of the definition or source this number links to."""
        if isinstance(self.reading, Quantity):
            return source_anchor(self.reading.table, self.reading.column)
        return definition_anchor(self.reading.kpi_id)

    @property
    def place(self) -> dict[str, str]:
        """Where the number stands, as the `data-` attributes of the element that prints it."""
        reading = self.reading
        if isinstance(reading, Quantity):
            row = json.dumps(dict(reading.key), default=str)
            found = {"table": reading.table, "column": reading.column, "row": row}
        else:
            found = {
                "kpi": reading.kpi_id,
                "period-kind": reading.period_kind,
                "period": reading.period_start_on.isoformat(),
                "slice-kind": reading.slice_kind,
                "slice": reading.slice_value,
            }
        if reading.value is None:
            found["null-reason"] = reading.null_reason or ""
        return {**found, "value": self.raw}

    @property
    def raw(self) -> str:
        """The value with all its digits; empty when there is none."""
        return "" if self.reading.value is None else repr(self.reading.value)


def definition_anchor(kpi_id: str) -> str:
    """The id of a KPI's definition on a page."""
    return f"def-{kpi_id}"


def source_anchor(table: str, column: str) -> str:
    """The id of the entry on a page that says what a mart's column means."""
    return f"src-{table}-{column}"


#: A sentence is text from us and figures in order; text from outside is plain text as well, the
#: templates escape all of it.
Sentence = tuple["str | Figure", ...]


@dataclass(frozen=True)
class Change:
    """A difference to an earlier period: `+2.1 pp`, against what, and whether that is better."""

    text: str
    against: str
    verdict: str = ""
    note: str = ""


@dataclass(frozen=True)
class Card:
    """A headline KPI."""

    kind: ClassVar[str] = "card"
    figure: Figure
    name: str
    status: str
    status_words: str
    target: str
    changes: tuple[Change, ...]
    is_lead: bool = False
    spark: str = ""
    spark_span: str = ""
    spark_words: str = ""


@dataclass(frozen=True)
class Cell:
    """A table cell: text or a figure, with an optional bar (0 to 1) and status beside it.

    `kpi_id` links a row head to its definition, `source` to any other id on the page.
    """

    content: str | Figure
    bar: float | None = None
    mark: float | None = None
    status: str = ""
    note: str = ""
    kpi_id: str = ""
    source: str = ""

    @property
    def anchor(self) -> str:
        """The id that a row head links to; empty without one."""
        return definition_anchor(self.kpi_id) if self.kpi_id else self.source


@dataclass(frozen=True)
class Column:
    """A table column; `kpi_id` links the head to the definition, `source` to another id."""

    label: str
    kpi_id: str = ""
    is_number: bool = True
    source: str = ""

    @property
    def anchor(self) -> str:
        """The id that the head links to; empty without one."""
        return definition_anchor(self.kpi_id) if self.kpi_id else self.source


@dataclass(frozen=True)
class Table:
    """A table with a caption. The first cell of each row is its header."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str | Sentence = ""

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that occur, for the legend."""
        found = {cell.status for row in self.rows for cell in row}
        return tuple(each for each in ("green", "amber", "red", "grey") if each in found)

    @property
    def has_marks(self) -> bool:
        """Whether a bar carries a mark for its target."""
        return any(cell.mark is not None for row in self.rows for cell in row)


@dataclass(frozen=True)
class Chart:
    """A drawn chart (one drawing for wide, one for narrow pages) and the table behind it."""

    kind: ClassVar[str] = "chart"
    chart_id: str
    title: str
    description: str
    wide: str
    narrow: str
    table: Table
    note: str = ""


@dataclass(frozen=True)
class Pair:
    """Two blocks side by side where the page is wide enough."""

    kind: ClassVar[str] = "pair"
    left: Chart
    right: Chart


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    kind: ClassVar[str] = "prose"
    sentence: Sentence


@dataclass(frozen=True)
class Callout:
    """The one finding of a section that a reader should take away."""

    kind: ClassVar[str] = "callout"
    title: str
    sentence: Sentence


@dataclass(frozen=True)
class Missing:
    """Something the section would show, and why it cannot."""

    kind: ClassVar[str] = "missing"
    what: str
    reason: str


@dataclass(frozen=True)
class Remark:
    """A plain statement in place of a table that would be empty."""

    kind: ClassVar[str] = "remark"
    text: str


@dataclass(frozen=True)
class Quote:
    """A message quoted on purpose: cleaned, trimmed text from outside."""

    text: str
    source: str
    link: str = ""


@dataclass(frozen=True)
class Quotes:
    """Quoted messages under one heading."""

    kind: ClassVar[str] = "quotes"
    title: str
    quotes: tuple[Quote, ...]
    note: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str
    anchor: str


@dataclass(frozen=True)
class DefinitionEntry:
    """A KPI as defined, its target in words and the query that reproduces the number shown."""

    definition: Definition
    target: str
    unit: str
    query: str
    figure: Figure | None = None


@dataclass(frozen=True)
class SourceEntry:
    """A mart's column whose numbers are shown: what it means, and a query that reads one again."""

    table: str
    column: str
    meaning: str
    table_meaning: str
    unit: str
    query: str
    figure: Figure

    @property
    def anchor(self) -> str:
        """The id of this entry."""
        return source_anchor(self.table, self.column)


@dataclass(frozen=True)
class Sources:
    """What numbers outside the scorecard mean and where they stand."""

    kind: ClassVar[str] = "sources"
    entries: tuple[SourceEntry, ...]


@dataclass(frozen=True)
class Definitions:
    """The dictionary at the end of a page."""

    kind: ClassVar[str] = "definitions"
    entries: tuple[DefinitionEntry, ...]


@dataclass(frozen=True)
class Cards:
    """The headline KPIs."""

    kind: ClassVar[str] = "cards"
    cards: tuple[Card, ...]


Block = (
    Table
    | Chart
    | Pair
    | Prose
    | Callout
    | Missing
    | Remark
    | Quotes
    | Heading
    | Definitions
    | Sources
    | Cards
)


@dataclass(frozen=True)
class Section:
    """A numbered part of a page."""

    section_id: str
    title: str
    standfirst: Sentence
    blocks: tuple[Block, ...] = field(default=())
    is_full_width: bool = False
