"""What a build says when it went wrong: the error of the run, with rows that break a test.

Words and sample rows belong here. Building and testing do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orchestration.errors import AuditError, ProjectError
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.warehouse.checking import Verdict

SAMPLE_ROWS = 5
SAMPLE_CHECKS = 10

# What a person can do about an error of the engine, by words of its message.
ADVICE = (
    (
        ("Out of Memory",),
        (
            "The engine had no memory left. Give it more with DUCKDB_MEMORY_LIMIT (such as 8GB), "
            "or close what else runs here. Serving is as it was; the next refresh builds "
            "everything."
        ),
    ),
    (
        ("Could not write file", "No space left", "max_temp_directory_size"),
        (
            "A file could not be written: the disk or its quota is full. Free some; "
            "`docs/operating.md` says what takes it. Serving is as it was; the next refresh builds "
            "everything."
        ),
    ),
)


def raise_on_failure(result: Any) -> None:
    """Do nothing for a good result of dbt.

    Raises:
        ProjectError: dbt or a model failed.
    """
    if result.success:
        return
    if result.exception is not None:
        raise ProjectError(f"dbt failed: {result.exception}")
    broken = [r for r in result.result.results if str(r.status) == "error"]
    _raise_broken([f"{r.node.resource_type} {r.node.name}: {r.message}" for r in broken])


def raise_on_verdicts(settings: Settings, verdicts: Sequence[Verdict]) -> None:
    """Do nothing for verdicts that let the run go on.

    Raises:
        ProjectError: a test could not be run.
        AuditError: tests failed; the message names each and shows some failing rows.
    """
    broken = [each for each in verdicts if each.status == "error"]
    if broken:
        _raise_broken([f"test {each.check.name}: {each.message}" for each in broken])
    failed = [each for each in verdicts if each.status == "fail"]
    if not failed:
        return
    lines = [f"{len(failed)} checks failed; nothing is published, serving is as it was."]
    for each in failed[:SAMPLE_CHECKS]:
        lines += ["", f"{each.check.name}: {each.message}"]
        lines += [f"    {row}" for row in failing_rows(settings, each.check.rows)]
    if len(failed) > SAMPLE_CHECKS:
        lines += [
            "",
            "Also failed: " + ", ".join(each.check.name for each in failed[SAMPLE_CHECKS:]),
        ]
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


def _raise_broken(lines: Sequence[str]) -> None:
    told = "\n".join(lines)
    advice = [words for signs, words in ADVICE if any(sign in told for sign in signs)]
    raise ProjectError("\n".join(["dbt could not build everything.", *advice, *lines]))
