"""What the package ChannelAttribution makes of journeys drawn at random, kept for the tests.

Only drawing, asking the package and writing `golden/markov.json` belong here; the comparison is in
`test_attribution`. The package compiles C++ when it is installed and draws charts on import, so it
is no dependency of the product or of its tests: it is installed by hand, in an environment of its
own, and this script is run there from the root of the project:

    pip install ChannelAttribution==2.2.5 matplotlib
    python tests/oracle/make_markov_golden.py
"""

from __future__ import annotations

import json
import random
from collections import Counter
from importlib.metadata import version
from pathlib import Path

GOLDEN = Path(__file__).with_name("golden") / "markov.json"

CHANNELS = {
    "Organic Social: x": 0.10,
    "Organic Social: facebook": 0.06,
    "Paid Social: instagram": 0.05,
    "Organic Video: youtube": 0.03,
    "Paid Search": 0.16,
    "Organic Search": 0.12,
    "Email": 0.22,
    "Referral": 0.02,
    "Display": 0.0,
}
WORLDS = 3
JOURNEYS = 900
# The package simulates journeys on its chain: so many, that its error is a few thousandths.
SIMULATED = 20_000_000


def draw(rng: random.Random) -> list[dict[str, object]]:
    """Paths with how many journeys on them converted and how many led nowhere."""
    names = list(CHANNELS)
    liked = {name: rng.random() + 0.1 for name in names}
    found: Counter[tuple[tuple[str, ...], bool]] = Counter()
    for _ in range(JOURNEYS):
        path = []
        while not path or (rng.random() < 0.6 and len(path) < 12):
            path.append(rng.choices(names, [liked[name] for name in names])[0])
        found[tuple(path), rng.random() < CHANNELS[path[-1]]] += 1
    return [
        {"path": list(path), "converted": found[path, True], "lost": found[path, False]}
        for path in sorted({path for path, _ in found})
    ]


def ask(paths: list[dict[str, object]]) -> dict[str, float]:
    """Removal effects of the channels by the package's Markov model of first order."""
    import ChannelAttribution
    import pandas as pd

    table = pd.DataFrame(
        [(" > ".join(one["path"]), one["converted"], one["lost"]) for one in paths],
        columns=["path", "converted", "lost"],
    )
    answer = ChannelAttribution.markov_model(
        table,
        "path",
        "converted",
        var_null="lost",
        nsim_start=SIMULATED,
        max_step=1000,
        out_more=True,
        seed=7,
        verbose=False,
        flg_pro=False,
    )
    effects = answer["removal_effects"].itertuples(index=False)
    return {row.channel_name: row.removal_effect for row in effects}


def main() -> None:
    """Draw the worlds, ask the package about each, write both down."""
    worlds = []
    for number in range(WORLDS):
        paths = draw(random.Random(number))
        worlds.append({"paths": paths, "removal_effects": ask(paths)})
    golden = {"ChannelAttribution": version("ChannelAttribution"), "worlds": worlds}
    GOLDEN.write_text(json.dumps(golden, indent=None) + "\n")


if __name__ == "__main__":
    main()
