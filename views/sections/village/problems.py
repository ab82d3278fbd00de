"""The village page's problems: how many are open and overdue there, each opening its list."""

from __future__ import annotations

from findings import asking
from findings.asking import Filter
from state.database import StateError, kept_open
from views.browser.markup import h
from views.browser.notices import banner
from views.context.sitemap import BY_KEY
from views.context.stage import Stage
from views.parts import pieces
from views.scenes import block
from views.scenes.block import Block

_SHOWN = ("open", "overdue", "closed")


def here(stage: Stage) -> Block | None:
    """Problems of the place and of its households, for who may follow any; else none."""
    if not BY_KEY["problems"].opens_to(stage.viewer):
        return None
    wanted = Filter(stage.view.region, asking.today())
    try:
        with kept_open(stage.county.home.path).reading() as session:
            found = asking.by_state(session, stage.viewer, wanted)
    except StateError:
        return block.html("problems", banner([stage.t("state_unread")], alert=True))
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
    return block.html("problems", html)
