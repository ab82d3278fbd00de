"""The board of places: rates with their counts, the rank in one of them, and how that moved."""

from __future__ import annotations

from charts.foremost import Placed, foremost
from metrics.board import COLUMNS, INCOME_GROWTH, Mark, ordered
from views.browser import markup
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.sections.overview.numbers import Overview


def board(overview: Overview, *, whole: bool = False) -> Markup:
    """The places by their rank in the chosen column, the worst first; all of them if ``whole``."""
    stage = overview.stage
    column = stage.view.sort.removeprefix("-")
    order = ordered(overview.board, column, stage.view.sort.startswith("-"))
    shown = order if whole else order[: overview.room]
    head = [stage.t("place"), stage.t("board_rank"), *(_head(stage, key) for key in COLUMNS)]
    body = [_row(overview, code, column) for code in shown]
    table = pieces.table(head, body, numeric=range(2, len(head)), cls="data tight board")
    return h(
        "div",
        pieces.heading(_finding(overview, column)),
        table,
        _ways(overview, column, whole, len(order)),
    )


def _finding(overview: Overview, column: str) -> str:
    """Who stands highest in the column, as a sentence."""
    stage = overview.stage
    measure = stage.measure("percent")
    placed = [
        Placed(stage.name(code), marks[column].value, marks[column].part, marks[column].base)
        for code, marks in overview.board.items()
    ]
    top, name = foremost(placed, measure), stage.t(f"board_{column}")
    if top is not None:
        return stage.t("board_finding", name=name, most=top.text)
    known = [one for one in placed if one.value is not None]
    if not known:
        return stage.t("board_unknown", name=name)
    return stage.t("board_level", name=name) if len(known) > 1 else stage.t("idea_ranking")


def _head(stage: Stage, column: str) -> Markup:
    """A column's name, a click on which sorts by it, and then the other way round."""
    chosen = stage.view.sort.removeprefix("-") == column
    turned = f"-{column}" if chosen and not stage.view.sort.startswith("-") else column
    return markup.link(
        stage.href("overview", sort=turned),
        stage.t(f"board_{column}"),
        cls="sorted" if chosen else None,
        title=stage.t("board_sort"),
    )


def _row(overview: Overview, code: str, column: str) -> tuple[object, ...]:
    stage = overview.stage
    marks = overview.board[code]
    opens = stage.href("overview" if len(code) < 12 else "village", region=code)
    return (
        pieces.Td(pieces.link(opens, stage.name(code)), "firm"),
        pieces.Td(_rank(stage, marks[column]), "firm"),
        *(_rate(stage, key, code, marks[key]) for key in COLUMNS),
    )


def _rank(stage: Stage, mark: Mark) -> Markup:
    """The rank with the third that it lies in as a shape and a word, and how it moved."""
    if mark.rank is None:
        return h("span", "—", cls="missing", title=stage.t("unknown"))
    shape = {"front": "good", "back": "bad"}.get(mark.third or "", "")
    number = stage.t("board_tied", rank=mark.rank) if mark.tied else f"{mark.rank}"
    if mark.third is not None:
        number = f"{stage.t(f'board_{mark.third}')} {number}"
    moved = None
    if mark.moved:
        arrow, way = ("▲", "up") if mark.moved > 0 else ("▼", "down")
        title = stage.t(f"board_{way}", ranks=abs(mark.moved))
        moved = h("span", f" {arrow}{abs(mark.moved)}", cls=f"moved {way}", title=title)
    return h("span", h("span", number, cls=f"light {shape}"), moved)


def _rate(stage: Stage, column: str, code: str, mark: Mark) -> Markup:
    """A rate that opens its list, what it is made of beside it, and that it is of few cases."""
    measure = stage.measure("percent")
    if mark.value is None:
        return h("span", "—", cls="missing", title=stage.t("unknown"))
    if column == INCOME_GROWTH:
        href = stage.href("trends", indicator="per_capita_income", region=code)
        return h("span", pieces.link(href, f"{measure.signed(mark.value)}%"))
    href = stage.behind(column, code) if mark.part else ""
    few = h("span", stage.t("few_cases"), cls="few") if mark.few else None
    counts = h("small", f"{mark.part:,.0f}/{mark.base:,.0f}", few)
    return h("span", pieces.link(href, measure.text(mark.value)), " ", counts)


def _ways(overview: Overview, column: str, whole: bool, count: int) -> Markup:
    """To all places where some are left out, and to the map of the column."""
    stage = overview.stage
    found = []
    if not whole and count > overview.room:
        found.append(
            pieces.link(stage.href("overview", part="board"), stage.t("board_all", count=count))
        )
    indicator = "per_capita_income" if column == INCOME_GROWTH else column
    level = "village" if len(overview.places[0]) == 12 else "township"
    href = stage.href("map", indicator=indicator, level=level)
    found.append(pieces.link(href, stage.t("board_map", name=stage.t(f"board_{column}"))))
    return h("p", *(h("span", one) for one in found), cls="ways")
