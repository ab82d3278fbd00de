"""过筛子: fourteen screenings of households and villages, what they found and what was mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from metrics import gaps, paging
from metrics.paging import Order
from metrics.shares import total
from store.reader import Reader

SIEVES = (
    "income", "schooling", "medical", "water", "housing", "relocation", "industry",
    "village_road", "minimum_allowance", "environment", "policy_knowledge", "fund_use",
    "dynamics", "responsibility",
)  # fmt: skip
# The households that a screening is about, as the town's plan of June 2020 lists them: the poor
# for incomes, medical care and industry (there the borderline ones too), every household for water
# and housing, and whom the allowance is for. SQL over ``f``.
ABOUT = {
    "income": "f.registered",
    "schooling": "f.household_id IN (SELECT m.household_id FROM {member_fact} AS m "
    "WHERE m.age BETWEEN $school_age_years AND $school_age_end_years)",
    "medical": "f.registered",
    "water": "TRUE",
    "housing": "TRUE",
    "relocation": "f.relocated",
    "industry": "f.registered OR (f.monitored AND f.monitor_kind = 'borderline')",
    "minimum_allowance": "f.poor OR f.monitored OR f.major_illness_members > 0 "
    "OR f.household_id IN (SELECT m.household_id FROM {member_fact} AS m "
    "WHERE m.disabled AND m.disability_grade <= $severe_disability_grade)",
}
BY_MEMBERS = {"schooling"}
THRESHOLDS = ("school_age_years", "school_age_end_years", "severe_disability_grade")
# What became of a finding, as of a ledger's entry.
STATES = ("open", "due", "overdue", "closed")
_STATE = """CASE
    WHEN s.finding IS NULL THEN NULL
    WHEN s.mended_on <= $day THEN 'closed'
    WHEN COALESCE(s.due_on_until, s.due_on) < $day THEN 'overdue'
    WHEN s.due_on <= $soon THEN 'due'
    ELSE 'open'
  END"""


@dataclass(frozen=True, slots=True)
class Clock:
    """The data date, and the last day on which an entry counts as due soon."""

    day: date
    soon: date


@dataclass(frozen=True, slots=True)
class Screening:
    """One screening in one place.

    ``listed`` are those put on its list, ``screened`` those looked at, of whom ``households``
    (the others are villages); then its findings, and what became of them.
    """

    unit: str | None = None
    listed: int = 0
    screened: int = 0
    households: int = 0
    found: int = 0
    open: int = 0
    due: int = 0
    overdue: int = 0
    closed: int = 0

    @property
    def of_villages(self) -> bool:
        """Whether it goes through villages rather than households."""
        return self.listed > 0 and not self.households

    @property
    def left(self) -> int:
        """Findings that are not mended yet."""
        return self.found - self.closed


@dataclass(frozen=True, slots=True)
class Concerned:
    """How many a screening is about: villages, or households, of which ``beside`` are none of those
    it is for but on its list. None: it goes by members, of whom no register is loaded."""

    count: int | None
    beside: int = 0


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings: of a place, a screening, a state, a gap. None does not narrow them."""

    region: str
    sieve: str | None = None
    state: str | None = None
    gap: str | None = None

    def condition(self) -> tuple[str, dict[str, object]]:
        """SQL condition over the screenings with their state, and its parameters."""
        parts = ["s.finding IS NOT NULL", "s.village_code LIKE $region"]
        given: dict[str, object] = {"region": f"{self.region}%"}
        for column, value in (("sieve", self.sieve), ("state", self.state)):
            if value is not None:
                parts.append(f"s.{column} = ${column}")
                given[column] = value
        if self.gap == gaps.NONE:
            parts.append(f"{gaps.gap_sql()} IS NULL")
        elif self.gap is not None:
            parts.append(f"{gaps.gap_sql()} = $gap")
            given["gap"] = self.gap
        return " AND ".join(parts), given


def screenings(
    reader: Reader, clock: Clock, region: str, digits: int = 0
) -> dict[str, dict[str, Screening]]:
    """Screening, then the place by the first ``digits`` of its code, to what came of it.

    Without ``digits`` the place is the region itself. Without a row a screening or place is
    missing: nobody was put on its list there.
    """
    states = ", ".join(f"COUNT(*) FILTER (WHERE state = '{key}') AS {key}" for key in STATES)
    rows = reader.rows(
        "SELECT s.sieve, SUBSTRING(s.village_code, 1, $digits) AS place, "
        "string_agg(DISTINCT s.unit_in_charge, '、' ORDER BY s.unit_in_charge) AS unit, "
        "COUNT(*) AS listed, COUNT(s.screened_on) AS screened, "
        "COUNT(s.household_id) AS households, "
        f"COUNT(s.finding) AS found, {states} FROM ({_states()}) AS s "
        "WHERE s.village_code LIKE $region GROUP BY 1, 2 ORDER BY 1, 2",
        region=f"{region}%",
        digits=digits or len(region),
        day=clock.day,
        soon=clock.soon,
    )
    found: dict[str, dict[str, Screening]] = {}
    for row in rows:
        sieve, place = row.pop("sieve"), row.pop("place")
        found.setdefault(sieve, {})[place] = Screening(**row)
    return {key: found[key] for key in SIEVES if key in found}


def findings_total(here: Iterable[Screening]) -> dict[str, int]:
    """Findings of several screenings together: ``found``, and by state."""
    return total({key: getattr(one, key) for key in ("found", *STATES)} for one in here)


def concerned(
    reader: Reader,
    region: str,
    year: int,
    here: Mapping[str, Screening],
    thresholds: Mapping[str, float | None],
) -> dict[str, Concerned]:
    """Screening to how many it is about in a place: all villages, or the households that ``ABOUT``
    says and, whatever the registers know of them, those put on its list.

    ``thresholds`` has a value for each of ``THRESHOLDS``.
    """
    if not here:
        return {}
    homes = [key for key, one in here.items() if not one.of_villages]
    listed = (
        "f.household_id IN (SELECT s.household_id FROM {{sieve_result}} AS s WHERE s.sieve = '{}')"
    )
    counted = "".join(
        f", COUNT(*) FILTER (WHERE ({about}) OR {listed.format(key)}) AS {key}, COUNT(*) FILTER "
        f"(WHERE ({about}) IS NOT TRUE AND {listed.format(key)}) AS {key}_beside"
        for key in homes
        for about in [ABOUT.get(key, "FALSE")]
    )
    villages = "r.level = 'village' AND r.region_code LIKE $region"
    row = reader.one(
        f"SELECT (SELECT COUNT(*) FROM {{region}} AS r WHERE {villages}) AS villages, "
        f"(SELECT COUNT(*) FROM {{member_fact}}) AS people{counted} "
        "FROM {household_fact} AS f WHERE f.year = $year AND f.village_code LIKE $region",
        region=f"{region}%",
        year=year,
        **{key: thresholds[key] for key in THRESHOLDS if f"${key}" in counted},
    )
    assert row is not None
    unknown = set() if row["people"] else BY_MEMBERS
    return {
        key: Concerned(row["villages"])
        if one.of_villages
        else Concerned(None if key in unknown else row[key], row[f"{key}_beside"])
        for key, one in here.items()
    }


def by_unit(here: Mapping[str, Screening]) -> dict[str | None, tuple[int, int]]:
    """Unit in charge (None: not recorded) to its findings overdue, and all that it has."""
    found: dict[str | None, tuple[int, int]] = {}
    for one in here.values():
        late, every = found.get(one.unit, (0, 0))
        found[one.unit] = late + one.overdue, every + one.found
    return found


def unmended(found: Mapping[str, Mapping[str, Screening]]) -> dict[str, tuple[int, int]]:
    """Place to its findings not mended yet, and all that it has, over the screenings."""
    totals: dict[str, tuple[int, int]] = {}
    for by_place in found.values():
        for code, one in by_place.items():
            left, every = totals.get(code, (0, 0))
            totals[code] = left + one.left, every + one.found
    return totals


def count_findings(reader: Reader, clock: Clock, wanted: FindingFilter) -> int:
    """How many findings the filter finds."""
    told, given = wanted.condition()
    row = reader.one(
        f"SELECT COUNT(*) AS n FROM ({_states()}) AS s WHERE {told}",
        day=clock.day,
        soon=clock.soon,
        **given,
    )
    assert row is not None
    return int(row["n"])


def findings(
    reader: Reader, clock: Clock, wanted: FindingFilter, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """The findings, those overdue longest first, mended ones last.

    Columns: those of ``sieve_result``, ``state``, ``days_late`` (past the due day, of those
    overdue), and ``head_name`` of the household.
    """
    told, given = wanted.condition()
    found = paging.rows(
        reader,
        "SELECT s.*, CASE WHEN s.state = 'overdue' "
        "THEN date_diff('day', COALESCE(s.due_on_until, s.due_on), $day) END "
        "AS days_late, h.head_name, s.state = 'closed' AS mended "
        f"FROM ({_states()}) AS s "
        f"LEFT JOIN {{household}} AS h ON h.household_id = s.household_id WHERE {told}",
        Order.by("mended", "due_on", "village_code", "sieve_id"),
        offset,
        limit,
        {"day": clock.day, "soon": clock.soon, **given},
    )
    return found.drop_columns(["mended"])


def _states() -> str:
    return f"SELECT s.*, {_STATE} AS state FROM {{sieve_result}} AS s"


def allows(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments name a screening, and its screened or found households."""
    return len(arguments) == 2 and arguments[0] in SIEVES and arguments[1] in _SELECTED


_SELECTED = {"screened": "screened_on IS NOT NULL", "found": "finding IS NOT NULL"}


def condition(arguments: Sequence[str]) -> str:
    """SQL condition over ``f``: households that a screening looked at, or found something in."""
    sieve, which = arguments
    return (
        "f.household_id IN (SELECT s.household_id FROM {sieve_result} AS s "
        f"WHERE s.sieve = '{sieve}' AND s.{_SELECTED[which]})"
    )
