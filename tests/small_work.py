"""Work in the small county: rows of employment, post, workplace and its roll, training and leaders.

H05's head is away in another province, H01's works at HILL's workshop, H03's wife came home in
November. H06's son was trained in vain. G1 is held as it should be, G2 by one who is away, G3 by
one who holds G4 too and is too old; G5 is vacant since summer. L1 brings H01 and H03 along,
L2 nobody.
"""

from __future__ import annotations

from datetime import date
from typing import Any

Rows = list[dict[str, Any]]


def rows(hill: str, brook: str, mill: str) -> dict[str, Rows]:
    """The rows by table, for three villages."""
    return {
        "employment": _spells(brook, mill),
        "post": _posts(hill, mill),
        "workplace": [
            {"workplace_id": "K1", "village_code": hill, "name": "高坡车间",
             "workplace_kind": "workshop", "jobs": 10, "running": True},
            {"workplace_id": "K2", "village_code": mill, "name": "磨坊基地",
             "workplace_kind": "base", "jobs": 8, "running": False},
        ],
        "workplace_worker": [
            {"workplace_id": "K1", "member_id": "H01-0", "household_id": "H01",
             "village_code": hill, "started_on": date(2025, 2, 1), "month_pay_yuan": 2600.0},
            {"workplace_id": "K2", "member_id": "H05-7", "household_id": "H05",
             "village_code": mill, "started_on": date(2023, 2, 1), "ended_on": date(2024, 2, 1)},
        ],
        "training": [
            {"training_id": "X1", "member_id": "H06-9", "household_id": "H06",
             "village_code": mill, "course": "缝纫", "trained_on": date(2025, 6, 1),
             "course_days": 8, "certified": True},
            {"training_id": "X2", "member_id": "H01-0", "household_id": "H01",
             "village_code": hill, "course": "电工", "trained_on": date(2025, 1, 10),
             "course_days": 10, "certified": False},
        ],
        "leader": _leaders(hill, mill),
        "led_household": [
            {"leader_id": "L1", "household_id": home, "village_code": village,
             "lead_way": "production", "led_since_on": date(2024, 3, 1), "led_income_yuan": 1800.0}
            for home, village in (("H01", hill), ("H03", brook))
        ],
    }  # fmt: skip


def _spells(brook: str, mill: str) -> Rows:
    spells = (
        ("H05", "H05-7", mill, date(2024, 3, 1), None, False, "province"),
        ("H03", "H03-5", brook, date(2025, 2, 1), date(2025, 11, 20), True, "outside"),
    )
    return [
        {"member_id": member, "household_id": home, "village_code": village,
         "started_on": start, "ended_on": end, "planned": False, "returned": back,
         "work_place": place, "month_pay_yuan": 3200.0}
        for home, member, village, start, end, back, place in spells
    ]  # fmt: skip


def _posts(hill: str, mill: str) -> Rows:
    held = (
        ("G1", hill, "ranger", "H01", "H01-1", "李试梅", date(2024, 3, 11), None, 20, 12),
        ("G2", mill, "set_up", "H05", "H05-7", "孙试七", date(2024, 3, 11), None, 20, 12),
        ("G3", hill, "special", "H02", "H02-3", "李试", date(2024, 3, 11), None, 10, 12),
        ("G4", hill, "ranger", "H02", "H02-3", "李试", date(2024, 3, 2), None, 20, 9),
        ("G5", hill, "relief", None, None, "吴试十", date(2023, 3, 11), date(2025, 7, 1), None, 6),
    )
    return [
        {"post_id": key, "village_code": village, "post_kind": kind, "duty": "保洁",
         "household_id": home, "member_id": member, "holder_name": name,
         "noticed_on": date(2024, 3, 1), "appointed_on": since, "vacated_on": left,
         "agreement_until": date(2026, 6, 30), "month_yuan": 500.0,
         "paid_through": date(2025, paid, 1), "attended_days": days}
        for key, village, kind, home, member, name, since, left, days, paid in held
    ]  # fmt: skip


def _leaders(hill: str, mill: str) -> Rows:
    steps = (date(2020, 3, 1), date(2020, 3, 9), date(2020, 3, 20), date(2020, 4, 2))
    names = ("recommended_on", "leader_inspected_on", "leader_reviewed_on", "leader_approved_on")
    return [
        {"leader_id": "L1", "village_code": hill, "leader_name": "冯试一", "leader_kind": "grower",
         "enterprise": "高坡合作社", "leader_phone": "20000009999",
         "leader_trained_on": date(2024, 5, 1), **dict(zip(names, steps, strict=True))},
        {"leader_id": "L2", "village_code": mill, "leader_name": "冯试二",
         "leader_kind": "returned", **dict(zip(names, steps[::-1], strict=True))},
    ]  # fmt: skip
