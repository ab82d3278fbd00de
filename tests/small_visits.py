"""Who helps and who came in the small county: rows of cadre, pairing, visit, stay and patrol.

H01 was visited as it should be, H02 by another than its helper, H05 long ago, H04 (monitored) two
months ago, H03 and H06 (poor) never; nobody helps these two. C1 keeps the nights of a team member,
C2 half of a helper's; C3 and C4 were never in a village.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

Rows = list[dict[str, Any]]


def rows(hill: str, brook: str, mill: str) -> dict[str, Rows]:
    """The rows by table, for three villages."""
    return {
        "cadre": _cadres(hill, brook, mill),
        "pairing": [
            {"household_id": home, "village_code": village, "cadre_id": cadre,
             "paired_on": date(2021, 6, 1)}
            for home, village, cadre in (("H01", hill, "C2"), ("H02", hill, "C2"),
                                         ("H04", brook, "C1"), ("H05", mill, "C3"))
        ],
        "visit": _visits(hill, brook, mill),
        "stay": _stays(hill),
        "patrol": [
            {"patrol_id": f"P{i}", "village_code": village, "patrol_kind": kind,
             "patrolled_on": on, "patroller": "郑试巡", "absent_people": absent}
            for i, (village, kind, on, absent) in enumerate((
                (hill, "patrol", date(2025, 12, 10), 0),
                (hill, "inspection", date(2025, 11, 5), 0),
                (brook, "patrol", date(2025, 10, 10), 1),
            ))
        ],
    }  # fmt: skip


def _cadres(hill: str, brook: str, mill: str) -> Rows:
    roles = (
        ("C1", hill, "郑试一", "first_secretary"),
        ("C2", hill, "郑试二", "helper"),
        ("C3", mill, "郑试三", "helper"),
        ("C4", brook, "郑试四", "county_cadre"),
    )
    return [
        {"cadre_id": key, "village_code": village, "cadre_name": name, "cadre_unit": "县试验局",
         "cadre_role": role, "cadre_phone": f"2000000{i:04d}", "since_on": date(2021, 6, 1)}
        for i, (key, village, name, role) in enumerate(roles)
    ]  # fmt: skip


def _visits(hill: str, brook: str, mill: str) -> Rows:
    made = (
        ("H01", hill, "C2", date(2025, 12, 10), True),
        ("H02", hill, "C1", date(2025, 11, 1), True),
        ("H04", brook, "C1", date(2025, 11, 1), False),
        ("H05", mill, "C3", date(2025, 1, 15), True),
    )
    return [
        {"visit_id": f"V{i}", "household_id": home, "village_code": village, "cadre_id": cadre,
         "visited_on": on, "entered_on": on + timedelta(days=1), "talked": True,
         "measures_reviewed": True, "data_verified": True, "home_tidied": tidied}
        for i, (home, village, cadre, on, tidied) in enumerate(made)
    ]  # fmt: skip


def _stays(hill: str) -> Rows:
    weeks = [date(2025, 12, 1) + timedelta(days=7 * i) for i in range(4)]
    kept = [("C1", week, 4) for week in weeks] + [("C2", week, 2) for week in weeks[:2]]
    return [
        {"stay_id": f"T{i}", "cadre_id": cadre, "village_code": hill, "arrived_on": on,
         "left_on": on + timedelta(days=nights)}
        for i, (cadre, on, nights) in enumerate(kept)
    ]  # fmt: skip
