"""Entries at the end of a page: the definition or the source behind every number shown.

What the ledger holds is explained here, once all else is written. No number enters it here, and
the words of a definition or a column come with the snapshot.
"""

from __future__ import annotations

from orchestration.reviews import wording
from orchestration.reviews.blocks import DefinitionEntry, Figure, SourceEntry
from orchestration.reviews.desk.figures import Figures
from orchestration.reviews.ledger import Shown, query


class Entries(Figures):
    """Explains the numbers that were shown so far."""

    def entries(self) -> tuple[DefinitionEntry, ...]:
        """A definition entry for every KPI shown so far, in order of id."""
        found = []
        cells = self.ledger.cells
        for kpi_id in sorted({each.reading.kpi_id for each in cells}):
            reading = self.reading(kpi_id)
            own = [each for each in cells if each.reading.kpi_id == kpi_id]
            is_own = any(each.reading.period_kind == self.period.kind for each in own)
            if not (reading.is_published and is_own):
                reading = next((each.reading for each in own if each.reading.is_published), reading)
            definition = self.definition(kpi_id, reading.definition_version)
            known = self.ledger.find(reading)
            found.append(
                DefinitionEntry(
                    definition=definition,
                    target=self.target_words(reading),
                    unit=wording.unit_name(definition.unit),
                    query=query(reading),
                    figure=None if known is None else Figure(known.reading, known.text),
                )
            )
        return tuple(found)

    def sources(self) -> tuple[SourceEntry, ...]:
        """An entry for every column of another mart that numbers were shown of, in order."""
        first: dict[tuple[str, str], Shown] = {}
        for each in self.ledger.quantities:
            first.setdefault((each.reading.table, each.reading.column), each)
        comments = {table: self.snapshot.comments(table) for table in {key[0] for key in first}}
        return tuple(
            SourceEntry(
                table=table,
                column=column,
                meaning=comments[table].get(column, ""),
                table_meaning=comments[table].get("", ""),
                unit=wording.unit_name(each.reading.unit),
                query=query(each.reading),
                figure=Figure(each.reading, each.text),
            )
            for (table, column), each in sorted(first.items())
        )
