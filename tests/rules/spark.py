"""Facts, answers of rules and checks, and what the cube groups, made by Spark instead of DuckDB.

From the same files by the same SQL: one query a relation, with every answer as a column.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from metrics.cube import cube_sql
from metrics.registry import indicators
from rules.checks import LEVELS, checks, level_sql
from rules.fact_queries import data_date, parameter_year
from rules.facts import fact_sql
from rules.parameters import Parameter
from rules.registry import groups
from store import schema
from store.snapshots import Snapshot

JAVA = shutil.which("java")


@contextmanager
def session(folder: Path) -> Iterator[Any]:
    """A Spark session in this process, on two cores, with everything it writes in the folder."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        # Each query runs once: compiling it well, or planning it anew, costs more than it saves.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.adaptive.enabled": "false",
        "spark.local.dir": str(folder / "scratch"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("taizhang")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


def _empty(folder: Path, table: schema.Table) -> Path:
    path = folder / f"{table.name}.parquet"
    pq.write_table(table.arrow.empty_table(), path)
    return path


def _filled(snapshot: Snapshot, folder: Path, table: schema.Table) -> Path:
    """The table's file; one written anew where the snapshot lacks the table or a column."""
    if table.name not in snapshot.tables:
        return _empty(folder, table)
    path = snapshot.path(table.name)
    held = pq.read_table(path)
    if missing := [field for field in table.arrow if field.name not in held.column_names]:
        for field in missing:
            held = held.append_column(field, pa.nulls(held.num_rows, field.type))
        path = folder / f"{table.name}.parquet"
        pq.write_table(held, path)
    return path


def check_queries(parameters: dict[str, Parameter]) -> dict[str, str]:
    """The subjects of each level and, as columns ``check_<key>``, the answer of every check.

    ``level_<level>`` has the answers; ``told_<level>``, of one row, whether a check can be made.
    """
    queries = {}
    for level in LEVELS:
        own = [check for check in checks().values() if check.level == level]
        answers = ", ".join(f"({check.where}) AS check_{check.key}" for check in own)
        facts = level_sql(level, parameters)
        queries[f"level_{level}"] = f"SELECT facts.*, {answers} FROM ({facts}) AS facts"
        told = ", ".join(
            " AND ".join(["COUNT(*) >= 0", *(f"COUNT({column}) > 0" for column in check.needs)])
            + f" AS check_{check.key}"
            for check in own
        )
        queries[f"told_{level}"] = f"SELECT {told} FROM level_{level}"
    return queries


def write_relations(
    spark: Any, snapshot: Snapshot, parameters: dict[str, Parameter], folder: Path
) -> dict[str, str]:
    """Every fact relation; ``cube_<relation>``, what the cube groups of it; ``check_queries``.

    Returns the Parquet pattern of each, for DuckDB to read.
    """
    for table in schema.TABLES:
        source = _filled(snapshot, folder, table)
        spark.read.parquet(str(source)).createOrReplaceTempView(table.name)
    day = snapshot.data_date
    for name, rows in {
        "data_date": data_date(day, parameters),
        "parameter_year": parameter_year(day.year, parameters),
    }.items():
        pq.write_table(rows, folder / f"{name}.parquet")
        spark.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    queries = fact_sql(groups(), parameters)
    queries |= {f"cube_{name}": sql for name, sql in cube_sql(indicators()).items()}
    queries |= check_queries(parameters)
    for name, sql in queries.items():
        target = folder / "spark" / name
        spark.sql(sql).write.parquet(str(target))
        spark.read.parquet(str(target)).createOrReplaceTempView(name)
    return {name: str(folder / "spark" / name / "*.parquet") for name in queries}
