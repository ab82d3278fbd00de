"""Visits and stays by place: how many households, cadres and villages miss each rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from metrics import visits
from metrics.county import Place
from metrics.visits import CADRES, KEPT, MONTH_MISSED, OF_CADRES, OF_VILLAGES, STANDARDS
from rules.registry import rules
from rules.tally import Tally
from views.browser.markup import Markup
from views.context.stage import Stage
from views.parts import pieces, place_table

_COLUMNS = (KEPT, MONTH_MISSED, *STANDARDS, *OF_CADRES, *OF_VILLAGES)


def every(stage: Stage) -> None:
    """The places inside the one shown, the rate of households visited as its finding."""
    place_table.by_rule(
        stage,
        visits.by_place,
        KEPT,
        (stage.t("visits_not_kept"), stage.t("visits_places_sub")),
        {key: _head(stage, key) for key in _COLUMNS},
        partial(_cell, stage),
    )


def _head(stage: Stage, key: str) -> str:
    named = stage.named(rules()[key])
    return named if key == MONTH_MISSED else stage.t("select_missed", rule=named)


def _cell(stage: Stage, key: str, counts: Mapping[str, Tally], place: Place) -> Markup:
    """How many of the place miss the rule; households open their list, others the page's own."""
    one = counts.get(place.code, Tally())
    count, answer = (one.met, "met") if key == MONTH_MISSED else (one.missed, "missed")
    if not one.asked:
        return pieces.number(stage, None, "households")
    if rules()[key].relation == visits.HOUSEHOLDS:
        href = stage.selected("rule", key, answer, region=place.code, year=stage.newest)
    else:
        href = stage.href("visits", region=place.code, part=key)
    unit = "people" if rules()[key].relation == CADRES else "households"
    return pieces.number(stage, count, unit, href)
