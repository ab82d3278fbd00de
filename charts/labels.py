"""Where words go: how wide a text is, and how labels keep out of each other's way. All pixels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from unicodedata import east_asian_width

Point = tuple[float, float]
_PIECES = re.compile(r"[!-~]+ ?|.[,。、;:)”]?")


@lru_cache(maxsize=4096)
def _em(char: str) -> float:
    if east_asian_width(char) in "WFA":
        return 1.0
    if char in " .,:;'|!il()":
        return 0.32
    return 0.66 if char.isupper() or char in "%−+—" else 0.57


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of one line, estimated from the widths of Chinese and Latin characters."""
    return sum(map(_em, text)) * size * (1.06 if bold else 1.0)


def wrap(text: str, size: float, width: float) -> list[str]:
    """Lines no wider than ``width``: Latin breaks at spaces, Chinese but before punctuation.

    A Latin word or a number is never broken, even where it is wider than that.
    """
    if text_width(text, size) <= width:
        return [text]
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def spread(
    centres: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """New centres, close to the old, so that the intervals neither overlap nor leave [low, high].

    Order is kept. Where there is no room for all, they start at ``low`` and run over ``high``.
    """
    order = sorted(range(len(centres)), key=lambda i: centres[i])
    blocks: list[tuple[list[int], float, float]] = []  # members, sum of wanted starts, height
    for i in order:
        block = ([i], centres[i] - heights[i] / 2, heights[i])
        while blocks and _start(blocks[-1], low, high) + blocks[-1][2] > _start(block, low, high):
            before = blocks.pop()
            wanted = before[1] + block[1] - before[2] * len(block[0])
            block = (before[0] + block[0], wanted, before[2] + block[2])
        blocks.append(block)
    placed = [0.0] * len(centres)
    for block in blocks:
        at = _start(block, low, high)
        for i in block[0]:
            placed[i] = at + heights[i] / 2
            at += heights[i]
    return placed


def _start(block: tuple[list[int], float, float], low: float, high: float) -> float:
    members, wanted, height = block
    return max(low, min(wanted / len(members), high - height))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, right, bottom, y running downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: Box) -> bool:
        return (
            self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1
        )

    def within(self, other: Box) -> bool:
        return (
            self.x0 >= other.x0
            and self.x1 <= other.x1
            and self.y0 >= other.y0
            and self.y1 <= other.y1
        )

    def cut_by(self, a: Point, b: Point) -> bool:
        """Whether the straight line from ``a`` to ``b`` passes through (Liang and Barsky)."""
        if (a[0] < self.x0 and b[0] < self.x0) or (a[0] > self.x1 and b[0] > self.x1):
            return False
        start, end = 0.0, 1.0
        for p, q in (
            (a[0] - b[0], a[0] - self.x0),
            (b[0] - a[0], self.x1 - a[0]),
            (a[1] - b[1], a[1] - self.y0),
            (b[1] - a[1], self.y1 - a[1]),
        ):
            if p == 0:
                if q < 0:
                    return False
            elif p < 0:
                start = max(start, q / p)
            else:
                end = min(end, q / p)
        return start < end


Path = Sequence[Point]


def cuts(box: Box, paths: Iterable[Path]) -> int:
    """How many straight pieces of the paths pass through the box."""
    return sum(box.cut_by(a, b) for path in paths for a, b in pairwise(path))


def best(
    candidates: Sequence[tuple[Box, int]], taken: Sequence[Box], paths: Sequence[Path], room: Box
) -> int:
    """Index of the box that costs least, the earlier of equals.

    Each candidate brings a small cost of its own. Leaving the room is worst, then covering
    another label, then being crossed by a line.
    """

    least, chosen = 10**9, 0
    # Cheapest first: once a box is free, all that cost more of themselves go unexamined.
    for index in sorted(range(len(candidates)), key=lambda i: candidates[i][1]):
        box, cost = candidates[index]
        if cost >= least:
            break
        cost += 0 if box.within(room) else 1000
        cost += 100 * sum(map(box.meets, taken))
        if cost < least:
            cost += 10 * cuts(box, paths)
        if cost < least:
            least, chosen = cost, index
    return chosen


def rows(spans: Sequence[tuple[float, float]], gap: float = 12) -> list[int]:
    """The row of each horizontal span so that none touch; 0 is filled first."""
    ends: list[float] = []
    chosen = [0] * len(spans)
    for i in sorted(range(len(spans)), key=lambda i: spans[i]):
        start, end = spans[i]
        row = next((r for r, taken in enumerate(ends) if taken + gap <= start), len(ends))
        ends[row : row + 1] = [end]
        chosen[i] = row
    return chosen
