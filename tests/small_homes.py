"""Happiness homes of the small county: rows of the four tables.

X1 is in order but for its size, X2 lacks a director, its reading room and a place; H02 lives in X1
and has all, H06 in X2 with less; H03 may live in a home and does not, H05 has a safe house.
"""

from __future__ import annotations

from datetime import date
from typing import Any

Rows = list[dict[str, Any]]


def rows(hill: str, brook: str, mill: str) -> dict[str, Rows]:
    """The rows by table, for three villages."""
    return {
        "happiness_home": [
            _home("X1", hill, "高坡幸福院", 8, "郑试一", 300.0),
            _home("X2", mill, "磨坊幸福院", 0, None, None) | {"home_reading_room": False},
        ],
        "home_applicant": [
            _surveyed("H02", hill, 1, "cave") | _path(),
            _surveyed("H06", mill, 2, "dangerous")
            | _path()
            | {
                "village_notice_on": None,
                "review_departments": 7,
                "reviewed_on": date(2018, 9, 1),
            },
            _surveyed("H03", brook, 4, "dangerous") | {"applied_on": date(2018, 5, 1)},
            _surveyed("H05", mill, 5, "safe"),
        ],
        "home_resident": [
            _resident("H02", hill, "X1", 1, 42.0),
            _resident("H06", mill, "X2", 2, 38.0) | {"moved_in_on": date(2025, 2, 1)},
        ],
        "package_holding": [
            _holding("H02", hill, 1.2, 1.0, 1.0, 320.0),
            _holding("H06", mill, 2.0, 2.0, 2.2, 300.0),
            _holding("H03", brook, 4.0, 3.0, 4.0, 299.0),
            _holding("H05", mill, 5.0, 5.0, 5.0, 400.0),
        ],
    }


def _home(
    home: str, village: str, name: str, planned: int, director: str | None, paid: float | None
) -> dict[str, Any]:
    has = ("water", "power", "road", "clinic", "gym", "reading_room", "square")
    return {
        "home_id": home,
        "village_code": village,
        "name": name,
        "home_built_on": date(2018, 9, 1),
        "planned_households": planned,
        "built_from": "school",
        "collectively_owned": True,
        "director_name": director,
        "director_month_yuan": paid,
        **{f"home_{one}": True for one in has},
    }


def _surveyed(home: str, village: str, people: int, dwelling: str) -> dict[str, Any]:
    return {
        "household_id": home,
        "village_code": village,
        "surveyed_people": people,
        "old_dwelling": dwelling,
        "three_without": True,
        "surveyed_on": date(2018, 3, 1),
    }


def _path() -> dict[str, Any]:
    return {
        "applied_on": date(2018, 4, 1),
        "village_notice_on": date(2018, 4, 15),
        "township_notice_on": date(2018, 5, 1),
        "reviewed_on": date(2018, 5, 20),
        "review_departments": 8,
        "decided_on": date(2018, 6, 10),
    }


def _resident(home: str, village: str, where: str, people: int, area: float) -> dict[str, Any]:
    return {
        "household_id": home,
        "village_code": village,
        "home_id": where,
        "home_people": people,
        "home_m2": area,
        "moved_in_on": date(2018, 10, 1),
    }


def _holding(
    home: str, village: str, grain: float, trees: float, power: float, income: float
) -> dict[str, Any]:
    return {
        "household_id": home,
        "village_code": village,
        "grain_mu": grain,
        "trees_mu": trees,
        "pv_kw": power,
        "month_income_yuan": income,
    }
