"""The village page's problems: how many are open and overdue there, each opening its list."""

from __future__ import annotations

from findings import asking
from findings.asking import Filter
from state.database import StateError, kept_open
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context.sitemap import BY_KEY
from views.context.stage import Stage
from views.parts import pieces
from views.sections.problems.overview import today

_SHOWN = ("open", "overdue", "closed")


def here(stage: Stage) -> None:
    """Problems of the place and of its households, for who may follow any."""
    if not BY_KEY["problems"].opens_to(stage.viewer):
        return
    wanted = Filter(stage.view.region, today())
    try:
        with kept_open(stage.county.home.path).reading() as session:
            found = asking.by_state(session, stage.viewer, wanted)
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="problems_unread")
        return
    facets = [
        pieces.facet(
            stage.t(f"problem_{state}"),
            f"{found[state]:,}",
            stage.href("problems", state=state) if found[state] else "",
        )
        for state in _SHOWN
    ]
    title = stage.t("village_problems", open=f"{found['open']:,}")
    html = h("section", pieces.heading(title), h("div", *facets, cls="facets"))
    components.paper(html, key="problems")
