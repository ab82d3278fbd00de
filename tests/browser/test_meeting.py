"""A meeting on the wall: the next view is there before the key, and nothing on it is too small."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from state import meetings
from state.database import opened
from state.meetings import Called, Showing
from store.snapshots import Home
from tests.browser.conftest import serving, visit

pytestmark = pytest.mark.browser

VIEWS = [
    ("", "v=1", "总体情况"),
    ("monitoring", "v=1", "监测办理"),
    ("map", "indicator=monitored_households&v=1", "分布"),
    ("ledgers", "group=borderline&v=1", "边缘户"),
]
SMALLEST = 24  # pixels
WALLS = [(1920, 1080), (1280, 720)]
_SIZES = """within => {
  const found = []
  const walk = document.createTreeWalker(within || document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement
    if (!walk.currentNode.nodeValue.trim() || !at.checkVisibility()) continue
    if (at.closest('.watermark, script, style, option')) continue
    found.push([parseFloat(getComputedStyle(at).fontSize), walk.currentNode.nodeValue.trim()])
  }
  return found
}"""


@pytest.fixture(scope="module")
def meeting(
    demo: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, int]]:
    """A dashboard over a home of its own, that home, and a meeting of four views in it."""
    own = Path(shutil.copytree(demo.path, tmp_path_factory.mktemp("meeting") / "home"))
    items = [Showing(path, query, title, "2" * 10) for path, query, title in VIEWS]
    with opened(own) as state:
        called = Called("调度会", date(2026, 1, 5), "三楼")
        number = meetings.make(state, called, items, owner="demo").number
    with serving(Home(own)) as address:
        yield f"{address}/meeting?meeting={number}", own, number


def present(page: Page, address: str, at: int, size: tuple[int, int] = (1920, 1080)) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{address}&item={at}")
    page.locator(".presenting header h1").wait_for()


def wait_for(page: Page, place: int) -> None:
    """Until a slide lies ready under the one in sight."""
    for _ in range(400):
        ready = page.locator(".presenting").get_attribute("data-ready") or ""
        if str(place) in ready.split():
            return
        page.wait_for_timeout(100)
    raise TimeoutError(place)


def in_sight(page: Page) -> Frame:
    handle = page.locator("iframe.shown").element_handle()
    frame = handle.content_frame() if handle else None
    assert frame is not None
    return frame


def test_the_next_view_is_there_when_the_key_is_pressed(
    page: Page, meeting: tuple[str, Path, int]
) -> None:
    present(page, meeting[0], 0)
    took = []
    for place, (path, _, title) in enumerate(VIEWS, 1):
        wait_for(page, place)
        page.keyboard.press(("ArrowRight", "PageDown", " ", "Enter")[place - 1])
        expect(page.locator(".presenting header h1")).to_have_text(title)
        expect(page.locator("iframe.shown")).to_be_visible()
        shown = page.locator(".presenting")
        expect(shown).to_have_attribute("data-switched", re.compile(f"{place} "), timeout=30_000)
        ms = (shown.get_attribute("data-switched") or "").split()[1]
        assert page.url.endswith(f"item={place}")
        took.append(float(ms))
        frame = in_sight(page)
        assert frame.url.partition("?")[0].endswith(f"/{path}")
        assert not frame.locator("html.arriving").count(), "it was whole before the key"
        assert (
            not frame.locator(".masthead").is_visible() and not frame.locator(".menu").is_visible()
        )
    # How long it takes on an idle machine is in the decision record; here others may be at work.
    assert min(took) < 500, took


@pytest.mark.parametrize("wall", WALLS, ids=str)
def test_nothing_on_a_slide_is_smaller_than_24_pixels(
    page: Page, meeting: tuple[str, Path, int], wall: tuple[int, int]
) -> None:
    present(page, meeting[0], 0, wall)
    small = {}
    for place in range(len(VIEWS) + 2):
        if place in range(1, len(VIEWS) + 1):
            wait_for(page, place)
        page.keyboard.press(str(place))
        page.wait_for_timeout(900)
        if 0 < place <= len(VIEWS):
            shown = page.locator("iframe.shown")
            drawn, laid = shown.bounding_box(), shown.evaluate("frame => frame.offsetWidth")
            assert drawn is not None
            scale = drawn["width"] / laid
            told = [(size * scale, words) for size, words in in_sight(page).evaluate(_SIZES)]
        else:
            told = page.locator(".presenting").evaluate(_SIZES)
        small.update({f"{place} {words}": size for size, words in told if size < SMALLEST - 0.1})
    assert not small


def test_a_drill_down_comes_back_and_a_black_wall_is_lit_again(
    page: Page, meeting: tuple[str, Path, int]
) -> None:
    present(page, meeting[0], 1)
    wait_for(page, 1)
    frame = in_sight(page)
    frame.locator("a.kpi").nth(1).click()
    frame.wait_for_url("**/monitoring?**")
    expect(page.locator(".presenting header h1")).to_have_text("总体情况")
    page.keyboard.press("Backspace")
    frame.wait_for_url(lambda url: "/monitoring" not in url)
    expect(frame.locator(".screen .kpis")).to_be_visible(timeout=30_000)
    dark = page.locator(".presenting .dark")
    page.keyboard.press("b")
    expect(dark).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dark).to_be_hidden()
    assert page.url.endswith("item=1"), "the first key only lights it"


def test_a_decision_is_written_on_the_spot(page: Page, meeting: tuple[str, Path, int]) -> None:
    address, own, number = meeting
    present(page, address, 2)
    wait_for(page, 2)
    in_sight(page).locator("h1, h2").first.click()  # the keys are heard inside the view too
    page.keyboard.press("d")
    page.keyboard.type("3月底前清零")
    page.fill(".decision [name=unit]", "县乡村振兴局")
    page.fill(".decision [name=due]", "2026-03-31")
    page.click(".decision [name=save]")
    expect(page.locator("iframe.shown")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator(".text-slide tbody th")).to_have_text("3月底前清零", timeout=30_000)
    with opened(own) as state:
        (one,) = meetings.decisions(state, [number])
    assert (one.text, one.unit, one.due, one.item) == (
        "3月底前清零", "县乡村振兴局", date(2026, 3, 31), 2,
    )  # fmt: skip
    assert one.followed is not None and one.followed.source == "meeting"
    expect(page.locator(".text-slide")).to_contain_text(one.followed.code)
    page.locator(".presenting nav button").last.click()
    expect(page.locator(".presenting")).to_have_count(0, timeout=30_000)
    expect(page.get_by_text("3月底前清零").first).to_be_visible()


def test_views_are_put_in_order_by_dragging_and_by_keys(
    page: Page, meeting: tuple[str, Path, int]
) -> None:
    address, own, number = meeting
    visit(page, address)
    page.locator(".st-key-change_open summary").click()
    lines = page.locator(".ordered li")

    def kept() -> list[str]:
        with opened(own) as state:
            found = meetings.find(state, number, "demo")
            assert found is not None
            return [item.title for item in found.items]

    titles = [title for _, _, title in VIEWS]
    assert kept() == titles
    lines.nth(0).locator(
        "button"
    ).hover()  # waits until the opening is over and the list lies still
    page.mouse.down()
    last = lines.nth(3).bounding_box()
    assert last is not None
    page.mouse.move(last["x"] + 20, last["y"] + last["height"] - 2, steps=8)
    page.mouse.up()
    expect(lines.nth(3)).to_contain_text(f"4. {titles[0]}", timeout=30_000)
    assert kept() == [*titles[1:], titles[0]]
    lines.nth(3).locator("button").focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(lines.nth(0)).to_contain_text(f"1. {titles[0]}", timeout=30_000)
    assert kept() == titles
