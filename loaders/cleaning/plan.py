"""What is to be done with every row of a section, worked out once from its match."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pyarrow as pa

from loaders.accounts.audit import SheetAudit
from loaders.cells import dates
from loaders.cells.converters import Converted, Converter, converter, split_note
from loaders.cleaning.stated_totals import Summed
from loaders.cleaning.unpivot import Spreader
from loaders.layouts.matching import Column, Layout, Match
from loaders.layouts.units import fold
from loaders.reading.sheets import Sheet
from loaders.regions.divisions import Divisions
from store import schema

REGISTER = "household"
_NUMBER = "identity_number"
_SUMMED = frozenset({"yuan", "people", "households", "mu", "m2"})  # what a total line adds up


@dataclass(frozen=True)
class Plan:
    """The section, its place in the audit, and a converter for each column that it has.

    ``converters`` are by position. A plan is read by several threads at once.
    """

    match: Match
    account: SheetAudit
    index: int
    divisions: Divisions
    data_date: datetime.date | None
    is_text: bool  # a line may be cut short or run on; a sheet's row cannot
    width: int
    converters: Mapping[int, Converter]

    @classmethod
    def of(
        cls,
        sheet: Sheet,
        match: Match,
        divisions: Divisions,
        account: SheetAudit,
        index: int,
        data_date: datetime.date | None,
    ) -> Plan:
        """The plan of a section."""
        day_zero = dates.DAY_ZERO_1904 if sheet.epoch_1904 else dates.DAY_ZERO
        found = {
            position: converter(
                match.layout.column_of(column),
                factor=match.factors.get(column.field, 1),
                spellings=column.values,
                day_zero=day_zero,
            )
            for position, column in match.at.items()
            if column.field
        }
        is_text = not sheet.name
        return cls(match, account, index, divisions, data_date, is_text, sheet.width, found)

    @property
    def layout(self) -> Layout:
        return self.match.layout

    @cached_property
    def table(self) -> schema.Table:
        return schema.BY_NAME[self.layout.table]

    @cached_property
    def fields(self) -> dict[int, Column]:
        """Columns that fill a field, or are compared with the register's."""
        return {p: column for p, column in self.match.at.items() if column.field}

    @cached_property
    def parts(self) -> frozenset[str]:
        """Fields that a row's key is made from, and cannot be made without: a person's number may
        be lacking where other fields stand beside it."""
        return frozenset(
            part
            for parts in self.layout.hash.values()
            for part in parts
            if part != _NUMBER or len(parts) == 1 or self.layout.household_by
        )

    @cached_property
    def needed(self) -> list[str]:
        """Fields without which a row is refused."""
        needed = {c.name for c in self.table.columns if not c.nullable}
        if "household_id" in needed and self.table.name != REGISTER:
            needed.discard("village_code")  # the register will say it
        needed |= self.parts
        if self.layout.household_by:
            needed.discard("household_id")  # an identity number will say it
        made = self.layout.hash.keys()  # of others: it is these that lack
        return [*sorted(needed - made), *sorted(needed & made)]

    @cached_property
    def summed(self) -> frozenset[str]:
        """Fields whose total lines are compared with their rows."""
        return frozenset(
            c.name
            for c in self.table.columns
            if c.unit in _SUMMED and not c.name.startswith("per_capita")
        )

    @cached_property
    def summable(self) -> list[Summed]:
        """The fields of the sheet that a total in words may be of."""
        found = []
        for position, column in self.fields.items():
            name = column.field or ""
            if name in self.summed and not column.check:
                factor = self.match.factors.get(name, Fraction(1))
                unit = self.table.column(name).unit
                found.append(Summed(name, self.match.headers[position], unit, factor))
        return found

    @cached_property
    def spreader(self) -> Spreader | None:
        """What makes rows of the unpivoted columns; None without any."""
        unpivot = self.layout.unpivot
        return Spreader(unpivot, self.match.spread) if unpivot and self.match.spread else None

    @cached_property
    def header_words(self) -> frozenset[str]:
        """First cells, folded, of the section's header rows."""
        return frozenset(fold(cell) for row in self.match.lines for cell in row if cell.strip())

    def convert(self, position: int, cells: pa.Array) -> tuple[Converted, pa.Array | None]:
        """A column's cells converted, and what stood in brackets where that is a note."""
        noted = None
        if self.fields[position].note_to:
            cells, noted = split_note(cells)
        return self.converters[position](cells), noted

    def optional(self, name: str) -> bool:
        """Whether a row may be without a value of the field."""
        if name not in self.table.arrow.names:
            return name not in self.parts
        return self.table.column(name).nullable and name not in self.parts

    def position(self, name: str) -> int | None:
        """Where a field or place stands in the sheet; None where the sheet lacks it."""
        for position, column in self.match.at.items():
            if name and name in (column.field, column.place):
                return position
        return None
