"""The files of what was looked at: verifications, inspections, screenings, the county's income."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from loaders.demo.files.export_text import coded, day, filled, spellings, text, whole, write_lines
from loaders.demo.files.register_files import Columns, place_columns, title_of, titled
from loaders.demo.files.xlsx_writer import Sheet
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation

_SLASHED = "%Y/%m/%d"


def write_checks(folder: Path, rng: Rng, done: Simulation) -> None:
    """九核核查 (tabs, GB18030) and 六项排查 (commas, UTF-8): lines of household and item."""
    stamp = f"{done.data_date:%Y%m%d}"
    title = title_of(done, "九核核查")
    write_lines(folder / f"九核核查_{stamp}.txt", title, _nine(rng, done))
    six = _six(rng, done)
    title = title_of(done, "六项排查结果")
    write_lines(folder / f"六项排查结果_{stamp}.csv", title, six, ",", "utf-8-sig")


def _nine(rng: Rng, done: Simulation) -> Columns:
    frame = done.nine_check
    place = place_columns(rng, done, frame["village_code"])
    return {
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(frame["household_id"]),
        "核查内容": coded(rng, frame["check_item"], "nine_item"),
        "核查时间": day(frame["checked_on"]),
        "核查人": text(frame["verifier"]),
        "核查结果": coded(rng, frame["check_result"], "check_result"),
        "情况说明": text(frame["note"]),
    }


def _six(rng: Rng, done: Simulation) -> Columns:
    frame = done.inspection
    place = place_columns(rng, done, frame["village_code"])
    return {
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(frame["household_id"]),
        "排查内容": coded(rng, frame["inspection_item"], "inspection_item"),
        "排查日期": day(frame["inspected_on"], _SLASHED),
        "排查人": text(frame["inspector"]),
        "排查结果": coded(rng, frame["inspection_result"], "inspection_result"),
        "存在问题": text(frame["note"].str.replace(",", "、")),
        "整改完成日期": day(frame["mended_on"], _SLASHED),
    }


def sieve_sheets(rng: Rng, done: Simulation) -> list[Sheet]:
    """过筛子: a sheet a screening; a village's own rows name no household."""
    frame = done.sieve_result
    heads = done.household.set_index("household_id")["head_name"]
    heads = heads.reindex(frame["household_id"]).to_numpy(dtype=object)
    place = place_columns(rng, done, frame["village_code"])
    cells: Columns = {
        "筛查编号": text(frame["sieve_id"]),
        "乡镇": place["township"],
        "行政村": place["village"],
        "户编号": text(frame["household_id"]),
        "户主姓名": text(pd.Series(heads)),
        "责任单位": text(frame["unit_in_charge"]),
        "筛查时间": day(frame["screened_on"]),
        "发现问题": text(frame["finding"]),
        "整改时限": day(frame["due_on"]),
        "整改完成时间": day(frame["mended_on"]),
    }
    sieve = frame["sieve"].to_numpy(dtype=object)
    return [
        _sieve_sheet(done, names[0], {name: each[sieve == key] for name, each in cells.items()})
        for key, names in spellings("sieve").items()
    ]


def _sieve_sheet(done: Simulation, name: str, columns: Columns) -> Sheet:
    below = [["填表人:", "", "", "审核人:"]]
    return Sheet(name, titled(done, f"过{name}的筛子"), columns, below)


def county_sheet(done: Simulation) -> Sheet:
    """农村居民收入: one row a year, the county's beside the nation's."""
    frame = done.county_year
    columns: Columns = {
        "年度": whole(frame["year"]),
        "县": filled(len(frame), done.county.name),
        "农村居民人均可支配收入(元)": whole(frame["rural_income_yuan"]),
        "全国农村居民人均可支配收入(元)": whole(frame["national_rural_income_yuan"]),
        "农村户籍人口(人)": whole(frame["rural_population"]),
    }
    return Sheet("农村居民收入", titled(done, "农村居民收入"), columns)
