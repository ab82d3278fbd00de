"""The homes themselves: who lives there, who came, left and died, and what each lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from metrics import homes
from metrics.homes import AREA, PACKAGE, PATH, STANDARDS
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces

_COUNTS = ("planned_households", "home_households_here", "people_here")
_MOVES = ("free_places", "came_in_year", "left_in_year", "deaths_in_year")
_OF_HOUSEHOLDS = ("short_home_area", "short_home_path", "short_package")


def worst(stage: Stage) -> None:
    """The homes that miss most standards, at most seven."""
    rows = homes.worst(stage.reader, stage.view.region, stage.newest)
    if not rows:
        return
    title = stage.t("homes_worst", home=_name(rows[0]), count=rows[0]["lacks"])
    table = h("div", _table(stage, rows), cls="wide")
    html = pieces.folded(title, stage.t("homes_worst_sub"), table)
    components.paper(html, key="worst")


def every(stage: Stage) -> None:
    """Every home of the place."""
    found = homes.homes(stage.reader, stage.view.region, stage.newest)
    if not found:
        none = pieces.empty(stage, stage.t("part_homes"), stage.t("no_rows_hint"))
        components.paper(none, key="homes")
        return
    table = h("div", _table(stage, found, whole=True), cls="wide")
    title = stage.t("homes_every", count=f"{len(found):,}")
    html = h("section", pieces.heading(title, stage.t("homes_every_sub")), table)
    components.paper(html, key="homes")


def _table(stage: Stage, rows: Iterable[Mapping[str, Any]], *, whole: bool = False) -> Markup:
    keys = ["home", "village_code", *_COUNTS, *(_MOVES if whole else ()), "director_name",
            *_OF_HOUSEHOLDS, "homes_lack"]  # fmt: skip
    words = {"director_name", "home", "village_code", "homes_lack"}
    numeric = [i for i, key in enumerate(keys) if key not in words]
    head = [stage.t(key) for key in keys]
    return pieces.table(
        head, [_row(stage, row, whole) for row in rows], numeric=numeric, cls="data tight"
    )


def _row(stage: Stage, row: Mapping[str, Any], whole: bool) -> tuple[Any, ...]:
    def opens(*told: str) -> str:
        if not homes.allows((row["home_id"],)):
            return ""
        return stage.selected("home", row["home_id"], *told, year=stage.newest)

    def number(column: str, unit: str, href: str = "") -> Markup:
        return pieces.number(stage, row[column], unit, href if row[column] else "")

    moves = (
        number("free_places", "households"),
        number("came_in_year", "households"),
        number("left_in_year", "households"),
        number("deaths_in_year", "people"),
    )
    lacks = stage.t("rule_comma").join(
        stage.t(f"lack_{key}") for key in STANDARDS if row[f"in_{key}"] is False
    )
    village = row["village_code"]
    return (
        pieces.Td(_name(row), "firm"),
        pieces.link(stage.href("village", region=village), stage.name(village)),
        number("planned_households", "households"),
        number("households", "households", opens()),
        number("people", "people"),
        *(moves if whole else ()),
        row["director_name"] or "—",
        number("area_missed", "households", opens(AREA, "missed")),
        number("path_missed", "households", opens(PATH, "missed")),
        number("package_met", "households", opens(PACKAGE, "met")),
        pieces.Td(lacks or "—", "said"),
    )


def _name(row: Mapping[str, Any]) -> str:
    return row["name"] or row["home_id"]
