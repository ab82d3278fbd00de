"""The simulated county as a whole: the same for the same seed, and what a month changes."""

from __future__ import annotations

import datetime as dt
import json
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest

from loaders import demo
from loaders.demo.files import write_folder
from loaders.demo.model import as_of_date
from store.schema import BY_NAME, until

NOVEMBER, DECEMBER = demo.DATA_DATES
TABLES = (
    "household",
    "member",
    "employment",
    "household_year",
    "monitored_household",
    "measure",
    "ledger_entry",
    "relocation",
    "nine_check",
    "inspection",
    "benefit",
    "change_event",
    "sieve_result",
    "settlement_site",
    "village_year",
    "project",
    "cadre",
    "pairing",
    "visit",
    "stay",
    "patrol",
    "project_path",
    "project_schedule",
    "project_beneficiary",
    "asset",
    "asset_year",
    "dividend",
    "facility",
    "facility_fund",
    "points_month",
    "happiness_home",
    "home_applicant",
    "home_resident",
    "package_holding",
    "monthly_payment",
    "post",
    "workplace",
    "workplace_worker",
    "training",
    "leader",
    "led_household",
    "village_account",
    "village_receipt",
    "entrust_contract",
    "entrust_year",
)
# Made by the loaders: where a row stood, and a key that they compute.
HASHED = {"ledger_entry", "benefit", "visit", "stay", "patrol", "list_entry", "training"}
BY_THE_LOADERS = {"source_file", "source_row", "entry_id"} | {
    f"{name}_id" for name in HASHED - {"ledger_entry"}
}


@cache
def simulated(code: str = "611025") -> demo.Simulation:
    """A county simulated once for all tests, which must not change it."""
    return demo.simulate(code)


@cache
def at(date: dt.date) -> demo.Simulation:
    return demo.as_of(simulated(), date)


@pytest.mark.torture
def test_the_same_seed_gives_the_same_county_and_another_does_not() -> None:
    again, other = demo.simulate("611025"), demo.simulate("611025", seed=1)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(simulated(), name))
    assert again.expected_mess == simulated().expected_mess
    assert not other.member["name"].equals(again.member["name"])


@pytest.mark.parametrize("name", TABLES)
def test_frames_have_every_column_of_the_schema(name: str) -> None:
    columns = {c.name for c in BY_NAME[name].columns}
    wanted = columns - BY_THE_LOADERS - {until(column) for column in columns}
    assert wanted <= set(getattr(simulated(), name).columns)


@pytest.mark.parametrize("name", TABLES)
def test_codes_are_those_of_the_code_lists(name: str) -> None:
    from loaders.demo.files.export_text import spellings

    for column in BY_NAME[name].columns:
        if column.codes:
            values = set(getattr(simulated(), name)[column.name].dropna())
            assert values <= set(spellings(column.codes)), column.name


@pytest.mark.parametrize("name", sorted(set(TABLES) - HASHED))
def test_keys_are_unique_and_required_columns_filled(name: str) -> None:
    frame, table = getattr(simulated(), name), BY_NAME[name]
    assert not frame.duplicated(list(table.key)).any()
    for column in table.columns:
        if not column.nullable and column.name in frame:
            assert frame[column.name].notna().all(), column.name


@pytest.mark.parametrize("name", TABLES[1:12])
def test_every_household_named_is_in_the_register_and_in_its_village(name: str) -> None:
    frame = getattr(simulated(), name)
    home = simulated().household.set_index("household_id")["village_code"]
    assert (home.reindex(frame["household_id"]).to_numpy() == frame["village_code"]).all()


def test_one_household_leaves_and_two_come_in_december() -> None:
    before, after = (set(at(date).household["household_id"]) for date in demo.DATA_DATES)
    assert before - after == {as_of_date.died_out(simulated())}
    assert len(after - before) == 2
    come = at(DECEMBER).household.set_index("household_id").loc[sorted(after - before)]
    assert not come["registered"].any()
    for name in ("member", "household_year", "measure", "ledger_entry", "benefit", "change_event"):
        assert not getattr(at(NOVEMBER), name)["household_id"].isin(after - before).any()


def test_twelve_more_are_watched_in_december() -> None:
    before, after = (
        at(date).monitored_household.dropna(subset="identified_on") for date in demo.DATA_DATES
    )
    assert len(after) - len(before) == 12
    named = at(NOVEMBER).household.set_index("household_id")["monitor_kind"].dropna()
    assert set(named.index) == set(before["household_id"])
    assert before["cleared"].sum() < after["cleared"].sum()


def test_nothing_ends_after_the_data_date() -> None:
    for date in demo.DATA_DATES:
        day = np.datetime64(date)
        for frame in (at(date).ledger_entry, at(date).monitored_household):
            for column in frame.columns.intersection(["opened_on", "closed_on", "cleared_on"]):
                assert not (frame[column].to_numpy() > day).any(), (date, column)
        assert at(date).member["birth_date"].max() <= pd.Timestamp(date)


def test_fewer_entries_are_closed_in_november_and_say_so_consistently() -> None:
    before, after = (at(date).ledger_entry for date in demo.DATA_DATES)
    assert before["closed_on"].notna().sum() < after["closed_on"].notna().sum() - 200
    assert before["closed_on"].notna().eq(before["closed_how"].notna()).all()


def test_some_of_the_last_years_incomes_are_updated_and_nothing_else() -> None:
    keys = ["household_id", "year"]
    both = at(NOVEMBER).household_year.merge(at(DECEMBER).household_year, on=keys)
    changed = both["net_income_yuan_x"].ne(both["net_income_yuan_y"])
    assert set(both.loc[changed, "year"]) == {2025}
    assert 0.02 < changed.sum() / both["year"].eq(2025).sum() < 0.06
    gap = both["net_income_yuan_x"] / both["net_income_yuan_y"]
    assert gap.between(0.9, 1.1).all()


def _fake(script: str):
    """A command that runs a script with the folder in ``folder``."""

    def command(county: str, folder, seed: int) -> list[str]:
        return [sys.executable, "-c", f"folder = {str(folder)!r}; seed = {seed}\n{script}"]

    return command


WRITER = """
import json, pathlib
folder = pathlib.Path(folder)
folder.mkdir(parents=True)
mark = folder.with_name("." + folder.name + ".json")
for share in (0.5, 1.0):
    print(json.dumps({"stage": folder.name, "share": share}), flush=True)
mark.write_text(json.dumps({"version": VERSION, "seed": seed}))
"""


def test_write_runs_both_dates_tells_progress_and_skips_what_is_complete(
    tmp_path, monkeypatch
) -> None:
    script = WRITER.replace("VERSION", str(write_folder.VERSION))
    monkeypatch.setattr(demo, "_command", _fake(script))
    said: list[tuple[str, float]] = []
    found = demo.write("611025", tmp_path, lambda *each: said.append(each), seed=3)
    assert found == [(d, tmp_path / "611025" / d.isoformat()) for d in demo.DATA_DATES]
    assert [share for _, share in said] == [0.25, 0.5, 0.75, 1.0]
    monkeypatch.setattr(demo, "_command", _fake("raise SystemExit(1)"))
    assert demo.write("611025", tmp_path, seed=3) == found
    with pytest.raises(RuntimeError):
        demo.write("611025", tmp_path, seed=4)


def test_a_folder_is_complete_only_with_this_version_and_seed(tmp_path) -> None:
    folder = tmp_path / "2025-12-31"
    mark = tmp_path / ".2025-12-31.json"
    assert not write_folder.is_complete(folder, 5)
    mark.write_text(json.dumps({"version": write_folder.VERSION, "seed": 5}))
    assert not write_folder.is_complete(folder, 5)
    folder.mkdir()
    assert write_folder.is_complete(folder, 5)
    assert not write_folder.is_complete(folder, 6)
    mark.write_text(json.dumps({"version": write_folder.VERSION - 1, "seed": 5}))
    assert not write_folder.is_complete(folder, 5)


def test_a_county_without_targets_is_refused(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        demo.write("110101", tmp_path)
