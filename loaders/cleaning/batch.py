"""One batch of a section cleaned: rename, convert, resolve places, refuse what is broken.

A piece looks at nothing but its own rows, so that several may be cleaned at once; what needs the
rows before it (numbers, totals, the account) is the Cleaner's.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.accounts.audit import labels
from loaders.accounts.cell_log import Told
from loaders.cells import arrow_columns, converters, identity_numbers, kernels, values
from loaders.cells.converters import Converted, converter
from loaders.cells.masks import mask_column
from loaders.cleaning.batch_rows import BatchRows
from loaders.cleaning.plan import Plan
from loaders.cleaning.records import records
from loaders.cleaning.totals import Line
from loaders.regions import place_lookup as places
from loaders.regions.divisions import Divisions
from loaders.regions.place_in_text import place_in
from loaders.regions.place_names import short_county
from store import schema

_TEXT = pa.string()
_BLANK = 0.2  # share of blank cells from which they may mean what stands above them


class Piece(BatchRows):
    """Cleaned rows of a batch, and what is to be said of those that were refused or mended.

    ``count`` records came to ``rows``, ``refused`` and ``mended`` (only of rows that were taken);
    ``lines`` are their numbers in the sheet, ``refused_rows`` what could be
    read of the refused ones. ``sums`` are amounts by field, each with the total
    line that follows, if one does.
    """

    def __init__(self, plan: Plan, raw: pa.Table):
        self.editions: Counter[int] = Counter()
        self.differing: dict[str, dict[str, int]] = {}
        self._columns: dict[str, pa.Array] = {}
        self._checked: dict[str, pa.Array] = {}
        found = records(plan, raw)
        self.aside = found.aside
        whole = len(found.kept) == raw.num_rows
        super().__init__(plan, raw if whole else raw.take(pa.array(found.kept)))
        self._refuse_ragged()
        self._convert()
        self.sums = self._sums(found.totals)
        self._fill()
        self._resolve()
        self._name_rows()
        self._refuse_missing()
        self.spread, self.rows = self._spread(), self._table()
        self.refused_rows = self._refused_rows()
        self.mended = [left for each in self.mended if (left := self._living(each))]

    def places_of(self, refused: Told) -> pa.Array | None:
        """Codes of the places that refused rows name, the township of an unknown village.

        Null where none is known, None where no row can name one. A row of another county is of no
        place here.
        """
        codes = self._columns.get(self.plan.table.region or "")
        if codes is None or refused.reason == "other_county":
            return None
        at = pa.array(refused.rows)
        found = arrow_columns.plain(codes).take(at)
        found = pc.if_else(pc.equal(found, ""), None, found)
        township = self._place("township")
        if township is None or not found.null_count:
            return found
        code = partial(_township_code, divisions=self.plan.divisions)
        return pc.coalesce(found, arrow_columns.over(code, _TEXT, township.take(at)))

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
            if schema.until(name) in self.plan.table.arrow.names:
                last = converters.last_days(self._raw[position], done.values)
                self._columns[schema.until(name)] = last
            self._judge(done, name, position, self.plan.optional(name))
            if column.note_to and noted is not None:
                brackets[column.note_to] = noted
        for name, noted in brackets.items():
            self._columns[name] = arrow_columns.joined(self._columns.get(name), noted)

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
                after = arrow_columns.words(done.values.take(pa.array(rows)))
                self._mend(rows, reason, name, mask_column(after, mask), at=position)

    def _fill(self) -> None:
        """Fields that come from the sheet's name or title, or from other fields."""
        layout, table = self.plan.layout, self.plan.table
        if layout.sheet_as:
            read = converter(table.column(layout.sheet_as))
            self._columns[layout.sheet_as] = read(self._over("sheet")).values
        if layout.title_as:
            self._columns[layout.title_as] = self._titles()
        if layout.number_rows:
            self._columns[layout.number_rows] = pa.nulls(self.count, pa.int32())
        fixed = dict(layout.fixed) | (
            {"year": self.plan.match.year} if self.plan.match.year else {}
        )
        for name, value in fixed.items():
            self._columns[name] = pa.repeat(pa.scalar(value, table.column(name).type), self.count)
        if "identity_number" in self._columns:
            self._fill_from_identities()

    def _name_rows(self) -> None:
        """Fields that are made of others: stable names of rows that have no number."""
        for name, parts in self.plan.layout.hash.items():
            made = [self._identified() if p == "household_id" else self._filled(p) for p in parts]
            self._columns[name] = arrow_columns.hashed(made, [p in self.plan.parts for p in parts])

    def _filled(self, name: str) -> pa.Array:
        """The values of a field; nulls where the sheet lacks it."""
        return self._columns.get(name, pa.nulls(self.count, _TEXT))

    def _identified(self) -> pa.Array:
        """Household numbers or, where rows have none, the identity number that finds it."""
        return pc.coalesce(self._filled("household_id"), *self._finders())

    def _finders(self) -> list[pa.Array]:
        return [self._filled(name) for name in self.plan.layout.household_by]

    def _fill_from_identities(self) -> None:
        """Refuse who is not born yet; fill and compare what the number says of its person."""
        position = self.plan.position("identity_number")
        if position is None:
            return
        numbers = self._columns["identity_number"]
        told = identity_numbers.derived(numbers, self._raw[position])
        if self.plan.data_date is not None:
            late = told.days > np.datetime64(self.plan.data_date, "D").astype(int)
            self._refuse(told.rows[late], "future_birth", "identity_number")
        for name, derived in told.columns.items():
            given = self._columns.get(name)
            if given is None:
                self._columns[name] = derived
                continue
            compared, differs = identity_numbers.differing(given, derived)
            self.differing[name] = {"compared": compared, "differs": differs}
            if given.null_count:
                self._columns[name] = pc.coalesce(
                    arrow_columns.plain(given), arrow_columns.plain(derived)
                )

    # Places

    def _resolve(self) -> None:
        """Fill village_code or region_code with today's code."""
        divisions = self.plan.divisions
        county = self._place("county")
        if county is not None:
            here = arrow_columns.over(
                lambda name: not name or divisions.is_county(name), pa.bool_(), county
            )
            self._refuse(pc.invert(here), "other_county", "county")
        township, village = self._place("township"), self._place("village")
        at_any_level = self.plan.table.region == "region_code"
        if at_any_level and township is None:
            own = self._repeated(divisions.county_code) if county is not None else self._regions()
            self._columns["region_code"] = own
            return
        if village is None and not at_any_level:
            self._columns["village_code"] = pa.nulls(self.count, _TEXT)
            return
        village = self._repeated("") if village is None else village
        found = places.villages(township, village, divisions, any_level=at_any_level)
        self._columns["region_code" if at_any_level else "village_code"] = found.codes()
        for reason in sorted({each.reason for each in found.found if each.reason}):
            name = "township" if reason.endswith("township") else "village"
            self._refuse(found.rows(reason=reason), reason, name)
        for reason in sorted({each.mended for each in found.found if each.mended}):
            rows = found.rows(mended=reason)
            before = mask_column(found.written(rows))
            self._mend(rows, reason, "village", found.taken(rows, divisions), before)
        if (groups := found.groups_of_rows()) is not None:
            self._keep_groups(found, groups)
        self._count_editions(found)

    def _keep_groups(self, found: places.Places, groups: pa.Array) -> None:
        """Groups that stood behind villages: kept where the table has room, else listed."""
        lost = pc.is_valid(groups)
        if "village_group" in self.plan.table.arrow.names:
            given = self._filled("village_group")
            self._columns["village_group"] = kept = pc.coalesce(given, groups)
            lost = pc.and_(lost, pc.not_equal(kept, groups))
        rows = arrow_columns.rows_of(lost)
        before = mask_column(found.written(rows))
        self._mend(
            rows, "group_in_village", "village", found.taken(rows, self.plan.divisions), before
        )

    def _place(self, level: str) -> pa.Array | None:
        """Names of a level of the place: a column's, or from what stands over the rows."""
        position = self.plan.position(level)
        if position is not None:
            return self._raw[position]
        source = self.plan.layout.place_from.get(level)
        if source is None:
            return None
        named = partial(place_in, level=level, divisions=self.plan.divisions)
        return arrow_columns.over(named, _TEXT, self._over(source))

    def _count_editions(self, found: places.Places) -> None:
        editions = np.array([(each.edition or 0) * each.old for each in found.found], np.int32)
        counts = np.bincount(editions[found.at[self._alive]])
        self.editions.update({int(e): int(counts[e]) for e in np.flatnonzero(counts) if e})

    def _regions(self) -> pa.Array:
        """Codes of the places that a notice names; the empty text in another county's notice."""
        divisions = self.plan.divisions
        title = short_county(divisions.county_name)
        here = arrow_columns.over(lambda name: title in name, pa.bool_(), self._titles())
        county = divisions.county_code
        named = self._filled("place").fill_null("")
        codes = arrow_columns.over(lambda name: divisions.place(name).code or county, _TEXT, named)
        own = self.plan.match.title or self.plan.match.context is not None
        return pc.if_else(here, codes, "") if own else self._repeated("")

    # The rows that are taken

    def _refuse_missing(self) -> None:
        """Quarantine rows without a value that the schema or the key needs."""
        for name in self.plan.needed:
            if name == self.plan.layout.number_rows:
                continue
            shown = "village" if name == "village_code" else name
            self._refuse_null(self._filled(name), shown)
        if self.plan.layout.household_by:
            self._refuse_null(self._identified(), self.plan.layout.household_by[0])

    def _refuse_null(self, cells: pa.Array, name: str) -> None:
        """Quarantine rows without a value; the reason says so where it may stand further up."""
        missing = arrow_columns.rows_of(pc.is_null(cells))
        position = self.plan.position(name)
        if position is not None and not self.plan.match.at[position].fill_down:
            blank = kernels.cells(self._raw[position]).lengths == 0
            if blank.sum() > 1 and blank.mean() >= _BLANK and not blank[0]:
                self._refuse(missing[blank[missing]], "blank_below", name)
        self._refuse(missing, "missing", name)

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
        found["source_file"] = arrow_columns.repeated(self.plan.account.file, self.count)
        found["source_row"] = pa.array(self.lines)
        if self._origin:
            found["source_file"], found["_origin_sheet"], found["source_row"] = self._origin
            found["_line"] = pa.array(self.lines)
        if self.plan.layout.household_by:
            nameless = pc.is_null(self._filled("household_id"))
            for order, numbers in enumerate(self._finders()):
                found[f"_by_{order}"] = pc.if_else(nameless, numbers, None)
        found |= {f"_check_{name}": cells for name, cells in self._checked.items()}
        found["_sheet"] = pa.repeat(pa.scalar(self.plan.index, pa.int32()), self.count)
        found["_mends"] = pa.array(self._mends)
        table = pa.table(found)
        return table if self._alive.all() else table.filter(pa.array(self._alive))


def _township_code(name: str, divisions: Divisions) -> str | None:
    return divisions.township(name).code if name else None
