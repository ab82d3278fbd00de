"""The books of funds as the offices keep them: sources, lines, payments, lists, books, notices."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from loaders.demo.files.export_text import coded, day, spellings, text, whole, write_lines
from loaders.demo.files.register_files import Columns, title_of
from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model.sampling import Rng
from loaders.demo.model.simulate import Simulation

_WAN = ["", "", "", "", "单位:万元"]
_BOOKS = {"construction": "项目建设类", "livelihood": "民生保障类", "subsidy": "政策补助类"}


def write_funds(folder: Path, rng: Rng, done: Simulation) -> None:
    """Write the books of funds, into the folder that the notices lie in."""
    books = {
        "资金来源台账": _sources,
        "资金下达明细表": _lines,
        "资金支付明细表": _payments,
        "资金公开公示台账": _notices,
        "社会监督台账": _reports,
        "咨询服务台账": _questions,
    }
    for name, made in books.items():
        columns, above, below = made(rng, done)
        head = [[title_of(done, name)], *above]
        write_workbook(folder / f"{name}.xlsx", [Sheet(name, head, columns, below)])
    _write_lists(folder / "资金到户花名册.txt", done)
    _write_books(folder, done)


def yuan(fen: pd.Series, *, wan: bool = False) -> np.ndarray:
    """Whole fen as decimals in yuan, or in 10,000 yuan: exact, whatever the size."""
    digits = 6 if wan else 2
    exact = [str(Decimal(int(one)).scaleb(-digits)) for one in fen]
    return np.array(exact, dtype=object)


def _places(done: Simulation, codes: pd.Series) -> Columns:
    """Township and village of places of any level; the county's own money is of neither."""
    towns = done.village.drop_duplicates("township_code").set_index("township_code")["township"]
    short = done.village.set_index("village_code")["short"]
    town = codes.str[:9].map(towns).where(codes.str.len() > 6, "县本级")
    return {"乡镇": text(town), "行政村": text(codes.map(short))}


def _numbers(frame: pd.DataFrame) -> np.ndarray:
    return whole(np.arange(1, len(frame) + 1))


Made = tuple[Columns, list[list[str]], list[list[str]]]


def _sources(rng: Rng, done: Simulation) -> Made:
    frame = done.funds.fund_source
    columns = {
        "序号": _numbers(frame),
        "资金编号": text(frame["fund_id"]),
        "资金年度": whole(frame["year"]),
        "资金名称": text(frame["name"]),
        "资金级次": coded(rng, frame["fund_level"], "fund_level"),
        "指标文号": text(frame["document_number"]),
        "文件日期": day(frame["document_on"]),
        "资金总额": yuan(frame["fen"], wan=True),
    }
    total = yuan(pd.Series([frame["fen"].sum()]), wan=True)[0]
    return columns, [_WAN], [["合计", *[""] * 6, total]]


def _lines(rng: Rng, done: Simulation) -> Made:
    frame = done.funds.allotment
    columns = {
        "序号": _numbers(frame),
        "指标编号": text(frame["line_id"]),
        "资金编号": text(frame["fund_id"]),
        "资金年度": whole(frame["year"]),
        **_places(done, frame["region_code"]),
        "账类": coded(rng, frame["purpose"], "fund_purpose"),
        "使用方式": coded(rng, frame["use_form"], "fund_use_form"),
        "用款单位": text(frame["unit_in_charge"]),
        "项目编号": text(frame["project_code"]),
        "下达日期": day(frame["allotted_on"]),
        "批复预算(万元)": yuan(frame["budget"], wan=True),
        "下达金额(万元)": yuan(frame["fen"], wan=True),
        "最近跟踪问效日期": day(frame["follow_up_on"]),
        "已兑现收益(元)": yuan(frame["returned"]),
        "资金用途": text(frame["content"]),
    }
    return columns, [], []


def _payments(rng: Rng, done: Simulation) -> Made:
    frame = done.funds.payment
    columns = {
        "序号": _numbers(frame),
        "支付编号": text(frame["payment_id"]),
        "指标编号": text(frame["line_id"]),
        **_places(done, frame["region_code"]),
        "支付日期": day(frame["paid_on"]),
        "收款对象": coded(rng, frame["payee_kind"], "payee_kind"),
        "收款单位": text(frame["payee"]),
        "支付金额(元)": yuan(frame["fen"]),
    }
    total = yuan(pd.Series([frame["fen"].sum()]))[0]
    return columns, [], [["合计", *[""] * 7, total]]


def _notices(rng: Rng, done: Simulation) -> Made:
    frame = done.funds.publication
    columns = {
        "序号": _numbers(frame),
        "指标编号": text(frame["line_id"]),
        **_places(done, frame["region_code"]),
        "公示地点": text(frame["published_at"]),
        "公示开始日期": day(frame["published_on"]),
        "公示结束日期": day(frame["withdrawn_on"]),
    }
    return columns, [], []


def _reports(rng: Rng, done: Simulation) -> Made:
    frame = done.funds.complaint
    columns = {
        "序号": _numbers(frame),
        "投诉编号": text(frame["complaint_id"]),
        **_places(done, frame["region_code"]),
        "指标编号": text(frame["line_id"]),
        "反映渠道": coded(rng, frame["channel"], "complaint_channel"),
        "反映内容": text(frame["content"]),
        "办理单位": text(frame["unit_in_charge"]),
        "受理日期": day(frame["received_on"]),
        "答复日期": day(frame["answered_on"]),
        "答复内容": text(frame["answer"]),
    }
    return columns, [], []


def _questions(rng: Rng, done: Simulation) -> Made:
    frame = done.funds.inquiry
    columns = {
        "序号": _numbers(frame),
        "咨询编号": text(frame["inquiry_id"]),
        **_places(done, frame["region_code"]),
        "咨询渠道": coded(rng, frame["channel"], "complaint_channel"),
        "咨询内容": text(frame["content"]),
        "咨询日期": day(frame["received_on"]),
        "答复日期": day(frame["answered_on"]),
    }
    return columns, [], []


def _write_lists(path: Path, done: Simulation) -> None:
    """资金到户花名册: tab-separated lines, one a household and payment."""
    frame = done.funds.fund_receipt
    columns = {
        "发放流水号": text(frame["receipt_id"]),
        "指标编号": text(frame["line_id"]),
        **_places(done, frame["village_code"]),
        "户编号": text(frame["household_id"]),
        "人编号": text(frame["member_id"]),
        "发放日期": day(frame["received_on"], "%Y%m%d"),
        "发放金额(元)": yuan(frame["fen"]),
    }
    write_lines(path, title_of(done, "资金到户花名册"), columns)


def _write_books(folder: Path, done: Simulation) -> None:
    """三级三账: a workbook of the townships' books and one of the villages', a sheet a book."""
    levels: Mapping[str, tuple[str, ...]] = spellings("region_level")
    for level in ("township", "village"):
        mine = done.funds.fund_book[done.funds.fund_book["book_level"].eq(level)]
        sheets = []
        for purpose, name in _BOOKS.items():
            frame = mine[mine["purpose"].eq(purpose)]
            columns = {
                "序号": _numbers(frame),
                "账级": text(pd.Series([levels[level][0]] * len(frame), dtype=object)),
                "账类": text(pd.Series([name] * len(frame), dtype=object)),
                "指标编号": text(frame["line_id"]),
                **_places(done, frame["region_code"]),
                "收到金额(元)": yuan(frame["received"]),
                "支出金额(元)": yuan(frame["spent"]),
                "登记日期": day(frame["booked_on"]),
            }
            sheets.append(Sheet(name, [[title_of(done, f"{name}资金管理台账")]], columns))
        write_workbook(folder / f"三级三账_{levels[level][0]}.xlsx", sheets)
