"""Planned suspicions: sound before, contradictory once cast, on one data date or on both."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pandas as pd
import pytest

from loaders.demo import Simulation
from loaders.demo.model import planted_findings
from tests.loaders.demo.test_demo import DECEMBER, NOVEMBER, at, simulated

CAN_WORK = ["ordinary", "skilled", "weak"]


@cache
def cast(december: bool = True) -> Simulation:
    return planted_findings.cast(at(DECEMBER if december else NOVEMBER))


def _children_at_work(done: Simulation) -> pd.Series:
    member = done.member
    return member.loc[member["age"].lt(16) & member["labour"].ne("none"), "member_id"]


def _insured_twice(done: Simulation) -> pd.Series:
    member = done.member
    both = member["resident_medical_insured"] & member["employee_medical_insured"]
    return member.loc[both.astype(bool), "member_id"]


def _posts_without_date(done: Simulation) -> pd.Series:
    member = done.member
    differ = member["public_posts"].notna() != member["public_post_on"].notna()
    return member.loc[differ, "member_id"]


def _numbers_that_differ(done: Simulation) -> pd.Series:
    member = done.member.dropna(subset="identity_number")
    number = member["identity_number"]
    member, number = member[~number.str.startswith("9999")], number[~number.str.startswith("9999")]
    odd = number.str[16].astype(int) % 2 == 1
    born = number.str[6:14] == member["birth_date"].dt.strftime("%Y%m%d")
    return member.loc[~born | odd.ne(member["sex"].eq("male")), "member_id"]


def _parts_that_do_not_add_up(done: Simulation) -> pd.Series:
    income = done.household_year
    parts = income[["wage_yuan", "business_yuan", "property_yuan", "transfer_yuan"]].sum(axis=1)
    gap = (parts - income["expense_yuan"] - income["net_income_yuan"]).abs()
    return income.loc[gap > 1, "household_id"]


def _returned_without_end(done: Simulation) -> pd.Series:
    work = done.employment.sort_values(["member_id", "started_on"])
    open_end = work["returned"].astype(bool) & work["ended_on"].isna()
    next_one = work.groupby("member_id")["started_on"].shift(-1)
    overlaps = work["ended_on"] > next_one
    return work.loc[open_end | overlaps, "member_id"].drop_duplicates()


def _released_unsafe(done: Simulation) -> pd.Series:
    watched = done.monitored_household
    unsafe = watched.filter(regex="^cleared_.*(unsafe|member|school)$").eq(True).any(axis=1)
    return watched.loc[unsafe, "household_id"]


def _more_allowances_than_people(done: Simulation) -> pd.Series:
    village = done.village_year
    return village.loc[village["allowance_people"] > village["population"], "village_code"]


MET: dict[str, Callable[[Simulation], pd.Series]] = {
    "member_age_labour_child": _children_at_work,
    "member_insured_both": _insured_twice,
    "member_post_without_date": _posts_without_date,
    "member_id_sex_birth": _numbers_that_differ,
    "member_work_dates": _returned_without_end,
    "household_income_parts": _parts_that_do_not_add_up,
    "monitored_released_unsafe": _released_unsafe,
    "village_counts": _more_allowances_than_people,
}


@pytest.mark.parametrize("check", MET)
def test_who_is_planned_contradicts_and_nobody_did_before(check: str) -> None:
    assert MET[check](at(DECEMBER)).empty
    assert sorted(MET[check](cast())) == sorted(cast().expected_findings[check])


@pytest.mark.parametrize("code", ["611025", "433125"])
def test_every_declaration_finds_somebody_and_no_more_than_it_asks_for(code: str) -> None:
    planned = simulated(code).expected_findings
    assert set(planned) == set(planted_findings.suspicions())
    for check, each in planted_findings.suspicions().items():
        assert 1 <= len(planned[check]) <= each.count, check
        assert len(set(planned[check])) == len(planned[check]), check


def test_a_household_has_one_suspicion_at_most_and_none_beside_broken_rows() -> None:
    done = simulated()
    homes = done.member.set_index("member_id")["household_id"]
    ids = [i for found in done.expected_findings.values() for i in found]
    named = [homes.get(i, i) for i in ids if len(i) != 12]
    assert len(set(named)) == len(named)
    broken = {i for found in done.expected_mess.values() for i in found}
    assert not broken & set(ids)


def test_some_are_new_in_december_and_some_are_gone() -> None:
    before, after = cast(december=False).expected_findings, cast().expected_findings
    new = sum(len(set(after[check]) - set(before[check])) for check in after)
    gone = sum(len(set(before[check]) - set(after[check])) for check in after)
    staying = sum(len(set(before[check]) & set(after[check])) for check in after)
    assert new > 100 and gone > 80 and staying > new + gone


def test_only_the_planned_rows_change() -> None:
    before, after = at(DECEMBER).member, cast().member
    moved = before.drop(columns="birth_date").compare(after.drop(columns="birth_date"))
    planned = {i for c, ids in cast().expected_findings.items() if "member" in c for i in ids}
    assert set(before.loc[moved.index, "member_id"]) <= planned
    assert len(moved) > 0.7 * len(planned)


def test_a_spell_comes_with_the_work_that_is_claimed() -> None:
    pupils = cast().expected_findings["member_at_school_at_work"]
    work = cast().employment
    assert set(pupils) <= set(work.loc[~work["planned"], "member_id"])
    assert not set(pupils) & set(at(DECEMBER).employment["member_id"])


def test_measures_are_lost_and_got() -> None:
    kinds = cast().measure.groupby("household_id")["kind"].agg(set)
    only = cast().expected_findings["monitored_able_only_safety_net"]
    assert all(kinds[i] == {"safety_net"} for i in only)
    assert all(
        "employment" in kinds[i] for i in cast().expected_findings["monitored_job_help_no_job"]
    )


def test_a_declaration_that_fits_nobody_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = {
        "member_post_old": planted_findings.Suspicion(of="member", count=3, where="age > 200")
    }
    monkeypatch.setattr(planted_findings, "suspicions", lambda: nobody)
    with pytest.raises(ValueError, match="member_post_old"):
        planted_findings.plan(None, simulated(), [])  # type: ignore[arg-type]


def test_the_declared_values_are_of_the_code_lists() -> None:
    from loaders.demo.files.export_text import spellings

    member = cast().member
    for column in ("labour", "relation", "school_status", "education", "dropout_reason"):
        assert set(member[column].dropna()) <= set(spellings(column)), column
    assert set(cast().monitored_household["risk_2"].dropna()) <= set(spellings("monitor_risk"))
