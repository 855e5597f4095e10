"""Broken rows, as real exports have them, and the list of what must end in quarantine.

Rows are invented here and belong to no thread of the world, so that the truth does not change
with them. Late rows, early states and duplicates are not broken; they are made where the files
are cut.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from simulator.zones import DAY

DAMAGED_ID = "6.61E+23"
FUTURE = "2031-05-01 10:00+0000"
NO_SUCH_DAY = "2025-02-30 10:00-0500"


@dataclass
class Dirt:
    """Adds broken rows to some files and remembers how many of which kind."""

    rng: np.random.Generator
    expected: Counter = field(default_factory=Counter)

    def broken(
        self, table: pa.Table, stream: str, file: str, changes: list[tuple[str, dict[str, str]]]
    ) -> pa.Table:
        """Append a copy of a row of `table` for each (reason, changed cells)."""
        if table.num_rows == 0:
            return table
        for reason, cells in changes:
            row = table.slice(int(self.rng.integers(0, table.num_rows)), 1)
            for name, text in cells.items():
                row = row.set_column(
                    table.schema.get_field_index(name), name, pa.array([text], pa.string())
                )
            table = pa.concat_tables([table, row])
            self.expected[(stream, file, reason)] += 1
        return table

    def note(self, stream: str, file: str, reason: str) -> None:
        """A row that the writer of another format broke itself."""
        self.expected[(stream, file, reason)] += 1

    def named(self, stream: str, file: str) -> None:
        """The name of a file whose rows were broken before it had one."""
        for (where, name, reason), n in list(self.expected.items()):
            if (where, name) == (stream, ""):
                del self.expected[(where, name, reason)]
                self.expected[(stream, file, reason)] += n

    def messages(self, table: pa.Table, export: int, file: str) -> pa.Table:
        """Message rows with a damaged id, from the future, or of a day that never was."""
        month = export // DAY % 3
        kinds = [
            ("damaged_id", {"id": DAMAGED_ID}),
            ("future", {"id": f"66bf00{export:018d}", "created_at": FUTURE}),
            ("impossible_date", {"id": f"66bf01{export:018d}", "created_at": NO_SUCH_DAY}),
        ]
        return self.broken(table, "ringcentral_engage/messages", file, [kinds[month]])

    def journal(self, table: pa.Table, export: int) -> pa.Table:
        """Journal rows of a day that never was."""
        if export // DAY % 5:
            return table
        change = ("impossible_date", {"id": f"66df01{export:018d}", "created_at": NO_SUCH_DAY})
        return self.broken(table, "ringcentral_engage/journal", _name("journal", export), [change])

    def interventions(self, table: pa.Table, export: int) -> pa.Table:
        """Interventions with a negative duration."""
        if export // DAY % 2:
            return table
        change = ("negative_duration", {"id": f"66cf02{export:018d}", "first_user_reply_in": "-60"})
        return self.broken(
            table, "ringcentral_engage/interventions", _name("interventions", export), [change]
        )

    def copied(self, stream: str, file: str, copy: str) -> None:
        """A file was written again under another name, broken rows and all."""
        for (where, name, reason), n in list(self.expected.items()):
            if (where, name) == (stream, file):
                self.expected[(stream, copy, reason)] += n


def _name(stem: str, export: int) -> str:
    return f"{stem}_{np.datetime64(export // DAY, 'D')}.csv"
