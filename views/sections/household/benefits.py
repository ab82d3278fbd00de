"""The household file's support: benefits beside who is entitled, changes, the monitoring case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glossary import label
from metrics.files import HouseholdFile, loaded
from metrics.judgements import Judgement
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import dated, say
from views.parts.rule_explanation import Explained

Row = Mapping[str, Any]

# Each benefit's rules: <key>_without for the entitled without it, <key>_beyond for the opposite.
_RULES = {
    "minimum_allowance": "allowance",
    "extreme_poverty": "extreme",
    "disability_living": "living",
    "disability_care": "care",
    "temporary_aid": "temporary",
    "pension": "pension",
}
_CASE = ("monitor_kind", "risk_1", "risk_2", "clue_source", "development_measure", "clear_method",
         "own_payment_yuan")  # fmt: skip
# The stages of a case, the day that each was reached, and the rule that holds it to a time.
_STAGES = {
    "clue": ("clue_on", ""),
    "home_check": ("home_checked_on", ""),
    "notice": ("notice_on", ""),
    "township": ("township_checked_on", "notice_kept"),
    "county": ("identified_on", "decided_in_time"),
    "measures": ("measures_on", "measures_in_time"),
    "release": ("cleared_on", ""),
}


def benefits(stage: Stage, file: HouseholdFile, found: Sequence[Judgement]) -> None:
    """What is paid to whom, each beside the rules: without cause, or missing though entitled."""
    if not loaded(stage.county, "benefit"):
        return
    answers = {(one.rule.key, one.member_id): one for one in found}
    body = [_paid(stage, file, row, answers) for row in file.benefits]
    body += [
        _missing(stage, file, kind, one)
        for kind, rule in _RULES.items()
        for one in found
        if one.rule.key == f"{rule}_without" and one.met
    ]
    head = [stage.t(k) for k in ("benefit_kind", "paid_to", "paid_since", "paid_until",
                                 "month_yuan", "paid_judged")]  # fmt: skip
    content = (
        pieces.table(head, body, numeric=(4,)) if body else h("p", stage.t("no_rows"), cls="sub")
    )
    heading = pieces.heading(stage.t("benefits"), stage.t("benefits_sub"))
    components.paper(h("section", heading, content), key="benefits")


def _paid(
    stage: Stage,
    file: HouseholdFile,
    row: Row,
    answers: Mapping[tuple[str, str | None], Judgement],
) -> tuple[Any, ...]:
    last = row["ended_on_until"] or row["ended_on"]
    ended = last is not None and last <= stage.county.data_date
    key = f"{_RULES[row['benefit_kind']]}_beyond"
    one = answers.get((key, row["member_id"])) or answers.get((key, None))
    return (
        say(stage, "benefit_kind", row["benefit_kind"]),
        file.name(row["member_id"]) or stage.t("whole_household"),
        pieces.Td(dated(stage, row, "started_on"), "firm"),
        pieces.Td(dated(stage, row, "ended_on"), "firm"),
        say(stage, "month_yuan", row["month_yuan"]),
        stage.t("paid_ended") if ended else _beyond(stage, one),
    )


def _beyond(stage: Stage, one: Judgement | None) -> Markup:
    if one is None or one.met is None:
        return h("span", stage.t("rule_unknown"), cls="light open")
    if one.met:
        return h("span", stage.named(one.rule), cls="light bad")
    return h("span", stage.t("paid_rightly"), cls="light good")


def _missing(stage: Stage, file: HouseholdFile, kind: str, one: Judgement) -> tuple[Any, ...]:
    return (
        label("benefit_kind", kind, stage.lang),
        file.name(one.member_id) or stage.t("whole_household"),
        "—",
        "—",
        "—",
        h("span", stage.named(one.rule), cls="light bad"),
    )


def changes(stage: Stage, file: HouseholdFile) -> None:
    """What changed in the register, as a chronicle."""
    if not loaded(stage.county, "change_event"):
        return
    lines = [
        h(
            "li",
            h("span", say(stage, "changed_on", row["changed_on"])),
            h("span", *_told(stage, file, row)),
        )
        for row in file.changes
    ]
    content = h("ol", *lines, cls="timeline") if lines else h("p", stage.t("no_rows"), cls="sub")
    html = h("section", pieces.heading(stage.t("changes_of_register")), content)
    components.paper(html, key="changes")


def _told(stage: Stage, file: HouseholdFile, row: Row) -> list[Any]:
    people = stage.measure("people").text(row["people"]) if row["people"] is not None else None
    more = [one for one in (file.name(row["member_id"]), people, row["note"]) if one]
    return [h("b", say(stage, "change_kind", row["change_kind"])), " ", " ".join(more)]


def case(stage: Stage, file: HouseholdFile, found: Sequence[Judgement]) -> None:
    """The monitoring case: kind and risks, its steps with their dates, each against its clock."""
    row = file.monitored
    if row is None:
        return
    rules = {one.rule.key: one for one in found if one.rule.relation == "monitored_fact"}
    pairs = [(stage.t(column), say(stage, column, row[column])) for column in _CASE]
    steps = [
        _step(stage, key, _day(stage, row, column), rules.get(rule))
        for key, (column, rule) in _STAGES.items()
    ]
    standing = label("case_stage", (file.case or {}).get("stage"), stage.lang)
    html = h(
        "section",
        pieces.heading(stage.t("monitoring"), stage.t("case_stands", stage=standing)),
        h("ol", *steps, cls="timeline"),
        pieces.facts(pairs),
    )
    components.paper(html, key="case")


def _day(stage: Stage, row: Row, column: str) -> str | None:
    return dated(stage, row, column) if row[column] else None


def _step(stage: Stage, key: str, day: str | None, clock: Judgement | None) -> Markup:
    """One stage: its day or month, and how it stands to its limit, which may be running still."""
    name = label("case_stage", key, stage.lang)
    told: list[Markup | str] = []
    if clock and clock.explanation.in_force and (day or clock.met is False):
        said = Explained(stage)
        gist = h("span", said.gist(clock.explanation), cls="muted")
        told = [said.verdict(clock.met, _in_time(stage, clock)), " ", gist]
    return h(
        "li",
        h("span", day or "—", cls=None if day else "muted"),
        h("span", h("b", name), " ", *told),
    )


def _in_time(stage: Stage, clock: Judgement) -> str:
    """The rule's name where it is met; what it comes to where it is not."""
    if clock.met:
        return stage.named(clock.rule)
    return stage.t("rule_line", left=stage.named(clock.rule), right=_word(stage, clock.met))


def _word(stage: Stage, met: bool | None) -> str:
    return stage.t("rule_unknown" if met is None else "rule_not_met")
