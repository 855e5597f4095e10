"""The invented world itself: what is published, said, bought and spent before anybody exports it.

Files are looked at in `test_simulation.py`; what the world means is tested beside the definitions.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest

from simulator import audience, care, listening, maturity, money, posts, web
from simulator.build import DEFAULT_AS_OF, DEFAULT_ZONE, SIZES
from simulator.company import CRISIS_HOURS, SEEDS, SPROUT, Company, found, read_seed
from simulator.texts import CERTIFICATE_CONTENTS
from simulator.truth.money import Rates, sales_of
from simulator.zones import DAY, HOUR, epoch


@dataclass(frozen=True)
class Year:
    """Everything that is invented, in the order in which it is."""

    company: Company
    care: care.Care
    posts: posts.Posts
    audience: audience.Audience
    web: web.Web
    mentions: list[listening.Mention]
    money: money.Money


@pytest.fixture(scope="module")
def year() -> Year:
    company = found(7, 4_000, DEFAULT_AS_OF, DEFAULT_ZONE)
    played = care.play_year(company)
    on_x = posts.publish(company)
    browsed = web.browse(company, on_x)
    return Year(
        company,
        played,
        on_x,
        audience.publish(company, on_x, played),
        browsed,
        listening.listen(company, played, on_x),
        money.earn(company, played, browsed),
    )


def test_posts_grow_and_some_shrink_again(year):
    published = year.audience.posts
    rows = np.arange(len(published))
    ages = [DAY, 10 * DAY, 44 * DAY, 60 * DAY]
    column = audience.COLUMN["impressions"]
    values = np.array(
        [
            [published.metrics_at(rows[i : i + 1], int(t) + age)[0, column] for age in ages]
            for i, t in enumerate(published.posted_at)
        ]
    )
    steps = np.diff(values, axis=1)
    assert (steps[:, :2] >= 0).all()
    shrunk = steps[:, 2] < 0
    assert 0 < shrunk.sum() < len(rows) / 3
    assert not (shrunk & ~published.purged).any()


def test_reactions_of_all_kinds_are_the_reactions(year):
    published = year.audience.posts
    rows = np.flatnonzero([published.accounts[i].network == "facebook" for i in published.account])
    values = published.metrics_at(rows, year.company.cut)
    kinds = [audience.COLUMN[name] for name in audience.REACTIONS]
    assert (values[:, kinds].sum(axis=1) == values[:, audience.COLUMN["reactions"]]).all()
    assert (values[:, kinds[:-1]].sum(axis=0) > 0).all()


def test_a_deleted_post_is_in_no_later_export(year):
    published = year.audience.posts
    shown: dict[int, list[int]] = {}
    for export in audience.post_exports(year.company, published.accounts):
        for row in audience.rows_of(published, export).tolist():
            shown.setdefault(row, []).append(export.until)
    deleted = np.flatnonzero(published.deleted_at < year.company.cut).tolist()
    assert deleted
    assert all(max(shown[row]) < published.deleted_at[row] for row in deleted if row in shown)


def test_a_network_nobody_has_named_comes_through_the_tool_alone(year):
    listed = {row["network"] for row in read_seed(SEEDS, "networks")}
    aliases = {row["alias"] for row in read_seed(SEEDS, "network_aliases")}
    unknown = [a for a in year.audience.accounts if a.network not in listed | aliases]
    assert {(a.source, a.network) for a in unknown} == {(SPROUT, "chirrup")}
    assert "chirrup" in {mention.network for mention in year.mentions}


def test_days_near_an_export_are_not_settled_and_followers_are(year):
    days = year.audience.days
    at = days.first_day + 100
    soon, later = (at + 1) * DAY, (at + 10) * DAY
    assert days.value(0, "impressions", at, soon) < days.value(0, "impressions", at, later)
    assert days.value(0, "followers", at, soon) == days.value(0, "followers", at, later)


def test_once_followers_change_by_more_than_came_and_went(year):
    days = year.audience.days
    change = np.diff(days.final["followers"], axis=1)
    told = (days.final["followers_gained"] - days.final["followers_lost"])[:, 1:]
    assert (np.sum(change != told, axis=1) == 1).all()


def test_reach_cannot_be_added_up(year):
    reach = year.audience.days.reach
    week = reach[7, "total"][:, 27]
    assert (week < reach[1, "total"][:, 21:28].sum(axis=1)).all()
    assert (week > reach[1, "total"][:, 21:28].max(axis=1)).all()
    parts = reach[28, "organic"] + reach[28, "paid"]
    assert (parts > reach[28, "total"]).any()


def test_a_post_in_the_inbox_has_the_id_the_network_gives_it(year):
    published, played = year.audience.posts, year.care
    rows = np.flatnonzero(published.care_message >= 0)
    messages = published.care_message[rows]
    assert len(rows) > 20
    assert played.messages["out"][messages].all()
    assert (played.messages["t"][messages] == published.posted_at[rows]).all()
    wrong = played.messages["tags"] & year.company.tag_bit("content error") != 0
    commented = set(played.messages["thread"][wrong].tolist())
    assert commented
    assert commented <= set(played.messages["thread"][messages].tolist())


def test_in_a_crisis_everybody_writes_at_once(year):
    m = year.care.messages
    inbound = ~m["out"]
    for hour in CRISIS_HOURS:
        now = inbound & (m["t"] // HOUR == epoch(hour) // HOUR)
        told = now & m["has_sentiment"]
        before = inbound & (m["t"] // HOUR == epoch(hour) // HOUR - 7 * 24)
        assert now.sum() >= 20 > 4 * before.sum()
        assert (m["sentiment"][told] < 0).mean() > 0.4


def test_mentions_hold_the_hard_cases(year):
    mentions = year.mentions
    windows = {tag: (first, last) for tag, first, last in listening.campaign_windows(year.company)}

    def day(mention: listening.Mention) -> int:
        return int(year.company.zone.day(np.array([mention.sent_at]))[0])

    hard = {
        "a misspelling": lambda m: "Lumen Wroks" in m.text,
        "a right-to-left name": lambda m: "المنارة" in m.text,
        "an emoji hashtag": lambda m: "#🌟plan" in m.hashtags,
        "a word of no certain meaning": lambda m: m.keywords and not m.brands,
        "three brands": lambda m: len(m.brands) == 3,
        "heard by two tools": lambda m: m.in_listening and m.in_sprout,
        "heard by one tool": lambda m: m.in_listening and not m.in_sprout,
        "in the inbox too": lambda m: m.care_message >= 0,
        "our own": lambda m: m.is_ours,
        "a repost": lambda m: m.is_repost,
        "nobody classified": lambda m: not m.sentiment,
        "never counted": lambda m: m.impressions < 0,
        "too late for its campaign": lambda m: any(
            tag in windows and day(m) > windows[tag][1] for tag in m.hashtags
        ),
        "too early for its campaign": lambda m: any(
            tag in windows and day(m) < windows[tag][0] for tag in m.hashtags
        ),
    }
    missing = [name for name, is_it in hard.items() if not any(map(is_it, mentions))]
    assert not missing
    assert len({m.native_id for m in mentions}) == len(mentions)


def test_every_word_of_a_mention_is_one_of_the_seed(year):
    keywords = {row["keyword"] for row in read_seed(SEEDS, "keywords")}
    tags = {tag for row in read_seed(SEEDS, "campaigns") for tag in row["hashtags"].split()}
    brands = {row["brand"] for row in read_seed(SEEDS, "brands")}
    for mention in year.mentions:
        assert set(mention.keywords) <= keywords
        assert set(mention.hashtags) <= keywords | tags
        assert set(mention.brands) <= brands


def test_customers_are_on_networks_and_some_on_two(year):
    identities = [len(customer.identities) for customer in year.money.customers]
    assert {0, 1, 2} == set(identities)
    people = Counter(
        (i.network, i.contact) for customer in year.money.customers for i in customer.identities
    )
    assert max(people.values()) == 1
    assert any(customer.left >= 0 for customer in year.money.customers)
    assert any(customer.follows_us for customer in year.money.customers)


def test_orders_are_refunded_in_two_currencies_and_in_one_without_a_rate(year):
    orders = year.money.orders
    assert {o.status for o in orders} == {
        "paid",
        "refunded",
        "partially_refunded",
        "cancelled",
        "open",
    }
    assert {"USD", "EUR", "CHF"} == {o.currency for o in orders}
    assert all((o.refunded > 0) is (o.refunded_at >= 0) for o in orders)
    assert any(o.purchase >= 0 and o.refunded > 0 for o in orders)


def test_a_sale_is_worth_what_was_kept_at_the_rate_of_its_day(year):
    rates = Rates(year.company)
    assert rates.on("CHF", 20_000) is None
    assert rates.on("EUR", 20_089) == 1.13
    assert rates.on("EUR", 20_088) == 1.08
    by_number = {o.number: o for o in year.money.orders}
    sales = sales_of(year.company, year.money)
    assert any(sale.value == 0 for sale in sales)
    assert any(sale.value is None for sale in sales)
    sold = [o for o in by_number.values() if o.status not in ("cancelled", "open")]
    won = [lead for lead in year.money.leads if lead.state == "won"]
    assert len(sales) == len(sold) + len(won)


def test_every_assessment_answers_every_item_and_we_get_better(year):
    items = {row["item_id"] for row in read_seed(SEEDS, "maturity_items")}
    answers = maturity.assess(year.company)
    days = sorted({answer.assessed_on for answer in answers})
    assert len(days) == len(maturity.ASSESSED_ON)
    scores = []
    for day in days:
        mine = [answer for answer in answers if answer.assessed_on == day]
        assert {answer.item for answer in mine} == items
        assert all(0 <= answer.score <= 4 for answer in mine)
        scores.append(sum(answer.score for answer in mine))
    assert scores[-1] > scores[0]


def test_answers_to_a_certificate_lead_on_and_people_follow(year):
    m, texts = year.care.messages, year.care.texts.texts
    led = [i for i in np.flatnonzero(m["out"]).tolist() if "cert_next" in texts[m["text"][i]]]
    assert led
    number = web.BY_NAME["certificate reply"]
    assert web.ARRIVALS[number].contents == CERTIFICATE_CONTENTS
    assert (year.web.sessions.arrival[~year.web.sessions.second_site] == number).any()


def test_campaigns_cost_money_on_four_platforms_in_two_currencies(year):
    spend = year.money.spend
    assert {day.platform for day in spend} == {"google", "meta", "linkedin", "tiktok"}
    assert {day.currency for day in spend} == {"USD", "EUR"}
    assert len({(d.platform, d.campaign, d.day) for d in spend}) == len(spend)


def test_the_company_is_as_large_as_it_is_asked_to_be():
    small = found(7, SIZES["tiny"], DEFAULT_AS_OF, DEFAULT_ZONE)
    large = found(7, SIZES["small"], DEFAULT_AS_OF, DEFAULT_ZONE)
    sizes = [
        len(audience.publish(c, posts.publish(c), care.play_year(c)).posts) for c in (small, large)
    ]
    assert sizes[0] * 5 < sizes[1]
