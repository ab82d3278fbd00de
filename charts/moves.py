"""Who stands where at two ends, and streams from one to the other, as wide as they are large."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from charts.labels import spread, text_width, wrap
from charts.numbers import Measure
from charts.theme import (
    ACCENT,
    ALERT,
    CLEAR,
    GREY,
    INK,
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

Tone = Literal["stayed", "better", "worse", "other"]
_COLORS: dict[Tone, str] = {"stayed": QUIET, "better": ACCENT, "worse": ALERT, "other": GREY}
_BAR = 0.018  # of the width
_SAMPLES = 16
_THIN = 1.5  # pixels that even one household is wide
_MARKED = (0.12, 0.5, 0.88)  # where along a stream a pointer finds it


@dataclass(frozen=True, slots=True)
class Move:
    """One stream: from where, to where, how many, how it reads, and what it opens."""

    then: str
    now: str
    value: int
    tone: Tone
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Side:
    """One end: each place's span in pixels from the top, and its name with its number."""

    spans: Mapping[str, tuple[float, float]]
    texts: Mapping[str, list[str]]
    totals: Mapping[str, int]


def moves(
    names: Mapping[str, str],
    found: Sequence[Move],
    *,
    ends: tuple[str, str],
    measure: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """Streams between the places ``names`` (key to word, from the top down) at two named ends.

    A stream is never thinner than can be seen. ``words.columns``: heads for from, to and count.
    Raises ValueError for no stream, or one without anybody, or of a place without a name.
    """
    if not found or any(m.value <= 0 or not {m.then, m.now} <= set(names) for m in found):
        raise ValueError("streams lead somebody from one named place to another")
    height = frame.height
    scale = min(_scale(names, found, side, frame) for side in ("then", "now"))
    left, right = (_side(names, found, side, scale, measure, frame) for side in ("then", "now"))
    figure: Figure = {
        "data": _traces(names, found, left, right, scale, measure),
        "layout": layout(
            frame,
            height,
            margins(_width(left, frame), _width(right, frame), frame.leading * 1.4, 4),
            xaxis=bare_axis(0, 1),
            yaxis=bare_axis(_room(frame), 0),
            shapes=[*_bars(left, 0), *_bars(right, 1 - _BAR)],
            annotations=[
                *_labels(left, frame, 0),
                *_labels(right, frame, 1),
                *_heads(ends, frame),
            ],
        ),
    }
    table = [[names[m.then], names[m.now], m.value] for m in found]
    return chart(figure, words, [list(words.columns[:3]), *table])


def _room(frame: Frame) -> float:
    return frame.height - frame.leading * 1.4 - 4


def _gap(frame: Frame) -> float:
    return frame.leading * 0.9


def _totals(names: Mapping[str, str], found: Sequence[Move], side: str) -> dict[str, int]:
    """People or households of each place of one side, places without any left out."""
    counted = {key: sum(m.value for m in found if getattr(m, side) == key) for key in names}
    return {key: value for key, value in counted.items() if value}


def _scale(names: Mapping[str, str], found: Sequence[Move], side: str, frame: Frame) -> float:
    """Pixels one household is wide, so that the side's places and the gaps between them fit."""
    totals = _totals(names, found, side)
    room = _room(frame) - _gap(frame) * (len(totals) - 1) - 2 * _THIN * len(found)
    return max(room, frame.leading) / sum(totals.values())


def _thick(value: int, scale: float) -> float:
    return max(value * scale, _THIN)


def _side(
    names: Mapping[str, str],
    found: Sequence[Move],
    side: str,
    scale: float,
    measure: Measure,
    frame: Frame,
) -> _Side:
    totals = _totals(names, found, side)
    spans, at = {}, 0.0
    for key in totals:
        tall = sum(_thick(m.value, scale) for m in found if getattr(m, side) == key)
        spans[key] = (at, at + tall)
        at += tall + _gap(frame)
    limit = frame.width * 0.24
    texts = {
        key: [*wrap(names[key], frame.small, limit), measure.number(value)]
        for key, value in totals.items()
    }
    return _Side(spans, texts, totals)


def _width(side: _Side, frame: Frame) -> float:
    return max(text_width(t, frame.small, True) for ts in side.texts.values() for t in ts) + 10


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


def _traces(
    names: Mapping[str, str],
    found: Sequence[Move],
    left: _Side,
    right: _Side,
    scale: float,
    measure: Measure,
) -> list[Figure]:
    """The streams, those that stayed first and so beneath, and the points that open them."""
    order = list(names)
    starts = _offsets(found, left, "then", lambda m: order.index(m.now), scale)
    stops = _offsets(found, right, "now", lambda m: order.index(m.then), scale)
    drawn = sorted(range(len(found)), key=lambda i: found[i].tone != "stayed")
    streams = [_stream(found[i], starts[i], stops[i], _thick(found[i].value, scale)) for i in drawn]
    points: Figure = {
        "type": "scatter",
        "mode": "markers",
        "x": [t for _ in drawn for t in _MARKED],
        "y": [
            _bent(starts[i], stops[i], t) + _thick(found[i].value, scale) / 2
            for i in drawn
            for t in _MARKED
        ],
        "marker": {"size": 18, "color": CLEAR},
        "customdata": [found[i].href for i in drawn for _ in _MARKED],
        "hovertext": [_hover(names, found[i], measure) for i in drawn for _ in _MARKED],
        "hoverinfo": "text",
        "showlegend": False,
    }
    return [*streams, points]


def _hover(names: Mapping[str, str], move: Move, measure: Measure) -> str:
    way = f"{plain(names[move.then])} → {plain(names[move.now])}"
    return f"{way}<br>{plain(measure.text(move.value))}"


def _offsets(
    found: Sequence[Move], side: _Side, end: str, rank: Callable[[Move], int], scale: float
) -> list[float]:
    """Where each stream begins on its bar, from the top, streams in the order of ``rank``."""
    at = {key: top for key, (top, _) in side.spans.items()}
    placed = [0.0] * len(found)
    for i in sorted(range(len(found)), key=lambda i: rank(found[i])):
        key = getattr(found[i], end)
        placed[i] = at[key]
        at[key] += _thick(found[i].value, scale)
    return placed


def _bent(start: float, stop: float, t: float) -> float:
    """Between two heights, level at both ends."""
    return start + (stop - start) * (3 * t * t - 2 * t * t * t)


def _stream(move: Move, start: float, stop: float, thick: float) -> Figure:
    steps = [i / (_SAMPLES - 1) for i in range(_SAMPLES)]
    xs = [_BAR + (1 - 2 * _BAR) * t for t in steps]
    upper = [_bent(start, stop, t) for t in steps]
    color = _COLORS[move.tone]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*xs, *reversed(xs)],
        "y": [*upper, *(y + thick for y in reversed(upper))],
        "fill": "toself",
        "fillcolor": color,
        "opacity": 0.5 if move.tone == "stayed" else 0.85,
        "line": {"width": 0, "color": color},
        "hoverinfo": "skip",
        "showlegend": False,
    }
