"""The flow of money: bands as thick as their amounts, one below the other on their bars."""

from __future__ import annotations

import re
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.money_flow import Edge, Node, flow
from charts.number_format import Measure
from charts.theme import ALERT, PHONE, Chart, Frame, Words

WORDS = Words("资金", "元", ("从", "到", "金额"))
NODES = [
    Node("a", "中央", 0),
    Node("b", "县级", 0),
    Node("x", "项目建设", 1),
    Node("y", "政策补助", 1),
    Node("p", "已支付", 2),
    Node("i", "闲置", 2, alert=True),
]
EDGES = [
    Edge("a", "x", 60, "/funds?fund=a"),
    Edge("a", "y", 20),
    Edge("b", "y", 20),
    Edge("x", "p", 45),
    Edge("x", "i", 15),
    Edge("y", "p", 40),
]
HEADS = ("从哪里来", "拨到哪里去", "用到哪")


def drawn(edges: list[Edge] = EDGES, frame: Frame | None = None) -> Chart:
    more = {"frame": frame} if frame else {}
    return flow(NODES, edges, HEADS, measure=Measure("count", "元"), words=WORDS, **more)


def _bands(chart: Chart) -> list[tuple[float, float, float, str]]:
    """Upper start, upper end and thickness of each band, and its colour."""
    found = []
    for shape in chart.figure["layout"]["shapes"]:
        if shape["type"] == "path":
            xy = [float(y) for y in re.findall(r",(-?[\d.]+)", shape["path"])]
            found.append((xy[0], xy[3], xy[4] - xy[3], shape["fillcolor"]))
    return found


def _bars(chart: Chart) -> list[dict[str, Any]]:
    return [s for s in chart.figure["layout"]["shapes"] if s["type"] == "rect"]


def test_plotly_takes_it_with_a_bar_a_node_and_a_band_an_edge() -> None:
    """Plotly refuses what it does not know."""
    kinds = [shape.type for shape in go.Figure(drawn().figure).layout.shapes]
    assert (kinds.count("rect"), kinds.count("path")) == (len(NODES), len(EDGES))


def test_bands_are_as_thick_as_their_amounts() -> None:
    bands = _bands(drawn())
    scale = bands[0][2] / 60
    assert [band[2] / scale for band in bands] == pytest.approx([60, 20, 20, 45, 15, 40], rel=1e-3)


def test_bands_fill_their_bars_from_top_to_bottom() -> None:
    """Those that leave a bar, and those that come to it, one below the other."""
    chart = drawn()
    bands = _bands(chart)
    tops = {round(bar["y0"], 1): bar["y1"] for bar in _bars(chart)}
    assert round(bands[0][0], 1) in tops
    assert bands[1][0] == pytest.approx(bands[0][0] + bands[0][2], abs=0.02)
    assert bands[5][1] == pytest.approx(bands[3][1] + bands[3][2], abs=0.02)


def test_what_should_not_be_is_marked_by_colour_and_name() -> None:
    chart = drawn()
    assert [band[3] == ALERT for band in _bands(chart)] == [False] * 4 + [True, False]
    words = " ".join(note["text"] for note in chart.figure["layout"]["annotations"])
    assert "闲置" in words and "15" in words


def test_points_open_what_a_band_stands_for() -> None:
    points = drawn().figure["data"][0]
    assert set(points["customdata"]) == {"/funds?fund=a", None}
    assert "中央 → 项目建设<br>60元" in points["hovertext"]


def test_the_table_has_every_band() -> None:
    table = drawn().table
    assert table[0] == ["从", "到", "金额"] and len(table) == 7
    assert table[1] == ["中央", "项目建设", 60]


@pytest.mark.parametrize(
    "edges",
    [[], [Edge("a", "x", -1)], [Edge("x", "a", 1)], [Edge("a", "b", 1)], [Edge("a", "q", 1)]],
)
def test_what_is_no_flow_is_refused(edges: list[Edge]) -> None:
    with pytest.raises(ValueError):
        drawn(edges)


@given(st.lists(st.integers(0, 10**9), min_size=6, max_size=6).filter(any))
def test_nothing_leaves_the_room(amounts: list[int]) -> None:
    edges = [Edge(e.source, e.target, a) for e, a in zip(EDGES, amounts, strict=True)]
    for frame in (None, PHONE):
        chart = drawn(edges, frame)
        room = chart.figure["layout"]["yaxis"]["range"][0]
        assert all(-0.1 <= bar["y0"] <= bar["y1"] <= room + 25 for bar in _bars(chart))
