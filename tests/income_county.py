"""The demo county's villages with their collective income alone: simulated, written, loaded.

The villages are those of the code list; incomes, accounts, lines and contracts are drawn as the
demo draws them. Of households there is one a village, so that a test need not simulate these.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from loaders import importing
from loaders.demo.files import income_files
from loaders.demo.files.export_text import decimal, filled, text, whole
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model import places, village_incomes
from loaders.demo.model.config import YEARS, read_county
from loaders.demo.model.village_incomes import Incomes
from loaders.reading.simulated_mark import marked
from store.snapshots import Home

COUNTY = "611025"
DATA_DATE = dt.date(2025, 12, 31)


@dataclass(frozen=True)
class Made:
    """The county as simulated, and what was drawn of its villages' incomes."""

    done: Any
    incomes: Incomes


def simulated(seed: int = 20251231) -> Made:
    """The villages' forms of all years, and where their incomes came from; a tenth of the villages
    have dividends of assets, one more than it earned."""
    county, rng = read_county(COUNTY), np.random.default_rng([seed, 12])
    village = places.settle(places.read_villages(county), county, rng)
    people = np.full((len(village), len(YEARS)), 900)
    form = places.village_years(village, people, county, rng)
    some = village["village_code"].to_numpy()[::10]
    paid = pd.DataFrame(
        {
            "village_code": some,
            "year": YEARS[-1],
            "dividend_payee": "collective",
            "amount_yuan": np.where(np.arange(len(some)) == 3, 5e6, 2000.0),
        }
    )
    done = SimpleNamespace(
        county=county, village=village, village_year=form, dividend=paid, data_date=DATA_DATE
    )
    return Made(done, village_incomes.earn(rng, done))  # type: ignore[arg-type]


def publish(path: Path) -> Home:
    """Write the files of the county and load them into a home."""
    made = simulated()
    folder = path / "files"
    folder.mkdir(parents=True)
    tables = ("village_account", "village_receipt", "entrust_contract", "entrust_year")
    frames = {name: getattr(made.incomes, name) for name in tables}
    done = SimpleNamespace(**vars(made.done), **frames)
    rng = np.random.default_rng(7)
    income_files.write_incomes(folder / "村集体经济", rng, done)  # type: ignore[arg-type]
    _write_forms(folder, made)
    home = Home(path / "home")
    importing.run([folder], home, DATA_DATE, loaded_by="王某", county_code=COUNTY)
    return home


def _write_forms(folder: Path, made: Made) -> None:
    """行政村信息 and 收益分红台账, as far as they tell of incomes, and a household a village."""
    form, village = made.done.village_year, made.done.village.set_index("village_code")
    columns = {
        "年度": whole(form["year"]),
        "乡镇": text(form["village_code"].map(village["township"])),
        "行政村": text(form["village_code"].map(village["short"])),
        "总人口数(人)": whole(form["population"]),
        "村集体经济收入(元)": decimal(form["collective_income_yuan"]),
    }
    write_workbook(folder / "行政村信息.xlsx", [Sheet("村", [[marked("行政村信息")]], columns)])
    paid = made.done.dividend
    columns = {
        "凭证编号": text(paid.index.to_series().map("FH{:04d}".format)),
        "分红年度": whole(paid["year"]),
        "资产编号": text(paid.index.to_series().map("ZC{:04d}".format)),
        "乡镇": text(paid["village_code"].map(village["township"])),
        "行政村": text(paid["village_code"].map(village["short"])),
        "分红对象": text(paid["dividend_payee"].map({"collective": "村集体"})),
        "分红金额(元)": decimal(paid["amount_yuan"]),
    }
    write_workbook(folder / "收益分红台账.xlsx", [Sheet("分红", [[marked("分红")]], columns)])
    places_of = made.done.village
    count = len(places_of)
    columns = {
        "户编号": text(pd.Series([f"{COUNTY}{i:08d}" for i in range(1, count + 1)])),
        "乡镇": text(places_of["township"]),
        "行政村": text(places_of["short"]),
        "户主姓名": filled(count, "张某某"),
        "户类型": filled(count, "脱贫户"),
        "家庭人口": filled(count, "3"),
    }
    write_workbook(folder / "户信息.xlsx", [Sheet("户信息", [[marked("户信息")]], columns)])
