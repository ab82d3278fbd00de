"""Blocks of pages: a chart with its finding and its numbers as a table, and lines of the cube."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from charts import theme
from charts.foremost import Placed
from charts.lines import Line
from charts.place_findings import over_places
from charts.theme import Chart, Frame, Words
from metrics.registry import Indicator
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts.pieces import heading, table
from views.scenes import block
from views.scenes.block import Block

# A wall is read from ten metres: everything a quarter larger, as the stylesheet does for words.
_WALL = 1.25
# On a slide the smallest words, which are two pixels less, are 16 of its 720 pixels high.
_SLIDE = 18


def frame(wide: Frame = theme.PAGE) -> Frame:
    """The room to draw for on the viewer's screen, ``wide`` being that on a laptop."""
    size = components.screen_size()
    if size == "phone":
        return theme.PHONE
    if size == "page":
        return wide
    if size == "slide":
        return replace(wide, size=_SLIDE)
    return Frame(
        round(wide.width * _WALL),
        round(wide.height * _WALL),
        round(wide.size * _WALL),
        wide.stroke * _WALL,
    )


def show(chart: Chart, key: str, stage: Stage, rows: Iterable[Sequence[Any]] | None = None) -> None:
    """A chart: its finding, the figure, and the same numbers as a table on request."""
    components.paper(heading(chart.title, chart.subtitle), key=f"{key}_heading")
    components.plot(chart.figure, key=key, height=chart.height, alt=chart.alt)
    with st.expander(stage.t("as_table"), key=f"{key}_open", on_change="rerun") as opened:
        if opened.open:
            head, *body = chart.table
            cells = rows if rows is not None else [[_plain(c) for c in row] for row in body]
            components.paper(table(head, cells, numeric=range(1, len(head))), key=f"{key}_table")


def below(chart: Chart, key: str, stage: Stage) -> None:
    """The same below the first screen: its finding, and all else where that is opened."""
    with st.expander(chart.title, key=f"{key}_below"):
        show(chart, key, stage)


def blocks(chart: Chart, key: str, stage: Stage) -> tuple[Block, ...]:
    """The same in a scene; the table is there already, folded."""
    head, *body = chart.table
    rows = [[_plain(cell) for cell in row] for row in body]
    name = h("summary", stage.t("as_table"))
    told = h("details", name, table(head, rows, numeric=range(1, len(head))), cls="as-table")
    return (
        block.html(f"{key}_heading", heading(chart.title, chart.subtitle)),
        block.plot(key, chart.figure, height=chart.height, alt=chart.alt),
        block.html(f"{key}_table", told),
    )


def _plain(cell: Any) -> Any:
    if isinstance(cell, float):
        return f"{cell:,.2f}".rstrip("0").rstrip(".")
    return "—" if cell is None else cell


def line(stage: Stage, indicator: Indicator, region: str, *, name: str = "") -> Line:
    """An indicator over the years for a place; each point opens the households behind it."""
    cells = stage.county.cube.series(indicator.key, region, stage.scope)
    return Line(
        name or stage.name(region),
        list(cells),
        [cell.value for cell in cells.values()],
        [stage.behind(indicator.key, region, year) or None for year in cells],
    )


def over(
    stage: Stage, indicator: Indicator, codes: Iterable[str], year: int, places: str, name: str = ""
) -> str:
    """What an indicator comes to over many places, as a sentence; ``places`` is their word."""
    cells = stage.county.cube.across(indicator.key, codes, year, stage.scope)
    placed = [
        Placed(stage.name(code), cell.value, cell.numerator, cell.denominator)
        for code, cell in cells.items()
    ]
    return over_places(
        name or f"{year}{stage.t('of_year')}{stage.named(indicator)}",
        placed,
        places,
        stage.measure(indicator.unit),
        additive=indicator.denominator is None,
    )


def ranking(stage: Stage, name: str, placed: Sequence[Placed], places: str) -> str:
    """Where a rate is highest and lowest, as a sentence; ``places`` is the word for them."""
    return over_places(name, placed, places, stage.measure("percent"), additive=False)


def not_in_force(stage: Stage, indicator: Indicator) -> str:
    """That the indicator was not in force in the year shown; empty where it was."""
    if indicator.exists(stage.view.year):
        return ""
    if indicator.since is not None and stage.view.year < indicator.since:
        return stage.t("rule_not_yet", since=indicator.since)
    return stage.t("rule_no_more", until=indicator.until)


def opens_with(stage: Stage) -> None:
    """Why the page opens with an earlier year than the data have, while it shows that year."""
    year = stage.bounds.year
    if year is not None and stage.view.year == year < max(stage.bounds.years):
        components.paper(h("p", stage.t("page_opens_with", year=year), cls="sub"), key="opens_with")


def words(title: str, subtitle: str, *columns: str, alt: str = "", stage: Stage) -> Words:
    """A chart's words."""
    said = alt or stage.t("alt", title=title, subtitle=subtitle)
    return Words(title, subtitle, columns, said, stage.t("unknown"))


def columns(count: int | Sequence[float], draw: Sequence[Callable[[], None]]) -> None:
    """Blocks side by side, one under the other on a narrow screen."""
    for column, drawn in zip(st.columns(count, gap="large"), draw, strict=True):
        with column:
            drawn()
