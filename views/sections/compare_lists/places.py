"""Oddities by place: how many people each check finds in each place inside the one shown."""

from __future__ import annotations

from metrics import department_lists
from metrics.county import Place
from metrics.department_lists import CHECKS
from views.browser.markup import Markup
from views.context.stage import Stage
from views.parts import pieces, place_table


def every(stage: Stage) -> None:
    """A row a place, a column a check that finds somebody; each number opens its list."""
    places = stage.county.children(stage.view.region, stage.scope)
    found = department_lists.by_place(stage.reader, stage.view.region)
    total = department_lists.found(stage.reader, stage.view.region)
    shown = [key for key in CHECKS if total[key]]
    if not places or not shown:
        place_table.none(stage)
        return
    place_table.show(
        stage,
        stage.t("list_places", count=len(found), all=len(places)),
        stage.t("list_places_sub"),
        [stage.named(stage.county.checks[key]) for key in shown],
        places,
        lambda place: _cells(stage, place, found, shown),
    )


def _cells(
    stage: Stage, place: Place, found: dict[str, dict[str, int]], shown: list[str]
) -> list[Markup]:
    mine = found.get(place.code, {})
    return [
        pieces.number(
            stage,
            mine.get(key, 0),
            "people",
            stage.href("compare_lists", region=place.code, part=key) if mine.get(key) else "",
        )
        for key in shown
    ]
