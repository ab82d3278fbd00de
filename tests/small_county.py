"""A county of two townships, three villages and a few households, written by hand for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from glossary import codes
from store import schema
from store.simulated import Origin, State, entry_of
from store.snapshots import Home, Snapshot
from tests import (
    small_calendar,
    small_homes,
    small_income,
    small_visits,
    small_work,
    small_zones,
)

COUNTY = "619925"
EAST, WEST = "619925101", "619925102"
HILL, BROOK, MILL = "619925101201", "619925101202", "619925102201"
DATA_DATE = date(2025, 12, 31)


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    arrow = schema.BY_NAME[name].arrow
    full = [{column: row.get(column) for column in arrow.names} for row in rows]
    return pa.Table.from_pylist(full, arrow)


# indicator as written, place, year, value, unit, office
TARGETS: list[tuple[str, str, int, float, str | None, str | None]] = [
    ("建档立卡户人均纯收入", COUNTY, 2026, 0.8, "万元", "县农业农村局"),
    ("per_capita_income", EAST, 2026, 9000.0, "元", None),
    ("集体收入10万元以上村占比", COUNTY, 2026, 60.0, "%", "县委组织部"),
    ("监测户", COUNTY, 2025, 1.0, "户", None),
    ("监测户", COUNTY, 2026, 1.0, "户", None),
    ("集体收入10万元以上村占比", COUNTY, 2025, 45.0, "%", None),
    ("没有的指标", EAST, 2026, 5.0, None, None),
]

OFFICIAL = {HILL: "高坡村村民委员会", BROOK: "溪口村委会"}  # of the others the name itself


def _regions() -> list[dict[str, Any]]:
    places = [
        (COUNTY, "county", "试验县", None),
        (EAST, "township", "东岭镇", COUNTY),
        (WEST, "township", "西川镇", COUNTY),
        (HILL, "village", "高坡村", EAST),
        (BROOK, "village", "溪口村", EAST),
        (MILL, "village", "磨坊村", WEST),
    ]
    return [
        {
            "region_code": c,
            "level": lv,
            "name": n,
            "official_name": OFFICIAL.get(c, n),
            "short_name": n[:-1],
            "parent_code": p,
        }
        for c, lv, n, p in places
    ]


# id, village, head, registered, identified, exit year, members, income 2023-2025 a person
HOUSEHOLDS: list[tuple[str, str, str, bool, date | None, int | None, int, tuple[float, ...]]] = [
    ("H01", HILL, "张试三", True, date(2014, 1, 1), 2014, 3, (9000.0, 9500.0, 10000.0)),
    ("H02", HILL, "李试", True, date(2014, 1, 1), 2018, 1, (8000.0, 9000.0, 7000.0)),
    ("H03", BROOK, "王试五", True, date(2014, 1, 1), 2015, 4, (7000.0, 8000.0, 7200.0)),
    ("H04", BROOK, "赵试六", False, None, None, 2, (5000.0, 5500.0, 5600.0)),
    ("H05", MILL, "孙试七", True, date(2014, 1, 1), 2025, 5, (3000.0, 3500.0, 4100.0)),
    ("H06", MILL, "周试八", True, date(2014, 1, 1), None, 2, (2500.0, 2600.0, 2700.0)),
]


def _states(exit_year: int | None, registered: bool, year: int) -> str | None:
    if not registered:
        return None
    if exit_year is None or year < exit_year:
        return "poor"
    return "exited_now" if year == exit_year else "exited_before"


def _years() -> list[dict[str, Any]]:
    rows = []
    for hid, village, _, registered, _, exit_year, members, incomes in HOUSEHOLDS:
        for year, per_person in zip((2023, 2024, 2025), incomes, strict=True):
            net = per_person * members
            rows.append(
                {
                    "household_id": hid,
                    "village_code": village,
                    "year": year,
                    "member_count": members,
                    "poverty_state": _states(exit_year, registered, year),
                    "wage_yuan": net * 0.6,
                    "business_yuan": net * 0.3,
                    "property_yuan": 0.0,
                    "transfer_yuan": net * 0.2,
                    "expense_yuan": net * 0.1,
                    "net_income_yuan": net,
                    "per_capita_net_income_yuan": per_person,
                    "own_payment_yuan": 0.0,
                    "source_file": "income.txt",
                    "source_row": len(rows) + 2,
                }
            )
    return rows


def _members() -> list[dict[str, Any]]:
    # id, household, name, birth, relation, health, labour, work months
    people = [
        ("H01", "张试三", 1970, "head", "healthy", "ordinary", 10),
        ("H01", "李试梅", 1972, "spouse", "chronic", "weak", 0),
        ("H01", "张试小", 2008, "son", "healthy", "none", 0),
        ("H02", "李试", 1950, "head", "healthy", "none", 0),
        ("H03", "王试五", 1965, "head", "major_illness", "lost", 0),
        ("H03", "钱试九", 1966, "spouse", "healthy", "ordinary", 3),
        ("H04", "赵试六", 1980, "head", "disabled", "none", 0),
        ("H05", "孙试七", 1985, "head", "healthy", "skilled", 11),
        ("H06", "周试八", 1948, "head", "healthy", "none", 0),
        ("H06", "周试远", 1975, "son", "healthy", "ordinary", 9),
        ("H03", "王试东", 2009, "son", "healthy", "none", 0),
        ("H03", "王试西", 2011, "daughter", "healthy", "none", 0),
        ("H04", "赵试南", 2012, "son", "healthy", "none", 0),
        ("H05", "孙试北", 2008, "son", "healthy", "none", 0),
        ("H05", "孙试青", 2010, "daughter", "healthy", "none", 0),
        ("H05", "孙试红", 2013, "daughter", "healthy", "none", 0),
        ("H05", "孙试蓝", 2016, "son", "healthy", "none", 0),
    ]
    villages = {row[0]: row[1] for row in HOUSEHOLDS}
    # Public-interest posts: one held at 75, three held by one person.
    posts = {"H01-1": 1, "H02-3": 1, "H05-7": 3}
    return [
        {
            "member_id": f"{hid}-{i}",
            "household_id": hid,
            "village_code": villages[hid],
            "name": name,
            "identity_number": f"619925{born}010100{i:02d}",
            "birth_date": date(born, 1, 1),
            "relation": relation,
            "health": health,
            "labour": labour,
            "work_months": float(months),
            "public_post_count": posts.get(f"{hid}-{i}"),
            "employee_pension": False if hid in ("H02", "H06") else None,
            "public_post_on": date(2024, 3, 1) if f"{hid}-{i}" in posts else None,
        }
        for i, (hid, name, born, relation, health, labour, months) in enumerate(people)
    ]


def _ledger() -> list[dict[str, Any]]:
    # household, village, group, opened, due, closed
    entries = [
        ("H02", HILL, "elderly_living_alone", date(2025, 1, 5), date(2025, 6, 30), None),
        ("H03", BROOK, "major_illness_disability", date(2025, 2, 1), date(2026, 6, 30), None),
        ("H03", BROOK, "income_drop", date(2025, 11, 1), date(2026, 1, 15), None),
        ("H01", HILL, "borderline", date(2025, 3, 1), date(2025, 9, 1), date(2025, 8, 1)),
        # Closed, and the household is still monitored as borderline.
        ("H04", BROOK, "borderline", date(2024, 6, 1), date(2025, 3, 1), date(2025, 2, 1)),
    ]
    return [
        {
            "entry_id": f"E{i}",
            "household_id": hid,
            "village_code": village,
            "group_key": group,
            "reason": "试验",
            "responsible": "吴试十",
            "opened_on": opened,
            "due_on": due,
            "closed_on": closed,
        }
        for i, (hid, village, group, opened, due, closed) in enumerate(entries)
    ]


def _changes() -> list[dict[str, Any]]:
    # household, village, member, kind, on, people
    changes = [
        ("H04", BROOK, None, "identified", date(2022, 3, 1), 2),
        ("H04", BROOK, None, "removed", date(2024, 6, 1), 2),
        ("H01", HILL, "H01-2", "born", date(2025, 2, 1), 1),
        ("H02", HILL, None, "corrected", date(2025, 9, 1), None),
    ]
    return [
        {
            "event_id": f"B{i}",
            "household_id": hid,
            "village_code": village,
            "member_id": member,
            "change_kind": kind,
            "changed_on": on,
            "people": people,
        }
        for i, (hid, village, member, kind, on, people) in enumerate(changes)
    ]


def tables() -> dict[str, pa.Table]:
    """Every table of the small county, in the schema's form."""
    households = [
        {
            "household_id": hid,
            "village_code": village,
            "head_name": head,
            "phone": f"1000000{i:04d}",
            "registered": registered,
            "identified_on": identified,
            "exit_year": exit_year,
            "member_count": members,
            "cause_1": {"H05": "labour", "H06": "illness"}.get(hid),
            "cause_2": "labour" if hid == "H06" else None,
            "housing_unsafe": hid == "H06",
            "water_unsafe": False,
        }
        for i, (hid, village, head, registered, identified, exit_year, members, _) in enumerate(
            HOUSEHOLDS
        )
    ]
    monitored = [
        {
            "household_id": "H04",
            "village_code": BROOK,
            "monitor_kind": "borderline",
            "risk_1": "disability",
            "identified_on": date(2024, 5, 1),
            "cleared": False,
        }
    ]
    relocated = [
        {
            "household_id": "H05",
            "village_code": MILL,
            "site_id": "S1",
            "people": 5,
            "moved_in_on": date(2019, 6, 1),
            "months_in_new_home": 5.0,
            "old_house_demolished": True,
            "approach": "site",
            "certificate": True,
            "land_restored": False,
        }
    ]
    site = {
        "site_id": "S1",
        "village_code": MILL,
        "name": "磨坊安置点",
        "longitude": 109.1,
        "latitude": 33.4,
        "large": True,
        "planned_households": 40,
        "school_km": 1.0,
        "clinic_km": 3.0,
        "workshop_km": 0.5,
        "workshops": 1,
        "jobs": 30,
        "follow_up_yuan": 100000.0,
    }
    villages = [
        {
            "village_code": code,
            "year": year,
            "population": people,
            "households": people // 4,
            "collective_income_yuan": income,
            "water_ok": True,
            "road_hard": code != MILL,
        }
        for code, people, income in ((HILL, 100, 60000.0), (BROOK, 200, 120000.0), (MILL, 100, 0.0))
        for year in (2023, 2024, 2025)
    ]
    project = {
        "project_id": "P1",
        "village_code": MILL,
        "name": "磨坊产业路",
        "category": "rural_works",
        "year": 2025,
        "planned_yuan": 250000.0,
        "paid_yuan": 200000.0,
    }
    measure = {
        "household_id": "H05",
        "village_code": MILL,
        "kind": "relocation",
        "detail": "集中安置",
    }
    rows: dict[str, list[dict[str, Any]]] = {
        "region": _regions(),
        "household": households,
        "member": _members(),
        "household_year": _years(),
        "monitored_household": monitored,
        "measure": [measure],
        "nine_check": _verified(),
        "inspection": _inspected(),
        "ledger_entry": _ledger(),
        "relocation": relocated,
        "settlement_site": [site],
        "village_year": villages,
        "project": [project],
        **_built(),
        "change_event": _changes(),
        "benefit": _benefits(),
        "sieve_result": _screened(),
        **small_visits.rows(HILL, BROOK, MILL),
        **small_homes.rows(HILL, BROOK, MILL),
        **small_work.rows(HILL, BROOK, MILL),
        **small_zones.rows(HILL, BROOK, MILL),
        **small_calendar.rows(HILL, MILL),
        **small_income.rows(HILL, BROOK, MILL),
        **_refused(),
        "target": _targets(),
    }
    return {table.name: _table(table.name, rows.get(table.name, [])) for table in schema.TABLES}


def _targets() -> list[dict[str, Any]]:
    columns = ("indicator", "region_code", "year", "target_value", "target_unit", "unit_in_charge")
    return [dict(zip(columns, row, strict=True)) for row in TARGETS]


def _built() -> dict[str, list[dict[str, Any]]]:
    """The way of P1, begun and on two sheets, and its households; an asset of before with its
    yields and dividends; a facility and what is raised for it; points of three months."""
    path = {
        "project_id": "P1",
        "village_code": MILL,
        "listed_on": date(2025, 1, 6),
        "approved_on": date(2025, 2, 10),
        "tender_way": "consultation",
        "tendered_on": date(2025, 3, 10),
        "bidders": 3,
        "contractor": "试验建筑公司",
        "contract_yuan": 240000.0,
        "planned_start_on": date(2025, 4, 1),
        "started_on": date(2025, 4, 11),
        "planned_built_on": date(2026, 2, 28),
    }
    sheets = [
        {
            "project_id": "P1",
            "village_code": MILL,
            "sheet_on": day,
            "progress_percent": done,
            "invested_yuan": 2500.0 * done,
            "paid_yuan": paid,
            "difficulty": hard,
            "source_file": "西川镇调度表.xlsx",
            "source_row": 4,
        }
        for day, done, paid, hard in (
            (date(2025, 12, 15), 70.0, 150000.0, "雨季停工"),
            (date(2025, 12, 31), 85.0, 200000.0, None),
        )
    ]
    homes = [
        {
            "project_id": "P1",
            "household_id": home,
            "village_code": MILL,
            "promised_jobs": jobs,
            "jobs": jobs,
            "promised_income_yuan": 1000.0,
            "income_yuan": had,
            "promised_dividend_yuan": 0.0,
            "dividend_yuan": 0.0,
        }
        for home, jobs, had in (("H05", 1, 1200.0), ("H06", 0, 900.0))
    ]
    asset = {
        "asset_id": "A1",
        "village_code": HILL,
        "name": "高坡车间",
        "asset_class": "operating",
        "asset_kind": "workshop",
        "value_yuan": 100000.0,
        "owner_level": "village",
        "owner": "高坡村股份经济合作社",
        "custodian": "高坡村股份经济合作社",
        "asset_state": "let",
        "contract_until": date(2027, 2, 28),
        "agreed_yield_yuan": 6000.0,
        "dividend_rate_percent": 5.0,
    }
    yields = [
        {"asset_id": "A1", "village_code": HILL, "year": year, "yield_yuan": got}
        for year, got in ((2024, 5400.0), (2025, 6300.0))
    ]
    paid = [
        {
            "dividend_id": number,
            "asset_id": "A1",
            "village_code": HILL,
            "year": 2025,
            "dividend_payee": kind,
            "household_id": home,
            "amount_yuan": yuan,
        }
        for number, kind, home, yuan in (
            ("D1", "household", "H01", 3000.0),
            ("D2", "collective", None, 2000.0),
        )
    ]
    facility = {
        "facility_id": "F1",
        "village_code": BROOK,
        "name": "溪口供水点",
        "facility_kind": "water",
        "upkeep_route": "market",
        "owner": "溪口村民委员会",
        "caretaker": "郑试一",
        "facility_state": "good",
        "patrolled_on": date(2025, 12, 1),
        "patrolled_on_until": date(2025, 12, 1),
        "upkeep_yuan": 2400.0,
    }
    raised = {
        "village_code": BROOK,
        "year": 2025,
        "upkeep_budget_yuan": 3000.0,
        "upkeep_users_yuan": 500.0,
    }
    points = [
        {
            "village_code": BROOK,
            "month_on": date(2025, month, 1),
            "month_on_until": date(2025, month, 28),
            "points_households": 10,
            "points_earned": 100,
            "points_redeemed": redeemed,
        }
        for month, redeemed in ((10, 60), (11, 90), (12, 0))
    ]
    return {
        "project_path": [path],
        "project_schedule": sheets,
        "project_beneficiary": homes,
        "asset": [asset],
        "asset_year": yields,
        "dividend": paid,
        "facility": [facility],
        "facility_fund": [raised],
        "points_month": points,
    }


def _verified() -> list[dict[str, Any]]:
    """H01 has all nine verifications, H02 all but one that is pending, the others have none."""
    return [
        {
            "household_id": hid,
            "village_code": HILL,
            "check_item": item,
            "checked_on": date(2025, month, 1 + i),
            "verifier": "吴试十",
            "check_result": "pending" if (hid, item) == ("H02", "wishes") else "agrees",
        }
        for hid, month in (("H01", 3), ("H02", 5))
        for i, item in enumerate(codes()["nine_item"])
    ]


def _inspected() -> list[dict[str, Any]]:
    """H01's six items are in order; of H05 one is mended, one is not, four were not looked at."""
    found = [("H01", HILL, item, "met", None) for item in codes()["inspection_item"]]
    found += [
        ("H05", MILL, "housing", "unmet", date(2025, 8, 1)),
        ("H05", MILL, "income", "unmet", None),
    ]
    return [
        {
            "household_id": hid,
            "village_code": village,
            "inspection_item": item,
            "inspected_on": date(2025, 6, 1),
            "inspection_result": result,
            "mended_on": mended,
        }
        for hid, village, item, result, mended in found
    ]


def _benefits() -> list[dict[str, Any]]:
    """Paid: an allowance, a pension due and one not due, and a care subsidy that has ended."""
    # household, village, member, kind, from, until, a month
    paid = [
        ("H04", BROOK, None, "minimum_allowance", date(2024, 1, 1), None, 300.0),
        ("H02", HILL, "H02-3", "pension", date(2015, 1, 1), None, 150.0),
        ("H05", MILL, "H05-7", "pension", date(2025, 1, 1), None, 150.0),
        ("H01", HILL, "H01-1", "disability_care", date(2020, 1, 1), date(2024, 1, 1), 60.0),
    ]
    return [
        {
            "benefit_id": f"J{i}",
            "household_id": hid,
            "village_code": village,
            "member_id": member,
            "benefit_kind": kind,
            "started_on": start,
            "ended_on": end,
            "month_yuan": amount,
        }
        for i, (hid, village, member, kind, start, end, amount) in enumerate(paid)
    ]


def _screened() -> list[dict[str, Any]]:
    """Housing of three households: one overdue, one mended, one sound; roads of two villages."""
    day, due = date(2025, 5, 1), date(2025, 7, 1)
    # sieve, village, household, unit, screened, finding, due, mended
    rows = [
        ("housing", MILL, "H06", "社会事务中心", day, "屋面漏雨", due, None),
        ("housing", BROOK, "H03", "社会事务中心", day, "标识牌缺失", due, date(2025, 6, 1)),
        ("housing", HILL, "H01", "社会事务中心", day, None, None, None),
        ("housing", HILL, "H02", "社会事务中心", None, None, None, None),
        ("village_road", MILL, None, "公路管理所", day, "边沟堵塞", date(2026, 6, 1), None),
        ("village_road", HILL, None, "公路管理所", day, None, None, None),
    ]
    columns = ("sieve", "village_code", "household_id", "unit_in_charge", "screened_on",
               "finding", "due_on", "mended_on")  # fmt: skip
    return [
        {"sieve_id": f"S{i}", **dict(zip(columns, row, strict=True))} for i, row in enumerate(rows)
    ]


def _refused() -> dict[str, list[dict[str, Any]]]:
    """A row that was not taken, and one cell that was mended."""
    place = {"file": "名单.xlsx", "sheet": "名单", "row": 7}
    of = {"region_code": HILL}
    quarantine = {"layout": "person_list", "header": "证件号码", "reason": "identity_check"}
    whole = {
        "layout": "person_list",
        "headers": ["户编号", "人编号", "姓名", "证件号码", "与户主关系"],
        "cells": ["H01", "H01-9", "张试九", "619925198001010010", "其他"],
    }
    mend = {"header": "村", "reason": "old_name", "before": "高坡老村", "after": "高坡村"}
    return {
        "quarantine": [{**of, **place, **quarantine, "value": "6*****************"}],
        "quarantine_row": [{**of, **place, **whole}],
        "mend": [{**place, "row": 8, **mend}],
    }


def publish(
    home: Path,
    data_date: date = DATA_DATE,
    simulated: State = "all",
    *,
    make_current: bool = False,
    base: int | None = None,
    other: Mapping[str, pa.Table] | None = None,
) -> Snapshot:
    """Publish the small county into a home folder, as made from the snapshot ``base``; ``other``
    tables take the place of its own."""
    origin = Origin("household", "名单.xlsx", simulated)
    return Home(home).publish(
        tables() | dict(other or {}),
        data_date=data_date,
        county_code=COUNTY,
        loaded_by="test",
        sources=[],
        report={} if base is None else {"base": base},
        simulated=entry_of([origin]),
        make_current=make_current,
    )
