"""What the page of the remaining poor draws as tables: every trait here and there, every place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from charts.foremost import rated
from metrics import remaining
from metrics.remaining import HEADLINES, TRAITS, Portrait
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces
from views.parts.selection_words import trait_name
from views.sections.remaining import Compared, opens, percent, titled


def detail(stage: Stage, found: Compared) -> None:
    """Every trait here and there: people, share of those known, and how many are not known."""
    rows: list[pieces.Row | pieces.Band] = []
    theme_before = ""
    for trait, declared in sorted(TRAITS.items(), key=lambda item: _THEMES[item[1].theme]):
        here, there = found.here.shares[trait], found.there.shares.get(trait)
        if trait.startswith("cause_") and not (here.people or (there and there.people)):
            continue
        if declared.theme != theme_before:
            rows.append(pieces.Band(stage.t(f"theme_{declared.theme}")))
            theme_before = declared.theme
        rows.append(_detail(stage, found, trait))
    names = (titled(stage, (stage.view.region, stage.view.year)), titled(stage, found.beside))
    head = (stage.t("trait"), stage.t("unit_people_of", place=names[0]), "%", stage.t("unknown"),
            stage.t("unit_people_of", place=names[1]), "%", stage.t("unknown"))  # fmt: skip
    table = pieces.table(head, rows, numeric=range(1, 7), cls="data tight")
    title, sub = stage.t("remaining_detail"), stage.t("remaining_detail_sub")
    components.paper(pieces.folded(title, sub, table), key="detail")


_THEMES = {"age": 0, "cause": 1, "labour": 2, "health": 3}


def _detail(stage: Stage, found: Compared, trait: str) -> tuple[Any, ...]:
    cells: list[Any] = [pieces.Td(trait_name(trait, stage.lang), "firm")]
    pairs = ((found.here, (stage.view.region, stage.view.year)), (found.there, found.beside))
    for portrait, pair in pairs:
        share = portrait.shares.get(trait)
        people = share.people if share and share.of else None
        opened = opens(stage, found.who, trait, pair)
        cells += [pieces.number(stage, people, "people", opened), percent(stage, portrait, trait)]
        cells.append(pieces.number(stage, portrait.unknown(trait), "people"))
    return tuple(cells)


def by_place(stage: Stage, found: Compared) -> None:
    """The places inside: how many are left, and the three shares."""
    view = stage.view
    places = stage.county.children(view.region, stage.scope)
    if not places:
        return
    digits = len(places[0].code)
    inside = remaining.portraits(stage.reader, view.region, view.year, found.who, digits)
    population = stage.county.cube.across(
        "population", [place.code for place in places], view.year, stage.scope
    )
    rates = [
        rated(
            place.short_name,
            inside.get(place.code, Portrait()).people,
            population[place.code].value,
        )
        for place in places
    ]
    name = stage.t("remaining_rate", who=stage.t(f"left_{found.who}"))
    title = chart_blocks.ranking(stage, name, rates, stage.t("places"))
    rows = [
        (
            pieces.link(
                stage.href(
                    "village" if place.level == "village" else "remaining", region=place.code
                ),
                place.short_name,
            ),
            *_place(stage, found.who, place.code, inside),
        )
        for place in places
    ]
    head = (stage.t("place"), stage.t("left_households"), stage.t("left_people"),
            *(trait_name(t, stage.lang) for t in (*HEADLINES, "ill")))  # fmt: skip
    sub = stage.t("remaining_places_sub")
    table = pieces.table(head, rows, numeric=range(1, 7), cls="data tight")
    components.paper(pieces.folded(title, sub, table), key="by_place")


def _place(stage: Stage, who: str, code: str, inside: Mapping[str, Portrait]) -> list[Markup]:
    found, pair = inside.get(code, Portrait()), (code, stage.view.year)
    cells = [
        pieces.number(
            stage, getattr(found, unit), unit, opens(stage, who, "any", pair, unit == "people")
        )
        for unit in ("households", "people")
    ]
    for trait in (*HEADLINES, "ill"):
        if not found.people:
            cells.append(h("span", stage.t("nobody"), cls="muted"))
            continue
        told = percent(stage, found, trait)
        opened = opens(stage, who, trait, pair) if found.shares[trait].people else ""
        cells.append(h("span", pieces.link(opened, told)))
    return cells
