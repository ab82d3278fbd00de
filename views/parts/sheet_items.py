"""What is checked of each household of a sample: questions, rules, doubts, open problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import glossary
from findings import of_households
from metrics.files import HouseholdFile, doubts, numbered
from metrics.judgements import Answered, looked_into, to_check
from rules.phrases import Phrases
from sampling.drawing import Drawn
from sampling.questions import Item, general, general_items
from state.database import kept_open
from state.tables import Finding
from views.context.stage import Stage

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
            *_known(stage, files.get(one.household_id), year),
            *_open(followed.get(one.household_id, ())),
        ]
        for one in households
    }


def _general(stage: Stage, one: Drawn) -> list[Item]:
    asked = general(one.registered, one.exited)
    return general_items(one.household_id, asked, lambda key: stage.t(f"sample_found_{key}"))


def _known(stage: Stage, file: HouseholdFile | None, year: int) -> list[Item]:
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
