"""One share against another, a point a subject: on the diagonal they go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.number_format import Measure
from charts.theme import (
    ACCENT,
    HAIR,
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
    chart,
    layout,
    margins,
    note,
    plain,
    rule,
)

_TICKS = (0, 25, 50, 75, 100)
_OVER = 108.0  # a share a little above 100 is drawn there


@dataclass(frozen=True, slots=True)
class Pair:
    """A subject's two shares in percent; ``apart`` ones are marked. ``href`` opens its file."""

    name: str
    across: float
    up: float
    apart: bool
    href: str | None = None


def beside(
    pairs: Sequence[Pair],
    corners: tuple[str, str],
    *,
    measure: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """A square field from 0 to 100 both ways with its diagonal; ``corners`` name what lies above
    it and below it.

    ``words.columns``: heads for the subject, the share across and the share upwards. Raises
    ValueError for no pairs or a negative share.
    """
    if not pairs or any(pair.across < 0 or pair.up < 0 for pair in pairs):
        raise ValueError("pairs of shares, none of them negative, are needed")
    ordered = sorted(pairs, key=lambda pair: pair.apart)
    size, label = frame.small, frame.small * 2.6
    ends = (-4.0, _OVER + 4)
    texts = [measure.text(float(tick)) for tick in _TICKS]
    above, below = corners
    figure: Figure = {
        "data": [_trace(ordered, words, measure, frame)],
        "layout": layout(
            frame,
            frame.height,
            margins(left=size * 3.6, right=6, top=frame.leading * 1.4, bottom=label),
            xaxis=axis(_TICKS, texts, *ends, size, showgrid=True,
                       title=_title(words.columns[1], frame)),
            yaxis=axis(_TICKS, texts, *ends, size, showgrid=True, gridcolor=HAIR),
            shapes=[rule(0, 100, 0, 100, dash="dot", width=frame.stroke / 2, layer="below")],
            annotations=[
                note(plain(words.columns[2]), 0, 1, size=size, xref="paper", yref="paper",
                     yanchor="bottom", yshift=4, xshift=-size * 3),
                note(plain(above), 2, 104, size=size, color=MUTED),
                note(plain(below), 104, 3, size=size, color=MUTED, xanchor="right"),
            ],
        ),
    }  # fmt: skip
    body = [[pair.name, pair.across, pair.up] for pair in pairs]
    return chart(figure, words, [list(words.columns[:3]), *body])


def _title(text: str, frame: Frame) -> Figure:
    return {"text": plain(text), "standoff": 6, "font": {"size": frame.small, "color": MUTED}}


def _trace(pairs: Sequence[Pair], words: Words, measure: Measure, frame: Frame) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [min(pair.across, _OVER) for pair in pairs],
        "y": [min(pair.up, _OVER) for pair in pairs],
        "customdata": [pair.href for pair in pairs],
        "hovertext": [
            f"{plain(pair.name)}<br>{plain(words.columns[1])} {plain(measure.text(pair.across))}"
            f"<br>{plain(words.columns[2])} {plain(measure.text(pair.up))}"
            for pair in pairs
        ],
        "hoverinfo": "text",
        "marker": {
            "color": [ACCENT if pair.apart else QUIET for pair in pairs],
            "symbol": ["diamond" if pair.apart else "circle" for pair in pairs],
            "size": round(frame.size * 0.75),
            "line": {"width": 1, "color": [PAPER if pair.apart else INK for pair in pairs]},
            "opacity": 0.9,
        },
    }
