"""Masks: never the whole value, the same in SQL as in Python, over every length and kind."""

from __future__ import annotations

from typing import get_args

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cells.masks import masked
from store.masks import mask_sql, mask_text
from store.schema import Mask

KINDS: tuple[Mask, ...] = get_args(Mask)


@pytest.mark.parametrize(
    ("value", "mask", "shown"),
    [
        ("张三丰", "name", "张*丰"),
        ("张三", "name", "张*"),
        ("张", "name", "***"),
        ("欧阳某某", "name", "欧*某"),
        ("619925198001010010", "identity", "6***************10"),
        ("619925800101001", "identity", "6************01"),
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
        assert readable <= (3 if mask == "identity" else 7)


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
