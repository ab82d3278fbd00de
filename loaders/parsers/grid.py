"""Rows that come cell by cell, as markup gives them, on their way to a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from loaders.parsers.spool import GAP, Refused, SheetSpool, listed

WIDEST, LONGEST = 16_384, 1_048_576  # columns and rows of a sheet
_ROWS = 4_096  # written at once


@dataclass(slots=True)
class Grid:
    """The rows of a sheet; cells that are merged over are left free."""

    out: SheetSpool
    row: int = 0
    column: int = 0
    hidden: bool = False
    cells: list[str] = field(default_factory=list)
    waiting: list[tuple[int, list[str]]] = field(default_factory=list)
    covered: dict[int, int] = field(default_factory=dict)  # by column: the last row covered
    reach: int = 0  # columns up to the last that is filled

    def begin_row(self, number: int = 0, *, hidden: bool = False) -> None:
        """Begin the next row, or the one numbered; it may be one that is not shown."""
        self.end_row()
        self.row = number or self.row + 1
        self.hidden = hidden
        self.column = 0

    def add(
        self, text: str, *, across: int = 1, down: int = 1, column: int = -1, struck: bool = False
    ) -> None:
        """Add a cell at the next free column, or at one given; it may be struck through."""
        self.column = column if column >= 0 else self.column
        while self.covered.get(self.column, 0) >= self.row:
            self.column += 1
        if self.column >= WIDEST:
            raise Refused("too_large")
        if text and self.column > self.reach + GAP:
            self.out.strays += 1
        elif text:
            self.reach = max(self.reach, self.column + 1)
            self.cells += [""] * (self.column - len(self.cells))
            self.cells.append(text)
            if struck:
                self.out.struck_rows.append(self.row)
        last = min(self.column + across, WIDEST) - 1
        if across > 1 or down > 1:
            bottom = min(self.row + down - 1, LONGEST)
            self.out.merges.append((self.row, self.column, bottom, last))
            if down > 1:
                self.covered |= dict.fromkeys(range(self.column, last + 1), bottom)
        self.column = last + 1

    def end_row(self, *, times: int = 1) -> None:
        """End the row that was begun; it may stand there more than once."""
        for number in range(self.row, self.row + times) if self.cells else ():
            self.waiting.append((number, self.cells))
            if self.hidden:
                self.out.hidden_rows.append(number)
            if len(self.waiting) >= _ROWS:
                self.flush()
        self.cells = []

    def flush(self) -> None:
        """Write the rows that wait."""
        if self.waiting:
            self.out.write(listed([n for n, _ in self.waiting], [c for _, c in self.waiting]))
            self.waiting = []
