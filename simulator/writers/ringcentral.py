"""Exports of the RingCentral Engage Digital inbox.

Full column lists in the BI format (`,`, minutes with an offset, 1/0) and the French Excel format,
cut into files by export date, with the early state of rows that a later file restates. The rows'
meaning comes from `care`, broken rows from `dirt`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.care import (
    ASSIGNED,
    CLOSED,
    HANDOVER,
    LIKED,
    MARKED_SPAM,
    ON_HOLD,
    OPENED,
    PENDING,
    REOPENED,
    REPLIED,
    STATUS,
    TEMPLATE,
    TEMPLATES,
    USER_UPDATED,
    Care,
)
from simulator.company import RC, Company
from simulator.dirt import Dirt
from simulator.surveys import RcSurveys
from simulator.writers.files import (
    Landing,
    csv_bytes,
    day_name,
    flags,
    gzipped,
    numbered,
    pick,
    text_table,
    wall_minutes,
)
from simulator.writers.ids import (
    contact_ids as ids_of_people,
)
from simulator.writers.ids import (
    conversation_ids,
    network_contact_ids,
    network_message_ids,
)
from simulator.zones import DAY, HOUR, epoch

SOURCE_TYPES = {"x": "twitter"}
PUBLIC_TYPES = {
    "x": "twitter/tweet",
    "facebook": "facebook/comment",
    "instagram": "instagram/comment",
    "linkedin": "linkedin/comment",
    "whatsapp": "whatsapp/message",
    "youtube": "youtube/comment",
}
PRIVATE_TYPES = {
    "x": "twitter/direct_message",
    "facebook": "facebook/private_message",
    "instagram": "instagram/direct_message",
    "linkedin": "linkedin/private_message",
    "whatsapp": "whatsapp/message",
    "youtube": "youtube/comment",
}
EVENT_NAMES = {
    OPENED: "intervention.opened",
    ASSIGNED: "intervention.assigned",
    USER_UPDATED: "intervention.user_updated",
    CLOSED: "intervention.closed",
    REOPENED: "intervention.reopened",
    HANDOVER: "virtual_agent.handover",
    MARKED_SPAM: "content.marked_as_spam",
    REPLIED: "content.replied",
    LIKED: "content.liked",
    TEMPLATE: "content.reply_assistant_used",
}
STATUSES = ("New", "Assigned", "Replied", "Ignored", "Agent message", "Agent reply", "Draft")
FRENCH = {
    "New": "Nouveau",
    "Assigned": "Assigné",
    "Replied": "Répondu",
    "Ignored": "Ignoré",
    "Agent message": "Message agent",
    "Agent reply": "Réponse agent",
    "Draft": "Brouillon",
    "negative": "négatif",
    "neutral": "neutre",
    "positive": "positif",
}
# What presence is cut to: conversations handled a message, an hour present, and a shift's length.
HANDLED_A_MESSAGE = 0.18
HANDLED_AN_HOUR = 9
SHIFT_S = 7_200
# The messages export of this day was taken by hand, in the French Excel format.
FRENCH_EXPORT = "2025-07-01"
# From this export on the tool writes its columns in another order and adds two.
NEW_COLUMNS_FROM = "2025-10-01"


def tag_text(company: Company, tags: np.ndarray) -> pa.Array:
    """Tag sets as the tool prints them: names with a capital, separated by commas."""
    sets, inverse = np.unique(tags, return_inverse=True)
    words = [
        ",".join(tag.name.capitalize() for i, tag in enumerate(company.tags) if int(bits) >> i & 1)
        or None
        for bits in sets
    ]
    return pa.array(words, pa.string()).take(pa.array(inverse))


def message_ids(positions: np.ndarray) -> pa.Array:
    """Message ids by position in the year; they grow with time."""
    return numbered("66b1c4", 18, positions)


def thread_ids(numbers: np.ndarray) -> pa.Array:
    """Thread ids."""
    return conversation_ids(RC, numbers)


def contact_ids(numbers: np.ndarray) -> pa.Array:
    """Identity ids."""
    return ids_of_people(RC, numbers)


def episode_ids(numbers: np.ndarray) -> pa.Array:
    """Intervention ids."""
    return numbered("66c2e8", 18, numbers)


def event_ids(numbers: np.ndarray) -> pa.Array:
    """Journal ids."""
    return numbered("66d3fa", 18, numbers)


@dataclass
class Inbox:
    """The care year as the inbox tool holds it: its own profiles' part, by position."""

    company: Company
    care: Care
    surveys: RcSurveys

    def __post_init__(self) -> None:
        company = self.company
        self.agent_ids = company.accounts(RC)
        self.agent_names = [agent.name for agent in company.agents]
        self.profile_ids = [p.profile_id for p in company.profiles]
        self.profile_names = [p.name for p in company.profiles]
        self.networks = [p.network for p in company.profiles]
        self.source_types = [SOURCE_TYPES.get(n, n) for n in self.networks]
        self.threads = self.care.in_tool(RC)
        self.rows = np.flatnonzero(self.threads[self.care.messages["thread"]])
        self.episodes = np.flatnonzero(self.threads[self.care.episodes["thread"]])
        self.summaries = episode_summaries(self.care)

    def source_columns(self, profile: np.ndarray) -> dict[str, pa.Array]:
        """The three columns that name a source."""
        return {
            "source_id": pick(self.profile_ids, profile),
            "source_type": pick(self.source_types, profile),
            "source_name": pick(self.profile_names, profile),
        }


def episode_summaries(care: Care) -> dict[str, np.ndarray]:
    """Counts and instants of each intervention, from its messages and events; -1 is absent."""
    n = len(care.episodes["thread"])
    messages, events = care.messages, care.events
    far = 2**62

    def first(which: np.ndarray, values: np.ndarray, episodes: np.ndarray) -> np.ndarray:
        result = np.full(n, far, dtype=np.int64)
        np.minimum.at(result, episodes[which], values[which])
        return np.where(result == far, -1, result)

    def last(which: np.ndarray, values: np.ndarray, episodes: np.ndarray) -> np.ndarray:
        result = np.full(n, -1, dtype=np.int64)
        np.maximum.at(result, episodes[which], values[which])
        return result

    known = messages["episode"] >= 0
    human = known & messages["out"] & ~messages["bot"]
    inbound = known & ~messages["out"]
    position = np.arange(len(messages["t"]))
    at = messages["episode"]
    in_episode = events["episode"] >= 0
    named = in_episode & np.isin(events["kind"], (ASSIGNED, USER_UPDATED))
    order = np.arange(len(events["t"]))
    last_named = last(named, order, events["episode"])
    close = in_episode & (events["kind"] == CLOSED)
    last_close = last(close, order, events["episode"])
    last_open = last(in_episode & (events["kind"] == REOPENED), order, events["episode"])
    first_in = first(inbound, position, at)
    first_human = first(human, position, at)
    last_human = last(human, position, at)
    t = np.append(messages["t"], -1)
    event_t = np.append(events["t"], -1)
    last_in = last(inbound, messages["t"], at)
    closed = (last_close >= 0) & (last_close > last_open) & (event_t[last_close] >= last_in)
    replies = np.bincount(at[human], minlength=n)
    private = care.threads.is_private[care.episodes["thread"]]
    seen = np.bincount(at[inbound], minlength=n)
    updated = np.maximum.reduce(
        [
            care.episodes["opened"],
            last(known, messages["t"], at),
            last(in_episode, events["t"], events["episode"]),
        ]
    )
    first_human_t = t[first_human]
    first_in_t = t[first_in]
    last_agent = np.where(last_named >= 0, events["agent"][last_named], -1)
    writer = np.append(messages["agent"], -1)[last_human]
    answered = (first_human >= 0) & (first_in >= 0) & (first_human_t >= first_in_t)
    return {
        "agent": np.where(last_agent >= 0, last_agent, writer),
        "closed": closed,
        "closed_by": np.where(last_close >= 0, np.append(events["agent"], -1)[last_close], -1),
        "updated": updated,
        "replies": replies,
        "private": private,
        "inbound": seen,
        "first_in": first_in,
        "first_human": first_human,
        "first_human_t": first_human_t,
        "last_human_t": t[last_human],
        "reply_in": np.where(answered, first_human_t - first_in_t, -1),
        "last_reply_in": np.where(answered, t[last_human] - first_in_t, -1),
    }


def optional(values: np.ndarray, present: np.ndarray | None = None) -> pa.Array:
    """Whole numbers as text; absent ones empty."""
    values = np.asarray(values)
    present = values >= 0 if present is None else present
    return pa.array(np.where(present, values, 0), mask=~present).cast(pa.string())


def message_table(box: Inbox, rows: np.ndarray, export: int, blank_tags: np.ndarray) -> pa.Table:
    """Message rows as of `export`: states of then, categories blank where not yet set."""
    care, company = box.care, box.company
    m = {name: values[rows] for name, values in care.messages.items()}
    thread = m["thread"]
    profile = care.threads.profile[thread]
    private = care.threads.is_private[thread]
    contact = np.where(m["own"], box.care.own_contacts[thread % 3], care.threads.contact[thread])
    answered = m["answered_at"] < export
    ignored = care.texts.starts["thanks"]
    is_thanks = (m["text"] >= ignored) & (m["text"] < ignored + care.texts.sizes["thanks"] * 16)
    status = np.where(
        m["out"],
        np.where(m["parent"] >= 0, 5, 4),
        np.where(answered, 2, np.where(is_thanks, 3, np.where(rows % 3 == 0, 1, 0))),
    )
    public = [PUBLIC_TYPES.get(n, f"{n}/comment") for n in box.networks]
    direct = [PRIVATE_TYPES.get(n, f"{n}/private_message") for n in box.networks]
    kinds = [*public, *direct, "twitter/retweet"]
    kind = np.where(private, len(public) + profile, profile)
    repost = care.texts.is_repost[m["text"]] & (np.array(box.networks)[profile] == "x")
    kind = np.where(repost, len(kinds) - 1, kind)
    created = wall_minutes(m["t"], company.zone)
    body = pick(care.texts.texts, np.where(m["removed"], -1, m["text"]))
    parent_thread = np.where(m["parent"] >= 0, care.messages["thread"][m["parent"]], 0)
    parent_out = np.where(m["parent"] >= 0, care.messages["out"][m["parent"]], True)
    parent_contact = np.where(parent_out, -1, care.threads.contact[parent_thread])
    rate = ["negative", "neutral", "positive"]
    columns = {
        "created_at": created,
        **box.source_columns(profile),
        "content_thread_id": thread_ids(thread),
        "type": pick(kinds, kind),
        "id": message_ids(rows),
        "private_message": flags(private),
        "created_from": pick(["source", "dimelo"], m["out"].astype(int)),
        "auto_submitted": flags(m["bot"]),
        "status": pick(STATUSES, status),
        "ignored_from": None,
        "categories": tag_text(company, np.where(blank_tags, 0, m["tags"])),
        "intervention_id": episode_ids(m["episode"]),
        "initial_created_at": created,
        "creator_id": pick(box.agent_ids, m["agent"]),
        "creator_name": pick(box.agent_names, m["agent"]),
        "author_id": contact_ids(np.where(m["out"], 900_000_000 + profile, contact)),
        "author_name": pc.binary_join_element_wise(
            pa.scalar("Customer "), optional(np.where(m["out"], -1, contact)), pa.scalar("")
        ),
        "anonymized": "0",
        "body": body,
        "body_as_text": body,
        "body_as_html": None,
        "title": None,
        "foreign_categories": None,
        "foreign_id": network_message_ids(rows),
        "rating": None,
        "published": flags(~m["hidden"]),
        "approval_required": "0",
        "remotely_deleted": flags(m["removed"]),
        "language": "en",
        "in_reply_to_id": message_ids(m["parent"]),
        "in_reply_to_author_id": contact_ids(parent_contact),
        "attachments_count": pick(["0", "1"], (rows % 23 == 0).astype(int)),
        "structured_reply_payload": None,
        "synchronization_status": pick([None, "success"], m["out"].astype(int)),
        "synchronization_error": None,
        "original_body": None,
        "translated_body": None,
        "source_language": None,
        "target_language": None,
        "translation_status": None,
        "translation_error": None,
        "sentiment_text": pick(rate, np.where(m["has_sentiment"], m["sentiment"] + 1, -1)),
    }
    return text_table(columns, len(rows))


def draft_rows(table: pa.Table, seed: int) -> pa.Table:
    """A few drafts of agents: copies of replies that never reached the network."""
    status = table.column("status").to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(status == "Agent reply")[seed % 7 :: 97]
    drafts = table.take(pa.array(rows))
    ids = pc.replace_substring(drafts.column("id"), "66b1c4", "66bfff")
    drafts = drafts.set_column(table.schema.get_field_index("id"), "id", ids)
    nowhere = pa.nulls(len(rows), pa.string())
    drafts = drafts.set_column(table.schema.get_field_index("foreign_id"), "foreign_id", nowhere)
    words = pa.array(["Draft"] * len(rows), pa.string())
    return drafts.set_column(table.schema.get_field_index("status"), "status", words)


def french(table: pa.Table, t: pa.Array) -> pa.Table:
    """The French Excel format: localised values, dates with slashes (given as `t`)."""

    def replaced(name: str, cells: pa.Array) -> None:
        nonlocal table
        table = table.set_column(table.schema.get_field_index(name), name, cells)

    for name in ("status", "sentiment_text"):
        cells = table.column(name).combine_chunks()
        for english, word in FRENCH.items():
            cells = pc.if_else(pc.equal(cells, english), word, cells)
        replaced(name, cells)
    for name in (
        "private_message",
        "auto_submitted",
        "anonymized",
        "published",
        "approval_required",
        "remotely_deleted",
    ):
        cells = table.column(name).combine_chunks()
        replaced(name, pc.if_else(pc.equal(cells, "1"), "vrai", "faux"))
    for name in ("created_at", "initial_created_at"):
        replaced(name, t)
    return table


def reordered(table: pa.Table) -> pa.Table:
    """The newer column order: two more columns, and the categories moved to the front."""
    names = [name for name in table.column_names if name != "categories"]
    table = table.select(["categories", *names])
    empty = pa.nulls(table.num_rows, pa.string())
    return table.append_column("channel_reference", empty).append_column("priority_level", empty)


def file_rows(
    t: np.ndarray, exports: list[int], late: np.ndarray, overlap: int
) -> list[tuple[int, np.ndarray]]:
    """For each export the positions of its rows: its period, late rows, an overlap."""
    edges = np.array(exports)
    home = np.searchsorted(edges, t, side="right")
    last = len(edges) - 1
    home = np.minimum(home, last)
    moved = np.where(late & (home < last), home + 1, home)
    again = (home < last) & (t >= edges[home] - overlap) & (moved == home)
    result = []
    for f in range(len(edges)):
        rows = np.flatnonzero((moved == f) | (again & (home + 1 == f)))
        result.append((exports[f], rows))
    return result


def write_messages(landing: Landing, box: Inbox, dirt: Dirt) -> None:
    """`messages`: by creation, each file reaching a day back, some rows late, some twice."""
    rng = box.company.rng(31)
    rows = box.rows
    t = box.care.messages["t"][rows]
    late = rng.random(len(rows)) < 0.015
    untagged_yet = rng.random(len(rows)) < 0.3
    files = file_rows(t, box.company.exports, late, DAY)
    last_file = np.zeros(len(rows), dtype=np.int64)
    for number, (_, at) in enumerate(files):
        last_file[at] = number
    for number, (export, at) in enumerate(files):
        twice = at[rng.random(len(at)) < 0.002]
        at = np.concatenate([at, twice])
        blank = untagged_yet[at] & (last_file[at] > number)
        table = message_table(box, rows[at], export, blank)
        table = pa.concat_tables([table, draft_rows(table, number)])
        name = f"messages_{day_name(export)}"
        suffix = ".csv.gz" if number == 3 else ".csv"
        table = dirt.messages(table, export, name + suffix)
        if export == epoch(FRENCH_EXPORT):
            put_french_messages(landing, table, name, export)
            continue
        if export >= epoch(NEW_COLUMNS_FROM):
            table = reordered(table)
        data = csv_bytes(table)
        if number == 3:
            landing.put(f"{RC}/messages", f"{name}.csv.gz", gzipped(data), export)
            continue
        landing.put(f"{RC}/messages", f"{name}.csv", data, export)
        if number == 6:
            landing.put(f"{RC}/messages", f"copy_of_{name}.csv", data, export)
            dirt.copied(f"{RC}/messages", f"{name}.csv", f"copy_of_{name}.csv")


def put_french_messages(landing: Landing, table: pa.Table, name: str, export: int) -> None:
    """One file as a French office would save it: BOM, semicolons, `vrai`, `01/07/2025 09:30`."""
    stamps = table.column("created_at").to_pylist()
    cells = []
    for text in stamps:
        if text is None or len(text) < 16:
            cells.append(text)
            continue
        cells.append(f"{text[8:10]}/{text[5:7]}/{text[:4]} {text[11:16]}{text[16:]}")
    table = french(table, pa.array(cells, pa.string()))
    data = csv_bytes(table, delimiter=";", bom=True)
    landing.put(f"{RC}/messages", f"{name}.csv", data, export)


def write_journal(landing: Landing, box: Inbox, dirt: Dirt) -> None:
    """`journal`: by creation, some rows late."""
    rng = box.company.rng(32)
    e = box.care.events
    known = [*EVENT_NAMES, STATUS]
    ids = np.flatnonzero(box.threads[e["thread"]] & np.isin(e["kind"], known))
    e = {name: values[ids] for name, values in e.items()}
    late = rng.random(len(ids)) < 0.01
    profile = box.care.threads.profile[e["thread"]]
    words = [*EVENT_NAMES.values(), "intervention.deferred", "intervention.reactivated"]
    place = {kind: i for i, kind in enumerate(EVENT_NAMES)}
    word = np.array([place.get(int(kind), -1) for kind in e["kind"]], dtype=np.int64)
    waits = np.isin(e["value"], (PENDING, ON_HOLD))
    word = np.where(word >= 0, word, len(EVENT_NAMES) + ~waits)
    quick = np.where(e["kind"] == TEMPLATE, e["value"], -1)
    for export, at in file_rows(e["t"], box.company.exports, late, DAY // 4):
        table = text_table(
            {
                "id": event_ids(ids[at]),
                "created_at": wall_minutes(e["t"][at], box.company.zone),
                "user_id": pick(box.agent_ids, e["agent"][at]),
                "user_name": pick(box.agent_names, e["agent"][at]),
                "name": pick(words, word[at]),
                "message": None,
                "content_thread_id": thread_ids(e["thread"][at]),
                "content_source_id": pick(box.profile_ids, profile[at]),
                "intervention_id": episode_ids(e["episode"][at]),
                "content_id": message_ids(e["message"][at]),
                "category_ids": None,
                "task_id": None,
                "action": None,
                "step": pick(TEMPLATES, quick[at]),
                "rules_engine_rule_id": None,
            },
            len(at),
        )
        table = dirt.journal(table, export)
        landing.put(f"{RC}/journal", f"journal_{day_name(export)}.csv", csv_bytes(table), export)


def first_and_last(
    created: np.ndarray, updated: np.ndarray, exports: list[int]
) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """For rows exported when created and when last updated: (export, early rows, final rows)."""
    edges = np.array(exports)
    last = len(edges) - 1
    born = np.minimum(np.searchsorted(edges, created, side="right"), last)
    done = np.minimum(np.searchsorted(edges, updated, side="right"), last)
    return [
        (exports[f], np.flatnonzero((born == f) & (done > f)), np.flatnonzero(done == f))
        for f in range(len(edges))
    ]


def intervention_table(box: Inbox, at: np.ndarray, early: bool) -> pa.Table:
    """Intervention rows: the last state, or the first one, still open and without replies."""
    care, s, zone = box.care, box.summaries, box.company.zone
    ep = {name: values[at] for name, values in care.episodes.items()}
    v = {name: values[at] for name, values in s.items()}
    profile = care.threads.profile[ep["thread"]]
    contact = care.threads.contact[ep["thread"]]
    none = np.full(len(at), -1)
    done = np.zeros(len(at), dtype=bool) if early else v["closed"]
    replies = np.zeros(len(at), dtype=np.int64) if early else v["replies"]
    agent = none if early else v["agent"]
    private = v["private"]

    def late(values: np.ndarray) -> np.ndarray:
        return none if early else values

    survey = box.surveys.of_episode(at)
    answered = late(survey["responded_at"])
    columns = {
        "created_at": wall_minutes(ep["opened"], zone),
        "updated_at": wall_minutes(ep["opened"] if early else v["updated"], zone),
        "closed_at": wall_minutes(np.where(done, v["last_human_t"], -1), zone),
        "closed_automatically": flags(done & (v["closed_by"] < 0)),
        **box.source_columns(profile),
        "content_thread_id": thread_ids(ep["thread"]),
        "id": episode_ids(at),
        "status": pick(["Opened", "Closed"], done.astype(int)),
        "deferred_at": None,
        "user_id": pick(box.agent_ids, agent),
        "user_name": pick(box.agent_names, agent),
        "user_replies_count": optional(replies),
        "user_private_replies_count": optional(np.where(private, replies, 0)),
        "user_public_replies_count": optional(np.where(private, 0, replies)),
        "first_identity_content_id": message_ids(v["first_in"]),
        "first_user_reply_id": message_ids(late(v["first_human"])),
        "first_user_reply_at": wall_minutes(late(v["first_human_t"]), zone),
        "last_user_reply_at": wall_minutes(late(v["last_human_t"]), zone),
        "last_user_reply_in": optional(late(v["last_reply_in"])),
        "last_user_reply_in_bh": None,
        "first_user_reply_in": optional(late(v["reply_in"])),
        "first_user_reply_in_bh": None,
        "handling_time": optional(replies * 180),
        "title": None,
        "identity_id": contact_ids(contact),
        "identity_name": None,
        "identity_contents_count": optional(v["inbound"]),
        "identity_private_contents_count": optional(np.where(private, v["inbound"], 0)),
        "identity_public_contents_count": optional(np.where(private, 0, v["inbound"])),
        "categories": tag_text(box.company, np.zeros_like(ep["tags"]) if early else ep["tags"]),
        "comments_count": "0",
        "user_reply_in_average": None,
        "user_reply_in_average_bh": None,
        "user_reply_in_average_count": optional(replies),
        "translation_enabled": "0",
        "detected_language": "en",
        "satisfaction_grade": optional(late(survey["grade"])),
        "satisfaction_sent_at": wall_minutes(late(survey["sent_at"]), zone),
        "satisfaction_answered_at": wall_minutes(answered, zone),
        "satisfaction_response_id": numbered("66f5aa", 18, np.where(answered >= 0, at, -1)),
        "satisfaction_survey_id": pick(
            ["66e4cc000000000000000001"], np.where(late(survey["sent_at"]) >= 0, 0, -1)
        ),
    }
    return text_table(columns, len(at))


def write_interventions(landing: Landing, box: Inbox, dirt: Dirt) -> None:
    """`interventions`: by creation or update, monthly; long cases first in an early state."""
    own = box.episodes
    created = box.care.episodes["opened"][own]
    updated = np.maximum(box.summaries["updated"], box.surveys.last_change())[own]
    for export, early, final in first_and_last(created, updated, box.company.month_exports):
        early, final = own[early], own[final]
        table = pa.concat_tables(
            [intervention_table(box, early, True), intervention_table(box, final, False)]
        )
        table = dirt.interventions(table, export)
        landing.put(
            f"{RC}/interventions", f"interventions_{day_name(export)}.csv", csv_bytes(table), export
        )


def write_threads(landing: Landing, box: Inbox) -> None:
    """`threads`: by creation or last content, monthly."""
    care, zone, company = box.care, box.company.zone, box.company
    m = care.messages
    inbox = box.rows
    thread = m["thread"][inbox]
    n = len(care.threads)
    far = len(m["t"])
    first = np.full(n, far, dtype=np.int64)
    np.minimum.at(first, thread, inbox)
    last = np.full(n, -1, dtype=np.int64)
    np.maximum.at(last, thread, inbox)
    count = np.bincount(thread, minlength=n)
    tags = np.zeros(n, dtype=np.int64)
    np.bitwise_or.at(tags, thread, m["tags"][inbox])
    episodes = np.bincount(care.episodes["thread"], minlength=n)
    open_now = np.bincount(care.episodes["thread"][~box.summaries["closed"]], minlength=n) > 0
    at = np.flatnonzero(count > 0)
    at = at[np.argsort(first[at], kind="stable")]
    t_first, t_last = m["t"][first[at]], m["t"][last[at]]
    for export, early, final in first_and_last(t_first, t_last, company.month_exports):
        parts = []
        for rows, is_early in ((early, True), (final, False)):
            a = at[rows]
            end = first[a] if is_early else last[a]
            all_tags = tag_text(company, np.zeros_like(tags[a]) if is_early else tags[a])
            parts.append(
                text_table(
                    {
                        "id": thread_ids(a),
                        "foreign_id": None,
                        **box.source_columns(care.threads.profile[a]),
                        "created_at": wall_minutes(m["t"][first[a]], zone),
                        "updated_at": wall_minutes(m["t"][end], zone),
                        "closed": flags(np.zeros(len(a)) if is_early else ~open_now[a]),
                        "first_categorization_at": None,
                        "last_content_id": message_ids(end),
                        "last_content_at": wall_minutes(m["t"][end], zone),
                        "title": None,
                        "contents_count": optional(np.ones_like(a) if is_early else count[a]),
                        "all_categories": all_tags,
                        "categories": all_tags,
                        "first_content_id": message_ids(first[a]),
                        "first_content_author_id": contact_ids(
                            np.where(
                                m["out"][first[a]],
                                900_000_000 + care.threads.profile[a],
                                care.threads.contact[a],
                            )
                        ),
                        "languages": "en",
                        "interventions_count": optional(episodes[a]),
                        "intervention_user_ids": None,
                        "opened_intervention_user_ids": None,
                        "ratings": None,
                    },
                    len(a),
                )
            )
        data = csv_bytes(pa.concat_tables(parts))
        landing.put(f"{RC}/threads", f"threads_{day_name(export)}.csv", data, export)


def write_identities(landing: Landing, box: Inbox, elsewhere: np.ndarray) -> None:
    """`identities`: when first seen; some never arrive, the company's own accounts come first."""
    care, company = box.care, box.company
    rng = company.rng(33)
    m = care.messages
    inbound = box.rows[~m["out"][box.rows] & ~m["own"][box.rows]]
    contact = care.threads.contact[m["thread"][inbound]]
    seen, index = np.unique(contact, return_index=True)
    t = m["t"][inbound[index]]
    profile = care.threads.profile[m["thread"][inbound[index]]]
    known = rng.random(len(seen)) < 0.97
    # People whom another system exports too are always there.
    known |= np.isin(seen, care.threads.contact[~box.threads | care.threads.is_mirrored])
    known |= np.isin(seen, elsewhere)
    seen, t, profile = seen[known], t[known], profile[known]
    own = care.own_contacts
    seen = np.concatenate([own, seen])
    profile = np.concatenate([np.full(len(own), profile[0]), profile])
    t = np.concatenate([np.full(len(own), company.exports[0] - DAY), t])
    puppet = np.arange(len(seen)) < len(own)
    followers = rng.integers(0, 4000, len(seen))
    networks = np.array(box.networks)[profile]
    for export, at in file_rows(t, company.month_exports, np.zeros(len(t), dtype=bool), DAY):
        stamp = wall_minutes(t[at], company.zone)
        is_x = networks[at] == "x"
        is_ig = networks[at] == "instagram"
        names = pc.binary_join_element_wise(
            pa.scalar("customer"), optional(seen[at]), pa.scalar("_")
        )
        table = text_table(
            {
                "created_at": stamp,
                "updated_at": stamp,
                "community_type": pick(box.source_types, profile[at]),
                "community": pick(box.profile_names, profile[at]),
                "puppet": flags(puppet[at]),
                "id": contact_ids(seen[at]),
                "uuid": numbered("u", 12, seen[at]),
                "foreign_id": network_contact_ids(seen[at]),
                "screenname": names,
                "identity_group_id": None,
                "tw_followers_count": optional(followers[at], is_x),
                "tw_following_count": optional(followers[at] // 3, is_x),
                "ig_followers_count": optional(followers[at], is_ig),
            },
            len(at),
        )
        name = f"identities_{day_name(export)}.csv"
        landing.put(f"{RC}/identities", name, csv_bytes(table), export)


def write_responses(landing: Landing, box: Inbox) -> None:
    """`responses`: monthly by answer; a survey answered twice has two rows."""
    company, care = box.company, box.care
    s = box.surveys
    edges = company.month_exports
    order = np.argsort(s.answers["responded_at"], kind="stable")
    t = s.answers["responded_at"][order]
    for export, at in file_rows(t, edges, np.zeros(len(t), dtype=bool), 0):
        rows = order[at]
        episode = s.answers["episode"][rows]
        thread = care.episodes["thread"][episode]
        agent = box.summaries["agent"][episode]
        grade = s.answers["grade"][rows]
        contact = care.threads.contact[thread]
        table = text_table(
            {
                "responded_at": wall_minutes(t[at], company.zone),
                "satisfaction_response_id": numbered("66f5aa", 18, episode),
                "satisfaction_survey_id": "66e4cc000000000000000001",
                "content_thread_id": thread_ids(thread),
                "intervention_id": episode_ids(episode),
                "intervention_categories": tag_text(company, care.episodes["tags"][episode]),
                "user_id": pick(box.agent_ids, agent),
                "user_name": pick(box.agent_names, agent),
                "identity_id": contact_ids(contact),
                "identity_name": None,
                "main_indicator": optional(grade),
                "question_1": "How satisfied are you with our answer?",
                "answer_1": pick(["Very bad", "Bad", "So-so", "Good", "Very good"], grade - 1),
                "answer_1_value": optional(grade),
                **box.source_columns(care.threads.profile[thread]),
                "id": numbered("66f6bb", 18, rows),
                "survey_id": "66e4cc000000000000000001",
                "survey_type": "satisfaction",
            },
            len(rows),
        )
        name = f"responses_{day_name(export)}.csv"
        landing.put(f"{RC}/responses", name, csv_bytes(table), export)


def write_agents(landing: Landing, box: Inbox) -> None:
    """`agents`: complete, monthly; leavers vanish, a new team shows from one export on."""
    for export in box.company.month_exports:
        here = [
            (i, a)
            for i, a in enumerate(box.company.agents)
            if a.starts < export and export <= a.leaves and RC in a.accounts
        ]
        table = text_table(
            {
                "id": [a.accounts[RC] for _, a in here],
                "name": [a.name for _, a in here],
                "email": [f"agent{i}@lumenworks.example" for i, _ in here],
                "team": [a.team_at(export) for _, a in here],
                "role": [a.role for _, a in here],
                "enabled": "1",
                "created_at": wall_minutes(
                    np.array([max(a.starts, epoch("2024-06-01")) for _, a in here]),
                    box.company.zone,
                ),
            },
            len(here),
        )
        landing.put(f"{RC}/agents", f"agents_{day_name(export)}.csv", csv_bytes(table), export)


def write_reference(landing: Landing, box: Inbox) -> None:
    """`categories` and `sources`: complete, twice in the period."""
    company = box.company
    tags = company.tags
    own = [(i, p) for i, p in enumerate(company.profiles) if p.source == RC]
    for export in (company.month_exports[0], company.month_exports[-1]):
        day = day_name(export)
        table = text_table(
            {
                "id": [f"66e1a0{i:018d}" for i in range(len(tags))],
                "name": [tag.name.capitalize() for tag in tags],
                "parent_id": None,
                "parent_name": [tag.kind for tag in tags],
                "active": "1",
            },
            len(tags),
        )
        landing.put(f"{RC}/categories", f"categories_{day}.csv", csv_bytes(table), export)
        table = text_table(
            {
                "id": [p.profile_id for _, p in own],
                "name": [p.name for _, p in own],
                "type": [SOURCE_TYPES.get(p.network, p.network) for _, p in own],
                "community_id": [f"c{i:023d}" for i, _ in own],
                "sla_response": "14400",
                "hidden_from_stats": "0",
            },
            len(own),
        )
        landing.put(f"{RC}/sources", f"sources_{day}.csv", csv_bytes(table), export)


def write_presence(landing: Landing, box: Inbox) -> None:
    """`presence_time`: seconds by agent and day, a column set for each channel.

    Somebody is there for as long as the day's work takes, and nobody all day: these are people who
    also do other things.
    """
    company = box.company
    rng = company.rng(34)
    edges = company.month_exports
    days = np.arange(company.first_day, company.last_day + 1)
    days = days[(days + 3) % 7 < 5]
    work_s = company.messages * HANDLED_A_MESSAGE / len(days) / HANDLED_AN_HOUR * HOUR
    on_duty = max(1, round(work_s / SHIFT_S))
    previous = 0
    for export in edges:
        rows = []
        for day in days[(days * DAY >= previous) & (days * DAY < export)].tolist():
            able = [i for i, a in enumerate(company.agents) if a.starts <= day * DAY < a.leaves]
            here = rng.choice(able, size=min(on_duty, len(able)), replace=False)
            rows += [(day, i) for i in sorted(here.tolist())]
        previous = export
        day = np.array([d for d, _ in rows], dtype=np.int64)
        agent = np.array([i for _, i in rows], dtype=np.int64)
        each_s = max(600, work_s / on_duty)
        seconds = (rng.uniform(0.7, 1.3, len(rows)) * each_s).astype(np.int64)
        table = text_table(
            {
                "date": pa.array(list(day.astype("datetime64[D]").astype(str)), pa.string()),
                "user_id": pick(box.agent_ids, agent),
                "user_name": pick(box.agent_names, agent),
                "activity": optional(seconds),
                "presence": optional(seconds + seconds // 10),
                "twitter_available": optional(seconds // 2),
                "twitter_away": optional(seconds // 9),
                "messaging_busy": optional(seconds // 4),
            },
            len(rows),
        )
        name = f"presence_time_{day_name(export)}.csv"
        landing.put(f"{RC}/presence_time", name, csv_bytes(table), export)


def write(
    landing: Landing,
    company: Company,
    care: Care,
    surveys: RcSurveys,
    elsewhere: np.ndarray,
    dirt: Dirt,
) -> None:
    """All streams of the inbox tool; `elsewhere` are people whom other systems know too."""
    box = Inbox(company, care, surveys)
    write_messages(landing, box, dirt)
    write_journal(landing, box, dirt)
    write_interventions(landing, box, dirt)
    write_threads(landing, box)
    write_identities(landing, box, elsewhere)
    write_responses(landing, box)
    write_agents(landing, box)
    write_reference(landing, box)
    write_presence(landing, box)
