"""Speed: how long customers wait for a first human reply, over time and by slice.

Reply times and the target they are held against belong here; how many were answered at all is the
workload section's subject.
"""

from __future__ import annotations

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import Block, Callout, Chart, Heading, Missing, Section, Sentence
from orchestration.reviews.desk import Desk, enumerated, sentence
from orchestration.reviews.sections import waits

MEAN, MEDIAN, P90, IN_TARGET, TURNS = "K04", "K05", "K05_p90", "K07", "K03"
LINES = ((MEAN, "Mean"), (MEDIAN, "Median"), (P90, "90th pct."))
BREAKDOWN = (
    (TURNS, "Need a response"),
    (MEAN, "Mean"),
    (MEDIAN, "Median"),
    (P90, "90th percentile"),
    (IN_TARGET, "Within 4\u00a0h"),
    ("K13", "Response rate"),
)
#: In business hours, within the hour, and over all replies instead of first ones.
OTHERWISE = ("K06", "K08", "K12", "K12_median")
#: Topics drawn; the table holds all of them.
MOST_TOPICS = 12


def build(desk: Desk) -> Section:
    """The speed section."""
    desk.section = "speed"
    mean = desk.reading(MEAN)
    if mean.value is None and not desk.trend_of([MEAN]):
        return Section(
            "speed",
            "Speed of the first reply",
            (),
            (Missing("First reply times", desk.why_missing(MEAN)),),
        )
    drawn = (waits.distribution(desk), waits.by_network(desk))
    blocks: list[Block] = [_trend(desk), *filter(None, drawn), *_topics(desk)]
    blocks += [
        Heading("The same wait, measured otherwise", "speed-otherwise"),
        desk.comparison("The same wait, measured otherwise", OTHERWISE),
    ]
    for slice_kind, title in (
        ("network", "By network"),
        ("product", "By product"),
        ("team", "By team"),
    ):
        blocks.append(Heading(title, f"speed-{slice_kind}"))
        blocks.append(_table(desk, slice_kind, title[3:].capitalize()))
    return Section("speed", "Speed of the first reply", _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    reading = desk.reading(MEAN)
    if reading.value is None:
        return sentence(
            f"No first reply time for this {desk.period.kind}: {desk.why_missing(MEAN)}."
        )
    parts = sentence(
        "On average a customer waited ",
        desk.figure(MEAN),
        " for a first reply from a person; half had it within ",
        desk.figure(MEDIAN),
        ", nine in ten within ",
        desk.figure(P90),
        ".",
    )
    share = desk.reading(IN_TARGET)
    if share.value is not None:
        parts += sentence(" ", desk.figure(IN_TARGET), " were answered within four hours.")
    baseline = desk.benchmark(MEAN, "baseline")
    before = baseline[0].reading.value if baseline else None
    if before:
        change = wording.number(reading.value / before - 1, "share")
        sign = "" if reading.value < before else "+"
        parts += sentence(
            " The baseline, before the measure was tracked, was ",
            baseline[0],
            f": a change of {sign}{change}.",
        )
    return parts


def _target(desk: Desk) -> tuple[float | None, str]:
    value = desk.reading(MEAN).target_value
    return value, "" if value is None else f"target {wording.duration(value)}"


def _trend(desk: Desk) -> Chart | Missing:
    ids = [kpi_id for kpi_id, _ in LINES]
    periods = desk.trend_of(ids)
    if not periods:
        return desk.no_trend("The trend of first reply times")
    target, words = _target(desk)
    series = [
        charts.Line(label, tuple(each.value for each in desk.series(kpi_id, periods)))
        for kpi_id, label in LINES
    ]

    def draw(name: str, width: int) -> str:
        return desk.lines(
            name,
            periods,
            series,
            "hours",
            width=width,
            height=320,
            target=target,
            target_words=words,
        )

    return desk.chart(
        "reply-time",
        f"First reply time by {desk.grain} received",
        f"Lines of mean, median and 90th percentile of the wait for a first human reply, in hours, "
        f"{periods[0].name} to {periods[-1].name}. {words.capitalize()} for the mean.",
        desk.trend_table(f"First reply time by {desk.grain} received, in hours", ids, periods),
        draw,
        note=desk.own_band,
    )


def _topics(desk: Desk) -> list[Block]:
    heading = Heading("By topic: where the wait is longest", "speed-topic")
    ids = [kpi_id for kpi_id, _ in BREAKDOWN]
    ranked = desk.ranked("topic", [MEAN], MEAN, keep_last=("untagged",))
    ranked = [
        each for each in ranked if desk.reading(MEAN, slice_=("topic", each)).value is not None
    ]
    table = desk.breakdown(
        "First reply time by topic",
        "topic",
        ids,
        [label for _, label in BREAKDOWN],
        head="Topic",
        sort_by=MEAN,
        bar=MEAN,
    )
    if table is None or not ranked:
        return [heading, Missing("Reply times by topic", "no conversation in the period has one")]
    drawn = ranked[:MOST_TOPICS]
    target, words = _target(desk)
    rows = [
        charts.Row(
            desk.name_of("topic", topic),
            tuple(
                desk.reading(kpi_id, slice_=("topic", topic)).value
                for kpi_id in (MEDIAN, MEAN, P90)
            ),
        )
        for topic in drawn
    ]

    def draw(name: str, width: int) -> str:
        return charts.dots(
            name,
            ("Median", "Mean", "90th percentile"),
            rows,
            "hours",
            width=width,
            target=target,
            target_words=words,
        )

    more = len(ranked) - len(drawn)
    chart = desk.chart(
        "reply-topics",
        "Median, mean and 90th percentile by topic",
        "For each topic three marks: median, mean and 90th percentile of the wait for a first "
        f"reply, in hours; longest mean first. {words.capitalize()}.",
        table,
        draw,
        note=f"The {len(drawn)} topics with the longest mean; {more} more are in the table."
        if more > 0
        else "",
    )
    worst = _worst(desk, ranked)
    return [heading, *([worst] if worst else []), chart]


def _worst(desk: Desk, ranked: list[str]) -> Callout | None:
    """The topics over the target; without any, the slowest topic and where it was a year ago."""
    judged = []
    for topic in ranked:
        reading = desk.reading(MEAN, slice_=("topic", topic))
        target = reading.target_value or desk.reading(MEAN).target_value
        if topic != "untagged" and target is not None and reading.value is not None:
            judged.append((topic, reading, target))
    if not judged:
        return None
    over = [each for each in judged if each[1].value > each[2]]
    if not over:
        topic, reading, target = judged[0]
        return Callout(
            "Every topic is within the target",
            sentence(
                f"The slowest is {desk.name_of('topic', topic)} at ",
                desk.show(reading, "prose"),
                f" against a target of {wording.duration(target)}",
                _year_ago(desk, topic),
                ".",
            ),
        )
    named = [
        sentence(
            f"{desk.name_of('topic', topic)} at ",
            desk.show(reading, "prose"),
            f" ({wording.plural(reading.n or 0, 'first reply', 'first replies')}, "
            f"{wording.duration((reading.value or 0) - target)} over the target",
            _year_ago(desk, topic),
            ")",
        )
        for topic, reading, target in over[:3]
    ]
    count = f"{wording.small(len(over)).capitalize()} topic{' is' if len(over) == 1 else 's are'}"
    return Callout(
        "Over the target",
        sentence(f"{count} over the target on average: ", enumerated(named), "."),
    )


def _year_ago(desk: Desk, topic: str) -> Sentence:
    before = desk.reading(MEAN, desk.year_ago, ("topic", topic))
    if before.value is None:
        return ()
    return sentence("; a year ago ", desk.show(before, "prose"))


def _table(desk: Desk, slice_kind: str, head: str) -> Block:
    table = desk.breakdown(
        f"First reply time by {slice_kind}",
        slice_kind,
        [kpi_id for kpi_id, _ in BREAKDOWN],
        [label for _, label in BREAKDOWN],
        head=head,
        sort_by=MEAN,
        bar=MEAN,
    )
    return table or Missing(f"Reply times by {slice_kind}", "no case in the period")
