"""Villages along an amount: every village in one bar, every line at its amount, words apart."""

from __future__ import annotations

from itertools import pairwise

import pytest

from charts.income_levels import Bin, levels
from charts.number_format import Measure
from charts.theme import ACCENT, HALF, PHONE, QUIET
from tests.charts import samples


def test_bars_under_the_line_meant_are_in_the_accent() -> None:
    bars = samples.incomes_of_villages(HALF).figure["data"][0]
    assert bars["y"][0] == 2 and sum(bars["y"]) == 2 + 119
    assert bars["marker"]["color"] == [ACCENT] * 6 + [QUIET] * 16


def test_lines_stand_at_their_amounts() -> None:
    figure = samples.incomes_of_villages(HALF).figure
    assert [shape["x0"] for shape in figure["layout"]["shapes"][1:]] == [0, 4, 5, 10]


@pytest.mark.parametrize("frame", [HALF, PHONE])
def test_the_words_of_two_lines_never_touch(frame: object) -> None:
    figure = samples.incomes_of_villages(frame).figure  # type: ignore[arg-type]
    told = [note for note in figure["layout"]["annotations"] if note.get("yref") == "paper"]
    heights = [note["y"] for note in told]
    assert len(told) == 4 and heights == sorted(heights, reverse=True)
    plot = figure["layout"]["height"] - figure["layout"]["margin"]["t"]
    assert min(a - b for a, b in pairwise(heights)) * plot > 14


def test_the_table_has_every_step() -> None:
    table = samples.incomes_of_villages(HALF).table
    assert (
        table[1] == ["无", 2] and table[2] == ["0 – 10,000元", 0] and table[-1][0] == "≥ 200,000元"
    )
    assert sum(row[1] for row in table[1:]) == 2 + 119


def test_one_bin_is_no_distribution() -> None:
    words, measure = samples.words("a", "b"), Measure("count", "元")
    with pytest.raises(ValueError):
        levels(0, [Bin(0, 1)], [], nothing="无", amount=measure, counted=measure, words=words)
