"""Tickets of an e-mail inbox with six comments each, as they lie in the lake.

Customers and agents take turns, so every ticket has three waits; a few begin in the night of a
clock change, before holidays or wait for more than a year. What is made of them lives elsewhere.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

AS_OF = datetime(2026, 4, 15, 6)  # noqa: DTZ001
AGENTS = 40
PROFILE = "support@lumenworks.example"
CALENDAR = "support_emea"
STREAM = "zendesk/tickets"

DRAWN = """
create or replace view drawn as
select
    i::varchar as ticket_id,
    'customer_' || hash(i, 'who') % (divide({tickets}, 3) + 1) as requester,
    'agent_' || hash(i, 'agent') % {agents} as agent,
    -- One in a thousand is older than a year, and answered in its second.
    case when i % 1000 = 7 then timestamp '2024-11-04 08:00:00' + to_seconds(i % 86400)
        else timestamp '2025-01-06' + to_seconds(hash(i, 'start') % 37000000) end as created_at,
    case when i % 1000 = 7 then 34560000 else 0 end as long_s,
    -- Waits of a minute to three days, between them an hour or so.
    [60 + exp(12.4 * (hash(i, n) % 100000) / 100000.0)::bigint % 259200 for n in range(3)]
    as waits,
    [300 + (hash(i, n, 'gap') % 7200)::bigint for n in range(3)] as gaps
from range({tickets}) as r(i)
"""

TIMED = """
create or replace view timed as
select
    *,
    [created_at + to_seconds(
        coalesce(list_sum(waits[1:divide(n, 2)]) + list_sum(gaps[1:divide(n, 2)]), 0)
        + case when n % 2 = 1 then waits[divide(n, 2) + 1] else 0 end
        + case when n > 0 then long_s else 0 end
    ) for n in range(6)] as moments
from (
    select * replace ([w::bigint for w in waits] as waits, [g::bigint for g in gaps] as gaps)
    from drawn
)
"""

CELLS = """
    ticket_id,
    created_at,
    moments[6] as updated_at,
    epoch(moments[6])::bigint as generated_timestamp,
    'solved' as status,
    'normal' as priority,
    requester as requester_id,
    requester as submitter_id,
    agent as assignee_id,
    '["billing"]' as tags,
    'email' as channel,
    '{profile}' as to_address,
    to_json([{{
        'id': ticket_id || '0' || n,
        'audit_id': ticket_id || '1' || n,
        'author_id': case when n % 2 = 0 then requester else agent end,
        'public': 'true',
        'created_at': strftime(moments[n + 1], '%Y-%m-%dT%H:%M:%SZ'),
        'body': case when n % 2 = 0 then 'Where is my invoice of last month?'
            else 'It is attached; please tell us if anything is missing.' end,
        'channel': case when n % 2 = 0 then 'email' else 'web' end,
        'sender': case when n % 2 = 0 then 'sender_' || requester end
    }} for n in range(6)])::varchar as comments,
    to_json([
        {{
            'id': ticket_id || '17', 'author_id': '-1',
            'created_at': strftime(moments[1], '%Y-%m-%dT%H:%M:%SZ'), 'channel': 'rule',
            'events': [{{'id': ticket_id || '170', 'type': 'Change', 'field_name': 'assignee_id',
                'value': agent, 'previous_value': null}}]
        }},
        {{
            'id': ticket_id || '18', 'author_id': agent,
            'created_at': strftime(moments[6], '%Y-%m-%dT%H:%M:%SZ'), 'channel': 'web',
            'events': [{{'id': ticket_id || '180', 'type': 'Change', 'field_name': 'status',
                'value': 'solved', 'previous_value': 'open'}}]
        }}
    ])::varchar as audits,
    'zendesk/tickets/tickets_2026-04-15.ndjson' as _source_file,
    ticket_id::bigint + 1 as _source_row,
    'made up' as _file_sha256,
    timestamp '2026-04-15' as _exported_at,
    true as _exported_at_is_known,
    timestamp '2026-04-15' as _extracted_at
"""


def prepare(data: Path, tickets: int) -> None:
    """Fill the lake of a data folder with tickets, and with nothing else."""
    import duckdb

    from orchestration.exports.lake import ensure_lake

    ensure_lake(data)
    folder = data / "lake" / "raw" / STREAM
    with duckdb.connect() as connection:
        connection.execute("set threads = 2; set preserve_insertion_order = false")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(DRAWN.format(tickets=tickets, agents=AGENTS))
        connection.execute(TIMED)
        cells = CELLS.format(profile=PROFILE)
        connection.execute(f"create view cells as select {cells} from timed")
        shape = connection.execute(
            f"describe select * from read_parquet('{folder}/empty.parquet')"
        ).fetchall()
        given = {
            name
            for (name,) in connection.execute("select column_name from (describe cells)").fetchall()
        }
        columns = ", ".join(
            f"{name if name in given else 'null'}::{kind} as {name}" for name, kind, *_ in shape
        )
        connection.execute(
            f"copy (select {columns} from cells) to '{folder}/part-tickets.parquet'"
            " (format parquet, compression zstd)"
        )
