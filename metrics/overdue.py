"""督办: all that is overdue or not mended, of every system that keeps clocks, the longest first.

Entries of ledgers, steps of monitoring and findings of screenings are overdue by their own dates;
what an inspection or a screening without a due day found counts from the day that it was found.
Problems that people opened are no part of the data: whoever lists them hands them in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from metrics import sieves
from metrics.monitoring import Cases
from metrics.shares import total
from store.reader import Reader

PROBLEMS = "problems"
SYSTEMS = ("ledgers", "monitoring", "sieves", "inspections", PROBLEMS)
ALL = "all"
_OF_UNITS = ("sieves", PROBLEMS)
BETWEEN = "、"  # units that have one problem together
SORTS = ("days", "responsible", "village_code")
# One thing that is late: its system and what it is there (``kind`` is a code of the system, or
# what a problem was found by), whom it is about, who is to do it, and for how many days.
SCHEMA = pa.schema(
    [
        ("system", pa.string()),
        ("item", pa.string()),
        ("kind", pa.string()),
        ("village_code", pa.string()),
        ("household_id", pa.string()),
        ("head_name", pa.string()),
        ("what", pa.string()),
        ("responsible", pa.string()),
        ("due_on", pa.date32()),
        ("days", pa.int64()),
    ]
)

_ENTRIES = """
SELECT 'ledgers' AS system, e.entry_id AS item, e.group_key AS kind, e.village_code,
  e.household_id, h.head_name, r.reason AS what, r.responsible,
  COALESCE(r.due_on_until, r.due_on) AS due_on,
  date_diff('day', COALESCE(r.due_on_until, r.due_on), $day) AS days
FROM {ledger_fact} AS e
JOIN {ledger_entry} AS r ON r.entry_id = e.entry_id
LEFT JOIN {household} AS h ON h.household_id = e.household_id
WHERE e.ledger_state = 'overdue' AND e.village_code LIKE $region
"""
_INSPECTIONS = """
SELECT 'inspections' AS system, i.household_id || '.' || i.inspection_item AS item,
  i.inspection_item AS kind, i.village_code, i.household_id, h.head_name, i.note AS what,
  i.inspector AS responsible, CAST(NULL AS DATE) AS due_on,
  date_diff('day', COALESCE(i.inspected_on_until, i.inspected_on), $day) AS days
FROM {inspection} AS i
LEFT JOIN {household} AS h ON h.household_id = i.household_id
WHERE i.inspection_result = 'unmet' AND (i.mended_on IS NULL OR i.mended_on > $day)
  AND i.village_code LIKE $region
"""
_UNDATED = """
SELECT 'sieves' AS system, s.sieve_id AS item, s.sieve AS kind, s.village_code, s.household_id,
  h.head_name, s.finding AS what, s.unit_in_charge AS responsible, CAST(NULL AS DATE) AS due_on,
  date_diff('day', COALESCE(s.screened_on_until, s.screened_on), $day) AS days
FROM {sieve_result} AS s
LEFT JOIN {household} AS h ON h.household_id = s.household_id
WHERE s.finding IS NOT NULL AND s.due_on IS NULL AND (s.mended_on IS NULL OR s.mended_on > $day)
  AND s.village_code LIKE $region
"""


def overdue(
    reader: Reader, region: str, day: date, problems: Sequence[Mapping[str, Any]] = ()
) -> pa.Table:
    """All of a region that is late on the data date, in no order, as ``SCHEMA`` has it.

    ``problems`` are those that people opened, a mapping a row with the columns of ``SCHEMA``.
    """
    found = [
        _whole(reader.arrow(query, region=f"{region}%", day=day))
        for query in (_ENTRIES, _INSPECTIONS, _UNDATED)
    ]
    found.append(_steps(reader, region, day))
    found.append(_findings(reader, region, day))
    found.append(pa.Table.from_pylist([dict(row) for row in problems], SCHEMA))
    return pa.concat_tables(found)


def _whole(table: pa.Table) -> pa.Table:
    """A query's rows with the columns and types of ``SCHEMA``."""
    return table.select(SCHEMA.names).cast(SCHEMA)


def _steps(reader: Reader, region: str, day: date) -> pa.Table:
    """Cases of monitoring whose current step is over its time limit."""
    late = Cases(reader, region).listed("overdue", day.year).to_pylist()
    rows = [
        {
            "system": "monitoring",
            "item": row["household_id"],
            "kind": row["stage"],
            "village_code": row["village_code"],
            "household_id": row["household_id"],
            "head_name": row["head_name"],
            "responsible": row["contact_name"],
            "due_on": day + timedelta(days=int(row["left_days"])),
            "days": -int(row["left_days"]),
        }
        for row in late
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def _findings(reader: Reader, region: str, day: date) -> pa.Table:
    """Findings of screenings that are not mended and past their due day."""
    wanted = sieves.FindingFilter(region, state="overdue")
    late = sieves.findings(reader, sieves.Clock(day, day), wanted)
    renamed = {"item": "sieve_id", "kind": "sieve", "what": "finding",
               "responsible": "unit_in_charge", "days": "days_late"}  # fmt: skip
    columns = {name: late[renamed.get(name, name)] for name in SCHEMA.names if name != "system"}
    system = pa.array(["sieves"] * late.num_rows, pa.string())
    return _whole(pa.table({"system": system, **columns}))


def of_system(found: pa.Table, system: str) -> pa.Table:
    """Those of one system; all of them for ``ALL``."""
    return found if system == ALL else found.filter(pc.equal(found["system"], system))


def ordered(found: pa.Table, sort: str) -> pa.Table:
    """By one of ``SORTS``, the longest late first within it; ``-`` turns the order round.

    Raises KeyError for another column.
    """
    column = sort.removeprefix("-")
    if column not in SORTS:
        raise KeyError(column)
    falls = (column == "days") != sort.startswith("-")
    keys = {column: "descending" if falls else "ascending"}
    for name in ("days", "village_code", "system", "item"):
        keys.setdefault(name, "descending" if name == "days" else "ascending")
    return found.sort_by(list(keys.items()))


def by_place(found: pa.Table, digits: int) -> dict[str, dict[str, int]]:
    """Place (the first ``digits`` of a code) to how many are late by system, and ``longest``: the
    most days that one is."""
    told: dict[str, dict[str, int]] = {}
    for system, code, days in _rows(found, "village_code"):
        one = told.setdefault(code[:digits], dict.fromkeys(SYSTEMS, 0) | {"longest": 0})
        one[system] += 1
        one["longest"] = max(one["longest"], days)
    return told


def by_unit(found: pa.Table) -> dict[str | None, tuple[int, int]]:
    """Unit in charge (None: none is written down) to how many are late and the most days that one
    is, the most first. Of screenings and problems, which are given to units; one that several have
    counts with each."""
    told: dict[str | None, tuple[int, int]] = {}
    for system, units, days in _rows(found, "responsible"):
        if system not in _OF_UNITS:
            continue
        for unit in units.split(BETWEEN) if units else [None]:
            count, longest = told.get(unit, (0, 0))
            told[unit] = count + 1, max(longest, days)
    return dict(sorted(told.items(), key=lambda one: (-one[1][0], -one[1][1], one[0] or "")))


def together(places: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Several places as one, as ``by_place`` tells one."""
    counts = ({s: one[s] for s in SYSTEMS} for one in places.values())
    longest = max((one["longest"] for one in places.values()), default=0)
    return dict.fromkeys(SYSTEMS, 0) | total(counts) | {"longest": longest}


def all_systems(one: Mapping[str, int]) -> int:
    """How many are late in all systems together, of one place."""
    return sum(one[system] for system in SYSTEMS)


def _rows(found: pa.Table, column: str) -> list[tuple[str, Any, int]]:
    names = ("system", column, "days")
    return list(zip(*(found[name].to_pylist() for name in names), strict=True))
