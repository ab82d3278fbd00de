"""The problems asked for, a page at a time: each opens its own view."""

from __future__ import annotations

from typing import Any

from glossary import label
from metrics import gaps
from views.browser import components
from views.browser.markup import Markup, h
from views.context import witness
from views.context.stage import Stage
from views.parts import pieces, problem_words, unrecorded
from views.sections.ledgers.households import turn_pages
from views.sections.problems.overview import Problems, filter_words

_HEADS = ("problem_code", "problem_state", "problem_title", "problem_about", "place",
          "problem_unit", "due_on", "problem_kind", "gap_named")  # fmt: skip


def show(stage: Stage, found: Problems) -> bool:
    """The list; whether it is shown."""
    title = pieces.heading(
        stage.t("problems_listed", count=f"{found.count:,}"), filter_words(stage, found)
    )
    if not found.count:
        said = "problems_nothing" if found.nothing else "problems_none"
        hint = pieces.empty(stage, stage.t(said), stage.t(f"{said}_hint"))
        components.paper(h("section", title, hint), key="list")
        return False
    if not witness.listed(stage, found.count):
        components.paper(h("section", title), key="list")
        unrecorded.say(stage)
        return False
    rows = [_row(stage, found, row) for row in found.rows]
    head = [stage.t(key) for key in _HEADS]
    table = pieces.table(head, rows, cls="data tight")
    components.paper(h("section", title, h("div", table, cls="wide")), key="list")
    turn_pages(stage, min(stage.view.page, found.pages), found.pages)
    return True


def _gap(stage: Stage, kind: str) -> Markup | str:
    """The gap that it is to be mended in; a dash where none is told."""
    gap = gaps.gap_of(kind)
    if gap is None:
        return "—"
    return pieces.link(stage.href("problems", about=f"gap.{gap}"), label("gap", gap, stage.lang))


def _row(stage: Stage, found: Problems, row: Any) -> tuple[Any, ...]:
    finding = row.finding
    again = h("span", stage.t("problem_again"), cls="tag")
    named = [finding.title, " ", again] if finding.number in found.repeated else finding.title
    return (
        pieces.Td(
            pieces.link(stage.href("problems", finding=finding.number), finding.code), "firm"
        ),
        pieces.Td(problem_words.state(stage, finding.state, row.overdue), "firm"),
        pieces.Td(named, "said"),
        pieces.Td(problem_words.subject(stage, finding), "firm"),
        pieces.Td(problem_words.place(stage, finding.region_code), "firm"),
        pieces.Td("、".join(row.units) or "—", "said"),
        pieces.Td(finding.due.isoformat() if finding.due else "—", "firm"),
        pieces.Td(problem_words.kind(stage, finding.kind), "said"),
        pieces.Td(_gap(stage, finding.kind), "firm"),
    )
