"""One data date's folder of export files, and the mark that says it is complete."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from loaders.demo.files import (
    calendar_files,
    department_list_files,
    fund_files,
    home_files,
    income_files,
    inspection_files,
    ledger_files,
    notice_files,
    payment_files,
    project_files,
    register_files,
    survey_files,
    target_files,
    visit_files,
    work_files,
    zone_files,
)
from loaders.demo.files.xlsx_writer import write_workbook
from loaders.demo.model import planted_findings
from loaders.demo.model.as_of_date import as_of
from loaders.demo.model.simulate import Simulation, simulate

# Of the generator: folders that another one wrote are written anew.
VERSION = 16


def _mark(folder: Path) -> Path:
    """A hidden file beside the folder, there once the folder is complete."""
    return folder.with_name(f".{folder.name}.json")


def is_complete(folder: Path, seed: int) -> bool:
    """Whether this version wrote the whole folder with this seed."""
    mark = _mark(folder)
    if not (folder.is_dir() and mark.is_file()):
        return False
    return json.loads(mark.read_text("utf-8")) == {"version": VERSION, "seed": seed}


def write_folder(
    county_code: str, folder: Path, seed: int, report: Callable[[str, float], None]
) -> None:
    """Write the files of the data date that the folder is named after, in place of what it has."""
    date = dt.date.fromisoformat(folder.name)
    report(f"{date} 模拟", 0.0)
    shutil.rmtree(folder, ignore_errors=True)
    _mark(folder).unlink(missing_ok=True)
    folder.mkdir(parents=True)
    write_files(folder, as_of(simulate(county_code, seed), date, seed), seed, report)
    mark = json.dumps({"version": VERSION, "seed": seed})
    _mark(folder).write_text(mark, "utf-8")
    report(f"{date} 完成", 1.0)


def write_files(
    folder: Path, done: Simulation, seed: int, report: Callable[[str, float], None]
) -> None:
    """Write every file of a simulated county into an empty folder."""
    rng = np.random.default_rng([seed, int(done.county.code), done.data_date.toordinal()])
    done = planted_findings.cast(done)
    stamp = f"{done.data_date:%Y%m%d}"
    books = {
        f"户信息_{stamp}": lambda: register_files.household_sheet(rng, done),
        f"已脱贫人口名单_{stamp}": lambda: register_files.person_sheet(rng, done, registered=True),
        f"边缘易致贫人口名单_{stamp}": lambda: register_files.person_sheet(
            rng, done, registered=False
        ),
        f"监测对象信息_{stamp}": lambda: survey_files.monitored_sheet(rng, done),
        f"已外出务工信息_{stamp}": lambda: survey_files.work_sheet(rng, done, planned=False),
        f"计划外出务工信息_{stamp}": lambda: survey_files.work_sheet(rng, done, planned=True),
        "行政村信息_2014-2025": lambda: survey_files.village_sheet(done),
        f"易地搬迁花名册_{stamp}": lambda: ledger_files.relocation_sheet(rng, done),
        "集中安置点": lambda: ledger_files.site_sheet(rng, done),
        "项目库": lambda: ledger_files.project_sheet(rng, done),
    }
    shares = [0.35, 0.45, 0.72, 0.73, 0.74, 0.79, 0.8, 0.8, 0.81, 0.81]  # of the time, before each
    for (name, sheet), share in zip(books.items(), shares, strict=True):
        report(f"{done.data_date} {name}", share)
        write_workbook(folder / f"{name}.xlsx", [sheet()])
    report(f"{done.data_date} 家庭收入", 0.82)
    register_files.write_income(folder / "家庭收入_2014-2025.txt", rng, done)
    report(f"{done.data_date} 九核、六项排查、过筛子", 0.9)
    inspection_files.write_checks(folder, rng, done)
    write_workbook(folder / "农村居民收入_2014-2025.xlsx", [inspection_files.county_sheet(done)])
    write_workbook(folder / "目标任务分解表.xlsx", [target_files.target_sheet(done)])
    write_workbook(folder / f"过筛子台账_{stamp}.xlsx", inspection_files.sieve_sheets(rng, done))
    report(f"{done.data_date} 救助花名册、动态管理", 0.92)
    payment_files.write_rolls(folder, rng, done)
    report(f"{done.data_date} 结对、走访、驻村", 0.93)
    visit_files.write_visits(folder, rng, done)
    report(f"{done.data_date} 六类台账", 0.96)
    ledger_files.write_ledgers(folder / "六类台账", rng, done)
    ledger_files.write_fund_notices(folder / "资金")
    fund_files.write_funds(folder / "资金", rng, done)
    report(f"{done.data_date} 项目、资产、管护", 0.96)
    project_files.write_projects(folder / "项目", rng, done)
    work_files.write_work(folder / "产业就业", rng, done)
    report(f"{done.data_date} 幸福院", 0.97)
    home_files.write_homes(folder / "幸福院", rng, done)
    _write_apart(folder, done, seed, report)


def _write_apart(
    folder: Path, done: Simulation, seed: int, report: Callable[[str, float], None]
) -> None:
    """Write what is drawn by itself, so that the other files stay as they were."""
    begun = [seed, int(done.county.code), done.data_date.toordinal()]
    apart = np.random.default_rng([*begun, 1])
    report(f"{done.data_date} 部门比对名单", 0.98)
    department_list_files.write_lists(folder / "部门比对", apart, done)
    income_files.write_incomes(folder / "村集体经济", apart, done)
    zone_files.write_zones(folder, seed, done)
    report(f"{done.data_date} 公示台账", 0.99)
    notice_files.write_notices(folder / "公示", np.random.default_rng([*begun, 15]), done)
    report(f"{done.data_date} 台历", 0.99)
    calendar_files.write_calendars(folder / "台历", np.random.default_rng([*begun, 2]), done)
