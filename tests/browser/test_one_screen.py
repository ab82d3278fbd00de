"""The overview is one screen: nothing of it has to be scrolled to, and on a phone it is swiped."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import visit

pytestmark = pytest.mark.browser

LINE = 48  # pixels: less than two lines of the menu
SIZES = [(1920, 1080), (1280, 720)]
TOWNSHIP = "611025104"
VIEWS = ["/", "/?lang=en", f"/?region={TOWNSHIP}", "/?part=board", "/?part=progress", "/?year=2022"]
_MEASURE = """() => {
  const main = document.querySelector('[data-testid=stMain]')
  const drawn = [...document.querySelectorAll('.screen *')].filter(e => e.checkVisibility())
  const inside = drawn.map(e => e.getBoundingClientRect())
  return {
    menu: document.querySelector(".menu").clientHeight,
    whole: main.scrollHeight,
    window: main.clientHeight,
    right: Math.max(...inside.map(box => box.right)),
    bottom: Math.max(...inside.map(box => box.bottom)),
  }
}"""


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_overview_needs_no_scrolling(
    browser: Browser, dashboard: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.set_default_timeout(30_000)
    found = {}
    for view in VIEWS:
        visit(page, dashboard + view)
        found[view] = page.evaluate(_MEASURE)
    context.close()
    too_high = {view: one for view, one in found.items() if one["whole"] > one["window"]}
    assert not too_high
    assert not {v: one["menu"] for v, one in found.items() if one["menu"] > LINE}
    cut = {v: one for v, one in found.items() if one["right"] > size[0] or one["bottom"] > size[1]}
    assert not cut


def test_on_a_phone_one_swipe_is_one_idea(page: Page, dashboard: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, dashboard)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390, "the ideas scroll in their own row, not the page"
    ideas = page.locator(".screen .idea")
    assert ideas.count() == 5
    lefts = [box["x"] for i in range(5) if (box := ideas.nth(i).bounding_box())]
    assert lefts == sorted(lefts) and lefts[1] > 300
    page.locator(".screen .ideas").evaluate("row => row.scrollTo({left: 330, behavior: 'instant'})")
    page.wait_for_timeout(400)
    second = ideas.nth(1).bounding_box()
    assert second is not None and abs(second["x"] - lefts[0]) < 3, "it comes to rest on an idea"
