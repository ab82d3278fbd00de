"""The small county with a canary a township: words in its rows that stand nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from findings import writing
from findings.evidence import of_text
from findings.writing import Given, Measure, Problem
from metrics.county import open_county
from state.database import opened
from store import schema
from store.snapshots import Home
from tests import fund_county, small_county, viewers
from tests.small_county import BROOK, COUNTY, DATA_DATE, EAST, HILL, HOUSEHOLDS, MILL, WEST

# What the rows of a township hold and nothing else does: in numbers of households and in texts,
# which begin as a formula does.
CANARY = {EAST: "CANARYEAST", WEST: "CANARYWEST"}
# The list of who moved into a class of labour since the year before, one household of the township.
MOVED = {
    EAST: "class.labour_class.no_labour.2024.unknown",
    WEST: "class.labour_class.weak.2024.unknown",
}
_OF = {row[0]: row[1][:9] for row in HOUSEHOLDS}
# Columns that say what a row is, and are no text of anybody's.
_PLAIN = (
    *("village_code", "region_code", "household_id", "member_id", "site_id", "fund_id"),
    *("identity_number", "phone", "zone_code", "parent_zone"),
)
# Tables of which the small county has rows of one township alone: the same in the other one. What
# numbers them has the township's canary.
_OF_ONE = (
    *("project", "project_path", "project_schedule", "project_beneficiary"),
    *("asset", "asset_year", "dividend", "facility", "facility_fund", "points_month"),
)
_OTHER = {MILL: HILL, HILL: MILL, BROOK: MILL}
_HOUSEHOLD = {"H01": "H05", "H02": "H06", "H03": "H05", "H04": "H06", "H05": "H01", "H06": "H02"}


def numbered(household: str) -> str:
    """The number that a household of the small county has here."""
    return f"{CANARY[_OF[household]]}{household}"


def _refused(row: dict[str, Any], place: str) -> dict[str, Any]:
    """A refused row: what is said of it and what stood in it, which is loaded again as it was."""
    found = {key: f"{row[key]}{CANARY[place]}" for key in ("value",) if key in row}
    found |= {key: [f"{c}{CANARY[place]}" for c in row[key]] for key in ("cells",) if key in row}
    return row | found


def _of_both() -> dict[str, list[dict[str, Any]]]:
    """Rows of kinds that the small county has of one township alone: a case, verifications."""
    case = {
        "household_id": "H06",
        "village_code": MILL,
        "monitor_kind": "unstable",
        "risk_1": "illness",
        "identified_on": date(2025, 10, 1),
        "cleared": False,
    }
    check = {
        "household_id": "H05",
        "village_code": MILL,
        "check_item": "income",
        "checked_on": date(2025, 4, 1),
        "verifier": "吴试十",
        "check_result": "agrees",
    }
    return {"monitored_household": [case], "nine_check": [check]}


def _mirrored(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it stands in the other township."""
    about = {"household_id": _HOUSEHOLD[row["household_id"]]} if row.get("household_id") else {}
    return {**row, "village_code": _OTHER[row["village_code"]], **about}


def _told(column: schema.Column, value: Any, place: str) -> Any:
    if not isinstance(value, str) or column.codes:
        return value
    if column.name in ("household_id", "member_id"):
        return f"{CANARY[place]}{value}"
    return value if column.name in _PLAIN else f"={value}{CANARY[place]}"


def _of_place(declared: schema.Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row with the canary of its township; as it is where it is the county's."""
    place = row[declared.region][:9]
    if place not in CANARY:
        return row
    return {column.name: _told(column, row[column.name], place) for column in declared.columns}


def tables() -> dict[str, pa.Table]:
    """The small county's tables, each text of a row with the canary of its township."""
    found = {}
    given = small_county.tables()
    more = _of_both() | {name: list(rows) for name, rows in fund_county.ROWS.items()}
    more |= {name: [_mirrored(row) for row in given[name].to_pylist()] for name in _OF_ONE}
    for name, table in given.items():
        declared = schema.BY_NAME[name]
        if name in more:
            added = [{c: row.get(c) for c in table.column_names} for row in more[name]]
            table = pa.concat_tables([table, pa.Table.from_pylist(added, declared.arrow)])
        if declared.place:
            rows = [_refused(row, row["region_code"][:9]) for row in table.to_pylist()]
            table = pa.Table.from_pylist(rows, declared.arrow)
        if declared.region in ("village_code", "region_code") and not declared.place:
            rows = [_of_place(declared, row) for row in table.to_pylist()]
            table = pa.Table.from_pylist(rows, declared.arrow)
        found[name] = table
    return found


def write_findings(path: Path) -> None:
    """A problem of each township, mended with evidence, every text of it with the canary."""
    whole = viewers.role("inspector", subject="du.cha")
    mender = viewers.role("township_leader", subject="zhen.zhang")
    with opened(path) as state:
        for household, village, *_ in (HOUSEHOLDS[0], HOUSEHOLDS[4]):
            word = f"={CANARY[village[:9]]}"
            number = writing.open_finding(
                state,
                whole,
                Problem("check", "rule.exit_income", "household", numbered(household), village,
                        word, numbered(household), word),
            )  # fmt: skip
            given = Given(word, measures=(Measure(word, (word,)),), responsible=word)
            writing.take(state, whole, number, "assign", given)
            writing.take(state, mender, number, "mend", Given(word, (of_text(word),)))


def publish(path: Path) -> None:
    """Two data dates of it, opened once so that all that pages read is there; and its findings."""
    for day in (DATA_DATE.replace(month=11, day=30), DATA_DATE):
        Home(path).publish(tables(), data_date=day, county_code=COUNTY, loaded_by="test",
                           sources=[], report={})  # fmt: skip
    for number in Home(path).numbers():
        open_county(Home(path), number)
    write_findings(path)
