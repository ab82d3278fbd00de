"""The standards of exit over places: answers, what alone is missing, inspections, villages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from metrics.rejudged import source
from metrics.shares import percent
from rules.registry import Rule, rules, systems
from rules.tally import Tally
from store.reader import Reader

INSPECTED = ("income", "basic_living", "schooling", "medical", "housing", "water")
ITEM_STATES = ("met", "mended", "unmet", "unclear", "missing")
_LOOKED_AT = tuple(state for state in ITEM_STATES if state != "missing")
# What a list of villages shows: all of them, those that lack one standard, or those that miss one.
LACKS_ONE = "village_lacks_one"


def standards(system: str) -> list[Rule]:
    """The rules of a system that are standards themselves, in their order."""
    return [rule for rule in systems()[system].rules.values() if rule.compose is None]


def answers(
    reader: Reader, keys: list[str], year: int, region: str, *, today: bool = False
) -> dict[str, Tally]:
    """Rule to the subjects of a place that meet it, miss it, and cannot be told.

    The rules judge one relation; one that did not exist in the year is left out. ``today`` judges
    by the newest year's thresholds.
    """
    found = by_place(reader, keys, year, region, 6, today=today)
    held = [key for key in keys if rules()[key].exists(year)]
    return {key: sum((of[key] for of in found.values()), Tally()) for key in held}


def by_place(
    reader: Reader, keys: list[str], year: int, region: str, digits: int, *, today: bool = False
) -> dict[str, dict[str, Tally]]:
    """The first ``digits`` of a place's code, then rule, to what ``answers`` counts."""
    held = [rules()[key] for key in keys if rules()[key].exists(year)]
    if not held:
        return {}
    relation = held[0].relation
    place = "county_code" if relation == "county_fact" else "village_code"
    columns = ", ".join(
        f"COUNT(*) FILTER (WHERE f.{rule.column} IS {answer}) AS {rule.key}_{name}"
        for rule in held
        for name, answer in (("met", "TRUE"), ("missed", "FALSE"), ("unknown", "NULL"))
    )
    rows = reader.rows(
        f"SELECT SUBSTRING(f.{place}, 1, $digits) AS place, {columns} "
        f"FROM {source([rule.key for rule in held], today=today)} AS f "
        f"WHERE f.{place} LIKE $region AND ({systems()[held[0].system].among}) "
        "GROUP BY 1 ORDER BY 1",
        year=year,
        region=f"{region}%",
        digits=digits,
    )
    return {
        row["place"]: {
            rule.key: Tally(*(row[f"{rule.key}_{name}"] for name in ("met", "missed", "unknown")))
            for rule in held
        }
        for row in rows
    }


def lacking_one(reader: Reader, region: str, year: int, *, today: bool = False) -> dict[str, int]:
    """Standard to the registered households that miss it and nothing else; none are left out."""
    return _lacking_one(reader, "exit_lacks_one", region, year, today)


def _lacking_one(reader: Reader, key: str, region: str, year: int, today: bool) -> dict[str, int]:
    rule = rules()[key]
    among = systems()[rule.system].among
    rows = reader.rows(
        f"SELECT f.{key}_part AS part, COUNT(*) AS n FROM {source([key], today=today)} AS f "
        f"WHERE f.village_code LIKE $region AND ({among}) AND f.{rule.column} GROUP BY 1 "
        "ORDER BY ALL",
        year=year,
        region=f"{region}%",
    )
    counted = {row["part"]: row["n"] for row in rows}
    return {part: counted.get(part, 0) for part in rule.parts}


def inspection_allows(arguments: tuple[str, ...]) -> bool:
    """Whether an item and what became of it name households."""
    return len(arguments) == 2 and arguments[0] in INSPECTED and arguments[1] in ITEM_STATES


_STATE = """CASE WHEN i.inspected_on IS NULL THEN 'missing'
  WHEN i.mended_on IS NOT NULL THEN 'mended'
  ELSE COALESCE(i.inspection_result, 'unclear') END"""


def _covered() -> str:
    """SQL condition of the households that the six inspections cover."""
    return f"({systems()['six_inspections'].among})"


def inspection_condition(arguments: tuple[str, ...]) -> str:
    """SQL condition over ``{household_fact} AS f``. ``arguments``: an item, what became of it."""
    item, state = arguments
    of_item = f"SELECT i.household_id FROM {{inspection}} AS i WHERE i.inspection_item = '{item}'"
    if state == "missing":
        return f"{_covered()} AND f.household_id NOT IN ({of_item} AND {_STATE} <> 'missing')"
    return f"{_covered()} AND f.household_id IN ({of_item} AND {_STATE} = '{state}')"


def inspected(reader: Reader, region: str) -> dict[str, dict[str, int]]:
    """Item of the inspection to the households covered in the newest year by what became of it.

    Empty where no inspection was loaded at all.
    """
    if reader.one("SELECT 1 AS one FROM {inspection} LIMIT 1") is None:
        return {}
    rows = reader.rows(
        f"SELECT i.inspection_item AS item, {_STATE} AS state, COUNT(*) AS n "
        "FROM {inspection} AS i JOIN {household_fact} AS f ON f.household_id = i.household_id "
        f"WHERE f.is_latest AND {_covered()} AND f.village_code LIKE $region GROUP BY 1, 2 "
        "ORDER BY ALL",
        region=f"{region}%",
    )
    [asked] = reader.rows(
        "SELECT COUNT(*) AS n FROM {household_fact} AS f "
        f"WHERE f.is_latest AND {_covered()} AND f.village_code LIKE $region",
        region=f"{region}%",
    )
    found = {item: dict.fromkeys(ITEM_STATES, 0) for item in INSPECTED}
    for row in rows:
        found[row["item"]][row["state"]] = row["n"]
    for counts in found.values():
        counts["missing"] = asked["n"] - sum(counts[state] for state in _LOOKED_AT)
    return found


def looked_at(counts: Mapping[str, int]) -> float | None:
    """Households whose item was looked at, in percent of all that ``inspected`` covers."""
    return percent(sum(counts[state] for state in _LOOKED_AT), sum(counts.values()))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Households that the six inspections cover, and those whose six items were all looked at."""

    asked: int = 0
    complete: int = 0

    @property
    def missing(self) -> int:
        """Those of whom some item was not looked at."""
        return self.asked - self.complete

    @property
    def share(self) -> float | None:
        """Those complete, in percent of those covered."""
        return percent(self.complete, self.asked)

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(self.asked + other.asked, self.complete + other.complete)


def coverage(reader: Reader, region: str, digits: int) -> dict[str, Coverage]:
    """Place to the households that the six inspections cover."""
    rows = reader.rows(
        "SELECT SUBSTRING(village_code, 1, $digits) AS place, COUNT(*) AS asked, "
        "COUNT(*) FILTER (WHERE in_inspection_complete) AS complete FROM {household_fact} "
        f"WHERE is_latest AND {_covered()} AND village_code LIKE $region GROUP BY 1 ORDER BY 1",
        region=f"{region}%",
        digits=digits,
    )
    return {row["place"]: Coverage(row["asked"], row["complete"]) for row in rows}


def all_covered(places: Mapping[str, Coverage]) -> Coverage:
    """Several places together."""
    return sum(places.values(), Coverage())


def villages(
    reader: Reader,
    region: str,
    year: int,
    offset: int,
    limit: int | None,
    *,
    part: str | None = None,
    today: bool = False,
) -> pa.Table:
    """Villages that the standards are for, with every fact, threshold and answer, by code.

    ``part``: those that miss this standard, or (``village_lacks_one``) exactly one. Without a
    limit all of them.
    """
    return paging.rows(
        reader,
        f"SELECT f.* FROM {_villages(today)} AS f WHERE f.village_code LIKE $region "
        f"AND {_asked()} AND ({_of_part(part)})",
        Order.by("village_code"),
        offset,
        limit,
        {"year": year, "region": f"{region}%"},
    )


def count_villages(
    reader: Reader, region: str, year: int, *, part: str | None = None, today: bool = False
) -> int:
    """How many villages ``villages`` lists over all its pages."""
    row = reader.one(
        f"SELECT COUNT(*) AS n FROM {_villages(today)} AS f "
        f"WHERE f.village_code LIKE $region AND {_asked()} AND ({_of_part(part)})",
        year=year,
        region=f"{region}%",
    )
    return int(row["n"]) if row else 0


def villages_outside(reader: Reader, region: str, year: int) -> int:
    """Villages that the standards are not for: those recorded as no poor village."""
    row = reader.one(
        f"SELECT COUNT(*) AS n FROM {{village_fact}} AS f WHERE f.year = $year "
        f"AND f.village_code LIKE $region AND NOT {_asked()}",
        year=year,
        region=f"{region}%",
    )
    return int(row["n"]) if row else 0


def _asked() -> str:
    return f"({systems()['village_exit'].among})"


def mended_one(reader: Reader, region: str, year: int, *, today: bool = False) -> dict[str, int]:
    """Standard to the villages that would exit if it alone were mended."""
    return _lacking_one(reader, LACKS_ONE, region, year, today)


def _villages(today: bool) -> str:
    return source([rule.key for rule in systems()["village_exit"].rules.values()], today=today)


def _of_part(part: str | None) -> str:
    if part is None:
        return "TRUE"
    rule = rules()[part]
    return f"f.{rule.column} IS {'TRUE' if part == LACKS_ONE else 'FALSE'}"


def county_years(reader: Reader) -> Mapping[int, dict[str, Any]]:
    """Year to the county's facts, thresholds and answers; empty outside the viewer's scope."""
    rows = reader.rows("SELECT * FROM {county_fact} ORDER BY year")
    return {row["year"]: row for row in rows}


def verdicts(row: Mapping[str, Any], single: list[Rule]) -> Tally:
    """How many of the standards a county or village meets, misses, and cannot be told."""
    told = [row[rule.column] for rule in single]
    return Tally(told.count(True), told.count(False), told.count(None))


def growth_compared(by_year: Mapping[int, Mapping[str, Any]]) -> tuple[int, int]:
    """Years for which the county's growth of income and the nation's are known; those in which
    the county's was the faster."""
    both = [
        (row["income_growth_percent"], row["national_growth_percent"])
        for row in by_year.values()
        if row["income_growth_percent"] is not None and row["national_growth_percent"] is not None
    ]
    return len(both), sum(own > nation for own, nation in both)


def county_judged(reader: Reader, year: int, *, today: bool = False) -> dict[str, Any] | None:
    """The county's facts, thresholds and answers of one year; None outside the viewer's scope."""
    keys = list(systems()["county_exit"].rules)
    return reader.one(f"SELECT * FROM {source(keys, today=today)} AS f", year=year)
