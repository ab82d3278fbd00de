"""Cells as counties fill them, from a file to the row, the mend or the reason they come to."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter

from loaders.accounts.audit import MENDS, Audit
from loaders.cleaning import section
from loaders.layouts import matching
from loaders.reading import sheets as readers
from loaders.regions.divisions import Divisions
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, PERSON, cleaned, household, identity, person

COUNTY = Divisions.load("611025")
DATA_DATE = datetime.date(2025, 12, 31)
HOME = [*HOUSEHOLD, "户联系电话", "识别时间", "耕地面积(亩)", "入户路类型", "是否危房户"]
HOME_USUAL = ["13912345678", "2014-03-01", "3.5", "03", "否"]
PEOPLE = [*PERSON, "出生日期", "性别"]
INCOME = ["年度", "户编号", "家庭人口", "工资性收入", "生产经营性收入", "家庭纯收入", "人均纯收入"]
LEDGER = ["村(社区)", "户编号", "户主姓名", "纳入原因", "建账时间"]


def row_of(headers: list[str], usual: list[object], cells: dict[str, object]) -> list[object]:
    return list((dict(zip(headers, usual, strict=True)) | cells).values())


def home(**cells: object) -> list[list[object]]:
    return [HOME, row_of(HOME, [*household(1), *HOME_USUAL], cells)]  # type: ignore[list-item]


def somebody(**cells: object) -> list[list[object]]:
    return [PEOPLE, row_of(PEOPLE, [*person(1, 1), "", ""], cells)]  # type: ignore[list-item]


def income(**cells: object) -> list[list[object]]:
    usual: list[object] = ["2024", "611025000001", "3", "6000", "3000", "9000", "3000"]
    return [INCOME, row_of(INCOME, usual, cells)]  # type: ignore[list-item]


def ledger(**cells: object) -> list[list[object]]:
    usual: list[object] = ["安山村", "611025000001", "赵某", "因病", "2021-03-01"]
    return [LEDGER, row_of(LEDGER, usual, cells)]  # type: ignore[list-item]


def outcome(rows: list[list[object]], field: str, **more: Any) -> tuple[Any, str | None]:
    """The value that was taken and the reason of its mend, or None and the refusal's reason."""
    batch, audit = cleaned(rows, data_date=DATA_DATE, **more)
    assert audit.sheets[0].rows == 1
    if audit.entries().num_rows:
        (entry,) = audit.entries().to_pylist()
        assert batch.rows.num_rows == 0
        return None, f"refused: {entry['reason']}"
    (row,) = batch.rows.to_pylist()
    mends = audit.mends().to_pylist()
    noted = [reason for bit, reason in enumerate(MENDS) if row["_mends"] & 1 << bit]
    assert sorted(mend["reason"] for mend in mends) == sorted(noted)
    return row[field], noted[0] if noted else None


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (identity(), (identity(), None)),
        ("6.19925198001E+17", (None, "refused: digits_lost")),
        ("6.1992519800101001e+17", (None, "refused: digits_lost")),
        (identity()[:14] + "0000", (None, "refused: digits_lost")),
        (identity()[:6] + identity()[8:17], (None, "refused: identity_old")),
        (identity()[:17], (None, "refused: identity_length")),
        (identity()[:17] + "*", (None, "refused: identity_length")),
        (identity()[:16] + "99", (None, "refused: identity_check")),
        (identity("20250230"), (None, "refused: identity_check")),
        (identity("20260101"), (None, "refused: future_birth")),
        (identity() + "43", (identity(), None)),
        (identity() + "4301", (identity(), None)),
        (f"'{identity()}", (identity(), "stray_characters")),
        (
            f"{identity()[:6]} {identity()[6:14]}\xa0{identity()[14:]}",
            (identity(), "stray_characters"),
        ),
        (f"\u200b{identity()}\ufeff", (identity(), "stray_characters")),
        (f"\u202a{identity()}\u202c", (identity(), "stray_characters")),
        ("999999198001010010", ("999999198001010010", None)),
        ("", (None, None)),
        ("无", (None, None)),
    ],
)
def test_identity_numbers(number: str, expected: tuple[Any, str | None]) -> None:
    assert outcome(somebody(证件号码=number), "identity_number") == expected


def test_a_lower_case_x_and_full_width_digits() -> None:
    number = next(n for i in range(1, 99) if (n := identity("19631105", i)).endswith("X"))
    assert outcome(somebody(证件号码=number.lower()), "identity_number") == (
        number,
        "identity_case",
    )
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert outcome(somebody(证件号码=wide), "identity_number") == (number, "stray_characters")


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("suffix", ["43", "4302"])
def test_a_certificate_gives_kind_and_grade_of_the_disability(suffix: str, wide: bool) -> None:
    number = identity() + suffix
    if wide:
        number = "".join(chr(ord(c) + 0xFEE0) for c in number)
    (row,) = cleaned(somebody(证件号码=number))[0].rows.to_pylist()
    assert (row["disability_kind"], row["disability_grade"]) == ("limb", 3)
    assert row["identity_number"] == identity()


def test_what_the_file_says_of_a_disability_comes_first() -> None:
    headers = [*PEOPLE, "残疾类别", "残疾等级"]
    rows = [
        [*somebody(证件号码=identity() + "43")[1], "视力", "1"],
        [*somebody(证件号码=identity(order=2) + "43")[1], "", ""],
    ]
    batch, _ = cleaned([headers, *rows])
    assert batch.rows["disability_kind"].to_pylist() == ["sight", "limb"]
    assert batch.rows["disability_grade"].to_pylist() == [1, 3]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("6.11025000001E+11", ("611025000001", "scientific_text")),
        ("6.11025E+11", (None, "refused: digits_lost")),
        ("６１１０２５０００００１", ("611025000001", "stray_characters")),
        ('="611025000001"', ("611025000001", None)),
        ("#REF!", (None, "refused: error_cell")),
        ("#FORMULA!", (None, "refused: formula_without_value")),
    ],
)
def test_household_numbers(cell: str, expected: tuple[Any, str | None]) -> None:
    assert outcome(home(户编号=cell), "household_id") == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.3912345678E10", ("13912345678", "scientific_text")),
        ("13912345678.0", ("13912345678", None)),
        ("1.39123E+10", (None, "digits_lost")),
        ("139 1234 5678", ("13912345678", None)),
        ("0914-5322000", ("0914-5322000", None)),
        ("—", (None, None)),
    ],
)
def test_phones(cell: str, expected: tuple[Any, str | None]) -> None:
    assert outcome(home(户联系电话=cell), "phone") == expected


@pytest.mark.parametrize(
    ("village", "code", "mend"),
    [
        ("611025001200", "611025001200", None),
        ("001200", "611025001200", None),
        ("1200", "611025001200", "leading_zero"),
        ("611025001209", "611025001007", "old_name"),
        ("9207", None, "refused: unknown_village"),
    ],
)
def test_village_codes_with_and_without_their_zeros(
    village: str, code: str | None, mend: str | None
) -> None:
    assert outcome(home(行政村=village), "village_code") == (code, mend)


@pytest.mark.parametrize("township", ["611025001", "001", "1"])
def test_township_codes_with_and_without_their_zeros(township: str) -> None:
    found, mend = outcome(home(乡镇=township), "village_code")
    assert (found, mend) == ("611025001200", "leading_zero" if township == "1" else None)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("201403", (datetime.date(2014, 3, 1), None)),
        ("2014/3/1", (datetime.date(2014, 3, 1), None)),
        ("2014-03-01 00:00:00", (datetime.date(2014, 3, 1), None)),
        ("41699", (datetime.date(2014, 3, 1), "serial_date")),
        ("2019.10", (datetime.date(2019, 10, 1), None)),
        ("2019.1", (None, "ambiguous_month")),
        ("二〇一九年十月", (datetime.date(2019, 10, 1), None)),
        ("二零一九年十月一日", (datetime.date(2019, 10, 1), None)),
        ("2019-02-30", (None, "no_such_day")),
        ("去年", (None, "unreadable")),
        ("#VALUE!", (None, "error_cell")),
        ("空", (None, None)),
    ],
)
def test_days_that_a_row_may_lack(cell: str, expected: tuple[Any, str | None]) -> None:
    assert outcome(home(识别时间=cell), "identified_on") == expected


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2019.1", "ambiguous_month"),
        ("2019-02-30", "no_such_day"),
        ("#VALUE!", "error_cell"),
        ("#FORMULA!", "formula_without_value"),
        ("很早", "unreadable"),
    ],
)
def test_days_that_a_row_needs(cell: str, reason: str) -> None:
    found = outcome(ledger(建账时间=cell), "opened_on", name="大病残疾户")
    assert found == (None, f"refused: {reason}")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("20251231", (datetime.date(2025, 12, 31), None)),
        ("20260101", (datetime.date(1980, 1, 1), "future_date")),  # the number's own is taken
        ("", (datetime.date(1980, 1, 1), None)),
    ],
)
def test_a_birth_after_the_data_date(cell: str, expected: tuple[Any, str | None]) -> None:
    assert outcome(somebody(出生日期=cell), "birth_date") == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("9000.50", (9000.5, None)),
        ("9,000元", (9000.0, None)),
        ("0.9万元", (9000.0, "other_unit")),
        ("９０００", (9000.0, "stray_characters")),
        ("9000(含补贴)", (9000.0, "bracket_note")),
        ("-1200", (-1200.0, None)),
        ("9E3", (9000.0, None)),
        ("#DIV/0!", (None, "error_cell")),
        ("#FORMULA!", (None, "refused: formula_without_value")),
        ("约9000", (None, "unreadable")),
        ("", (None, None)),
    ],
)
def test_net_income_which_may_be_negative(cell: str, expected: tuple[Any, str | None]) -> None:
    assert outcome(income(家庭纯收入=cell), "net_income_yuan") == expected


def test_wages_are_not_negative_and_business_may_be() -> None:
    assert outcome(income(工资性收入="-1"), "wage_yuan") == (None, "refused: below_minimum")
    assert outcome(income(生产经营性收入="-1"), "business_yuan") == (-1.0, None)
    assert outcome(income(工资性收入="0"), "wage_yuan") == (0.0, None)


@pytest.mark.parametrize(
    ("cell", "expected"), [("无", False), ("否", False), ("-", None), ("空", None), ("NA", None)]
)
def test_none_is_no_for_a_flag_and_a_dash_is_nothing(cell: str, expected: bool | None) -> None:
    headers = [*HOUSEHOLD, "是否通生活用电"]
    assert outcome([headers, [*household(1), cell]], "power") == (expected, None)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "=HYPERLINK(A1)",
        "+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "-2+3",
        "a&b",
    ],
)
def test_markup_and_formulas_stay_the_text_they_are(text: str) -> None:
    assert outcome(ledger(纳入原因=text), "reason", name="大病残疾户") == (text, None)


def test_every_mend_is_listed_with_before_and_after_and_masked() -> None:
    number = next(n for i in range(1, 99) if (n := identity("19631105", i)).endswith("X"))
    rows = somebody(
        证件号码=number.lower(), 姓名="赵\u200b某某", 健康状况="亚健康", 行政村="太平村"
    )
    _, audit = cleaned(rows, file="名单.xlsx")
    found = {m["header"]: (m["reason"], m["before"], m["after"]) for m in audit.mends().to_pylist()}
    assert found == {
        "证件号码": (
            "identity_case",
            f"6{'*' * 17}",
            f"6{'*' * 17}",
        ),
        "姓名": ("stray_characters", "赵*某", "赵*某"),
        "健康状况": ("unknown_code", "亚健康", None),
        "行政村": ("old_name", "永乐街道 太平村", "太坪社区 611025001007 (2018年版)"),
    }
    assert {m["row"] for m in audit.mends().to_pylist()} == {2}
    assert audit.mends_total == 4


def test_mends_of_refused_rows_are_not_listed() -> None:
    _, audit = cleaned(somebody(姓名="赵\u200b某", 证件号码="1"))
    assert audit.mends().num_rows == audit.mends_total == 0


# Through the reader


def read(path: Path, folder: Path) -> tuple[pa.Table, Audit]:
    audit = Audit()
    with readers.read(path, folder) as reading:
        (sheet,) = reading.sheets
        (match,) = matching.matches(sheet)
        (batch,) = section.clean(sheet, match, COUNTY, audit)
    return batch.rows, audit


def test_numbers_that_a_workbook_holds_as_numbers(tmp_path: Path) -> None:
    """A phone and a household number survive as a double, an identity number does not."""
    headers = [*PERSON, "人联系电话"]
    rows = [[*person(1, 1, 户编号=611025000001), 13912345678], [*person(2, 1), ""]]
    rows[1][PERSON.index("证件号码")] = float(identity(order=2)[:17] + "0")
    table, audit = read(sheets.workbook(tmp_path / "a.xlsx", {"a": [headers, *rows]}), tmp_path)
    assert table["household_id"].to_pylist() == ["611025000001"]
    assert table["phone"].to_pylist() == ["13912345678"]
    assert audit.entries()["reason"].to_pylist() == ["digits_lost"]


def test_dates_formulas_and_errors_of_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "户.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("户")
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, cells in enumerate([HOME, *(home(户编号=f"61102500000{n}")[1] for n in "123")]):
            page.write_row(line, 0, cells)
        at = HOME.index("识别时间")
        page.write_datetime(1, at, datetime.datetime(2014, 3, 1), form)  # noqa: DTZ001
        page.write_number(2, at, 41699)
        page.write_formula(3, at, "=1/0", None, "#DIV/0!")
    table, audit = read(path, tmp_path)
    assert table["identified_on"].to_pylist() == [datetime.date(2014, 3, 1)] * 2 + [None]
    assert set(audit.mends()["reason"].to_pylist()) == {"serial_date", "error_cell"}


def test_a_date_without_its_format_counts_from_the_workbooks_epoch(tmp_path: Path) -> None:
    path = tmp_path / "户.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        page = book.add_worksheet("户")
        page.write_row(0, 0, HOME)
        page.write_row(1, 0, home()[1])
        page.write_number(1, HOME.index("识别时间"), 41699 - 1462)
    table, audit = read(path, tmp_path)
    assert table["identified_on"].to_pylist() == [datetime.date(2014, 3, 1)]
    assert audit.mends()["reason"].to_pylist() == ["serial_date"]


def test_text_in_full_width_and_invisible_characters_from_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "户.csv"
    row = home(家庭人口="３", 户主姓名="\u200b赵某某", 入户路类型="03水泥路")[1]
    lines = [",".join(HOME), ",".join(map(str, row))]
    path.write_text("\r\n".join(lines), "gb18030")
    table, audit = read(path, tmp_path)
    (found,) = table.to_pylist()
    assert (found["member_count"], found["head_name"]) == (3, "赵某某")
    assert found["entry_road"] == "concrete"
    assert audit.mends()["header"].to_pylist() == ["户主姓名", "家庭人口"]


def test_what_is_wrong_in_one_batch_is_found_in_any(tmp_path: Path) -> None:
    """Rows of a long file come in batches; the mess may stand in each of them."""
    count, wrong = 150_000, (0, 65_535, 65_536, 149_999)
    rows = [",".join(INCOME)]
    for number in range(count):
        wage = "-5" if number in wrong else "6000"
        rows.append(f"2024,{611025000000 + number},3,{wage},3000,9000,3000")
    path = tmp_path / "收入.csv"
    path.write_text("\n".join([*rows, "合计,,,,,,"]), "utf-8")
    audit = Audit()
    with readers.read(path, tmp_path) as reading:
        (sheet,) = reading.sheets
        (match,) = matching.matches(sheet)
        batches = section.clean(sheet, match, COUNTY, audit)
    assert len(batches) > 2
    assert sum(batch.rows.num_rows for batch in batches) == count - len(wrong)
    assert sorted(audit.refused_rows(0)) == [number + 2 for number in wrong]
    assert audit.sheets[0].rows == count and audit.sheets[0].aside["total_row"] == 1
