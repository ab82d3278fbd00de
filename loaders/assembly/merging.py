"""What becomes of the rows of the snapshot before: kept, replaced, changed, waiting or gone.

``fate_<table>`` has the place (``ROW``) and fate of every row that is not kept as it stands:

    replaced   a file has a row with its key
    absent     a file that was taken for the whole lacks it
    doubled    its household goes under a number now under which the row stands already
    waiting    its household is no longer in the register, and no file took the row away
    changed    it comes again among the staged rows, in another village or under another number
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa

from loaders.assembly.arrivals import Answers, Arrival, absent
from loaders.assembly.carry_over import Base
from loaders.assembly.staging import CARRIED, REGISTER, Staging, carried
from loaders.assembly.waiting import Waiting
from store import schema
from store.tables import ROW


class Merging:
    """Settles table by table what is kept, the register first.

    ``households`` (a table, or a view where there is no snapshot before) then has the deciding
    columns of every household that the register has after the import.
    """

    def __init__(
        self,
        staging: Staging,
        base: Base,
        data_date: datetime.date,
        amending: Collection[int],
        answers: Answers,
    ):
        self.staging, self.base, self.waiting = staging, base, Waiting(staging)
        self.data_date, self.amending, self.answers = data_date, amending, answers
        self.arrivals: dict[str, Arrival] = {}
        self.rewritten: set[str] = set()  # tables of which the file before does not stand as it is
        self._waited = set(self.waiting.tables()) if base.snapshot else set()
        self._stirred: set[str] | None = None  # of these, what may wait no longer
        self._unsettled = False  # some household is gone, has moved or goes under another number

    @property
    def questions(self) -> list[dict[str, Any]]:
        return [question for arrival in self.arrivals.values() for question in arrival.questions]

    def settle_register(self) -> None:
        """Settle the register, once its staged rows are merged, and make ``households``."""
        run = self.staging.sql
        columns = ", ".join(self.staging.deciding[REGISTER])
        spread = [each.table for each in self.staging.unpivots.values()]
        if self.base.snapshot is None:
            run.execute(f"CREATE VIEW households AS SELECT {columns} FROM keys_household")
            for name in (REGISTER, *spread):
                self._no_fates(name)
            return
        self.arrive(REGISTER)
        self._settle_rows(REGISTER)
        self._drop_doubled(REGISTER)
        run.execute(
            f"""CREATE TABLE households AS SELECT {columns} FROM keys_household
            UNION ALL SELECT {columns} FROM base_household
            WHERE {ROW} NOT IN (SELECT {ROW} FROM fate_household)"""
        )
        self._stage_renamed(REGISTER)
        if self._has_fates(REGISTER):
            self.rewritten.add(REGISTER)
        ((self._unsettled,),) = run.execute(
            """SELECT count(*) > 0 FROM base_household AS b
            LEFT JOIN households AS h USING (household_id)
            WHERE h.household_id IS NULL OR h.village_code <> b.village_code OR b._renamed"""
        ).fetchall()
        self._unsettled |= self._renamed("member")

    def arrive(self, name: str) -> None:
        """Take the files of a table for the whole or a part, and note what they left out."""
        if self.base.snapshot is None:
            return
        if self.staging.mentions(name):
            table = schema.BY_NAME[name]
            self.arrivals[name] = absent(self.staging.sql, table, self.amending, self.answers)
        else:
            self.staging.sql.execute(f"CREATE TABLE absent_{name} ({ROW} BIGINT)")

    def settle(self, name: str, told: pa.Table) -> None:
        """Settle another table; ``told`` are the lines (file, sheet, row) that are amended."""
        if self.base.snapshot is None:
            self._no_fates(name)
            return
        about_households = "household_id" in self.staging.deciding[name]
        if self.staging.numbers(name) or self.staging.mentions(name):
            self._settle_rows(name)
        else:
            self._no_fates(name)
        if about_households and self._unsettled:
            self._settle_orphans(name)
            self._stage_renamed(name)
        if name in self._waited:
            if self._stirred is None:
                self._stirred = self.waiting.stirred(told)
            if name in self._stirred or self.staging.mentions(name):
                rows = self.waiting.settle(name, told)
                if rows is not None:
                    self._stage(name, rows)
            else:
                self.waiting.keep(name)
        if self._has_fates(name):
            self.rewritten.add(name)

    def finish(self) -> None:
        """Settle what only shows when all tables are: kinds of cases, columns made into rows."""
        if self.base.snapshot is None:
            return
        self._take_kinds()
        spreads = ", ".join(map(str, sorted(self.staging.spreads))) or "NULL"
        for unpivot in self.staging.unpivots.values():
            # Made of the register's columns: they go with its row, unless a file that replaces it
            # has no such columns.
            self.staging.sql.execute(
                f"""CREATE TABLE fate_{unpivot.table} AS SELECT s.{ROW}, 'replaced' AS fate
                FROM stored_{unpivot.table} AS s SEMI JOIN (
                    SELECT h.household_id FROM stored_household AS h
                    JOIN fate_household AS f USING ({ROW})
                    LEFT JOIN keys_household AS k USING (household_id)
                    WHERE f.fate <> 'replaced' OR k.sheet IN ({spreads})) USING (household_id)"""
            )

    def _take_kinds(self) -> None:
        """Households that no file has again take the kind of a case that a file has of them."""
        run = self.staging.sql
        run.execute(
            f"""CREATE OR REPLACE TEMP TABLE moved AS
            SELECT b.* EXCLUDE (_renamed) REPLACE (k.monitor_kind AS monitor_kind)
            FROM base_household AS b JOIN keys_monitored_household AS k USING (household_id)
            WHERE k.sheet <> {CARRIED} AND b.monitor_kind IS DISTINCT FROM k.monitor_kind
                AND b.{ROW} NOT IN (SELECT {ROW} FROM fate_household)"""
        )
        self._stage_moved(REGISTER)

    def kept_before(self, name: str) -> int:
        """How many rows of the snapshot before stand as they are."""
        return self.base.rows.get(name, 0) - self._fates(name)

    def fated(self, name: str, fates: Collection[str] = ()) -> str:
        """SQL: places of rows of the snapshot before of some fates, or any; empty for no row."""
        if not self._has_fates(name):
            return ""
        listed = ", ".join(f"'{fate}'" for fate in fates)
        where = f" WHERE fate IN ({listed})" if fates else ""
        return f"SELECT {ROW} FROM fate_{name}{where}"

    def fates(self, name: str) -> np.ndarray:
        """Places of the rows of the snapshot before that do not stand as they are, ascending."""
        query = f"SELECT {ROW} FROM fate_{name} ORDER BY 1"
        rows: np.ndarray = self.staging.sql.cursor().sql(query).to_arrow_table()[ROW].to_numpy()
        return rows

    # How it is settled

    def _no_fates(self, name: str) -> None:
        self.staging.sql.execute(f"CREATE TABLE fate_{name} ({ROW} BIGINT, fate VARCHAR)")

    def _renamed(self, subject: str) -> bool:
        query = f"SELECT 1 FROM renumbered_{subject} LIMIT 1"
        return bool(self.staging.sql.execute(query).fetchall())

    def _fates(self, name: str) -> int:
        ((count,),) = self.staging.sql.execute(f"SELECT count(*) FROM fate_{name}").fetchall()
        return int(count)

    def _has_fates(self, name: str) -> bool:
        return self._fates(name) > 0

    def _settle_rows(self, name: str) -> None:
        """Which rows the files replace, and which they take away."""
        run, key = self.staging.sql, ", ".join(schema.BY_NAME[name].key)
        run.execute(
            f"""CREATE TABLE fate_{name} AS SELECT b.{ROW}, 'replaced' AS fate
            FROM base_{name} AS b SEMI JOIN keys_{name} USING ({key})"""
        )
        run.execute(
            f"""INSERT INTO fate_{name} SELECT {ROW}, 'absent' FROM absent_{name}
            ANTI JOIN fate_{name} USING ({ROW})"""
        )

    def _settle_orphans(self, name: str) -> None:
        """Rows whose household is gone wait for it."""
        self._drop_doubled(name)
        orphans = f"""SELECT {ROW} FROM {self._rest(name)}
            WHERE household_id NOT IN (SELECT household_id FROM households)"""
        self.waiting.add_stored(name, orphans)
        self.staging.sql.execute(
            f"INSERT INTO fate_{name} SELECT {ROW}, 'waiting' FROM ({orphans})"
        )

    def _drop_doubled(self, name: str) -> None:
        """Of rows that a new number has put under one key, the one that was there first stays."""
        if self._renamed("household") or self._renamed("member"):
            key = ", ".join(schema.BY_NAME[name].key)
            self.staging.sql.execute(
                f"""INSERT INTO fate_{name} SELECT {ROW}, 'doubled' FROM {self._rest(name)}
                QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _renamed, {ROW}) > 1"""
            )

    def _rest(self, name: str) -> str:
        """SQL: the rows of the snapshot before that have no fate yet."""
        return f"(FROM base_{name} WHERE {ROW} NOT IN (SELECT {ROW} FROM fate_{name}))"

    def _stage_renamed(self, name: str) -> None:
        """Stage anew the rows whose village or number is another now."""
        run = self.staging.sql
        village = self.past_village(name, "b", "h")
        run.execute(
            f"""CREATE OR REPLACE TEMP TABLE moved AS
            SELECT b.* EXCLUDE (_renamed) REPLACE ({village} AS village_code)
            FROM base_{name} AS b JOIN households AS h USING (household_id)
            WHERE b.{ROW} NOT IN (SELECT {ROW} FROM fate_{name})
                AND (b._renamed OR b.village_code <> {village})"""
        )
        self._stage_moved(name)

    def _stage_moved(self, name: str) -> None:
        """Stage the rows of ``moved`` in place of the stored ones."""
        run = self.staging.sql
        run.execute(f"INSERT INTO fate_{name} SELECT {ROW}, 'changed' FROM moved")
        rows = run.sql(f"SELECT * EXCLUDE ({ROW}) FROM moved ORDER BY {ROW}").to_arrow_table()
        if not rows.num_rows:
            return
        part = self._stage(name, rows.cast(schema.BY_NAME[name].arrow))
        if unpivot := self.staging.unpivots.get(name):
            spread = run.sql(
                f"""SELECT m._row, s.{unpivot.field}, s.{unpivot.value}
                FROM (SELECT {ROW}, row_number() OVER (ORDER BY {ROW}) - 1 AS _row FROM moved) AS m
                JOIN stored_{name} AS h USING ({ROW})
                JOIN stored_{unpivot.table} AS s USING (household_id) ORDER BY ALL"""
            ).to_arrow_table()
            if spread.num_rows:
                self.staging.add_spread(part, spread)

    def past_village(self, name: str, row: str, household: str) -> str:
        """SQL: the village of a stored row: its household's, but its own for a year gone by."""
        village = f"{household}.village_code"
        if "year" not in schema.BY_NAME[name].key:
            return village
        past = f"{row}.year < {self.data_date.year}"
        return f"if({past}, coalesce({row}.village_code, {village}), {village})"

    def _stage(self, name: str, rows: pa.Table) -> int:
        """Stage rows that are no file's of this import, and place them; gives their part."""
        run = self.staging.sql
        first = len(self.staging.parts)
        self.staging.add(name, carried(rows))
        self.staging.index(name)
        if name != REGISTER:
            village = self.past_village(name, "k", "h")
            run.execute(
                f"""INSERT INTO placed_{name}
                SELECT k.part, k.pos, k.sheet, FALSE AS moved, {village} AS village_code
                FROM keys_{name} AS k LEFT JOIN households AS h USING (household_id)
                WHERE k.part >= {first}"""
            )
        self.rewritten.add(name)
        return first
