"""Small sheets for the tests of the loaders, made in memory or as files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from loaders.accounts.audit import Audit
from loaders.cells import values
from loaders.cleaning.section import Batch, Cleaner
from loaders.layouts import matching
from loaders.reading.sheets import Sheet
from loaders.regions.divisions import Divisions
from store import schema

Rows = Sequence[Sequence[object]]

HOUSEHOLD = ["户编号", "县", "乡镇", "行政村", "户主姓名", "户类型", "家庭人口"]
PERSON = ["乡(镇)", "行政村", "户编号", "人编号", "姓名", "证件号码", "与户主关系", "健康状况"]
LEDGER = ["镇(街道)", "村(社区)", "户编号", "户主姓名", "纳入原因", "建账时间", "完成时限"]


def identity(born: str = "19800101", order: int = 1) -> str:
    """A valid identity number of nobody: there is no such division."""
    body = f"619925{born}{order:03d}"
    return body + values.check_digit(body)


def household(number: int, **cells: object) -> list[object]:
    """A row of the register under HOUSEHOLD; cells by header take the place of the usual."""
    usual = dict(
        zip(
            HOUSEHOLD,
            [f"61102500{number:04d}", "镇安县", "永乐街道", "安山村", "赵某某", "脱贫户", "3"],
            strict=True,
        )
    )
    return list((usual | cells).values())


def person(number: int, of: int, **cells: object) -> list[object]:
    """A row of the person list under PERSON, of a household made by ``household``."""
    home = f"61102500{of:04d}"
    number_text = identity(order=number)
    row = ["永乐街道", "安山村", home, f"{home}{number:02d}", "赵某", number_text, "户主", "健康"]
    return list((dict(zip(PERSON, row, strict=True)) | cells).values())


def sheet(
    rows: Rows,
    *,
    name: str = "Sheet1",
    file: str = "file.xlsx",
    merges: tuple[tuple[int, int, int, int], ...] = (),
) -> Sheet:
    """A sheet as the readers give it; blank rows are left out as they do."""
    width = max(map(len, rows))
    padded = [[str(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    filled = [(i, row) for i, row in enumerate(padded, start=1) if any(row)]
    columns = {
        "row": pa.array([i for i, _ in filled], pa.int32()),
        "cells": pa.array([len(rows[i - 1]) for i, _ in filled], pa.int32()),
    }
    columns |= {str(c): pa.array([row[c] for _, row in filled], pa.string()) for c in range(width)}
    return Sheet.of(file, name, pa.table(columns), merges=merges)


def cleaned(
    rows: Rows, *, county: str = "611025", data_date: date | None = None, **more: Any
) -> tuple[Batch, Audit]:
    """The rows of a sheet with one table, cleaned by the layout that they have, and the audit."""
    made, audit = sheet(rows, **more), Audit()
    (match,) = matching.matches(made)
    cleaner = Cleaner(made, match, Divisions.load(county), audit, data_date=data_date)
    batches = list(cleaner.batches())
    if batches:
        (batch,) = batches
    else:  # a header and nothing below it
        none = schema.BY_NAME[match.layout.table].arrow.empty_table()
        batch = Batch(match.layout.table, none, none)
    return batch, audit


def workbook(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write a workbook, every cell as it is given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(number, column, cell)
                    else:
                        page.write(number, column, cell)
    return path
