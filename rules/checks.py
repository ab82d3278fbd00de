"""Checks for suspicious data: each one declaration, all run together when facts are derived.

A check looks at one level: a prepared relation (``level_member`` and so on, rules/check_subjects)
with a row a subject and the thresholds in force in the year judged. Its condition is true for a
finding; unknown is none, and is counted apart, so that a check that cannot be made is not taken for
passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from rules.fact_queries import data_date, fact_query
from rules.parameters import Parameter, in_force
from rules.registry import program as program_rules
from rules.registry import registry
from store.county_folder import in_use, once_a_state
from store.schema import TABLES
from store.yamls import only_keys, read_yaml

_FILE = Path(__file__).with_name("checks.yaml")
_LEVELS = Path(__file__).with_name("check_subjects")

# In the order in which they build on one another, and are shown.
LEVELS = (
    *("member", "household", "monitored", "village", "project", "asset", "facility", "shop"),
    *(
        "fund_source",
        "allotment",
        "payment",
        "receipt",
        "complaint",
        "fund",
        "cadre",
        "post",
        "home",
        "zone",
        "zone_village",
        "notice",
        "objection",
        "calendar",
    ),
    *("listed", "income", "entrusted"),
)
OF_HOUSEHOLDS = ("member", "household", "monitored")  # each row of these is a household's
# The gravest first.
SEVERITIES = ("error", "suspect", "hint")


class CheckError(ValueError):
    """A declaration says something impossible; the message names the check."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``where`` is its condition with its numbers filled in.

    ``says_zh`` and ``says_en`` are what the township reads, ``{column}`` standing for the subject's
    value, ``{threshold}`` for a parameter's, ``{number}`` for one of ``numbers``. ``needs`` are
    columns that the county's registers must fill somewhere for the check to be made at all.
    """

    key: str
    level: str
    severity: str
    zh: str
    en: str
    says_zh: str
    says_en: str
    where: str
    evidence: tuple[str, ...]
    source: str
    needs: tuple[str, ...] = ()
    numbers: Mapping[str, float] | None = None

    @property
    def relation(self) -> str:
        return f"level_{self.level}"


def check_of(key: str, entry: dict[str, Any]) -> Check:
    """A check from its declaration. Raises CheckError for one that does not fit."""
    only_keys(entry, [f.name for f in fields(Check) if f.name != "key"], f"check {key}")
    numbers = entry.get("numbers", {})
    entry = entry | {name: tuple(entry.get(name, ())) for name in ("evidence", "needs")}
    try:
        entry["where"] = entry["where"].format(**numbers)
        check = Check(key=key, **entry)
    except (KeyError, TypeError) as error:
        raise CheckError(f"check {key}: {error}") from None
    if check.level not in LEVELS or check.severity not in SEVERITIES:
        raise CheckError(f"check {key}: no such level or severity")
    return check


def read(file: Path) -> dict[str, Check]:
    """The checks of a file by key. Raises CheckError for one that does not fit, DeclarationError
    for a key that means nothing."""
    return {key: check_of(key, entry) for key, entry in read_yaml(file).items()}


@cache
def program() -> dict[str, Check]:
    """The program's checks by key."""
    return by_level(read(_FILE))


def by_level(found: Mapping[str, Check]) -> dict[str, Check]:
    """Checks in the order in which they are shown: by level, as declared."""
    return dict(sorted(found.items(), key=lambda item: LEVELS.index(item[1].level)))


def checks() -> dict[str, Check]:
    """Every check by key, by level as declared: the program's, with those of the home in use."""
    from rules import own  # judges by empty relations what a county declares

    return own.checks_of(in_use())[0]


def level_sql(level: str, parameters: Mapping[str, Parameter]) -> str:
    """The query of a level's relation: its facts, and the thresholds of the year judged.

    A fact relation that it names in braces is made within it: the level's rows may be of others.
    """
    text = (_LEVELS / f"{level}.sql").read_text(encoding="utf8")
    facts = re.sub(r"\{(\w+)\}", lambda named: fact_query(named[1]), text)
    held = "".join(f", t.{key}" for key in parameters)
    return (
        f"SELECT f.*{held}\nFROM (\n{facts}) AS f\n"
        "LEFT JOIN parameter_year AS t ON t.year = f.judged_year"
    )


def kept_sql(check: Check) -> str:
    """One row: whether the county's registers keep the columns that a check needs."""
    kept = " AND ".join(f"COUNT({column}) > 0" for column in check.needs) or "TRUE"
    return f"SELECT {kept} AS told FROM {check.relation}"


def _json(columns: tuple[str, ...], types: Mapping[str, str]) -> str:
    """SQL of a JSON object of the columns; numbers and flags bare, codes and dates quoted."""

    def value(column: str) -> str:
        text = f"CAST({column} AS STRING)"
        if types[column] in ("VARCHAR", "DATE"):
            text = f"'\"' || {text} || '\"'"
        return f"COALESCE({text}, 'null')"

    named = [f"'\"{column}\":' || {value(column)}" for column in columns]
    return "'{' || " + " || ',' || ".join(named) + " || '}'"


def finding_sql(
    declared: Mapping[str, Check],
    types: Mapping[str, Mapping[str, str]],
    told: Mapping[str, bool] | None = None,
) -> str:
    """One query for every finding of every check; ``types`` are the levels' columns' types.

    ``told`` says by check whether the registers keep what it needs, where that is known already.
    Raises CheckError for evidence that is no column of the check's level.
    """
    for check in declared.values():
        if missing := set(check.evidence) - set(types[check.level]):
            raise CheckError(f"check {check.key}: no such facts: {', '.join(sorted(missing))}")
    parts = []
    for level, asked in _of_levels(declared).items():
        keys = ", ".join(f"'{check.key}'" for check in asked)
        severities = ", ".join(f"'{check.severity}'" for check in asked)
        evidence = ",\n".join(
            f"CASE WHEN {_kept(check, told)} AND ({check.where})"
            f" THEN {_json(check.evidence, types[level])} END"
            for check in asked
        )
        parts.append(
            f"SELECT check_key, '{level}' AS level, severity, subject_id, household_id, "
            "village_code, SUBSTRING(village_code, 1, 9) AS township_code, evidence\n"
            "FROM (SELECT subject_id, household_id, village_code, "
            f"unnest([{keys}]) AS check_key, unnest([{severities}]) AS severity,\n"
            f"unnest([{evidence}]) AS evidence\nFROM level_{level} AS f)\n"
            "WHERE evidence IS NOT NULL"
        )
    return "\nUNION ALL\n".join(parts)


def count_sql(declared: Mapping[str, Check], told: Mapping[str, bool] | None = None) -> str:
    """One query for the subjects of each check by village, and those it cannot tell anything of."""
    parts = []
    for level, asked in _of_levels(declared).items():
        keys = ", ".join(f"'{check.key}'" for check in asked)
        unknown = ",\n".join(
            f"COUNT(*) - COUNT(CASE WHEN {_kept(check, told)} THEN ({check.where}) END)"
            for check in asked
        )
        parts.append(
            "SELECT unnest(keys) AS check_key, village_code, subjects, unnest(counts) AS unknown\n"
            f"FROM (SELECT village_code, COUNT(*) AS subjects, [{keys}] AS keys,\n"
            f"[{unknown}] AS counts\nFROM level_{level} AS f GROUP BY village_code)"
        )
    return "\nUNION ALL\n".join(parts)


def _of_levels(declared: Mapping[str, Check]) -> dict[str, list[Check]]:
    """The checks of each level: all of them are asked in one pass over its rows."""
    found: dict[str, list[Check]] = {}
    for check in declared.values():
        found.setdefault(check.level, []).append(check)
    return found


def _kept(check: Check, told: Mapping[str, bool] | None) -> str:
    """SQL: whether the columns that a check needs are kept."""
    if told is None:
        return f"({kept_sql(check)})"
    return "TRUE" if told[check.key] else "FALSE"


def check_sql(declared: Mapping[str, Check], parameters: Mapping[str, Parameter]) -> list[str]:
    """Everything that findings depend on beside the data, as text."""
    return [*(level_sql(level, parameters) for level in LEVELS), *map(repr, declared.values())]


def prepare(
    connection: duckdb.DuckDBPyConnection,
    parameters: Mapping[str, Parameter],
    levels: Iterable[str] = LEVELS,
) -> dict[str, dict[str, str]]:
    """Make the levels' relations in a connection that holds the tables, the data date and the
    thresholds by year; returns the types of their columns by level."""
    types: dict[str, dict[str, str]] = {}
    for level in levels:
        connection.execute(f"CREATE TABLE level_{level} AS {level_sql(level, parameters)}")
        described = connection.execute(f"DESCRIBE level_{level}").fetchall()
        types[level] = {row[0]: row[1] for row in described}
    return types


@contextmanager
def empty_levels() -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, dict[str, str]]]]:
    """A database with every level's relation, empty, and the types of their columns."""
    parameters = in_force()
    with duckdb.connect(":memory:") as connection:
        for table in TABLES:
            connection.from_arrow(table.arrow.empty_table()).create(table.name)
        thresholds = "".join(f", 0.0::DOUBLE AS {key}" for key in parameters)
        connection.execute(f"CREATE TABLE parameter_year AS SELECT 2025 AS year{thresholds}")
        connection.register("data_date", data_date(date(2025, 12, 31), parameters))
        yield connection, prepare(connection, parameters)


@once_a_state
def _level_types(home: Path | None) -> dict[str, dict[str, str]]:
    if registry() is program_rules():
        return _program_types(frozenset(in_force()))
    return _read_types()


@cache
def _program_types(thresholds: frozenset[str]) -> dict[str, dict[str, str]]:
    """Of every county without rules of its own, whatever the values of its thresholds."""
    return _read_types()


def _read_types() -> dict[str, dict[str, str]]:
    with empty_levels() as (_, types):
        return types


def level_types() -> dict[str, dict[str, str]]:
    """SQL types of every level's columns, read off the queries over empty tables."""
    return _level_types(in_use())


def judge(
    check: Check, facts: Mapping[str, Any], year: int, parameters: Mapping[str, Parameter]
) -> bool | None:
    """Whether a subject with these facts is a finding in a year; None where it cannot be told.

    Facts left out are unknown; thresholds are those in force in the year unless ``facts`` names
    them. Raises KeyError for a fact that the check's level does not have.
    """
    types = level_types()[check.level]
    held = {key: parameter.in_year(year) for key, parameter in parameters.items()}
    known = {key: value.value for key, value in held.items() if value} | dict(facts)
    if unknown := set(known) - set(types):
        raise KeyError(f"{check.key}: no such facts: {', '.join(sorted(unknown))}")
    named = [name for name in types if re.search(rf"\b{name}\b", check.where)]
    columns = ", ".join(
        f"CAST({f'${name}' if name in known else 'NULL'} AS {types[name]}) AS {name}"
        for name in named
    )
    given = {name: known[name] for name in named if name in known}
    sql = f"SELECT ({check.where}) FROM (SELECT {columns})"
    return duckdb.execute(sql, given).fetchall()[0][0]
