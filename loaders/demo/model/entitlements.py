"""What a person has from the state: insurance, pension, allowance, certificate, school, post."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.member_details import CAN_WORK
from loaders.demo.model.sampling import Rng, as_days, months_between, only, pick

# Digits of a disability certificate and shares of its kinds, as in the longer numbers.
_KINDS = ("sight", "hearing", "speech", "limb", "intellect", "mental", "multiple")
_KIND_SHARES = dict(zip(_KINDS, (2, 2, 1, 6, 2, 2, 1), strict=True))
_GRADE_SHARES = {1: 1, 2: 3, 3: 4, 4: 4}
_CERTIFIED = 0.9  # of the disabled whose certificate is not their listed number
_REASONS = {"weary": 0.7, "other": 0.2, "family": 0.1}


def cover(
    rng: Rng, member: pd.DataFrame, home: pd.DataFrame, measure: pd.DataFrame
) -> pd.DataFrame:
    """The members with insurance, pension, allowances, certificate, drop-out reason and posts.

    One member of a household with somebody uninsured, or a child out of school, is that one;
    a household helped by a public-interest post has a member who holds it.
    """
    ids = pd.Index(home["household_id"])
    at = ids.get_indexer(pd.Index(member["household_id"]))
    member = member.copy()
    _leave_school(rng, member, home["out_of_school"].to_numpy()[at], at)
    _insure(rng, member, home["uninsured_member"].to_numpy()[at], at)
    _allow(rng, member, home, at)
    _certify(rng, member)
    posts = measure[measure["kind"].eq("public_post")]
    detail = np.full(len(home), None, dtype=object)
    detail[ids.get_indexer(pd.Index(posts["household_id"]))] = posts["detail"].to_numpy(object)
    return _appoint(rng, member, detail[at], at)


def one_of_each(rng: Rng, candidate: np.ndarray, at: np.ndarray) -> np.ndarray:
    """A mask with one random candidate of each household that has any."""
    order = rng.permutation(np.flatnonzero(candidate))
    _, first = np.unique(at[order], return_index=True)
    chosen = np.zeros(len(candidate), dtype=bool)
    chosen[order[first]] = True
    return chosen


def _leave_school(rng: Rng, member: pd.DataFrame, out: np.ndarray, at: np.ndarray) -> None:
    """The child out of school that a household says it has, and why those of 15 are at home."""
    pupil = member["age"].between(6, 15) & member["school_status"].ne("none")
    left = one_of_each(rng, out & pupil.to_numpy(), at)
    member.loc[left, ["school_status", "education"]] = ["none", "primary"]
    idle = member["age"].between(6, 15) & member["school_status"].eq("none")
    told = idle & (left | (rng.random(len(member)) < 0.88))
    reason = pick(rng, _REASONS, len(member))
    reason = np.where(member["health"].eq("disabled"), "home_taught", reason)
    ill = member["health"].isin(["chronic", "major_illness"])
    member["dropout_reason"] = only(told.to_numpy(), np.where(ill, "illness", reason))


def _insure(rng: Rng, member: pd.DataFrame, lacking: np.ndarray, at: np.ndarray) -> None:
    n = len(member)
    grown = (member["age"].ge(16) & member["school_status"].eq("none")).to_numpy()
    employee = grown & member["work_months"].ge(10).to_numpy() & (rng.random(n) < 0.06)
    uninsured = one_of_each(rng, lacking & ~employee, at)
    member["resident_medical_insured"] = ~employee & ~uninsured
    member["employee_medical_insured"] = employee
    member["resident_pension"] = grown & ~employee & (rng.random(n) < 0.985)
    member["employee_pension"] = employee


def _allow(rng: Rng, member: pd.DataFrame, home: pd.DataFrame, at: np.ndarray) -> None:
    """Extreme-poverty support or the minimum allowance, for whole households."""
    n = len(home)
    able = np.bincount(at, weights=member["labour"].isin(CAN_WORK), minlength=n)
    attribute = home["poverty_attribute"]
    extreme = (attribute.eq("five_guarantee") & (able == 0)).to_numpy()
    low = attribute.eq("low_allowance").to_numpy() & (rng.random(n) < 0.92)
    low |= (able == 0) & (rng.random(n) < 0.9)
    member["minimum_allowance"] = (low & ~extreme)[at]
    member["extreme_poverty"] = extreme[at]


def _certify(rng: Rng, member: pd.DataFrame) -> None:
    """Kind and grade of disability, from the longer number where that is the one listed."""
    n = len(member)
    number = member["identity_number"]
    listed = number.str.len().eq(20).to_numpy()
    held = member["health"].eq("disabled").to_numpy() & (listed | (rng.random(n) < _CERTIFIED))
    kind, grade = pick(rng, _KIND_SHARES, n), pick(rng, _GRADE_SHARES, n)
    kind[listed] = [_KINDS[int(text[18]) - 1] for text in number[listed]]
    grade[listed] = [int(text[19]) for text in number[listed]]
    member["disability_kind"], member["disability_grade"] = only(held, kind), only(held, grade)


def _appoint(rng: Rng, member: pd.DataFrame, detail: np.ndarray, at: np.ndarray) -> pd.DataFrame:
    """Public-interest posts of one member a household that is helped by one."""
    n = len(member)
    fit = member["labour"].isin(CAN_WORK) & member["age"].between(18, 69)
    holds = one_of_each(rng, fit.to_numpy() & (detail != None), at)  # noqa: E711
    two = holds & (rng.random(n) < 0.03)
    detail[two] = [f"{post}、村级保洁员" for post in detail[two]]
    months = np.where(rng.random(n) < 0.75, 12, rng.integers(3, 12, n))
    since = as_days(months_between(rng, "2019-01", "2025-01", n))
    return member.assign(
        public_posts=only(holds, detail),
        public_post_count=only(holds, np.where(two, 2, 1)),
        public_post_months=only(holds, months),
        public_post_on=np.where(holds, since, np.datetime64("NaT")),
    )
