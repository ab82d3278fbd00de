"""Whatever stands in a sheet: every row is accounted for, and no whole personal number is told."""

from __future__ import annotations

import datetime
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loaders.accounts.audit import Audit
from loaders.accounts.report import Report
from loaders.cells import values
from loaders.cleaning.section import Cleaner
from loaders.layouts import matching
from loaders.reading import sheets as readers
from loaders.regions.divisions import Divisions
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, LEDGER, PERSON, household, identity, person

COUNTY = Divisions.load("611025")
DAY = datetime.date(2025, 12, 31)
NUMBER, PHONE = identity("19700101", 77), "13912345678"
INCOME = ["年度", "户编号", "家庭人口", "工资性收入", "家庭纯收入", "人均纯收入"]
TOTAL = ["合计", "", "", "6000", "9000", ""]
USUAL = {
    "户信息": (HOUSEHOLD, household(1)),
    "人口名单": (PERSON, person(1, 1)),
    "家庭收入": (INCOME, ["2024", "611025000001", "3", "6000", "9000", "3000"]),
    "大病残疾户": (LEDGER, ["永乐街道", "安山村", "611025000001", "赵某", "病", "2021-03-01", ""]),
}


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


PERSONAL = [
    NUMBER,
    NUMBER.lower(),
    NUMBER + "43",
    NUMBER[:-1] + "*",
    full_width(NUMBER),
    f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
    f"赵某{NUMBER}",
    NUMBER[:6] + "\u200b" + NUMBER[6:],
    PHONE,
    full_width(PHONE),
    "139-1234-5678",
    f"电话{PHONE}",
]
CELLS = st.sampled_from(
    [
        *PERSONAL,
        "",
        " ",
        "无",
        "-",
        "NA",
        "#DIV/0!",
        "#FORMULA!",
        "6.19925E+17",
        "1.3912345678E10",
        "3,500元",
        "20万元",
        "-1",
        "10(其中,灾情因素6万元)",
        "2019.1",
        "2019.10",
        "二〇一九年十月",
        "2019-02-30",
        "43831",
        "太平村",
        "1200",
        "无此村",
        "外来户",
        "亚健康",
        "<b>",
        "=A1",
        "合计",
        "说明",
        "赵\ufffd某",
        "３",
        "女",
    ]
)


@st.composite
def lines(draw: st.DrawFn, usual: list[object]) -> tuple[list[list[object]], int]:
    """Lines of a sheet, and how many of them are records."""
    found: list[list[object]] = []
    records = 0
    for kind in draw(st.lists(st.sampled_from("rrrrmmhtfb"), max_size=12)):
        row = list(usual)
        if kind == "m":
            for at in draw(st.sets(st.integers(0, len(row) - 1), min_size=1, max_size=3)):
                row[at] = draw(CELLS)
        kinds = {
            "h": ["header"],
            "t": ["合计", *[""] * (len(row) - 1)],
            "f": ["填表人:某"],
            "b": [],
        }
        found.append(kinds.get(kind, row))
        records += kind in "rm"
    return found, records


@st.composite
def made(draw: st.DrawFn) -> tuple[str, list[list[object]], int]:
    """A sheet's name, its lines in a random order of columns, and how many are records."""
    name = draw(st.sampled_from(sorted(USUAL)))
    headers, usual = USUAL[name]
    body, records = draw(lines(list(usual)))
    order = draw(st.permutations(range(len(headers))))
    rows = [[headers[i] for i in order]]
    for line in body:
        if line == ["header"]:
            rows.append(rows[0])
        else:
            rows.append([line[i] for i in order] if len(line) == len(order) else line)
    title = draw(st.sampled_from([[], [["某表"]], [["某表"], ["单位:元"]]]))
    return name, [*title, *rows], records


@given(made(), st.booleans())
@settings(max_examples=150)
@example(("家庭收入", [INCOME, ["2024", "611025000001", "3", "-1", "9", "3"]], 1), True)
@example(("家庭收入", [INCOME, ["合计", "", "", PHONE, "1.3912345678E10", "-"]], 0), True)
@example(("家庭收入", [INCOME, ["2024", "611025000001", "3", PHONE, "9", "3"], TOTAL], 1), True)
def test_every_row_is_accounted_for_and_nobody_is_named(
    sheet: tuple[str, list[list[object]], int], text: bool
) -> None:
    name, rows, records = sheet
    audit = Audit()
    told = sheets.sheet(rows, name="" if text and name != "大病残疾户" else name, file="表.xlsx")
    (match,) = matching.matches(told)
    for batch in Cleaner(told, match, COUNTY, audit, data_date=DAY).batches():
        audit.accept(batch.rows)
    account = audit.sheets[0]
    certain = sum(1 for row in rows[match.header + 1 :] if not _doubtful(row))
    assert certain <= account.rows <= records
    report = Report.of(audit, DAY, "611025")
    tables = [audit.entries(), audit.mends(), audit.declared_totals()]
    assert audit.mends().num_rows == audit.mends_total
    texts = [json.dumps(report.as_dict(), ensure_ascii=False), *report.lines()]
    texts += [str(cell) for table in tables for row in table.to_pylist() for cell in row.values()]
    for each in texts:
        plain = values.compact(each).upper().replace("-", "")
        assert NUMBER not in plain and PHONE not in plain


def _doubtful(row: list[object]) -> bool:
    """Whether a line may be none of the records by its words."""
    words = ("合计", "说明", "填表人:某", "header", "户编号", "")
    filled = [cell for cell in row if str(cell).strip()]
    return len(filled) < 4 or any(cell in words for cell in row)


def test_two_batches_at_once_give_what_one_after_the_other_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "ROWS", 250)
    rows = [HOUSEHOLD, *(household(n, 家庭人口="３" if n % 7 else "三") for n in range(1, 3_000))]
    told = sheets.sheet(rows)
    (match,) = matching.matches(told)
    found = []
    for pool in (None, ThreadPoolExecutor(2)):
        audit = Audit()
        batches = list(Cleaner(told, match, COUNTY, audit).batches(pool))
        found.append(([b.rows.to_pylist() for b in batches], audit.entries(), audit.mends()))
    assert found[0] == found[1]
    assert len(found[0][0]) == 12 and found[0][1].num_rows == 428
