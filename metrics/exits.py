"""Exits from poverty reconciled: by the change records, by the last exit, and who lives there now.

Three numbers are called people out of poverty. A record counts each exit, also of those who fell
back; the register keeps a household's last exit only; and the people of exited households change
with births, deaths and moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.reader import Reader

_RECORDED = """
SELECT YEAR(e.changed_on) AS year, SUM(e.people) AS gross,
  SUM(CASE WHEN h.exit_year IS DISTINCT FROM YEAR(e.changed_on) THEN e.people ELSE 0 END) AS again
FROM {change_event} AS e
LEFT JOIN {household} AS h ON h.household_id = e.household_id
WHERE e.change_kind = 'exited' AND e.village_code LIKE $region
GROUP BY 1
"""
_REGISTER = """
SELECT year,
  COALESCE(SUM(CASE WHEN exit_year = year THEN member_count END), 0) AS last_exit,
  COALESCE(SUM(CASE WHEN NOT poor THEN member_count END), 0) AS stock
FROM {household_fact}
WHERE registered AND village_code LIKE $region
GROUP BY year
"""


@dataclass(frozen=True, slots=True)
class Exits:
    """People of a year. ``gross``: exits by the change records (None: none were ever loaded);
    ``again``: those of them whose last exit was in another year, since they fell back;
    ``last_exit``: by the register, those whose last exit it was; ``stock``: people living at the
    year's end in households that had exited.
    """

    year: int
    gross: int | None
    again: int | None
    last_exit: int
    stock: int

    @property
    def rest(self) -> int | None:
        """What the records and the register do not explain of each other."""
        if self.gross is None or self.again is None:
            return None
        return self.gross - self.again - self.last_exit


@dataclass(frozen=True, slots=True)
class Reconciled:
    """People of several years together, as ``Exits``; None where no records were ever loaded."""

    gross: int | None
    again: int | None
    last_exit: int
    rest: int | None


def reconciled(found: Sequence[Exits]) -> Reconciled:
    """All years of ``by_year`` together."""

    def over(name: str) -> int | None:
        values = [getattr(one, name) for one in found]
        return None if None in values else sum(values)

    return Reconciled(
        over("gross"), over("again"), sum(one.last_exit for one in found), over("rest")
    )


def by_year(reader: Reader, region: str) -> list[Exits]:
    """The years in which anybody exited, by record or register, oldest first."""
    given = {"region": f"{region}%"}
    loaded = reader.one("SELECT COUNT(*) > 0 AS any FROM {change_event}")
    recorded = {row["year"]: row for row in reader.rows(_RECORDED, **given)}
    known = bool(loaded and loaded["any"])
    found = []
    for row in reader.rows(f"{_REGISTER} ORDER BY year", **given):
        records = recorded.get(row["year"], {"gross": 0, "again": 0})
        one = Exits(
            row["year"],
            int(records["gross"] or 0) if known else None,
            int(records["again"] or 0) if known else None,
            int(row["last_exit"]),
            int(row["stock"]),
        )
        if one.gross or one.last_exit:
            found.append(one)
    return found
