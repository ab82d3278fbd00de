"""Ranked bars of places, and what every chart with a row a place shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from charts.labels import text_width, wrap
from charts.number_format import Measure, clean
from charts.theme import (
    ACCENT,
    CLEAR,
    INK,
    MUTED,
    PAGE,
    PAPER,
    QUIET,
    Chart,
    Figure,
    Frame,
    Words,
    axis,
    bare_axis,
    chart,
    layout,
    lines_of,
    margins,
    note,
    plain,
    rule,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One place and its value; ``href`` opens its households."""

    name: str
    value: float | None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The names left of rows of bars: their lines, their width and the pitch of the rows."""

    texts: list[list[str]]
    width: float
    pitch: float


def name_column(names: Sequence[str], frame: Frame) -> Column:
    """Names in at most 38 hundredths of the width, on several lines where they are longer."""
    texts = [wrap(name, frame.small, frame.width * 0.38) for name in names]
    width = max((text_width(t, frame.small, True) for ts in texts for t in ts), default=0)
    most = max(map(len, texts), default=1)
    return Column(texts, width + 12, max(frame.size * 1.85, most * frame.small * 1.3 + 6))


def span_for(values: Sequence[float], before: float, after: float, room: float) -> list[float]:
    """Ends of an axis ``room`` pixels long that starts bars at zero and leaves pixels for words.

    ``before`` and ``after`` are the widest words at the left and right ends of the bars.
    """
    low, high = min([0.0, *values]), max([0.0, *values])
    high = high if high > low else 1.0
    scale = max(room - before - after, room * 0.2) / (high - low)
    return [low - before / scale, high + after / scale]


def ranked(
    bars: Sequence[Bar],
    *,
    measure: Measure,
    words: Words,
    chosen: str | None = None,
    mean: tuple[float, str] | None = None,
    frame: Frame = PAGE,
) -> Chart:
    """Horizontal bars, the greatest first, places without a value last.

    The place named ``chosen`` is drawn in the accent; ``mean`` is (value, words), a line across.
    The height grows with the rows: some forty are readable. ``words.columns``: heads for place
    and value. Raises ValueError for no bars.
    """
    if not bars:
        raise ValueError("no bars")
    known = [Bar(bar.name, clean(bar.value), bar.href) for bar in bars]
    ordered = sorted(known, key=lambda bar: (bar.value is None, -(bar.value or 0)))
    column = name_column([bar.name for bar in ordered], frame)
    texts = [words.missing if b.value is None else measure.text(b.value) for b in ordered]
    head = frame.leading * 1.3 if mean else 4
    height = head + column.pitch * len(ordered) + 4
    figure: Figure = {
        "data": [_ranked_trace(ordered, texts, chosen)],
        "layout": layout(
            frame,
            height,
            margins(left=column.width, top=head, bottom=4),
            xaxis=bare_axis(*_ranked_span(ordered, texts, column, mean, frame)),
            yaxis=row_axis(column, [bar.name == chosen for bar in ordered], frame),
            bargap=0.28,
            shapes=[rule(0, 0, 0, 1, yref="paper")],
            annotations=_ranked_notes(ordered, texts, chosen, frame),
        ),
    }
    if mean:
        _draw_mean(figure["layout"], mean, measure, frame)
    body = [[bar.name, bar.value] for bar in ordered]
    return chart(figure, words, [list(words.columns[:2]), *body])


def _ranked_span(
    bars: Sequence[Bar],
    texts: Sequence[str],
    column: Column,
    mean: tuple[float, str] | None,
    frame: Frame,
) -> list[float]:
    values = [bar.value for bar in bars if bar.value is not None] + ([mean[0]] if mean else [])
    widest = max(text_width(text, frame.small, True) for text in texts) + 12
    before = widest if min(values, default=0) < 0 else 0
    return span_for(values, before, widest, frame.width - column.width)


def row_axis(column: Column, strong: Sequence[bool], frame: Frame) -> Figure:
    """The names as ticks of rows 0, 1, 2 from the top, the strong ones bold and in accent."""
    count = len(column.texts)
    found = axis(range(count), [], count - 0.5, -0.5, frame.small)
    found["ticktext"] = [
        f'<b><span style="color:{ACCENT}">{lines_of(texts)}</span></b>' if bold else lines_of(texts)
        for texts, bold in zip(column.texts, strong, strict=True)
    ]
    found["tickfont"] = {"size": frame.small, "color": INK}
    return found | {"ticks": "outside", "ticklen": 6, "tickcolor": CLEAR}


def _ranked_trace(bars: Sequence[Bar], texts: Sequence[str], chosen: str | None) -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "x": [bar.value for bar in bars],
        "y": list(range(len(bars))),
        "customdata": [bar.href for bar in bars],
        "hovertext": [
            f"{plain(bar.name)}<br>{plain(text)}" for bar, text in zip(bars, texts, strict=True)
        ],
        "hoverinfo": "text",
        "marker": {
            "color": [ACCENT if bar.name == chosen else QUIET for bar in bars],
            "line": {"width": 0},
        },
    }


def _ranked_notes(
    bars: Sequence[Bar], texts: Sequence[str], chosen: str | None, frame: Frame
) -> list[Figure]:
    """The values behind the bars' ends; their paper keeps the line of the mean off them."""
    found = []
    for row, (bar, text) in enumerate(zip(bars, texts, strict=True)):
        negative = (bar.value or 0) < 0
        color = ACCENT if bar.name == chosen else MUTED if bar.value is None else INK
        more: dict[str, Any] = {"xshift": 5, "bgcolor": PAPER}
        if negative:
            more |= {"xshift": -5, "xanchor": "right"}
        text = f"<b>{plain(text)}</b>" if bar.name == chosen else plain(text)
        found.append(note(text, bar.value or 0, row, size=frame.small, color=color, **more))
    return found


def _draw_mean(figure: Figure, mean: tuple[float, str], measure: Measure, frame: Frame) -> None:
    value, label = mean
    figure["shapes"].append(
        rule(value, value, 0, 1, yref="paper", color=INK, dash="dot", width=frame.stroke / 2)
    )
    low, high = figure["xaxis"]["range"]
    text = f"{label} {measure.text(value)}"
    room = frame.width - figure["margin"]["l"]
    at = (value - low) / (high - low) * room
    over = at + text_width(text, frame.small) > room
    more = {"yref": "paper", "yanchor": "bottom", "yshift": 2}
    more |= {"xanchor": "right" if over else "left", "xshift": 2 if over else -2}
    figure["annotations"].append(note(plain(text), value, 1, size=frame.small, color=INK, **more))
