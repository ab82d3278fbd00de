"""The states of a ledger as one stacked row: how much is open, due, overdue and closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from charts.labels import spread, text_width
from charts.number_format import Measure
from charts.theme import (
    ACCENT,
    ALERT,
    GREY,
    HATCHED,
    INK,
    MUTED,
    PAGE,
    PAPER,
    QUIET,
    RAMP,
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
    rule,
)

Tone = Literal["open", "due", "overdue", "closed_standing", "closed"]
_FILL: dict[Tone, str] = {
    "open": ACCENT,
    "due": RAMP[2],
    "overdue": ALERT,
    "closed_standing": MUTED,
    "closed": QUIET,
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One state: its word, its count, how it is drawn, and what it opens."""

    name: str
    value: int
    tone: Tone
    href: str | None = None


def states(
    segments: Sequence[Segment], *, measure: Measure, words: Words, frame: Frame = PAGE
) -> Chart:
    """A bar of one row in the order given, each part named above it with its count.

    A state without entries has its label too, in grey, for none overdue is a finding. Overdue is
    hatched as well as coloured. ``words.columns``: heads for state, count and share in percent.
    Raises ValueError for a negative count or no segments.
    """
    if not segments or any(segment.value < 0 for segment in segments):
        raise ValueError("a ledger needs states, with counts of zero or more")
    total = sum(segment.value for segment in segments)
    lines, bar = frame.leading * 2 + 6, frame.size * 2.6
    gap = frame.size * 0.9
    figure: Figure = {
        "data": [_trace(segment, measure, total, frame) for segment in segments if segment.value],
        "layout": layout(
            frame,
            lines + gap + bar,
            margins(top=lines + gap),
            barmode="stack",
            bargap=0,
            xaxis=bare_axis(0, total or 1),
            yaxis=bare_axis(-0.5, 0.5),
            shapes=[],
            annotations=[],
        ),
    }
    _write_labels(figure["layout"], segments, total, measure, frame, gap)
    shares = [100 * s.value / total if total else None for s in segments]
    body = [[s.name, s.value, share] for s, share in zip(segments, shares, strict=True)]
    return chart(figure, words, [list(words.columns[:3]), *body])


def _trace(segment: Segment, measure: Measure, total: int, frame: Frame) -> Figure:
    share = Measure("rate", "%", measure.lang).text(100 * segment.value / total)
    marker: Figure = {"color": _FILL[segment.tone], "line": {"color": PAPER, "width": 1}}
    # A hatch on a sliver would leave nothing of its colour.
    if segment.tone == "overdue" and segment.value * frame.width > 16 * total:
        marker["pattern"] = HATCHED | {"fgcolor": PAPER, "fgopacity": 0.55, "size": 9}
    return {
        "type": "bar",
        "orientation": "h",
        "name": plain(segment.name),
        "x": [segment.value],
        "y": [0],
        "customdata": [segment.href],
        "hovertext": [f"{plain(segment.name)}<br>{plain(measure.text(segment.value))} · {share}"],
        "hoverinfo": "text",
        "marker": marker,
    }


def _write_labels(
    figure: Figure,
    segments: Sequence[Segment],
    total: int,
    measure: Measure,
    frame: Frame,
    gap: float,
) -> None:
    """Two lines a state, name and count, over the middle of its part or as near as there is room.

    Places are shares of the width: where the container is wider, the labels draw apart.
    """
    texts = [(plain(s.name), plain(measure.text(s.value))) for s in segments]
    widths = [
        max(text_width(s.name, frame.small), text_width(measure.text(s.value), frame.size, True))
        for s in segments
    ]
    starts = [sum(s.value for s in segments[:i]) for i in range(len(segments))]
    middles = [
        (start + segment.value / 2) / (total or 1)
        for start, segment in zip(starts, segments, strict=True)
    ]
    wanted = [middle * frame.width for middle in middles]
    places = spread(wanted, [width + frame.size * 0.9 for width in widths], 0, frame.width)
    for segment, text, middle, place in zip(segments, texts, middles, places, strict=True):
        at = place / frame.width
        tone = ALERT if segment.tone == "overdue" else INK
        color = tone if segment.value else MUTED
        label = f'<span style="font-size:{frame.small}px">{text[0]}</span><br><b>{text[1]}</b>'
        figure["annotations"].append(
            note(label, at, 1, size=frame.size, color=color, xanchor="center", align="center")
            | {"xref": "paper", "yref": "paper", "yanchor": "bottom", "yshift": gap}
        )
        if segment.value:
            figure["shapes"].append(
                rule(at, middle, gap - 1, 1, xref="paper", yref="paper", color=GREY)
                | {"ysizemode": "pixel", "yanchor": 1}
            )
