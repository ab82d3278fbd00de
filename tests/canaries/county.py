"""The small county with a canary a township: words in its rows that stand nowhere else."""

from __future__ import annotations

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
from tests import small_county, viewers
from tests.small_county import COUNTY, DATA_DATE, EAST, HOUSEHOLDS, WEST

# What the rows of a township hold and nothing else does: in numbers of households and in texts,
# which begin as a formula does.
CANARY = {EAST: "CANARYEAST", WEST: "CANARYWEST"}
_OF = {row[0]: row[1][:9] for row in HOUSEHOLDS}
# Columns that say what a row is, and are no text of anybody's.
_PLAIN = ("village_code", "household_id", "member_id", "site_id", "identity_number", "phone")


def numbered(household: str) -> str:
    """The number that a household of the small county has here."""
    return f"{CANARY[_OF[household]]}{household}"


def _refused(row: dict[str, Any], place: str) -> dict[str, Any]:
    """A refused row: what is said of it and what stood in it, which is loaded again as it was."""
    found = {key: f"{row[key]}{CANARY[place]}" for key in ("value",) if key in row}
    found |= {key: [f"{c}{CANARY[place]}" for c in row[key]] for key in ("cells",) if key in row}
    return row | found


def _told(column: schema.Column, value: Any, place: str) -> Any:
    if not isinstance(value, str) or column.codes:
        return value
    if column.name in ("household_id", "member_id"):
        return f"{CANARY[place]}{value}"
    return value if column.name in _PLAIN else f"={value}{CANARY[place]}"


def tables() -> dict[str, pa.Table]:
    """The small county's tables, each text of a row with the canary of its township."""
    found = {}
    for name, table in small_county.tables().items():
        declared = schema.BY_NAME[name]
        if declared.place:
            rows = [_refused(row, row["region_code"][:9]) for row in table.to_pylist()]
            table = pa.Table.from_pylist(rows, declared.arrow)
        if declared.region == "village_code":
            rows = [
                {
                    column.name: _told(column, row[column.name], row["village_code"][:9])
                    for column in declared.columns
                }
                for row in table.to_pylist()
            ]
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
