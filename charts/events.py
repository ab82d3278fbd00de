"""Dated events above a time chart: a dotted line at the year, its words in a row of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from charts.labels import rows, text_width, wrap
from charts.theme import GREY, MUTED, PAPER, Figure, Frame, lines_of, note, rule

Event = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """One event: its lines of text, the row it stands in, and whether it reads leftwards."""

    year: int
    texts: list[str]
    row: int
    leftwards: bool


def _leading(frame: Frame) -> float:
    return frame.small * 1.3


def lay_events(
    events: Sequence[Event], x_of: Callable[[float], float], frame: Frame
) -> tuple[list[Placed], float]:
    """Rows for the events so that no words touch, and the pixels that the rows need.

    An event whose words would leave the frame on the right reads leftwards from its line.
    """
    events = sorted(events, key=lambda event: event[0])
    texts = [wrap(f"{year} {label}", frame.small, frame.width * 0.5) for year, label in events]
    spans, sides = [], []
    for (year, _), lines in zip(events, texts, strict=True):
        x, wide = x_of(year), max(text_width(line, frame.small) for line in lines) + 6
        left = x + wide > frame.width and x - wide > 0
        sides.append(left)
        spans.append((x - wide, x) if left else (x, x + wide))
    chosen = rows(spans)
    placed = [
        Placed(event[0], lines, row, left)
        for event, lines, row, left in zip(events, texts, chosen, sides, strict=True)
    ]
    return placed, sum(_row_heights(placed, frame))


def _row_heights(placed: Sequence[Placed], frame: Frame) -> list[float]:
    last = max((event.row for event in placed), default=-1)
    return [
        max(len(event.texts) for event in placed if event.row == row) * _leading(frame) + 3
        for row in range(last + 1)
    ]


def draw_events(layout: Figure, placed: Sequence[Placed], frame: Frame, plot_top: float) -> None:
    """Add the lines and words; ``plot_top`` is where the plot area begins, in pixels."""
    heights = _row_heights(placed, frame)
    line: Figure = {"color": GREY, "dash": "dot", "width": frame.stroke / 3, "layer": "below"}
    for event in placed:
        top = sum(heights[: event.row])
        rise = plot_top - top
        layout["shapes"].append(
            rule(
                event.year,
                event.year,
                0,
                round(rise - 2),
                yref="paper",
                ysizemode="pixel",
                yanchor=1,
                **line,
            )
        )
        layout["shapes"].append(rule(event.year, event.year, 0, 1, yref="paper", **line))
        layout["annotations"].append(
            note(
                lines_of(event.texts),
                event.year,
                1,
                size=frame.small,
                color=MUTED,
                yref="paper",
                yanchor="top",
                yshift=round(rise),
                xanchor="right" if event.leftwards else "left",
                align="right" if event.leftwards else "left",
                xshift=-4 if event.leftwards else 4,
                bgcolor=PAPER,
            )
        )
