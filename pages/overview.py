"""总览: where the county stands, how it got there, which groups and villages to look at."""

from charts.theme import HALF
from metrics.groups import indicator_of
from views.browser import components
from views.browser.markup import h
from views.context.stage import stage
from views.parts import chart_blocks, pieces
from views.parts.rolls_note import rolls_note
from views.sections import overview

s = stage("overview")
cards = [pieces.kpi(s, key) for key in s.spec.headlines]
components.paper(h("section", *cards, cls="kpis"), key="kpis")
chart_blocks.columns(
    [6, 5],
    [
        lambda: overview.poverty(s, HALF),
        lambda: overview.groups(s, [indicator_of(rule) for rule in s.county.rules.values()]),
    ],
)
overview.changed_villages(s)
components.paper(rolls_note(s), key="rolls")
