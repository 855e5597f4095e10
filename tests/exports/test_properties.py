"""What holds for any file: rows are conserved, order of arrival and repetition change nothing.

Files are generated; hypothesis looks for the one that breaks the rule.
"""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exports.conftest import Zone

HEADER = ["month", "category", "channel", "campaign", "amount", "currency"]
CALM = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
SOME = settings(CALM, max_examples=20)
FEW = settings(CALM, max_examples=5)

# Everything a text may hold, line breaks and quotes first of all; a lone CR ends a line in no tool.
texts = st.text(
    st.one_of(
        st.sampled_from('",;\n=+@-<>\x00\x01\ufeff \t😁é'),
        st.characters(exclude_categories=("Cs",), exclude_characters="\r"),
    ),
    max_size=12,
)
good_rows = st.tuples(
    st.sampled_from(["2026-03", "2026-03-01"]),
    texts.filter(lambda t: t.strip() and "\x01" not in t),
    texts,
    texts,
    st.integers(-1000, 1000).map(str),
    st.sampled_from(["EUR", "USD", ""]),
).map(list)
bad_rows = st.one_of(
    st.tuples(st.just("2026-02-30"), st.just("ads"), texts, texts, st.just("1"), st.just("")),
    st.tuples(st.just("2026-03"), st.just("ads"), texts, texts, st.just("much"), st.just("")),
    st.tuples(st.just("2026-03"), st.just(" "), texts, texts, st.just("1"), st.just("")),
    st.tuples(st.just("2026-03"), st.just("ads")),
    st.tuples(*[st.just("2026-03")] * 7),
).map(list)
marked_rows = st.lists(
    st.one_of(good_rows.map(lambda r: (True, r)), bad_rows.map(lambda r: (False, r))), max_size=30
)


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    writer.writerows(rows)
    return out.getvalue()


@SOME
@given(marked_rows, st.sampled_from([",", ";"]))
def test_every_row_is_kept_as_it_is_or_set_aside(marked, delimiter):
    with tempfile.TemporaryDirectory() as folder:
        zone = Zone(Path(folder))
        rows = [cells for _, cells in marked]
        done = zone.load("costs/monthly/a.csv", written(rows, delimiter))
        expected = [number for number, (good, _) in enumerate(marked, start=1) if good]
        assert done.rows_read == len(marked)
        kept = zone.rows("costs/monthly")
        assert [row["_source_row"] for row in kept] == expected
        for row in kept:
            cells = rows[row["_source_row"] - 1]
            assert [row["category"], row["channel"] or ""] == [
                cells[1],
                cells[2] if cells[2].strip() else "",
            ]
            assert row["amount"] == float(cells[4])
        refused = [row["row"] for row in zone.quarantine("costs/monthly")]
        assert sorted([*refused, *expected]) == list(range(1, len(marked) + 1))


@SOME
@given(st.binary(max_size=400))
def test_no_bytes_stop_a_run(content):
    with tempfile.TemporaryDirectory() as folder:
        zone = Zone(Path(folder))
        zone.drop("costs/monthly/good.csv", written([["2026-03", "ads", "", "", "1", ""]]))
        zone.load("costs/monthly/a.csv", content)
        assert len(zone.rows("costs/monthly")) == 1


@SOME
@given(
    marked_rows.map(lambda rows: written([cells for _, cells in rows]).encode()),
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([b'"', b"\n", b",", b"\xff", b"", b"\x00"]))
    ),
)
def test_damage_anywhere_is_survived_and_counted(content, damage):
    damaged = bytearray(content)
    for place, what in damage:
        at = int(place * len(damaged))
        damaged[at : at + 1] = what
    with tempfile.TemporaryDirectory() as folder:
        zone = Zone(Path(folder))
        done = zone.load("costs/monthly/a.csv", bytes(damaged))
        rows = zone.rows("costs/monthly")
        refused = [row for row in zone.quarantine("costs/monthly") if row["row"] is not None]
        assert (done.rows_in_lake, done.rows_quarantined) == (len(rows), len(refused))
        assert sorted(r.get("_source_row") or r.get("row") for r in [*rows, *refused]) == list(
            range(1, done.rows_read + 1)
        )


@FEW
@given(st.lists(marked_rows, min_size=1, max_size=4), st.randoms())
def test_order_and_repetition_of_files_change_nothing(files, random):
    def lake(order: list[int], one_by_one: bool):
        with tempfile.TemporaryDirectory() as folder:
            zone = Zone(Path(folder))
            for number in order:
                rows = [cells for _, cells in files[number]]
                zone.drop(f"costs/monthly/2026-03-0{number + 1}.csv", written(rows))
                if one_by_one:
                    zone.extract("costs/monthly")
            zone.extract("costs/monthly")
            return zone.rows("costs/monthly"), zone.quarantine("costs/monthly")

    order = list(range(len(files)))
    shuffled = order + order
    random.shuffle(shuffled)
    assert lake(order, one_by_one=False) == lake(shuffled, one_by_one=True)
