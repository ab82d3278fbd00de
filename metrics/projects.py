"""Projects one by one: the list behind a count of projects, or behind their funds.

A project belongs to its own year, so that those of any year can be listed.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from metrics.registry import Indicator
from store.reader import Reader

RELATION = "project_fact"
_LISTED = """
SELECT f.project_id, f.village_code, p.name AS project, f.category, p.content, p.unit_in_charge,
  f.planned_yuan, f.paid_yuan, f.planned_yuan - f.paid_yuan AS unpaid_yuan,
  CASE WHEN f.planned_yuan > 0 THEN 100.0 * f.paid_yuan / f.planned_yuan END AS paid_percent,
  f.state, p.started_on, p.accepted_on, f.beneficiary_households
FROM (
  SELECT * FROM {{project_fact}}
  WHERE year = $year AND village_code LIKE $region AND ({condition})
) AS f
JOIN {{project}} AS p ON p.project_id = f.project_id
"""


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects of a place and year, those that an indicator of projects counts; or all."""

    region: str
    year: int
    indicator: Indicator | None = None

    def count(self, reader: Reader) -> int:
        """How many there are."""
        row = reader.one(f"SELECT COUNT(*) AS n FROM ({self._sql()}) AS s", **self._given())
        return int(row["n"]) if row else 0

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, or all: those with most of their funds not yet paid first.

        Columns: those of the query above, amounts in yuan.
        """
        order = Order.by("-unpaid_yuan", "village_code", "project_id")
        return paging.rows(reader, self._sql(), order, offset, limit, self._given())

    def _sql(self) -> str:
        counted = self.indicator is not None and self.indicator.numerator.relation == RELATION
        condition = self.indicator.numerator.condition if counted and self.indicator else "TRUE"
        return _LISTED.format(condition=condition)

    def _given(self) -> dict[str, object]:
        return {"year": self.year, "region": f"{self.region}%"}
