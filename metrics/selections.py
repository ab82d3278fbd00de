"""Households named by an address: the one key ``select`` behind every number that opens a list.

``select=rule.exit_income.missed``, ``select=class.labour_class.weak``: a kind, then its arguments.
A new kind is one entry of ``KINDS``: what its arguments may be, and its condition. Its words are
one entry of ``views.selected``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rules.registry import rules, systems

Arguments = tuple[str, ...]
ANSWERS = {"met": "IS TRUE", "missed": "IS FALSE", "unknown": "IS NULL"}
# The column that a relation and households share.
_SHARED = {"village_fact": "village_code"}


class SelectionError(ValueError):
    """The text names no households that a list could show."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to name households.

    ``allows`` tells whether the arguments mean something; ``condition`` is SQL over
    ``{household_fact} AS f`` and ``$year``, made of declared names only.
    """

    allows: Callable[[Arguments], bool]
    condition: Callable[[Arguments], str]


@dataclass(frozen=True, slots=True)
class Selection:
    """Households by a kind and its arguments, checked."""

    kind: str
    arguments: Arguments

    @property
    def condition(self) -> str:
        """SQL condition over ``{household_fact} AS f`` and ``$year``."""
        return KINDS[self.kind].condition(self.arguments)

    def __str__(self) -> str:
        return ".".join((self.kind, *self.arguments))


def selection(text: str) -> Selection:
    """The selection of a text. Raises SelectionError for one that means nothing."""
    kind, *arguments = text.split(".")
    if kind not in KINDS or not KINDS[kind].allows(tuple(arguments)):
        raise SelectionError(text)
    return Selection(kind, tuple(arguments))


def _rule_allows(arguments: Arguments) -> bool:
    if len(arguments) != 2 or arguments[0] not in rules():
        return False
    rule = rules()[arguments[0]]
    within = rule.parts if rule.compose == "lacks_one_of" else ()
    return rule.relation != "county_fact" and arguments[1] in (*ANSWERS, *within)


def _rule_condition(arguments: Arguments) -> str:
    """The answer of a rule, or the one part that a household lacks."""
    rule, answer = rules()[arguments[0]], arguments[1]
    asked = ANSWERS.get(answer)
    told = f"{rule.column} {asked}" if asked else f"{rule.key}_part = '{answer}'"
    system = systems()[rule.system]
    if rule.relation == system.relation:
        told = f"({system.among}) AND {told}"
    if rule.relation == "household_fact":
        return told
    shared = _SHARED.get(rule.relation, "household_id")
    return (
        f"f.{shared} IN (SELECT s.{shared} FROM {{{rule.relation}}} AS s "
        f"WHERE s.year = $year AND {told})"
    )


def _classes() -> Mapping[str, tuple[str, ...]]:
    of_households = (s for s in systems().values() if s.relation == "household_fact")
    return {column: keys for system in of_households for column, keys in system.classes.items()}


def _class_allows(arguments: Arguments) -> bool:
    if len(arguments) != 2 or arguments[0] not in _classes():
        return False
    return arguments[1] in (*_classes()[arguments[0]], "unknown")


KINDS: dict[str, Kind] = {
    "rule": Kind(_rule_allows, _rule_condition),
    "class": Kind(_class_allows, lambda a: f"f.{a[0]} = '{a[1]}'"),
}
