"""How many of a hundred problems are still open after so many days: a line that falls by steps."""

from __future__ import annotations

from collections.abc import Sequence

from charts.labels import text_width
from charts.number_format import Measure, tick_texts, ticks
from charts.theme import (
    ACCENT,
    CLEAR,
    GREY,
    HALF,
    MUTED,
    Chart,
    Figure,
    Frame,
    Words,
    axis,
    chart,
    layout,
    margins,
    note,
    plain,
    rule,
)

_MARKS = (0.0, 50.0, 100.0)


def still_open(
    days: Sequence[int],
    open_percent: Sequence[float],
    last: int,
    *,
    measure: Measure,
    share: Measure,
    words: Words,
    half: int | None = None,
    frame: Frame = HALF,
) -> Chart:
    """The percentage still open from day 0 (100) to day ``last``, falling at each of ``days``.

    ``measure`` is of days, ``share`` of percents; ``half`` is the day at which half are closed.
    ``words.columns``: heads for the day and the share.
    """
    along = [0, *days, max(last, 1)]
    up = [100.0, *open_percent, open_percent[-1] if open_percent else 100.0]
    at = ticks(0, along[-1], most=3 if frame.narrow else 5, whole=True)
    texts, levels = tick_texts(at, measure), tick_texts(_MARKS, share)
    left = max(text_width(text, frame.small) for text in levels) + 10
    beside = text_width(texts[-1], frame.small) / 2 + 8  # the unit stands behind the last number
    right = text_width(measure.unit, frame.small) + beside + 4
    figure: Figure = {
        "data": [_line(along, up, measure, share, frame)],
        "layout": layout(
            frame,
            frame.height,
            margins(left, right, frame.size, frame.small * 2 + 8),
            xaxis=axis(
                at, texts, 0, at[-1], frame.small, ticks="outside", ticklen=8, tickcolor=CLEAR
            ),
            yaxis=axis(_MARKS, levels, 0, 102, frame.small, showgrid=True),
            shapes=[rule(0, 1, 0, 0, xref="paper", layer="below")],
            annotations=[_unit(measure, beside, frame)],
        ),
    }
    if half is not None:
        figure["layout"]["shapes"].append(rule(half, half, 0, 50, color=GREY, dash="dot"))
    body = [[day, value] for day, value in zip(along, up, strict=True)]
    return chart(figure, words, [list(words.columns[:2]), *body])


def _line(
    along: Sequence[int], up: Sequence[float], measure: Measure, share: Measure, frame: Frame
) -> Figure:
    pairs = zip(along, up, strict=True)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(along),
        "y": list(up),
        "hovertext": [
            f"{plain(measure.text(day))}<br>{plain(share.text(value))}" for day, value in pairs
        ],
        "hoverinfo": "text",
        "line": {"color": ACCENT, "width": frame.stroke, "shape": "hv"},
        "cliponaxis": False,
    }


def _unit(measure: Measure, beside: float, frame: Frame) -> Figure:
    """The unit of the days, right of their axis."""
    where = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top"}
    text = note(plain(measure.unit), 1, 0, size=frame.small, color=MUTED, **where)
    return {**text, "xshift": round(beside), "yshift": -8}
