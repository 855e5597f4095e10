"""Files that are the same, byte for byte, for the same world.

CSV through Arrow, gzip without a clock, text formats of instants for arrays, and a file's time
set to its export. Headers and meanings of columns belong to the modules of the tools.
"""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from simulator.zones import DAY, Zone, iso_day

Cells = pa.Array | pa.ChunkedArray

TEXT_FILES = (".csv", ".json", ".jsonl", ".ndjson")


@dataclass
class Landing:
    """The landing zone being written, with a list of what was put there."""

    root: Path
    is_compressed: bool = False
    files: list[str] = field(default_factory=list)

    def put(self, stream: str, name: str, data: bytes | pa.Buffer, exported_at: int) -> str:
        """Write one file of a stream; returns its path relative to the landing zone.

        A compressed zone gzips what is text, at the speed of an export rather than at its best.
        """
        if self.is_compressed and name.endswith(TEXT_FILES):
            name, data = f"{name}.gz", gzipped(data, level=1)
        path = self.root / stream / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (exported_at, exported_at))
        relative = f"{stream}/{name}"
        self.files.append(relative)
        return relative


def day_name(t: int) -> str:
    """The UTC date of an instant, as file names carry it."""
    return iso_day(t // DAY)


def gzipped(data: bytes | pa.Buffer, level: int = 6) -> bytes:
    """Gzip without the time of compression."""
    return gzip.compress(data, compresslevel=level, mtime=0)


def csv_bytes(
    table: pa.Table, delimiter: str = ",", bom: bool = False, quote_header: bool = False
) -> bytes:
    """A table of text columns as CSV; null is an empty cell, quotes only where needed."""
    out = io.BytesIO()
    names = [f'"{name}"' if quote_header else name for name in table.column_names]
    header = delimiter.join(names) + "\n"
    out.write((("\ufeff" if bom else "") + header).encode())
    if table.num_rows:
        # Arrow's writer garbles a table whose first chunk is empty; one chunk a column is safe.
        table = table.combine_chunks()
        options = pa_csv.WriteOptions(
            include_header=False,
            delimiter=delimiter,
            quoting_style="all_valid" if quote_header else "needed",
        )
        pa_csv.write_csv(table, out, options)
    return out.getvalue()


def text_table(columns: dict[str, Cells | Sequence | str | None], rows: int) -> pa.Table:
    """A table of text: arrays as they are, a single value repeated, None empty."""
    arrays, names = [], []
    for name, cells in columns.items():
        if cells is None:
            array: Cells = pa.nulls(rows, pa.string())
        elif isinstance(cells, str):
            array = pa.array([cells], pa.string()).take(pa.array(np.zeros(rows, dtype=np.int64)))
        elif isinstance(cells, (pa.Array, pa.ChunkedArray)):
            array = cells if cells.type == pa.string() else cells.cast(pa.string())
        elif isinstance(cells, np.ndarray) and cells.dtype != object:
            array = pa.array(cells).cast(pa.string())
        else:
            array = pa.array(cells, pa.string())
        arrays.append(array)
        names.append(name)
    return pa.table(arrays, names=names)


def pick(words: Sequence[str | None], index: np.ndarray) -> pa.Array:
    """Words by position; -1 is an empty cell."""
    index = np.asarray(index)
    return pa.array(words, pa.string()).take(
        pa.array(np.where(index < 0, 0, index), pa.int64(), mask=index < 0)
    )


def flags(values: np.ndarray, yes: str = "1", no: str = "0") -> pa.Array:
    """Booleans as the tool prints them."""
    return pick([no, yes], np.asarray(values).astype(np.int64))


def numbered(prefix: str, width: int, values: np.ndarray) -> pa.Array:
    """Ids of fixed length: prefix and zero-padded number; negative is an empty cell."""
    values = np.asarray(values)
    number = pa.array(np.where(values < 0, 0, values), mask=values < 0).cast(pa.string())
    return pc.binary_join_element_wise(
        pa.scalar(prefix), pc.utf8_lpad(number, width, "0"), pa.scalar("")
    )


def _days_and_rest(t: np.ndarray, missing: np.ndarray) -> tuple[pa.Array, np.ndarray, pa.Array]:
    day = np.where(missing, 0, t) // DAY
    first = int(day[~missing].min()) if (~missing).any() else 0
    last = int(day[~missing].max()) if (~missing).any() else 0
    index = pa.array(np.clip(day - first, 0, last - first), mask=missing)
    return index, np.arange(first, last + 1), pa.array(np.where(missing, 0, t) % DAY, mask=missing)


@lru_cache(maxsize=1)
def _clock_minutes() -> pa.Array:
    return pa.array([f"{m // 60:02d}:{m % 60:02d}" for m in range(1440)])


def wall_minutes(t: np.ndarray, zone: Zone) -> pa.Array:
    """Wall time to the minute with its offset, `2025-06-01 13:05-0400`; negative is empty."""
    t = np.asarray(t)
    missing = t < 0
    local = np.where(missing, 0, zone.local(t))
    index, days, second = _days_and_rest(local, missing)
    dates = days.astype("datetime64[D]").astype(str)
    clock = _clock_minutes()
    parts = [pa.array(list(dates), pa.string()).take(index), clock.take(pc.divide(second, 60))]
    offsets = zone.offset(np.where(missing, 0, t))
    names, inverse = np.unique(offsets, return_inverse=True)
    words = [f"{'-' if o < 0 else '+'}{abs(o) // 3600:02d}{abs(o) % 3600 // 60:02d}" for o in names]
    ends = pa.array(words, pa.string()).take(pa.array(inverse))
    joined = pc.binary_join_element_wise(*parts, pa.scalar(" "))
    return pc.binary_join_element_wise(joined, ends, pa.scalar(""))


def optional_rate(part: np.ndarray, whole: np.ndarray) -> list[str]:
    """Rates as the older tools print them; nothing to divide by prints `0`."""
    return [str(p / w) if w else "0" for p, w in zip(part.tolist(), whole.tolist(), strict=True)]
