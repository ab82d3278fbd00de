"""The parts of a briefing that tell of a view: its numbers, over the years and by place."""

from __future__ import annotations

from papers.content import Block, Cell, Chart, Series, Table, Text
from views.context import headlines
from views.context.stage import Stage
from views.parts import share
from views.sections.briefing.naming import cell, change, digits, whole
from views.sections.overview.numbers import Overview

_MOST_CHARTS = 3


def blocks(view: Stage, *, note: str = "", question: str = "", code: str = "") -> list[Block]:
    """A view's numbers with their changes, then the first ones over the years and by place.

    ``code`` is the short link that opens it; without one its whole address does.
    """
    found: list[Block] = [Text(text) for text in (question, note) if text]
    href = (
        share.address_of(code) if code and share.site() else whole(view, view.href(view.spec.key))
    )
    if href:
        found.append(Text(f"{view.t('brief_open')}: {href}", href))
    keys = headlines.keys(view)
    if keys == (headlines.LIST,):
        value = headlines.numbers(view)[headlines.LIST]
        measure = view.measure(headlines.unit(view, headlines.LIST))
        name = headlines.name(view, headlines.LIST)
        told = Cell(measure.text(value), value, href)
        return [*found, Table((view.t("brief_figure"), view.t("brief_now")), ((Cell(name), told),),
                              frozenset({1}))]  # fmt: skip
    if keys:
        found.append(_table(view, keys))
    for key in keys[:_MOST_CHARTS]:
        found += _charts(view, key)
    return found


def _table(view: Stage, keys: tuple[str, ...]) -> Table:
    """Each number now, and its change since the last data date and the year before."""
    before = Overview(view).before
    rows = []
    for key in keys:
        indicator = view.county.indicators[key]
        now = view.cell(key)
        last = None
        if before is not None:
            last = before.cube.cell(key, view.view.region, before.data_date.year, view.scope)
        ago = view.cell(key, year=year_before(view))
        rows.append((
            Cell(view.named(indicator)),
            cell(view, indicator, now.value, view.behind(key)),
            change(view, indicator, now.change_since(last), "—"),
            change(view, indicator, now.change_since(ago), "—"),
        ))  # fmt: skip
    heads = ("brief_figure", "brief_now", "brief_since_last", "brief_since_year")
    return Table(tuple(map(view.t, heads)), tuple(rows), frozenset({1, 2, 3}))


def year_before(view: Stage) -> int:
    """The year before the one shown, as far as the data go back."""
    earlier = [year for year in view.bounds.years if year < view.view.year]
    return max(earlier, default=view.view.year)


def _charts(view: Stage, key: str) -> list[Block]:
    indicator = view.county.indicators[key]
    measure, name = view.measure(indicator.unit), view.named(indicator)
    found: list[Block] = []
    cells = view.county.cube.series(key, view.view.region, view.scope)
    upto = {year: cell.value for year, cell in cells.items() if year <= view.view.year}
    if len(upto) > 2:
        found.append(Chart(
            "line", f"{view.place.name} {name}", measure.unit, tuple(map(str, upto)),
            Series(name, tuple(upto.values())), digits(measure, view.cell(key).value),
            whole(view, view.href("trends", indicator=key)),
        ))  # fmt: skip
    codes = [place.code for place in view.county.children(view.view.region, view.scope)]
    across = view.county.cube.across(key, codes, view.view.year, view.scope)
    placed = sorted(
        ((code, one.value) for code, one in across.items() if one.value is not None),
        key=lambda pair: -pair[1],
    )
    if len(placed) > 1:
        found.append(Chart(
            "bar", f"{name} · {view.t('places')}", measure.unit,
            tuple(view.name(code) for code, _ in placed),
            Series(name, tuple(value for _, value in placed)),
            digits(measure, max(value for _, value in placed)),
            whole(view, view.href("map", indicator=key, level="township")),
        ))  # fmt: skip
    return found
