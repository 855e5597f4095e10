"""Exports of the customer database: customers with their identities, orders, leads.

Customers are handed over whole every quarter; orders and leads every month, those that are new or
have changed, as they stood then. What customers bought is known to `money`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.company import Company
from simulator.dirt import Dirt
from simulator.money import Lead, Money, Order, contacts
from simulator.web import Web
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.writers.ids import network_contact_ids
from simulator.zones import DAY, iso_day

CUSTOMERS = (
    "customer_id",
    "became_customer_on",
    "left_on",
    "segment",
    "network",
    "contact_id",
    "is_follower",
    "followed_since_on",
    "web_user_id",
)
ORDERS = (
    "order_id",
    "customer_id",
    "web_user_id",
    "ordered_at",
    "status",
    "amount",
    "refunded_amount",
    "refunded_at",
    "currency",
    "channel",
)
OUTCOMES = (
    "backend_user_id",
    "lead_id",
    "quote_id",
    "order_id",
    "created_at",
    "sale_at",
    "status",
    "revenue",
    "margin",
    "call_result",
    "sales_stage",
    "source_system",
)


def stamp(t: int) -> str | None:
    """`2025-06-01T13:05:22Z`, empty if never."""
    return None if t < 0 else str(np.datetime64(t, "s")) + "Z"


def user_id(visitor: int) -> str | None:
    """What the second site calls a visitor who signed in."""
    return None if visitor < 0 else f"ui_{visitor:010x}"


def order_id(order: Order, web: Web) -> str:
    """The transaction of the site, or a number of the customer database."""
    if order.purchase < 0:
        return f"C{order.number:08d}"
    letter = "O" if web.purchases[order.purchase].second_site else "T"
    return f"{letter}{order.purchase:08d}"


class Directory:
    """Everybody of all time, a row an identity; a file shows who was known by then."""

    def __init__(self, money: Money) -> None:
        rows: list[tuple[str | None, ...]] = []
        days: list[tuple[int, int]] = []
        names = iter(network_contact_ids(np.array(contacts(money), dtype=np.int64)).to_pylist())
        for customer in money.customers:
            head = (
                f"K{customer.number:06d}",
                iso_day(customer.became),
                iso_day(customer.left) if customer.left >= 0 else None,
                customer.segment,
            )
            user = user_id(customer.visitor)
            for identity in customer.identities:
                since = iso_day(identity.followed_since) if identity.is_follower else None
                follows = "true" if identity.is_follower else "false"
                rows.append((*head, identity.network, next(names), follows, since, user))
            if not customer.identities:
                rows.append((*head, None, None, "false", None, user))
            days += [(customer.became, customer.left)] * max(1, len(customer.identities))
        self.rows = table_of(CUSTOMERS, rows)
        self.became, self.left = np.array(days, dtype=np.int64).reshape(-1, 2).T

    def at(self, export: int) -> pa.Table:
        """Who was known at an export, and who of them had left."""
        today = export // DAY
        has_left = pa.array(self.left < today)
        left_on = pc.if_else(has_left, self.rows["left_on"], None)
        place = CUSTOMERS.index("left_on")
        shown = self.rows.set_column(place, "left_on", left_on)
        return shown.filter(pa.array(self.became < today))


def order_row(order: Order, web: Web, export: int) -> tuple[str | None, ...]:
    """One order as it stood at an export."""
    returned = 0 <= order.refunded_at < export
    is_refund = order.refunded_at >= 0
    return (
        order_id(order, web),
        f"K{order.customer:06d}",
        user_id(order.visitor),
        stamp(order.at),
        "paid" if is_refund and not returned else order.status,
        f"{order.amount:.2f}",
        f"{order.refunded:.2f}" if returned else None,
        stamp(order.refunded_at) if returned else None,
        # The shop's own currency goes without saying, now and then.
        None if order.currency == "USD" and order.number % 4 == 0 else order.currency,
        order.channel,
    )


def lead_row(lead: Lead, export: int) -> tuple[str | None, ...]:
    """One lead as it stood at an export."""
    sold = lead.state == "won" and lead.sold_at < export
    state = lead.state if sold or lead.state != "won" else "open"
    return (
        user_id(lead.visitor) or f"be_{lead.number:010x}",
        f"lead_{lead.number:08d}",
        f"quote_{lead.number:08d}",
        f"order_{lead.number:08d}" if sold else None,
        stamp(lead.created_at),
        stamp(lead.sold_at) if sold else None,
        state,
        f"{lead.revenue:.2f}" if sold else "0",
        f"{lead.revenue * 0.4:.2f}" if sold else "0",
        "sold_online" if sold else "pending",
        "closed_won" if sold else "qualified",
        "CRM",
    )


def table_of(header: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> pa.Table:
    """Rows of text as a table."""
    return text_table({name: [row[i] for row in rows] for i, name in enumerate(header)}, len(rows))


def write(landing: Landing, company: Company, web: Web, money: Money, dirt: Dirt) -> None:
    """All streams of the customer database; some order files hold a negative amount."""
    directory = Directory(money)
    for export in company.quarter_exports:
        table = directory.at(export)
        name = f"customers_{day_name(export)}.csv"
        landing.put("crm/customers", name, csv_bytes(table), export)
    previous = 0
    for number, export in enumerate(company.month_exports):
        table = table_of(
            ORDERS,
            [
                order_row(order, web, export)
                for order in money.orders
                if previous <= order.at < export or previous <= order.refunded_at < export
            ],
        )
        name = f"orders_{day_name(export)}.csv"
        if number % 5 == 2:
            change = ("negative_amount", {"order_id": f"X{export}", "amount": "-12.00"})
            table = dirt.broken(table, "crm/orders", name, [change])
        landing.put("crm/orders", name, csv_bytes(table), export)
        table = table_of(
            OUTCOMES,
            [
                lead_row(lead, export)
                for lead in money.leads
                if previous <= lead.created_at < export or previous <= lead.sold_at < export
            ],
        )
        name = f"outcomes_{day_name(export)}.csv"
        landing.put("crm/outcomes", name, csv_bytes(table), export)
        previous = export
