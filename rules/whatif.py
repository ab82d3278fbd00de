"""Rules judged again with other thresholds: who would enter and who would leave. Nothing is kept.

Thresholds stand as columns beside the facts, so that judging again is one query over the facts
with those columns replaced. Everything goes through a reader, and so stays inside its scope.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from rules.fact_queries import FACT_PARAMETERS
from rules.parameters import Parameter, in_force
from rules.registry import Rule, RuleError, answered, asked_of, columns_in, needed, rules
from store.reader import Reader

# What a row of a relation is about, and where it lies.
_SUBJECTS = {
    "household_fact": ("household_id", "village_code"),
    "member_fact": ("member_id", "village_code"),
    "monitored_fact": ("household_id", "village_code"),
    "village_fact": ("village_code", "village_code"),
    "county_fact": ("county_code", "county_code"),
    "relocation_fact": ("household_id", "village_code"),
    "visit_fact": ("household_id", "village_code"),
    "cadre_fact": ("cadre_id", "village_code"),
    "station_fact": ("village_code", "village_code"),
    "home_household_fact": ("household_id", "village_code"),
    "home_fact": ("home_id", "village_code"),
    "supervised_fact": ("household_id", "village_code"),
    "zone_fact": ("zone_code", "village_code"),
    "calendar_household_fact": ("household_id", "village_code"),
    "worker_fact": ("member_id", "village_code"),
    "work_fact": ("household_id", "village_code"),
    "post_fact": ("post_id", "village_code"),
    "workplace_fact": ("workplace_id", "village_code"),
    "leader_fact": ("leader_id", "village_code"),
    "leading_fact": ("village_code", "village_code"),
    "income_fact": ("village_code", "village_code"),
    "entrust_fact": ("entrust_id", "village_code"),
}
Way = Literal["in", "out"]
WAYS: tuple[Way, ...] = get_args(Way)
_COUNTS = ("before", "after", "entering", "leaving", "unknown")


@dataclass(frozen=True, slots=True)
class Moves:
    """Subjects that one rule is asked of in a place: how many met it, would meet it, enter, leave,
    and cannot be judged by the new thresholds."""

    before: int = 0
    after: int = 0
    entering: int = 0
    leaving: int = 0
    unknown: int = 0

    @property
    def moving(self) -> int:
        """Subjects that enter or leave."""
        return self.entering + self.leaving

    def __add__(self, other: Moves) -> Moves:
        return Moves(*(getattr(self, c) + getattr(other, c) for c in _COUNTS))


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What moves under other thresholds.

    ``places``: rule, then village code (of the county rules: county code), to its counts.
    ``entering`` and ``leaving``: rule to the subjects that move, as (subject id, village code), in
    the order of their ids. A subject of ``household_fact`` is a household, and so on.
    """

    places: Mapping[str, Mapping[str, Moves]]
    entering: Mapping[str, Sequence[tuple[str, str]]]
    leaving: Mapping[str, Sequence[tuple[str, str]]]

    def total(self, rule: str, region: str = "") -> Moves:
        """Counts of the rule over every village whose code begins with ``region``."""
        held = self.places[rule].items()
        return sum((moves for code, moves in held if code.startswith(region)), Moves())


def adjustable(rule: Rule) -> list[str]:
    """Parameters that the rule, or a rule it asks, names and that judging again can replace.

    Those that the facts themselves are made with are left out: they need the snapshot derived anew.
    """
    named = {name for layer in needed([rule]) for other in layer for name in other.names}
    return [key for key in in_force() if key in named and key not in FACT_PARAMETERS]


def as_of(rule: Rule, parameters: Mapping[str, Parameter], day: date) -> dict[str, float | None]:
    """Overrides that judge the rule by another day's thresholds; None for one unknown then."""
    held = {key: parameters[key].at(day) for key in adjustable(rule)}
    return {key: value.value if value else None for key, value in held.items()}


def rejudge(
    reader: Reader,
    keys: Sequence[str],
    year: int,
    overrides: Mapping[str, float | None],
) -> Rejudged:
    """The rules judged again for a year, thresholds in ``overrides`` replaced (None: unknown).

    All rules must judge one relation. Raises KeyError for a rule that there is not, RuleError for
    rules of several relations or a parameter that none of them can be judged again by.
    """
    chosen = [rules()[key] for key in keys]
    relation = _relation(chosen)
    if odd := set(overrides) - {key for rule in chosen for key in adjustable(rule)}:
        raise RuleError(f"not thresholds of {', '.join(keys)}: {', '.join(sorted(odd))}")
    given = {f"new_{key}": value for key, value in overrides.items()} | {"year": year}
    named = {key: f"$new_{key}" for key in overrides}
    rows = reader.rows(_sql(relation, chosen, named), **given)
    return Rejudged(
        {
            key: {row["place"]: Moves(*(row[f"{key}_{c}"] for c in _COUNTS)) for row in rows}
            for key in keys
        },
        {key: _listed(rows, f"{key}_in") for key in keys},
        {key: _listed(rows, f"{key}_out") for key in keys},
    )


def moving(rule: Rule, threshold: str, size: float, way: Way) -> str:
    """SQL of the subjects that enter or leave a rule in ``$year`` by one other threshold.

    One column, named as the relation names its subjects. Raises RuleError for a threshold that the
    rule cannot be judged again by.
    """
    if threshold not in adjustable(rule):
        raise RuleError(f"not a threshold of {rule.key}: {threshold}")
    again = _again(rule.relation, [rule], {threshold: repr(float(size))})
    moved = _entering(rule) if way == "in" else _leaving(rule)
    return f"SELECT {subject(rule)} FROM ({again}) AS again WHERE {moved}"


def subject(rule: Rule) -> str:
    """The column that says what a row of the rule's relation is about."""
    return _SUBJECTS[rule.relation][0]


def _listed(rows: Sequence[Mapping[str, Any]], column: str) -> list[tuple[str, str]]:
    return sorted((subject, row["place"]) for row in rows for subject in row[column] or ())


def _relation(chosen: Sequence[Rule]) -> str:
    relations = {rule.relation for rule in chosen}
    if len(relations) != 1:
        raise RuleError(f"rules of one relation are judged together, not {sorted(relations)}")
    return relations.pop()


def _again(relation: str, chosen: Sequence[Rule], overrides: Mapping[str, str]) -> str:
    """The query that judges again: the old answers beside the new ones.

    ``overrides`` are SQL values of the thresholds replaced.
    """
    layers = needed(chosen)
    asked = {name for layer in layers for rule in layer for name in rule.names}
    asked |= {name for rule in chosen for name in columns_in(asked_of(rule))} - {"TRUE"}
    asked -= {rule.column for layer in layers for rule in layer}
    held = sorted({*asked, "year", *_SUBJECTS[relation]} - set(overrides))
    columns = [f"f.{name}" for name in held]
    columns += [f"CAST({value} AS DOUBLE) AS {key}" for key, value in overrides.items()]
    columns += [f"f.{rule.column} AS was_{rule.key}" for rule in chosen]
    columns += [f"COALESCE({asked_of(rule)}, FALSE) AS asked_{rule.key}" for rule in chosen]
    facts = f"SELECT {', '.join(columns)} FROM {{{relation}}} AS f WHERE f.year = $year"
    return answered(facts, layers)


def _entering(rule: Rule) -> str:
    was = f"COALESCE(was_{rule.key}, FALSE)"
    return f"COALESCE(asked_{rule.key} AND {rule.column} AND NOT {was}, FALSE)"


def _leaving(rule: Rule) -> str:
    return f"COALESCE(asked_{rule.key} AND was_{rule.key} AND NOT {rule.column}, FALSE)"


def _sql(relation: str, chosen: Sequence[Rule], overrides: Mapping[str, str]) -> str:
    """One row a place: the counts of each rule, and lists of the subjects that move."""
    about, place = _SUBJECTS[relation]
    columns = []
    for rule in chosen:
        entering, leaving = _entering(rule), _leaving(rule)
        here = f"asked_{rule.key} AND "
        was, now = f"{here}was_{rule.key}", f"{here}{rule.column}"
        conditions = (was, now, entering, leaving, f"{now} IS NULL")
        columns += [
            f"COUNT(*) FILTER (WHERE {condition}) AS {rule.key}_{name}"
            for name, condition in zip(_COUNTS, conditions, strict=True)
        ]
        columns += [
            f"LIST({about}) FILTER (WHERE {entering}) AS {rule.key}_in",
            f"LIST({about}) FILTER (WHERE {leaving}) AS {rule.key}_out",
        ]
    return (
        f"SELECT {place} AS place, {', '.join(columns)} "
        f"FROM ({_again(relation, chosen, overrides)}) AS again GROUP BY {place} ORDER BY {place}"
    )
