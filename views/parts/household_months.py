"""The months of a household's calendar in words: on its page and on the sheet for the wall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from findings.machine import ENDED
from glossary import label
from metrics.calendars import first_visit, months
from metrics.files import HouseholdFile
from metrics.household_calendar import HouseholdCalendar, Item, calendar_of
from rules.registry import rules
from state.tables import Finding
from views.context.stage import Stage
from views.parts.column_words import say

_LACKING = ("missed", "short")
_CODES = {"screening": "sieve", "post": "post_kind", "benefit": "benefit_kind"}


def of_page(
    stage: Stage, file: HouseholdFile, findings: Iterable[Finding] | None
) -> HouseholdCalendar:
    """The twelve months up to the data date, with the problems that have a day."""
    day = stage.county.data_date
    problems = [
        Item("problem", one.title, one.due, _standing(one, stage))
        for one in findings or ()
        if one.due is not None
    ]
    return calendar_of(file, months(day), day, first_visit(stage.reader), problems)


def _standing(finding: Finding, stage: Stage) -> Any:
    if finding.state in ENDED:
        return "done"
    assert finding.due is not None  # who asks has looked
    return "overdue" if finding.due < stage.county.data_date else "due"


def payment(stage: Stage, row: Mapping[str, Any]) -> tuple[str, bool]:
    """What became of one payment, and whether something is lacking."""
    state = row["state"]
    told = {key: say(stage, "came_yuan", row[f"{key}_yuan"]) for key in ("paid", "due")}
    if state in ("whole", "came"):
        return told["paid"], False
    if state in ("late", "short"):
        return stage.t(f"calendar_cell_{state}", **_wanted(state, told)), state in _LACKING
    words = {"missed": "calendar_cell_missed", "unknown": "calendar_cell_unknown",
             "open": "calendar_cell_open", "none": "calendar_cell_none"}  # fmt: skip
    return stage.t(words[state]), state in _LACKING


def _wanted(state: str, told: Mapping[str, str]) -> Mapping[str, str]:
    return told if state == "short" else {"paid": told["paid"]}


def visitor(stage: Stage, row: Mapping[str, Any]) -> str:
    """Who came on which day; the name as far as the viewer may see it."""
    who = row["cadre_name"] or say(stage, "cadre_role", row["cadre_role"])
    return f"{row['visited_on']:%m-%d} {who}"


def item(stage: Stage, one: Item, *, whole: bool = False) -> tuple[str, bool]:
    """What falls due, and whether it is overdue; ``whole`` gives the day with its year."""
    words = stage.t(f"calendar_agenda_{one.kind}", what=_what(stage, one))
    day = one.on.isoformat() if whole else f"{one.on:%m-%d}"
    told = {"overdue": stage.t("calendar_overdue"), "done": stage.t("calendar_done")}
    ended = told.get(one.standing) if one.kind not in ("step", "benefit") else None
    return " ".join(filter(None, (day, words, f"({ended})" if ended else ""))), (
        one.standing == "overdue"
    )


def _what(stage: Stage, one: Item) -> str:
    if one.kind == "ledger":
        rule = rules().get(one.what)
        return stage.named(rule) if rule else one.what
    if one.kind == "step":
        return stage.t(one.what)
    if one.kind == "problem":
        return one.what
    return label(_CODES[one.kind], one.what, stage.lang)


def kind(stage: Stage, key: str) -> str:
    """A kind of money."""
    return label("payment_kind", key, stage.lang)
