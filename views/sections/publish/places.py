"""Townships by lists: of the notices that each owes, how many failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from charts.foremost import rated
from metrics import disclosure
from metrics.county import Place
from metrics.disclosure import LISTS
from metrics.funds import own_code
from metrics.notices import OWN_FUNDS, Standing
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, place_table
from views.sections.publish import screen


def draw(stage: Stage) -> None:
    """A row a place inside the one shown, a column a list: failed beside owed, and what is due."""
    places = stage.county.children(stage.view.region, stage.scope)
    if not places:
        return place_table.none(stage)
    digits = len(places[0].code)
    found = disclosure.by_place(
        stage.reader, stage.county.parameters, stage.view.region, stage.view.year, digits
    )
    rates = [
        rated(stage.name(place.code), *disclosure.failed_of_owed(found, place.code))
        for place in places
    ]
    title = chart_blocks.ranking(stage, stage.t("notice_failed_share"), rates, stage.t("places"))

    def cells(place: Place) -> list[Markup]:
        return [
            _cell(stage, key, place.code, found[key].get(place.code, Standing()))
            if key in found
            else h("span", "—", cls="missing", title=stage.t("notice_no_file"))
            for key in LISTS
        ]

    heads = [stage.t(f"disclosed_{key}") for key in LISTS]
    own = _own(stage, found, digits)
    sub = stage.t("publish_places_sub")
    return place_table.show(stage, title, sub, heads, places, cells, own)


def _own(
    stage: Stage, found: Mapping[str, Mapping[str, Standing]], digits: int
) -> list[Markup] | None:
    """What the place itself owes, of none of those inside it: with it the columns add up."""
    code = own_code(stage.view.region, digits)
    mine = {key: by_place[code] for key, by_place in found.items() if code in by_place}
    if not mine:
        return None

    def opens(state: str) -> str:
        return stage.href("publish", part=OWN_FUNDS, state=state, page=1)

    dash = h("span", "—", cls="missing")
    return [_said(stage, mine[key], opens) if key in mine else dash for key in LISTS]


def _cell(stage: Stage, key: str, place: str, one: Standing) -> Markup:
    """Failed of owed, each opening its own; nothing is owed where a list has no entry."""
    if not one.owed:
        return h("span", "0", cls="muted")
    return _said(stage, one, lambda state: screen.opens(stage, key, state, place))


def _said(stage: Stage, one: Standing, opens: Callable[[str], str]) -> Markup:
    failed = pieces.number(stage, one.failed, "entries", opens("failed") if one.failed else "")
    return h("span", failed, " / ", pieces.number(stage, one.owed, "entries", opens("owed")))
