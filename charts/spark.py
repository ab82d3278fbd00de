"""A spark line: how a number came to be what it is, as small as a word, without axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.number_format import clean

_PAD = 3.0  # so that neither line nor dot is cut off


@dataclass(frozen=True, slots=True)
class Spark:
    """Pieces of a line as SVG points, one piece between gaps, and where the last value stands.

    Pixels of a box of ``width`` and ``height``; ``end`` is None where the last is not known.
    """

    width: int
    height: int
    lines: tuple[str, ...]
    end: tuple[float, float] | None


def spark(values: Sequence[float | None], width: int = 72, height: int = 24) -> Spark | None:
    """The line of some values at equal steps, the last at the right; None of fewer than two known.

    The box goes from the least to the most of them: it shows a course, not an amount.
    """
    known = [clean(value) for value in values]
    held = [value for value in known if value is not None]
    if len(held) < 2:
        return None
    low, span = min(held), max(held) - min(held)
    step = (width - 2 * _PAD) / (len(known) - 1)

    def at(index: int, value: float) -> tuple[float, float]:
        part = (value - low) / span if span else 0.5
        return round(_PAD + index * step, 1), round(height - _PAD - part * (height - 2 * _PAD), 1)

    pieces: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(known):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(at(index, value))
    lines = tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1)
    last = known[-1]
    return Spark(width, height, lines, None if last is None else at(len(known) - 1, last))
