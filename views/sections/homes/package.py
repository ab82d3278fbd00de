"""“211130”: each item met and missed, by how much, for whom it is the last one; and by place."""

from __future__ import annotations

from collections.abc import Mapping

from metrics import homes
from metrics.homes import ITEMS, LACKS_ONE, PACKAGE
from rules.registry import rules
from rules.tally import Tally
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, place_table, threshold_sources

_UNITS = {
    "package_house": "m2",
    "package_grain": "mu",
    "package_trees": "mu",
    "package_pv": "kw",
    "package_income": "yuan",
}


def items(stage: Stage, answers: Mapping[str, Tally]) -> None:
    """The items: who has each, who lacks it, how much all of them lack, for whom it is the last."""
    found = homes.package(stage.reader, stage.view.region, stage.newest)
    rows = [_item(stage, one) for one in found]
    keys = ("package_item", "rule_met", "rule_not_met", "unknown", "package_short", "package_last")
    table = pieces.table(
        [stage.t(key) for key in keys], rows, numeric=range(1, len(keys)), cls="data tight"
    )
    one = answers[LACKS_ONE].met
    title = stage.t("package_lacks_one_finding", count=f"{one:,}")
    note = threshold_sources.note(stage, [rules()[key] for key in ITEMS], stage.newest)
    parts = pieces.heading(title, stage.t("package_items_sub"))
    components.paper(h("section", parts, h("div", table, cls="wide"), note), key="items")


def _item(stage: Stage, one: homes.Item) -> tuple[pieces.Td | Markup | str, ...]:
    def number(count: int, answer: str) -> Markup:
        href = stage.selected("rule", one.key, answer, year=stage.newest) if count else ""
        return pieces.number(stage, count, "households", href)

    last = stage.href("homes", part=f"last_{one.key}") if one.last else ""
    return (
        pieces.Td(stage.named(rules()[one.key]), "firm"),
        number(one.answers.met, "met"),
        number(one.answers.missed, "missed"),
        number(one.answers.unknown, "unknown"),
        stage.measure(_UNITS[one.key]).level(one.short),
        pieces.number(stage, one.last, "households", last),
    )


def places(stage: Stage) -> None:
    """The places inside the one shown: who misses each item, and who has all."""
    inside = stage.county.children(stage.view.region, stage.scope)
    if not inside:
        return
    level = inside[0].level
    found = homes.by_place(stage.reader, stage.view.region, stage.newest, level)
    asked = [place for place in inside if found[PACKAGE].get(place.code, Tally()).asked]
    named = [stage.t("select_missed", rule=stage.named(rules()[key])) for key in (*ITEMS, PACKAGE)]
    place_table.show(
        stage,
        place_table.missing(stage, stage.t("package_not_whole"), found[PACKAGE], asked, level),
        stage.t("package_places_sub"),
        [*named, stage.named(rules()[LACKS_ONE])],
        asked,
        lambda place: [
            *(_cell(stage, key, "missed", found, place.code) for key in (*ITEMS, PACKAGE)),
            _cell(stage, LACKS_ONE, "met", found, place.code),
        ],
    )


def _cell(
    stage: Stage, key: str, answer: str, found: Mapping[str, Mapping[str, Tally]], place: str
) -> Markup:
    count = getattr(found[key].get(place, Tally()), answer)
    href = stage.selected("rule", key, answer, region=place, year=stage.newest) if count else ""
    return pieces.number(stage, count, "households", href)
