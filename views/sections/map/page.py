"""What the map page shows: the coloured places, the legend that counts them, the table beside."""

from __future__ import annotations

from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, threshold_sources
from views.scenes import block
from views.scenes.block import Block
from views.sections.map.legend import legend
from views.sections.map.numbers import Shown
from views.sections.map.picture import picture, shapes_note

_PLACES = {"township": "townships", "village": "villages"}


def blocks(stage: Stage) -> tuple[Block, ...]:
    """The page: finding, map with legend, and the table of the same numbers."""
    assert stage.indicator is not None
    shown = Shown(stage, stage.indicator)
    beside = h("div", legend(shown), _table(shown))
    return (
        block.html("heading", _heading(shown)),
        block.box("mapped", h("div", cls="mapped"), picture(shown), block.html("beside", beside)),
    )


def _heading(shown: Shown) -> Markup:
    stage, indicator = shown.stage, shown.indicator
    level = stage.t(_PLACES[stage.view.level])
    title = chart_blocks.over(stage, indicator, shown.values, stage.view.year, level)
    sub = (
        chart_blocks.not_in_force(stage, indicator),
        stage.t("map_sub", year=stage.view.year, level=level),
        shapes_note(shown, stage.t(_PLACES[shown.level])),
    )
    text = " ".join((*filter(None, sub), stage.t("map_hint")))
    doubts = threshold_sources.of_indicator(stage, indicator, stage.view.year)
    return h("div", pieces.heading(title, text), doubts)


def _table(shown: Shown) -> Markup:
    """The same numbers, the largest first; names open places, numbers their households."""
    stage, indicator, cells = shown.stage, shown.indicator, shown.cells
    ordered = sorted(
        shown.places,
        key=lambda p: (cells[p.code].value is None, -(cells[p.code].value or 0), p.code),
    )
    rows = [
        (
            pieces.link(shown.opens(place), place.short_name),
            pieces.number(
                stage,
                cells[place.code].value,
                indicator.unit,
                stage.behind(indicator.key, place.code),
            ),
        )
        for place in ordered
    ]
    head = (stage.t(stage.view.level), shown.measure.unit)
    return h("div", pieces.table(head, rows, numeric=(1,)), cls="beside-map")
