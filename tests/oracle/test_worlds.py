"""Made-up companies: every fact and every KPI is what plain loops over the streams say.

What a world consists of is in `worlds`, the rules are in `care`, `sla` and `kpis`.
"""

from __future__ import annotations

from tests.oracle.bench import Bench
from tests.oracle.conftest import BATCH
from tests.oracle.worlds import EDGES, draw


def test_facts_and_scorecard_follow_from_the_streams(bench: Bench, world_count: int) -> None:
    drawn = [*EDGES, *draw(world_count)]
    for first in range(0, len(drawn), BATCH):
        worlds = drawn[first : first + BATCH]
        found = bench.differences(worlds)
        misread = bench.misread_messages()
        assert not misread, "\n".join(map(str, misread[:20]))
        told = bench.smallest(worlds, found) if found else ""
        assert not found, f"{len(found)} differences\n{told}"
