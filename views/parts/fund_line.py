"""What checks find of a line of a fund as problems that people follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from findings import asking
from findings.writing import Problem, open_key
from metrics.fund_boards import Line
from state.database import StateError, kept_open
from views.browser.markup import Markup
from views.context.stage import Stage
from views.context.view import Draft
from views.parts import pieces

_KIND = "check.allotment_"


def is_about_line(kind: str) -> bool:
    """Whether a kind of problem is what a check finds of lines."""
    return kind.startswith(_KIND)


def told(found: Line, kind: str) -> Mapping[str, Any] | None:
    """What the check of a kind found of a line; None for nothing."""
    return next((one for one in found.findings if f"check.{one['check_key']}" == kind), None)


def problem(found: Line, kind: str, title: str = "") -> Problem:
    """A problem of a line as it would be opened."""
    facts = found.facts
    return Problem("check", kind, "fund_line", facts["line_id"], facts["region_code"], title)


def beside(stage: Stage, found: Line, check_key: str) -> Markup | None:
    """The problem that follows what a check found of a line, or a link to its form; nothing for
    whoever may not open one, or where problems cannot be read."""
    kind = f"check.{check_key}"
    asked = problem(found, kind)
    try:
        with kept_open(stage.county.home.path).reading() as session:
            followed = asking.open_with(session, stage.viewer, [open_key(asked)])
    except StateError:
        return None
    for each in followed.values():
        word = stage.t(f"problem_{each.state}")
        said = stage.t("problem_is_open", code=each.code, state=word)
        return pieces.link(stage.href("problems", finding=each.number), said, cls="tag")
    if not stage.viewer.may("open_findings", asked.region_code):
        return None
    draft = Draft(kind, asked.subject_id)
    return pieces.link(
        stage.href("problems", draft=draft), stage.t("open_problem"), cls="tag no-print"
    )
