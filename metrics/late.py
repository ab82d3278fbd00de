"""What is late, by place: overdue entries of ledgers, overdue steps of cases, and how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from metrics.monitoring import Cases
from store.reader import Reader

_ENTRIES = """
SELECT SUBSTRING(e.village_code, 1, $digits) AS place, COUNT(*) AS n,
  MAX(date_diff('day', COALESCE(r.due_on_until, r.due_on), $day)) AS days
FROM {ledger_fact} AS e
JOIN {ledger_entry} AS r ON r.entry_id = e.entry_id
WHERE e.ledger_state = 'overdue' AND e.village_code LIKE $region
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Late:
    """Overdue entries and cases of a place, and the most days that one is late (0: none)."""

    place: str
    entries: int = 0
    cases: int = 0
    entry_days: int = 0
    case_days: int = 0

    @property
    def days(self) -> int:
        """The most days that anything is late."""
        return max(self.entry_days, self.case_days)


def late(
    reader: Reader, cases: Cases, region: str, places: Iterable[str], day: date
) -> dict[str, Late]:
    """What is late in each of some places of a region, codes of one length; those without too."""
    codes = list(places)
    digits = len(codes[0]) if codes else len(region)
    rows = reader.rows(_ENTRIES, region=f"{region}%", digits=digits, day=day)
    entries = {row["place"]: (row["n"], row["days"]) for row in rows}
    steps = cases.longest_late(digits)
    found = {}
    for code in codes:
        count, days = entries.get(code, (0, 0))
        late_cases, case_days = steps.get(code, (0, 0))
        found[code] = Late(code, count, late_cases, days, case_days)
    return found


def ranked(found: Iterable[Late]) -> list[Late]:
    """Those with anything late, the most entries first; of equals the most cases, the most days."""
    late = (one for one in found if one.entries or one.cases)
    return sorted(late, key=lambda one: (-one.entries, -one.cases, -one.days))


def together(found: Iterable[Late], place: str) -> Late:
    """Several places as one."""
    every = list(found)
    return Late(
        place,
        sum(one.entries for one in every),
        sum(one.cases for one in every),
        max((one.entry_days for one in every), default=0),
        max((one.case_days for one in every), default=0),
    )
