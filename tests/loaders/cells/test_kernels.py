"""Whole columns of bytes: what the kernels say of each cell is what the careful functions say."""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.cells import kernels, values
from loaders.cells.kernels import Cells
from tests.loaders.cells.test_values import DAYS, identities

TEXTS = st.lists(st.text(max_size=9) | st.sampled_from(["赵某", "2", "2.5", "AB12", "", "３"]))
EPOCH = datetime.date(1970, 1, 1)


def column(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.string())


def sliced(texts: list[str]) -> pa.Array:
    """The same column as a slice of a longer one, as batches are."""
    return column(["前面", *texts, "后面"]).slice(1, len(texts))


def parts(cells: Cells) -> list[bytes]:
    pairs = zip(cells.starts, cells.ends, strict=True)
    return [cells.data[start:end].tobytes() for start, end in pairs]


@given(TEXTS)
def test_a_columns_bytes_are_its_cells(texts: list[str]) -> None:
    for made in (column(texts), sliced(texts)):
        assert parts(kernels.cells(made)) == [text.encode() for text in texts]


@given(TEXTS, st.data())
def test_only_some_rows_of_a_column(texts: list[str], data: st.DataObject) -> None:
    rows = np.array([data.draw(st.booleans()) for _ in texts], bool)
    left = kernels.only(sliced(texts), rows)
    expected = [text if kept else None for text, kept in zip(texts, rows, strict=True)]
    assert left.to_pylist() == expected


@given(TEXTS)
def test_rows_with_an_odd_byte(texts: list[str]) -> None:
    found = kernels.odd_digits(kernels.cells(sliced(texts))).tolist()
    assert found == [not all(c in "0123456789" for c in text) for text in texts]
    found = kernels.odd_number(kernels.cells(column(texts))).tolist()
    assert found == [not all(c in "0123456789." for c in text) for text in texts]


@given(st.lists(st.text()))
@settings(max_examples=300)
def test_text_that_is_not_odd_is_what_tidying_leaves(texts: list[str]) -> None:
    odd = kernels.odd_text(kernels.cells(column(texts)))
    for text, strange in zip(texts, odd, strict=True):
        if not strange and len(text.encode()) > 5:
            assert values.guarded(text, values.text) == (text, None)


@pytest.mark.parametrize(
    "text", ["赵 某", "赵\u200b某", "\ufeffa", "'x", "（某）", "a\xa0b", "#N/A", "\t"]
)
def test_odd_texts(text: str) -> None:
    assert kernels.odd_text(kernels.cells(column(["赵某某", text]))).tolist() == [False, True]


@given(st.lists(DAYS, min_size=1))
def test_plain_days(days: list[datetime.date]) -> None:
    for form in ("%Y%m%d", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"):
        found, plain = kernels.plain_days(kernels.cells(column([f"{d:{form}}" for d in days])))
        assert plain.all()
        assert found.tolist() == [(day - EPOCH).days for day in days]
    found, plain = kernels.plain_days(kernels.cells(column([f"{d:%Y%m}" for d in days])))
    assert plain.all() and found.tolist() == [(d.replace(day=1) - EPOCH).days for d in days]


@pytest.mark.parametrize(
    "cell",
    [
        "20230229",
        "202313",
        "2023-02/01",
        "2023 02 01",
        "18991231",
        "21010101",
        "2023-2-01",
        "20230200",
    ],
)
def test_what_is_no_plain_day_is_left_to_be_looked_at(cell: str) -> None:
    days, plain = kernels.plain_days(kernels.cells(column([cell, "20230201", ""])))
    assert plain.tolist() == [False, True, False] and days[0] == 0


def test_years_without_a_leap_day_and_with_one() -> None:
    cells = kernels.cells(column(["20000229", "19000229", "20240229"]))
    assert kernels.plain_days(cells)[1].tolist() == [True, False, True]


@given(
    st.lists(identities(), min_size=1, max_size=5), st.integers(0, 17), st.sampled_from("0159Xx*")
)
def test_whole_identities_are_those_that_the_careful_function_takes(
    numbers: list[str], at: int, character: str
) -> None:
    changed = [f"{n[:at]}{character}{n[at + 1 :]}" for n in numbers]
    texts = [*numbers, *changed, "", "12", "999999198001010010", numbers[0] + "43"]
    found = kernels.whole_identities(kernels.cells(sliced(texts))).tolist()
    for text, whole in zip(texts, found, strict=True):
        careful = len(text) == 18 and values.identity(text) == (text, None)
        assert whole == (careful and not text.startswith("999999")), text


def test_cells_shorter_than_a_number_hold_none() -> None:
    assert kernels.whole_identities(kernels.cells(column(["12", ""]))).tolist() == [False, False]


def test_births_and_sexes() -> None:
    texts = ["", "619925198002290010", "999999198001010010", "619925197112310029"]
    found = kernels.births(kernels.cells(column(texts)))
    assert found.rows.tolist() == [1, 3]
    born = [datetime.date(1980, 2, 29), datetime.date(1971, 12, 31)]
    assert found.days.tolist() == [(day - EPOCH).days for day in born]
    assert found.male.tolist() == [True, False]


def test_an_empty_column() -> None:
    cells = kernels.cells(column([]))
    assert parts(cells) == []
    assert kernels.whole_identities(cells).tolist() == kernels.odd_text(cells).tolist() == []
    assert kernels.plain_days(cells)[0].tolist() == []
