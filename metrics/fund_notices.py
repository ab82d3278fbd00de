"""资金安排表: notices of funds as they were published, this county's own and those of other places.

A notice is told apart by its title. One whose title does not name the county is another place's: it
is held to compare with, and is no money of the county. No number of ``fund_fact`` holds any of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pyarrow as pa

from store.reader import Reader

_CODE = 12  # hexadecimal digits of a notice's code: addresses hold codes, not titles


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: its lines and what they come to, how many of them say more in brackets or beside,
    and the total lines of its file, of which ``differing`` say something else than their lines.

    ``own`` says that its title names the county. Totals are None where they are not the viewer's to
    see, and where a file holds several notices, so that it is not known whose they are.
    """

    title: str
    own: bool
    lines: int
    yuan: Decimal
    noted: int
    source_file: str
    totals: int | None = None
    differing: int = 0

    @property
    def code(self) -> str:
        return hashlib.sha256(self.title.encode()).hexdigest()[:_CODE]


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices that a viewer may see in a place: its own, and those of elsewhere."""

    region: str

    def found(self, reader: Reader) -> list[Notice]:
        """Own ones first, then by title."""
        rows = reader.rows(
            "SELECT n.notice AS title, MAX(n.region_code) <> '' AS own, COUNT(*) AS lines, "
            "COALESCE(SUM(n.amount_yuan), 0) AS yuan, COUNT(n.note) AS noted, "
            "MIN(n.source_file) AS source_file FROM {fund_item} AS n "
            f"WHERE {_IN_PLACE} GROUP BY n.notice ORDER BY own DESC, title",
            region=f"{self.region}%",
        )
        told, files = self._totals(reader), Counter(row["source_file"] for row in rows)
        found = []
        for notice in (Notice(**row) for row in rows):
            if told is None or files[notice.source_file] > 1:
                found.append(notice)
                continue
            totals, differing = told.get(notice.source_file, (0, 0))
            found.append(replace(notice, totals=totals, differing=differing))
        return found

    def _totals(self, reader: Reader) -> dict[str, tuple[int, int]] | None:
        """Total lines by file; None where none of any file is the viewer's to see."""
        if reader.one("SELECT t.file FROM {declared_total} AS t LIMIT 1") is None:
            return None
        rows = reader.rows(
            "SELECT t.file, COUNT(*) AS totals, "
            "COUNT(*) FILTER (WHERE t.declared IS NULL OR ABS(t.declared - t.added) >= 0.005) "
            "AS differing "
            "FROM {declared_total} AS t "
            "WHERE t.file IN (SELECT n.source_file FROM {fund_item} AS n) "
            "GROUP BY t.file ORDER BY t.file"
        )
        return {row["file"]: (row["totals"], row["differing"]) for row in rows}


def counted(found: Sequence[Notice]) -> tuple[int, int]:
    """How many notices are the county's own, and how many are of elsewhere."""
    own = sum(one.own for one in found)
    return own, len(found) - own


def totals(reader: Reader, notice: Notice) -> list[dict[str, Any]]:
    """The total lines of a notice's file: ``row``, ``header``, ``declared`` and ``added``."""
    if not notice.totals:
        return []
    return reader.rows(
        "SELECT t.row, t.header, CAST(t.declared AS DECIMAL(18, 2)) AS declared, "
        "CAST(t.added AS DECIMAL(18, 2)) AS added FROM {declared_total} AS t "
        "WHERE t.file = $file ORDER BY t.row, t.header",
        file=notice.source_file,
    )


def named(found: Sequence[Notice], code: str | None) -> Notice | None:
    """The notice of a code; None for any other or none."""
    return next((one for one in found if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Items:
    """The lines of one notice in a place."""

    title: str
    region: str

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them in the order of the notice; the columns of ``fund_item``."""
        page = "" if limit is None else " LIMIT $most OFFSET $offset"
        more: dict[str, Any] = {} if limit is None else {"most": limit, "offset": offset}
        return reader.arrow(
            f"SELECT n.* FROM {{fund_item}} AS n WHERE n.notice = $title AND {_IN_PLACE} "
            f"ORDER BY n.sequence{page}",
            title=self.title,
            region=f"{self.region}%",
            **more,
        )


_IN_PLACE = "(n.region_code LIKE $region OR n.region_code = '')"
