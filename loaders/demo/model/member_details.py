"""What the register says of one person: health, schooling, labour, work, name and numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import County
from loaders.demo.model.sampling import Rng, only, pick, take

SURNAMES = {
    c: w
    for w, names in (
        (9, "王李张刘陈"),
        (5, "杨赵黄周吴"),
        (3, "徐孙朱马胡郭林何高罗"),
        (2, "郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余"),
        (1, "叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦"),
    )
    for c in names
}
_MALE = "军强伟勇涛斌波刚平华明辉建国志文德忠义才富贵生林山海龙虎新春立永成昌兴学良顺全安"
_FEMALE = "芳秀英玲娟霞燕红梅兰凤翠莲香菊珍桂花玉琴萍慧丽敏静雪婷云月春素巧彩淑美荣娥"
_YOUNG = "子轩浩宇欣怡梓涵诗雨佳琪俊杰思睿嘉乐晨曦可心一诺博文"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.array(list("10X98765432"))
# No carrier was ever given numbers of eleven digits that begin with 1000.
_PHONE = "1000"


def describe(rng: Rng, members: pd.DataFrame, county: County, township: np.ndarray):
    """Add health, labour, education, school_status, work_months and what else a person list has.

    ``members`` comes from ``build_members``; ``township`` holds each member's township code.
    """
    age, male = members["age"].to_numpy(), members["male"].to_numpy()
    members["sex"] = np.where(male, "male", "female")
    members["health"] = _health(rng, age)
    members["school_status"] = _school(rng, age, members["relation"].to_numpy())
    members["education"] = _education(rng, age, members["school_status"].to_numpy())
    members["labour"] = _labour(rng, members)
    members["work_months"] = _work_months(rng, members)
    members["major_illness_insured"] = rng.random(len(age)) < 0.992
    members["ethnicity"] = _ethnicity(rng, members, county, township)
    members["name"] = _names(rng, members)
    numbers = identity_numbers(rng, members, county.identity_prefix)
    members["identity_number"] = _with_disability_certificate(rng, numbers, members["health"])
    adult = (age >= 16) & (age < 75)
    phones = phone_numbers(rng, len(age))
    members["phone"] = only(adult & (rng.random(len(age)) < 0.9), phones)
    return members


def _health(rng: Rng, age: np.ndarray) -> np.ndarray:
    """About 9 % chronically ill, 3 % in major illness, 7 % disabled, the old more often."""
    health = np.full(len(age), "healthy", dtype=object)
    for state, share, rise, start in (
        ("major_illness", 0.03, 0.022, 0.6),
        ("disabled", 0.07, 0.012, 1.0),
        ("chronic", 0.09, 0.06, 0.05),
    ):
        weight = (start + np.exp(rise * age) - 1) * (health == "healthy")
        health[take(rng, weight, round(share * len(age)))] = state
    return health


def _school(rng: Rng, age: np.ndarray, relation: np.ndarray) -> np.ndarray:
    status = np.full(len(age), "none", dtype=object)
    luck = rng.random(len(age))
    status[(age >= 3) & (age <= 5) & (luck < 0.9)] = "preschool"
    status[(age >= 6) & (age <= 11)] = "primary"
    for grade in (7, 8, 9):
        status[age == grade + 5] = f"grade_{grade}"
    teen = (age >= 15) & (age <= 17)
    status[teen & (luck < 0.58)] = "senior"
    status[teen & (luck >= 0.58) & (luck < 0.93)] = "vocational"
    unmarried = ~np.isin(relation, ["head", "spouse", "daughter_in_law"])
    status[(age >= 18) & (age <= 21) & (luck < 0.46) & unmarried] = "college"
    return status


_SCHOOLING = ["illiterate", "primary", "junior", "senior", "college"]


def _education(rng: Rng, age: np.ndarray, school: np.ndarray) -> np.ndarray:
    """The level completed; empty for those at school, as the register has it."""
    level = np.full(len(age), None, dtype=object)
    for low, high, shares in (
        (16, 29, (0.01, 0.06, 0.5, 0.2, 0.23)),
        (30, 44, (0.03, 0.24, 0.56, 0.11, 0.06)),
        (45, 59, (0.08, 0.45, 0.41, 0.05, 0.01)),
        (60, 120, (0.31, 0.53, 0.14, 0.02, 0.0)),
    ):
        where = (age >= low) & (age <= high)
        weights = dict(zip(_SCHOOLING, shares, strict=True))
        level[where] = pick(rng, weights, int(where.sum()))
    level[(age >= 6) & (age < 16)] = "primary"
    level[age < 6] = "preschool"
    level[(school != "none") & (age >= 6)] = None
    return level


CAN_WORK = ("ordinary", "skilled", "weak")
_ABLE = {"ordinary": 0.9, "skilled": 0.1}
_LABOUR_OF_AGE: tuple[tuple[int, int, dict[str, float]], ...] = (
    (16, 59, _ABLE),
    (60, 64, {"ordinary": 0.62, "weak": 0.34, "none": 0.04}),
    (65, 69, {"ordinary": 0.3, "weak": 0.5, "none": 0.2}),
    (70, 120, {"weak": 0.14, "none": 0.86}),
)
_LABOUR_OF_HEALTH: dict[str, dict[str, float]] = {
    "chronic": {"ordinary": 0.5, "weak": 0.43, "none": 0.07},
    "major_illness": {"ordinary": 0.06, "weak": 0.52, "lost": 0.42},
    "disabled": {"ordinary": 0.16, "weak": 0.5, "lost": 0.34},
}


def _labour(rng: Rng, members: pd.DataFrame) -> np.ndarray:
    age, health = members["age"].to_numpy(), members["health"].to_numpy()
    labour = np.full(len(age), "none", dtype=object)
    for low, high, shares in _LABOUR_OF_AGE:
        where = (age >= low) & (age <= high)
        labour[where] = pick(rng, shares, int(where.sum()))
    for state, shares in _LABOUR_OF_HEALTH.items():
        where = (health == state) & (age >= 16) & (age <= 69)
        labour[where] = pick(rng, shares, int(where.sum()))
    at_school = members["school_status"].ne("none").to_numpy()
    labour[at_school] = "none"
    return labour


def _work_months(rng: Rng, members: pd.DataFrame) -> np.ndarray:
    """Months of paid work in the last year; six and more mean living away for most of it."""
    age, count = members["age"].to_numpy(), len(members)
    at_work = {"ordinary": 0.78, "skilled": 0.88, "weak": 0.22, "none": 0.0, "lost": 0.0}
    share = members["labour"].map(at_work).to_numpy(dtype=float)
    share = np.where(age >= 60, share * 0.4, share)
    works = rng.random(count) < share
    long = rng.random(count) < np.where(age < 50, 0.84, 0.55)
    months = np.where(long, rng.integers(6, 13, count), rng.integers(1, 6, count))
    months = np.where(members["labour"].eq("weak"), np.minimum(months, 8), months)
    return np.where(works, months, 0)


def _ethnicity(rng: Rng, members: pd.DataFrame, county: County, township: np.ndarray):
    """One people a household, drawn with the township's shares."""
    household = members["household"].to_numpy()
    drawn = np.empty(len(members), dtype=object)
    for code in np.unique(township):
        shares = county.ethnicity_of_township.get(code, county.ethnicity)
        where = np.flatnonzero(township == code)
        homes, position = np.unique(household[where], return_inverse=True)
        drawn[where] = pick(rng, shares, len(homes))[position]
    married_in = members["relation"].isin(["spouse", "daughter_in_law"]).to_numpy()
    own = married_in & (rng.random(len(members)) < 0.15)
    drawn[own] = pick(rng, county.ethnicity, int(own.sum()))
    return drawn


def full_names(rng: Rng, surname: np.ndarray, male: np.ndarray, young: np.ndarray) -> np.ndarray:
    """Surname and one or two common given-name characters, at random: nobody's name."""
    count = len(surname)

    def given() -> np.ndarray:
        grown = np.where(male, pick(rng, _MALE, count), pick(rng, _FEMALE, count))
        return np.where(young, pick(rng, _YOUNG, count), grown)

    second = np.where(rng.random(count) < 0.78, given(), "")
    return surname + given() + second


def helpers(rng: Rng, village: np.ndarray, each: int) -> np.ndarray:
    """An invented helper's name for each row, out of so many a village."""
    codes, position = np.unique(village, return_inverse=True)
    count = len(codes) * each
    male = rng.random(count) < 0.7
    surname = pick(rng, SURNAMES, count)
    names = full_names(rng, surname, male, np.zeros(count, dtype=bool))
    return names[position * each + rng.integers(0, each, len(position))]


def _names(rng: Rng, members: pd.DataFrame) -> np.ndarray:
    count, household = len(members), members["household"].to_numpy()
    family = pick(rng, SURNAMES, household.max() + 1)[household]
    married_in = members["relation"].isin(["spouse", "daughter_in_law", "mother"]).to_numpy()
    surname = np.where(married_in, pick(rng, SURNAMES, count), family)
    young = members["age"].to_numpy() < 18
    return full_names(rng, surname, members["male"].to_numpy(), young)


def identity_numbers(rng: Rng, members: pd.DataFrame, prefix: str) -> np.ndarray:
    """Eighteen characters with a valid check digit, different for everyone.

    The prefix is that of no real division, so that no number can be anyone's.
    """
    dates = members["birth_date"].to_numpy()
    male = members["male"].to_numpy()
    rank = pd.Series(1).reindex(members.index, fill_value=1)
    rank = rank.groupby([dates, male]).cumsum().to_numpy() - 1
    start = (dates.astype("datetime64[D]").astype(int) * 137) % 500
    serial = ((start + rank) % 499 + 1) * 2 + male  # from 002: 000 is what a lost number ends in
    days = np.datetime_as_string(dates, unit="D")
    bodies = [
        f"{prefix}{day[:4]}{day[5:7]}{day[8:]}{number:03d}"
        for day, number in zip(days, serial, strict=True)
    ]
    return with_check_digit(bodies)


def with_check_digit(bodies: list[str]) -> np.ndarray:
    """Seventeen digits each, and the eighteenth character that belongs to them (GB 11643)."""
    digits = np.array(bodies).view("U1").reshape(len(bodies), 17).astype(int)
    return np.char.add(bodies, _CHECK[digits @ _WEIGHTS % 11]).astype(object)


def _with_disability_certificate(rng: Rng, numbers: np.ndarray, health: pd.Series) -> np.ndarray:
    """Half of the disabled are listed by their certificate: kind and grade behind the number."""
    count = len(numbers)
    certificate = health.eq("disabled").to_numpy() & (rng.random(count) < 0.5)
    kind = pick(rng, {"1": 2, "2": 2, "3": 1, "4": 6, "5": 2, "6": 2, "7": 1}, count)
    grade = pick(rng, {"1": 1, "2": 3, "3": 4, "4": 4}, count)
    return np.where(certificate, numbers + kind + grade, numbers)


def phone_numbers(rng: Rng, count: int) -> np.ndarray:
    """Eleven digits that nobody can be called at."""
    return np.array([f"{_PHONE}{n:07d}" for n in rng.integers(0, 10**7, count)], dtype=object)
