"""How the marts of a snapshot look in PostgreSQL: tables, views, words, the read-only role.

Statements belong here, made from what a snapshot's file says about itself. Running them, and when,
does not.

Every snapshot is a schema of its own with plain tables. Each table is a partition, by the number of
the snapshot, of a table that all snapshots of the same columns share (their *shape*), and a view in
`marts` shows the partition of the snapshot that is current. So a switch is one updated row: nobody
waits for a lock, every statement sees one snapshot, and what a transaction saw first it keeps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    from psycopg.sql import Composed

MARTS = "marts"
STORE = "marts_store"
READER = "marts_reader"
NUMBER = "_snapshot"

# Types of the embedded file with the type in PostgreSQL. Any other travels as text.
TYPES = {
    "BOOLEAN": "boolean",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "VARCHAR": "text",
}
# Wider than PostgreSQL's integers. Sums of our counts and seconds fit; one that did not would fail.
NARROWED = {"HUGEINT": "BIGINT", "UBIGINT": "BIGINT", "UINTEGER": "BIGINT", "TINYINT": "SMALLINT"}

# The snapshot of a transaction is a setting that ends with it. The function is declared STABLE so
# that it looks at the data as its caller's statement does; a later look could find a snapshot whose
# rows the statement cannot see. Where it cannot give the rows it says so: no rows would be a lie.
STORE_SQL = f"""
create schema if not exists {STORE};
create table if not exists {STORE}.snapshots (
    number integer generated always as identity primary key,
    snapshot_id text not null unique,
    shape text not null,
    marts json not null,
    published_at timestamptz
);
create table if not exists {STORE}.current (
    is_current boolean primary key default true check (is_current),
    number integer not null references {STORE}.snapshots,
    shape text not null,
    words text not null
);
create or replace function {STORE}.snapshot(its_shape text) returns integer
language plpgsql stable parallel unsafe security definer
set search_path = pg_catalog
as $function$
declare
    chosen integer := nullif(current_setting('{MARTS}.snapshot', true), '');
    kept record;
begin
    if chosen is null then
        select current.number into chosen from {STORE}.current;
        perform set_config('{MARTS}.snapshot', chosen::text, true);
    end if;
    select snapshot_id, shape into kept
    from {STORE}.snapshots
    where number = chosen and published_at is not null;
    if
        kept.shape is distinct from its_shape
        or to_regnamespace('{MARTS}_' || kept.snapshot_id) is null
    then
        raise exception using
            errcode = 'snapshot_too_old',
            message = 'The snapshot this transaction began with is no longer kept.',
            hint = 'Begin another transaction.';
    end if;
    return chosen;
end
$function$;
"""


@dataclass(frozen=True)
class Mart:
    """A table of a snapshot: its columns with their PostgreSQL types, and the words about both."""

    name: str
    columns: Mapping[str, str]
    comment: str | None
    comments: Mapping[str, str]


def described(connection: duckdb.DuckDBPyConnection) -> list[Mart]:
    """The marts of an embedded file, as it describes itself."""
    columns: dict[str, dict[str, str]] = {}
    comments: dict[str, dict[str, str]] = {}
    for table, column, type_, comment in connection.execute(
        "select table_name, column_name, data_type, comment from duckdb_columns() "
        "where schema_name = 'marts' and not internal order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, {})[column] = TYPES.get(NARROWED.get(type_, type_), "text")
        if comment:
            comments.setdefault(table, {})[column] = comment.strip()
    tables = connection.execute(
        "select table_name, comment from duckdb_tables() "
        "where schema_name = 'marts' order by table_name"
    ).fetchall()
    return [
        Mart(name, columns[name], words and words.strip(), comments.get(name, {}))
        for name, words in tables
    ]


def select(connection: duckdb.DuckDBPyConnection, mart: Mart) -> str:
    """The query that reads a mart of an embedded file as PostgreSQL takes it."""
    types = dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns() "
            "where schema_name = 'marts' and table_name = ?",
            [mart.name],
        ).fetchall()
    )
    return "select {} from marts.{}".format(
        ", ".join(_taken(column, types[column]) for column in mart.columns), _quoted(mart.name)
    )


def as_json(marts: Iterable[Mart]) -> str:
    """Marts as the database keeps them, to switch back to a snapshot without its file."""
    return json.dumps([asdict(mart) for mart in marts])


def from_json(kept: Iterable[Mapping[str, Any]]) -> list[Mart]:
    """The same the other way."""
    return [Mart(**mart) for mart in kept]


def shape_of(marts: Sequence[Mart]) -> str:
    """The schema of the tables that all snapshots with these columns share."""
    return f"{MARTS}_shape_{_digest([[mart.name, list(mart.columns.items())] for mart in marts])}"


def words_of(marts: Sequence[Mart]) -> str:
    """A digest of all comments: where it is the same, none is written again."""
    return _digest([[mart.name, mart.comment, dict(mart.comments)] for mart in marts])


def schema_of(snapshot_id: str) -> str:
    """The schema of a snapshot's own tables."""
    return f"{MARTS}_{snapshot_id}"


def shape_statements(shape: str, marts: Iterable[Mart]) -> Composed:
    """The tables that the snapshots of a shape become partitions of."""
    from psycopg.sql import SQL, Identifier

    return SQL("").join(
        [
            SQL("create schema {};").format(Identifier(shape)),
            *(
                SQL("create table {} ({}, {} integer not null) partition by list ({});").format(
                    Identifier(shape, mart.name), _columns(mart), _number(), _number()
                )
                for mart in marts
            ),
        ]
    )


def snapshot_statements(
    shape: str, snapshot_id: str, number: int, marts: Iterable[Mart]
) -> Composed:
    """The empty tables of a snapshot, each a partition already: no statement is ever unprepared.

    A statement that was planned before its partition was there would show no rows after a switch.
    """
    from psycopg.sql import SQL, Identifier, Literal

    schema = schema_of(snapshot_id)
    made = [SQL("create schema {};").format(Identifier(schema))]
    for mart in marts:
        table = Identifier(schema, mart.name)
        made += [
            SQL(
                "create table {table} ({columns}, {number} integer not null default {value} "
                "check ({number} = {value}));"
                "alter table {whole} attach partition {table} for values in ({value});"
            ).format(
                table=table,
                columns=_columns(mart),
                number=_number(),
                value=Literal(number),
                whole=Identifier(shape, mart.name),
            )
        ]
    return SQL("").join(made)


def view_statements(
    shape: str, marts: Sequence[Mart], shown: Mapping[str, Mapping[str, str]]
) -> Composed:
    """The views readers use, over another shape than before; who may read them.

    A view that keeps its columns is replaced in place, so that what others built on it stays. The
    snapshot is asked for twice: compared with a column it is only asked for where there are rows,
    and a transaction that began with an empty table would not keep its snapshot.

    Args:
        shape: the schema of the tables to show.
        marts: the marts of that shape.
        shown: the columns with their types of each view that is there.
    """
    from psycopg.sql import SQL, Identifier

    new = {mart.name: mart for mart in marts}
    made = [
        SQL("drop view {};").format(Identifier(MARTS, name))
        for name, columns in shown.items()
        if name not in new or list(columns.items()) != list(new[name].columns.items())
    ]
    made += [
        SQL(
            "create or replace view {view} as select {columns} from {whole} "
            "where {number} = (select {chosen}({shape})) "
            "and (select {chosen}({shape})) is not null;"
        ).format(
            view=Identifier(MARTS, mart.name),
            columns=SQL(", ").join(map(Identifier, mart.columns)),
            whole=Identifier(shape, mart.name),
            number=_number(),
            chosen=Identifier(STORE, "snapshot"),
            shape=shape,
        )
        for mart in marts
    ]
    made += [
        SQL("grant usage on schema {} to {};").format(Identifier(MARTS), Identifier(READER)),
        SQL("grant select on all tables in schema {} to {};").format(
            Identifier(MARTS), Identifier(READER)
        ),
    ]
    return SQL("").join(made)


def comment_statements(marts: Iterable[Mart]) -> Composed:
    """What readers should know about tables and columns, where their tools look for it."""
    from psycopg.sql import SQL, Identifier

    made = []
    for mart in marts:
        made += [
            SQL("comment on view {} is {};").format(Identifier(MARTS, mart.name), mart.comment)
        ]
        made += [
            SQL("comment on column {} is {};").format(
                Identifier(MARTS, mart.name, column), mart.comments.get(column)
            )
            for column in mart.columns
        ]
    return SQL("").join(made)


def _columns(mart: Mart) -> Composed:
    from psycopg.sql import SQL, Identifier

    return SQL(", ").join(
        SQL("{} {}").format(Identifier(name), SQL(type_)) for name, type_ in mart.columns.items()
    )


def _number() -> Any:
    from psycopg.sql import Identifier

    return Identifier(NUMBER)


def _taken(column: str, type_: str) -> str:
    name = _quoted(column)
    type_ = NARROWED.get(type_, type_)
    if TYPES.get(type_, "text") != "text":
        return f"{name}::{type_} as {name}"
    # PostgreSQL's text has no character 0.
    return f"replace({name}::varchar, chr(0), '') as {name}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]
