"""Lists that other departments keep of the county's people: who stands on them, in and outside the
register, and who is planned to stand there otherwise than the register says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from loaders.demo.model.member_details import SURNAMES, full_names, with_check_digit
from loaders.demo.model.sampling import Rng, pick, take

if TYPE_CHECKING:
    from loaders.demo.model.simulate import Simulation

# How many people are planned for each check.
_PLANNED = {
    "listed_dead_in_register": 12,
    "listed_not_on_school_roll": 14,
    "listed_left_school": 10,
    "listed_certificate_unrecorded": 12,
    "listed_grade_differs": 12,
    "listed_certificate_absent": 15,
    "listed_hospital_unwatched": 25,
    "listed_car_supported": 18,
    "listed_company_supported": 8,
    "listed_home_supported": 7,
    "listed_post_supported": 6,
}
# People who stand on a list as they may: whoever is not of the register, and of those who are.
_OUTSIDE = {"hospital": 900, "school": 1500, "disability": 300, "death": 700, "vehicle": 1500,
            "company": 350, "property": 600, "payroll": 800}  # fmt: skip
_PATIENTS, _CAR_OWNERS, _RIDERS, _PARTNERS, _SETTLED, _POSTS = 2500, 420, 260, 90, 380, 240
_DIED_LATELY, _WITHOUT_NUMBER = 5, 30
_SCHOOL = ("primary", "grade_7", "grade_8", "grade_9")
_YEAR = np.datetime64("2025-01-01")
COLUMNS = ["department_list", "person_name", "identity_number", "birth_date", "entry_kind",
           "list_event_on", "list_amount_yuan", "roll_state", "disability_grade",
           "village_code"]  # fmt: skip


def compare(
    rng: Rng, done: Simulation, spared: Iterable[str]
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Every row of the eight lists, and the members planned by check; nobody whose household is in
    ``spared`` is planned."""
    member = _people(done)
    member["free"] &= ~member["household_id"].isin(set(spared))
    planned: dict[str, list[str]] = {}
    lists = [
        _disability(rng, member, planned),
        _school(rng, member, planned),
        _hospital(rng, member, planned),
        _deaths(rng, member, planned),
        *_owned(rng, member, planned),
    ]
    known = set(member["identity_number"].dropna().str[:18])
    codes = done.village["village_code"].to_numpy(dtype=object)
    lists += [
        _outside(rng, key, count, codes, known, done.county.identity_prefix)
        for key, count in _OUTSIDE.items()
    ]
    every = pd.concat(lists, ignore_index=True)[COLUMNS]
    order = ["department_list", "village_code", "birth_date", "person_name", "list_event_on"]
    every = every.drop_duplicates(
        ["department_list", "identity_number", "person_name", "birth_date", "entry_kind",
         "list_event_on", "list_amount_yuan"]
    )  # fmt: skip
    return every.sort_values(order, kind="stable", ignore_index=True), planned


def _people(done: Simulation) -> pd.DataFrame:
    """The members with what is asked of them: whether free to be planned, watched or supported."""
    member = done.member.reset_index(drop=True)
    paid = done.benefit[done.benefit["benefit_kind"].eq("minimum_allowance")]
    allowance = paid["household_id"][paid["ended_on"].isna()]
    case = done.monitored_household
    watched = case["household_id"][~case["cleared"].astype(bool) & case["identified_on"].notna()]
    poor = done.household_year
    poor = poor[poor["year"].eq(2025) & poor["poverty_state"].isin(["poor", "fell_back"])]
    homes = member["household_id"]
    ever = homes.isin(case["household_id"])
    supported = homes.isin(allowance) | homes.isin(watched) | homes.isin(poor["household_id"])
    return member.assign(
        free=~ever & (~homes.isin(paid["household_id"]) | homes.isin(allowance)),
        watched=homes.isin(watched),
        supported=supported | homes.isin(paid["household_id"]) | ever,
        allowance=homes.isin(allowance),
    )


def _rows(people: pd.DataFrame, key: str, **values: object) -> pd.DataFrame:
    """Rows of a list about some members."""
    return pd.DataFrame(
        {
            "department_list": key,
            "person_name": people["name"].to_numpy(),
            "identity_number": people["identity_number"].str[:18].to_numpy(),
            "birth_date": people["birth_date"].to_numpy(),
            "village_code": people["village_code"].to_numpy(),
            "entry_kind": None, "list_event_on": pd.NaT, "list_amount_yuan": np.nan,
               "roll_state": None, "disability_grade": np.nan, **values,
        }
    )  # fmt: skip


def _chosen(rng: Rng, member: pd.DataFrame, among: pd.Series, count: int) -> pd.DataFrame:
    """So many members, one a household and not chosen before: they are free no more."""
    free = among & member["free"] & ~member["household_id"].where(among).duplicated()
    at = take(rng, free.to_numpy() * 1.0, min(count, int(free.sum())))
    found = member.iloc[at]
    member["free"] &= ~member["household_id"].isin(found["household_id"])
    return found


def _plan(
    rng: Rng, member: pd.DataFrame, planned: dict[str, list[str]], check: str, among: pd.Series
) -> pd.DataFrame:
    found = _chosen(rng, member, among, _PLANNED[check])
    planned[check] = found["member_id"].to_list()
    return found


def _days(rng: Rng, count: int, first: str, last: str) -> np.ndarray:
    """Days from the first to the last, both included."""
    start, end = np.datetime64(first, "D"), np.datetime64(last, "D")
    return start + rng.integers(0, (end - start).astype(int) + 1, count)


def _disability(rng: Rng, member: pd.DataFrame, planned: dict[str, list[str]]) -> pd.DataFrame:
    """Certificates: of all who have a grade in the register, and of some who have none there."""
    graded = member["disability_grade"].notna()
    unknown = _plan(rng, member, planned, "listed_certificate_unrecorded",
                    ~graded & member["health"].eq("chronic"))  # fmt: skip
    other = _plan(rng, member, planned, "listed_grade_differs", graded)
    absent = _plan(rng, member, planned, "listed_certificate_absent", graded)
    listed = member[graded & ~member["member_id"].isin(absent["member_id"])]
    differs = listed["member_id"].isin(other["member_id"]).to_numpy()
    grade = listed["disability_grade"].to_numpy(dtype=float)
    grade = np.where(differs, np.where(grade >= 3, grade - 2, grade + 1), grade)
    parts = [(listed, grade), (unknown, rng.integers(1, 5, len(unknown)).astype(float))]
    return pd.concat(
        [
            _rows(people, "disability", disability_grade=grades,
                  list_event_on=_days(rng, len(people), "2012-01-01", "2025-06-30"))
            for people, grades in parts
        ]
    )  # fmt: skip


def _school(rng: Rng, member: pd.DataFrame, planned: dict[str, list[str]]) -> pd.DataFrame:
    """The roll: everybody in compulsory school by the register, some of whom left by the roll."""
    pupils = member["school_status"].isin(_SCHOOL)
    absent = _plan(rng, member, planned, "listed_not_on_school_roll",
                   pupils & member["age"].between(7, 14))  # fmt: skip
    left = _plan(rng, member, planned, "listed_left_school", pupils)
    listed = member[pupils & ~member["member_id"].isin(absent["member_id"])]
    gone = listed["member_id"].isin(left["member_id"]).to_numpy()
    state = np.where(gone, pick(rng, ("dropped_out", "suspended"), len(listed)), "at_school")
    return _rows(listed, "school", roll_state=state)


def _hospital(rng: Rng, member: pd.DataFrame, planned: dict[str, list[str]]) -> pd.DataFrame:
    """Stays in hospital: what patients paid themselves is heavy for few, most of them watched."""
    ill = member["health"].isin(["major_illness", "chronic", "disabled"])
    heavy = _plan(rng, member, planned, "listed_hospital_unwatched", ill)
    others = member[~member["member_id"].isin(heavy["member_id"])]
    weight = np.where(others["health"].eq("healthy"), 1.0, 12.0)
    patients = others.iloc[take(rng, weight, _PATIENTS)]
    paid = np.round(np.minimum(rng.lognormal(7.4, 0.7, len(patients)), 14000), 2)
    costly = others[others["watched"] & others["health"].eq("major_illness")].head(40)
    parts = [
        (patients, paid),
        (costly, np.round(rng.uniform(20500, 48000, len(costly)), 2)),
        (heavy, np.round(rng.uniform(21000, 60000, len(heavy)), 2)),
    ]
    return pd.concat(
        [
            _rows(people, "hospital", list_amount_yuan=yuan,
                  list_event_on=_days(rng, len(people), "2025-01-05", "2025-12-28"))
            for people, yuan in parts
        ]
    )  # fmt: skip


def _deaths(rng: Rng, member: pd.DataFrame, planned: dict[str, list[str]]) -> pd.DataFrame:
    """Deaths of the year that the register does not know yet, some of them of the last days."""
    old = member["age"].ge(62)
    late = _plan(rng, member, planned, "listed_dead_in_register", old)
    lately = _chosen(rng, member, old, _DIED_LATELY)
    return pd.concat(
        [
            _rows(late, "death", list_event_on=_days(rng, len(late), "2025-03-01", "2025-10-15")),
            _rows(lately, "death",
                  list_event_on=_days(rng, len(lately), "2025-12-05", "2025-12-28")),
        ]
    )  # fmt: skip


def _owned(rng: Rng, member: pd.DataFrame, planned: dict[str, list[str]]) -> Iterable[pd.DataFrame]:
    """Vehicles, businesses, homes and posts; and some that have a name and no number."""
    grown = member["age"].between(20, 62)
    supported = grown & member["allowance"]
    apart = grown & ~member["supported"]

    def odd(check: str, key: str, kind: str, yuan: tuple[int, int]) -> pd.DataFrame:
        people = _plan(rng, member, planned, check, supported)
        return _held(rng, people, key, kind, yuan)

    def held(
        among: pd.Series, count: int, key: str, kind: str, yuan: tuple[int, int]
    ) -> pd.DataFrame:
        people = member.iloc[take(rng, among.to_numpy() * 1.0, count)]
        return _held(rng, people, key, kind, yuan)

    cars, companies = (28_000, 160_000), (100_000, 3_000_000)
    homes, pay = (180_000, 520_000), (3200, 7800)
    yield odd("listed_car_supported", "vehicle", "car", cars)
    yield odd("listed_company_supported", "company", "company", companies)
    yield odd("listed_home_supported", "property", "commodity_home", homes)
    yield odd("listed_post_supported", "payroll", "established_post", pay)
    yield held(apart, _CAR_OWNERS, "vehicle", "car", cars)
    yield held(apart, _CAR_OWNERS // 4, "vehicle", "truck", cars)
    yield held(grown, _RIDERS, "vehicle", "motorcycle", (3000, 12_000))
    yield held(grown, _RIDERS, "vehicle", "farm_tricycle", (6000, 22_000))
    yield held(grown, _PARTNERS, "company", "cooperative", (50_000, 900_000))
    yield held(grown, _PARTNERS, "company", "individual_business", (5000, 80_000))
    yield held(grown, _SETTLED, "property", "resettlement_home", (20_000, 60_000))
    yield held(apart, _SETTLED // 4, "property", "commodity_home", homes)
    yield held(grown, _POSTS, "payroll", "public_post", (500, 900))
    nameless = _chosen(rng, member, supported, _WITHOUT_NUMBER)
    yield _held(rng, nameless, "vehicle", "car", cars).assign(identity_number=None)


def _held(
    rng: Rng, people: pd.DataFrame, key: str, kind: str, yuan: tuple[int, int]
) -> pd.DataFrame:
    return _rows(
        people,
        key,
        entry_kind=kind,
        list_event_on=_days(rng, len(people), "2015-03-01", "2025-10-31"),
        list_amount_yuan=np.round(rng.uniform(*yuan, len(people)), -2),
    )


_OUTSIDE_KINDS = {
    "vehicle": ("car", "truck", "motorcycle", "farm_tricycle"),
    "company": ("company", "individual_business", "cooperative"),
    "property": ("commodity_home", "self_built_home"),
    "payroll": ("established_post", "contract_post"),
}


def _outside(
    rng: Rng, key: str, count: int, codes: np.ndarray, known: set[str], prefix: str
) -> pd.DataFrame:
    """People of the county who are in no register: their numbers are nobody's there."""
    first, last = ("2011-09-01", "2018-08-31") if key == "school" else ("1945-01-01", "2000-12-31")
    born = _days(rng, 2 * count, first, last)
    days = [str(day).replace("-", "") for day in born]
    serial = rng.integers(2, 1000, 2 * count)
    numbers = with_check_digit(
        [f"{prefix}{day}{n:03d}" for day, n in zip(days, serial, strict=True)]
    )
    # A set is asked: a hundred thousand texts would be sorted for each list.
    new = np.fromiter((number not in known for number in numbers), bool, len(numbers))
    new &= ~pd.Series(numbers).duplicated().to_numpy()
    at = np.flatnonzero(new)[:count]
    male = serial[at] % 2 == 1
    people = pd.DataFrame(
        {
            "name": full_names(rng, pick(rng, SURNAMES, len(at)), male, rng.random(len(at)) < 0.3),
            "identity_number": numbers[at],
            "birth_date": born[at],
            "village_code": pick(rng, tuple(codes), len(at)),
        }
    )
    kinds = _OUTSIDE_KINDS.get(key)
    return _rows(
        people,
        key,
        entry_kind=pick(rng, kinds, len(at)) if kinds else None,
        list_event_on=pd.NaT
        if key == "school"
        else _days(rng, len(at), "2025-01-01", "2025-10-31"),
        list_amount_yuan=np.round(rng.uniform(300, 9000, len(at)), 2)
        if key in ("hospital", "payroll")
        else np.nan,
        roll_state="at_school" if key == "school" else None,
        disability_grade=rng.integers(1, 5, len(at)).astype(float)
        if key == "disability"
        else np.nan,
    )


def until(entries: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """What the lists held on a day: what happened later is not on them."""
    return entries[~(entries["list_event_on"].to_numpy() > day)].reset_index(drop=True)
