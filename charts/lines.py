"""One place's values by year: what every chart over time is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from charts.number_format import clean


@dataclass(frozen=True)
class Line:
    """One place's values by year, with the address that each point opens.

    Columns of a frame or lists of one length, in any order of years; None, NaN and NA are gaps.
    Raises ValueError for unequal lengths or a year given twice.
    """

    name: str
    years: Sequence[int]
    values: Sequence[float | None]
    hrefs: Sequence[str | None] = ()

    def __post_init__(self) -> None:
        years = [int(year) for year in self.years]
        values = [clean(value) for value in self.values]
        hrefs = list(self.hrefs) or [None] * len(years)
        if not len(years) == len(values) == len(hrefs):
            raise ValueError(f"{self.name}: years, values and hrefs differ in length")
        if len(set(years)) < len(years):
            raise ValueError(f"{self.name}: a year is given twice")
        points = sorted(zip(years, values, hrefs, strict=True), key=lambda point: point[0])
        for field, column in zip(
            ("years", "values", "hrefs"), zip(*points, strict=True), strict=False
        ):
            object.__setattr__(self, field, column)

    def known(self) -> list[tuple[int, float]]:
        """Years that have a value, with it."""
        return [(y, v) for y, v in zip(self.years, self.values, strict=True) if v is not None]

    def between(self, first: int, last: int) -> Line:
        """The part of the line within these years, both included."""
        points = zip(self.years, self.values, self.hrefs, strict=True)
        kept = [point for point in points if first <= point[0] <= last]
        return Line(self.name, *(zip(*kept, strict=True) if kept else ((), (), ())))

    def on(self, years: Sequence[int]) -> tuple[list[float | None], list[str | None]]:
        """Values and addresses for these years, None where there are none."""
        at = {y: (v, h) for y, v, h in zip(self.years, self.values, self.hrefs, strict=True)}
        pairs = [at.get(year, (None, None)) for year in years]
        return [v for v, _ in pairs], [h for _, h in pairs]


def years_of(lines: Iterable[Line]) -> list[int]:
    """Every year from the first to the last that any of the lines names."""
    years = [year for line in lines for year in line.years]
    return list(range(min(years), max(years) + 1)) if years else []


def year_ticks(years: Sequence[int], pitch: float, need: float) -> list[int]:
    """The years to write out: the last, the first, and between them as many as fit evenly.

    ``pitch`` is the width of a year and ``need`` that of its words, in pixels.
    """
    if len(years) < 2:
        return list(years)
    every = next((n for n in (1, 2, 3, 4, 5, 10) if n * pitch >= need), len(years))
    kept = [y for y in reversed(years) if (years[-1] - y) % every == 0]
    while len(kept) > 1 and kept[-1] != years[0] and (kept[-1] - years[0]) * pitch < need:
        kept.pop()
    return sorted({*kept, years[0]})


def table_of(lines: Sequence[Line], years: Sequence[int], head: Sequence[str]) -> list[list[Any]]:
    """The lines as a table: a row a year, a column a line."""
    columns = [line.on(years)[0] for line in lines]
    body = [[year, *cells] for year, *cells in zip(years, *columns, strict=True)]
    return [[*head[:1], *(line.name for line in lines)], *body]
