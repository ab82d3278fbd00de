"""台历: what was due to households month by month, what came, and who waits, in twelve months.

All is known as of the data date only, so these are answers for its year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from metrics.shares import percent
from rules.registry import asked_of, rules, systems
from rules.tally import Tally, tally
from store.amended import literal
from store.reader import Reader

# Kinds of money in the order of their code list.
KINDS = (
    *("pv_yield", "home_income", "minimum_allowance", "extreme_poverty", "disability_living"),
    *("disability_care", "pension", "post_wage", "workshop_wage", "dividend", "land_rent", "other"),
)
PAYMENTS, HOUSEHOLDS = "calendar_fact", "calendar_household_fact"
MISSED, RUNNING, WAITING = "calendar_month_missed", "calendar_missed_running", "calendar_waiting"
SHORT, LATE, WHOLE = "calendar_short", "calendar_late", "calendar_whole"
HOME_MONTH = "home_month_came"
# What a payment of a month has come to: `lacking` and `due` are several of them.
STATES = ("whole", "late", "short", "missed", "unknown", "open", "came")
_LACKING = ("short", "missed")
_DUE = ("whole", "late", "short", "missed", "unknown")
# Lists of households: those that meet a rule, and those that miss the one of the homes.
LISTS = (MISSED, RUNNING, WAITING, SHORT, LATE, HOME_MONTH)
BY_KIND, HOMES, UNTOLD = "kinds", "homes", "untold"
PARTS = (BY_KIND, HOMES, UNTOLD, *LISTS)
MONTHS = 12
_ANY = "any"
_MONTH = re.compile(r"20\d\d(0[1-9]|1[0-2])")
_HERE = "f.year = $year AND f.village_code LIKE $region"
_MOST_WAITING = Order.by("-waiting_yuan", "-longest_missed", "village_code", "household_id")

_LISTED = f"""
SELECT f.household_id, f.village_code, h.head_name, f.payments_due, f.payments_missed,
  f.payments_short, f.longest_missed, f.waiting_months, f.most_days_late, f.due_yuan, f.came_yuan,
  f.waiting_yuan, f.home_month_yuan, k.kinds
FROM {{{{{HOUSEHOLDS}}}}} AS f
JOIN {{{{household}}}} AS h ON h.household_id = f.household_id
LEFT JOIN (
  SELECT household_id, string_agg(DISTINCT payment_kind, ',' ORDER BY payment_kind) AS kinds
  FROM {{{{{PAYMENTS}}}}} WHERE state IN {{states}} GROUP BY household_id
) AS k ON k.household_id = f.household_id
WHERE {_HERE} AND {{condition}}
"""
_OF_LIST = {LATE: "('late')", SHORT: "('short')"}


@dataclass(frozen=True, slots=True)
class Summary:
    """Households with something due within twelve months, what was due and came of that whose time
    is up and of which is recorded what came, what is lacking, and payments by state."""

    households: int
    due_yuan: float
    came_yuan: float
    waiting_yuan: float
    payments: Mapping[str, int]

    @property
    def share(self) -> float | None:
        """Per cent of the money due that came; None where nothing was due."""
        return percent(self.came_yuan, self.due_yuan) if self.due_yuan else None

    @property
    def lacking(self) -> int:
        """Payments of which nothing or a part only came."""
        return sum(self.payments[key] for key in _LACKING)

    @property
    def lacking_share(self) -> float | None:
        """Those, in per cent of the payments due."""
        return percent(self.lacking, sum(self.payments[key] for key in _DUE))


def months(day: date) -> list[date]:
    """The first days of the twelve months up to a data date, the earliest first."""
    last = day.year * 12 + day.month - 1
    return [date(no // 12, no % 12 + 1, 1) for no in range(last - MONTHS + 1, last + 1)]


def month_key(month: date) -> str:
    """A month as a selection names it."""
    return f"{month:%Y%m}"


def first_visit(reader: Reader) -> date | None:
    """The month of the first visit that is recorded; None where none is."""
    row = reader.one("SELECT CAST(date_trunc('month', MIN(visited_on)) AS DATE) AS d FROM {visit}")
    return row["d"] if row else None


def _given(region: str, year: int) -> dict[str, Any]:
    return {"region": f"{region}%", "year": year}


def _counts() -> str:
    states = ", ".join(f"COUNT(*) FILTER (WHERE f.state = '{key}') AS {key}" for key in STATES)
    return (
        "COALESCE(SUM(f.due_yuan) FILTER (WHERE f.came_yuan IS NOT NULL), 0) AS due_yuan, "
        "COALESCE(SUM(f.came_yuan), 0) AS came_yuan, "
        f"COALESCE(SUM(f.waiting_yuan), 0) AS waiting_yuan, {states}"
    )


def _summary(row: Mapping[str, Any]) -> Summary:
    return Summary(
        int(row["households"]),
        float(row["due_yuan"]),
        float(row["came_yuan"]),
        float(row["waiting_yuan"]),
        {key: int(row[key]) for key in STATES},
    )


def _summed(
    reader: Reader, region: str, year: int, by: str, where: str = "TRUE"
) -> list[dict[str, Any]]:
    """Amounts and payments by state of a place, by some columns; ``households`` with any due."""
    keys = f"{by}, " if by else ""
    grouped = f" GROUP BY {by} ORDER BY {by}" if by else ""
    return reader.rows(
        f"SELECT {keys}{_counts()}, COUNT(DISTINCT f.household_id) FILTER (WHERE f.payment_asked) "
        f"AS households FROM {{{PAYMENTS}}} AS f WHERE {_HERE} AND {where}{grouped}",
        **_given(region, year),
    )


def summary(reader: Reader, region: str, year: int) -> Summary:
    """All kinds and months of a place together."""
    return _summary(_summed(reader, region, year, "")[0])


def by_kind(reader: Reader, region: str, year: int) -> dict[str, Summary]:
    """Each kind of money that the place has a payment of, in the order of the code list."""
    found = {row["payment_kind"]: row for row in _summed(reader, region, year, "f.payment_kind")}
    return {key: _summary(found[key]) for key in KINDS if key in found}


def by_month(reader: Reader, region: str, year: int) -> dict[tuple[str, date], Summary]:
    """Each kind and month of the place; a kind and month without a payment is left out."""
    rows = _summed(reader, region, year, "f.payment_kind, f.month_on")
    return {(row["payment_kind"], row["month_on"]): _summary(row) for row in rows}


def by_place(reader: Reader, region: str, year: int, level: str) -> dict[str, Summary]:
    """The places of a level inside the one shown, by code."""
    digits = {"county": 6, "township": 9, "village": 12}[level]
    by = f"SUBSTRING(f.village_code, 1, {digits})"
    rows = reader.rows(
        f"SELECT {by} AS place, {_counts()}, COUNT(DISTINCT f.household_id) "
        f"FILTER (WHERE f.payment_asked) AS households FROM {{{PAYMENTS}}} AS f "
        f"WHERE {_HERE} GROUP BY 1 ORDER BY 1",
        **_given(region, year),
    )
    return {row["place"]: _summary(row) for row in rows}


def households_by_state(reader: Reader, region: str, year: int) -> dict[tuple[str, str], int]:
    """By kind of money and state the households of a place with such a payment."""
    rows = reader.rows(
        "SELECT f.payment_kind, f.state, COUNT(DISTINCT f.household_id) AS households "
        f"FROM {{{PAYMENTS}}} AS f WHERE {_HERE} GROUP BY 1, 2 ORDER BY ALL",
        **_given(region, year),
    )
    return {(row["payment_kind"], row["state"]): int(row["households"]) for row in rows}


def worst_first(missed: Mapping[str, Tally]) -> list[str]:
    """Codes of places, those first where the largest share of households meets a rule."""
    return sorted(missed, key=lambda code: (-(percent(missed[code].met, missed[code].asked) or 0),
                                            code))  # fmt: skip


def answers(reader: Reader, region: str, year: int, level: str) -> dict[str, Tally]:
    """Each rule of the calendar to how the place's households answer it."""
    found: dict[str, Tally] = {}
    for keys in ((WHOLE, MISSED, RUNNING, WAITING, SHORT, LATE), (HOME_MONTH,)):
        told = tally(reader, keys, year, level, region=region)
        found |= {key: told[key].get(region, Tally()) for key in keys}
    return found


def missed_by_place(reader: Reader, region: str, year: int, level: str) -> Mapping[str, Tally]:
    """By place of a level the households that a month was missed of."""
    return tally(reader, [MISSED], year, level, region=region)[MISSED]


def _condition(part: str) -> str:
    """SQL over ``f``: households of a list. Raises KeyError for one that there is not."""
    if part not in LISTS:
        raise KeyError(part)
    told = "IS FALSE" if part == HOME_MONTH else "IS TRUE"
    return f"({asked_of(rules()[part])}) AND f.in_{part} {told}"


def count(reader: Reader, part: str, region: str, year: int) -> int:
    """How many households a list has. Raises KeyError for one that there is not."""
    row = reader.one(
        f"SELECT COUNT(*) AS n FROM {{{HOUSEHOLDS}}} AS f WHERE {_HERE} AND {_condition(part)}",
        **_given(region, year),
    )
    return int(row["n"]) if row else 0


def listed(
    reader: Reader, part: str, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """The households of a list, those to which most is lacking first; names masked. ``kinds`` are
    the kinds of money that it is about, joined by commas."""
    states = _OF_LIST.get(part, "('missed')")
    sql = _LISTED.format(states=states, condition=_condition(part))
    return paging.rows(reader, sql, _MOST_WAITING, offset, limit, _given(region, year))


def numbers(
    reader: Reader, part: str | None, region: str, year: int, offset: int = 0, limit: int = 0
) -> list[str]:
    """The households of a page of a list in its order; of all that have a calendar, by number."""
    if part is None:
        rows = reader.rows(
            f"SELECT f.household_id FROM {{{HOUSEHOLDS}}} AS f WHERE {_HERE} ORDER BY 1",
            **_given(region, year),
        )
        return [row["household_id"] for row in rows]
    found = listed(reader, part, region, year, offset, limit or None)
    return list(found.column("household_id").to_pylist())


def of_households(which: str) -> dict[str, str]:
    """SQL of what is known of households: ``calendar``, the facts with ``among_calendar`` and
    ``among_calendar_homes``, and ``payments`` by kind and month. ``which`` is a condition that
    begins with ``household_id``."""
    among = ", ".join(
        f"COALESCE({systems()[key].among}, FALSE) AS among_{key}"
        for key in ("calendar", "calendar_homes")
    )
    return {
        "calendar": f"SELECT *, {among} FROM {{{HOUSEHOLDS}}} WHERE {which}",
        "payments": f"SELECT * FROM {{{PAYMENTS}}} WHERE {which} ORDER BY payment_kind, month_no",
    }


# What a selection names: a kind of money or any, a month or any, and a state.


def allows(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments name a kind, a month and a state."""
    if len(arguments) != 3:
        return False
    kind, month, state = arguments
    known = kind == _ANY or kind in KINDS
    dated = month == _ANY or bool(_MONTH.fullmatch(month))
    return known and dated and state in (*STATES, "lacking", "due")


def condition(arguments: Sequence[str]) -> str:
    """SQL condition over ``f`` and ``$year``: households with such a payment."""
    kind, month, state = arguments
    meant = {"lacking": _LACKING, "due": _DUE}.get(state, (state,))
    parts = ["s.year = $year", f"s.state IN ({', '.join(map(literal, meant))})"]
    if kind != _ANY:
        parts.append(f"s.payment_kind = {literal(kind)}")
    if month != _ANY:
        parts.append(f"s.month_no = {int(month[:4]) * 12 + int(month[4:]) - 1}")
    return (
        f"f.household_id IN (SELECT s.household_id FROM {{{PAYMENTS}}} AS s "
        f"WHERE {' AND '.join(parts)})"
    )
