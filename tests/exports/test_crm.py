"""Customers, orders and leads as a customer database exports them."""

from __future__ import annotations

from datetime import date

CUSTOMERS = (
    "customer_id,became_customer_on,left_on,segment,network,contact_id,is_follower,"
    "followed_since_on,web_user_id\n"
)
ORDERS = (
    "order_id,customer_id,web_user_id,ordered_at,status,amount,refunded_amount,refunded_at,"
    "currency,channel\n"
)
OUTCOMES = (
    "backend_user_id,lead_id,quote_id,order_id,created_at,sale_at,status,revenue,margin,"
    "call_result,sales_stage,source_system\n"
)


def test_nobody_is_named_and_everybody_is_recognised(zone) -> None:
    """One person has one pseudonym, in the list, in orders, in leads, on the web and in inboxes."""
    zone.load(
        "crm/customers/customers_2026-04-01.csv",
        CUSTOMERS + "K1,2025-01-01,,Pro,X,155501,true,2025-02-01,ui_7\n" + "K2,,,,,,,,\n",
    )
    zone.load("crm/orders/o.csv", ORDERS + "A1,K1,ui_7,2026-03-01T10:00:00Z,paid,9.5,,,EUR,web\n")
    zone.load(
        "crm/outcomes/l.csv",
        OUTCOMES + "ui_7,L1,Q1,A1,2026-03-01 10:00:00,2026-03-02 10:00:00,won,9.5,3,sold,won,CRM\n",
    )
    zone.load(
        "web_events/events/e.csv",
        "user_pseudo_id,user_id_ui,event_timestamp,event_name\n1.2,ui_7,2026-03-01 10:00:00,buy\n",
    )
    zone.load("vip/members/vip.csv", "List,Network,Contact ID\nPress,x,155501\n")
    customer, other = zone.rows("crm/customers")
    (order,) = zone.rows("crm/orders")
    (lead,) = zone.rows("crm/outcomes")
    (event,) = zone.rows("web_events/events")
    (member,) = zone.rows("vip/members")
    assert customer["customer_id"] == order["customer_id"] != other["customer_id"]
    assert customer["web_user_id"] == order["web_user_id"] == lead["backend_user_id"]
    assert customer["web_user_id"] == event["user_id_ui"]
    assert customer["contact_id"] == member["contact_id"]
    assert (customer["became_customer_on"], other["became_customer_on"]) == (date(2025, 1, 1), None)
    everything = str([customer, other, order, lead])
    assert not any(name in everything for name in ("K1", "155501", "ui_7"))


def test_words_of_an_orders_status_are_ours_and_others_stay(zone) -> None:
    words = ("Paid", "completed", "REFUNDED", "Partially refunded", "canceled", "pending", "lost")
    zone.load(
        "crm/orders/o.csv",
        ORDERS
        + "".join(f"A{i},,,2026-03-01,{word},1,,,,\n" for i, word in enumerate(words))
        + "A9,,,2026-03-01,,1,,,,\n",
    )
    assert [row["status"] for row in zone.rows("crm/orders")] == [
        "paid",
        "paid",
        "refunded",
        "partially_refunded",
        "cancelled",
        "open",
        "lost",
        None,
    ]


def test_order_that_is_a_credit_note_or_of_no_time_is_set_aside(zone) -> None:
    """What was given back stands with the order it was given back from."""
    done = zone.load(
        "crm/orders/o.csv",
        ORDERS
        + "A1,K1,,2026-03-01,refunded,10,10,2026-03-02,USD,web\n"
        + "A2,K1,,2026-03-01,paid,-10,,,USD,web\n"
        + "A3,K1,,2026-03-01,refunded,10,-10,,USD,web\n"
        + "A4,K1,,,paid,10,,,USD,web\n"
        + ",K1,,2026-03-01,paid,10,,,USD,web\n"
        + "A5,K1,,2026-03-01,refunded,10,10,2027-03-02,USD,web\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (2, 4)
    assert [row["column_name"] for row in zone.quarantine("crm/orders")] == [
        "amount",
        "refunded_amount",
        "ordered_at",
        "order_id",
    ]


def test_german_numbers_of_a_semicolon_file_are_read(zone) -> None:
    zone.load("crm/orders/o.csv", "order_id;ordered_at;amount\nA1;2026-03-01 10:00:00;1.234,50\n")
    (order,) = zone.rows("crm/orders")
    assert order["amount"] == 1234.5
    assert order["ordered_at"].isoformat() == "2026-03-01T10:00:00"
