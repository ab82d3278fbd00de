"""Small multiples: every township on one scale, its county in grey behind it.

All panels lie on one pair of axes (x in panels, y in pixels), which draws some ten times faster
than a pair of axes a panel and cannot come to have two scales.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.labels import Box, Path, best, text_width
from charts.lines import Line, table_of, years_of
from charts.number_format import Measure, tick_texts, ticks
from charts.theme import (
    ACCENT,
    GREY,
    HAIR,
    MUTED,
    PAGE,
    Chart,
    Figure,
    Frame,
    Words,
    bare_axis,
    chart,
    layout,
    margins,
    note,
    plain,
)

MOST = 16


@dataclass(frozen=True, slots=True)
class Grid:
    """Where each panel lies: ``x`` in panels from the left, ``y`` in pixels from the top."""

    frame: Frame
    count: int
    columns: int
    years: tuple[int, int]
    top: float  # of the value axis
    bottom: float
    left: float  # pixels for the ticks
    share: float  # of a panel's width that its line takes, the rest being for its label

    @property
    def head(self) -> float:
        return self.frame.size * 2

    @property
    def plot(self) -> float:
        return self.frame.size * (5 if self.frame.narrow else 6)

    @property
    def pitch(self) -> float:
        return self.head + self.plot + self.frame.size * 0.9

    @property
    def rows(self) -> int:
        return -(-self.count // self.columns)

    @property
    def height(self) -> float:
        return self.rows * self.pitch + self.frame.small * 1.5

    @property
    def panel(self) -> float:
        """Nominal width of a panel in pixels."""
        return (self.frame.width - self.left) / self.columns

    def x(self, index: int, year: float) -> float:
        first, last = self.years
        part = (year - first) / (last - first) if last > first else 0.5
        return index % self.columns + part * self.share

    def y(self, index: int, value: float) -> float:
        part = (self.top - value) / (self.top - self.bottom)
        return index // self.columns * self.pitch + self.head + part * self.plot


def columns_for(count: int, frame: Frame) -> int:
    """How many panels stand side by side: as many as can be read, in rows of even length."""
    most = max(2, int(frame.width // (frame.size * 11)))
    rows = -(-count // most)
    return -(-count // rows) if rows else 1


def multiples(
    places: Sequence[Line],
    parent: Line | None = None,
    *,
    measure: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """A panel a place in the order given, up to sixteen; points carry their href.

    A place without any value keeps its panel, which says ``words.missing``. ``words.columns``:
    the head for years; names head the rest, ``parent`` last. Raises ValueError for no years or
    more than sixteen places.
    """
    years = years_of(places)
    if not years or len(places) > MOST:
        raise ValueError(f"{len(places)} places over {len(years)} years cannot be drawn")
    county = parent.between(years[0], years[-1]) if parent else None
    lines = [*places, county] if county else list(places)
    values = [value for line in lines for _, value in line.known()]
    top = max([0.0, *values]) or 1.0
    marks = ticks(min([0.0, *values]), top, 3, measure.kind == "count")
    marks = [mark for mark in marks if mark <= top] if len(marks) > 2 else marks
    grid = _grid(places, marks, max(top, marks[-1]), measure, frame, years)
    pad = frame.stroke / grid.panel  # so that the first points are not cut in half
    figure: Figure = {
        "data": [_rules(grid, marks), *_lines(grid, places, county, measure)],
        "layout": layout(
            frame,
            grid.height,
            margins(left=grid.left),
            xaxis=bare_axis(-pad, grid.columns - pad),
            yaxis=bare_axis(grid.height, 0),
            annotations=[
                *_panel_notes(grid, places, measure, words.missing),
                *_axis_notes(grid, marks, measure),
            ],
        ),
    }
    if county and county.known():
        figure["layout"]["annotations"].append(_county_note(grid, places[0], county))
    return chart(figure, words, table_of(lines, years, words.columns))


def _grid(
    places: Sequence[Line],
    marks: Sequence[float],
    top: float,
    measure: Measure,
    frame: Frame,
    years: Sequence[int],
) -> Grid:
    columns = columns_for(len(places), frame)
    left = max(text_width(text, frame.small) for text in tick_texts(marks, measure)) + 10
    last = [measure.compact(place.known()[-1][1]) for place in places if place.known()]
    label = max((text_width(text, frame.size, True) for text in last), default=0)
    panel = (frame.width - left) / columns
    share = max(0.35, 1 - (label + frame.size) / panel)
    span = (years[0], years[-1])
    return Grid(frame, len(places), columns, span, top, marks[0], left, share)


def _rules(grid: Grid, marks: Sequence[float]) -> Figure:
    """Every panel's grid as one broken line: sixty shapes would be sixty elements."""
    x: list[float | None] = []
    y: list[float | None] = []
    for index in range(grid.count):
        start = index % grid.columns
        for mark in marks:
            x += [start, start + grid.share, None]
            y += [grid.y(index, mark), grid.y(index, mark), None]
    line = {"color": HAIR, "width": 1}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _lines(
    grid: Grid, places: Sequence[Line], county: Line | None, measure: Measure
) -> list[Figure]:
    stroke = grid.frame.stroke
    own = _broken(grid, list(enumerate(places)), measure)
    own["line"] = {"color": ACCENT, "width": stroke * 0.8}
    own["marker"] = {"color": ACCENT, "size": own.pop("sizes"), "line": {"width": 0}, "opacity": 1}
    if not county:
        return [own]
    behind = _broken(grid, [(index, county) for index in range(len(places))], measure)
    behind |= {"mode": "lines", "hoverinfo": "skip", "line": {"color": GREY, "width": stroke / 3}}
    for key in ("sizes", "customdata", "hovertext"):
        del behind[key]
    return [behind, own]


def _broken(grid: Grid, panels: Sequence[tuple[int, Line]], measure: Measure) -> Figure:
    """The lines of all panels as one trace, broken between panels and at missing years."""
    x: list[float | None] = []
    y: list[float | None] = []
    hrefs: list[str | None] = []
    texts: list[str] = []
    sizes: list[float] = []
    years = range(grid.years[0], grid.years[1] + 1)
    for index, line in panels:
        values, addresses = line.on(years)
        last = line.known()[-1][0] if line.known() else None
        x += [grid.x(index, year) for year in years] + [None]
        y += [None if value is None else grid.y(index, value) for value in values] + [None]
        hrefs += [*addresses, None]
        pairs = zip(years, values, strict=True)
        name = plain(line.name)
        texts += [f"{name} {year}<br>{plain(measure.text(v))}" for year, v in pairs] + [""]
        sizes += [grid.frame.stroke * (2 if year == last else 0.8) for year in years] + [0]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "customdata": hrefs,
        "hovertext": texts,
        "hoverinfo": "text",
        "connectgaps": False,
        "sizes": sizes,
    }


def _panel_notes(
    grid: Grid, places: Sequence[Line], measure: Measure, missing: str
) -> list[Figure]:
    found = []
    size = grid.frame.size
    for index, place in enumerate(places):
        start, top = index % grid.columns, index // grid.columns * grid.pitch
        name = note(f"<b>{plain(place.name)}</b>", start, top + grid.head * 0.42, size=size)
        found.append(name | {"font": {"size": size}})
        known = place.known()
        if known:
            year, value = known[-1]
            text = f"<b>{plain(measure.compact(value))}</b>"
            x, y = grid.x(index, year), grid.y(index, value)
            found.append(note(text, x, y, size=size, color=ACCENT, xshift=size * 0.5))
        else:
            x, y = start + grid.share / 2, top + grid.head + grid.plot / 2
            found.append(note(plain(missing), x, y, size=grid.frame.small, xanchor="center"))
    return found


def _axis_notes(grid: Grid, marks: Sequence[float], measure: Measure) -> list[Figure]:
    """The scale at the left of every row, the first and last year below every column."""
    size = grid.frame.small
    found = []
    texts = tick_texts(marks, measure)
    for row in range(grid.rows):
        for mark, text in zip(marks, texts, strict=True):
            y = grid.y(row * grid.columns, mark)
            found.append(note(text, 0, y, size=size, xanchor="right", xshift=-6))
    for column in range(grid.columns):
        index = column + (grid.count - 1 - column) // grid.columns * grid.columns
        y = grid.y(index, grid.bottom) + size * 0.85
        for year, anchor in zip(dict.fromkeys(grid.years), ("left", "right"), strict=False):
            x = grid.x(index, year)
            found.append(note(str(year), x, y, size=size, xanchor=anchor))
    return found


def _county_note(grid: Grid, place: Line, county: Line) -> Figure:
    """The county's name on its line, once, in the first panel."""
    size = grid.frame.small

    def pixels(line: Line) -> Path:
        return [(grid.x(0, year) * grid.panel, grid.y(0, v)) for year, v in line.known()]

    wide, high = text_width(county.name, size), size * 1.2
    spots = pixels(county)
    options = [
        (Box(x, y + off, x + wide, y + off + high), 1) for x, y in spots for off in (-high - 3, 4.0)
    ]
    room = Box(0, grid.head - 6, grid.panel, grid.head + grid.plot)
    box, _ = options[best(options, [], [spots, pixels(place)], room)]
    return note(
        plain(county.name), box.x0 / grid.panel, (box.y0 + box.y1) / 2, size=size, color=MUTED
    )
