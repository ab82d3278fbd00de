"""What the checks find in a snapshot, written beside its facts: ``finding`` and ``check_count``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from rules.checks import LEVELS, Check, count_sql, finding_sql, kept_sql, prepare
from rules.facts import write
from rules.parameters import Parameter
from rules.touched import Everything
from store.amended import literal

TOLD = "told.json"  # by check, whether the county's registers keep what it needs
OF_HOUSEHOLDS = ("member", "household", "monitored")  # levels of which each row is a household's

_ORDER = {
    "finding": "check_key, village_code, subject_id",
    "check_count": "check_key, village_code",
}


def write_findings(
    connection: duckdb.DuckDBPyConnection,
    declared: Mapping[str, Check],
    parameters: Mapping[str, Parameter],
    folder: Path,
) -> None:
    """Write ``finding`` and ``check_count`` as Parquet into the folder, and what was told.

    The connection is the one that ``rules.facts.write_facts`` returned, or has the tables, the
    data date and the thresholds as that one does.
    """
    types = prepare(connection, parameters)
    told = _told(connection, declared)
    queries = {
        "finding": finding_sql(declared, types, told),
        "check_count": count_sql(declared, told),
    }
    for name, sql in queries.items():
        write(connection, sql, _ORDER[name], folder / f"{name}.parquet")
    (folder / TOLD).write_text(json.dumps(told), "utf-8")


def refresh_findings(
    connection: duckdb.DuckDBPyConnection,
    declared: Mapping[str, Check],
    parameters: Mapping[str, Parameter],
    before: Path,
    folder: Path,
) -> None:
    """Write the same, with the findings of households that nothing has touched as they were.

    ``before`` is the folder of the snapshot before; the connection has its tables in the schemas
    ``was`` and ``was_touched``, this snapshot's in ``now`` and ``now_touched``. Raises Everything
    where a column is kept that was not, or perhaps no longer is.
    """
    near = {key: check for key, check in declared.items() if check.level in OF_HOUSEHOLDS}
    rest = {key: check for key, check in declared.items() if key not in near}
    told = json.loads((before / TOLD).read_text("utf-8"))
    types: dict[str, dict[str, str]] = {}
    kept = {}
    for of in ("was", "now"):
        connection.execute(f"SET search_path = '{of}_touched,{of},main'")
        types |= prepare(connection, parameters, OF_HOUSEHOLDS)
        kept[of] = _told(connection, near)
        connection.execute(f"CREATE TABLE counted AS {count_sql(near, told)}")
    for key in near:
        came, left = kept["now"][key] > told[key], kept["was"][key] > kept["now"][key]
        if came or (told[key] and left):
            raise Everything
    connection.execute(f"CREATE TABLE found AS {finding_sql(near, types, told)}")
    connection.execute("SET search_path = 'now,main'")
    types |= prepare(connection, parameters, [n for n in LEVELS if n not in OF_HOUSEHOLDS])
    told |= _told(connection, rest)
    listed = ", ".join(f"'{key}'" for key in near)
    old = {name: f"read_parquet({literal(before / f'{name}.parquet')})" for name in _ORDER}
    stood = f"FROM {old['finding']} WHERE check_key IN ({listed}) AND household_id NOT IN"
    rows = f"({stood} (FROM main.touched)) UNION ALL FROM now_touched.found"
    if rest:
        rows += f" UNION ALL ({finding_sql(rest, types, told)})"
    write(connection, rows, _ORDER["finding"], folder / "finding.parquet")
    amounts = "sum({0}{1})::BIGINT AS {1}"
    changed = "SELECT check_key, village_code, -subjects AS subjects, -unknown AS unknown"
    rows = f"""SELECT check_key, village_code, {amounts.format("", "subjects")},
        {amounts.format("", "unknown")} FROM (
            FROM {old["check_count"]} WHERE check_key IN ({listed})
            UNION ALL FROM now_touched.counted
            UNION ALL {changed} FROM was_touched.counted)
        GROUP BY ALL HAVING sum(subjects) > 0"""
    if rest:
        rows = f"({rows}) UNION ALL ({count_sql(rest, told)})"
    write(connection, rows, _ORDER["check_count"], folder / "check_count.parquet")
    (folder / TOLD).write_text(json.dumps(told), "utf-8")


def _told(connection: duckdb.DuckDBPyConnection, declared: Mapping[str, Check]) -> dict[str, bool]:
    """By check, whether the relations have what it needs."""
    asked = {key: kept_sql(check) for key, check in declared.items() if check.needs}
    told = dict.fromkeys(declared, True)
    if asked:
        row = connection.execute(f"SELECT {', '.join(f'({sql})' for sql in asked.values())}")
        told |= dict(zip(asked, row.fetchall()[0], strict=True))
    return told
