"""What changed since the last data date: who came, left and moved, and the largest changes."""

from __future__ import annotations

from collections.abc import Mapping

from charts.foremost import Placed, foremost
from charts.number_format import Measure
from metrics.turns import CAME, LEFT, MOVED, Turn
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.sections.overview.scene import Scene

# Who came to these and left them is always told, however few.
_ALWAYS = ("monitored_households", "registered_households")


def changed(scene: Scene) -> Markup:
    """The finding, who came and left, and three changes in words; each number opens its list."""
    stage = scene.stage
    each = scene.outlook.turns if scene.before is not None else None
    if each is None:
        title = pieces.heading(stage.t("turn_head"))
        return h("div", title, h("p", stage.t("turn_no_date"), cls="sub"))
    facets = [_facet(scene, each[key], way)
              for key in _ALWAYS if key in each for way in (CAME, LEFT)]  # fmt: skip
    moved = scene.outlook.moved or 0
    facets.append(pieces.facet(stage.t("turn_moved"), f"{moved:,}", _href(scene, MOVED, moved)))
    told = [h("li", _line(scene, turn, below)) for turn, below in scene.outlook.largest]
    lines = h("ol", *told, cls="told") if told else h("p", stage.t("turn_none"), cls="sub")
    return h("div", pieces.heading(_finding(scene, each.get(_ALWAYS[0]))),
             h("div", *facets, cls="facets"), lines)  # fmt: skip


def _finding(scene: Scene, watched: Turn | None) -> str:
    stage = scene.stage
    if watched is None:
        return stage.t("turn_since", date=scene.since)
    return stage.t(
        "turn_finding", date=scene.since, came=f"{watched.came:,}", left=f"{watched.left:,}"
    )


def _facet(scene: Scene, turn: Turn, way: str) -> Markup:
    count = turn.came if way == CAME else turn.left
    name = part_name(scene.stage, turn.part(way))
    return pieces.facet(name, f"{count:,}", _href(scene, turn.part(way), count))


def _href(scene: Scene, part: str, count: int) -> str:
    if not count or scene.before is None:
        return ""
    return scene.stage.href("dynamics", against=scene.before.snapshot.number, part=part)


def part_name(stage: Stage, part: str) -> str:
    """Who a list of turns shows, in words."""
    return stage.t(f"turn_{part}") if part != MOVED else stage.t("turn_moved")


def _line(scene: Scene, turn: Turn, below: Mapping[str, int]) -> Markup:
    """One change in words: how many came and where most of them are, and how many left."""
    stage = scene.stage

    def told(way: str, count: int) -> Markup:
        words = stage.t("turn_told", name=part_name(stage, turn.part(way)), count=f"{count:,}")
        return pieces.link(_href(scene, turn.part(way), count), words)

    first, second = (CAME, LEFT) if turn.came else (LEFT, CAME)
    counts = {CAME: turn.came, LEFT: turn.left}
    said: list[Markup | str] = [told(first, counts[first])]
    if counts[second]:
        said += [stage.t("list_comma"), told(second, counts[second])]
    placed = [Placed(stage.name(code), below.get(code, 0)) for code in scene.places]
    top = foremost(placed, Measure(lang=stage.lang))
    if top is not None:
        said.append(h("span", stage.t("turn_most", most=top.text), cls="sub"))
    return h("span", *said)
