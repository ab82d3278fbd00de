"""What a county's numbers are judged by, under one fingerprint, and what changed between two.

A shared address carries the fingerprint. What it stood for is kept in the home (``rulebooks``), so
that an address made under other thresholds can be told from one that still means the same numbers.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from metrics.registry import Indicator, Measure
from rules.checks import LEVELS, Check, level_sql
from rules.fact_queries import fact_query
from rules.facts import RELATIONS
from rules.parameters import Parameter
from rules.registry import Registry, Rule, columns_in

FOLDER = "rulebooks"
# Thresholds that facts are made with, and the facts: no rule names these thresholds itself.
_IN_FACTS = {
    "away_months": {"members_at_home", "youngest_age_at_home"},
    "elderly_age_years": {"elderly_members"},
    "due_soon_days": {"ledger_state"},
}

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Thresholds, rules, indicators and checks that stand together, and their fingerprint."""

    fingerprint: str
    record: Record

    def keep(self, home: Path) -> None:
        """Write what the fingerprint stands for into the home, or that it is in use again."""
        path = home / FOLDER / f"{self.fingerprint}.json"
        with suppress(OSError):  # a home that cannot be written still shows its numbers
            if path.exists():
                path.touch()  # those longest out of use are pruned
                return
            path.parent.mkdir(exist_ok=True)
            work = path.with_name(f".{path.name}-{os.getpid()}")
            work.write_text(json.dumps(self.record, ensure_ascii=False), "utf8")
            work.replace(path)


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys that changed between two rulebooks, and those that depend on what changed.

    ``facts``: the program makes the facts themselves otherwise. ``rules`` and ``indicators`` are
    those whose answers may differ: changed themselves, or resting on what changed.
    """

    thresholds: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    facts: bool = False


def rulebook(
    known: Registry,
    indicators: Mapping[str, Indicator],
    checks: Mapping[str, Check],
    parameters: Mapping[str, Parameter],
) -> Rulebook:
    """The rulebook of what is declared. Names count for nothing: they change no number."""
    record = {
        "thresholds": {key: _values(each) for key, each in parameters.items()},
        "rules": {key: _rule(known, rule) for key, rule in known.rules.items()},
        "indicators": {key: _indicator(each) for key, each in indicators.items()},
        "checks": {key: each.where for key, each in checks.items()},
        "facts": _digest([*map(fact_query, RELATIONS), *(level_sql(one, {}) for one in LEVELS)]),
    }
    return Rulebook(_digest(record)[:12], record)


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf8")).hexdigest()


def _values(parameter: Parameter) -> list[list[Any]]:
    return [[v.start.isoformat(), v.end.isoformat(), v.value] for v in parameter.values]


def _rule(known: Registry, rule: Rule) -> list[Any]:
    system = known.systems[rule.system]
    classes = {name: list(keys) for name, keys in system.classes.items() if rule.key in keys}
    return [rule.where, rule.relation, rule.since, rule.until, system.among, classes]


def _indicator(indicator: Indicator) -> list[Any]:
    parts = (indicator.numerator, indicator.denominator)
    return [
        indicator.unit,
        *(each and [each.relation, each.value, each.condition] for each in parts),
    ]


def read(home: Path, fingerprint: str) -> Record | None:
    """What a fingerprint stood for; None where the home has no record of it, or none to read."""
    try:
        found: Record = json.loads((home / FOLDER / f"{fingerprint}.json").read_text("utf8"))
    except (OSError, ValueError):
        return None
    return found


def value_in(record: Record, key: str, year: int) -> float | None:
    """A threshold's value at the end of a year in a record; None where it had none."""
    day = date(year, 12, 31).isoformat()
    held = (v for start, end, v in record["thresholds"].get(key, ()) if start <= day <= end)
    return next(held, None)


def changes(
    then: Record, now: Record, known: Registry, indicators: Mapping[str, Indicator]
) -> Changes:
    """What changed from one record to another, by today's rules and indicators."""
    moved = _differing(then, now, "thresholds")
    declared = _differing(then, now, "rules")
    stale = {*moved, *(fact for key in moved for fact in _IN_FACTS.get(key, ()))}
    answers = _resting(known, stale, declared)
    columns = stale | {known.rules[key].column for key in answers}
    columns |= _classes(known, answers)
    named = _differing(then, now, "indicators")
    return Changes(
        thresholds=moved,
        declared=declared,
        rules=answers,
        indicators=tuple(
            key for key, each in indicators.items() if key in named or _names(each) & columns
        ),
        checks=tuple(
            key for key, where in now["checks"].items()
            if then["checks"].get(key) != where or columns_in(where) & stale
        ),
        facts=then["facts"] != now["facts"],
    )  # fmt: skip


def _differing(then: Record, now: Record, part: str) -> tuple[str, ...]:
    """Keys of a part that say something else, or stand in one of the records only."""
    keys = dict.fromkeys([*now[part], *then[part]])
    return tuple(key for key in keys if then[part].get(key) != now[part].get(key))


def _resting(known: Registry, stale: Collection[str], declared: Iterable[str]) -> tuple[str, ...]:
    """Rules that changed themselves or name what changed, at any remove, in their order."""
    found = set(declared) & set(known.rules)
    columns = {*stale, *(known.rules[key].column for key in found)}
    while more := {
        key for key, rule in known.rules.items() if key not in found and rule.names & columns
    }:
        found |= more
        columns |= {known.rules[key].column for key in more}
    return tuple(key for key in known.rules if key in found)


def _classes(known: Registry, answers: Collection[str]) -> set[str]:
    """Columns that hold the class by one of these rules."""
    return {
        name
        for system in known.systems.values()
        for name, keys in system.classes.items()
        if set(keys) & set(answers)
    }


def _names(indicator: Indicator) -> frozenset[str]:
    parts: list[Measure | None] = [indicator.numerator, indicator.denominator]
    texts = (f"{each.value} {each.condition}" for each in parts if each)
    return frozenset().union(*map(columns_in, texts))
