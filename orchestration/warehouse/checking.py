"""Data tests of the dbt project, asked in as few questions as there are things to ask.

Tests are declared in the project and nowhere else; what they ask and what follows from the answer
belongs here. Building does not. dbt gives each test a node of its own, which costs more than most
tests take: here one scan of a table answers all its `not_null` and `accepted_values`, and the
verdicts are those that `dbt test` would give.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestration.errors import ProjectError
from orchestration.settings import Settings
from orchestration.warehouse.invoking import invoke, memory_limit, threads

if TYPE_CHECKING:
    import duckdb
    from dbt.contracts.graph.manifest import Manifest

#: Questions asked at a time: most are so short that asking takes longer than answering.
WORKERS = 2

#: Where verdicts are kept until a table they are about changes.
KEPT = "checks.verdicts"

#: dbt's own generic tests: the rows they return for a column `c` of a table `t`, as dbt words them.
ROWS = {
    "not_null": "select {c} from {t} where {c} is null",
    "unique": "select {c} as unique_field, count(*) as n_records from {t}"
    " where {c} is not null group by {c} having count(*) > 1",
    "accepted_values": "select * from (select {c} as value_field, count(*) as n_records from {t}"
    " group by {c}) as all_values where value_field not in ({values})",
    "relationships": "select child.from_field from"
    " (select {c} as from_field from {t} where {c} is not null) as child"
    " left join (select {field} as to_field from {to}) as parent"
    " on child.from_field = parent.to_field where parent.to_field is null",
}
#: How many rows those are, where one scan of the table can tell it along with others.
COUNTS = {
    "not_null": "count(*) - count({c})",
    "accepted_values": "count(distinct {c}) filter (where {c} not in ({values}))",
}


@dataclass(frozen=True)
class Check:
    """A data test: the nodes it is about, the rows that break it, and what these mean.

    Attributes:
        unique_id: dbt's id of the test.
        name: its name.
        nodes: dbt's ids of the seeds, models and sources it reads.
        rows: the query of the rows that break it.
        table: the table whose scan can answer it, if one can.
        count: the aggregate that answers it in such a scan.
        severity: `error` or `warn`.
        failures: what is compared, an aggregate over the rows: dbt's `fail_calc`.
        warn_if: the comparison that makes it a warning.
        error_if: the comparison that makes it a failure.
    """

    unique_id: str
    name: str
    nodes: frozenset[str]
    rows: str
    table: str | None = None
    count: str | None = None
    severity: str = "error"
    failures: str = "count(*)"
    warn_if: str = "!= 0"
    error_if: str = "!= 0"

    @property
    def digest(self) -> str:
        """A digest of what is asked: a test that was reworded is another."""
        asked = (self.rows, self.severity, self.failures, self.warn_if, self.error_if)
        return hashlib.sha256(repr(asked).encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What became of a check: `pass`, `warn`, `fail` or `error`, and how many rows break it.

    `kept_since` is the as-of of an earlier run where none of its tables has changed since.
    """

    check: Check
    status: str
    failures: int = 0
    message: str = ""
    kept_since: str | None = None


def checks_of(
    settings: Settings, manifest: Manifest, as_of: datetime, names: Collection[str] | None = None
) -> list[Check]:
    """The data tests of the project, or those of these names, as they are asked on DuckDB.

    Raises:
        ProjectError: dbt could not compile a test of its own wording.
    """
    tests = [
        node
        for node in manifest.nodes.values()
        if node.resource_type == "test" and (names is None or node.name in names)
    ]
    found = {node.unique_id: _plain(node, manifest) for node in tests}
    others = [node for node in tests if found[node.unique_id] is None]
    compiled = _compiled(settings, manifest, as_of, [node.name for node in others])
    for node in others:
        found[node.unique_id] = _declared(node, rows=compiled[node.unique_id])
    return [check for check in found.values() if check is not None]


def forget(settings: Settings, manifest: Manifest, changed: Collection[str] | None) -> None:
    """Forget the verdicts about nodes that have changed, by their ids; None: all verdicts.

    To be called before the change counts as done, so that a crash in between loses verdicts and
    never keeps one that is no longer true.
    """
    with _connect(settings) as connection:
        if changed is None:
            connection.execute(f"delete from {KEPT}")
            return
        touched = [
            node.unique_id
            for node in manifest.nodes.values()
            if node.resource_type == "test" and not set(changed).isdisjoint(node.depends_on.nodes)
        ]
        connection.execute(f"delete from {KEPT} where unique_id in (select unnest(?))", [touched])


def evaluate(settings: Settings, checks: Sequence[Check], as_of: datetime) -> Iterator[Verdict]:
    """The verdict of every check, as they are reached.

    A check that held and was not forgotten since holds still; all others are asked.
    """
    with _connect(settings) as connection:
        kept = {
            (unique_id, digest): rest
            for unique_id, digest, *rest in connection.execute(f"from {KEPT}").fetchall()
        }
        asked = []
        for check in checks:
            earlier = kept.get((check.unique_id, check.digest))
            if earlier is None:
                asked.append(check)
            else:
                status, failures, message, since = earlier
                yield Verdict(check, status, failures, message, since)
        reached = []
        try:
            for verdicts in _ask_all(connection, asked):
                reached += verdicts
                yield from verdicts
        finally:
            _keep(connection, reached, as_of)


def _plain(node: Any, manifest: Manifest) -> Check | None:
    """A test of dbt's own four kinds, in our words; None for any other."""
    told = node.test_metadata if hasattr(node, "test_metadata") else None
    is_plain = (
        told is not None
        and told.name in ROWS
        and f"macro.dbt.test_{told.name}" in node.depends_on.macros
        and node.config.where is None
        and node.config.limit is None
        and node.attached_node in manifest.nodes
    )
    if not is_plain:
        return None
    arguments = {
        "t": manifest.nodes[node.attached_node].relation_name,
        "c": told.kwargs["column_name"],
    }
    if told.name == "accepted_values":
        quote = "'" if told.kwargs.get("quote", True) else ""
        arguments["values"] = ", ".join(f"{quote}{each}{quote}" for each in told.kwargs["values"])
    if told.name == "relationships":
        others = [each for each in node.depends_on.nodes if each != node.attached_node]
        [parent] = others or [node.attached_node]
        arguments["to"] = manifest.nodes[parent].relation_name
        arguments["field"] = told.kwargs["field"]
    is_counted = told.name in COUNTS and node.config.fail_calc == "count(*)"
    return _declared(
        node,
        rows=ROWS[told.name].format(**arguments),
        table=arguments["t"] if is_counted else None,
        count=COUNTS[told.name].format(**arguments) if is_counted else None,
    )


def _declared(node: Any, **asked: Any) -> Check:
    return Check(
        unique_id=node.unique_id,
        name=node.name,
        nodes=frozenset(node.depends_on.nodes),
        severity=node.config.severity.lower(),
        failures=node.config.fail_calc,
        warn_if=node.config.warn_if,
        error_if=node.config.error_if,
        **asked,
    )


def _compiled(
    settings: Settings, manifest: Manifest, as_of: datetime, names: Sequence[str]
) -> dict[str, str]:
    """The rows of tests as dbt words them, by the test's id."""
    if not names:
        return {}
    command = ["compile", "--no-populate-cache", "--no-write-json", "--select", *names]
    done = invoke(settings, command, as_of=as_of, manifest=manifest)
    if not done.success:
        raise ProjectError(f"dbt could not compile the tests: {done.exception or done.result}")
    found = {}
    for each in done.result.results:
        node = each.node
        limit = f" limit {node.config.limit}" if node.config.limit is not None else ""
        found[node.unique_id] = f"select * from ({node.compiled_code}\n) as rows_of_test{limit}"
    return found


def _connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    import duckdb

    settings.warehouse_path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        str(settings.warehouse_path),
        config={"memory_limit": memory_limit(), "threads": threads()},
    )
    schema, _, _ = KEPT.partition(".")
    connection.execute(f"create schema if not exists {schema}")
    connection.execute(
        f"create table if not exists {KEPT} (unique_id varchar, digest varchar, status varchar,"
        " failures bigint, message varchar, kept_since varchar)"
    )
    return connection


def _keep(
    connection: duckdb.DuckDBPyConnection, verdicts: Sequence[Verdict], as_of: datetime
) -> None:
    """Keep the verdicts a later run may rely on: a failure is always asked again."""
    since = as_of.strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = [
        (each.check.unique_id, each.check.digest, each.status, each.failures, each.message, since)
        for each in verdicts
        if each.status in ("pass", "warn")
    ]
    asked = [each.check.unique_id for each in verdicts]
    connection.execute(f"delete from {KEPT} where unique_id in (select unnest(?))", [asked])
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        unnested = ", ".join(["unnest(?)"] * len(columns))
        connection.execute(f"insert into {KEPT} select {unnested}", columns)


def _ask_all(
    connection: duckdb.DuckDBPyConnection, checks: Sequence[Check]
) -> Iterator[list[Verdict]]:
    """Ask in groups: all that one scan of a table answers, and each of the others for itself."""
    by_table: dict[str, list[Check]] = {}
    groups = []
    for check in checks:
        if check.table is None:
            groups.append([check])
        else:
            by_table.setdefault(check.table, []).append(check)
    groups = [*by_table.values(), *groups]
    cursors = [connection.cursor() for _ in range(WORKERS)]
    for cursor in cursors:
        cursor.execute("set TimeZone = 'UTC'")
    free = list(cursors)

    def ask(group: Sequence[Check]) -> list[Verdict]:
        cursor = free.pop()
        try:
            return _ask(cursor, group)
        finally:
            free.append(cursor)

    try:
        with ThreadPoolExecutor(WORKERS) as pool:
            yield from pool.map(ask, groups)
    finally:
        for cursor in cursors:
            cursor.close()


def _ask(connection: duckdb.DuckDBPyConnection, group: Sequence[Check]) -> list[Verdict]:
    """The verdicts of checks that one statement answers; each for itself where that fails."""
    import duckdb

    [first, *others] = group
    counts = ", ".join(
        f"{check.count if check.table else check.failures} as f{place}"
        for place, check in enumerate(group)
    )
    source = first.table if first.table else f"({first.rows}\n) as failing"
    judged = ", ".join(
        f"f{place}, f{place} {check.error_if}, f{place} {check.warn_if}"
        for place, check in enumerate(group)
    )
    try:
        [answers] = connection.execute(
            f"select {judged} from (select {counts} from {source})"
        ).fetchall()
    except duckdb.Error as error:
        if others:
            return [verdict for check in group for verdict in _ask(connection, [check])]
        return [Verdict(first, "error", message=str(error))]
    return [
        _verdict(check, *answers[3 * place : 3 * place + 3]) for place, check in enumerate(group)
    ]


def _verdict(check: Check, failures: Any, is_error: bool, is_warning: bool) -> Verdict:
    """A count as dbt judges it, in dbt's words."""
    count = int(failures or 0)
    found = f"Got {count} {'result' if count == 1 else 'results'}, configured to"
    if is_error and check.severity == "error":
        return Verdict(check, "fail", count, f"{found} fail if {check.error_if}")
    if is_warning:
        return Verdict(check, "warn", count, f"{found} warn if {check.warn_if}")
    return Verdict(check, "pass")
