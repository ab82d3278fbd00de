"""The chart of a target: what is drawn ahead, what is not, and the table of the same numbers."""

from __future__ import annotations

import pytest

from charts.forecast import Names, forecast
from charts.theme import HALF
from tests.charts import samples


def _names(figure: dict) -> list[str]:
    return [trace.get("name", "") for trace in figure["data"]]


def test_band_and_line_end_when_it_is_due() -> None:
    figure = samples.on_pace(HALF).figure
    band, ahead, known = figure["data"]
    assert band["x"] == [2025.0, 2026.0, 2026.0, 2025.0] and band["y"] == [69.9, 74, 71.2, 69.9]
    assert ahead["y"] == [69.9, 72.6] and known["y"][-1] == 69.9


def test_the_needed_line_leads_to_the_target() -> None:
    shapes = samples.on_pace(HALF).figure["layout"]["shapes"]
    assert [(s["y0"], s["y1"]) for s in shapes] == [(75, 75), (69.9, 75)]


def test_without_a_forecast_there_is_neither_band_nor_line() -> None:
    assert _names(samples.far_from_zero(HALF).figure)[:-1] == ["80%预测区间", "预测"]
    assert len(samples.one_value_on_its_way(HALF).figure["data"]) == 1


def test_points_open_their_lists() -> None:
    known = samples.on_pace(HALF).figure["data"][-1]
    assert known["customdata"][0] == "/ledgers?year=2020"


def test_the_table_has_what_is_drawn() -> None:
    table = samples.on_pace(HALF).table
    assert table[-2] == ["2026年末 预测", 72.6, 71.2, 74]
    assert table[-1] == ["2026年末 目标", 75, None, None]


def test_the_axis_begins_at_zero_unless_all_is_far_from_it() -> None:
    assert samples.falling_to_none(HALF).figure["layout"]["yaxis"]["range"][0] == 0
    assert samples.far_from_zero(HALF).figure["layout"]["yaxis"]["range"][0] > 0


def test_nothing_known_is_no_chart() -> None:
    with pytest.raises(ValueError, match="known"):
        forecast([], 1, 2026.0, None, Names(*"abcdef"), axis_words=(), needed=False,
                 measure=samples.RATE, words=samples.words("a", "b", "c", "d"))  # fmt: skip
