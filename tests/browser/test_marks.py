"""Every chart in a real browser: each mark of its table is there and not of the paper's colour.

A figure may be valid and still draw a bar in the paper's own colour; only pixels tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from charts.state_bar import Segment
from charts.theme import PAGE, PAPER, PHONE, Chart, Frame
from tests.charts import (
    samples,
    test_alluvial,
    test_answer_bars,
    test_distance_histogram,
    test_money_flow,
    test_pipeline,
    test_state_bar,
)
from views.browser.bundle import PLOTLY

pytestmark = pytest.mark.browser

CHARTS = Path(__file__).parents[2] / "charts"
BARS, POINTS, BANDS = ".barlayer .point path", ".scatterlayer .point", ".shapelayer path"
LINES = ".scatterlayer .js-line"
# How much of a mark's place is not paper, at the least. A sliver keeps less of its own between
# the edges that part it from its neighbours. A point without a circle of its own, as where they are
# many, has a line, dashed maybe, through the sixteen pixels around it.
INKED = {BARS: 0.3, POINTS: 0.03, BANDS: 0.15, LINES: 0.005}
DRAW = """async figure => {
  const box = document.getElementById("box")
  Plotly.purge(box)
  box.style.height = `${figure.layout.height}px`
  await Plotly.newPlot(box, figure.data, figure.layout, {displayModeBar: false})
}"""
BOXES = """selector => [...document.querySelectorAll(selector)].map(mark => {
  const { x, y, width, height } = mark.getBoundingClientRect()
  if (width || !mark.matches(".point")) return [x, y, width, height]
  return [x - 8, y - 8, 16, 16]
}).filter(box => box[2] > 0 && box[3] > 0)"""

Rows = list[list[Any]]


def numbers(rows: Rows, *columns: int) -> int:
    """The cells of some columns (of all but the first) that hold a number other than 0."""
    held = [row[i] for row in rows for i in columns or range(1, len(row))]
    return sum(1 for cell in held if isinstance(cell, (int, float)) and cell)


def known(rows: Rows) -> int:
    return sum(1 for row in rows for cell in row[1:] if cell is not None)


def framed(draw: Callable[..., Chart]) -> Callable[[Frame], Chart]:
    return lambda frame: draw(frame=frame)


def overdue(frame: Frame) -> Chart:
    """A ledger of which more than a sliver is overdue, which is hatched then."""
    return test_state_bar.draw(
        [Segment("已销号", 600, "closed"), Segment("逾期", 674, "overdue")], frame
    )


# A chart's module, what draws it, its marks, and how many its table asks for.
DRAWN: tuple[tuple[str, Callable[[Frame], Chart], str, Callable[[Rows], int]], ...] = (
    ("trend", samples.full_trend, POINTS, known),
    ("trend", samples.gappy_trend, POINTS, known),
    ("compare", samples.six_places, POINTS, known),
    # The last column is the county's line, which stands behind each place without points.
    ("multiples", samples.small_multiples, POINTS, lambda rows: known([r[:-1] for r in rows])),
    ("flow_bars", samples.both_ways, BARS, numbers),
    ("bars", samples.ranking, BARS, numbers),
    ("bars", samples.losses, BARS, numbers),
    ("dumbbell", samples.villages, POINTS, lambda rows: 2 * len(rows)),
    ("state_bar", samples.ledger, BARS, lambda rows: numbers(rows, 1)),
    ("state_bar", overdue, BARS, lambda rows: numbers(rows, 1)),
    ("state_bar", samples.quiet_ledger, BARS, lambda rows: numbers(rows, 1)),
    ("income_stack", samples.household, BARS, lambda rows: numbers(rows, 1, 2, 3, 4, 5)),
    ("upset", samples.groups_upright, BARS, lambda rows: 12),
    ("upset", samples.groups_lying, BARS, lambda rows: 12),
    # A box a kind at either end, and a band a row.
    ("alluvial", framed(test_alluvial.draw), BANDS, lambda rows: len(rows)),
    ("answer_bars", framed(test_answer_bars.draw), BARS, numbers),
    ("still_open", samples.closing, LINES, lambda rows: 1),
    ("money_flow", framed(test_money_flow.drawn), BANDS, lambda rows: len(rows)),
    ("pipeline", test_pipeline.stops, BARS, lambda rows: 3),
    ("beside", test_pipeline.pairs, POINTS, lambda rows: len(rows)),
    ("forecast", samples.on_pace, POINTS, lambda rows: 8),  # six years, forecast, target
    ("income_levels", samples.incomes_of_villages, BARS, lambda rows: 20),  # of 22, two empty
    ("distance_histogram", framed(test_distance_histogram.draw), BARS, numbers),
)


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_content(f'<body style="margin:0;background:{PAPER}"><div id="box"></div>')
    page.add_script_tag(path=str(PLOTLY))
    yield page
    page.close()


def inked(page: Page, boxes: list[list[float]]) -> list[float]:
    """The part of each box that is of another colour than the paper."""
    seen = np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB")).astype(int)
    paper = [int(PAPER[i : i + 2], 16) for i in (1, 3, 5)]
    other = np.abs(seen - paper).max(axis=2) > 20
    found = []
    for x, y, width, height in boxes:
        left, top = max(round(x), 0), max(round(y), 0)
        right, bottom = max(round(x + width), left + 1), max(round(y + height), top + 1)
        found.append(other[top:bottom, left:right].mean())
    return found


def test_every_chart_is_drawn_here() -> None:
    makes = {path.stem for path in CHARTS.glob("*.py") if "-> Chart:" in path.read_text("utf8")}
    assert {module for module, *_ in DRAWN} == makes - {"theme"}


@pytest.mark.parametrize("frame", [PAGE, PHONE], ids=["page", "phone"])
@pytest.mark.parametrize("case", DRAWN, ids=lambda case: f"{case[0]}")
def test_each_mark_of_the_table_is_seen(sheet: Page, case: Any, frame: Frame) -> None:
    _, draw, marks, asked = case
    chart = draw(frame)
    sheet.set_viewport_size({"width": frame.width, "height": max(chart.height, 100)})
    sheet.evaluate(DRAW, chart.figure)
    boxes = sheet.evaluate(BOXES, marks)
    seen = [part for part in inked(sheet, boxes) if part >= INKED[marks]]
    expected = asked(chart.table[1:])
    if marks == BANDS:
        assert len(seen) == len(boxes) > expected
    else:
        assert len(seen) == len(boxes) == expected
