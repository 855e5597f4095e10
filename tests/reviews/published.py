"""A small published snapshot to make reviews from: plausible rows in the shape of serving.

Only data is made here, from a seeded generator and the product's own seeds of definitions and
targets. What a review must do with it is asserted in the tests beside this module.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.reviews.periods import (
    Period,
    add_months,
    months_up_to,
    period_of,
    quarter,
    shifted,
    up_to,
    week_of,
    year_before,
)

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
AS_OF = datetime.fromisoformat("2026-04-15T06:00:00")
QUARTER = quarter("2026-Q1")
#: Enough weeks for a trend; none of them has the same week a year before.
WEEKS = 14
NETWORKS = ("x", "facebook", "instagram", "linkedin", "whatsapp", "youtube")
PRODUCTS = ("jira", "confluence", "trello")
TOPICS = ("technical", "billing", "feature_request", "how_to", "outage", "praise", "untagged")
TEAMS = ("front_desk", "support_engineering", "community", "unassigned")
CHANNELS = (
    "Organic Search",
    "Direct",
    "Paid Search",
    "Organic Social",
    "Email",
    "Referral",
    "Paid Social",
    "AI Assistants",
    "Unattributed",
)
SLOW = {"technical": 4.4, "outage": 2.1, "support_engineering": 3.1, "linkedin": 1.5}

#: kpi: (value in the first month, growth a month, size of the denominator)
LEVELS: dict[str, tuple[float, float, float]] = {
    "K01": (3100, 0.022, 0),
    "K03": (1900, 0.024, 0),
    "K04": (5.1, -0.045, 900),
    "K05": (1.4, -0.04, 0),
    "K05_p90": (14.0, -0.03, 0),
    "K06": (2.9, -0.03, 900),
    "K07": (0.71, 0.011, 1100),
    "K08": (0.42, 0.012, 1100),
    "K12": (4.2, -0.03, 1500),
    "K12_median": (1.6, -0.03, 0),
    "K13": (0.842, 0.0045, 1800),
    "K13_72h": (0.86, 0.004, 1800),
    "K15": (34, -0.01, 0),
    "K15_max": (61, 0, 0),
    "K15_median": (4.5, 0, 0),
    "K16": (0.89, 0.002, 900),
    "K20": (1020, 0.02, 0),
    "K21": (260, -0.012, 0),
    "K24": (9.4, -0.01, 0),
    "K24_mean": (21.0, -0.01, 800),
    "K24_final": (11.2, -0.01, 0),
    "K24_final_mean": (26.0, -0.01, 780),
    "K26": (0.66, 0.004, 780),
    "K27": (0.51, 0.002, 780),
    "K28": (0.88, 0.002, 950),
    "K30": (0.34, -0.008, 950),
    "K30_cross_team": (0.14, -0.004, 950),
    "K43": (0.815, 0.002, 190),
    "K44": (0.19, 0.001, 1000),
    "K45": (31, 0.01, 0),
    "K48": (128, 0.035, 0),
    "K55": (0.404, 0.001, 844),
    "K62": (412000, 0.03, 0),
    "K63": (9800, 0.034, 0),
    "K63_native": (15200, 0.033, 0),
    "K64": (0.0238, 0.003, 412000),
    "K65": (0.0041, 0.004, 412000),
    "K68": (5200, 0.03, 0),
    "K68_share": (0.218, 0.012, 24000),
    "K69": (3900, 0.03, 0),
    "K71_last_touch": (41, 0.02, 0),
    "K71_last_non_direct": (57, 0.02, 0),
    "K71_first_touch": (83, 0.02, 0),
    "K71_linear": (69.5, 0.02, 0),
    "K71_last_touch_revenue": (3690, 0.02, 0),
    "K71_last_non_direct_revenue": (5130, 0.02, 0),
    "K71_first_touch_revenue": (7470, 0.02, 0),
    "K71_linear_revenue": (6255, 0.02, 0),
    "K78": (1, 0, 0),
}
ADDITIVE = {"K01", "K03", "K20", "K48", "K62", "K63", "K63_native", "K68"} | {
    kpi_id for kpi_id in LEVELS if kpi_id.startswith("K71")
}
CARE = ("K01", "K03", "K04", "K05", "K05_p90", "K06", "K07", "K08", "K12", "K12_median", "K13")
TEAM_ONLY = ("K20", "K24", "K24_mean", "K26", "K27", "K28", "K30", "K30_cross_team", "K43", "K44")

SCORECARD = """
create table marts.kpi_scorecard (
    period_kind varchar, period_start_on date, period_end_on date, kpi_id varchar,
    slice_kind varchar, slice_value varchar, value double, numerator double, denominator double,
    n bigint, previous_value double, year_ago_value double, is_previous_comparable boolean,
    is_year_ago_comparable boolean, target_value double, status varchar,
    null_reason varchar, is_provisional boolean, definition_version varchar, as_of_at timestamp
)
"""


@dataclass
class Published:
    """A serving folder in the making; `write` puts it under a data folder."""

    seed: int = 7
    extra_topics: tuple[str, ...] = ()
    extra_teams: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    nulls: dict[str, str] = field(default_factory=dict)
    quotes: list[dict[str, Any]] | None = None
    last: Period = QUARTER

    def write(self, data_dir: Path) -> Path:
        """Write `serving/` under the data folder and return the path of the serving file."""
        folder = data_dir / "serving"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "kpi_marts.duckdb"
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute("create schema marts")
            self._reference(connection)
            rows = self.scorecard()
            connection.execute(SCORECARD)
            # Row by row this takes half a minute; from a file it takes half a second.
            listed = folder / "scorecard.csv"
            with listed.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
            connection.execute(f"copy marts.kpi_scorecard from '{listed}' (header false)")
            listed.unlink()
            self._publication(connection, len(rows))
            for table in self.without:
                if table != "exemplars":
                    connection.execute(f"drop table marts.{table}")
            if "exemplars" not in self.without:
                self._quotes(connection, folder / "exemplars.parquet")
        return path

    # -- reference -------------------------------------------------------------------------------

    def _reference(self, connection: Any) -> None:
        for name in ("kpi_definitions", "kpi_targets"):
            connection.execute(
                f"create table marts.{name} as select * from read_csv(?, header = true)",
                [str(SEEDS / f"{name}.csv")],
            )
        connection.execute("create table marts.dim_network (network varchar, network_name varchar)")
        names = {"linkedin": "LinkedIn", "whatsapp": "WhatsApp", "youtube": "YouTube"}
        connection.executemany(
            "insert into marts.dim_network values (?, ?)",
            [(network, names.get(network, network.capitalize())) for network in NETWORKS],
        )

    def _publication(self, connection: Any, rows: int) -> None:
        connection.execute(
            "create table marts.publication as select ? as snapshot_id, ? as run_id, "
            "?::timestamp as as_of_at, ? as code_version, ? as reporting_zone, "
            "214 as checks_passed, ? as rows_per_table",
            [
                "5b0a1c9e77f24d31",
                "run-1",
                AS_OF,
                "3f9d2c1b7a60",
                "America/New_York",
                json.dumps({"kpi_scorecard": rows}),
            ],
        )
        connection.execute(
            "create table marts.extraction_files (source varchar, stream varchar, file varchar, "
            "exported_at timestamp, extracted_at timestamp, rows_read bigint, "
            "rows_in_lake bigint, rows_quarantined bigint, status varchar, message varchar)"
        )
        connection.executemany(
            "insert into marts.extraction_files values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            list(self._files()),
        )

    def _files(self) -> Iterable[tuple[Any, ...]]:
        random_ = random.Random(self.seed)
        streams = (
            ("ringcentral_engage", "messages", 15, 5200),
            ("ringcentral_engage", "interventions", 15, 1800),
            ("x", "posts", 15, 60),
            ("ga4", "events", 20, 9100),
            ("surveys", "responses", 5, 900),
            ("costs", "monthly", 2, 40),
        )
        for source, stream, files, rows in streams:
            for place in range(files):
                read = rows + random_.randrange(rows)
                refused = random_.choice((0, 0, 0, 1, 3))
                status = "partly_quarantined" if refused else "loaded"
                file = f"{source}/{stream}/{place:02d}.csv"
                message = f"{file}: {read - refused} of {read} rows loaded"
                if refused:
                    message += f"; {refused} in quarantine: {refused} × not a date in sent_at"
                yield (
                    source,
                    stream,
                    file,
                    AS_OF.replace(day=1 + place % 14),
                    AS_OF,
                    read,
                    read - refused,
                    refused,
                    status,
                    message,
                )

    def _quotes(self, connection: Any, path: Path) -> None:
        quotes = self.quotes if self.quotes is not None else _kind_words()
        connection.execute(
            "create table quotes (kpi_id varchar, quarter_start_on date, network varchar, "
            "product varchar, sent_at timestamp, message_text varchar, permalink varchar, "
            "author_reach bigint, reach_rank bigint)"
        )
        for place, quote in enumerate(quotes):
            row = {
                "kpi_id": "K48",
                "quarter_start_on": self.last.starts_on,
                "network": "x",
                "product": "trello",
                "sent_at": AS_OF.replace(month=2, day=3 + place),
                "permalink": f"https://x.example/status/{place}",
                "author_reach": 12000 - 900 * place,
                "reach_rank": place + 1,
                **quote,
            }
            connection.execute(
                "insert into quotes values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    row[name]
                    for name in (
                        "kpi_id",
                        "quarter_start_on",
                        "network",
                        "product",
                        "sent_at",
                        "message_text",
                        "permalink",
                        "author_reach",
                        "reach_rank",
                    )
                ],
            )
        connection.execute(f"copy quotes to '{path}' (format parquet)")
        connection.execute("drop table quotes")

    # -- scorecard -------------------------------------------------------------------------------

    def scorecard(self) -> list[tuple[Any, ...]]:
        """The rows of the scorecard in the order of its columns."""
        cells = self._cells()
        definitions = _seed("kpi_definitions")
        targets = [row for row in _seed("kpi_targets") if row["kind"] == "target"]
        by_id = {row["kpi_id"]: row for row in definitions}
        rows = []
        for (kpi_id, kind, start, slice_kind, slice_value), cell in sorted(cells.items()):
            period = period_of(kind, start)
            before = cells.get(
                (kpi_id, kind, shifted(period, -1).starts_on, slice_kind, slice_value)
            )
            year_ago = cells.get(
                (kpi_id, kind, year_before(period).starts_on, slice_kind, slice_value)
            )
            value, numerator, denominator, n = cell
            reason = None
            if kpi_id in self.nulls:
                value, reason = None, self.nulls[kpi_id]
            elif kpi_id == "K43" and denominator is not None and denominator < 10:
                value, reason = None, "too_few"
            elif value is None:
                reason = "no_cases"
            target = _target(targets, kpi_id, kind, slice_kind, slice_value, before, year_ago)
            rows.append(
                (
                    kind,
                    start,
                    period.ends_on,
                    kpi_id,
                    slice_kind,
                    slice_value,
                    value,
                    numerator,
                    denominator,
                    n,
                    before[0] if before else None,
                    year_ago[0] if year_ago else None,
                    True,
                    True,
                    target,
                    _status(value, target, by_id[kpi_id]["direction"]),
                    reason,
                    kpi_id in ("K26", "K44") and period.ends_on >= date(2026, 3, 31),
                    by_id[kpi_id]["version"],
                    AS_OF,
                )
            )
        return rows

    def _cells(self) -> dict[tuple[str, str, date, str, str], tuple[Any, ...]]:
        random_ = random.Random(self.seed)
        months, quarters = months_up_to(self.last, 15), up_to(self.last, 5)
        weeks = up_to(week_of(self.last.ends_on - timedelta(days=6)), WEEKS)
        weekly = random.Random(self.seed + 1)
        cells: dict[tuple[str, str, date, str, str], tuple[Any, ...]] = {}
        for kpi_id, (level, growth, size) in LEVELS.items():
            for slice_kind, slice_value, share in self._slices(kpi_id):
                noise = random_.uniform(0.85, 1.15) if slice_kind != "overall" else 1
                for place, month in enumerate(months):
                    wobble = random_.uniform(0.95, 1.05) * (1 + growth) ** place * noise
                    cells[(kpi_id, "month", month.starts_on, slice_kind, slice_value)] = _cell(
                        kpi_id, level, size, share, wobble, slice_value
                    )
                for place, each in enumerate(quarters):
                    wobble = random_.uniform(0.98, 1.02) * (1 + growth) ** (3 * place + 1) * noise
                    factor = 3 if kpi_id in ADDITIVE else 1
                    cells[(kpi_id, "quarter", each.starts_on, slice_kind, slice_value)] = _cell(
                        kpi_id, level * factor, 3 * size, share, wobble, slice_value
                    )
                for place, each in enumerate(weeks):
                    wobble = weekly.uniform(0.9, 1.1) * (1 + growth) ** (11 + place / 4) * noise
                    factor = 0.23 if kpi_id in ADDITIVE else 1
                    cells[(kpi_id, "week", each.starts_on, slice_kind, slice_value)] = _cell(
                        kpi_id, level * factor, 0.23 * size, share, wobble, slice_value
                    )
        for each in quarters[1:]:
            now = cells[("K48", "quarter", each.starts_on, "overall", "all")][0]
            before = cells[("K48", "quarter", add_months(each.starts_on, -3), "overall", "all")][0]
            cells[("K50", "quarter", each.starts_on, "overall", "all")] = (
                now / before - 1,
                now,
                before,
                int(now),
            )
        return cells

    def _slices(self, kpi_id: str) -> Iterable[tuple[str, str, float]]:
        yield "overall", "all", 1.0
        if kpi_id.startswith("K71"):
            yield from _shared("channel_group", CHANNELS)
            yield from _shared("network", NETWORKS[:4])
            return
        if kpi_id in ("K68", "K68_share", "K69"):
            yield from _shared("network", NETWORKS)
            return
        if kpi_id in ("K62", "K63", "K63_native", "K64", "K65"):
            yield from _shared("network", NETWORKS[:4])
            yield from _shared("product", PRODUCTS)
            return
        yield from _shared("network", NETWORKS)
        yield from _shared("product", PRODUCTS)
        yield from _shared("topic", (*TOPICS, *self.extra_topics))
        if kpi_id in (*CARE, *TEAM_ONLY):
            yield from _shared("team", (*TEAMS, *self.extra_teams))


def _shared(kind: str, values: tuple[str, ...]) -> Iterable[tuple[str, str, float]]:
    total = sum(1 / (place + 1.5) for place in range(len(values)))
    for place, value in enumerate(values):
        yield kind, value, 1 / (place + 1.5) / total


def _cell(
    kpi_id: str, level: float, size: float, share: float, wobble: float, slice_value: str
) -> tuple[Any, ...]:
    if kpi_id.startswith("K71"):
        value = round(level * wobble * (share if share < 1 else 1), 4)
        return value, value, None, int(value)
    if size == 0 and kpi_id not in ("K05", "K05_p90", "K12_median", "K24", "K24_final"):
        if kpi_id in ("K15_max", "K15_median"):
            return level * wobble, None, None, 30
        value = float(round(level * wobble * share))
        return value, value, None, int(value)
    slow = SLOW.get(slice_value, 1.0)
    if kpi_id in ("K04", "K05", "K05_p90", "K06", "K12", "K12_median", "K24", "K24_mean"):
        n = max(1, round((size or 900) * share))
        value = level * wobble * slow
        return value, value * n, float(n), n
    if size == 0:
        return level * wobble, None, None, max(1, round(900 * share))
    denominator = max(3, round(size * share))
    if kpi_id == "K30":
        numerator = round(denominator * level * wobble)
    else:
        rate = level * wobble / (slow if kpi_id in ("K07", "K08") else 1)
        numerator = min(denominator, round(denominator * rate))
    return numerator / denominator, float(numerator), float(denominator), denominator


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _target(
    targets: list[dict[str, str]],
    kpi_id: str,
    period_kind: str,
    slice_kind: str,
    slice_value: str,
    before: tuple[Any, ...] | None,
    year_ago: tuple[Any, ...] | None,
) -> float | None:
    for row in targets:
        if (
            row["kpi_id"] == kpi_id
            and row["slice_kind"] == slice_kind
            and row["slice_value"] in ("", slice_value)
            and row["period_kind"] in ("", period_kind)
        ):
            if row["target_rule"] == "absolute":
                return float(row["target_value"])
            if row["target_rule"] == "previous":
                return before[0] if before else None
            return year_ago[0] + float(row["target_value"]) if year_ago else None
    return None


def _status(value: float | None, target: float | None, direction: str) -> str:
    if value is None or target is None:
        return "grey"
    meets = value >= target if direction == "up" else value <= target
    if meets:
        return "green"
    return "amber" if abs(value - target) <= 0.1 * abs(target) else "red"


def _kind_words() -> list[dict[str, Any]]:
    trello = (
        "Honestly, Trello saved our whole conference. 40 volunteers, one board, not a single "
        "lost task 💙"
    )
    jira = "Shout-out to the Jira team: asked at midnight, had a real answer by 7."
    confluence = "Our support wiki moved to Confluence last month. People actually read it now."
    return [
        {"message_text": trello},
        {"message_text": jira, "product": "jira"},
        {"message_text": confluence, "product": "confluence", "network": "linkedin"},
        {"message_text": "Three years of Trello boards and still the first tab every morning."},
    ]
