"""Exports of RingCentral Engage that are wider, or spelled otherwise, than their shortest form.

Formats that all its exports share are tested in `test_formats.py`.
"""

from __future__ import annotations

import json
from datetime import date


def test_presence_has_a_column_for_every_channel_and_none_is_a_surprise(zone) -> None:
    done = zone.load(
        "ringcentral_engage/presence_time/presence_time_2026-04-01.csv",
        "date,user_id,user_name,activity,presence,twitter_available,live_chat_away_total,away_5f01\n"
        '2026-03-30,a1,Ana,"6,67",10.47,0,0.63,1.10\n',
    )
    assert (done.status, done.warnings) == ("loaded", ())
    (row,) = zone.rows("ringcentral_engage/presence_time")
    assert (row["date"], row["activity"], row["presence"]) == (date(2026, 3, 30), "6,67", "10.47")
    assert json.loads(row["_extra"]) == {
        "twitter_available": "0",
        "live_chat_away_total": "0.63",
        "away_5f01": "1.10",
    }


def test_agents_as_the_tool_lists_them(zone) -> None:
    done = zone.load(
        "ringcentral_engage/agents/agents_2026-04-01.csv",
        'id,firstname,lastname,role,teams,enabled\na1,Ana,Ruiz,Agent,"Care Europe, Experts",1\n',
    )
    assert done.warnings == ()
    (row,) = zone.rows("ringcentral_engage/agents")
    assert (row["firstname"], row["lastname"]) == ("Ana", "Ruiz")
    assert (row["team"], row["enabled"]) == ("Care Europe, Experts", True)


def test_an_automatic_close_may_name_its_reason(zone) -> None:
    zone.load(
        "ringcentral_engage/interventions/interventions_2026-04-01.csv",
        "id,content_thread_id,created_at,closed_automatically\n"
        "i1,t1,2026-03-30T09:00:00Z,chat_disconnected\ni2,t1,2026-03-30T09:00:00Z,0\n",
    )
    first, second = zone.rows("ringcentral_engage/interventions")
    assert (first["closed_automatically"], second["closed_automatically"]) == (
        "chat_disconnected",
        "0",
    )
