"""One household's income by year: where it came from, what it cost, and the year's poverty line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.labels import spread, text_width, wrap
from charts.lines import Line, table_of, year_ticks, years_of
from charts.number_format import Measure, tick_texts, ticks
from charts.theme import (
    ALERT,
    GREY,
    INK,
    PAGE,
    PAPER,
    Chart,
    Figure,
    Frame,
    Words,
    axis,
    chart,
    layout,
    lines_of,
    margins,
    note,
    plain,
    rule,
    year_axis,
)

# Earned in three blues, given in sand: how far a household lives on transfers is a question asked.
PARTS = ("#0b4263", "#3f86ad", "#a9cbdd", "#e3c9a0")
EXPENSE = "#c9c5be"


@dataclass(frozen=True)
class _Income:
    parts: Sequence[Line]
    expense: Line
    net: Line
    limit: Line
    years: Sequence[int]
    measure: Measure
    frame: Frame

    def stack(self, year: int) -> list[float]:
        """The kinds of income of a year from the zero line upwards, none as 0."""
        return [line.on([year])[0][0] or 0 for line in self.parts]

    def cost(self, year: int) -> float:
        return self.expense.on([year])[0][0] or 0

    def bounds(self) -> tuple[float, float]:
        """The deepest expense or loss and the highest stack or line."""
        tops = [sum(self.stack(year)) for year in self.years]
        levels = [v for line in (self.net, self.limit) for _, v in line.known()]
        costs = [-self.cost(year) for year in self.years]
        return min([0, *costs, *levels]), max([*tops, *levels])

    def poor(self, year: int) -> bool:
        """Whether the year's net income is known to lie below the year's line."""
        net, limit = self.net.on([year])[0][0], self.limit.on([year])[0][0]
        return net is not None and limit is not None and net < limit


def income(
    parts: Sequence[Line],
    expense: Line,
    net: Line,
    threshold: Line,
    *,
    measure: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """Stacked bars a year of up to four kinds of income, expense below zero, net as a dash.

    All in yuan a person and year (as the poverty line is), ``expense`` as positive numbers;
    ``threshold`` is drawn as steps and left out where a year has none. Net income stands under
    its year, in the colour of alarm where it is below that year's line. ``words.columns``: the
    head for years; the lines' names head the rest. Raises ValueError for no years, more than four
    parts or a negative part.
    """
    years = years_of([*parts, expense, net])
    if not years or not 1 <= len(parts) <= len(PARTS):
        raise ValueError(f"{len(years)} years and {len(parts)} parts cannot be drawn")
    if any(value < 0 for line in (*parts, expense) for _, value in line.known()):
        raise ValueError("parts and expense are amounts, and none of them is negative")
    limit = threshold.between(years[0], years[-1])
    data = _Income(parts, expense, net, limit, years, measure, frame)
    table = table_of([*parts, expense, net, limit], years, words.columns)
    return chart(_figure(data), words, table)


def _figure(data: _Income) -> Figure:
    frame, years = data.frame, data.years
    low, high = data.bounds()
    marks = [mark for mark in ticks(low, high, whole=True) if mark >= low]
    span = (low * 1.1, marks[-1])
    texts = tick_texts(marks, data.measure)
    labels = _labels(data)
    left = max(text_width(text, frame.small) for text in texts) + 10
    right = max(text_width(t, frame.small, True) for ts, _ in labels for t in ts) + frame.size
    top, bottom = frame.small * 2.2, frame.small * 3.3
    pitch = (frame.width - left - right) / len(years)
    plot = frame.height - top - bottom
    return {
        "data": _traces(data, pitch),
        "layout": layout(
            frame,
            frame.height,
            margins(left, right, top, bottom),
            barmode="relative",
            bargap=0.3,
            xaxis=_years(data, pitch),
            yaxis=axis(marks, texts, *span, frame.small, showgrid=True),
            shapes=[rule(0, 1, 0, 0, xref="paper", color=GREY)],
            annotations=[*_margin_notes(data, labels, span, plot), *_edge_notes(data, left)],
        ),
    }


def _traces(data: _Income, pitch: float) -> list[Figure]:
    bars = [_bar(data, line, color, 1) for line, color in zip(data.parts, PARTS, strict=False)]
    dash = {
        "symbol": "line-ew",
        "size": pitch * 0.42,
        "line": {"color": INK, "width": max(2.5, data.frame.stroke)},
    }
    net = _hover(data, data.net) | {
        "type": "scatter",
        "mode": "markers",
        "y": data.net.on(data.years)[0],
        "marker": dash,
        "cliponaxis": False,
    }
    return [*bars, _bar(data, data.expense, EXPENSE, -1), _steps(data), net]


def _hover(data: _Income, line: Line) -> Figure:
    values, hrefs = line.on(data.years)
    name = plain(line.name)
    return {
        "name": name,
        "x": list(data.years),
        "customdata": hrefs,
        "hovertext": [
            f"{name} {year}<br>{plain(data.measure.text(value))}"
            for year, value in zip(data.years, values, strict=True)
        ],
        "hoverinfo": "text",
    }


def _bar(data: _Income, line: Line, color: str, sign: int) -> Figure:
    lengths = [sign * value if value else None for value in line.on(data.years)[0]]
    marker = {"color": color, "line": {"color": PAPER, "width": 1}}
    return _hover(data, line) | {"type": "bar", "y": lengths, "marker": marker}


def _steps(data: _Income) -> Figure:
    """The line as a step a year, as wide as the year, broken where a year has none."""
    x: list[float | None] = []
    y: list[float | None] = []
    for year, value in zip(data.years, data.limit.on(data.years)[0], strict=True):
        x += [year - 0.5, year + 0.5] if value is not None else [None]
        y += [value, value] if value is not None else [None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": ALERT, "width": data.frame.stroke * 0.7, "dash": "6px,3px"},
        "hoverinfo": "skip",
    }


def _years(data: _Income, pitch: float) -> Figure:
    """The years, and under each its net income."""
    size = data.frame.small
    values = dict(zip(data.years, data.net.on(data.years)[0], strict=True))
    texts = {year: data.measure.number(value) for year, value in values.items()}
    need = max(text_width(text, size, True) for text in texts.values())
    shown = year_ticks(data.years, pitch, max(need, text_width("2000", size)) + size * 0.6)
    found = year_axis(shown, data.years[0] - 0.5, data.years[-1] + 0.5, size)
    found["ticktext"] = [
        f'{year}<br><b><span style="color:{ALERT if data.poor(year) else INK}">'
        f"{texts[year]}</span></b>"
        for year in shown
    ]
    return found


def _labels(data: _Income) -> list[tuple[list[str], float]]:
    """The lines of text right of the last bar and the level each belongs to."""
    last, size = data.years[-1], data.frame.small
    most = data.frame.width * (0.24 if data.frame.narrow else 0.3)
    found = []
    base = 0.0
    for line, value in zip(data.parts, data.stack(last), strict=True):
        found.append((line.name, base + value / 2))
        base += value
    found.append((data.expense.name, -data.cost(last) / 2))
    net = data.net.known()
    found.append((data.net.name, net[-1][1] if net else 0.0))
    known = data.limit.known()
    if known:
        year, value = known[-1]
        dated = "" if year == last else f" ({year})"
        found.append((f"{data.limit.name} {data.measure.level(value)}{dated}", value))
    return [(wrap(text, size, most), level) for text, level in found]


def _margin_notes(
    data: _Income,
    labels: Sequence[tuple[list[str], float]],
    span: tuple[float, float],
    plot: float,
) -> list[Figure]:
    """The labels at the heights of what they name, moved apart where they would touch."""
    size = data.frame.small
    scale = plot / (span[1] - span[0])
    wanted = [(span[1] - level) * scale for _, level in labels]
    heights = [len(texts) * size * 1.3 for texts, _ in labels]
    places = spread(wanted, heights, -size * 0.6, plot + size * 0.4)
    fills = [*PARTS[: len(data.parts)], EXPENSE, INK, ALERT]
    signs = ["■"] * (len(data.parts) + 1) + ["━", "┅"]
    return [
        note(
            f'<span style="color:{fill}">{sign}</span>{lines_of(texts)}',
            1,
            1 - place / plot,
            size=size,
            color=INK,
            xref="paper",
            yref="paper",
            xshift=4,
        )
        for (texts, _), place, fill, sign in zip(labels, places, fills, signs, strict=False)
    ]


def _edge_notes(data: _Income, left: float) -> list[Figure]:
    """The unit over the value axis, and the dash of net income before the row of its numbers."""
    size = data.frame.small
    unit = note(plain(data.measure.unit), 0, 1, size=size, yshift=round(size * 1.4))
    sign = note("<b>━</b>", 0, 0, size=size, color=INK, yshift=-round(size * 2.45))
    more = {"xref": "paper", "yref": "paper", "xshift": -round(left)}
    return [unit | more, sign | more]
