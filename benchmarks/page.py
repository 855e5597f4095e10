"""`docs/benchmarks.md` and its chart, drawn from `results.json` and the page about start-up.

Words and tables belong here; no figure does. Measuring is the other modules' business.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.measuring import results
from benchmarks.peers.run import SIZES as PEER_SIZES

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "benchmarks.md"
CHART = PROJECT / "docs" / "images" / "benchmarks.svg"
# Measured step by step while it was made faster; no command measures it again as a whole.
START_UP = Path(__file__).with_name("start_up.md")
# What stands between the goals and the figures, in words of a person who looked.
GOALS = Path(__file__).with_name("goals.md")
SLOWEST = 40
SLOWEST_OF_A_DAY = 20

FULL = "full build, up to the day before"
BY_HAND = "the same facts by hand-written SQL"
DAY = "one more day: build"
EMPTY = "refresh with nothing new"
FACT_SCHEMAS = ("seeds", "staging", "intermediate", "core")
MOST_GROWTH = 0.2

HEAD = """\
# Benchmarks

`make bench SIZE=100k|1m|10m` measures the whole job at a size and writes this page from
`benchmarks/results.json`; `python -m benchmarks <name>` measures one part. Each figure is of one
run; each step ran in a process of its own, whose peak of resident memory is beside it. The
exports are the simulator's, in the sources' own formats, gzipped, with two web events a message.
"""

LIMIT = """\
## What one node can do at most

[benchmarks/limit.sql](../benchmarks/limit.sql) is one script, written by hand for DuckDB: from
the same lake, with the same memory limit and two threads, in the same run. It computes messages,
conversations, turns with their waits in calendar and business time, and the event log of the main
inbox (six messages in ten; its threads that a second tool exports too are left out), and the
sessions of both sites. Every column it computes is compared with the warehouse's facts; what
differs is in the table. It leaves out the other four inboxes, tags, teams, SLA, the backlog by
day, channels and attribution, audience, mentions, surveys, orders, contracts on columns, tests,
and where a row came from; so it is a floor, not a rival: the build beside it makes every fact and
every KPI mart.
"""

PEERS = """\
## Other ways to the same waits

Tickets of an e-mail inbox with six comments each, made up in the lake; three waits a ticket, one
ticket in a thousand answered after more than a year. Three ways, one after the other: ours builds
every care fact with all it is made of (messages, conversations, events, backlog, replies, SLA);
the other two compute the waits and nothing else. Crossing with weeks is written from the method's
description ([weeks.sql](../benchmarks/peers/weeks.sql)): it knows no holidays, one offset of the
zone a wait, and 52 weeks. The pandas way ([with_pandas.py](../benchmarks/peers/with_pandas.py))
knows the holidays and the zone. Ours may take 3 GB before it works on disk. Measured
elsewhere on 2 cores, the best-known open package for this data (75 models on DuckDB) took 58 s
and 1.9 GB for 100,000 such tickets, and 618 s and 10.7 GB for a million.
"""

PARTS = """\
## Parts

Business time is held against a count of every minute of a wait in Python's own time zones. First
replies are held against a loop over the same messages and events; it is faster because it keeps
everything in memory and writes nothing, and it answers one question where the models answer all.
"""


def write(kept: dict[str, Any] | None = None, page: Path = PAGE, chart: Path = CHART) -> None:
    """Write the page and the chart from what was measured last."""
    kept = kept or results()
    runs = sorted(kept["whole"].values(), key=lambda run: run["world"]["messages"])
    peers = {name: kept["small"][name] for name in PEER_SIZES if name in kept["small"]}
    parts = {name: part for name, part in kept["small"].items() if name not in peers}
    blocks = [HEAD]
    if runs:
        blocks += [_table_of_runs(runs), _goals(runs), LIMIT, _limits(runs)]
        blocks += [_profile(runs[-1]), _profile_of_the_day(runs[-1])]
        blocks.append(GOALS.read_text(encoding="utf-8"))
        chart.write_text(drawn(runs), encoding="utf-8")
    if peers:
        blocks.append(PEERS)
    for name, part in peers.items():
        blocks += [_rows(part["rows"]), _told(part, f"python -m benchmarks {name}")]
    blocks += [START_UP.read_text(encoding="utf-8"), PARTS]
    for name, part in parts.items():
        blocks += [f"### {name}", _rows(part["rows"]), _told(part, f"python -m benchmarks {name}")]
    page.write_text("\n\n".join(block.rstrip("\n") for block in blocks) + "\n", encoding="utf-8")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def seconds_of(run: dict[str, Any], step: str) -> float | None:
    """Seconds of a step of a run, None where it was not measured."""
    found = [each["seconds"] for each in run["steps"] if each["work"] == step]
    return found[0] if found else None


def growth(smaller: dict[str, Any], larger: dict[str, Any]) -> dict[str, float]:
    """By how much time a message grew from one size to another, by step: 0.2 is a fifth more."""
    told = {}
    for step in (each["work"] for each in larger["steps"]):
        pair = [
            (seconds_of(run, step) or 0) / run["world"]["messages"] for run in (smaller, larger)
        ]
        if pair[0]:
            told[step] = pair[1] / pair[0] - 1
    return told


def verdicts(runs: list[dict[str, Any]]) -> list[tuple[str, str, bool]]:
    """What is wanted of the largest run, what was found, and whether it holds."""
    run = runs[-1]
    full, by_hand = seconds_of(run, FULL), seconds_of(run, BY_HAND)
    day, empty = seconds_of(run, DAY), seconds_of(run, EMPTY)
    memory = max(each["peak_mb"] for each in run["steps"] if each["work"] in (FULL, DAY, EMPTY))
    told = [
        (
            "a full build takes at most 1.5 × the hand-written SQL",
            f"{full / by_hand:.1f} × ({full:,.0f} s, {by_hand:,.0f} s)",
            full <= 1.5 * by_hand,
        ),
        ("in less than 8 GB", f"{memory / 1000:,.1f} GB", memory < 8000),
        (
            "one more day costs at most 5 % of the full build",
            f"{day / full:.0%} ({day:,.0f} s)",
            day <= 0.05 * full,
        ),
    ]
    if empty is not None:
        told.append(("a refresh with nothing new takes under 45 s", f"{empty:,.0f} s", empty < 45))
    if len(runs) > 1:
        grown = growth(runs[-2], run)[FULL]
        told.append(
            (
                f"time a message rises by at most 20 % from {runs[-2]['size']} to {run['size']}",
                f"{grown:+.0%} in the full build",
                grown <= MOST_GROWTH,
            )
        )
    return told


def _table_of_runs(runs: list[dict[str, Any]]) -> str:
    steps = [each["work"] for each in runs[-1]["steps"]]
    for run in runs[:-1]:
        steps += [each["work"] for each in run["steps"] if each["work"] not in steps]
    head = ["step", *(f"{run['size']}" for run in runs), "what it did at the largest size"]
    rows = [
        [
            "messages, web events",
            *(f"{r['world']['messages']:,}, {r['world']['web_events']:,}" for r in runs),
            "",
        ],
        ["simulate (once)", *(f"{r['world']['seconds']:,.0f} s" for r in runs), ""],
    ]
    for step in steps:
        if step == "simulate":
            continue
        cells = []
        for run in runs:
            found = [each for each in run["steps"] if each["work"] == step]
            cells.append(
                f"{found[0]['seconds']:,.1f} s, {found[0]['peak_mb']:,.0f} MB" if found else ""
            )
        said = [each["outcome"] for each in runs[-1]["steps"] if each["work"] == step]
        rows.append([step, *cells, *(said or [""])])
    for place in runs[-1]["disk_mb"]:
        rows.append(
            [f"disk: {place}", *(f"{r['disk_mb'].get(place, 0):,.0f} MB" for r in runs), ""]
        )
    rows.append(["measured", *(f"{r['measured_on']}, {r['machine']}" for r in runs), ""])
    rows.append(["command", *(f"`{r['command']}`" for r in runs), ""])
    picture = f"![Seconds of each step by size](images/{CHART.name})"
    return f"## The whole job\n\n{picture}\n\n{table(head, rows)}"


def _goals(runs: list[dict[str, Any]]) -> str:
    rows = [[wanted, found, "yes" if holds else "no"] for wanted, found, holds in verdicts(runs)]
    name = runs[-1]["size"]
    return f"At {name}:\n\n" + table(["wanted", "found", "reached"], rows)


def _limits(runs: list[dict[str, Any]]) -> str:
    rows = [
        [
            run["size"],
            fact,
            f"{told['rows']:,}",
            f"{told['rows_theirs']:,}",
            str(told["columns"]),
            ", ".join(f"{name}: {count:,}" for name, count in told["wrong"].items()) or "none",
        ]
        for run in runs
        for fact, told in run["differing"].items()
    ]
    head = [
        "size",
        "fact",
        "rows by hand",
        "rows of the same in the warehouse",
        "columns",
        "differ",
    ]
    return table(head, rows)


def _profile(run: dict[str, Any]) -> str:
    models = run["profile"]
    total = sum(each["seconds"] for each in models)
    facts = sum(each["seconds"] for each in models if each["schema"] in FACT_SCHEMAS)
    return (
        f"## Where a full build spends its time\n\nAt {run['size']}, three models at a time: "
        f"{total:,.0f} s of models, {facts / total:.0%} of them up to the facts and dimensions, "
        f"{1 - facts / total:.0%} in KPI marts.\n\n{_slowest(models, SLOWEST)}"
    )


def _profile_of_the_day(run: dict[str, Any]) -> str:
    models = run["profile_of_the_day"]
    total = sum(each["seconds"] for each in models)
    return (
        f"## Where one more day spends its time\n\nAt {run['size']}, {run['rows_of_the_day']:,} "
        f"rows came: {total:,.0f} s of models, three at a time.\n\n"
        f"{_slowest(models, SLOWEST_OF_A_DAY)}"
    )


def _slowest(models: list[dict[str, Any]], count: int) -> str:
    total = sum(each["seconds"] for each in models)
    rows, so_far = [], 0.0
    for each in sorted(models, key=lambda each: -each["seconds"])[:count]:
        so_far += each["seconds"]
        rows.append(
            [
                each["name"],
                each["schema"],
                f"{each['seconds']:,.1f}",
                f"{each['seconds'] / total:.1%}",
                f"{so_far / total:.1%}",
                f"{each['rows']:,}",
            ]
        )
    return table(["model", "schema", "seconds", "share", "so far", "rows"], rows)


def _rows(rows: list[dict[str, Any]]) -> str:
    return table(
        ["work", "outcome", "seconds", "peak memory"],
        [
            [
                row["work"],
                row["outcome"],
                f"{row['seconds']:,.1f}",
                f"{row['peak_mb']:,.0f} MB" if row["peak_mb"] else "",
            ]
            for row in rows
        ],
    )


def _told(part: dict[str, Any], command: str) -> str:
    return f"`{command}`, {part['measured_on']}, {part['machine']}."


def drawn(runs: list[dict[str, Any]]) -> str:
    """The steps' seconds a million messages, by size: what grows faster than its data rises."""
    import altair as alt
    import vl_convert

    values = [
        {
            "size": run["size"],
            "step": each["work"],
            "seconds": each["seconds"] / run["world"]["messages"] * 1e6,
        }
        for run in runs
        for each in run["steps"]
        if each["work"] != "simulate"
    ]
    order = [each["work"] for each in runs[-1]["steps"]]
    chart = (
        alt.Chart(alt.Data(values=values))
        .mark_bar()
        .encode(
            y=alt.Y("step:N", sort=order, title=None, axis=alt.Axis(labelLimit=320)),
            yOffset=alt.YOffset("size:N", sort=[run["size"] for run in runs]),
            x=alt.X("seconds:Q", title="seconds a million messages"),
            color=alt.Color("size:N", sort=[run["size"] for run in runs], title="size"),
        )
        .properties(width=460, height=alt.Step(12))
        # A reader's letters may be wider than those the picture is laid out with.
        .configure(background="white", padding={"left": 40, "right": 10, "top": 5, "bottom": 5})
    )
    return vl_convert.vegalite_to_svg(chart.to_json())
