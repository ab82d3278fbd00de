"""Numbers with units behind them: converted where the unit measures the same, else refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cells import amounts, quantities
from loaders.cells.converters import converter
from loaders.cells.quantities import QUANTITIES
from loaders.layouts import units
from loaders.layouts.matching import load
from store import schema

UNITS = [unit for quantity in QUANTITIES.values() for unit in quantity.schema]


@pytest.mark.parametrize(
    ("cell", "factor", "yuan", "note"),
    [
        ("25", 10_000, 250_000.0, None),
        ("16.11", 10_000, 161_100.0, None),
        ("3.5万元", 1, 35_000.0, "other_unit"),
        ("3.5 万元", 10_000, 35_000.0, None),
        ("3.5万", 1, 35_000.0, "other_unit"),
        ("3.5万", 10_000, 35_000.0, None),
        ("1,200元", 10_000, 1_200.0, "other_unit"),
        ("1,200元", 1, 1_200.0, None),
        ("0.5亿元", 1, 50_000_000.0, "other_unit"),
        ("52万3450元", 1, 523_450.0, "other_unit"),
        ("12元5角", 1, 12.5, "other_unit"),
        ("5千元", 1, 5_000.0, "other_unit"),
        ("¥52.345", 10_000, 523_450.0, None),
        ("￥52.345", 10_000, 523_450.0, None),
        ("¥523,450.00元整", 1, 523_450.0, None),
        ("RMB1200", 1, 1_200.0, None),
        ("-¥5", 1, -5.0, None),
        ("¥-5", 1, -5.0, None),
        ("25\u200b", 1, 25.0, "stray_characters"),
    ],
)
def test_amounts_of_money(cell: str, factor: int, yuan: float, note: str | None) -> None:
    assert amounts.number(cell, factor, "yuan") == (yuan, note)


@pytest.mark.parametrize(
    ("cell", "unit", "value", "note"),
    [
        ("3.5亩", "mu", 3.5, None),
        ("160平方米", "mu", 0.24, "other_unit"),
        ("1600㎡", "mu", 2.4, "other_unit"),
        ("1600 m²", "mu", 2.4, "other_unit"),
        ("160(平方米)", "mu", 0.24, "other_unit"),
        ("160（单位：平方米）", "mu", 0.24, "other_unit"),
        ("0.5公顷", "mu", 7.5, "other_unit"),
        ("24分", "mu", 2.4, "other_unit"),
        ("2亩4分", "mu", 2.4, "other_unit"),
        ("2.4万亩", "mu", 24_000.0, "other_unit"),
        ("2.4万", "mu", 24_000.0, "other_unit"),
        ("0.1亩", "m2", 200 / 3, "other_unit"),
        ("3公里", "km", 3.0, None),
        ("5千米", "km", 5.0, None),
        ("300米", "km", 0.3, "other_unit"),
        ("3公里200米", "km", 3.2, "other_unit"),
        ("3里", "km", 1.5, "other_unit"),
        ("6个月", "months", 6.0, None),
        ("1年6个月", "months", 18.0, "other_unit"),
        ("90天", "months", 3.0, "other_unit"),
        ("3人", "people", 3.0, None),
        ("1.2万人", "people", 12_000.0, "other_unit"),
        ("3户", "households", 3.0, None),
        ("66.5%", "percent", 66.5, None),
        ("66.5\uff05", "percent", 66.5, None),
        ("85分", "score", 85.0, None),
        ("3人", None, 3.0, None),
        ("3个", None, 3.0, None),
    ],
)
def test_units_of_the_same_quantity_are_converted(
    cell: str, unit: str | None, value: float, note: str | None
) -> None:
    assert amounts.number(cell, 1, unit) == (pytest.approx(value, rel=1e-15), note)


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("160平方米", "yuan"),
        ("3亩", "yuan"),
        ("3万元", "mu"),
        ("3元", "mu"),
        ("¥3", "mu"),
        ("3人", "yuan"),
        ("3户", "people"),
        ("3人", "households"),
        ("3公里", "mu"),
        ("3亩", "km"),
        ("3年", "yuan"),
        ("3%", "yuan"),
        ("3元", "percent"),
        ("3分", "percent"),
        ("3%", None),
        ("3亩", None),
        ("¥3", None),
        ("3元2亩", "yuan"),
    ],
)
def test_a_unit_of_another_quantity_is_never_taken_as_it_is(cell: str, unit: str | None) -> None:
    assert amounts.number(cell, 1, unit) == (None, "other_quantity")


@pytest.mark.parametrize(
    "cell", ["3万5", "4分2亩", "2亩4", "3亩左右", "约3亩", "亩", "3-5亩", "3亩/人"]
)
def test_what_says_no_single_amount_is_unreadable(cell: str) -> None:
    assert amounts.number(cell, 1, "mu") == (None, "unreadable")


def test_a_header_of_another_unit_counts_for_numbers_alone() -> None:
    """Under 耕地面积(公顷) a number is 15 mu, and a cell with its own unit is what it says."""
    hectares = quantities.worth("公顷", "mu")
    assert hectares is not None
    assert amounts.number("0.2", hectares, "mu") == (3.0, None)
    assert amounts.number("0.2公顷", hectares, "mu") == (3.0, None)
    assert amounts.number("0.2亩", hectares, "mu") == (0.2, "other_unit")


@given(
    number=st.decimals(0, 10**6, places=2),
    unit=st.sampled_from(UNITS),
    word=st.sampled_from(sorted(quantities.WORDS)),
)
def test_every_word_of_every_unit_is_converted_or_refused(
    number: Decimal, unit: str, word: str
) -> None:
    """By the declared worth, exactly; never as if the word were not there."""
    worth = quantities.worth(word, unit)
    value, note = amounts.number(f"{number}{word}", 1, unit)
    if worth is None:
        assert (value, note) == (None, "other_quantity")
    else:
        assert value == float(Fraction(number) * worth)
        assert note == (None if worth == 1 else "other_unit")


def test_every_unit_of_the_schema_with_an_amount_is_of_a_quantity() -> None:
    loaded = {layout.table for layout in load()}
    used = {c.unit for name in loaded for c in schema.BY_NAME[name].columns if c.unit}
    assert used <= set(UNITS)


@pytest.mark.parametrize(
    ("header", "worth"),
    [
        ("耕地面积(公顷)", 15),
        ("耕地面积(平方米)", Fraction(3, 2000)),
        ("耕地面积(单位：亩)", 1),
        ("耕地面积(万亩)", 10_000),
        ("耕地面积", None),
        ("耕地面积(万元)", None),
    ],
)
def test_headers_and_cells_read_one_table_of_units(header: str, worth: object) -> None:
    (layout,) = (each for each in load() if each.key == "household_register")
    (column,) = (each for each in layout.columns if each.field == "farmland_mu")
    assert units.factor(layout, column, [header], []) == worth
    assert units.fits(layout, column, header, ()) == ("万元" not in header)


@pytest.mark.parametrize("cell", ["1,5", "约3", "3-5", "1E+400", "--5", "9" * 16])
def test_no_numbers(cell: str) -> None:
    assert amounts.number(cell) == (None, "unreadable")


@pytest.mark.parametrize("factor", [1, 10_000])
@pytest.mark.parametrize(
    "cell",
    ["13912345678", "１３９12345678", "13912345678.0", "1.3912345678E10", "611025700101123"],
)
def test_a_persons_number_is_no_amount(cell: str, factor: int) -> None:
    assert amounts.number(cell, factor, "yuan")[0] is None
    amount = converter(schema.BY_NAME["household_year"].column("net_income_yuan"), factor=factor)
    assert amount(pa.array([cell, "9"])).values.to_pylist() == [None, 9.0 * factor]


def test_an_amount_with_its_unit_may_look_like_a_phone_number() -> None:
    assert amounts.number("13912345678元", 1, "yuan") == (13_912_345_678.0, None)


@pytest.mark.parametrize("cell", ["2.5", "-1", "99999999999"])
def test_a_count_is_whole_and_not_negative(cell: str) -> None:
    assert amounts.count(cell) == (None, "unreadable")


def test_counts() -> None:
    assert amounts.count("3人") == (3, None)
    assert amounts.count("3.0") == (3, None)
    assert amounts.count("３") == (3, "stray_characters")


@pytest.mark.parametrize("cell", ["1E+400", "1E+99999999999", "9" * 400, "1E-99999999999"])
def test_no_length_of_a_number_takes_time_or_raises(cell: str) -> None:
    assert amounts.number(cell, 15, "mu")[0] in (None, 0.0)


def test_a_number_with_a_note_in_brackets_is_the_number() -> None:
    assert amounts.number("10(其中,灾情因素6万元)", 10_000, "yuan") == (100_000.0, "bracket_note")
