"""Exports of posts, profile days and mentions of the tools beside X posts: shapes, quirks, numbers.

Whether KPIs that follow from them are right is tested with the truth.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from simulator import audience as world
from simulator.build import DEFAULT_AS_OF, DEFAULT_ZONE, SIZES, simulate
from simulator.care import play_year
from simulator.company import found
from simulator.posts import publish

SEED = 7


@pytest.fixture(scope="module")
def landing(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("audience")
    simulate(folder / "landing", None, seed=SEED, messages=SIZES["tiny"])
    return folder / "landing"


@pytest.fixture(scope="module")
def told() -> tuple[world.Audience, list[world.AudienceExport], list[world.AudienceExport]]:
    """The world behind the files, and its exports of posts and of days."""
    company = found(SEED, SIZES["tiny"], DEFAULT_AS_OF, DEFAULT_ZONE, None)
    audience = world.publish(company, publish(company), play_year(company))
    accounts = audience.accounts
    return audience, world.post_exports(company, accounts), world.day_exports(company, accounts)


def pages(path: Path) -> list[dict]:
    """Documents of a file of pages, one a line."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def rows_of_pages(path: Path) -> list[dict]:
    return [row for page in pages(path) for row in page["data"]]


def test_tables_of_videos_are_zips_with_a_total_first_or_last(landing, told) -> None:
    audience, post_exports, _ = told
    files = sorted((landing / "youtube/videos/lumenworks").iterdir())
    account = next(i for i, a in enumerate(audience.accounts) if a.source == "youtube")
    expected = [
        len(rows)
        for export in post_exports
        if export.account == account and len(rows := world.rows_of(audience.posts, export))
    ]
    places, headers, counts = set(), set(), []
    for path in files:
        with zipfile.ZipFile(path) as archive:
            assert "Chart data.csv" in archive.namelist()
            text = archive.read("Table data.csv").decode()
        table = list(csv.DictReader(io.StringIO(text, newline="")))
        headers |= set(table[0])
        (place,) = [i for i, row in enumerate(table) if row["Content"] == "Total"]
        places.add("first" if place == 0 else "last" if place == len(table) - 1 else "between")
        total = table.pop(place)
        counts.append(len(table))
        for header in ("Views", "Likes", "Comments added", "Subscribers"):
            assert int(total[header]) == sum(int(row[header]) for row in table)
    assert places == {"first", "last"}
    assert {"Impressions", "Thumbnail impressions"} <= headers
    assert sorted(counts) == sorted(expected)


def test_overviews_of_x_list_their_days_backwards_in_the_folder_of_the_account(landing) -> None:
    assert {p.name for p in (landing / "x/account").iterdir()} == {"lumenworks", "lumenboards"}
    days = []
    for path in sorted((landing / "x/account/lumenworks").iterdir()):
        with path.open(encoding="utf-8", newline="") as file:
            table = list(csv.DictReader(file))
        on = [datetime.strptime(row["Date"], "%a, %b %d, %Y").date() for row in table]  # noqa: DTZ007
        assert on == sorted(on, reverse=True)
        assert len(set(on)) == (on[0] - on[-1]).days + 1
        days.append((on[-1], on[0]))
    # Each file begins three days before the one before it ends.
    gaps = {second[0] - first[1] for first, second in pairwise(days)}
    assert gaps == {timedelta(days=-2)}


def test_posts_of_sprout_are_the_worlds_and_add_up_by_the_tools_formula(landing, told) -> None:
    audience, post_exports, _ = told
    by_file: dict[str, dict[str, dict]] = {}
    for path in (landing / "sprout_social/posts").iterdir():
        assert all(len(page["data"]) <= 50 for page in pages(path))
        rows = rows_of_pages(path)
        by_file[path.name] = {row["guid"].partition(":")[2]: row for row in rows}
    seen = 0
    for export in post_exports:
        account = audience.accounts[export.account]
        if not account.sprout_id:
            continue
        rows = world.rows_of(audience.posts, export)
        values = audience.posts.metrics_at(rows, export.until)
        name = f"posts_{datetime.fromtimestamp(export.until, UTC).date()}.json"
        for row, value in zip(rows.tolist(), values, strict=True):
            metrics = by_file[name][audience.posts.post_id[row]]["metrics"]
            assert metrics["lifetime.likes"] == value[world.COLUMN["reactions_like"]]
            parts = ("reactions", "comments_count", "shares_count", "saves", "post_link_clicks")
            total = sum(metrics.get(f"lifetime.{part}", 0) for part in parts)
            total += metrics["lifetime.engagements_other"]
            assert total == value[world.COLUMN["engagements_native"]]
            seen += 1
    assert seen > 100
    broken = [
        row["guid"]
        for rows in by_file.values()
        for row in rows.values()
        if row["metrics"]["lifetime.likes"] < 0
    ]
    assert broken and len(broken) == sum(len(rows) for rows in by_file.values()) - seen


def test_days_of_sprout_have_every_profile_under_the_networks_own_names(landing, told) -> None:
    audience, _, day_exports = told
    networks = {a.sprout_id: a.network for a in audience.accounts if a.sprout_id}
    found_rows = [
        (row, path.stem)
        for path in (landing / "sprout_social/profiles").iterdir()
        for row in rows_of_pages(path)
    ]
    expected = sum(
        len(world.days_of(export))
        for export in day_exports
        if audience.accounts[export.account].sprout_id
    )
    assert len(found_rows) == expected
    for row, _ in found_rows:
        network = networks[str(row["dimensions"]["customer_profile_id"])]
        assert ("likes_total" in row["metrics"]) is (network == "tiktok")
        assert row["metrics"]["lifetime_snapshot.followers_count"] > 0
    metadata = [
        json.loads(line)
        for path in (landing / "sprout_social/metadata").iterdir()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    named = {str(r["customer_profile_id"]): r for r in metadata if "native_name" in r}
    assert named.keys() == networks.keys()


def test_listening_of_sprout_saves_a_folder_a_topic_and_both_spellings_of_sentiment(
    landing,
) -> None:
    topics = {path.name for path in (landing / "sprout_social/listening_messages").iterdir()}
    assert topics == {"brand health", "competitors"}
    rows = [
        row
        for path in (landing / "sprout_social/listening_messages").rglob("listening_*")
        for row in rows_of_pages(path)
    ]
    assert len({row["guid"] for row in rows}) == len(rows) > 50
    spellings = {row["sentiment"] for row in rows if "sentiment" in row}
    assert {"positive", "POSITIVE"} <= spellings
    assert all("topic" not in row for row in rows)
    assert any("impressions" not in row["metrics"] for row in rows)
