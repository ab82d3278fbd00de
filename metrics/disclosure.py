"""公开公示: what must be published of each list, how long, what is due, and the sheet itself.

What hangs and hung is told by the steps of monitoring, by the notices of funds and, of the other
lists, by the books of notices (``metrics.notices``); a list and year that no file tells of is not
the same as never. A sheet holds no number of a person, no cause and no benefit that tells of
health: those of the disabled and of one time of need are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from metrics import notices, small_counts
from metrics.notices import BY_SHEETS, FAILED, FUNDS, MONITORING, OF_CASES, SETS, Standing
from rules.parameters import Parameter
from store.reader import Reader

# Benefits that may be named beside a name: they say how much somebody earns, not how they are.
_PUBLIC_BENEFITS = "('minimum_allowance', 'extreme_poverty')"

_HOUSEHOLD = (
    "h.household_id AS id, h.village_code, h.village_code AS place, h.head_name AS name, "
    "h.member_count AS people"
)
# One row of a sheet: what it is about, where, whose (masked by the reader), how many people, what
# is told, an amount and a day.
_ROWS = {
    "register": (
        f"SELECT {_HOUSEHOLD}, "
        "CAST(NULL AS VARCHAR) AS told, CAST(NULL AS DOUBLE) AS yuan, h.identified_on AS day "
        "FROM {household} AS h WHERE h.registered AND YEAR(h.identified_on) = $year"
    ),
    "exits": (
        f"SELECT {_HOUSEHOLD}, "
        "f.poverty_state AS told, CAST(NULL AS DOUBLE) AS yuan, CAST(NULL AS DATE) AS day "
        "FROM {household_fact} AS f JOIN {household} AS h ON h.household_id = f.household_id "
        "WHERE f.year = $year AND f.poverty_state = 'exited_now'"
    ),
    MONITORING: (
        f"SELECT {_HOUSEHOLD}, "
        "m.monitor_kind AS told, CAST(NULL AS DOUBLE) AS yuan, m.notice_on AS day "
        "FROM {monitored_fact} AS m JOIN {household} AS h ON h.household_id = m.household_id "
        "WHERE YEAR(m.notice_on) = $year OR (m.year = $year AND m.notice_on IS NULL "
        "AND m.stage = 'home_check')"
    ),
    "benefits": (
        f"SELECT {_HOUSEHOLD}, "
        "b.benefit_kind AS told, b.yuan, b.day FROM (SELECT household_id, benefit_kind, "
        "SUM(month_yuan) AS yuan, MIN(started_on) AS day FROM {benefit} "
        f"WHERE benefit_kind IN {_PUBLIC_BENEFITS} AND YEAR(started_on) <= $year "
        "AND (ended_on IS NULL OR YEAR(ended_on) > $year) GROUP BY 1, 2) AS b "
        "JOIN {household} AS h ON h.household_id = b.household_id"
    ),
    "projects": (
        "SELECT p.project_id AS id, p.village_code, p.village_code AS place, p.name, "
        "p.beneficiary_households AS people, "
        "p.unit_in_charge AS told, p.planned_yuan AS yuan, p.started_on AS day "
        "FROM {project} AS p WHERE p.year = $year"
    ),
    FUNDS: (
        "SELECT f.line_id AS id, f.village_code, f.region_code AS place, f.content AS name, "
        "CAST(NULL AS INT) AS people, "
        "f.purpose AS told, CAST(f.amount_yuan AS DOUBLE) AS yuan, f.published_on AS day "
        "FROM {fund_fact} AS f WHERE f.year = $year"
    ),
}
LISTS = tuple(_ROWS)
# The threshold of how many days each hangs; its document says why.
DAYS = {
    "register": "register_notice_days",
    "exits": "exit_notice_days",
    MONITORING: "monitor_notice_days",
    "benefits": "allowance_notice_days",
    "projects": "fund_notice_days",
    FUNDS: "fund_notice_days",
}
# Lists whose rows are people's: masked, and said to be.
OF_PEOPLE = ("register", "exits", MONITORING, "benefits")
# Lists whose notices open as lines of their own; those of monitoring open as households.
MADE_OF = (*BY_SHEETS, FUNDS)


def allows(arguments: tuple[str, ...]) -> bool:
    """Whether the arguments name what became of a monitored household's notice."""
    return len(arguments) == 1 and (arguments[0] in OF_CASES or arguments[0] in SETS)


def condition(arguments: tuple[str, ...]) -> str:
    """SQL condition over ``{household_fact} AS f`` and ``$year``."""
    states = SETS.get(arguments[0], (arguments[0],))
    told = " OR ".join(f"({OF_CASES[state]})" for state in states if state in OF_CASES)
    return (
        "f.household_id IN (SELECT s.household_id FROM {monitored_fact} AS s "
        f"WHERE s.year = $year AND ({told}))"
    )


def held_days(parameters: Mapping[str, Parameter], key: str, year: int) -> int | None:
    """How many days a list hangs at least, in a year; None where no document is known."""
    value = parameters[DAYS[key]].in_year(year)
    return None if value is None else int(value.value)


@dataclass(frozen=True, slots=True)
class Notices:
    """One list of a place: how many rows its sheet has, and what became of their notices.

    ``states`` is empty for a list of which no file tells; ``days`` how long it hangs at least.
    """

    key: str
    rows: int
    days: int | None
    states: Mapping[str, int]

    @property
    def found(self) -> int:
        """Notices that hung too short, elsewhere or never."""
        return sum(self.states.get(state, 0) for state in FAILED)

    @property
    def standing(self) -> Standing | None:
        """The same as what is owed and made; None where no file tells."""
        return Standing(self.states) if self.states else None


def undated(parameters: Mapping[str, Parameter], year: int) -> list[str]:
    """The lists of which no document says how many days they hang in a year."""
    return [key for key in LISTS if held_days(parameters, key, year) is None]


def overview(
    reader: Reader, parameters: Mapping[str, Parameter], region: str, year: int
) -> list[Notices]:
    """Every list of a place in a year, in their order."""
    lacking = undated(parameters, year)
    found = notices.standings(reader, region, year, len(region), lacking)
    kept = notices.kept_lists(reader, year)
    return [
        Notices(key, count(reader, key, region, year), held_days(parameters, key, year),
                found.get(key, {}).get(region, Standing()).states if key in kept else {})
        for key in LISTS
    ]  # fmt: skip


def by_place(
    reader: Reader, parameters: Mapping[str, Parameter], region: str, year: int, digits: int
) -> dict[str, dict[str, Standing]]:
    """List, then place by the first ``digits`` of its code, to how its notices stand; a list of
    which no file tells is missing, a place that owes nothing of a list too."""
    found = notices.standings(reader, region, year, digits, undated(parameters, year))
    return {key: found.get(key, {}) for key in LISTS if key in notices.kept_lists(reader, year)}


def failed_of_owed(
    found: Mapping[str, Mapping[str, Standing]], place: str
) -> tuple[int, int] | tuple[None, None]:
    """Of a place how many notices of all lists failed, of how many that are owed; None of none."""
    mine = [by_place[place] for by_place in found.values() if place in by_place]
    if not mine:
        return None, None
    return sum(one.failed for one in mine), sum(one.owed for one in mine)


def owed(
    parameters: Mapping[str, Parameter], key: str, region: str, year: int, state: str | None
) -> notices.Owed:
    """The notices of one of ``MADE_OF``, of a state where that is asked."""
    return notices.Owed(key, region, year, state, tuple(undated(parameters, year)))


def in_all(found: Iterable[Notices], state: str) -> int:
    """How many notices of all lists are in a state."""
    return sum(one.states.get(state, 0) for one in found)


@dataclass(frozen=True, slots=True)
class Summed:
    """How many rows a list has by place, as the public may read it: None for a count too small to
    be shown, or that would tell one."""

    by_place: Mapping[str, int | None]
    in_all: int | None


def summary(reader: Reader, key: str, region: str, year: int, digits: int) -> Summed:
    """A list's rows by place inside a region, small counts of people hidden."""
    rows = reader.rows(
        "SELECT SUBSTRING(l.village_code, 1, $digits) AS place, COUNT(*) AS n "
        f"FROM ({_ROWS[key]}) AS l WHERE l.village_code LIKE $region GROUP BY 1 ORDER BY 1",
        region=f"{region}%",
        year=year,
        digits=digits,
    )
    counts = {row["place"]: int(row["n"]) for row in rows}
    if key not in OF_PEOPLE:
        return Summed(counts, sum(counts.values()))
    shut = small_counts.hidden(counts)
    shown = {place: None if place in shut else n for place, n in counts.items()}
    return Summed(shown, small_counts.total(counts))


def count(reader: Reader, key: str, region: str, year: int) -> int:
    """How many rows a list's sheet has."""
    row = reader.one(
        f"SELECT COUNT(*) AS n FROM ({_ROWS[key]}) AS l WHERE l.village_code LIKE $region",
        region=f"{region}%",
        year=year,
    )
    return int(row["n"]) if row else 0


def rows(
    reader: Reader, key: str, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """A page of a list's sheet by village: ``id``, ``village_code``, ``place`` (of funds of any
    level), ``name`` (of people masked),
    ``people``, ``told``, ``yuan`` and ``day``."""
    page = "" if limit is None else " LIMIT $limit OFFSET $offset"
    return reader.arrow(
        f"SELECT l.* FROM ({_ROWS[key]}) AS l WHERE l.village_code LIKE $region "
        f"ORDER BY l.village_code, l.id, l.told{page}",
        region=f"{region}%",
        year=year,
        limit=limit,
        offset=offset,
    )
