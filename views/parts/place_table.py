"""A row a place inside the one shown, with what is counted in it beside its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from charts.foremost import rated
from metrics.county import Place
from rules.tally import Tally
from store.reader import Reader
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces

Cells = Callable[[Place], Sequence[Any]]


def show(
    stage: Stage,
    title: str,
    sub: str,
    heads: Sequence[str],
    places: Sequence[Place],
    cells: Cells,
    own: Sequence[Any] | None = None,
) -> None:
    """The table, numbers alone behind the names: ``heads`` say what ``cells`` hold of a place, and
    ``own`` what the place shown has that is of none inside it.

    A place leads to the same page of it, a village to its own.
    """
    head = (stage.t("place"), *heads)
    body = [(_name(stage, place), *cells(place)) for place in places]
    if own is not None:
        body.append((h("span", stage.t("own_level"), cls="firm"), *own))
    table = pieces.table(head, body, numeric=range(1, len(head)), cls="data tight places")
    html = h("section", pieces.heading(title, sub), h("div", table, cls="wide"))
    components.paper(html, key="places")


def by_rule(
    stage: Stage,
    count: Callable[[Reader, str, int, str], Mapping[str, Mapping[str, Tally]]],
    first: str,
    words: tuple[str, str],
    columns: Mapping[str, str],
    cell: Callable[[str, Mapping[str, Tally], Place], Markup],
) -> None:
    """How the places inside the one shown answer some rules, at the data date.

    ``count`` gives tallies by rule and place of a level; ``columns`` the rules with their heads.
    The ranking by who misses ``first`` is the finding; ``words`` are what that is called, and what
    stands below.
    """
    places = stage.county.children(stage.view.region, stage.scope)
    if not places:
        none(stage)
        return
    level = places[0].level
    found = count(stage.reader, stage.view.region, stage.newest, level)
    name, sub = words
    show(
        stage,
        missing(stage, name, found[first], places, level),
        sub,
        list(columns.values()),
        places,
        lambda place: [cell(key, found[key], place) for key in columns],
    )


def none(stage: Stage) -> None:
    """A designed nothing where no place lies inside, or nothing is to be counted."""
    hint = stage.t("no_rows_hint")
    components.paper(pieces.empty(stage, stage.t("part_places"), hint), key="places")


def missing(
    stage: Stage, name: str, counts: Mapping[str, Tally], places: Sequence[Place], level: str
) -> str:
    """Where a rule is missed most and least, as a sentence; ``counts`` are by place, all of one
    level."""
    tallies = ((place.code, counts.get(place.code, Tally())) for place in places)
    rates = [rated(stage.name(code), one.missed, one.asked) for code, one in tallies]
    return chart_blocks.ranking(stage, name, rates, stage.t(level))


def meeting(
    stage: Stage, name: str, counts: Mapping[str, Tally], places: Sequence[Place], level: str
) -> str:
    """The same of a rule that says what is wrong: where it is met most and least."""
    tallies = ((place.code, counts.get(place.code, Tally())) for place in places)
    rates = [rated(stage.name(code), one.met, one.asked) for code, one in tallies]
    return chart_blocks.ranking(stage, name, rates, stage.t(level))


def _name(stage: Stage, place: Place) -> Markup:
    page = "village" if place.level == "village" else stage.spec.key
    return pieces.link(stage.href(page, region=place.code), place.short_name, cls="firm")
