"""One cell's text to a value: every oddity that exports have, and no text that raises."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cells import amounts, dates, person_names, values
from loaders.cells.converters import code_list

SCALARS = {
    "text": values.text,
    "identifier": values.identifier,
    "identity": values.identity,
    "date": dates.date,
    "year": dates.year,
    "number": amounts.number,
    "count": amounts.count,
    "flag": values.flag,
    "name": person_names.name,
    "coded": values.coded(code_list("health")),
}
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def numbered(body: str) -> str:
    return body + values.check_digit(body)


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(DAYS).strftime("%Y%m%d")
    return numbered(f"{draw(st.integers(110000, 829999))}{born}{draw(st.integers(1, 999)):03d}")


@pytest.mark.parametrize("name", SCALARS)
@given(cell=st.text() | st.from_regex(r"[-+0-9./年月日eE,万元无是否 ]*", fullmatch=True))
def test_no_text_raises_and_nothing_is_both_taken_and_empty(name: str, cell: str) -> None:
    value, note = SCALARS[name](cell)
    assert note is None or isinstance(note, str)
    if value is None and note is None:  # then there was nothing to take
        assert values.compact(cell).upper() in values.EMPTY


@pytest.mark.parametrize("name", SCALARS)
@pytest.mark.parametrize("cell", [".0", "-.0", "/.0"])
def test_a_fraction_without_a_number_is_no_empty_cell(name: str, cell: str) -> None:
    value, note = SCALARS[name](cell)
    assert value is not None or note is not None


@pytest.mark.parametrize("name", SCALARS)
@pytest.mark.parametrize("cell", ["", " ", "　", "-", "—", "NA", "n/a", "/", "NULL"])
def test_what_says_nothing_is_null(name: str, cell: str) -> None:
    no_name = "placeholder_name" if name == "name" and cell.strip() else None
    assert SCALARS[name](cell) == (None, no_name)


@pytest.mark.parametrize(("name", "expected"), [("flag", False), ("date", None), ("text", None)])
def test_the_word_none_is_no_for_a_flag_and_nothing_elsewhere(name: str, expected: object) -> None:
    assert SCALARS[name]("无") == (expected, None)


def test_a_number_before_nothing_is_no_flag() -> None:
    assert SCALARS["flag"]("1/") == (None, "unknown_code")


def test_the_word_none_is_a_code_where_the_list_has_it() -> None:
    assert values.coded(code_list("dangerous_house"))("无") == ("none", None)


@given(
    day=DAYS, form=st.sampled_from(["%Y%m%d", "%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日"])
)
def test_days_in_every_form(day: datetime.date, form: str) -> None:
    assert dates.date(day.strftime(form)) == (day, None)
    assert dates.date(full_width(day.strftime(form))) == (day, "stray_characters")


@given(day=DAYS, form=st.sampled_from(["%Y%m", "%Y-%m", "%Y.%m", "%Y/%m", "%Y年%m月"]))
def test_a_month_is_its_first_day(day: datetime.date, form: str) -> None:
    assert dates.date(day.strftime(form)) == (day.replace(day=1), None)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2020-1-2", datetime.date(2020, 1, 2)),
        ("2020.5", datetime.date(2020, 5, 1)),
        ("2020-01-02 00:00:00", datetime.date(2020, 1, 2)),
        ("2020-01-02T09:30:00", datetime.date(2020, 1, 2)),
        ("二〇一九年十月", datetime.date(2019, 10, 1)),
        ("二零一九年十二月三十一日", datetime.date(2019, 12, 31)),
        ("二○二一年二月廿八日", datetime.date(2021, 2, 28)),
        ("2019.10", datetime.date(2019, 10, 1)),
        ("202005.0", datetime.date(2020, 5, 1)),
    ],
)
def test_other_spellings_of_days(cell: str, day: datetime.date) -> None:
    assert dates.date(cell) == (day, None)


@pytest.mark.parametrize("cell", ["43831", "43831.75"])
def test_the_day_number_of_a_date_without_its_format_is_mended(cell: str) -> None:
    assert dates.date(cell) == (datetime.date(2020, 1, 1), "serial_date")


def test_a_month_that_a_number_may_have_cut_short_is_not_guessed() -> None:
    assert dates.date("2019.1") == (None, "ambiguous_month")
    assert dates.date("2019.2") == (datetime.date(2019, 2, 1), None)


@pytest.mark.parametrize("cell", ["长期", "1.5", "十月", "2019年上半年", "10月1日"])
def test_no_days(cell: str) -> None:
    assert dates.date(cell) == (None, "unreadable")


@pytest.mark.parametrize(
    "cell", ["202013", "20200230", "18990101", "2021年2月30日", "二〇二一年二月三十日"]
)
def test_days_that_there_are_not(cell: str) -> None:
    assert dates.date(cell) == (None, "no_such_day")


@pytest.mark.parametrize(
    "cell", ["2018", "2018年", "2018年度", "201812", "2018-12-31", "2018.0", "2018.1"]
)
def test_years(cell: str) -> None:
    assert dates.year(cell) == (2018, None)


def test_a_year_out_of_range_is_unreadable() -> None:
    assert dates.year("3018") == (None, "unreadable")


@given(st.floats(-1e12, 1e12).map(lambda x: round(x, 2)))
def test_numbers_with_and_without_thousands_separators(number: float) -> None:
    assert amounts.number(f"{number:.2f}") == (number, None)
    assert amounts.number(f"{number:,.2f}") == (number, None)
    assert amounts.number(full_width(f"{number:,.2f}")) == (number, "stray_characters")


@given(st.integers(0, 10**7))
def test_wan_has_no_float_dust(hundredths: int) -> None:
    """Any amount with two decimals in 10,000 yuan is a whole number of 100 yuan."""
    assert amounts.number(f"{hundredths / 100:.2f}", 10_000) == (float(hundredths * 100), None)


@pytest.mark.parametrize("name", SCALARS)
@pytest.mark.parametrize(
    ("cell", "reason"),
    [("#DIV/0!", "error_cell"), ("#n/a", "error_cell"), ("#FORMULA!", "formula_without_value")],
)
def test_what_a_spreadsheet_writes_without_a_value(name: str, cell: str, reason: str) -> None:
    assert values.guarded(cell, SCALARS[name]) == (None, reason)


@pytest.mark.parametrize("text", ["<script>x</script>", "=HYPERLINK(A1)", "+cmd|'/c x'!A1", "@x"])
def test_markup_and_formulas_are_text(text: str) -> None:
    assert values.guarded(text, values.text) == (text, None)


@pytest.mark.parametrize("cell", ["是", "有", "01是", "1", "TRUE", "已消除", "√", " 是 "])
def test_yes(cell: str) -> None:
    assert values.flag(cell) == (True, None)


@pytest.mark.parametrize("cell", ["否", "无", "02否", "0", "false", "未消除"])
def test_no(cell: str) -> None:
    assert values.flag(cell) == (False, None)


def test_neither_yes_nor_no() -> None:
    assert values.flag("不详") == (None, "unknown_code")


@pytest.mark.parametrize(
    "cell",
    [
        "03",
        "3",
        "3.0",
        "03大病",
        "03.大病",
        "03、大病",
        "大病",
        "大 病",
        "患有大病",
        "大病(尿毒症)",
    ],
)
def test_codes_by_name_number_or_both(cell: str) -> None:
    assert SCALARS["coded"](cell) == ("major_illness", None)


def test_an_unknown_code_is_said_to_be_one() -> None:
    assert SCALARS["coded"]("亚健康") == (None, "unknown_code")
    assert SCALARS["coded"]("77") == (None, "unknown_code")


@pytest.mark.parametrize("cell", ["“两头跑”搬迁户", '"两头跑"搬迁户', "两头跑搬迁户"])
def test_quotation_marks_do_not_matter(cell: str) -> None:
    assert values.coded(code_list("risk_group"))(cell)[0] == "split_residence_relocated"


@given(identities())
def test_valid_identity_numbers_are_taken_as_they_are(number: str) -> None:
    assert values.identity(number) == (number, None)
    assert values.identity(f"'{number}") == (number, "stray_characters")
    assert values.identity(f'="{number}"') == (number, None)
    assert values.identity(number + "43") == (number, None)
    assert values.identity(number + "4301") == (number, None)


@given(identities(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, at: int, more: int) -> None:
    wrong = f"{number[:at]}{(int(number[at]) + more) % 10}{number[at + 1 :]}"
    value, note = values.identity(wrong)
    assert value is None or wrong.startswith("999999")
    assert note in values.FATAL


@given(identities())
def test_a_number_that_went_through_a_float_is_refused(number: str) -> None:
    assert values.identity(f"{float(number[:17]) * 10:.11E}") == (None, "digits_lost")
    assert values.identity(number[:14] + "0000") == (None, "digits_lost")


def test_a_lower_case_x_is_mended() -> None:
    number = next(n for i in range(1, 99) if (n := numbered(f"61992519800101{i:03d}"))[-1] == "X")
    assert values.identity(number.lower()) == (number, "identity_case")


def test_six_nines_stand_for_a_number_not_known_yet() -> None:
    assert values.identity("999999198001010010") == ("999999198001010010", None)


def test_an_old_number_of_15_digits_is_not_lifted() -> None:
    assert values.identity("619925800101001") == (None, "identity_old")


@pytest.mark.parametrize("cell", ["6199251980010100", "61992519800101001", "姓名"])
def test_identity_numbers_of_other_lengths_are_refused(cell: str) -> None:
    assert values.identity(cell) == (None, "identity_length")


def test_identifiers_keep_their_digits_or_are_refused() -> None:
    assert values.identifier("00061102500000045") == ("00061102500000045", None)
    assert values.identifier("6110250001.0") == ("6110250001", None)
    assert values.identifier("6.1102500000045E+15") == (None, "digits_lost")
    assert values.identifier("6.1102500000045E+13") == ("61102500000045", "scientific_text")
    assert values.identifier("1.3812345678E10") == ("13812345678", "scientific_text")
    assert values.identifier("1.38123E+10") == (None, "digits_lost")
    assert values.identifier("6.19925198001010010E+17") == (None, "digits_lost")
    assert values.identifier("ＡＢ－1") == ("AB-1", "stray_characters")


@pytest.mark.parametrize(
    ("cell", "value", "note"),
    [
        (" 赵 某 ", "赵某", None),
        ("赵\u200b某", "赵某", "stray_characters"),
        ("\ufeff赵某", "赵某", "stray_characters"),
        ("第３组", "第3组", "stray_characters"),
        ("修路，铺桥（一期）", "修路，铺桥（一期）", None),
        ('="007"', "007", None),
        ("A  B", "A B", None),
        ("赵\ufffd", None, "broken_text"),
    ],
)
def test_text_is_tidied_and_its_punctuation_left_alone(
    cell: str, value: str | None, note: str | None
) -> None:
    assert values.text(cell) == (value, note)


@given(st.text())
def test_tidying_twice_changes_nothing_more_in_unquoted_text(cell: str) -> None:
    once = values.tidy(cell)
    if not once.startswith(("'", '"', "=")):
        assert values.tidy(once) == once
