"""A number on its way to a target: values known, the pace needed, a forecast with its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from charts.labels import spread, text_width
from charts.number_format import Measure, tick_texts, ticks
from charts.theme import (
    ACCENT,
    GREY,
    HALF,
    INK,
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
)

_BAND = "rgba(10,90,140,0.16)"
_TALL = 2.2  # lines over the plot
_ROOMY = 4  # values to the left of whose last there is room for words


@dataclass(frozen=True, slots=True)
class Known:
    """A value at a time in years, when that was in words, and the list that it opens."""

    at: float
    when: str
    value: float
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where the number comes to; ``low`` to ``high`` is its band."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Names:
    """What is written at the lines, and ``due`` in words."""

    now: str
    target: str
    needed: str
    ahead: str
    band: str
    due: str


def forecast(
    known: Sequence[Known],
    target: float,
    due: float,
    ahead: Ahead | None,
    names: Names,
    *,
    axis_words: Sequence[tuple[float, str]],
    needed: bool,
    measure: Measure,
    words: Words,
    frame: Frame = HALF,
) -> Chart:
    """The values known, 1 or more in the order of time, then what is ahead at ``due``.

    ``needed`` draws the line from the last value to the target. ``axis_words`` are times with what
    is written under them. ``words.columns``: the heads of time, value and band. Raises ValueError
    for no value.
    """
    if not known:
        raise ValueError("a forecast needs a value that is known")
    last = known[-1]
    marks = _marks(known, target, ahead, measure)
    texts = tick_texts(marks, measure)
    labels = _labels(target, ahead, names, measure)
    wide = max(text_width(line, frame.small, True) for _, lines, _ in labels for line in lines)
    top, bottom = frame.small * _TALL, frame.small * 1.9
    left = max(text_width(text, frame.small) for text in texts) + 10
    pad = max(due - known[0].at, 1.0) * 0.03
    shapes = [rule(0, 1, target, target, xref="paper", color=INK, dash="6px,4px", layer="below")]
    if needed and due > last.at:
        shapes.append(rule(last.at, due, last.value, target, color=GREY, width=2, dash="dot"))
    notes = [
        *_at_the_end(labels, marks, frame.height - top - bottom, frame),
        _at_now(known, due, target, names, measure, frame),
        *_unit(measure, left, frame),
    ]
    figure: Figure = {
        "data": [*_ahead(last, due, ahead, names, measure), _line(known, measure)],
        "layout": layout(
            frame,
            frame.height,
            margins(left, wide + 16, top, bottom),
            xaxis=_times(axis_words, known[0].at - pad, max(due, last.at) + pad, frame),
            yaxis=axis(marks, texts, marks[0], marks[-1], frame.small, showgrid=True),
            shapes=shapes,
            annotations=notes,
        ),
    }
    return chart(figure, words, _table(known, target, ahead, names, words))


def _marks(
    known: Sequence[Known], target: float, ahead: Ahead | None, measure: Measure
) -> list[float]:
    """The ticks: from zero, but where all is far from it, since no change would be seen."""
    ends = [ahead.value, ahead.low, ahead.high] if ahead else []
    values = [target, *(one.value for one in known), *ends]
    low = min(values)
    return ticks(low if low > 0.5 * max(values) else min(0.0, low), max(values),
                 whole=measure.kind == "count")  # fmt: skip


def _unit(measure: Measure, left: float, frame: Frame) -> list[Figure]:
    """The unit over the value axis; of a rate the topmost tick has it."""
    if not measure.unit or measure.kind == "rate":
        return []
    unit = note(plain(measure.unit), 0, 1, size=frame.small, xref="paper", yref="paper")
    return [unit | {"xshift": -round(left), "yshift": round(frame.small * 1.3)}]


_Label = tuple[float, list[str], str]


def _labels(target: float, ahead: Ahead | None, names: Names, measure: Measure) -> list[_Label]:
    """What stands right of the plot: at which value, its lines and their colour."""
    found: list[_Label] = [(target, [names.target, _level(target, measure)], INK)]
    if ahead is not None:
        band = f"{measure.compact(ahead.low)}–{measure.compact(ahead.high)}"
        found.append((ahead.value, [f"{names.ahead} {_said(ahead.value, measure)}", band], ACCENT))
    return found


def _said(value: float, measure: Measure) -> str:
    """A number as one would say it; its unit stands at the axis, a rate's behind it."""
    return measure.text(value) if measure.kind == "rate" else measure.compact(value)


def _level(value: float, measure: Measure) -> str:
    return measure.level(value) if measure.kind == "rate" else measure.compact(value)


def _at_the_end(
    labels: Sequence[_Label], marks: Sequence[float], high: float, frame: Frame
) -> list[Figure]:
    size, span = frame.small, marks[-1] - marks[0]
    wanted = [(marks[-1] - value) / span * high for value, _, _ in labels]
    heights = [size * 1.3 * len(lines) for _, lines, _ in labels]
    placed = spread(wanted, heights, -size, high + size)
    return [
        note(lines_of(lines), 1, value, size=size, color=color, xref="paper", xshift=8)
        | {"yshift": round(was - at)}
        for (value, lines, color), was, at in zip(labels, wanted, placed, strict=True)
    ]


def _at_now(
    known: Sequence[Known], due: float, target: float, names: Names, measure: Measure, frame: Frame
) -> Figure:
    """The value of today, on the side of its point that the line does not come from."""
    last = known[-1]
    early = last.at - known[0].at < due - last.at and len(known) < _ROOMY  # no room left of it
    side: Figure = {"xanchor": "left", "xshift": -6} if early else {"xanchor": "right", "xshift": 6}
    over = target < last.value if len(known) == 1 else known[-2].value < last.value
    side["yshift"] = frame.small if over else -frame.small
    text = plain(f"{names.now} {_said(last.value, measure)}")
    found = note(text, last.at, last.value, size=frame.small, color=ACCENT, **side)
    found["font"]["weight"] = 700
    return found


def _times(words: Sequence[tuple[float, str]], low: float, high: float, frame: Frame) -> Figure:
    more = {"ticks": "outside", "ticklen": 6, "tickcolor": GREY}
    return axis(
        [at for at, _ in words], [text for _, text in words], low, high, frame.small, **more
    )


def _ahead(
    last: Known, due: float, ahead: Ahead | None, names: Names, measure: Measure
) -> list[Figure]:
    """The band under the line to what is ahead."""
    if ahead is None or due <= last.at:
        return []
    band: Figure = {
        "type": "scatter",
        "mode": "lines",
        "x": [last.at, due, due, last.at],
        "y": [last.value, ahead.high, ahead.low, last.value],
        "fill": "toself",
        "fillcolor": _BAND,
        "line": {"width": 0, "color": ACCENT},
        "hoverinfo": "text",
        "text": plain(names.band),
        "name": plain(names.band),
    }
    told = f"{names.ahead} {names.due}<br>{plain(measure.text(ahead.value))}"
    line: Figure = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [last.at, due],
        "y": [last.value, ahead.value],
        "name": plain(names.ahead),
        "hovertext": ["", told],
        "hoverinfo": "text",
        "line": {"color": ACCENT, "width": 2, "dash": "6px,4px"},
        "marker": {"size": [0, 9], "color": PAPER, "line": {"width": 2, "color": ACCENT}},
        "cliponaxis": False,
    }
    return [band, line]


def _line(known: Sequence[Known], measure: Measure) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [one.at for one in known],
        "y": [one.value for one in known],
        "customdata": [one.href for one in known],
        "hovertext": [f"{plain(one.when)}<br>{plain(measure.text(one.value))}" for one in known],
        "hoverinfo": "text",
        "line": {"color": ACCENT, "width": 3},
        "marker": {"size": 8, "color": ACCENT, "line": {"width": 0}},
        "cliponaxis": False,
    }


def _table(
    known: Sequence[Known], target: float, ahead: Ahead | None, names: Names, words: Words
) -> list[list[Any]]:
    rows: list[list[Any]] = [list(words.columns)]
    rows += [[one.when, one.value, None, None] for one in known]
    if ahead is not None:
        rows.append([f"{names.due} {names.ahead}", ahead.value, ahead.low, ahead.high])
    rows.append([f"{names.due} {names.target}", target, None, None])
    return rows
