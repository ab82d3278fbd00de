"""The lists of /compare-lists: both facts of each person side by side, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from findings.outcomes import Outcomes
from glossary import label
from metrics import department_lists
from metrics.department_lists import ALL, CHECKS_OF, LISTS, OFFERED
from state.tables import Finding
from views.context.stage import Stage
from views.parts import finding_words, follow_up, paged_list, problem_words
from views.parts.column_words import dated, say

_OFFERED = ("entry_kind", "roll_state", "list_event_on", "list_amount_yuan")


def listed(stage: Stage, outcomes: Outcomes | None) -> None:
    """The rows of the list chosen and their workbook."""
    part, region = stage.view.part or ALL, stage.view.region
    names = {key: name(stage, key) for key in LISTS}
    paged_list.choose(stage, "compare_bar", "compare_list", names, part, width=380)
    count = department_lists.count(stage.reader, part, region)
    words = f"{stage.place.name} · {stage.county.data_date}"
    if part in stage.county.checks:
        words += f" · {finding_words.general(stage, stage.county.checks[part])}"
    wanted = paged_list.Wanted(
        stage.t("compare_listed", list=names[part], count=f"{count:,}"),
        words,
        count,
        lambda reader, *page: department_lists.listed(reader, part, region, *page),
        whole=True,
    )
    columns = _offered(stage) if part == OFFERED else _odd(stage, part, outcomes)
    paged_list.show(stage, wanted, columns)


def name(stage: Stage, part: str) -> str:
    """What a list is called."""
    if part in stage.county.checks:
        return stage.named(stage.county.checks[part])
    if part in CHECKS_OF:
        return label("department_list", part, stage.lang)
    return stage.t("part_offered" if part == OFFERED else "part_odd")


def _who(stage: Stage) -> list[paged_list.Column]:
    def household(row: paged_list.Row) -> str:
        return stage.href("household", id=row["household_id"])

    column = paged_list.Column
    return [
        column("household_id", lambda row: row["household_id"], household, cls="firm", width=19),
        paged_list.village(stage),
        column("member_name", lambda row: row["member_name"], cls="firm"),
    ]


def _odd(stage: Stage, part: str, outcomes: Outcomes | None) -> list[paged_list.Column]:
    column = paged_list.Column

    def told(side: int) -> Callable[[paged_list.Row], str]:
        def said(row: paged_list.Row) -> str:
            columns = department_lists.told_by_list(json.loads(row["evidence"]))[side]
            return finding_words.facts(stage, row, columns)

        return said

    def check(row: paged_list.Row) -> str:
        return stage.named(stage.county.checks[row["check_key"]])

    between = (
        [column("check", check, cls="said", width=28)] if part == ALL or part in CHECKS_OF else []
    )
    return [
        *_who(stage),
        *between,
        column("list_says", told(0), cls="said", width=40),
        column("register_says", told(1), cls="said", width=40),
        *_outcome(stage, outcomes),
    ]


def _outcome(stage: Stage, outcomes: Outcomes | None) -> list[paged_list.Column]:
    """What came of a finding, leading to its problem or to the form of one; who took which step."""
    if outcomes is None:
        return []

    follow = follow_up.ChecksFollowUp(stage, outcomes)

    def state(row: paged_list.Row) -> str:
        return follow.said(row) or stage.t("outcome_unseen")

    def written(row: paged_list.Row) -> str:
        return follow.said(row) if follow.problem(row) else stage.t("outcome_unseen")

    def who(row: paged_list.Row) -> str:
        problem = follow.problem(row)
        return _last_step(stage, problem, outcomes) if problem else ""

    column = paged_list.Column
    return [
        column("came_of_it", state, follow.opens, cls="firm", width=22, written=written),
        column("checked_by", who, cls="said", width=30),
    ]


def _last_step(stage: Stage, problem: Finding, outcomes: Outcomes) -> str:
    """Who took the last step of a problem, which one and when, and what they said."""
    step = problem.steps[-1]
    said = [
        stage.t(f"step_{step.step}"),
        problem_words.person(outcomes.names, step.by),
        problem_words.when(step),
        step.note,
    ]
    return " · ".join(each for each in said if each)


def _offered(stage: Stage) -> list[paged_list.Column]:
    """Matches that are not taken: the person of the list beside the one of the register."""
    column = paged_list.Column

    def text(key: str) -> Callable[[paged_list.Row], Any]:
        return lambda row: row[key] or "—"

    def entry(row: paged_list.Row) -> str:
        told = ((key, dated(stage, row, key)) for key in _OFFERED if row[key] is not None)
        return stage.t("rule_comma").join(f"{stage.t(key)} {value}" for key, value in told)

    def found_by(row: paged_list.Row) -> str:
        return stage.t(f"found_by_{row['found_by']}")

    return [
        *_who(stage),
        column("birth_date", lambda row: say(stage, "birth_date", row["birth_date"]), cls="firm"),
        column("identity_number", text("identity_number"), cls="firm", width=20),
        column("department_list",
               lambda row: label("department_list", row["department_list"], stage.lang)),
        column("person_name", text("person_name"), cls="firm"),
        column("list_identity_number", text("list_identity_number"), cls="firm", width=20),
        column("list_says", entry, cls="said", width=40),
        column("found_by", found_by, cls="said", width=26),
    ]  # fmt: skip
