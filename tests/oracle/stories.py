"""One thing told by hand: messages and events of a few people, as feeds would hold them.

For rules that have an example of their own; worlds made up by the hundred are in `worlds`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

SOURCE = "ringcentral_engage"
WEEKDAYS = (1, 2, 3, 4, 5)


class Story:
    """Collects what happened; `tables` is what the bench builds from.

    Times are UTC, as ISO text.
    """

    def __init__(self, network: str = "x", calendar: str = "nine to five") -> None:
        self.network = network
        self.tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.tables["business_calendars"].append(
            {"calendar_id": "nine to five", "zone": "America/New_York", "description": "made up"}
        )
        for weekday in WEEKDAYS:
            self.tables["business_hours"].append(
                {
                    "calendar_id": "nine to five",
                    "valid_from_on": date(1970, 1, 1),
                    "valid_to_on": None,
                    "iso_weekday": weekday,
                    "opens": "09:00",
                    "closes": "17:00",
                }
            )
        self.tables["profiles"].append(
            {
                "source": SOURCE,
                "profile_id": "profile",
                "network": network,
                "profile_name": "a profile",
                "calendar_id": calendar,
                "support_status": "active",
                "listens": False,
            }
        )

    def message(self, at: str, **said: Any) -> str:
        """A message of a customer, unless told otherwise; returns its id."""
        source = said.get("source", SOURCE)
        rows = self.tables[f"int_{source}_messages"]
        name = said.get("natural_message_id", f"m{len(rows) + 1}")
        outbound = said.get("direction") == "out"
        rows.append(
            {
                "source": source,
                "natural_message_id": name,
                "thread_id": "thread",
                "profile_id": "profile",
                "sent_at": datetime.fromisoformat(at),
                "contact_id": None if outbound else "contact",
                "network_word": self.network,
                "message_type_word": "twitter/tweet",
                "direction": "in",
                "is_bot": False,
                "is_own": outbound,
                "is_private": False,
                "is_hidden": False,
                "is_removed": False,
                "message_text": "does it work?",
                "source_file": "made up",
                "source_row": len(rows),
            }
            | said
        )
        return name

    def reply(self, at: str, agent: str | None = "agent", **said: Any) -> str:
        """A message of ours, by a person unless told otherwise."""
        return self.message(at, **({"direction": "out", "agent_id": agent} | said))

    def bot(self, at: str, **said: Any) -> str:
        """An automatic message of ours."""
        return self.reply(at, None, is_bot=True, **said)

    def event(self, at: str, kind: str, agent: str | None = None, **noted: Any) -> None:
        """Something the tool noted."""
        rows = self.tables[f"int_{SOURCE}_events"]
        rows.append(
            {
                "source": SOURCE,
                "natural_event_id": f"e{len(rows) + 1}",
                "thread_id": "thread",
                "event_at": datetime.fromisoformat(at),
                "agent_id": agent,
                "is_automatic": agent is None,
                "event_kind": kind,
            }
            | noted
        )

    def agent(self, exported_at: str, name: str, team: str | None) -> None:
        """An agent as one export lists them."""
        self.tables[f"int_{SOURCE}_agents"].append(
            {
                "source": SOURCE,
                "agent_id": name,
                "agent_name": name,
                "team": team,
                "exported_at": datetime.fromisoformat(exported_at),
            }
        )
