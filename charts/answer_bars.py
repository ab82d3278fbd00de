"""What came of a set of standards: a row a standard, met, missed and unknown side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from charts.bars import name_column, row_axis
from charts.labels import text_width
from charts.number_format import Measure
from charts.theme import (
    ACCENT,
    HATCHED,
    INK,
    MISSING,
    MUTED,
    PAGE,
    PAPER,
    QUIET,
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
)

Answer = Literal["missed", "unknown", "met"]
# In the order of the parts of a row: what asks for work stands at the line that rows begin from.
ANSWERS: tuple[Answer, ...] = ("missed", "unknown", "met")
_FILL: dict[Answer, str] = {"missed": ACCENT, "unknown": MISSING, "met": QUIET}


@dataclass(frozen=True, slots=True)
class Row:
    """One standard: counts by answer, and the address that each part opens."""

    name: str
    counts: dict[Answer, int]
    hrefs: dict[Answer, str]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def answers(
    rows: Sequence[Row],
    names: dict[Answer, str],
    *,
    measure: Measure,
    words: Words,
    frame: Frame = PAGE,
) -> Chart:
    """Rows of equal length, each the share missed, unknown (hatched) and met, in that order.

    Behind each row stands the count missed, and the unknown where there are any. ``names`` head
    the parts. ``words.columns``: the head for standards; ``names`` head the rest. Raises ValueError
    for no rows or a negative count.
    """
    if not rows or any(count < 0 for row in rows for count in row.counts.values()):
        raise ValueError("standards need rows, with counts of zero or more")
    column = name_column([row.name for row in rows], frame)
    behind = [_behind(row, names, measure) for row in rows]
    right = max(text_width(text, frame.small, True) for text in behind) + 10
    head = frame.leading * 1.5
    if frame.narrow:  # the counts go below the names' own line: the row itself keeps its room
        right = 4
    pitch = column.pitch * (1.7 if frame.narrow else 1)
    figure: Figure = {
        "data": [_trace(answer, rows, names, measure) for answer in ANSWERS],
        "layout": layout(
            frame,
            head + pitch * len(rows) + 4,
            margins(left=column.width, right=right, top=head, bottom=4),
            barmode="stack",
            bargap=0.3 if not frame.narrow else 0.6,
            xaxis=bare_axis(0, 1),
            yaxis=row_axis(column, [False] * len(rows), frame),
            annotations=[*_counts(behind, rows, pitch, frame), _legend(names, frame)],
        ),
    }
    heads = [words.columns[0], *(names[answer] for answer in ANSWERS)]
    body = [[row.name, *(row.counts[answer] for answer in ANSWERS)] for row in rows]
    return chart(figure, words, [heads, *body])


def _behind(row: Row, names: dict[Answer, str], measure: Measure) -> str:
    told = measure.number(row.counts["missed"])
    if row.counts["unknown"]:
        told += f" · {names['unknown']} {measure.number(row.counts['unknown'])}"
    return told


def _trace(
    answer: Answer, rows: Sequence[Row], names: dict[Answer, str], measure: Measure
) -> Figure:
    counts = [row.counts[answer] for row in rows]
    marker: Figure = {"color": _FILL[answer], "line": {"width": 0}}
    if answer == "unknown":
        marker["pattern"] = HATCHED | {"fgcolor": MUTED, "fgopacity": 0.35, "size": 8}
    return {
        "type": "bar",
        "orientation": "h",
        "name": plain(names[answer]),
        "x": [n / row.total if row.total else 0 for n, row in zip(counts, rows, strict=True)],
        "y": list(range(len(rows))),
        "customdata": [row.hrefs.get(answer) or None for row in rows],
        "hovertext": [
            f"{plain(row.name)}<br>{plain(names[answer])} {plain(measure.text(n))}"
            for n, row in zip(counts, rows, strict=True)
        ],
        "hoverinfo": "text",
        "marker": marker,
    }


def _counts(behind: Sequence[str], rows: Sequence[Row], pitch: float, frame: Frame) -> list[Figure]:
    """What is missed, behind each row, or on a phone under it."""
    found = []
    for index, (text, row) in enumerate(zip(behind, rows, strict=True)):
        color = INK if row.counts["missed"] or row.counts["unknown"] else MUTED
        more = {"xshift": 8} if not frame.narrow else {"yshift": -round(pitch * 0.36)}
        x = 0 if frame.narrow else 1
        found.append(note(plain(text), x, index, size=frame.small, color=color, **more))
    return found


def _legend(names: dict[Answer, str], frame: Frame) -> Figure:
    """What the parts are, in their order, over the rows."""
    colors = {"missed": ACCENT, "unknown": MUTED, "met": MUTED}
    parts = [f'<span style="color:{colors[a]}">{plain(names[a])}</span>' for a in ANSWERS]
    legend = note(f"<b>{' | '.join(parts)}</b>", 0, 1, size=frame.small, color=PAPER)
    return legend | {"xref": "paper", "yref": "paper", "yanchor": "bottom", "yshift": 4}
