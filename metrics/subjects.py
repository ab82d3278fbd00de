"""Lists behind counts of entries and of people: one row an entry or a person, under the one filter.

Households are listed by ``metrics.lists``, projects by ``metrics.projects``. Entries of the ledgers
and the roster of members are those of the data date, so that they are listed in its year only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from metrics import paging, projects
from metrics.filters import FINDINGS, HouseholdFilter
from metrics.paging import Order
from metrics.registry import Indicator
from store.reader import Reader

HOUSEHOLD, ENTRY, MEMBER, PROJECT = "household", "entry", "member", "project"
SUBJECTS = (HOUSEHOLD, ENTRY, MEMBER, PROJECT)
_OF_RELATION = {"ledger_fact": ENTRY, projects.RELATION: PROJECT}

_ENTRIES = """
SELECT e.entry_id, e.household_id, e.village_code, f.head_name, e.group_key, e.ledger_state,
  r.reason, r.measure, r.responsible, r.opened_on, r.opened_on_until, r.due_on, r.due_on_until,
  r.closed_on,
  CASE WHEN e.ledger_state = 'overdue'
    THEN date_diff('day', COALESCE(r.due_on_until, r.due_on), $day) END AS days_late
FROM (SELECT * FROM {{ledger_fact}} AS e WHERE {subjects}) AS e
JOIN {{ledger_entry}} AS r ON r.entry_id = e.entry_id
{join} JOIN (SELECT * FROM {{household_fact}} AS f WHERE {households}) AS f
  ON f.household_id = e.household_id AND f.year = e.year
"""
_MEMBERS = """
SELECT m.member_id, m.household_id, m.village_code, p.name, p.relation, m.age, m.health, m.labour,
  p.work_months, f.poverty_state, f.monitor_kind, f.per_capita_net_income_yuan
FROM {{member_fact}} AS m
JOIN {{member}} AS p ON p.member_id = m.member_id
{join} JOIN (SELECT * FROM {{household_fact}} AS f WHERE {households}) AS f
  ON f.household_id = m.household_id AND f.year = m.year
WHERE {subjects}
"""
# What hurts comes first.
_ORDER = {
    ENTRY: Order.by("-days_late", "due_on", "village_code", "entry_id"),
    MEMBER: Order.by("per_capita_net_income_yuan", "village_code", "household_id", "member_id"),
}


def subject_of(indicator: Indicator) -> str | None:
    """What an indicator's number counts, one row each in its list; None for no list at all."""
    own = _OF_RELATION.get(indicator.numerator.relation)
    if own == PROJECT or not indicator.opens:
        return own if own == PROJECT else None
    # Who was counted otherwise than as living there (as relocated then) is not known by name.
    living = indicator.unit == "people" and indicator.numerator.value == "member_count"
    return own or (MEMBER if living else HOUSEHOLD)


@dataclass(frozen=True, slots=True)
class Subjects:
    """The entries or the people that a filter of households is about, as a query.

    ``day`` is the data date, from which days overdue are counted.
    """

    kind: str
    wanted: HouseholdFilter
    day: date

    def count(self, reader: Reader) -> tuple[int, int]:
        """Entries or people, and the households that they are of."""
        sql, given = self._query()
        row = reader.one(
            f"SELECT COUNT(*) AS n, COUNT(DISTINCT household_id) AS households FROM ({sql}) AS s",
            **given,
        )
        assert row is not None
        return int(row["n"]), int(row["households"])

    def rows(self, reader: Reader, offset: int = 0, limit: int | None = None) -> pa.Table:
        """A page of them, or all: entries the longest overdue first, people the poorest first.

        Columns: those of the queries above, personal ones masked.
        """
        sql, given = self._query()
        return paging.rows(reader, sql, _ORDER[self.kind], offset, limit, given)

    def _query(self) -> tuple[str, Mapping[str, Any]]:
        conditions = self._entries() if self.kind == ENTRY else self._members()
        condition, given = self._households()
        sql = _ENTRIES if self.kind == ENTRY else _MEMBERS
        # A condition on households stands beside their columns alone: many names are others' too.
        text = sql.format(
            subjects=" AND ".join(f"({one})" for one in conditions) or "TRUE",
            households=condition or "TRUE",
            join="" if condition else "LEFT",
        )
        return text, {**given, "day": self.day}

    def _households(self) -> tuple[str, dict[str, object]]:
        """The filter's condition on the household. What is asked of the entry itself is left out,
        and entries whose household is in no register stay while nothing is asked of it."""
        if self.kind != ENTRY:
            return self.wanted.condition()
        plain = replace(self.wanted, state=None, ledger=None, indicator=self._other_indicator())
        region = {"region": f"{plain.region}%", "year": plain.year}
        if plain == HouseholdFilter(plain.region, plain.year):
            return "", region
        return plain.condition()

    def _other_indicator(self) -> Any:
        indicator = self.wanted.indicator
        own = indicator is not None and indicator.numerator.relation == "ledger_fact"
        return None if own else indicator

    def _entries(self) -> list[str]:
        wanted, indicator = self.wanted, self.wanted.indicator
        found = ["e.year = $year", "e.village_code LIKE $region"]
        if indicator is not None and self._other_indicator() is None:
            found.append(indicator.numerator.condition)
        if wanted.state in FINDINGS:
            raise ValueError(f"no entry is {wanted.state}")
        if wanted.state is not None:
            found.append(f"e.ledger_state = '{wanted.state}'")
        which = wanted.which_ledger
        return [*found, f"e.group_key = '{which.key}'"] if which else found

    def _members(self) -> list[str]:
        select = self.wanted.select
        person = select.person if select is not None else None
        return [person] if person else []
