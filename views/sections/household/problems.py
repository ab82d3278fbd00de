"""The household file's problems: each with its state and its time line."""

from __future__ import annotations

from collections.abc import Mapping

from findings import asking
from findings.machine import ENDED
from findings.texts import OTHER
from state.tables import Finding
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import pieces, problem_words
from views.parts.follow_up import FollowUp


def followed(stage: Stage, found: FollowUp) -> None:
    """The problems of the household, the newest first, those that are open opened."""
    if found.findings is None:
        return notice([stage.t("state_unread")], alert=True, key="problems_unread")
    lines = [_line(stage, each, found.names) for each in found.findings]
    still = [each for each in found.findings if each.state not in ENDED]
    title = stage.t("household_problems", count=len(lines), open=len(still))
    sub = stage.t("household_problems_sub") if lines else ""
    heading = pieces.heading(title, sub)
    html = h("section", heading, *lines, found.beside(OTHER))
    components.paper(html, key="problems")
    return None


def _line(stage: Stage, finding: Finding, names: Mapping[str, str]) -> Markup:
    head = h(
        "summary",
        problem_words.state_of(stage, finding, asking.today()),
        " ",
        h("b", finding.title),
        " ",
        h("span", problem_words.kind(stage, finding.kind), cls="gist"),
        " ",
        pieces.link(stage.href("problems", finding=finding.number), finding.code),
    )
    body = problem_words.timeline(stage, finding.steps, names)
    return h("details", head, body, cls="judged", open=finding.state not in ENDED)
