"""How those see the map who set their browser otherwise: large letters, forced colours, zoom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright

from charts.theme import PAPER, RAMP, ZERO
from tests.browser.conftest import ARGUMENTS, chromium_path, visit

pytestmark = pytest.mark.browser

MAP = ".taizhang-map canvas"
LEAST = 24  # pixels: the smallest letters that this reader can read
# Each legend's words, as boxes on the screen.
WORDS = """legend => [...legend.querySelectorAll(".bounds, .count")].map(word => {
  const range = document.createRange()
  range.selectNodeContents(word)
  const { left, right, top, bottom } = range.getBoundingClientRect()
  return [left, right, top, bottom]
})"""


@pytest.fixture(scope="module")
def large(playwright: Playwright) -> Iterator[Page]:
    """A Chromium whose settings have a smallest font."""
    smallest = f"--blink-settings=minimumFontSize={LEAST}"
    opened = playwright.chromium.launch(
        executable_path=chromium_path(), args=[*ARGUMENTS, smallest]
    )
    yield opened.new_page(viewport={"width": 1280, "height": 900})
    opened.close()


def apart(page: Page) -> None:
    """No two words of the legend lie on each other, and none leaves the window."""
    boxes = page.locator(".legend").evaluate(WORDS)
    assert len(boxes) >= 10
    width = page.evaluate("innerWidth")
    for i, (left, right, top, bottom) in enumerate(boxes):
        assert left >= 0 and right <= width
        for other in boxes[i + 1 :]:
            over = min(right, other[1]) - max(left, other[0])
            assert over <= 1 or min(bottom, other[3]) - max(top, other[2]) <= 3


def test_with_large_letters_each_village_still_says_its_own_number(
    large: Page, dashboard: str
) -> None:
    visit(large, f"{dashboard}/map")
    assert large.locator(".legend li").first.evaluate("e => getComputedStyle(e).fontSize") == "24px"
    apart(large)
    numbers = defaultdict(set)
    for row in large.locator(".beside-map tbody tr").all_inner_texts():
        name, number = row.split()
        numbers[name].add(f"{number}户")
    box = large.locator(MAP).bounding_box()
    assert box
    seen = {}
    for x, y in ((0.5, 0.45), (0.4, 0.5), (0.6, 0.6), (0.3, 0.55), (0.55, 0.7), (0.45, 0.62)):
        large.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        large.wait_for_timeout(1_200)
        tooltip = large.locator(".deck-tooltip").first
        if tooltip.is_visible():
            name, *told = tooltip.inner_text().split()
            seen[name] = told
    assert len(seen) >= 3
    for name, told in seen.items():
        if name in numbers:  # a site has a name of its own
            assert len(told) == 1 and told[0] in numbers[name], (name, told)


@pytest.mark.torture
def test_forced_colours_leave_the_classes_their_own(page: Page, dashboard: str) -> None:
    page.emulate_media(forced_colors="active")
    visit(page, f"{dashboard}/map")
    shown = page.locator(".legend .swatch").evaluate_all(
        "list => list.map(e => getComputedStyle(e).backgroundColor)"
    )
    wanted = [ZERO, *RAMP[:4]]
    assert shown == [
        f"rgb({', '.join(str(int(c[i : i + 2], 16)) for i in (1, 3, 5))})" for c in wanted
    ]
    visit(page, f"{dashboard}/trends")
    paper = page.locator(".taizhang-plot").first.evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    assert paper == f"rgb({', '.join(str(int(PAPER[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.mark.torture
def test_at_four_times_the_size_nothing_lies_on_anything(browser: Browser, dashboard: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 180}, device_scale_factor=4)
    page = context.new_page()
    visit(page, f"{dashboard}/map")
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 1
    apart(page)
    box = page.locator(MAP).bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 321
    context.close()
