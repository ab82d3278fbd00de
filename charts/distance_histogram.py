"""How far households stand from a line: a bar a step, those under it, those a shock takes under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from charts.labels import text_width
from charts.number_format import Measure, tick_texts, ticks
from charts.theme import (
    ACCENT,
    ALERT,
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

Tone = Literal["under", "falls", "stays"]
TONES: tuple[Tone, ...] = ("under", "falls", "stays")
_FILL: dict[Tone, str] = {"under": ALERT, "falls": ACCENT, "stays": QUIET}


@dataclass(frozen=True, slots=True)
class Step:
    """A step from ``low`` on, and its households by what becomes of them."""

    low: float
    counts: dict[Tone, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def distances(
    steps: Sequence[Step],
    size: float,
    *,
    names: dict[Tone, str],
    line: str,
    distance: Measure,
    counted: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """Bars over the distance from a line at 0, ``size`` wide; ``line`` says what stands at 0.

    ``names`` say the three tones, told with their sums above the bars. ``words.columns``: heads for
    the step and each tone. Raises ValueError for no steps.
    """
    if not steps:
        raise ValueError("no steps")
    most = max(step.total for step in steps) or 1
    labels = _labels(steps, names, counted)
    head = frame.leading * (1.6 + _lines(labels, frame))
    low, high = steps[0].low, steps[-1].low + size
    at = [tick for tick in ticks(low, high, 4 if frame.width < 500 else 8) if low <= tick <= high]
    marks = tick_texts(at, distance)
    side = max((text_width(text, frame.small) for text in marks), default=0) / 2 + 4
    figure: Figure = {
        "data": [_trace(tone, steps, size, names, distance, counted) for tone in TONES],
        "layout": layout(
            frame,
            frame.height + head,
            margins(left=side, right=side, top=head, bottom=frame.leading * 1.6),
            barmode="stack",
            bargap=0.06,
            xaxis=axis(at, marks, low, high, frame.small),
            yaxis=bare_axis(0, most * 1.04),
            shapes=[rule(0, 0, 0, 1, yref="paper", color=INK, width=2)],
            annotations=_told(labels, line, frame, (low, high)),
        ),
    }
    body = [
        [_between(step, size, distance), *(step.counts.get(t, 0) for t in TONES)] for step in steps
    ]
    return chart(figure, words, [list(words.columns[:4]), *body])


def _between(step: Step, size: float, distance: Measure) -> str:
    return f"{distance.number(step.low)} – {distance.text(step.low + size)}"


def _trace(
    tone: Tone,
    steps: Sequence[Step],
    size: float,
    names: dict[Tone, str],
    distance: Measure,
    counted: Measure,
) -> Figure:
    return {
        "type": "bar",
        "name": plain(names[tone]),
        "x": [step.low + size / 2 for step in steps],
        "y": [step.counts.get(tone, 0) for step in steps],
        "width": size * 0.94,
        "hovertext": [
            f"{plain(names[tone])} {plain(counted.text(step.counts.get(tone, 0)))}"
            f"<br>{plain(_between(step, size, distance))}"
            for step in steps
        ],
        "hoverinfo": "text",
        "marker": {"color": _FILL[tone]},
    }


def _labels(steps: Sequence[Step], names: dict[Tone, str], counted: Measure) -> list[str]:
    """Each tone with the sum of its households."""
    sums = {tone: sum(step.counts.get(tone, 0) for step in steps) for tone in TONES}
    return [f"{names[tone]} {counted.text(sums[tone])}" for tone in TONES]


def _lines(labels: Sequence[str], frame: Frame) -> int:
    """How many lines the tones take: one, or one each where the width is too small."""
    wide = sum(text_width(text, frame.small, True) + frame.size * 1.5 for text in labels)
    return 1 if wide + frame.size <= frame.width else len(labels)


def _told(
    labels: Sequence[str], line: str, frame: Frame, span: tuple[float, float]
) -> list[Figure]:
    """What stands at 0, and over it the tones with their sums, in their colours."""
    share = -span[0] / (span[1] - span[0])
    right = share * frame.width + text_width(line, frame.small) + frame.size * 2 < frame.width
    found = [
        note(plain(line), 0, 1, size=frame.small, xanchor="left" if right else "right")
        | {"yref": "paper", "yanchor": "bottom", "xshift": 4 if right else -4}
    ]
    lines, place = _lines(labels, frame), 0.0
    for index, (tone, text) in enumerate(zip(TONES, labels, strict=True)):
        row = 0 if lines == 1 else lines - 1 - index
        color = INK if tone == "stays" else _FILL[tone]
        found.append(
            note(f"<b>{plain(text)}</b>", 0, 1, size=frame.small, color=color)
            | {"xref": "paper", "yref": "paper", "yanchor": "bottom"}
            | {"xshift": place, "yshift": frame.leading * (1.25 + row)}
        )
        place += text_width(text, frame.small, True) + frame.size * 1.5 if lines == 1 else 0
    return found
