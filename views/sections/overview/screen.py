"""The overview as one screen: a sentence, figures, what changed, what is late, what to decide, a
board of places. On a phone each is one swipe."""

from __future__ import annotations

from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.rolls_note import rolls_note
from views.sections.overview import board_table, cards, changed, lists
from views.sections.overview.scene import Scene

PROGRESS, BOARD = "progress", "board"
_PARTS = {None: "part_today", BOARD: "part_board", PROGRESS: "part_progress"}


def today(scene: Scene) -> None:
    """The whole screen, drawn as one piece so that nothing on it moves while it arrives."""
    stage = scene.stage
    ideas = {
        "figures": cards.cards(scene),
        "changed": changed.changed(scene),
        "decide": lists.decisions(scene),
        "late": lists.late(scene),
        "ranking": board_table.board(scene),
    }
    drawn = [
        h("section", content, cls=f"idea {name}", aria_label=stage.t(f"idea_{name}"))
        for name, content in ideas.items()
    ]
    name = stage.t("page_overview")
    html = h(
        "div",
        _head(scene),
        h("div", *drawn, cls="ideas", tabindex="0", role="region", aria_label=name),
        _about(stage),
        cls="screen",
    )
    components.paper(html, key="overview")


def _about(stage: Stage) -> Markup:
    """Who is counted and how earlier months are told, folded."""
    name = h("summary", stage.t("about_figures"))
    told = h("p", stage.t("months_note"), cls="sub")
    return h("details", name, rolls_note(stage), told, cls="about")


def whole_board(scene: Scene) -> None:
    """Every place on the board."""
    html = h("div", _head(scene), board_table.board(scene, whole=True), cls="screen whole")
    components.paper(html, key="overview")


def head(scene: Scene) -> None:
    """The sentence and the parts alone, above what figures draw."""
    components.paper(h("div", _head(scene), cls="screen"), key="overview")


def _head(scene: Scene) -> Markup:
    return h("div", cards.sentence(scene), _parts(scene.stage), cls="opening")


def _parts(stage: Stage) -> Markup:
    """The parts of the page; the one shown is marked."""
    shown = stage.view.part
    links = [
        pieces.facet_way(stage.t(words), stage.href("overview", part=part), part == shown)
        for part, words in _PARTS.items()
    ]
    return h("nav", *links, cls="facets parts", aria_label=stage.t("parts"))
