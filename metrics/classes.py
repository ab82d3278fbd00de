"""Households by class of labour: how many where, who moved between two years, whose measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metrics.shares import percent, total
from rules.registry import System, systems
from rules.tally import known_count
from store.reader import Reader

Counts = Mapping[tuple[str, str], int]

SYSTEM = "labour_classes"
COLUMNS = ("labour_class", "labour_subclass")
UNKNOWN = "unknown"
# Not registered in the other year, or not there at all.
ABSENT = "absent"
# The rule of a class whose households lack its main measure.
MISMATCHES = {
    "able": "able_without_industry",
    "weak": "weak_without_employment",
    "no_labour": "no_labour_without_policy",
}
MISMATCH = "measure_mismatch"
SUBCLASSES = {
    "able": ("reliable", "lacking"),
    "weak": ("can_exit", "sunk", "weak_exited"),
    "no_labour": ("extreme", "allowance"),
}


# Class or all of them, its rule, and who is of it.
_ASKED = [(key, rule, f"labour_class = '{key}'") for key, rule in MISMATCHES.items()]
_ASKED += [(MISMATCH, MISMATCH, "TRUE")]


def system() -> System:
    """The system of rules that the classes come from."""
    return systems()[SYSTEM]


@dataclass(frozen=True, slots=True)
class Move:
    """Households of one class in an earlier year that are of one class now."""

    then: str
    now: str
    households: int


def counts(
    reader: Reader, region: str, year: int, digits: int
) -> dict[str, dict[tuple[str, str], int]]:
    """Place to the registered households of each (class, sub-class); either may be unknown."""
    rows = reader.rows(
        "SELECT SUBSTRING(village_code, 1, $digits) AS place, labour_class AS class, "
        "labour_subclass AS subclass, COUNT(*) AS households FROM {household_fact} "
        "WHERE year = $year AND village_code LIKE $region AND labour_class IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL",
        digits=digits,
        year=year,
        region=f"{region}%",
    )
    found: dict[str, dict[tuple[str, str], int]] = {}
    for row in rows:
        of_place = found.setdefault(row["place"], {})
        of_place[row["class"], row["subclass"]] = row["households"]
    return found


def of_class(counts: Counts, column: int) -> dict[str, int]:
    """Households by class (column 0) or by sub-class (column 1); ``unknown`` among them."""
    return total({pair[column]: households} for pair, households in counts.items())


@dataclass(frozen=True, slots=True)
class Row:
    """A place by classes. A class without a household is None where most could not be told."""

    asked: int
    classes: Mapping[str, int | None]
    subclasses: Mapping[str, int | None]
    unknown: int

    def share(self, key: str) -> float | None:
        """A class in percent of all that are asked."""
        return percent(self.classes[key], self.asked)


def row_of(counts: Counts) -> Row:
    """The counts of a place (``counts``), class by class."""
    classes, subclasses = of_class(counts, 0), of_class(counts, 1)
    asked, untold = sum(counts.values()), classes.get(UNKNOWN, 0)
    told: dict[str, int | None] = {}
    for main, subs in SUBCLASSES.items():
        whole, unknown = classes.get(main, 0), counts.get((main, UNKNOWN), 0)
        told |= {sub: known_count(subclasses.get(sub, 0), unknown, whole) for sub in subs}
    return Row(
        asked,
        {main: known_count(classes.get(main, 0), untold, asked) for main in SUBCLASSES},
        told,
        subclasses.get(UNKNOWN, 0),
    )


def standing(reader: Reader, region: str, year: int) -> tuple[int, int]:
    """Households that are classed in a place and year: those poor at its end, and those not."""
    row = reader.one(
        "SELECT COUNT(*) FILTER (WHERE poor) AS poor, COUNT(*) FILTER (WHERE NOT poor) AS exited "
        "FROM {household_fact} "
        "WHERE year = $year AND village_code LIKE $region AND labour_class IS NOT NULL",
        year=year,
        region=f"{region}%",
    )
    return (row["poor"], row["exited"]) if row else (0, 0)


def moves(reader: Reader, region: str, column: str, then: int, now: int) -> list[Move]:
    """Households by their class in two years, the greatest number first.

    A household that is registered in one of the years only is ``absent`` in the other. Raises
    ValueError for a column that is no class.
    """
    if column not in COLUMNS:
        raise ValueError(f"no class {column!r}")
    rows = reader.rows(
        f"SELECT COALESCE(a.class, '{ABSENT}') AS was, COALESCE(b.class, '{ABSENT}') AS is_now, "
        f"COUNT(*) AS households FROM ({_of_year(column, 'earlier')}) AS a "
        f"FULL JOIN ({_of_year(column, 'later')}) AS b USING (household_id) "
        "GROUP BY 1, 2 ORDER BY households DESC, was, is_now",
        earlier=then,
        later=now,
        region=f"{region}%",
    )
    return [Move(row["was"], row["is_now"], row["households"]) for row in rows]


def changed(found: Sequence[Move]) -> list[Move]:
    """Those of ``moves`` that lead from one class to another, both known."""
    neither = {UNKNOWN, ABSENT}
    return [m for m in found if m.then != m.now and not {m.then, m.now} & neither]


def households_of(found: Sequence[Move]) -> int:
    """Households of several moves together."""
    return sum(move.households for move in found)


def _of_year(column: str, year: str) -> str:
    return (
        f"SELECT household_id, {column} AS class FROM {{household_fact}} "
        f"WHERE year = ${year} AND village_code LIKE $region AND {column} IS NOT NULL"
    )


def allows(arguments: tuple[str, ...]) -> bool:
    """Whether a class of the list's year, and maybe another year and the class then, can be."""
    if len(arguments) not in (2, 4) or arguments[0] not in system().classes:
        return False
    known = (*system().classes[arguments[0]], UNKNOWN)
    if arguments[1] not in known:
        return False
    return len(arguments) == 2 or (_is_year(arguments[2]) and arguments[3] in (*known, ABSENT))


def other_year(arguments: tuple[str, ...]) -> int | None:
    """The year that those who moved are compared with; None for a class alone."""
    return int(arguments[2]) if len(arguments) == 4 else None


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()


def condition(arguments: tuple[str, ...]) -> str:
    """SQL condition over ``{household_fact} AS f``: the class now, and the class in another year.

    ``arguments``: column, class; for those who moved also the other year and the class there.
    """
    column, now, *moved = arguments
    told = f"f.{column} = '{now}'"
    if not moved:
        return told
    year, then = moved
    asked = "IS NOT NULL" if then == ABSENT else f"= '{then}'"
    inside = "NOT IN" if then == ABSENT else "IN"
    return (
        f"{told} AND f.household_id {inside} (SELECT o.household_id FROM {{household_fact}} AS o "
        f"WHERE o.year = {year} AND o.{column} {asked})"
    )


def mismatches(
    reader: Reader, region: str, year: int, digits: int
) -> dict[str, dict[str, dict[str, int]]]:
    """Place, then class, to its households: ``all``, ``without`` the main measure, ``unknown``.

    ``measure_mismatch`` stands beside the classes, for all of them together.
    """
    columns = ", ".join(
        f"COUNT(*) FILTER (WHERE {among}) AS {key}_all, "
        f"COUNT(*) FILTER (WHERE in_{rule}) AS {key}_without, "
        f"COUNT(*) FILTER (WHERE in_{rule} IS NULL) AS {key}_unknown"
        for key, rule, among in _ASKED
    )
    rows = reader.rows(
        f"SELECT SUBSTRING(village_code, 1, $digits) AS place, {columns} FROM {{household_fact}} "
        "WHERE year = $year AND village_code LIKE $region AND registered GROUP BY 1 ORDER BY 1",
        digits=digits,
        year=year,
        region=f"{region}%",
    )
    return {
        row["place"]: {
            key: {kind: row[f"{key}_{kind}"] for kind in ("all", "without", "unknown")}
            for key, _, _ in _ASKED
        }
        for row in rows
    }


def mismatches_total(
    places: Mapping[str, Mapping[str, Mapping[str, int]]],
) -> dict[str, dict[str, int]]:
    """Several places of ``mismatches`` together."""
    none = dict.fromkeys(("all", "without", "unknown"), 0)
    return {
        key: none | total(of_place[key] for of_place in places.values()) for key, _, _ in _ASKED
    }
