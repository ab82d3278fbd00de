"""Drawing to exact targets, and the bare workbook writer."""

from __future__ import annotations

import numpy as np
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.demo.files.xlsx_writer import Sheet, write_workbook
from loaders.demo.model import sampling


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=40), st.integers(0, 10_000))
def test_apportion_adds_up_and_is_within_one(weights: list[float], total: int) -> None:
    shares = np.array(weights)
    whole = sampling.apportion(shares, total)
    assert whole.sum() == total
    assert (np.abs(whole - shares / shares.sum() * total) < 1 + 1e-6).all()


@given(st.integers(0, 2**32), st.integers(1, 60))
def test_take_gives_different_items_and_none_of_weight_zero(seed: int, count: int) -> None:
    weights = np.r_[np.zeros(20), np.ones(60)]
    found = sampling.take(np.random.default_rng(seed), weights, count)
    assert len(set(found)) == count
    assert found.min() >= 20


def test_take_refuses_more_than_there_are() -> None:
    with pytest.raises(ValueError, match="4 asked for, 3"):
        sampling.take(np.random.default_rng(1), np.array([1.0, 0, 2, 3]), 4)


def test_take_prefers_the_heavier() -> None:
    rng = np.random.default_rng(2)
    weights = np.r_[np.ones(500), np.full(500, 9.0)]
    assert (sampling.take(rng, weights, 300) >= 500).mean() > 0.75


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(0, 120))
def test_take_sum_meets_count_and_sum_exactly(seed: int, above: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 7, 800)
    weights = rng.random(800) * (np.arange(800) >= 100)
    total = 700 + above
    found = sampling.take_sum(rng, weights, sizes, 200, total)
    assert len(set(found)) == 200
    assert sizes[found].sum() == total
    assert found.min() >= 100


def test_take_sum_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="cannot be closed"):
        sampling.take_sum(np.random.default_rng(1), np.ones(9), np.full(9, 2), 3, 7)


def test_bisect_finds_where_a_rising_function_meets_the_target() -> None:
    assert sampling.bisect(lambda x: x**3, 27, 0, 10) == pytest.approx(3)


def test_pick_takes_lists_texts_and_weights() -> None:
    rng = np.random.default_rng(4)
    assert set(sampling.pick(rng, "甲乙", 50)) == {"甲", "乙"}
    assert set(sampling.pick(rng, {"a": 1, "b": 0}, 50)) == {"a"}
    assert set(sampling.pick(rng, [("x", 1), ("y", 2)], 50)) == {("x", 1), ("y", 2)}


def test_only_leaves_none_where_the_mask_is_false() -> None:
    found = sampling.only(np.array([True, False]), np.array(["a", "b"]))
    assert list(found) == ["a", None]


def test_months_lie_between_both_ends() -> None:
    months = sampling.months_between(np.random.default_rng(5), "2019-11", "2020-02", 200)
    assert {str(m) for m in months} == {"2019-11", "2019-12", "2020-01", "2020-02"}


def test_a_workbook_reads_back_as_it_was_written(tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    cells = np.array(["a&b <c>", "", " 张 三 ", "001"], dtype=object)
    columns = {f"列{i}": cells for i in range(30)}
    sheets = [
        Sheet("一 & 二", [["标题"], ["单位:", "", "元"]], columns, [["合计", "4"]]),
        Sheet("empty", [], {"甲": np.array([], dtype=object)}),
    ]
    write_workbook(path, sheets)
    book = python_calamine.load_workbook(str(path))
    assert book.sheet_names == ["一 & 二", "empty"]
    rows = book.get_sheet_by_name("一 & 二").to_python()
    assert rows[0][:2] == ["标题", ""]
    assert rows[1][:3] == ["单位:", "", "元"]
    assert rows[2] == list(columns)
    assert [row[0] for row in rows[3:]] == [*cells, "合计"]
    assert [row[29] for row in rows[3:7]] == list(cells)
    assert book.get_sheet_by_name("empty").to_python() == [["甲"]]


def test_a_long_sheet_keeps_its_rows_across_blocks(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("loaders.demo.files.xlsx_writer._ROWS_AT_ONCE", 7)
    numbers = np.arange(20).astype(str).astype(object)
    write_workbook(tmp_path / "b.xlsx", [Sheet("s", [["t"]], {"n": numbers}, [["end"]])])
    sheet = python_calamine.load_workbook(str(tmp_path / "b.xlsx")).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()] == ["t", "n", *numbers, "end"]


def test_the_same_content_gives_the_same_bytes(tmp_path) -> None:
    sheet = Sheet("s", [["t"]], {"n": np.array(["1"], dtype=object)})
    write_workbook(tmp_path / "a.xlsx", [sheet])
    write_workbook(tmp_path / "b.xlsx", [sheet])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
