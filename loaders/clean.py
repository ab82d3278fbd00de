"""One sheet of an export to typed rows: rename, convert, resolve places, refuse what is broken."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders import converters, totals, values
from loaders.audit import MENDS, Audit
from loaders.divisions import EDITIONS, Divisions, Found, short_county
from loaders.layouts import Column, Match
from loaders.readers import Sheet
from store import schema

REGISTER = "household"
_CENT = 0.005  # yuan that a total may differ by
_TEXT = pa.string()


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one sheet: ``rows`` for the layout's table, ``spread`` for its unpivoted columns.

    Both carry ``_sheet`` and ``source_row``, ``rows`` also ``_mends`` and, for fields that are only
    compared with the register, ``_check_<field>``.
    """

    table: str
    rows: pa.Table
    spread: pa.Table | None = None


def clean(sheet: Sheet, match: Match, divisions: Divisions, audit: Audit) -> Batch:
    """Clean the rows below a sheet's header; what is refused or dropped stands in the audit."""
    cleaning = _Cleaning(sheet, match, divisions, audit)
    cleaning.drop_totals()
    cleaning.refuse_ragged()
    cleaning.convert_fields()
    cleaning.fill_fields()
    cleaning.resolve_places()
    cleaning.refuse_missing()
    return Batch(match.layout.table, cleaning.rows(), cleaning.spread())


class _Cleaning:
    """The state of one sheet's cleaning: raw columns, finished columns, which rows still live."""

    def __init__(self, sheet: Sheet, match: Match, divisions: Divisions, audit: Audit):
        self.match, self.layout, self.divisions = match, match.layout, divisions
        self.table = schema.BY_NAME[match.layout.table]
        body = sheet.rows.slice(match.header + 1)
        self.count = body.num_rows
        self.numbers = body["row"].combine_chunks()
        self.cells = body["cells"].combine_chunks()
        self.is_text = not sheet.name  # a line may be cut short or run on; a sheet's row cannot
        self.raw = [c.combine_chunks() for c in body.columns[2:]]
        self.audit, self.index = audit, audit.open(sheet.file, sheet.name, match, self.count)
        self.account = audit.sheets[self.index]
        self.alive = np.ones(self.count, bool)
        self.mends = np.zeros(self.count, np.int32)
        self.columns: dict[str, pa.Array] = {}
        self.checked: dict[str, pa.Array] = {}
        self.brackets: dict[str, pa.Array] = {}

    def refuse(self, where: pa.Array | np.ndarray, reason: str, name: str = "") -> None:
        """Quarantine living rows; a row has one reason, the first found."""
        hit = np.flatnonzero(_mask(where) & self.alive)
        if len(hit) == 0:
            return
        self.alive[hit] = False
        cells = self.raw_of(name)
        found = cells.take(pa.array(hit)).to_pylist() if cells is not None else None
        self.audit.quarantine(self.index, self.numbers.take(hit).to_pylist(), reason, name, found)

    def mend(self, where: pa.Array | np.ndarray, reason: str) -> None:
        self.mends[_mask(where)] |= 1 << MENDS.index(reason)

    def raw_of(self, name: str) -> pa.Array | None:
        """Raw cells of a field or place; None where the sheet lacks it."""
        for position, column in self.match.at.items():
            if name and name in (column.field, column.place):
                return self.raw[position]
        return None

    def drop(self, where: pa.Array, reason: str) -> None:
        hit = _mask(where) & self.alive
        self.alive &= ~hit
        if hit.any():
            self.account.dropped[reason] += int(hit.sum())

    def drop_totals(self) -> None:
        """Leave out rows that are no records; totals are compared with the rows they add up."""
        first = totals.leading(self.raw)
        total = totals.is_total(first)
        if self.layout.check_total and pc.any(total).as_py():
            self._check_totals(totals.labels(first), self.layout.check_total)
        self.drop(total, "total_row")
        self.drop(totals.is_footer(first), "footer_row")
        required = next(p for p, c in self.match.at.items() if c.required)
        self.drop(pc.equal(self.raw[required], self.match.headers[required]), "repeated_header")

    def _check_totals(self, labels: list[str | None], name: str) -> None:
        position = next(p for p, c in self.match.at.items() if c.field == name)
        amounts = self._converted(position, self.match.at[position])[0].values.to_pylist()
        for row, declared, added in totals.check_totals(labels, amounts):
            self.account.checks.append(
                {
                    "kind": "total",
                    "row": self.numbers[row].as_py(),
                    "declared": declared,
                    "added": added,
                    "agrees": declared is not None and abs(declared - added) < _CENT,
                }
            )

    def refuse_ragged(self) -> None:
        """Quarantine lines of a text file with fewer cells than headers, or filled ones beyond."""
        if not self.is_text:
            return
        width = max(i for i, header in enumerate(self.match.headers, start=1) if header.strip())
        self.refuse(pc.less(self.cells, width), "ragged_row")
        self.refuse(pc.greater(self.cells, len(self.raw)), "ragged_row")
        for beyond in self.raw[width:]:
            self.refuse(pc.not_equal(beyond, ""), "ragged_row")

    def convert_fields(self) -> None:
        """Convert every field that the sheet has."""
        for position, column in self.match.at.items():
            if column.field is None:
                continue
            conversion, noted = self._converted(position, column)
            if column.check:
                self.checked[column.field] = conversion.values
                continue
            self.columns[column.field] = conversion.values
            self._judge(column.field, conversion)
            if column.note_to and noted is not None:
                self.brackets[column.note_to] = noted
        for name, noted in self.brackets.items():
            self.columns[name] = _joined(self.columns.get(name), noted)

    def _converted(
        self, position: int, column: Column
    ) -> tuple[converters.Converted, pa.Array | None]:
        cells, noted = self.raw[position], None
        if column.note_to:
            cells, noted = converters.split_note(cells)
        name = column.field or ""
        declared = schema.BY_NAME[REGISTER if column.check else self.table.name].column(name)
        convert = converters.converter(
            declared, factor=self.match.factors.get(name, 1), spellings=column.values
        )
        return convert(cells), noted

    def _judge(self, name: str, conversion: converters.Converted) -> None:
        """Turn a converted column's notes into refusals and mends."""
        if conversion.notes.null_count == self.count:
            return
        empty = pc.is_null(conversion.values)
        for reason in pc.unique(conversion.notes).drop_null().to_pylist():
            noted = pc.fill_null(pc.equal(conversion.notes, reason), False)
            if reason in values.FATAL or not self._optional(name):
                self.refuse(pc.and_(noted, empty), reason, name)
                noted = pc.and_(noted, pc.invert(empty))
            if reason in MENDS:
                self.mend(noted, reason)

    def _optional(self, name: str) -> bool:
        return self.table.column(name).nullable and name not in self._parts()

    def _parts(self) -> set[str]:
        """Fields that a row's key is made from."""
        return {part for parts in self.layout.hash.values() for part in parts}

    def fill_fields(self) -> None:
        """Fields that come from the sheet's name or title, the order of rows or other fields."""
        if self.layout.sheet_as:
            name = self.layout.sheet_as
            convert = converters.converter(self.table.column(name))
            self.columns[name] = self._repeated(convert(pa.array([self.account.sheet])).values[0])
        if self.layout.title_as:
            title = self.match.title or self.account.file.rsplit(".", 1)[0]
            self.columns[self.layout.title_as] = self._repeated(pa.scalar(title))
        if self.layout.number_rows:
            order = np.cumsum(self.alive).astype(np.int32)
            self.columns[self.layout.number_rows] = pa.array(order)
        for name, value in self.layout.fixed.items():
            kind = self.table.column(name).type
            self.columns[name] = self._repeated(pa.scalar(value, kind))
        for name, parts in self.layout.hash.items():
            self.columns[name] = _hashed([self.columns[p] for p in parts if p in self.columns])
        if "identity_number" in self.columns:
            numbers = self.columns["identity_number"]
            for name, derived in (("sex", converters.sex), ("birth_date", converters.birth_date)):
                given = self.columns.get(name, pa.nulls(self.count, self.table.column(name).type))
                self.columns[name] = pc.coalesce(given, derived(numbers))

    def _repeated(self, value: pa.Scalar) -> pa.Array:
        return pa.repeat(value, self.count)

    def resolve_places(self) -> None:
        """Fill village_code or region_code with today's code."""
        if self.table.region == "region_code":
            self.columns["region_code"] = self._regions()
            return
        county = self.raw_of("county")
        if county is not None:
            other = self._over(
                lambda n: bool(n) and not self.divisions.is_county(n), pa.bool_(), county
            )
            self.refuse(other, "other_county", "county")
        village = self.raw_of("village")
        if village is None:
            self.columns["village_code"] = pa.nulls(self.count, _TEXT)
            return
        township = self.raw_of("township")
        given = self._repeated(pa.scalar("")) if township is None else township
        self._villages(given, village)

    def _villages(self, township: pa.Array, village: pa.Array) -> None:
        def search(township: str, village: str) -> Found:
            return self.divisions.village(township, village) if village else Found(None)

        pairs = pc.binary_join_element_wise(township, village, "\t").dictionary_encode()
        texts = [text.split("\t") for text in pairs.dictionary.to_pylist()]
        found = [search(*map(values.compact, pair)) for pair in texts]
        self.columns["village_code"] = _taken([f.code for f in found], _TEXT, pairs)
        reasons = _taken([f.reason for f in found], _TEXT, pairs)
        for reason in pc.unique(reasons).drop_null().to_pylist():
            name = "township" if reason.endswith("township") else "village"
            self.refuse(pc.equal(reasons, reason), reason, name)
        editions = _taken([f.edition for f in found], pa.int32(), pairs)
        for edition in EDITIONS[1:]:
            old = _mask(pc.equal(editions, edition)) & self.alive
            self.mend(old, "old_name")
            if old.any():
                self.account.editions[edition] += int(old.sum())

    def _regions(self) -> pa.Array:
        """Codes of the places that a notice names; the empty text in another county's notice."""
        county = self.divisions.county_code
        if short_county(self.divisions.county_name) not in self.match.title:
            return self._repeated(pa.scalar(""))
        places = self.columns["place"].fill_null("")
        return self._over(lambda name: self.divisions.place(name).code or county, _TEXT, places)

    def _over(self, function: Callable[[str], Any], kind: pa.DataType, cells: pa.Array) -> pa.Array:
        """A function of compact text over a column, called once for each different text."""
        encoded = cells.dictionary_encode()
        texts = map(values.compact, encoded.dictionary.to_pylist())
        return _taken([function(text) for text in texts], kind, encoded)

    def refuse_missing(self) -> None:
        """Quarantine rows without a value that the schema or the key needs."""
        needed = {c.name for c in self.table.columns if not c.nullable} | self._parts()
        if "household_id" in needed and self.table.name != REGISTER:
            needed.remove("village_code")  # the register will say it
        for name in sorted(needed):
            cells = self.columns.get(name)
            shown = "village" if name == "village_code" else name
            missing = np.ones(self.count, bool) if cells is None else pc.is_null(cells)
            self.refuse(missing, "missing", shown)

    def rows(self) -> pa.Table:
        """Living rows with every column of the table, of its type."""
        columns = {
            field.name: self.columns.get(field.name, pa.nulls(self.count, field.type)).cast(
                field.type
            )
            for field in self.table.arrow
        }
        columns["source_file"] = self._repeated(pa.scalar(self.account.file))
        columns["source_row"] = self.numbers
        columns |= {f"_check_{name}": cells for name, cells in self.checked.items()}
        columns["_sheet"] = self._repeated(pa.scalar(self.index, pa.int32()))
        columns["_mends"] = pa.array(self.mends)
        return pa.table(columns).filter(pa.array(self.alive))

    def spread(self) -> pa.Table | None:
        """Rows of the unpivoted columns: sheet, row, field and value; None without any."""
        unpivot = self.layout.unpivot
        if unpivot is None or not self.match.spread:
            return None
        target = schema.BY_NAME[unpivot.table]
        convert = converters.converter(target.column(unpivot.value))
        flags = converters.converter(schema.Column("flag", pa.bool_()))
        parts = []
        for position, code in self.match.spread.items():
            cells = convert(self.raw[position]).values
            said = flags(self.raw[position]).values  # a bare yes has no detail, a bare no no row
            kept = pc.and_(
                pc.fill_null(said, True), pc.is_valid(pc.coalesce(cells, said.cast(_TEXT)))
            )
            where = np.flatnonzero(_mask(kept) & self.alive)
            detail = pc.if_else(pc.is_null(said), cells, pa.scalar(None, _TEXT))
            parts.append(
                pa.table(
                    {
                        "_sheet": pa.repeat(pa.scalar(self.index, pa.int32()), len(where)),
                        "source_row": self.numbers.take(where),
                        unpivot.field: pa.repeat(pa.scalar(code), len(where)),
                        unpivot.value: detail.take(where),
                    }
                )
            )
        return pa.concat_tables(parts)


def _mask(where: pa.Array | np.ndarray) -> np.ndarray:
    """A boolean column as a writable mask, null as False."""
    if isinstance(where, np.ndarray):
        return where
    return pc.fill_null(where, False).to_numpy(zero_copy_only=False)


def _taken(values: list[Any], kind: pa.DataType, encoded: pa.DictionaryArray) -> pa.Array:
    return pa.array(values, kind).take(encoded.indices)


def _joined(first: pa.Array | None, second: pa.Array) -> pa.Array:
    """Two text columns as one, a semicolon between where both are filled."""
    if first is None:
        return second
    return pc.coalesce(pc.binary_join_element_wise(first, second, "；"), first, second)


def _hashed(parts: list[pa.Array]) -> pa.Array:
    """A stable name for a row, from values that do not change between exports; null if one is."""
    texts = [part.cast(_TEXT) for part in parts]
    joined = pc.binary_join_element_wise(*texts, "\x1f").to_pylist()
    names = [t and hashlib.sha256(t.encode()).hexdigest()[:16] for t in joined]
    return pa.array(names, _TEXT)
