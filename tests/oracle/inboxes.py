"""Messages again, from the rows that inboxes hand in: who is whose copy, and what each one is.

Reads feeds and seeds as a test put them in; conversations begin in `care`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.oracle.care import Row, Tables, key

KINDS = {"retweet": "repost", "comment": "comment", "review": "review"}


class Inboxes:
    """The messages of several tools as one company's.

    `tools` names them in the order in which they are believed.
    """

    def __init__(self, tables: Tables, tools: Sequence[str]) -> None:
        self.tables, self.tools = tables, tools
        self.aliases = {row["alias"]: row["network"] for row in tables["network_aliases"]}
        self.tags = {row["tag"]: row["kind"] for row in tables["tags"]}
        self.profiles = {
            (row["source"], row["profile_id"].lower()): row for row in tables["profiles"]
        }
        self.copies: dict[str, list[Row]] = defaultdict(list)
        self.key_of: dict[tuple[str, str], str] = {}
        for tool in tools:
            for row in tables[f"int_{tool}_messages"]:
                name = self.message_key(row)
                self.copies[name].append(row)
                self.key_of[tool, row["natural_message_id"]] = name
        self.threads = self._united()
        self.spam = {
            self.key_of.get((tool, row["message_id"]))
            for tool in tools
            for row in tables[f"int_{tool}_events"]
            if row["event_kind"] == "marked_as_spam"
        }

    def network(self, row: Row) -> str:
        """Our word for a network; one that nobody named keeps its own."""
        return self.aliases.get(row["network_word"], row["network_word"])

    def message_key(self, row: Row) -> str:
        """The network's own id names a message, else the tool's."""
        if row["native_message_id"] is not None:
            return key(self.network(row), row["native_message_id"])
        return key(row["source"], row["natural_message_id"])

    def _united(self) -> dict[str, str]:
        """Threads of tools that share a message are one, named for the smallest."""
        of_message: dict[str, set[str]] = defaultdict(set)
        for name, rows in self.copies.items():
            of_message[name] |= {key(row["source"], row["thread_id"]) for row in rows}
        group = {thread: {thread} for threads in of_message.values() for thread in threads}
        for threads in of_message.values():
            together = set().union(*(group[thread] for thread in threads))
            for thread in together:
                group[thread] = together
        return {thread: min(together) for thread, together in group.items()}

    def rows(self) -> Iterator[dict[str, Any]]:
        """What `fct_messages` says of each message by itself."""
        chosen = {name: self.believed(rows)[0] for name, rows in self.copies.items()}
        for name, rows in self.copies.items():
            yield self.row(name, chosen, rows)

    def order(self) -> dict[str, tuple]:
        """What orders messages and events within a thread, by their keys.

        Time, a message before an event, the shorter id, the smaller id.
        """
        found = {}
        for name, rows in self.copies.items():
            row = self.believed(rows)[0]
            ident = row["natural_message_id"]
            found[name] = (row["sent_at"], 0, len(ident), ident)
        for tool in self.tools:
            for row in self.tables[f"int_{tool}_events"]:
                ident = row["natural_event_id"]
                found[key(tool, ident)] = (row["event_at"], 1, len(ident), ident)
        return found

    def believed(self, rows: Sequence[Row]) -> list[Row]:
        """Copies, the one that knows the second first, then by tool and id."""
        return sorted(
            rows,
            key=lambda row: (
                row["sent_at"].second == 0,
                self.tools.index(row["source"]),
                len(row["natural_message_id"]),
                row["natural_message_id"],
            ),
        )

    def row(self, name: str, chosen: Mapping[str, Row], rows: Sequence[Row]) -> dict[str, Any]:
        """One message."""
        row = chosen[name]
        in_order = sorted(rows, key=lambda each: self.tools.index(each["source"]))

        def known(column: str) -> Any:
            return next((each[column] for each in in_order if each[column] is not None), None)

        def any_of(column: str) -> bool:
            return any(each[column] for each in rows)

        parents = {
            self.key_of[each["source"], each["in_reply_to_message_id"]]
            for each in rows
            if (each["source"], each["in_reply_to_message_id"]) in self.key_of
        }
        parent = min(parents, default=None)
        tags = {
            tag.strip().lower() for each in rows for tag in (each["tags_text"] or "").split(",")
        } - {""}
        kinds = {self.tags.get(tag) for tag in tags}
        text = None if any_of("is_removed") else known("message_text")
        profile = self.profiles.get((row["source"], row["profile_id"].lower()), {})
        private = any_of("is_private")
        inbound = row["direction"] == "in"
        word = row["message_type_word"].rpartition("/")[2]
        message_type = "private" if private else KINDS.get(word, "public_post")
        spam = "spam" in kinds or name in self.spam
        repost = (text or "").startswith("RT @") or word == "retweet"
        asks = private or message_type == "review" or bool({"?", "@"} & set(text or ""))
        needs = (
            inbound and "no_response_needed" not in kinds and ("needs_response" in kinds or asks)
        )
        answers_us = parent is not None and chosen[parent]["is_own"]
        good = inbound and not row["is_own"] and not spam and not repost
        agent = next((e for e in in_order if e["agent_id"] is not None), None)
        sentiment = known("sentiment")
        active = profile.get("support_status", "active") == "active"
        contact = row["native_contact_id"]
        return {
            "message_key": name,
            "thread_key": self.threads[key(row["source"], row["thread_id"])],
            "profile_key": key(row["source"], row["profile_id"]),
            "in_reply_to_message_key": parent,
            "sent_at": row["sent_at"],
            "contact_key": contact and key(self.network(row), contact),
            "agent_key": agent and key(agent["source"], agent["agent_id"]),
            "source": row["source"],
            "network": self.network(row),
            "direction": row["direction"],
            "message_type": message_type,
            "directedness": "about_us"
            if profile.get("listens") and not private and not answers_us
            else "to_us",
            "sentiment": sentiment,
            "template_id": known("template_id"),
            "is_own": row["is_own"],
            "is_bot": any_of("is_bot"),
            "is_spam": spam,
            "is_hidden": any_of("is_hidden"),
            "is_repost": repost,
            "is_private": private,
            "is_removed": any_of("is_removed"),
            "needs_response": needs,
            "is_eligible": good and not any_of("is_hidden") and active and needs,
            "is_brand_love": good
            and sentiment == "positive"
            and "brand_love" in kinds
            and not {"employee", "giveaway"} & kinds,
        }
