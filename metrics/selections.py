"""Households named by an address: the one key ``select`` behind every number that opens a list.

``select=rule.exit_income.missed``, ``select=class.labour_class.weak``,
``select=what.exit_income.in.poverty_line_yuan.4000``: a kind, then its arguments.
A new kind is one entry of ``KINDS``: what its arguments may be, and its condition. Its words are
one entry of ``views.parts.selection_words``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from metrics import (
    calendars,
    classes,
    disclosure,
    homes,
    nine_checks,
    relocation,
    remaining,
    safety_net,
    sieves,
    visits,
    work,
    zones,
)
from metrics import exit as standards
from metrics.rejudged import source
from rules.registry import Rule, asked_of, rules
from rules.whatif import WAYS, adjustable, moving, subject

Arguments = tuple[str, ...]
ANSWERS = {"met": "IS TRUE", "missed": "IS FALSE", "unknown": "IS NULL"}
# The column that a relation and households share.
_OF_VILLAGES = ("village_fact", "station_fact", "leading_fact", "income_fact", "entrust_fact")
_SHARED = dict.fromkeys(_OF_VILLAGES, "village_code")


class SelectionError(ValueError):
    """The text names no households that a list could show."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to name households.

    ``allows`` tells whether the arguments mean something; ``condition`` is SQL over
    ``{household_fact} AS f`` and ``$year``, made of declared names only. ``person`` is SQL over
    ``{member_fact} AS m`` beside it: which of their people are meant (None: all). ``year`` is the
    further year that the arguments name, if any.
    """

    allows: Callable[[Arguments], bool]
    condition: Callable[[Arguments], str]
    person: Callable[[Arguments], str | None] = lambda _: None
    year: Callable[[Arguments], int | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Selection:
    """Households by a kind and its arguments, checked."""

    kind: str
    arguments: Arguments

    @property
    def condition(self) -> str:
        """SQL condition over ``{household_fact} AS f`` and ``$year``."""
        return KINDS[self.kind].condition(self.arguments)

    @property
    def person(self) -> str | None:
        """SQL condition over ``{member_fact} AS m`` and ``f``: the people meant; None for all."""
        return KINDS[self.kind].person(self.arguments)

    @property
    def year(self) -> int | None:
        """The year that it names beside the list's own; None where it names none."""
        return KINDS[self.kind].year(self.arguments)

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


def _told(rule: Rule, answer: str) -> str:
    """The answer of a rule, or the one part that a subject lacks, among those it is asked of."""
    asked = ANSWERS.get(answer)
    told = f"{rule.column} {asked}" if asked else f"{rule.key}_part = '{answer}'"
    if answer == "unknown":  # before the rule was in force nobody was asked
        told = f"{rule.in_force_sql} AND {told}"
    return f"({asked_of(rule)}) AND {told}"


def _rule_condition(arguments: Arguments) -> str:
    rule = rules()[arguments[0]]
    told = _told(rule, arguments[1])
    if rule.relation == "household_fact":
        return told
    if rule.relation == visits.CADRES:
        return visits.helped_by(told)
    if rule.relation == homes.HOMES:
        return homes.lived_in(told)
    if rule.relation == zones.ZONES:
        return zones.lived_in(told)
    if reached := work.reached_by(rule.relation, told):
        return reached
    shared = _SHARED.get(rule.relation, "household_id")
    return (
        f"f.{shared} IN (SELECT s.{shared} FROM {{{rule.relation}}} AS s "
        f"WHERE s.year = $year AND {told})"
    )


def _rule_person(arguments: Arguments) -> str | None:
    """People of whom a rule over people says it."""
    rule = rules()[arguments[0]]
    if rule.relation == "worker_fact":
        told = _told(rule, arguments[1])
        return (
            "m.member_id IN (SELECT s.member_id FROM {worker_fact} AS s "
            f"WHERE s.year = $year AND {told})"
        )
    if rule.relation != "member_fact":
        return None
    return f"m.{rule.column} {ANSWERS[arguments[1]]}"


def _today_allows(arguments: Arguments) -> bool:
    return _rule_allows(arguments) and rules()[arguments[0]].relation == "household_fact"


def _today_condition(arguments: Arguments) -> str:
    """The same by the thresholds of the newest year."""
    again = source([arguments[0]], today=True)
    told = _told(rules()[arguments[0]], arguments[1])
    return f"f.household_id IN (SELECT s.household_id FROM {again} AS s WHERE {told})"


def _what_allows(arguments: Arguments) -> bool:
    """A rule, a way, a threshold that it is judged by, and its other size."""
    if len(arguments) not in (4, 5) or arguments[0] not in rules() or arguments[1] not in WAYS:
        return False
    rule, digits = rules()[arguments[0]], arguments[3:]
    known = rule.relation == "household_fact" and arguments[2] in adjustable(rule)
    return known and all(part.isascii() and part.isdigit() and len(part) < 9 for part in digits)


def _what_condition(arguments: Arguments) -> str:
    rule, way = rules()[arguments[0]], WAYS[WAYS.index(arguments[1])]
    moved = moving(rule, arguments[2], float(".".join(arguments[3:])), way)
    return f"f.{subject(rule)} IN ({moved})"


KINDS: dict[str, Kind] = {
    "rule": Kind(_rule_allows, _rule_condition, _rule_person),
    "today": Kind(_today_allows, _today_condition),
    "class": Kind(classes.allows, classes.condition, year=classes.other_year),
    "nine": Kind(nine_checks.allows, nine_checks.condition),
    "inspection": Kind(standards.inspection_allows, standards.inspection_condition),
    "what": Kind(_what_allows, _what_condition),
    "left": Kind(remaining.allows, remaining.condition, remaining.person),
    "paid": Kind(safety_net.allows, safety_net.condition, safety_net.person),
    "unsecured": Kind(safety_net.allows_class, safety_net.class_condition),
    "sieve": Kind(sieves.allows, sieves.condition),
    "site": Kind(relocation.allows, relocation.condition),
    "cadre": Kind(visits.allows, visits.condition),
    "home": Kind(homes.allows, homes.condition),
    "calendar": Kind(calendars.allows, calendars.condition),
    "works": Kind(work.allows, work.condition, work.person),
    "workplace": Kind(work.allows_number, work.at_workplace, work.person_at_workplace),
    "leader": Kind(work.allows_number, work.led_by),
    "notice": Kind(disclosure.allows, disclosure.condition),
}
