"""Places along an amount: a bar a step, with the lines that the amount is held to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.labels import text_width
from charts.number_format import Measure
from charts.theme import (
    ACCENT,
    GREY,
    INK,
    PAGE,
    QUIET,
    Chart,
    Figure,
    Frame,
    Words,
    axis,
    bare_axis,
    chart,
    layout,
    margins,
    note,
    plain,
    rule,
)

_NONE = -1.6  # where the bar of those without any amount stands, in steps; left of it is air
_OPEN = 0.5  # how far behind the last step the axis goes on


@dataclass(frozen=True, slots=True)
class Bin:
    """How many places have an amount from ``low`` up to the next bin's."""

    low: float
    count: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A line at an amount and what is said of it; bars under the one that is ``meant`` are drawn in
    the accent."""

    at: float
    text: str
    meant: bool = False


def levels(
    none: int,
    bins: Sequence[Bin],
    marks: Sequence[Mark],
    *,
    nothing: str,
    amount: Measure,
    counted: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """Bars over an amount, one bin wide each, the last of them open; ``none`` places have nothing,
    which ``nothing`` says under a bar of its own.

    Each mark stands over the bars, the lowest on top, so that no two touch. ``words.columns``:
    heads for the step and the count. Raises ValueError for fewer than two bins.
    """
    if len(bins) < 2:
        raise ValueError(f"{len(bins)} bins")
    size = bins[1].low - bins[0].low
    low, high = _NONE - 0.5, len(bins) + _OPEN
    ordered = sorted(marks, key=lambda mark: mark.at)
    head = frame.small * 1.45 * (len(ordered) + 1)
    most = max(none, *(one.count for one in bins)) or 1
    meant = next((mark.at for mark in ordered if mark.meant), None)
    figure: Figure = {
        "data": [_bars(none, bins, size, meant, nothing, amount, counted)],
        "layout": layout(
            frame,
            frame.height,
            margins(left=4, right=4, top=head, bottom=frame.leading * 1.6),
            bargap=0.0,
            xaxis=_axis(bins, size, (low, high), nothing, amount, frame),
            yaxis=bare_axis(0, most * 1.06),
            shapes=_lines(ordered, size, head, frame),
            annotations=[
                *_told(ordered, size, (low, high), head, frame),
                *_counts(none, bins, counted, frame),
            ],
        ),
    }
    body = [
        [nothing, none],
        *([_between(bins, i, size, amount), one.count] for i, one in enumerate(bins)),
    ]
    return chart(figure, words, [list(words.columns[:2]), *body])


def _between(bins: Sequence[Bin], i: int, size: float, amount: Measure) -> str:
    """The amounts of a bin; of the last from where on."""
    low = bins[i].low
    if i == len(bins) - 1:
        return f"≥ {amount.text(low)}"
    return f"{amount.number(low)} – {amount.text(low + size)}"


def _bars(
    none: int,
    bins: Sequence[Bin],
    size: float,
    meant: float | None,
    nothing: str,
    amount: Measure,
    counted: Measure,
) -> Figure:
    said = [nothing, *(_between(bins, i, size, amount) for i in range(len(bins)))]
    counts = [none, *(one.count for one in bins)]
    under = [meant is not None, *(meant is not None and one.low < meant for one in bins)]
    return {
        "type": "bar",
        "x": [_NONE + 0.5, *(i + 0.5 for i in range(len(bins)))],
        "y": counts,
        "width": 0.9,
        "hovertext": [
            f"{plain(text)}<br>{plain(counted.text(count))}"
            for text, count in zip(said, counts, strict=True)
        ],
        "hoverinfo": "text",
        "marker": {"color": [ACCENT if one else QUIET for one in under]},
    }


def _axis(
    bins: Sequence[Bin],
    size: float,
    span: tuple[float, float],
    nothing: str,
    amount: Measure,
    frame: Frame,
) -> Figure:
    """Amounts where bins begin, as many as have room, and the word for none."""
    room = frame.width / (span[1] - span[0])
    every = 2 if room * 2 > text_width("100万", frame.small) + 8 else 5
    at = [_NONE + 0.5, *(i for i in range(0, len(bins), every))]
    texts = [nothing, *(amount.compact(bins[i].low) for i in range(0, len(bins), every))]
    last = len(bins) - 1
    if last % every == 0:
        texts[-1] = f"≥{texts[-1]}"
    return axis(at, texts, *span, frame.small)


def _lines(marks: Sequence[Mark], size: float, head: float, frame: Frame) -> list[Figure]:
    """A rule a mark, up to its words; the base line of the bars."""
    plot = frame.height - head - frame.leading * 1.6
    found = [rule(0, 1, 0, 0, xref="paper", yref="paper", color=GREY)]
    for row, mark in enumerate(marks):
        top = 1 + _rise(row, len(marks), frame) / plot
        width = 2 if mark.meant else 1
        color = ACCENT if mark.meant else INK
        found.append(
            rule(mark.at / size, mark.at / size, 0, top, yref="paper", color=color, width=width)
        )
    return found


def _rise(row: int, rows: int, frame: Frame) -> float:
    """How far over the plot the words of a mark stand: the lowest amount on top."""
    return frame.small * 1.45 * (rows - row)


def _told(
    marks: Sequence[Mark], size: float, span: tuple[float, float], head: float, frame: Frame
) -> list[Figure]:
    plot = frame.height - head - frame.leading * 1.6
    found = []
    for row, mark in enumerate(marks):
        left = (mark.at / size - span[0]) / (span[1] - span[0]) * frame.width
        right = left + text_width(mark.text, frame.small, mark.meant) + 8 < frame.width
        text = f"<b>{plain(mark.text)}</b>" if mark.meant else plain(mark.text)
        found.append(
            note(
                text,
                mark.at / size,
                1 + _rise(row, len(marks), frame) / plot,
                size=frame.small,
                color=ACCENT if mark.meant else INK,
                yref="paper",
                yanchor="top",
                xanchor="left" if right else "right",
                xshift=4 if right else -4,
            )
        )
    return found


def _counts(none: int, bins: Sequence[Bin], counted: Measure, frame: Frame) -> list[Figure]:
    """The counts over the bars at both ends, which the scale would hide: none, and the open one."""
    found = []
    for x, count in ((_NONE + 0.5, none), (len(bins) - 0.5, bins[-1].count)):
        text = plain(counted.number(count))
        found.append(
            note(text, x, count, size=frame.small, xanchor="center", yanchor="bottom", color=INK)
        )
    return found
