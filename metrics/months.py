"""The twelve months before a data date, told by the dates of entries and cases themselves.

A snapshot has its numbers of one day. What was overdue or monitored at the end of an earlier month
follows from when each entry was due and closed and each case found, decided and released, as far as
they still stand in the snapshot; whether a closed entry's household still meets its group's rule is
known for the data date only, and is taken as it is then. The last month is the data date itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from metrics.shares import percent, total
from store.reader import Reader

MONTHS = 12

_DAYS = "(SELECT UNNEST($days) AS day)"
_ENTRIES = f"""
SELECT d.day, SUBSTRING(e.village_code, 1, $digits) AS place,
  COUNT(*) FILTER (WHERE COALESCE(r.due_on_until, r.due_on) < d.day
    AND COALESCE(e.closed_on > d.day, TRUE)) AS ledger_overdue,
  COUNT(*) FILTER (WHERE e.closed_on <= d.day AND e.stands) AS ledger_closed_standing,
  COUNT(*) FILTER (WHERE e.closed_on <= d.day AND e.stands IS NOT TRUE) AS closed,
  COUNT(*) FILTER (WHERE COALESCE(e.opened_on <= d.day, TRUE)) AS entries
FROM {{ledger_fact}} AS e
JOIN {{ledger_entry}} AS r ON r.entry_id = e.entry_id
CROSS JOIN {_DAYS} AS d
WHERE e.village_code LIKE $region
GROUP BY ALL
"""
_CASES = f"""
SELECT d.day, SUBSTRING(c.village_code, 1, $digits) AS place,
  COUNT(*) FILTER (WHERE c.identified_on <= d.day) AS monitored_households,
  COUNT(*) FILTER (WHERE CASE
    WHEN c.identified_on <= d.day THEN COALESCE(c.measures_on > d.day, TRUE)
      AND date_diff('day', c.identified_on_last, d.day) > c.monitor_measures_days
    ELSE date_diff('day', c.clue_on_last, d.day) > c.monitor_decision_days
  END) AS step_overdue_households
FROM {{monitored_fact}} AS c
CROSS JOIN {_DAYS} AS d
WHERE c.village_code LIKE $region AND (NOT c.cleared OR c.cleared_on > d.day)
GROUP BY ALL
"""
# Indicators that the months can tell, and the relation whose dates tell them.
BY_MONTH = {
    "ledger_overdue": "ledger_entry",
    "ledger_closed_share": "ledger_entry",
    "ledger_closed_standing": "ledger_entry",
    "monitored_households": "monitored_household",
    "step_overdue_households": "monitored_household",
}


def month_ends(day: date) -> list[date]:
    """A day and the ends of the twelve months before its own, the earliest first."""
    found, first = [day], day.replace(day=1)
    for _ in range(MONTHS):
        end = first - timedelta(days=1)
        found.append(end)
        first = end.replace(day=1)
    return found[::-1]


class Months:
    """Numbers of a place and of those below it at the ends of months up to the data date.

    ``digits`` of a village's code name the places below. ``loaded`` are the snapshot's rows by
    table: one without any tells nothing.
    """

    def __init__(
        self, reader: Reader, region: str, day: date, loaded: Mapping[str, int], digits: int
    ):
        self.days = month_ends(day)
        self._loaded = loaded
        self._found: dict[tuple[str, date], dict[str, int]] = {}
        given = {"days": self.days, "region": f"{region}%", "digits": digits}
        for sql in (_ENTRIES, _CASES):
            for row in reader.rows(sql, **given):
                self._found.setdefault((row.pop("place"), row.pop("day")), {}).update(row)

    def series(self, key: str, place: str) -> list[float | None]:
        """An indicator at each of ``days``, the earliest first; None where it cannot be told, as
        before there was a ledger, and no number at all for an indicator that no dates tell.
        ``place`` may hold several places."""
        if not self._loaded.get(BY_MONTH.get(key, ""), 0):
            return []
        if BY_MONTH[key] == "ledger_entry":
            begun = [day for day in self.days if self._amounts("", day).get("entries")]
        else:
            begun = self.days
        return [
            self._value(key, self._amounts(place, day)) if day in begun else None
            for day in self.days
        ]

    def _amounts(self, place: str, day: date) -> dict[str, int]:
        within = (
            amounts
            for (code, at), amounts in self._found.items()
            if at == day and code.startswith(place)
        )
        return total(within)

    @staticmethod
    def _value(key: str, found: Mapping[str, int]) -> float | None:
        if key == "ledger_closed_share":
            return percent(found.get("closed", 0), found.get("entries", 0))
        return float(found.get(key, 0))
