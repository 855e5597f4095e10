"""Streams of the customer database: who is a customer, what they ordered, how leads ended.

What the files look like, and nothing else. Which contact of a network a customer is, and what an
order is worth, is the models' business.
"""

from types import MappingProxyType

from orchestration.exports.contract import (
    Column,
    Stream,
    boolean,
    date,
    decimal,
    identifier,
    instant,
    text,
)

CUSTOMERS = Stream(
    source="crm",
    name="customers",
    key=("customer_id", "network", "contact_id"),
    semicolon_means_decimal_comma=True,
    columns=(
        Column("customer_id", identifier, pseudonym=True, required=True),
        Column("became_customer_on", date("%Y/%m/%d"), aliases=("customer_since",)),
        # The first day on which they are no customer any more.
        Column("left_on", date("%Y/%m/%d"), aliases=("customer_until",)),
        Column("segment", text),
        Column("network", text),
        # The network's own id of the person, as inbox tools export it.
        Column("contact_id", identifier, pseudonym=True),
        Column("is_follower", boolean),
        Column("followed_since_on", date("%Y/%m/%d"), aliases=("followed_since",)),
        # What the website calls them once they sign in.
        Column("web_user_id", identifier, pseudonym=True),
    ),
)

ORDERS = Stream(
    source="crm",
    name="orders",
    key=("order_id",),
    semicolon_means_decimal_comma=True,
    columns=(
        Column("order_id", identifier, required=True),
        Column("customer_id", identifier, pseudonym=True),
        Column("web_user_id", identifier, pseudonym=True),
        Column("ordered_at", instant(), required=True),
        Column(
            "status",
            text,
            values=MappingProxyType(
                {
                    "paid": "paid",
                    "complete": "paid",
                    "completed": "paid",
                    "fulfilled": "paid",
                    "refunded": "refunded",
                    "partially_refunded": "partially_refunded",
                    "partially refunded": "partially_refunded",
                    "cancelled": "cancelled",
                    "canceled": "cancelled",
                    "voided": "cancelled",
                    "open": "open",
                    "pending": "open",
                }
            ),
        ),
        Column("amount", decimal, non_negative=True),
        Column("refunded_amount", decimal, non_negative=True),
        # A later refund or sale is no fault of the order; it is not known yet.
        Column("refunded_at", instant(), may_be_future=True),
        Column("currency", text),
        Column("channel", text),
    ),
)

OUTCOMES = Stream(
    source="crm",
    name="outcomes",
    key=("lead_id",),
    semicolon_means_decimal_comma=True,
    # How the sale was talked about; no model uses it.
    ignored=("margin", "call_result", "sales_stage", "source_system"),
    columns=(
        Column("backend_user_id", identifier, pseudonym=True),
        Column("lead_id", identifier, required=True),
        Column("quote_id", identifier),
        Column("order_id", identifier),
        Column("created_at", instant(), required=True),
        Column("sale_at", instant(), may_be_future=True),
        Column("status", text),
        Column("revenue", decimal, non_negative=True),
        Column("currency", text),
    ),
)

STREAMS = (CUSTOMERS, ORDERS, OUTCOMES)
