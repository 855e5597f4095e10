"""What a build says when it went wrong: the error of the run, with rows that break a test.

Words and sample rows belong here. Building and testing do not.
"""

from __future__ import annotations

from typing import Any

from orchestration.errors import AuditError, ProjectError
from orchestration.settings import Settings

SAMPLE_ROWS = 5
SAMPLE_CHECKS = 10


def raise_on_failure(settings: Settings, result: Any) -> None:
    """Do nothing for a good result.

    Raises:
        ProjectError: dbt or a model failed.
        AuditError: data tests failed; the message names each, its table and some failing rows.
    """
    if result.success:
        return
    if result.exception is not None:
        raise ProjectError(f"dbt failed: {result.exception}")
    broken = [r for r in result.result.results if str(r.status) == "error"]
    if broken:
        lines = [f"{r.node.resource_type} {r.node.name}: {r.message}" for r in broken]
        raise ProjectError("\n".join(["dbt could not build everything.", *lines]))
    failed = [r for r in result.result.results if str(r.status) == "fail"]
    lines = [f"{len(failed)} checks failed; nothing is published, serving is as it was."]
    for r in failed[:SAMPLE_CHECKS]:
        lines += ["", f"{r.node.name}: {r.message}"]
        lines += [f"    {row}" for row in failing_rows(settings, r.node.compiled_code)]
    if len(failed) > SAMPLE_CHECKS:
        lines += ["", "Also failed: " + ", ".join(r.node.name for r in failed[SAMPLE_CHECKS:])]
    raise AuditError("\n".join(lines))


def failing_rows(settings: Settings, sql: str) -> list[str]:
    """The first rows a failed test returns, each as `column=value, …`."""
    import duckdb

    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        rows = connection.execute(f"select * from ({sql}\n) as failing limit {SAMPLE_ROWS}")
        names = [column[0] for column in rows.description]
        return [
            ", ".join(f"{name}={value!r}" for name, value in zip(names, row, strict=True))
            for row in rows.fetchall()
        ]
