"""Who stands where at two ends, and bands from one to the other, as wide as they are large."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from charts.labels import spread, text_width, wrap
from charts.number_format import Measure
from charts.ribbons import along, ribbon
from charts.theme import (
    ACCENT,
    CLEAR,
    INK,
    MISSING,
    MUTED,
    PAGE,
    QUIET,
    Chart,
    Figure,
    Frame,
    Words,
    bare_axis,
    chart,
    layout,
    lines_of,
    margins,
    note,
    plain,
)

_BAR = 0.018  # of the width
_THIN = 1.5  # pixels that even one household is wide
_MARKED = (0.1, 0.3, 0.5, 0.7, 0.9)  # where along a band a pointer finds it


@dataclass(frozen=True, slots=True)
class Kind:
    """Where one may stand, and its name; ``known`` is False for not knowing where."""

    key: str
    name: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """From which kind to which, how many, and what that opens."""

    then: str
    now: str
    count: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Side:
    """One end: each kind's span in pixels from the top, and its name with its number."""

    spans: Mapping[str, tuple[float, float]]
    texts: Mapping[str, list[str]]


def moves(
    kinds: Sequence[Kind],
    edges: Sequence[Edge],
    heads: tuple[str, str],
    *,
    measure: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """Bands from the kinds, from the top down, at one end to those at the other.

    Both ends share one scale; no band is thinner than can be seen. Staying is quiet, moving in
    accent, to or from what is not known pale. ``words.columns``: heads for from, to and count.
    Raises ValueError for no edge, a negative count, or a kind not given.
    """
    if not edges or any(edge.count < 0 for edge in edges):
        raise ValueError("moves are edges with counts of zero or more")
    names = {kind.key: kind.name for kind in kinds}
    if odd := {key for edge in edges for key in (edge.then, edge.now)} - set(names):
        raise ValueError(f"kinds not given: {', '.join(sorted(odd))}")
    found = [edge for edge in edges if edge.count]
    scale = min(_scale(names, found, side, frame) for side in ("then", "now"))
    left, right = (_side(names, found, side, scale, measure, frame) for side in ("then", "now"))
    bands = _bands(kinds, found, left, right, scale)
    figure: Figure = {
        "data": [_points(names, bands, measure)],
        "layout": layout(
            frame,
            frame.height,
            margins(_width(left, frame), _width(right, frame), frame.leading * 1.4, 4),
            xaxis=bare_axis(0, 1),
            yaxis=bare_axis(_room(frame), 0),
            shapes=[*(band.shape for band in bands), *_bars(left, 0), *_bars(right, 1 - _BAR)],
            annotations=[
                *_labels(left, frame, 0),
                *_labels(right, frame, 1),
                *_heads(heads, frame),
            ],
        ),
    }
    table = [[names[edge.then], names[edge.now], edge.count] for edge in found]
    return chart(figure, words, [list(words.columns[:3]), *table])


@dataclass(frozen=True, slots=True)
class _Band:
    """One edge as drawn: its upper border's ends, its thickness and its colour."""

    edge: Edge
    start: float
    stop: float
    thick: float
    color: str

    @property
    def shape(self) -> Figure:
        quiet = self.edge.then == self.edge.now
        ends = (_BAR, self.start), (1 - _BAR, self.stop)
        return ribbon(*ends, self.thick, self.color, 0.6 if quiet else 0.85)

    def middle(self, t: float) -> float:
        """Height of the band's middle line at a part of the way."""
        return along(self.start, self.stop, t) + self.thick / 2


def _room(frame: Frame) -> float:
    return frame.height - frame.leading * 1.4 - 4


def _gap(frame: Frame) -> float:
    return frame.leading * 0.9


def _totals(names: Mapping[str, str], found: Sequence[Edge], side: str) -> dict[str, int]:
    """People or households of each place of one side, places without any left out."""
    counted = {key: sum(m.count for m in found if getattr(m, side) == key) for key in names}
    return {key: value for key, value in counted.items() if value}


def _scale(names: Mapping[str, str], found: Sequence[Edge], side: str, frame: Frame) -> float:
    """Pixels one household is wide, so that the side's places and the gaps between them fit."""
    totals = _totals(names, found, side)
    room = _room(frame) - _gap(frame) * (len(totals) - 1) - 2 * _THIN * len(found)
    return max(room, frame.leading) / (sum(totals.values()) or 1)


def _thick(value: int, scale: float) -> float:
    return max(value * scale, _THIN)


def _side(
    names: Mapping[str, str],
    found: Sequence[Edge],
    side: str,
    scale: float,
    measure: Measure,
    frame: Frame,
) -> _Side:
    totals = _totals(names, found, side)
    spans, at = {}, 0.0
    for key in totals:
        tall = sum(_thick(m.count, scale) for m in found if getattr(m, side) == key)
        spans[key] = (at, at + tall)
        at += tall + _gap(frame)
    limit = frame.width * 0.24
    texts = {
        key: [*wrap(names[key], frame.small, limit), measure.number(value)]
        for key, value in totals.items()
    }
    return _Side(spans, texts)


def _width(side: _Side, frame: Frame) -> float:
    texts = (text for lines in side.texts.values() for text in lines)
    return max((text_width(text, frame.small, True) for text in texts), default=0) + 10


def _bars(side: _Side, x: float) -> list[Figure]:
    return [
        {
            "type": "rect",
            "x0": x,
            "x1": x + _BAR,
            "y0": top,
            "y1": bottom,
            "fillcolor": INK,
            "line": {"width": 0},
        }
        for top, bottom in side.spans.values()
    ]


def _labels(side: _Side, frame: Frame, x: int) -> list[Figure]:
    """Names and numbers beside their bars, moved apart where the bars are thin."""
    tall = [len(side.texts[key]) * frame.small * 1.25 + 4 for key in side.spans]
    middles = [(top + bottom) / 2 for top, bottom in side.spans.values()]
    placed = spread(middles, tall, 0, _room(frame))
    return [
        note(
            lines_of(side.texts[key]),
            x,
            y,
            size=frame.small,
            color=INK,
            xanchor="left" if x else "right",
            align="left" if x else "right",
            xshift=6 if x else -6,
        )
        for key, y in zip(side.spans, placed, strict=True)
    ]


def _heads(ends: tuple[str, str], frame: Frame) -> list[Figure]:
    """The two ends by name, over their bars."""
    more = {"yref": "paper", "yanchor": "bottom", "yshift": frame.small * 0.3}
    return [
        note(f"<b>{plain(ends[x])}</b>", x, 1, size=frame.small, color=MUTED, xanchor=side, **more)
        for x, side in ((0, "left"), (1, "right"))
    ]


def _bands(
    kinds: Sequence[Kind], found: Sequence[Edge], left: _Side, right: _Side, scale: float
) -> list[_Band]:
    """The bands, those that stayed first and so beneath, and those that moved on top."""
    order = [kind.key for kind in kinds]
    unknown = {kind.key for kind in kinds if not kind.known}
    starts = _offsets(found, left, "then", lambda edge: order.index(edge.now), scale)
    stops = _offsets(found, right, "now", lambda edge: order.index(edge.then), scale)
    bands = []
    for edge, start, stop in zip(found, starts, stops, strict=True):
        color = QUIET if edge.then == edge.now else ACCENT
        if unknown & {edge.then, edge.now}:
            color = MISSING
        bands.append(_Band(edge, start, stop, _thick(edge.count, scale), color))
    return sorted(bands, key=lambda band: (QUIET, MISSING, ACCENT).index(band.color))


def _offsets(
    found: Sequence[Edge], side: _Side, end: str, rank: Callable[[Edge], int], scale: float
) -> list[float]:
    """Where each band begins on its bar, from the top, bands in the order of ``rank``."""
    at = {key: top for key, (top, _) in side.spans.items()}
    placed = [0.0] * len(found)
    for i in sorted(range(len(found)), key=lambda i: rank(found[i])):
        key = getattr(found[i], end)
        placed[i] = at[key]
        at[key] += _thick(found[i].count, scale)
    return placed


def _points(names: Mapping[str, str], bands: Sequence[_Band], measure: Measure) -> Figure:
    """Unseen points along each band, which tell of it and open its list."""
    every = [(band, t) for band in bands for t in _MARKED]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [t for _, t in every],
        "y": [band.middle(t) for band, t in every],
        "marker": {"size": 18, "color": CLEAR},
        "customdata": [band.edge.href for band, _ in every],
        "hovertext": [_hover(names, band.edge, measure) for band, _ in every],
        "hoverinfo": "text",
    }


def _hover(names: Mapping[str, str], edge: Edge, measure: Measure) -> str:
    way = f"{plain(names[edge.then])} → {plain(names[edge.now])}"
    return f"{way}<br>{plain(measure.text(edge.count))}"
