"""Every model alone on Spark, beside the table DuckDB built of it.

The tables above a model are DuckDB's own, so a difference belongs to the model and goes no further.
The graph as a whole, where each engine reads what it built itself, is the tests' business.

    python -m tests.spark.parity --data <data folder> [--select <part of a path> ...]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tests.spark.comparing import Difference, difference
from tests.spark.sessions import small_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PROJECT = Path(__file__).resolve().parents[2]
VARS = {"as_of": "2026-04-15T06:00:00Z", "reporting_zone": "America/New_York"}


@dataclass(frozen=True)
class Verdict:
    """What became of one model: equal where there is neither an error nor a difference."""

    model: str
    seconds: float
    error: str = ""
    found: Difference | None = None

    @property
    def equal(self) -> bool:
        return not self.error and self.found is None

    def __str__(self) -> str:
        said = "ok" if self.equal else f"ERROR {self.error}" if self.error else f"DIFF {self.found}"
        return f"{self.model} ({self.seconds:.1f} s): {said}"


def compiled(
    data_dir: Path, target_dir: Path, selection: Iterable[str], variables: dict[str, Any]
) -> tuple[dict[str, Any], Any]:
    """dbt's own nodes of the models selected, compiled for Spark, and the manifest."""
    from dbt.cli.main import dbtRunner

    os.environ["WAREHOUSE_DATA_DIR"] = str(data_dir)
    common = [
        *("--target", "spark"),
        *("--project-dir", str(PROJECT / "dbt_project")),
        *("--profiles-dir", str(PROJECT / "dbt_project")),
        *("--target-path", str(target_dir), "--log-path", str(target_dir)),
        *("--vars", json.dumps(variables)),
    ]
    manifest = _result(dbtRunner().invoke(["--quiet", "parse", *common]))
    chosen = [f"resource_type:model,{each}" for each in selection]
    results = _result(
        dbtRunner(manifest=manifest).invoke(
            [
                *("--quiet", "compile", "--no-populate-cache", "--indirect-selection", "empty"),
                *(*common, "--select", *chosen),
            ]
        )
    )
    wrong = {each.node.name: each.message for each in results if each.status == "error"}
    if wrong:
        raise AssertionError(f"not compiled: {wrong}")
    return {each.node.unique_id: each.node for each in results}, manifest


def _result(outcome: Any) -> Any:
    if outcome.exception:
        raise outcome.exception
    return outcome.result


class Bench:
    """DuckDB's tables as Spark's, and the result of a model on Spark beside DuckDB's."""

    def __init__(self, spark: SparkSession, data_dir: Path, work: Path, manifest: Any) -> None:
        self.spark, self.work, self.manifest = spark, work, manifest
        self.duck = duckdb.connect()
        self.duck.execute("set TimeZone = 'UTC'; set memory_limit = '2GB'; set threads = 2")
        self.duck.execute(f"attach '{data_dir}/warehouse.duckdb' as warehouse (read_only)")
        self.given: set[str] = set()

    def judge(self, node: Any) -> Verdict:
        """Run one model on Spark and compare."""
        begun = time.monotonic()
        result = self.work / "results" / node.name
        try:
            for upstream in node.depends_on.nodes:
                self._give(upstream)
            frame = self.spark.sql(node.compiled_code)
            frame.write.mode("overwrite").parquet(str(result))
            found = difference(
                self.duck,
                f'warehouse."{node.schema}"."{node.alias}"',
                f"read_parquet('{result}/*.parquet')",
            )
        except Exception as error:  # whatever an engine throws is the verdict on this model
            return Verdict(node.name, time.monotonic() - begun, error=_brief(error))
        finally:
            shutil.rmtree(result, ignore_errors=True)
        return Verdict(node.name, time.monotonic() - begun, found=found)

    def _give(self, unique_id: str) -> None:
        """DuckDB's table of a model or seed, by the name dbt gives it; the lake is read itself."""
        if unique_id in self.given or unique_id in self.manifest.sources:
            return
        self.given.add(unique_id)
        node = self.manifest.nodes[unique_id]
        place = self.work / "given" / node.schema / f"{node.alias}.parquet"
        place.parent.mkdir(parents=True, exist_ok=True)
        stored = f'warehouse."{node.schema}"."{node.alias}"'
        columns = self.duck.execute(f"describe {stored}").fetchall()
        # Parquet has no integers of 128 bits; DuckDB would write doubles.
        wide = ", ".join(
            f'cast("{name}" as decimal(38, 0)) as "{name}"'
            for name, type_, *_ in columns
            if type_ == "HUGEINT"
        )
        kept = f"* replace ({wide})" if wide else "*"
        self.duck.execute(f"copy (select {kept} from {stored}) to '{place}'")
        self.spark.sql(f"create database if not exists {node.schema}")
        self.spark.sql(
            f"create table {node.schema}.{node.alias} using parquet options (path '{place}')"
        )


def judged(
    data_dir: Path,
    work: Path,
    selection: Iterable[str] = ("*",),
    variables: dict[str, Any] = VARS,
    target_dir: Path | None = None,
) -> Iterator[Verdict]:
    """Judge the models selected, in the order of dbt's graph."""
    nodes, manifest = compiled(data_dir, target_dir or work / "dbt", selection, variables)
    spark = small_session(work)
    bench = Bench(spark, data_dir, work, manifest)
    for node in nodes.values():
        yield bench.judge(node)


def _brief(error: Exception) -> str:
    text = str(error).split("JVM stacktrace")[0].strip()
    return "\n".join(text.splitlines()[:12])[:1500]


def main(arguments: list[str] | None = None) -> int:
    """Print model → ok, error or how it differs; 1 where any does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--select", nargs="+", default=["*"])
    parser.add_argument("--parsed", type=Path, help="where dbt keeps what it parsed")
    chosen = parser.parse_args(arguments)
    verdicts = []
    with tempfile.TemporaryDirectory() as folder:
        for verdict in judged(
            chosen.data.resolve(), Path(folder), chosen.select, target_dir=chosen.parsed
        ):
            print(verdict, flush=True)
            verdicts.append(verdict)
    wrong = [verdict.model for verdict in verdicts if not verdict.equal]
    print(f"{len(verdicts) - len(wrong)} equal, {len(wrong)} not: {' '.join(wrong)}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
