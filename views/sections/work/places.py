"""Work by place: how many people, households, posts, workshops and leaders miss each rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from metrics import work
from metrics.county import Place
from metrics.subjects import HOUSEHOLD, MEMBER
from metrics.work import (
    FILLED,
    IN_ORDER,
    IN_VAIN,
    LOST,
    NEITHER,
    NO_INDUSTRY,
    OF_LEADERS,
    OF_VILLAGES,
    OF_WORKPLACES,
    ONE,
    WILLING,
)
from metrics.work_lists import LISTS, NOT_IN_ORDER
from rules.registry import rules
from rules.tally import Tally
from views.browser.markup import Markup
from views.context.stage import Stage
from views.parts import pieces, place_table

_MET = (NEITHER, NO_INDUSTRY, WILLING, LOST, IN_VAIN)
_COLUMNS = (ONE, *_MET, FILLED, IN_ORDER, *OF_WORKPLACES, *OF_LEADERS, *OF_VILLAGES)


def every(stage: Stage) -> None:
    """The places inside the one shown, the rate of households without work as its finding."""
    place_table.by_rule(
        stage,
        work.by_place,
        ONE,
        (stage.t("work_rate"), stage.t("work_places_sub")),
        {key: _head(stage, key) for key in _COLUMNS},
        partial(_cell, stage),
    )


def _head(stage: Stage, key: str) -> str:
    named = stage.named(rules()[key])
    return named if key in _MET else stage.t("select_missed", rule=named)


def _cell(stage: Stage, key: str, counts: Mapping[str, Tally], place: Place) -> Markup:
    """How many of the place are found; households and people open theirs, others the page's own."""
    one = counts.get(place.code, Tally())
    answer = "met" if key in _MET else "missed"
    count = getattr(one, answer)
    if not one.asked:
        return pieces.number(stage, None, "people")
    if key in LISTS or key == IN_ORDER:
        part = NOT_IN_ORDER if key == IN_ORDER else key
        href = stage.href("work", region=place.code, part=part)
    else:
        of_people = rules()[key].relation == "worker_fact"
        by = MEMBER if of_people else HOUSEHOLD
        href = stage.selected("rule", key, answer, region=place.code, year=stage.newest, by=by)
    return pieces.number(stage, count, "people", href if count else "")
