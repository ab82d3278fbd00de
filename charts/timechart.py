"""A time chart on which every line is named at its end, and labels keep clear of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.events import Event, draw_events, lay_events
from charts.labels import Box, Path, Point, best, spread, text_width, wrap
from charts.lines import Line, year_ticks
from charts.number_format import Measure, tick_texts, ticks
from charts.theme import (
    CLEAR,
    PAPER,
    Figure,
    Frame,
    axis,
    layout,
    lines_of,
    margins,
    note,
    plain,
    rule,
    year_axis,
)


@dataclass(frozen=True, slots=True)
class Stroke:
    """How one line is drawn; ``mark`` is the size of its points, 0 for none."""

    line: Line
    color: str
    ink: str  # of its label
    width: float
    dash: str = "solid"
    mark: float = 0
    symbol: str = "circle"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """The plot area in pixels at the nominal width, and the data range it shows."""

    room: Box
    inner: Box
    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def free(self) -> Box:
        """Where labels may stand: above the years and right of the ticks."""
        return Box(self.inner.x0 - 6, 0, self.room.x1, self.inner.y1 + 3)

    @property
    def margins(self) -> dict[str, int]:
        """Plotly's margin around the plot area."""
        inner, room = self.inner, self.room
        return margins(inner.x0, room.x1 - inner.x1, inner.y0, room.y1 - inner.y1)

    def at(self, x: float, y: float) -> Point:
        """The pixel of a data point."""
        inner = self.inner
        right = (x - self.x[0]) / (self.x[1] - self.x[0]) * (inner.x1 - inner.x0)
        down = (self.y[1] - y) / (self.y[1] - self.y[0]) * (inner.y1 - inner.y0)
        return inner.x0 + right, inner.y0 + down


@dataclass(frozen=True)
class Sketch:
    """A time chart under construction: further labels keep clear of ``taken`` and ``paths``.

    The upright lines at ``uprights`` (pixels from the left) are faint: a label may cover one.
    """

    figure: Figure
    area: Area
    frame: Frame
    taken: list[Box]
    paths: list[Path]
    uprights: list[float]

    def write(
        self,
        texts: Sequence[str],
        spots: Sequence[Point],
        color: str,
        size: float = 0,
        bold: bool = False,
    ) -> None:
        """Put a label near one of the data points ``spots``, where it covers least."""
        size = size or self.frame.size
        wide = max(text_width(text, size, bold) for text in texts)
        high = size * 1.25 * len(texts)
        pixels = [self.area.at(x, y) for x, y in spots]
        options = [_places(px, py, wide, high, size * 0.55) for px, py in pixels]
        flat = [(box, own + self._crossed(box)) for boxes in options for box, own in boxes]
        index = best(flat, self.taken, self.paths, self.area.free)
        spot = index // len(options[0])
        (x, y), (px, py), (box, _) = spots[spot], pixels[spot], flat[index]
        self.taken.append(box)
        text = note(lines_of(texts), x, y, size=size, color=color)
        text["bgcolor"] = PAPER if self._crossed(box) else CLEAR
        text |= {
            "xshift": round(box.x0 - px, 1),
            "yshift": round(py - (box.y0 + box.y1) / 2, 1),
        }
        text["font"]["weight"] = 700 if bold else 400
        self.figure["layout"]["annotations"].append(text)

    def _crossed(self, box: Box) -> int:
        return sum(box.x0 < x < box.x1 for x in self.uprights)


def _places(x: float, y: float, wide: float, high: float, gap: float) -> list[tuple[Box, int]]:
    """Places for a label of a point and what each costs: the further off, the more."""
    left, right, middle = x - wide - gap / 2, x + gap / 2, x - wide / 2
    found = []
    for own, away in enumerate((gap, gap * 2.5, gap * 5, gap * 8)):
        for y0 in (y - high - away, y + away):
            found += [(Box(x0, y0, x0 + wide, y0 + high), 2 * own) for x0 in (right, middle, left)]
    return found


def time_chart(
    strokes: Sequence[Stroke],
    years: Sequence[int],
    measure: Measure,
    frame: Frame,
    *,
    events: Sequence[Event] = (),
    levels: Sequence[float] = (),
) -> Sketch:
    """Lines over ``years`` from zero, each named at its end with its last value.

    ``events`` stand above the plot; ``levels`` are values at which a line
    will cross the plot.
    """
    values = [v for stroke in strokes for _, v in stroke.line.known()] + list(levels)
    marks = ticks(min([0.0, *values]), max([0.0, *values]), whole=measure.kind == "count")
    texts = tick_texts(marks, measure)
    ends = _ends(strokes, measure, frame)
    wide = _area(frame, years, marks, texts, ends, 0)
    placed, band = lay_events(events, lambda year: wide.at(year, 0)[0], frame)
    band += 0 if measure.kind == "rate" else frame.small * 1.4
    area = _area(frame, years, marks, texts, ends, band)
    figure: Figure = {
        "data": [_trace(stroke, years, measure) for stroke in strokes],
        "layout": layout(
            frame,
            area.room.y1,
            area.margins,
            xaxis=_year_axis(years, area, frame),
            yaxis=axis(marks, texts, *area.y, frame.small, showgrid=True),
            shapes=[rule(0, 1, 0, 0, xref="paper", layer="below")],
            annotations=[],
        ),
    }
    draw_events(figure["layout"], placed, frame, area.inner.y0)
    paths = [path for stroke in strokes for path in _paths(stroke.line, area)]
    paths += [[area.at(x, level) for x in area.x] for level in levels]
    sketch = Sketch(figure, area, frame, [], paths, [area.at(event.year, 0)[0] for event in placed])
    if measure.kind != "rate":
        _write_unit(sketch, measure.unit)
    _write_ends(sketch, ends[::-1], years[-1])
    return sketch


@dataclass(frozen=True, slots=True)
class _End:
    stroke: Stroke
    year: int
    value: float
    texts: list[str]


def _ends(strokes: Sequence[Stroke], measure: Measure, frame: Frame) -> list[_End]:
    found = []
    for stroke in strokes:
        known = stroke.line.known()
        if known:
            year, value = known[-1]
            texts = _end_texts(stroke.line.name, measure.text(value), frame)
            found.append(_End(stroke, year, value, texts))
    return found


def _end_texts(name: str, value: str, frame: Frame) -> list[str]:
    """Name and value on one line where that is short, else the value below the name."""
    most = frame.width * (0.3 if frame.narrow else 0.24)
    both = f"{name} {value}"
    if text_width(both, frame.size, bold=True) <= most:
        return [both]
    return [*wrap(name, frame.size, most), value]


def _area(
    frame: Frame,
    years: Sequence[int],
    marks: Sequence[float],
    texts: Sequence[str],
    ends: Sequence[_End],
    top: float,
) -> Area:
    last = [
        text_width(text, frame.size, bold=True)
        for end in ends
        if end.year == years[-1]
        for text in end.texts
    ]
    left = max(text_width(text, frame.small) for text in texts) + 10
    right = max(max(last, default=0) + frame.size * 1.1 + 4, frame.small * 1.8)
    height = frame.height + top
    inner = Box(left, top + frame.size * 0.8, frame.width - right, height - frame.small * 1.9)
    pad = 0.12 if len(years) > 1 else 0.5
    span = (years[0] - pad, years[-1] + pad) if years else (0.0, 1.0)
    return Area(Box(0, 0, frame.width, height), inner, span, (marks[0], marks[-1]))


def _year_axis(years: Sequence[int], area: Area, frame: Frame) -> Figure:
    pitch = (area.inner.x1 - area.inner.x0) / (area.x[1] - area.x[0])
    need = text_width("2000", frame.small) + frame.small * 0.7
    shown = year_ticks(years, pitch, need)
    return year_axis(shown, *area.x, frame.small)


def _trace(stroke: Stroke, years: Sequence[int], measure: Measure) -> Figure:
    values, hrefs = stroke.line.on(years)
    padded = [None, *values, None]
    alone = [a is None and b is None for a, b in zip(padded, padded[2:], strict=False)]
    dot = stroke.mark or stroke.width * 2.2
    name = plain(stroke.line.name)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(years),
        "y": values,
        "customdata": hrefs,
        "hovertext": [
            f"{name} {year}<br>{plain(measure.text(v))}"
            for year, v in zip(years, values, strict=True)
        ],
        "hoverinfo": "text",
        "line": {"color": stroke.color, "width": stroke.width, "dash": stroke.dash},
        # A point without neighbours shows even on a line that is drawn without points.
        "marker": {
            "size": [dot if stroke.mark or one else 0 for one in alone],
            "color": stroke.color,
            "symbol": stroke.symbol,
            "line": {"width": 0},
            "opacity": 1,
        },
        "connectgaps": False,
        "cliponaxis": False,
    }


def _paths(line: Line, area: Area) -> list[Path]:
    """The drawn pieces of the line in pixels, broken at gaps."""
    pieces: list[list[Point]] = [[]]
    before = None
    for year, value in line.known():
        if before is not None and year > before + 1:
            pieces.append([])
        pieces[-1].append(area.at(year, value))
        before = year
    return [piece for piece in pieces if len(piece) > 1]


def _write_unit(sketch: Sketch, unit: str) -> None:
    """The unit over the value axis, beginning where the ticks begin."""
    size, inner = sketch.frame.small, sketch.area.inner
    width = text_width(unit, size)
    sketch.taken.append(Box(0, inner.y0 - size * 2.2, width, inner.y0 - size * 0.8))
    text = note(plain(unit), 0, 1, size=size, xref="paper", yref="paper")
    text |= {"xshift": -round(inner.x0), "yshift": round(size * 1.4)}
    sketch.figure["layout"]["annotations"].append(text)


def _write_ends(sketch: Sketch, ends: Sequence[_End], last: int) -> None:
    """Name the lines: in the margin those that reach the last year, the others at their end."""
    frame, area = sketch.frame, sketch.area
    there = [end for end in ends if end.year == last]
    points = [area.at(last, end.value) for end in there]
    heights = [frame.leading * len(end.texts) for end in there]
    centres = spread(
        [y for _, y in points], heights, area.room.y0, area.inner.y1 + frame.leading / 2 - 4
    )
    for end, (x, y), height, centre in zip(there, points, heights, centres, strict=True):
        left = x + frame.size * 1.1
        width = max(text_width(text, frame.size, end.stroke.bold) for text in end.texts)
        sketch.taken.append(Box(left, centre - height / 2, left + width, centre + height / 2))
        sketch.figure["layout"]["annotations"].append(
            _margin_note(end, frame, round(centre - y, 1))
        )
    for end in ends:
        if end.year != last:
            spot = (end.year, end.value)
            sketch.write(end.texts, [spot], end.stroke.ink, bold=end.stroke.bold)


def _margin_note(end: _End, frame: Frame, down: float) -> Figure:
    """A label right of the last point, with a fine leader where it had to move away from it."""
    moved = abs(down) > frame.size * 0.3
    ink = end.stroke.ink
    more = {
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 1,
        "arrowcolor": end.stroke.color if moved else CLEAR,
        "ax": round(frame.size * 1.1 - 2, 1),
        "ay": down,
        "borderpad": 2,
        "standoff": 4,
    }
    text = note(lines_of(end.texts), end.year, end.value, size=frame.size, color=ink, **more)
    text["font"]["weight"] = 700 if end.stroke.bold else 400
    return text
