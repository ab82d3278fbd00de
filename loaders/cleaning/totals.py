"""Whether the total lines of a sheet agree with the rows that they add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CENT = 0.005  # that a declared total may differ by
LEVELS = {"category": 1, "subcategory": 2}  # of lines that add up what stands below them


@dataclass(frozen=True, slots=True)
class Line:
    """A total line: its row, what kind of total, the amounts it declares by field."""

    row: int
    kind: str
    declared: Mapping[str, float | None]


@dataclass(slots=True)
class Totals:
    """Adds up a section's rows as they come, and compares the total lines at its end.

    A 小计 adds up the rows since the total line before it or, standing at their head, up to the
    next; the line of a category (一、) those up to the next of its level; any other total all rows.
    One with a place's name may be either.
    """

    sums: dict[str, float] = field(default_factory=dict)
    lines: list[tuple[Line, dict[str, float]]] = field(default_factory=list)

    def add(self, sums: Mapping[str, float]) -> None:
        """Add sums by field of the rows before the next line."""
        for name, amount in sums.items():
            self.sums[name] = self.sums.get(name, 0.0) + amount

    def line(self, line: Line) -> None:
        """Note a total line that stands after the rows added so far."""
        self.lines.append((line, dict(self.sums)))

    def compared(self) -> list[tuple[int, str, float | None, float]]:
        """(row, field, declared, added) of every amount that a total line declares."""
        found = []
        for index, (line, _) in enumerate(self.lines):
            for name, declared in line.declared.items():
                found.append((line.row, name, declared, self._added(index, name, declared)))
        return found

    def _added(self, index: int, name: str, declared: float | None) -> float:
        at = [0.0, *(sums.get(name, 0.0) for _, sums in self.lines), self.sums.get(name, 0.0)]
        before, after = at[index + 1] - at[index], at[index + 2] - at[index + 1]
        kind = self.lines[index][0].kind
        choices: Sequence[float] = (at[-1],)
        if kind in LEVELS:
            choices = (at[self._end_of(index) + 1] - at[index + 1],)
        elif kind == "subtotal":
            choices = (before, after, at[index + 1] - at[self._before_categories(index)])
        elif kind == "named_total":
            choices = (before, after, at[-1])
        return next((c for c in choices if agrees(declared, c)), choices[0])

    def _end_of(self, index: int) -> int:
        """The line at which a category ends; the number of lines for the section's end."""
        kinds = [LEVELS.get(line.kind, 9) for line, _ in self.lines]
        later = range(index + 1, len(kinds))
        return next((i for i in later if kinds[i] <= kinds[index]), len(kinds))

    def _before_categories(self, index: int) -> int:
        """How many lines stand before the categories that lead to a line."""
        while index and self.lines[index - 1][0].kind in LEVELS:
            index -= 1
        return index


def agrees(declared: float | None, added: float) -> bool:
    """Whether a declared amount is what the rows add up to."""
    return declared is not None and abs(declared - added) < CENT
