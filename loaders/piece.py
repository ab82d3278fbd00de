"""One batch of a section cleaned: rename, convert, resolve places, refuse what is broken.

A piece looks at nothing but its own rows, so that several may be cleaned at once; what needs the
rows before it (numbers, totals, the account) is the Cleaner's.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders import columns, converters, identities, kernels, places, values
from loaders.audit import MENDS, labels
from loaders.converters import Converted, converter
from loaders.listing import Origin, Told
from loaders.masks import mask_column
from loaders.place_names import short_county
from loaders.plan import Plan
from loaders.records import records
from loaders.totals import Line
from store import schema

_TEXT = pa.string()


class Piece:
    """Cleaned rows of a batch, and what is to be said of those that were refused or mended.

    ``count`` records came to ``rows``, ``refused`` and ``mended`` (only of rows that were taken);
    ``lines`` are their numbers in the sheet, ``refused_rows`` what could be
    read of the refused ones. ``sums`` are amounts by field, each with the total
    line that follows, if one does.
    """

    def __init__(self, plan: Plan, raw: pa.Table):
        self.plan = plan
        self.editions: Counter[int] = Counter()
        self.refused: list[Told] = []
        self.mended: list[Told] = []
        self.differing: dict[str, dict[str, int]] = {}
        self._columns: dict[str, pa.Array] = {}
        self._checked: dict[str, pa.Array] = {}
        found = records(plan, raw)
        self.aside = found.aside
        raw = raw if len(found.kept) == raw.num_rows else raw.take(pa.array(found.kept))
        self.count = raw.num_rows
        self.lines = raw["row"].to_numpy()
        self._cells = raw["cells"].to_numpy()
        self._raw = [columns.whole(column) for column in raw.columns[2:]]
        self._alive = np.ones(self.count, bool)
        self._mends = np.zeros(self.count, np.int64)
        self._origin = self._came_from()
        self._refuse_ragged()
        self._convert()
        self.sums = self._sums(found.totals)
        self._fill()
        self._resolve()
        self._refuse_missing()
        self.spread, self.rows = self._spread(), self._table()
        self.refused_rows = self._refused_rows()
        self.mended = [left for each in self.mended if (left := self._living(each))]

    def _sums(self, totals: list[tuple[int, Line]]) -> list[tuple[dict[str, float], Line | None]]:
        bounds = [0, *(at for at, _ in totals), self.count]
        found = []
        for place, (start, stop) in enumerate(pairwise(bounds)):
            sums = {
                name: float(pc.sum(self._columns[name].slice(start, stop - start)).as_py() or 0)
                for name in self.plan.summed & self._columns.keys()
            }
            found.append((sums, totals[place][1] if place < len(totals) else None))
        return found

    # Refusing and mending

    def origin_of(self, rows: np.ndarray) -> Origin | None:
        """File, sheet and row that the rows of an amendment came from."""
        if self._origin is None:
            return None
        file, sheet, row = (column.take(pa.array(rows)) for column in self._origin)
        return file, sheet, row

    def _refuse(self, where: Any, reason: str, name: str = "", at: int | None = None) -> None:
        """Quarantine living rows; a row has one reason, the first found."""
        rows = columns.rows_of(where)
        rows = rows[self._alive[rows]]
        if len(rows):
            self._alive[rows] = False
            self.refused.append(Told(rows, reason, name, self._shown(rows, name, at)))

    def _mend(
        self,
        rows: np.ndarray,
        reason: str,
        name: str,
        after: pa.Array | None,
        before: pa.Array | None = None,
        at: int | None = None,
    ) -> None:
        """Note mended cells; ``after`` as it may be shown."""
        if len(rows):
            self._mends[rows] |= 1 << MENDS.index(reason)
            old = self._shown(rows, name, at) if before is None else before
            self.mended.append(Told(rows, reason, name, old, after))

    def _living(self, noted: Told) -> Told | None:
        """The part of mended cells whose rows were taken."""
        alive = np.flatnonzero(self._alive[noted.rows])
        if len(alive) in (0, len(noted.rows)):
            return noted if len(alive) else None
        texts = (c and c.take(pa.array(alive)) for c in (noted.before, noted.after))
        return Told(noted.rows[alive], noted.reason, noted.name, *texts)

    def _shown(self, rows: np.ndarray, name: str, at: int | None = None) -> pa.Array | None:
        """Raw cells of rows as they may be shown; None where the sheet lacks the column."""
        position = self.plan.position(name) if at is None else at
        if position is None:
            return None
        cells = self._raw[position].take(pa.array(rows))
        return mask_column(cells, self.plan.account.mask_of(name))

    def _refuse_ragged(self) -> None:
        """Quarantine lines of a text file with fewer cells than headers, or filled ones beyond.

        In an amendment such a line has lost its shape: it is right when its reason is taken out.
        """
        reason = self.plan.match.reason
        if reason is not None:
            words = labels()["ragged_row"]
            self._refuse(pc.match_substring(self._raw[reason], words), "ragged_row")
        if not self.plan.is_text:
            return
        headers = self.plan.match.headers
        width = max(i for i, header in enumerate(headers, start=1) if header.strip())
        self._refuse(self._cells < width, "ragged_row")
        self._refuse(self._cells > len(self._raw), "ragged_row")
        for beyond in self._raw[width:]:
            self._refuse(kernels.cells(beyond).lengths > 0, "ragged_row")

    # Fields

    def _convert(self) -> None:
        """Convert every field that the section has."""
        brackets: dict[str, pa.Array] = {}
        for position, column in self.plan.fields.items():
            done, noted = self.plan.convert(position, self._raw[position])
            name = column.field or ""
            if column.check:
                self._checked[name] = done.values
                continue
            latest = self.plan.data_date if name == "birth_date" else None
            if column.minimum is not None or latest is not None:
                done = converters.bounded(done, minimum=column.minimum, latest=latest)
            self._columns[name] = done.values
            self._judge(done, name, position, self.plan.optional(name))
            if column.note_to and noted is not None:
                brackets[column.note_to] = noted
        for name, noted in brackets.items():
            self._columns[name] = columns.joined(self._columns.get(name), noted)

    def _judge(self, done: Converted, name: str, position: int, optional: bool) -> None:
        """Turn a converted column's notes into refusals and mends."""
        mask = self.plan.account.mask_of(name)
        for reason, rows in done.notes:
            fatal = reason in values.FATAL and not (reason == "digits_lost" and mask == "phone")
            if fatal or not optional:
                empty = done.values.take(pa.array(rows)).is_null().to_numpy(zero_copy_only=False)
                self._refuse(rows[empty], reason, name, position)
                rows = rows[~empty]
            if len(rows):
                after = columns.words(done.values.take(pa.array(rows)))
                self._mend(rows, reason, name, mask_column(after, mask), at=position)

    def _fill(self) -> None:
        """Fields that come from the sheet's name or title, or from other fields."""
        layout, table = self.plan.layout, self.plan.table
        if layout.sheet_as:
            names = self._origin[1] if self._origin else self._repeated(self.plan.account.sheet)
            self._columns[layout.sheet_as] = converter(table.column(layout.sheet_as))(names).values
        if layout.title_as:
            self._columns[layout.title_as] = self._titles()
        if layout.number_rows:
            self._columns[layout.number_rows] = pa.nulls(self.count, pa.int32())
        for name, value in layout.fixed.items():
            self._columns[name] = pa.repeat(pa.scalar(value, table.column(name).type), self.count)
        for name, parts in layout.hash.items():
            self._columns[name] = columns.hashed(
                [self._columns[p] for p in parts if p in self._columns]
            )
        if "identity_number" in self._columns:
            self._fill_from_identities()

    def _titles(self) -> pa.Array:
        match = self.plan.match
        if match.context is not None:
            return self._raw[match.context]
        return self._repeated(match.title or self.plan.account.file.rsplit(".", 1)[0])

    def _fill_from_identities(self) -> None:
        """Refuse who is not born yet; fill and compare what the number says of its person."""
        position = self.plan.position("identity_number")
        numbers = self._columns["identity_number"]
        told = identities.derived(numbers, self._raw[position or 0])
        if self.plan.data_date is not None:
            late = told.days > np.datetime64(self.plan.data_date, "D").astype(int)
            self._refuse(told.rows[late], "future_birth", "identity_number")
        for name, derived in told.columns.items():
            given = self._columns.get(name)
            if given is None:
                self._columns[name] = derived
                continue
            compared, differs = identities.differing(given, derived)
            self.differing[name] = {"compared": compared, "differs": differs}
            if given.null_count:
                self._columns[name] = pc.coalesce(columns.plain(given), columns.plain(derived))

    def _repeated(self, text: str) -> pa.Array:
        return pa.repeat(pa.scalar(text), self.count)

    # Places

    def _resolve(self) -> None:
        """Fill village_code or region_code with today's code."""
        divisions = self.plan.divisions
        county = self._place("county")
        if county is not None:
            here = columns.over(
                lambda name: not name or divisions.is_county(name), pa.bool_(), county
            )
            self._refuse(pc.invert(here), "other_county", "county")
        if self.plan.table.region == "region_code":
            own = self._repeated(divisions.county_code) if county is not None else self._regions()
            self._columns["region_code"] = own
            return
        village = self._place("village")
        if village is None:
            self._columns["village_code"] = pa.nulls(self.count, _TEXT)
            return
        found = places.villages(self._place("township"), village, divisions)
        self._columns["village_code"] = found.codes()
        for reason in sorted({each.reason for each in found.found if each.reason}):
            name = "township" if reason.endswith("township") else "village"
            self._refuse(found.rows(reason=reason), reason, name)
        for reason in sorted({each.mended for each in found.found if each.mended}):
            rows = found.rows(mended=reason)
            before = mask_column(found.written(rows))
            self._mend(rows, reason, "village", found.taken(rows, divisions), before)
        self._count_editions(found)

    def _place(self, level: str) -> pa.Array | None:
        position = self.plan.position(level)
        return None if position is None else self._raw[position]

    def _count_editions(self, found: places.Places) -> None:
        editions = np.array([(each.edition or 0) * each.old for each in found.found], np.int32)
        counts = np.bincount(editions[found.at[self._alive]])
        self.editions.update({int(e): int(counts[e]) for e in np.flatnonzero(counts) if e})

    def _regions(self) -> pa.Array:
        """Codes of the places that a notice names; the empty text in another county's notice."""
        divisions = self.plan.divisions
        title = short_county(divisions.county_name)
        here = columns.over(lambda name: title in name, pa.bool_(), self._titles())
        county = divisions.county_code
        named = self._columns["place"].fill_null("")
        codes = columns.over(lambda name: divisions.place(name).code or county, _TEXT, named)
        own = self.plan.match.title or self.plan.match.context is not None
        return pc.if_else(here, codes, "") if own else self._repeated("")

    # The rows that are taken

    def _came_from(self) -> Origin | None:
        """File, sheet and row of each row of an amendment; its own where the cells do not say."""
        if self.plan.match.origin is None:
            return None
        file, sheet, row = (self._raw[position] for position in self.plan.match.origin)
        number = converter(schema.Column("source_row", pa.int32()))(row).values
        own = self._repeated(self.plan.account.file), self._repeated(self.plan.account.sheet)
        said = pc.and_(pc.not_equal(file, ""), pc.is_valid(number))
        return (
            pc.if_else(said, mask_column(file), own[0]),
            pc.if_else(said, pc.coalesce(mask_column(sheet), pa.scalar("")), own[1]),
            pc.if_else(said, number, pa.array(self.lines)),
        )

    def _refuse_missing(self) -> None:
        """Quarantine rows without a value that the schema or the key needs."""
        for name in self.plan.needed:
            if name == self.plan.layout.number_rows:
                continue
            cells = self._columns.get(name)
            missing = np.ones(self.count, bool) if cells is None else pc.is_null(cells)
            self._refuse(missing, "missing", "village" if name == "village_code" else name)

    def _spread(self) -> pa.Table | None:
        """Rows of the unpivoted columns; None without any."""
        spreader = self.plan.spreader
        if spreader is None:
            return None

        def judge(position: int, reason: str, rows: np.ndarray, after: pa.Array) -> None:
            name = self.plan.match.headers[position].strip()
            if reason in values.FATAL:
                self._refuse(rows, reason, name, position)
            else:
                self._mend(rows, reason, name, mask_column(after), at=position)

        found = spreader.rows(self._raw, judge)
        where = found["_row"].to_numpy()
        alive = self._alive[where]
        places = (np.cumsum(self._alive) - 1)[where[alive]].astype(np.int32)
        return found.filter(pa.array(alive)).set_column(0, "_row", pa.array(places))

    def _refused_rows(self) -> pa.Table:
        """What could be read of the rows that were refused: they are not missing."""
        dead = pa.array(np.flatnonzero(~self._alive))
        names = [name for name in self.plan.table.arrow.names if name in self._columns]
        return pa.table({name: self._columns[name].take(dead) for name in names})

    def _table(self) -> pa.Table:
        """Living rows with every column of the table."""
        found = {
            f.name: self._columns.get(f.name, pa.nulls(self.count, f.type))
            for f in self.plan.table.arrow
        }
        found["source_file"] = columns.repeated(self.plan.account.file, self.count)
        found["source_row"] = pa.array(self.lines)
        if self._origin:
            found["source_file"], found["_origin_sheet"], found["source_row"] = self._origin
            found["_line"] = pa.array(self.lines)
        found |= {f"_check_{name}": cells for name, cells in self._checked.items()}
        found["_sheet"] = pa.repeat(pa.scalar(self.plan.index, pa.int32()), self.count)
        found["_mends"] = pa.array(self._mends)
        table = pa.table(found)
        return table if self._alive.all() else table.filter(pa.array(self._alive))
