"""What the checks find in a snapshot, written beside its facts: ``finding`` and ``check_count``."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from rules.changed import Changed, differing, words
from rules.checks import (
    LEVELS,
    OF_HOUSEHOLDS,
    Check,
    count_sql,
    finding_sql,
    kept_sql,
    level_sql,
    prepare,
)
from rules.facts import write
from rules.parameters import Parameter
from rules.touched import Everything
from store.amended import link, literal

TOLD = "told.json"  # by check, whether the county's registers keep what it needs

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
    changed: Changed,
    near: Collection[str],
    before: Path,
    folder: Path,
) -> None:
    """Write the same, with the findings of what nothing has touched as they were.

    ``before`` is the folder of the snapshot before; the rest is what ``refresh_facts`` gave:
    ``near`` are the levels of checks about households that may say something else. Raises
    Everything where a column is kept that was not, or perhaps no longer is.
    """
    far = [
        level
        for level in LEVELS
        if level not in OF_HOUSEHOLDS and changed.stale(level_sql(level, parameters))
    ]
    told = json.loads((before / TOLD).read_text("utf-8"))
    types = _near_levels(connection, parameters, near, changed)
    touched = {
        key: check
        for key, check in declared.items()
        if check.level in near and changed.columns(check.relation) != frozenset()
    }
    anew = {key: check for key, check in declared.items() if check.level in far}
    if not touched and not anew:
        for name in (TOLD, *(f"{name}.parquet" for name in _ORDER)):
            link(before / name, folder / name)
        return
    if touched:
        _judge_touched(connection, touched, types, told)
    connection.execute("SET search_path = 'now,main'")
    types |= prepare(connection, parameters, far)
    told |= _told(connection, anew)
    for name, rows in _amended(touched, anew, types, told, before).items():
        write(connection, rows, _ORDER[name], folder / f"{name}.parquet")
    (folder / TOLD).write_text(json.dumps(told), "utf-8")


def _near_levels(
    connection: duckdb.DuckDBPyConnection,
    parameters: Mapping[str, Parameter],
    near: Collection[str],
    changed: Changed,
) -> dict[str, dict[str, str]]:
    """Make the levels of both snapshots' touched households, and note what of them changed."""
    types: dict[str, dict[str, str]] = {}
    queries = {level: level_sql(level, parameters) for level in LEVELS if level in near}
    for level, sql in queries.items():
        relation = f"level_{level}"
        moved = changed.stale(sql)
        if not moved and not any(relation in words(other) for other in queries.values()):
            continue
        for of in ("now", "was") if moved else ("now",):
            connection.execute(f"SET search_path = '{of}_touched,{of},now,main'")
            types |= prepare(connection, parameters, [level])
        was, now = (f"{of}_touched.{relation}" for of in ("was", "now"))
        if moved:
            columns = [column for column in types[level] if column not in parameters]
            changed.note(relation, differing(connection, was, now, columns, ["subject_id"]))
        else:
            connection.execute(f"CREATE VIEW {was} AS FROM {now}")
    return types


def _judge_touched(
    connection: duckdb.DuckDBPyConnection,
    touched: Mapping[str, Check],
    types: Mapping[str, Mapping[str, str]],
    told: Mapping[str, bool],
) -> None:
    """Note what is ``found`` now and the subjects ``counted`` then and now. Raises Everything."""
    kept = {}
    for of in ("was", "now"):
        connection.execute(f"SET search_path = '{of}_touched,{of},now,main'")
        kept[of] = _told(connection, touched)
        connection.execute(f"CREATE TABLE {of}_touched.counted AS {count_sql(touched, told)}")
    for key in touched:
        came, left = kept["now"][key] > told[key], kept["was"][key] > kept["now"][key]
        if came or (told[key] and left):
            raise Everything
    connection.execute(f"CREATE TABLE now_touched.found AS {finding_sql(touched, types, told)}")


def _amended(
    touched: Collection[str],
    anew: Mapping[str, Check],
    types: Mapping[str, Mapping[str, str]],
    told: Mapping[str, bool],
    before: Path,
) -> dict[str, str]:
    """SQL of the rows of both relations: those that stand, and those of what is judged anew."""
    old = {name: f"read_parquet({literal(before / f'{name}.parquet')})" for name in _ORDER}
    gone = ", ".join(f"'{key}'" for key in anew) or "NULL"
    stands = f"(check_key IN ({gone})) IS NOT TRUE"
    near = ", ".join(f"'{key}'" for key in touched) or "NULL"
    about = f"(check_key IN ({near}) AND household_id IN (FROM main.touched)) IS NOT TRUE"
    finding = f"(FROM {old['finding']} WHERE {stands} AND {about})"
    count = f"FROM {old['check_count']} WHERE {stands}"
    if touched:
        finding += " UNION ALL FROM now_touched.found"
        amounts = "sum({0})::BIGINT AS {0}"
        changed = "SELECT check_key, village_code, -subjects AS subjects, -unknown AS unknown"
        count = f"""SELECT check_key, village_code, {amounts.format("subjects")},
            {amounts.format("unknown")} FROM (
                {count}
                UNION ALL FROM now_touched.counted
                UNION ALL {changed} FROM was_touched.counted)
            GROUP BY ALL HAVING sum(subjects) > 0"""
    if anew:
        finding += f" UNION ALL ({finding_sql(anew, types, told)})"
        count = f"({count}) UNION ALL ({count_sql(anew, told)})"
    return {"finding": finding, "check_count": count}


def _told(connection: duckdb.DuckDBPyConnection, declared: Mapping[str, Check]) -> dict[str, bool]:
    """By check, whether the relations have what it needs."""
    asked = {key: kept_sql(check) for key, check in declared.items() if check.needs}
    told = dict.fromkeys(declared, True)
    if asked:
        row = connection.execute(f"SELECT {', '.join(f'({sql})' for sql in asked.values())}")
        told |= dict(zip(asked, row.fetchall()[0], strict=True))
    return told
