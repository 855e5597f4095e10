"""A small Spark session of this process, for tests.

How Spark is set for little data on two cores. What runs in the session is the business of
`parity.py` and of the tests.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Little data on two cores: whole stages are not compiled to Java, which costs more than it saves;
# single expressions are, as sorting and comparing pair by pair is ten times slower interpreted.
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "3g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.analyzer.maxIterations": "1000",
    "spark.sql.optimizer.maxIterations": "1000",
    "spark.sql.parquet.mergeSchema": "true",
    "spark.sql.sources.default": "parquet",
}

QUIET = """\
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1}: %m%n
"""


def small_session(folder: Path, master: str = "local[2]") -> SparkSession:
    """The session of this process, made with its tables and scratch files under `folder`."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    # Instants are handed to Python as wall times of its own zone.
    os.environ["TZ"] = "UTC"
    time.tzset()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("social-kpi-warehouse")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = (
        # As the target `spark` of the profile has it, for plans of many steps.
        builder.config("spark.driver.defaultJavaOptions", "-Xss16m")
        .config("spark.sql.warehouse.dir", str(folder / "tables"))
        .config("spark.local.dir", str(folder / "scratch"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    return session


def write_defaults(folder: Path, others: Mapping[str, str] | None = None) -> None:
    """The same settings, and others, as a file for another process: `SPARK_CONF_DIR` names it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} {value}" for name, value in (SETTINGS | dict(others or {})).items()]
    (folder / "spark-defaults.conf").write_text("\n".join(lines) + "\n")
    (folder / "log4j2.properties").write_text(QUIET)
