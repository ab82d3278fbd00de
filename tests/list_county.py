"""The small county with lists of other departments.

The man of H02 died by the list and lives in the register, as does H05's head since a week. H06
(poor) has a car and a motorcycle, H01 has a car and no support, and the head of H03 may have one:
that row has no number. Of the four at school two are on the roll, one of them as dropped out, one
perhaps: that row has no number either. A stranger is of no register.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from store import schema
from store.snapshots import Snapshot
from tests import small_county
from tests.small_county import BROOK, HILL, MILL

_SCHOOL = {"H03-10": "grade_9", "H03-11": "grade_8", "H05-15": "grade_9", "H05-16": "grade_7"}


def _row(number: int, list_: str, village: str, **values: Any) -> dict[str, Any]:
    return {
        "list_entry_id": f"E{number}",
        "department_list": list_,
        "region_code": village,
    } | values


def _people() -> tuple[pa.Table, dict[str, dict[str, Any]]]:
    """The members, some of them at school, and each by number."""
    rows = small_county.tables()["member"].to_pylist()
    for row in rows:
        row["school_status"] = _SCHOOL.get(row["member_id"], "none")
    arrow = schema.BY_NAME["member"].arrow
    return pa.Table.from_pylist(rows, arrow), {row["member_id"]: row for row in rows}


def rows(people: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of the lists."""

    def of(member: str) -> dict[str, Any]:
        one = people[member]
        return {
            "person_name": one["name"],
            "identity_number": one["identity_number"],
            "birth_date": one["birth_date"],
        }

    nameless = of("H03-4") | {"identity_number": None}
    stranger = {"person_name": "外试人", "identity_number": "619925197001019993",
                "birth_date": date(1970, 1, 1)}  # fmt: skip
    car = {"entry_kind": "car", "list_amount_yuan": 68000.0, "list_event_on": date(2023, 5, 6)}
    return [
        _row(1, "death", HILL, **of("H02-3"), list_event_on=date(2025, 9, 1)),
        _row(2, "death", MILL, **of("H05-7"), list_event_on=date(2025, 12, 24)),
        _row(3, "death", MILL, **stranger, list_event_on=date(2025, 3, 3)),
        _row(4, "vehicle", MILL, **of("H06-9"), **car),
        _row(5, "vehicle", HILL, **of("H01-0"), **car),
        _row(6, "vehicle", BROOK, **nameless, **car),
        _row(7, "vehicle", MILL, **of("H06-8"), **(car | {"entry_kind": "motorcycle"})),
        _row(8, "school", MILL, **of("H05-14"), roll_state="at_school"),
        _row(9, "school", MILL, **of("H05-15"), roll_state="dropped_out"),
        _row(10, "school", BROOK, **of("H03-10"), roll_state="at_school"),
        _row(11, "school", BROOK, **(of("H03-11") | {"identity_number": None})),
    ]


def publish(home: Path) -> Snapshot:
    """Publish the small county with these lists into a home folder."""
    member, people = _people()
    arrow = schema.BY_NAME["list_entry"].arrow
    entries = [{name: row.get(name) for name in arrow.names} for row in rows(people)]
    other = {"member": member, "list_entry": pa.Table.from_pylist(entries, arrow)}
    return small_county.publish(home, other=other)
