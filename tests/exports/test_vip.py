"""VIP lists, kept by people or exported by an inbox tool."""

from __future__ import annotations

from datetime import date

HEADER = "list_name,source,network,contact_id,valid_from_on,valid_to_on,added_by\n"


def test_members_are_pseudonyms_and_dates_may_be_missing(zone) -> None:
    zone.load(
        "vip/members/vip_2026-04-01.csv",
        HEADER
        + "Press,sprout_social,TWITTER,155501,2026-01-01,2026-06-30,Ana\n"
        + "Customers,,x,155501,,,\n"
        + "Customers,,x,155502,2026-01-01,9999-12-31,\n",
    )
    press, customer, other = zone.rows("vip/members")
    assert (press["valid_from_on"], press["valid_to_on"]) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (customer["valid_from_on"], customer["valid_to_on"]) == (None, None)
    assert other["valid_to_on"] is None
    assert press["contact_id"] == customer["contact_id"] != other["contact_id"]
    assert "1555" not in str([press, customer, other])


def test_a_member_is_the_contact_that_inboxes_export(zone) -> None:
    """The pseudonym goes by the network's own id, so lists and messages of any tool meet."""
    zone.load("vip/members/vip.csv", "List,Network,Contact ID\nPress,whatsapp,155501\n")
    zone.load(
        "sparkcentral/messages/m.csv",
        "Message ID,Conversation ID,Medium,Channel,Direction,Sent at,Contact Profile ID\n"
        "m1,c1,WHATSAPP,wa,Inbound,2026-03-03 09:00:00,155501\n",
    )
    (member,) = zone.rows("vip/members")
    (message,) = zone.rows("sparkcentral/messages")
    assert member["contact_id"] == message["contact_profile_id"]


def test_rows_that_name_nobody_are_set_aside(zone) -> None:
    done = zone.load(
        "vip/members/vip_2026-04-01.csv",
        HEADER
        + "Press,,x,155501,,,\n"
        + ",,x,155501,,,\n"
        + "Press,,x,,,,\n"
        + "Press,,x,1.55501E+17,,,\n"
        + "Press,,x,155501,31.12.2026,,\n",
    )
    assert (done.rows_in_lake, done.rows_quarantined) == (1, 4)
    refused = zone.quarantine("vip/members")
    assert [row["column_name"] for row in refused] == [
        "list_name",
        "contact_id",
        "contact_id",
        "valid_from_on",
    ]
    # Who is set aside is no more named than who is kept.
    assert all("155501" not in row["raw_text"] for row in refused)
