"""Masks: never the whole value, the same in SQL as in Python, over every length and kind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cells.masks import masked
from loaders.cells.values import check_digit
from store.masks import mask_sql, mask_text, year_sql, year_text
from store.schema import Mask

KINDS: tuple[Mask, ...] = get_args(Mask)


@pytest.mark.parametrize(
    ("value", "mask", "shown"),
    [
        ("张三丰", "name", "张*丰"),
        ("张三", "name", "张*"),
        ("张", "name", "***"),
        ("欧阳某某", "name", "欧*某"),
        ("619925198001010010", "identity", "6*****************"),
        ("619925800101001", "identity", "6**************"),
        ("61992519", "identity", "***"),
        ("123", "identity", "***"),
        ("13800001234", "phone", "138****1234"),
        ("091412345678", "phone", "091*****5678"),
        ("6212345", "phone", "*****45"),
        ("62123456", "phone", "******56"),
        ("110", "phone", "***"),
        ("", "phone", ""),
    ],
)
def test_a_value_shows_by_its_kind_and_length(value: str, mask: Mask, shown: str) -> None:
    assert mask_text(value, mask) == shown


@pytest.mark.parametrize("mask", KINDS)
@pytest.mark.parametrize("length", range(1, 41))
def test_of_no_length_enough_shows_to_know_the_rest(mask: Mask, length: int) -> None:
    value = "".join(chr(ord("a") + i % 26) for i in range(length))
    shown = mask_text(value, mask)
    assert "*" in shown
    readable = sum(char != "*" for char in shown)
    assert readable < length
    if mask != "name":
        assert length - readable >= 4 or readable == 0
        assert readable <= (1 if mask == "identity" else 7)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
def test_sql_masks_as_python_does(value: str) -> None:
    columns = ", ".join(mask_sql("v", mask) for mask in KINDS)
    [row] = duckdb.execute(f"SELECT {columns} FROM (SELECT ?::VARCHAR AS v)", [value]).fetchall()
    assert row == tuple(mask_text(value, mask) for mask in KINDS)


def test_what_is_not_known_stays_unknown() -> None:
    columns = ", ".join(mask_sql("v", mask) for mask in KINDS)
    [row] = duckdb.execute(f"SELECT {columns} FROM (SELECT NULL::VARCHAR AS v)").fetchall()
    assert row == (None,) * len(KINDS)


@given(st.text(max_size=30), st.sampled_from(KINDS))
def test_reports_of_imports_mask_alike(value: str, mask: Mask) -> None:
    assert masked(value, mask) == (mask_text(value.strip(), mask) or None)


@given(st.dates())
def test_of_a_date_the_year_shows_the_same_in_sql(day: date) -> None:
    query = f"SELECT {year_sql('v')} FROM (SELECT ?::DATE AS v)"
    [(shown,)] = duckdb.execute(query, [day]).fetchall()
    assert shown == year_text(day.isoformat()) == f"{day.year:04d}-**-**"


def _left(mask: str, born: str, division: str, odd: int) -> int:
    """How many identity numbers of a division fit what one row of a household's file shows."""
    first = date(int(born[:4]), 1, 1)
    days = [(first + timedelta(days=n)).isoformat() for n in range(365)] if "*" in born else [born]
    fits = 0
    for day in days:
        for order in range(odd, 1000, 2):  # the sex is in the order's last digit
            stem = f"{division}{day.replace('-', '')}{order:03d}"
            number = stem + check_digit(stem)
            fits += all(m in ("*", c) for m, c in zip(mask, number, strict=True))
    return fits


def test_what_one_row_shows_leaves_more_numbers_than_anybody_tries() -> None:
    """Place, sex, birth and mask in one row: with the day and the last two shown few are left."""
    stem = "61992519800101001"
    number = stem + check_digit(stem)
    assert _left("6" + "*" * 15 + number[-2:], "1980-01-01", "619925", odd=1) < 15
    shown = mask_text(number, "identity"), year_text("1980-01-01")
    assert _left(*shown, "619925", odd=1) > 100_000
