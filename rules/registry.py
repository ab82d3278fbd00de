"""The systems of rules, read from YAML: each rule one declaration over one fact relation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from store.county_folder import in_use
from store.yamls import only_keys, read_yaml

FOLDER = Path(__file__).parent

# In the order they are shown. A system's file has its name.
SYSTEMS = (
    "groups",
    "labour_classes",
    "household_exit",
    "deprivation",
    "six_inspections",
    "village_exit",
    "county_exit",
    "collective_income",
    "entrusted_operation",
    "safety_net",
    "monitored",
    "relocation",
    "resettlement_sites",
    "visits",
    "stationed",
    "happiness_homes",
    "home_eligibility",
    "home_residents",
    "package_211130",
    "calendar",
    "calendar_homes",
    "work",
    "workers",
    "posts",
    "workplaces",
    "leaders",
    "war_zones",
    "zone_grids",
)
_NAME = re.compile(r"'[^']*'|\b[a-z_][a-z0-9_]*\b")


class RuleError(ValueError):
    """A declaration says something impossible; the message names the rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A criterion over one fact relation.

    ``where`` is true for a subject that meets it, false for one that does not, NULL where a fact or
    a parameter is missing; it may name the answers of other rules of its relation (``in_<key>``).
    Before ``since`` and after ``until`` the rule does not exist: it has no answer, which is not the
    same as an answer of no. ``parts`` are the standards that a composed rule joins (``compose``:
    all_of, any_of, lacks_one_of). A ``lasting`` rule is met for good, whatever is done.
    A county's ``own`` rule that
    cannot be computed for a subject is unknown there, and stops nothing.
    """

    key: str
    zh: str
    en: str
    since: int
    where: str
    evidence: tuple[str, ...]
    definition_zh: str
    definition_en: str
    source: str
    relation: str = "household_fact"
    system: str = "groups"
    until: int | None = None
    weak: bool = False
    compose: str | None = None
    parts: tuple[str, ...] = ()
    lasting: bool = False
    own: bool = False

    @property
    def column(self) -> str:
        """The column of the fact relation that holds the answer."""
        return f"in_{self.key}"

    @property
    def names(self) -> frozenset[str]:
        """Every column that the condition names: facts, thresholds, answers of other rules."""
        return columns_in(self.where)

    @property
    def sql(self) -> str:
        """The answer as a column, over a relation that has the facts and thresholds named."""
        answer = f"TRY({self.where})" if self.own else f"({self.where})"
        return f"CASE WHEN {self.in_force_sql} THEN {answer} END AS {self.column}"

    @property
    def in_force_sql(self) -> str:
        """SQL condition of the years in which the rule exists."""
        until = "" if self.until is None else f" AND year <= {self.until}"
        return f"year >= {self.since}{until}"

    @property
    def which_sql(self) -> str:
        """The key of the one part missed, as a column; for a rule that lacks one of its parts."""
        steps = "".join(f" WHEN NOT in_{part} THEN '{part}'" for part in self.parts)
        steps = f"WHEN NOT COALESCE({self.column}, FALSE) THEN NULL{steps}"
        return f"CASE {steps} END AS {self.key}_part"

    def exists(self, year: int) -> bool:
        """Whether the rule was in force in a year."""
        return self.since <= year and (self.until is None or year <= self.until)


@dataclass(frozen=True, slots=True)
class System:
    """Rules that belong together.

    ``among`` is the condition of the subjects that the question makes sense for. ``classes`` names
    columns that hold one rule's key a subject: the first rule of the list that holds, ``unknown``
    where that cannot be told, NULL outside ``among``.
    """

    key: str
    zh: str
    en: str
    relation: str
    among: str
    rules: Mapping[str, Rule]
    classes: Mapping[str, tuple[str, ...]]
    definition_zh: str
    definition_en: str

    def class_sql(self, column: str) -> str:
        """The class as a column, over a relation that has the answers of its rules."""
        steps = "".join(
            f" WHEN in_{key} THEN '{key}' WHEN in_{key} IS NULL THEN 'unknown'"
            for key in self.classes[column]
        )
        return f"CASE WHEN NOT COALESCE({self.among}, FALSE) THEN NULL{steps} END AS {column}"


def _lacking_one(columns: list[str]) -> str:
    missed = " + ".join(f"CASE WHEN COALESCE({c}, TRUE) THEN 0 ELSE 1 END" for c in columns)
    known = " AND ".join(f"{c} IS NOT NULL" for c in columns)
    return f"CASE WHEN {missed} > 1 THEN FALSE WHEN {known} THEN {missed} = 1 END"


def _composed(parts: tuple[str, ...], how: str) -> str:
    columns = [f"in_{part}" for part in parts]
    if how == "lacks_one_of":
        return _lacking_one(columns)
    return (" AND " if how == "all_of" else " OR ").join(columns)


_HOW = ("all_of", "any_of", "lacks_one_of")
_ENTRY = (*_HOW, "zh", "en", "since", "until", "where", "evidence", "definition_zh",
          "definition_en", "source", "relation", "weak", "lasting")  # fmt: skip
_SYSTEM = ("zh", "en", "relation", "among", "since", "until", "classes", "definition_zh",
           "definition_en", "rules")  # fmt: skip


def rule_of(key: str, entry: dict[str, Any], system: str, declared: Mapping[str, Any]) -> Rule:
    """A rule from its declaration. Raises RuleError for one that does not fit, DeclarationError
    for a key that means nothing."""
    only_keys(entry, _ENTRY, f"{system}.{key}")
    entry = {"relation": declared["relation"], "since": declared.get("since"), **entry}
    if "until" in declared:
        entry.setdefault("until", declared["until"])
    how = next((how for how in _HOW if how in entry), None)
    parts = tuple(entry.pop(how)) if how else ()
    if how:
        entry["where"] = _composed(parts, how)
    evidence = tuple(entry.pop("evidence", ()))
    try:
        return Rule(key=key, system=system, compose=how, parts=parts, evidence=evidence, **entry)
    except TypeError as error:
        raise RuleError(f"{system}.{key}: {error}") from None


def read(file: Path) -> System:
    """The system of a file, which has its name.

    Raises RuleError for a declaration that does not fit, DeclarationError for a key that means
    nothing.
    """
    declared, key = read_yaml(file), file.stem
    only_keys(declared, _SYSTEM, key)
    return system_of(key, declared)


def system_of(key: str, declared: Mapping[str, Any]) -> System:
    """A system from its declaration. Raises RuleError for a rule that does not fit."""
    return System(
        key=key,
        zh=declared["zh"],
        en=declared["en"],
        relation=declared["relation"],
        among=declared.get("among", "TRUE"),
        rules={k: rule_of(k, e, key, declared) for k, e in declared["rules"].items()},
        classes={k: tuple(v) for k, v in declared.get("classes", {}).items()},
        definition_zh=declared["definition_zh"],
        definition_en=declared["definition_en"],
    )


class Registry:
    """Systems of rules that stand together. Raises RuleError for a rule's key that stands twice."""

    def __init__(self, systems: Mapping[str, System]):
        self.systems = dict(systems)
        self.rules: dict[str, Rule] = {}
        for system in self.systems.values():
            for key, rule in system.rules.items():
                if key in self.rules:
                    other = self.rules[key].system
                    raise RuleError(f"{system.key}.{key}: {other} has this key too")
                self.rules[key] = rule

    @property
    def groups(self) -> dict[str, Rule]:
        """The six groups of households watched, in the order they are shown."""
        return dict(self.systems["groups"].rules)

    def needed(self, chosen: Iterable[Rule]) -> list[list[Rule]]:
        """The rules, and those that they name, in layers that each ask only the layers before.

        Raises RuleError for a rule that asks one of another relation, or itself.
        """
        by_column = {rule.column: rule for rule in self.rules.values()}
        depth: dict[str, int] = {}

        def visit(rule: Rule, asked: tuple[str, ...]) -> int:
            if rule.key in asked:
                raise RuleError(f"{rule.key}: asks itself")
            if rule.key not in depth:
                below = [by_column[n] for n in rule.names if n in by_column]
                for other in below:
                    if other.relation != rule.relation:
                        raise RuleError(f"{rule.key}: {other.key} judges {other.relation}")
                levels = [visit(other, (*asked, rule.key)) for other in below]
                depth[rule.key] = max(levels, default=-1) + 1
            return depth[rule.key]

        for rule in chosen:
            visit(rule, ())
        layers: list[list[Rule]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
        for key in self.rules:
            if key in depth:
                layers[depth[key]].append(self.rules[key])
        return layers


@cache
def program() -> Registry:
    """The program's own rules. Raises RuleError for a declaration that does not fit."""
    return Registry({key: read(FOLDER / f"{key}.yaml") for key in SYSTEMS})


def registry() -> Registry:
    """The program's rules, with those of the home in use."""
    from rules import own  # judges by empty relations what a county declares

    return own.rules_of(in_use())[0]


def systems() -> dict[str, System]:
    """Every system of rules by key."""
    return registry().systems


def rules() -> dict[str, Rule]:
    """Every rule of every system by key."""
    return registry().rules


def groups() -> dict[str, Rule]:
    """The six groups of households watched, in the order they are shown."""
    return registry().groups


def asked_of(rule: Rule) -> str:
    """SQL condition of the subjects that a rule is asked of: those of its system, where it judges
    what its system does."""
    system = systems()[rule.system]
    return system.among if rule.relation == system.relation else "TRUE"


def columns_in(condition: str) -> frozenset[str]:
    """Every name in a condition of a declaration, quoted codes left out."""
    return frozenset(word for word in _NAME.findall(condition) if not word.startswith("'"))


def needed(chosen: Iterable[Rule]) -> list[list[Rule]]:
    """The rules, and those that they name, in layers (see ``Registry.needed``)."""
    return registry().needed(chosen)


def answered(sql: str, layers: Iterable[Iterable[Rule]]) -> str:
    """A query with the answers of the rules added to its columns, layer upon layer."""
    for layer in layers:
        columns = ",\n  ".join(rule.sql for rule in layer)
        sql = f"SELECT known.*,\n  {columns}\nFROM ({sql}) AS known"
    return sql
