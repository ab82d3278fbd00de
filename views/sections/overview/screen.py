"""The overview as one screen: a sentence, figures, what changed, what is late, what to decide, a
board of places. On a phone each is one swipe."""

from __future__ import annotations

from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import tabs
from views.parts.rolls_note import rolls_note
from views.scenes import block
from views.scenes.block import Block
from views.sections.overview import board_table, cards, changed, lists, long_view
from views.sections.overview.numbers import Overview

PROGRESS, BOARD = "progress", "board"
_PARTS = {None: "tab_overview", BOARD: "part_board", PROGRESS: "part_progress"}


def blocks(stage: Stage) -> tuple[Block, ...]:
    """What the page shows: today, the whole board, or the years."""
    overview = Overview(stage)
    if stage.view.part == PROGRESS:
        return _progress(overview)
    if stage.view.part == BOARD:
        whole = block.html("ranking", board_table.board(overview, whole=True))
        return (block.box("screen", h("div", cls="screen whole"), _head(overview), whole),)
    return (_today(overview),)


def _today(overview: Overview) -> Block:
    stage = overview.stage
    ideas = {
        "figures": cards.cards(overview),
        "changed": changed.changed(overview),
        "decide": lists.decisions(overview),
        "late": lists.late(overview),
        "ranking": board_table.board(overview),
    }
    drawn = (
        block.html(
            name, h("section", content, cls=f"idea {name}", aria_label=stage.t(f"idea_{name}"))
        )
        for name, content in ideas.items()
    )
    region = h("div", cls="ideas", tabindex="0", role="region", aria_label=stage.t("page_overview"))
    return block.box(
        "screen",
        h("div", cls="screen"),
        _head(overview),
        block.box("ideas", region, *drawn),
        block.html("about", _about(stage)),
    )


def _about(stage: Stage) -> Markup:
    """Who is counted and how earlier months are told, folded."""
    name = h("summary", stage.t("about_figures"))
    told = h("p", stage.t("months_note"), cls="sub")
    return h("details", name, rolls_note(stage), told, cls="about")


def _progress(overview: Overview) -> tuple[Block, ...]:
    """The years side by side, below the sentence."""
    stage = overview.stage
    drawn = (long_view.poverty(stage), long_view.watched(stage))
    side_by_side = (
        block.box(f"years_{number}", h("div"), *each) for number, each in enumerate(drawn)
    )
    years = block.box("years", h("div", cls="halves"), *side_by_side)
    return (block.box("screen", h("div", cls="screen"), _head(overview), years),)


def _head(overview: Overview) -> Block:
    """The sentence and the parts."""
    head = h(
        "div",
        cards.sentence(overview),
        tabs.row(overview.stage, _PARTS, overview.stage.view.part),
        cls="opening",
    )
    return block.html("opening", head)
