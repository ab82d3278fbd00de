"""What is to be checked of a household, on a sheet: questions, rules, doubts, open problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import glossary
from findings import of_households
from metrics.files import HouseholdFile, doubts, numbered
from metrics.judgements import Answered, looked_into, to_check
from rules.phrases import Phrases
from rules.registry import rules
from sampling.drawing import Drawn
from sampling.questions import Item, general, general_items
from state.database import kept_open
from state.tables import Finding
from views.context.stage import Stage
from views.parts import finding_words
from views.parts.column_words import say

# Membership of a watched group is to be seen, and no problem by itself.
_NO_PROBLEM = ("groups",)
_OF_MEMBERS = "member"


def of(
    stage: Stage, files: Mapping[str, HouseholdFile], households: Sequence[Drawn], year: int
) -> dict[str, list[Item]]:
    """The items of each household. Raises StateError where open problems cannot be read."""
    with kept_open(stage.county.home.path).reading() as session:
        followed = of_households.open_of(
            session, stage.viewer, [one.household_id for one in households]
        )
    return {
        one.household_id: [
            *_general(stage, one),
            *known(stage, files.get(one.household_id), year),
            *_open(followed.get(one.household_id, ())),
        ]
        for one in households
    }


def _general(stage: Stage, one: Drawn) -> list[Item]:
    asked = general(one.registered, one.exited)
    return general_items(one.household_id, asked, lambda key: stage.t(f"sample_found_{key}"))


def known(stage: Stage, file: HouseholdFile | None, year: int) -> list[Item]:
    """Rules and doubts; none of a household that lives elsewhere by now, whose file is not seen."""
    if file is None:
        return []
    household = str(file.household["household_id"])
    places = {row["member_id"]: place for place, row in numbered(file)}
    found = [_rule(stage, household, places, one) for one in to_check(file, year, stage.view.asks)]
    return found + [
        _doubt(stage, household, key, number, row)
        for key, number, row in doubts(file)
        if key in stage.county.checks
    ]


def _doubt(stage: Stage, household: str, key: str, number: int, row: Mapping[str, Any]) -> Item:
    """A doubt as an item: that it is so makes a problem."""
    member = row["level"] == _OF_MEMBERS
    name = stage.named(stage.county.checks[key])
    return Item(
        f"check.{key}.{number}", "yes", f"check.{key}", "member" if member else "household",
        row["subject_id"] if member else household, stage.t("sample_found_check", check=name),
    )  # fmt: skip


def _rule(stage: Stage, household: str, places: Mapping[str, int], one: Answered) -> Item:
    """A rule as an item: the answer that somebody should look into makes a problem."""
    place = places.get(one.member_id or "")
    question = f"rule.{one.rule.key}" + (f".{place}" if place else "")
    wanted = None if one.rule.system in _NO_PROBLEM else looked_into(one.rule)
    concern = "" if wanted is None else "yes" if wanted else "no"
    verdict = Phrases(stage.lang, glossary).verdict(wanted)
    title = stage.t("rule_line", left=stage.named(one.rule), right=verdict)
    return Item(
        question, concern, f"rule.{one.rule.key}", "member" if place else "household",
        one.member_id if place and one.member_id else household, title,
    )  # fmt: skip


def _open(followed: Sequence[Finding]) -> list[Item]:
    return [
        Item(f"finding.{each.number}", subject_id=str(each.household_id), title=each.title)
        for each in followed
    ]


def told(stage: Stage, file: HouseholdFile | None, year: int, question: str) -> str:
    """What the data say of an item: the rule's answer with its values, the doubt's sentence."""
    kind, _, rest = question.partition(".")
    if file is None or kind not in ("rule", "check"):
        return ""
    key, _, place = rest.partition(".")
    if kind == "check":
        found = doubts(file)
        rows = [row for name, number, row in found if (name, str(number)) == (key, place)]
        return finding_words.sentence(stage, rows[0]) if rows else stage.t("sheet_gone")
    return _rule_told(stage, file, year, key, int(place) if place else None)


def _rule_told(stage: Stage, file: HouseholdFile, year: int, key: str, place: int | None) -> str:
    rule = rules().get(key)
    person = next((row for number, row in numbered(file) if number == place), None)
    rows = {
        "household_fact": [found] if (found := file.facts(year)) else [],
        "monitored_fact": [file.case] if file.case else [],
        "member_fact": [
            row for row in file.persons if person and row["member_id"] == person["member_id"]
        ],
    }
    facts = rows.get(rule.relation, [])[-1:] if rule else []
    if rule is None or not facts:
        return stage.t("sheet_gone")
    verdict = Phrases(stage.lang, glossary).verdict(facts[0].get(rule.column))
    values = [
        f"{stage.t(column)} {say(stage, column, facts[0].get(column))}"
        for column in rule.evidence
        if facts[0].get(column) is not None
    ]
    who = f"{say(stage, 'name', person['name'])} · " if person else ""
    said = stage.t("sheet_data_say", answer=verdict)
    return who + ";".join([said, *values])
