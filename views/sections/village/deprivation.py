"""The village page's multidimensional poverty: H, A, M0, and what contributes most."""

from __future__ import annotations

from charts.foremost import Placed, foremost
from metrics.deprivation import DIMENSIONS, HEADCOUNT, INTENSITY, M0, share_of
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import pieces
from views.scenes import block
from views.scenes.block import Block


def deprivation_here(stage: Stage) -> Block:
    """H, A and M0 of the place as numbers that open their households; unknown is not zero."""
    cards = [pieces.kpi(stage, key) for key in (HEADCOUNT, INTENSITY, M0)]
    link = pieces.link(stage.href("deprivation"), stage.t("deprived_village_more"))
    title = stage.t("deprived_village", year=stage.view.year)
    html = h(
        "section",
        pieces.heading(title, _most(stage)),
        h("div", *cards, cls="kpis"),
        h("p", link, cls="sub no-print"),
    )
    return block.html("deprivation", html)


def _most(stage: Stage) -> str:
    """Which dimension contributes most, or why there is none."""
    if stage.cell(HEADCOUNT).value is None:
        return stage.t("deprived_village_unknown")
    shares = [
        Placed(stage.t(f"dimension_{one}"), stage.cell(share_of(one)).value) for one in DIMENSIONS
    ]
    top = foremost([one for one in shares if one.value], stage.measure("percent"))
    return (
        stage.t("deprived_village_most", most=top.text)
        if top
        else stage.t("deprived_village_nobody")
    )
