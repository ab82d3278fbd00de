"""What the simulated inspectors wrote down: verifications, inspections, screenings, exits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loaders.demo.files import inspection_files
from loaders.demo.model.sampling import Rng
from loaders.demo.model.screenings import SIEVES
from loaders.demo.model.simulate import Simulation
from loaders.demo.model.verifications import NINE, SIX
from tests.loaders.demo.test_demo import DECEMBER, NOVEMBER, at, simulated

END = pd.Timestamp("2025-12-31")


@pytest.fixture(scope="module", params=["611025", "433125"])
def county(request: pytest.FixtureRequest) -> Simulation:
    return simulated(request.param)


def rng() -> Rng:
    return np.random.default_rng(7)


def by_village(frame: pd.DataFrame, homes: pd.DataFrame, items: int) -> pd.Series:
    """Rows of each village as a share of what there could be."""
    return frame.groupby("village_code").size() / (homes.groupby("village_code").size() * items)


def test_the_nine_are_done_for_60_to_100_percent_of_a_village(county: Simulation) -> None:
    done = county.nine_check.dropna(subset="checked_on")
    homes = county.household[county.household["registered"]]
    share = by_village(done, homes, len(NINE))
    assert 0.5 < share.min() < 0.75 < share.max() <= 1
    assert 0.8 < share.mean() < 0.93
    assert set(county.nine_check["household_id"]) <= set(homes["household_id"])


def test_the_nine_are_looked_at_in_their_order(county: Simulation) -> None:
    frame = county.nine_check
    number = frame["check_item"].map({item: i for i, item in enumerate(NINE)})
    assert number.eq(frame.groupby("household_id").cumcount()).all()
    day = frame["checked_on"].fillna(END)
    assert day.groupby(frame["household_id"]).is_monotonic_increasing.all()
    assert day.max() <= END and day.dt.year.min() < 2025


def test_what_is_not_looked_at_is_pending_and_what_is_corrected_says_how(
    county: Simulation,
) -> None:
    frame = county.nine_check
    waits = frame["checked_on"].isna()
    assert frame.loc[waits, "check_result"].eq("pending").all()
    assert frame["verifier"].isna().eq(waits).all()
    assert frame["note"].notna().eq(frame["check_result"].eq("corrected")).all()
    shares = frame["check_result"].value_counts(normalize=True)
    assert shares["agrees"] > 0.9 and 0.02 < shares["corrected"] < 0.06


def test_85_to_100_percent_of_a_village_are_inspected(county: Simulation) -> None:
    seen = county.inspection.dropna(subset="inspected_on")
    share = by_village(seen, county.household, len(SIX))
    assert 0.8 < share.min() < 0.93 and 0.94 < share.mean() < 0.99
    blank = county.inspection[county.inspection["inspected_on"].isna()]
    assert len(blank) and blank[["inspector", "inspection_result"]].isna().all(axis=None)


def test_few_are_unmet_most_of_them_mended(county: Simulation) -> None:
    frame = county.inspection
    unmet = frame["inspection_result"].eq("unmet")
    assert 0.005 < unmet.mean() < 0.03
    assert frame["note"].notna().eq(unmet).all()
    mended = frame["mended_on"].notna()
    assert (unmet | ~mended).all()
    assert 0.5 < mended[unmet].mean() < 0.9
    assert (frame["mended_on"] > frame["inspected_on"])[mended].all()
    assert frame["mended_on"].max() <= END


@pytest.mark.parametrize(("item", "flag"), [(k, flag) for k, (flag, _) in SIX.items() if flag])
def test_what_the_register_complains_of_is_found_and_not_yet_mended(
    county: Simulation, item: str, flag: str
) -> None:
    bad = county.household.loc[county.household[flag].astype(bool), "household_id"]
    found = county.inspection[county.inspection["inspection_item"].eq(item)]
    found = found[found["household_id"].isin(bad) & found["inspected_on"].notna()]
    assert found["inspection_result"].eq("unmet").mean() > 0.75 or len(found) < 15
    assert found["mended_on"].notna().mean() < 0.1


def test_fourteen_sieves_find_a_little_each(county: Simulation) -> None:
    frame = county.sieve_result
    assert list(frame["sieve"].unique()) == list(SIEVES) and len(SIEVES) == 14
    found = frame["finding"].notna().groupby(frame["sieve"]).agg(["mean", "sum", "size"])
    assert (found["sum"] > 0).all()
    large = found[found["size"] > 500]
    assert len(large) == 8 and large["mean"].between(0.001, 0.035).all()
    assert frame.groupby("sieve")["unit_in_charge"].nunique().eq(1).all()


def test_villages_are_screened_as_such_and_households_where_they_are_concerned(
    county: Simulation,
) -> None:
    frame = county.sieve_result
    of_village = frame["sieve"].map({key: sieve.of_villages for key, sieve in SIEVES.items()})
    assert frame["household_id"].isna().eq(of_village).all()
    assert set(frame[of_village]["village_code"]) == set(county.village["village_code"])
    moved = frame.loc[frame["sieve"].eq("relocation"), "household_id"]
    assert set(moved) == set(county.relocation["household_id"])


def test_findings_are_due_and_mended_or_overdue(county: Simulation) -> None:
    frame = county.sieve_result
    found, mended = frame["finding"].notna(), frame["mended_on"].notna()
    assert frame["due_on"].notna().eq(found).all()
    assert (found | ~mended).all() and 0.6 < mended[found].mean() < 0.9
    assert (found & ~mended & (frame["due_on"] < END)).sum() > 10
    assert (frame["mended_on"] >= frame["screened_on"])[mended].all()


def test_a_month_earlier_less_was_looked_at_and_mended() -> None:
    before, after = at(NOVEMBER), at(DECEMBER)
    day = pd.Timestamp("2025-11-30")
    for table, dated in (("nine_check", "checked_on"), ("inspection", "mended_on")):
        was, now = (getattr(each, table) for each in (before, after))
        assert was[dated].max() <= day < now[dated].max(), table
        assert was[dated].notna().sum() < now[dated].notna().sum(), table
    was = before.sieve_result
    assert was["screened_on"].max() <= day and was["mended_on"].max() <= day


def test_a_village_has_what_it_needs_when_few_are_poor(county: Simulation) -> None:
    frame = county.village_year
    flags = ["water_ok", "road_hard", "power_ok", "service_desk", "party_branch_ok", "school_near"]
    assert frame.loc[frame["year"].ge(2019), flags].all(axis=None)
    income = frame.pivot(index="village_code", columns="year", values="collective_income_yuan")
    assert (income.loc[:, 2019:] > 40_000).sum().eq(len(income) - 1).all()
    assert (income[2014] <= 40_000).mean() > 0.9
    doctor = frame.pivot(index="village_code", columns="year", values="doctor_near")
    assert (~doctor).sum()[[2019, 2020, 2023, 2024, 2025]].to_list() == [1, 0, 0, 1, 1]


def test_the_county_grows_faster_than_the_nation_but_for_one_year(county: Simulation) -> None:
    frame = county.county_year.set_index("year")
    assert frame["region_code"].eq(county.county.code).all()
    own, nation = (frame[f"{name}rural_income_yuan"] for name in ("", "national_"))
    assert nation[2014] == 10_489 and nation[2024] == 23_119 and np.isnan(nation[2025])
    growth = pd.DataFrame({"own": own.pct_change(), "nation": nation.pct_change()}).loc[2015:2024]
    slower = growth.index[growth["own"] < growth["nation"]]
    assert slower.to_list() == [2020]
    assert (own < nation).loc[:2024].all() and own[2018] > 8_000
    people = county.village_year.groupby("year")["population"].sum()
    assert frame["rural_population"].eq(people).all()


def test_a_sheet_a_sieve_and_no_household_beside_a_village() -> None:
    sheets = inspection_files.sieve_sheets(rng(), at(DECEMBER))
    assert len(sheets) == 14 and sheets[0].name == "人均纯收入"
    road = next(sheet for sheet in sheets if sheet.name == "通村道路")
    assert set(road.columns["户编号"]) == {""}
    assert set(road.columns["责任单位"]) == {"农村公路管理所"}
    assert set(sheets[0].columns["户主姓名"]) != {""}


def test_checks_are_written_as_lines_of_two_kinds(tmp_path) -> None:
    done = at(DECEMBER)
    inspection_files.write_checks(tmp_path, rng(), done)
    nine = (tmp_path / "九核核查_20251231.txt").read_bytes().decode("gb18030").split("\r\n")
    assert nine[1].split("\t")[2:5] == ["户编号", "核查内容", "核查时间"]
    assert len(nine) == len(done.nine_check) + 3 and nine[-1] == ""
    six = (tmp_path / "六项排查结果_20251231.csv").read_bytes()
    assert six.startswith(b"\xef\xbb\xbf")
    lines = six.decode("utf-8-sig").split("\r\n")
    assert {line.count(",") for line in lines[1:-1]} == {8}


def test_the_countys_income_leaves_the_unpublished_year_blank(county: Simulation) -> None:
    columns = inspection_files.county_sheet(county).columns
    national = dict(zip(columns["年度"], columns["全国农村居民人均可支配收入(元)"], strict=True))
    assert national["2024"] == "23119" and national["2025"] == ""
