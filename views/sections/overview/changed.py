"""What changed since the last data date: who came, left and moved, and the largest changes."""

from __future__ import annotations

from collections.abc import Mapping

from charts.foremost import Placed, foremost
from charts.number_format import Measure
from metrics.turns import CAME, LEFT, MOVED, Turn
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.sections.overview.numbers import Overview

# Who came to these and left them is always told, however few.
_ALWAYS = ("monitored_households", "registered_households")


def changed(overview: Overview) -> Markup:
    """The finding, who came and left, and three changes in words; each number opens its list."""
    stage = overview.stage
    each = overview.outlook.turns if overview.before is not None else None
    if each is None:
        title = pieces.heading(stage.t("turn_head"))
        return h("div", title, h("p", stage.t("turn_no_date"), cls="sub"))
    facets = [_facet(overview, each[key], way)
              for key in _ALWAYS if key in each for way in (CAME, LEFT)]  # fmt: skip
    moved = overview.outlook.moved or 0
    facets.append(pieces.facet(stage.t("turn_moved"), f"{moved:,}", _href(overview, MOVED, moved)))
    told = [h("li", _line(overview, turn, below)) for turn, below in overview.outlook.largest]
    lines = h("ol", *told, cls="told") if told else h("p", stage.t("turn_none"), cls="sub")
    return h("div", pieces.heading(_finding(overview, each.get(_ALWAYS[0]))),
             h("div", *facets, cls="facets"), lines)  # fmt: skip


def _finding(overview: Overview, watched: Turn | None) -> str:
    stage = overview.stage
    if watched is None:
        return stage.t("turn_since", date=overview.since)
    return stage.t(
        "turn_finding", date=overview.since, came=f"{watched.came:,}", left=f"{watched.left:,}"
    )


def _facet(overview: Overview, turn: Turn, way: str) -> Markup:
    count = turn.came if way == CAME else turn.left
    name = part_name(overview.stage, turn.part(way))
    return pieces.facet(name, f"{count:,}", _href(overview, turn.part(way), count))


def _href(overview: Overview, part: str, count: int) -> str:
    if not count or overview.before is None:
        return ""
    return overview.stage.href("dynamics", against=overview.before.snapshot.number, part=part)


def part_name(stage: Stage, part: str) -> str:
    """Who a list of turns shows, in words."""
    return stage.t(f"turn_{part}") if part != MOVED else stage.t("turn_moved")


def _line(overview: Overview, turn: Turn, below: Mapping[str, int]) -> Markup:
    """One change in words: how many came and where most of them are, and how many left."""
    stage = overview.stage

    def told(way: str, count: int) -> Markup:
        words = stage.t("turn_told", name=part_name(stage, turn.part(way)), count=f"{count:,}")
        return pieces.link(_href(overview, turn.part(way), count), words)

    first, second = (CAME, LEFT) if turn.came else (LEFT, CAME)
    counts = {CAME: turn.came, LEFT: turn.left}
    said: list[Markup | str] = [told(first, counts[first])]
    if counts[second]:
        said += [stage.t("list_comma"), told(second, counts[second])]
    placed = [Placed(stage.name(code), below.get(code, 0)) for code in overview.places]
    top = foremost(placed, Measure(lang=stage.lang))
    if top is not None:
        said.append(h("span", stage.t("turn_most", most=top.text), cls="sub"))
    return h("span", *said)
