"""What every rule answers for one household, its members and its monitoring case, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.concerns import CONCERNS
from metrics.files import HouseholdFile
from rules.explain import Explanation, explain
from rules.parameters import Parameter
from rules.registry import Rule, System, systems

# Standards: to miss one is what somebody should look into. Of any other rule it is to meet it.
_STANDARDS = ("household_exit", "six_inspections", "relocation", "resettlement_sites", "visits",
              "stationed", "happiness_homes", "home_residents", "package_211130",
              "calendar_homes", "work", "posts", "workplaces", "leaders", "collective_income",
              "entrusted_operation", "zone_grids")  # fmt: skip
# Rules of these that find what is wrong.
_WRONG = ("relocation_both_ways", "relocation_empty", "relocation_old_house_late",
          "visit_month_missed", "work_neither", "income_shell")  # fmt: skip
_IN_TIME = ("decided_in_time", "notice_kept", "measures_in_time")
# Rules that sort or prepare: neither answer concerns anybody by itself.
_PREPARING = (
    "five_standards",
    "measure_mismatch",
    "deprived",
    "allowance_entitled",
    "extreme_entitled",
    "living_entitled",
    "care_entitled",
    "temporary_entitled",
    "pension_entitled",
    "visit_monthly",
    "worker_at_work",
    "relocation_lacks_one",
    "home_eligible",
    "package_lacks_one",
    "calendar_whole",
    "release_income",
    "release_held",
    "release_safe",
    "release_labour",
    "release_met",
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule's answer for the household, for one of its members, or for its case."""

    explanation: Explanation
    member_id: str | None = None

    @property
    def rule(self) -> Rule:
        return self.explanation.rule

    @property
    def met(self) -> bool | None:
        return self.explanation.met

    @property
    def concerns(self) -> bool:
        """Whether the answer is one that somebody should look into."""
        wanted = looked_into(self.rule)
        return self.explanation.in_force and wanted is not None and self.met is wanted


def answers(judged: Iterable[Judgement]) -> Counter[bool | None]:
    """How many of the rules are met, missed (False) and unknown (None)."""
    return Counter(one.met for one in judged)


def looked_into(rule: Rule) -> bool | None:
    """The answer of a rule that somebody should look into; None where neither is."""
    system = systems()[rule.system]
    sorts = any(rule.key in keys for keys in system.classes.values())
    if sorts or rule.key in _PREPARING or rule.compose == "all_of":
        return None
    standard = rule.system in _STANDARDS and rule.compose is None and rule.key not in _WRONG
    return not (standard or rule.key in _IN_TIME)


def judgements(
    file: HouseholdFile,
    year: int,
    parameters: Mapping[str, Parameter],
    as_of: date | None = None,
) -> list[Judgement]:
    """Every rule that judges the household, its members or its case, in the order of the systems.

    The household is judged by its facts of the year, its members in the data date's year only, its
    case in the case's own year; thresholds are those of that year, or of the day ``as_of``.
    """
    return [
        Judgement(explain(rule, row, parameters, as_of=as_of), row.get("member_id"))
        for system in systems().values()
        for rule in system.rules.values()
        for row in _subjects(file, year, system, rule)
    ]


# Relations that know a household as of the data date only.
_OF_THE_DATA_DATE: Mapping[str, Callable[[HouseholdFile], Mapping[str, Any] | None]] = {
    "relocation_fact": lambda file: file.resettled,
    "visit_fact": lambda file: file.visited,
    "home_household_fact": lambda file: file.homed,
    "calendar_household_fact": lambda file: file.calendar,
    "work_fact": lambda file: file.working,
}


def _subjects(
    file: HouseholdFile, year: int, system: System, rule: Rule
) -> Iterator[Mapping[str, Any]]:
    """The rows of the file that a rule judges."""
    if rule.relation == "household_fact":
        facts = file.facts(year)
        asked = rule.relation != system.relation or (facts and facts[f"among_{system.key}"])
        if facts and asked:
            yield facts
    elif rule.relation == "member_fact":
        yield from (person for person in file.persons if person["year"] == year)
    elif rule.relation == "worker_fact":
        yield from (person for person in file.workers if person["year"] == year)
    elif rule.relation == "monitored_fact" and file.case:
        yield file.case
    elif rule.relation in _OF_THE_DATA_DATE:
        row = _OF_THE_DATA_DATE[rule.relation](file)
        if row and row["year"] == year and row.get(f"among_{system.key}", True):
            yield row


@dataclass(frozen=True, slots=True)
class Answered:
    """A rule's answer as the facts hold it, of the household or of one of its members."""

    rule: Rule
    member_id: str | None
    met: bool | None


def answered(file: HouseholdFile, year: int) -> list[Answered]:
    """What ``judgements`` answers by the thresholds of the year, without saying why."""
    return [
        Answered(rule, row.get("member_id"), row[rule.column])
        for system in systems().values()
        for rule in system.rules.values()
        for row in _subjects(file, year, system, rule)
    ]


def to_check(file: HouseholdFile, year: int, asks: Collection[str]) -> list[Answered]:
    """What somebody who visits a household should check: the rules of ``asks``, which are put to
    every household that they judge, then whatever else concerns this one.

    What is met for good leaves nothing to check.
    """
    found = answered(file, year)
    asked = [one for one in found if one.rule.key in asks and one.member_id is None]
    rest = [
        one
        for one in found
        if one not in asked
        and not one.rule.lasting
        and (wanted := looked_into(one.rule)) is not None
        and one.met is wanted
    ]
    return asked + rest


def amiss(file: HouseholdFile, found: Iterable[Judgement], concern: str) -> int:
    """How much of a concern somebody should look into: answers that concern the household and, of
    what is watched, overdue entries of ledgers and findings of screenings that nobody mended."""
    count = sum(one.concerns for one in found if one.rule.system in CONCERNS[concern])
    if concern == "watch":
        count += sum(row["ledger_state"] == "overdue" for row in file.ledger)
        count += sum(bool(row["finding"]) and not row["mended_on"] for row in file.screenings)
    return count


def may_ask(rule: Rule) -> bool:
    """Whether a rule can be put to every household of a sample."""
    return rule.relation == "household_fact" and looked_into(rule) is not None and not rule.lasting
