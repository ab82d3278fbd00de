"""What a browser shows that comes for the first time: widgets as the address has them, nothing
that jumps. A fresh browser opens each page; in ``make torture`` three do at once, one a size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from store.snapshots import Home
from tests.browser.conftest import NEEDED, settle
from tests.pages.running import opened
from tests.torture import times
from views.context.address import href
from views.context.sitemap import BY_KEY, PAGES

pytestmark = pytest.mark.browser

SIZES = {"wall": (1920, 1080), "page": (1280, 720), "phone": (390, 844)}
# The most that a page may move while it arrives, as browsers measure it.
SHIFT = 0.05
# Addresses with a choice of their own, beside each page's first view.
CHOSEN: tuple[tuple[str, dict[str, str]], ...] = (
    ("stress", {"shock": "percent.40", "what": "monitoring_line_yuan.9000"}),
    ("map", {"region": "611025102", "indicator": "monitored_people", "year": "2021"}),
    ("trends", {"compare": "611025101.611025103", "lang": "en"}),
)
VISITS = [*((page.key, NEEDED.get(page.key, {})) for page in PAGES), *CHOSEN]
# Asked for in a box that is closed at first.
IN_BOXES = ("export_reason", "plain_text_reason", "share_title", "share_note")
WATCH = """
window.shifted = 0
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
}).observe({type: "layout-shift", buffered: true})
"""
SHOWN = """place => {
  const radio = place.querySelector("[role=radiogroup] [aria-checked=true]")
  const slider = place.querySelector("input[type=range]")
  const many = place.querySelector("[data-testid=stMultiSelect]")
  if (radio) return radio.innerText.trim()
  if (slider) return Number(slider.value)
  if (many) return [...many.querySelectorAll(".react-aria-ComboBox [data-tag]")]
    .map(tag => tag.ariaLabel)
  return place.querySelector("input").value
}"""


def told(app: AppTest) -> dict[str, Any]:
    """What each widget of a run in process stands at, as it reads on the screen."""
    chosen = {box.key: box.options[box.index] for box in app.selectbox if box.index is not None}
    segments = {
        one.key: one.options[one.indices[0]] for one in app.segmented_control if one.indices
    }
    sliders = {one.key: one.value for one in app.slider}
    many = {box.key: [box.options[i] for i in box.indices] for box in app.multiselect}
    texts = {
        one.key: one.value for one in app.text_input if one.key and not one.key.startswith(IN_BOXES)
    }
    return {**chosen, **segments, **sliders, **many, **texts}


@pytest.fixture(scope="module")
def expected(demo: Home) -> list[dict[str, Any]]:
    """Every visit's widgets; made before the browser starts, whose loop a run cannot share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAIZHANG_HOME", str(demo.path))
        return [told(opened(key, **query)) for key, query in VISITS]


@pytest.fixture(scope="module")
def fresh(expected: list[dict[str, Any]], browser: Browser) -> Browser:
    return browser


@pytest.fixture
def visitors(fresh: Browser, request: pytest.FixtureRequest) -> Iterator[dict[str, Page]]:
    """A page of a browser that was never here, for each size that is asked for."""
    sizes = getattr(request, "param", list(SIZES))
    contexts = {
        name: fresh.new_context(viewport={"width": SIZES[name][0], "height": SIZES[name][1]})
        for name in sizes
    }
    for context in contexts.values():
        context.add_init_script(WATCH)
        context.set_default_timeout(60_000)
    yield {name: context.new_page() for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


def address(key: str, query: dict[str, str]) -> str:
    return href(BY_KEY[key].path, query)


def sizes_of(visit: int) -> list[str]:
    """All sizes in ``make torture``; else one, so that neighbours in the list differ."""
    names = list(SIZES)
    return [names[(visit + more) % len(names)] for more in range(times(1, len(names)))]


@pytest.mark.harder
@pytest.mark.parametrize(
    ("visitors", "visit"),
    [(sizes_of(visit), visit) for visit in range(len(VISITS))],
    ids=[address(*visit).replace("&", "+") for visit in VISITS],
    indirect=["visitors"],
)
def test_a_first_visit_shows_what_its_address_says_and_stays_where_it_is(
    visitors: dict[str, Page], dashboard: str, expected: list[dict[str, Any]], visit: int
) -> None:
    for page in visitors.values():
        page.goto(dashboard + address(*VISITS[visit]), wait_until="commit")
    wrong, moved = {}, {}
    for size, page in visitors.items():
        page.wait_for_selector("html:not(.arriving) .masthead")
        settle(page)
        moved[size] = page.evaluate("window.shifted")
        # Else it was shown only when its longest wait was over.
        assert page.evaluate("taizhang.complete()"), f"{size}: a part never stands"
        for key, value in expected[visit].items():
            place = page.locator(f".st-key-{key}")
            shown = place.evaluate(SHOWN)
            if shown != value:
                wrong[size, key] = (shown, value)
    assert not wrong
    assert max(moved.values()) < SHIFT, moved


@pytest.mark.parametrize("visitors", [["wall"]], indirect=True)
def test_the_first_run_knows_the_size_of_the_screen(
    visitors: dict[str, Page], dashboard: str
) -> None:
    page = visitors["wall"]
    runs: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda sent: runs.append(sent)))
    page.goto(dashboard)
    page.wait_for_selector("html:not(.arriving) .masthead")
    page.wait_for_timeout(1_000)
    assert len(runs) == 1, "the page was asked for more than once"


@pytest.mark.parametrize("visitors", [["wall"]], indirect=True)
def test_where_cookies_are_refused_widgets_still_say_what_the_page_says(
    visitors: dict[str, Page], dashboard: str
) -> None:
    page = visitors["wall"]
    page.add_init_script(
        "Object.defineProperty(Document.prototype, 'cookie', {get: () => '', set: () => {}})"
    )
    page.goto(f"{dashboard}/map")
    page.wait_for_selector("html:not(.arriving) .masthead")
    page.wait_for_timeout(1_500)
    settle(page)
    box = page.locator(".st-key-bar_indicator input")
    expect(box).to_have_value("防返贫监测 · 监测户")
    box.click()
    page.get_by_role("option", name="总体进展 · 贫困发生率", exact=True).click()
    page.wait_for_url("**/map?indicator=poverty_rate")


@pytest.mark.parametrize("visitors", [["page"]], indirect=True)
def test_back_and_language_change_what_every_widget_stands_at(
    visitors: dict[str, Page], dashboard: str
) -> None:
    page = visitors["page"]
    page.goto(f"{dashboard}/stress")
    page.wait_for_selector("html:not(.arriving) .masthead")
    settle(page)
    page.locator(".st-key-shock_kind").get_by_text("收入下降", exact=False).click()
    page.wait_for_url("**/stress?shock=percent.20")
    settle(page)
    page.locator(".st-key-bar_lang").get_by_text("English").click()
    page.wait_for_url("**lang=en**")
    settle(page)
    for url, radio, size in (("**/stress?shock=percent.20", 3, "20"), ("**/stress", 2, "5000")):
        page.go_back()
        page.wait_for_url(url)
        settle(page)
        chosen = page.locator("[class*=st-key-shock_kind] [role=radio]").nth(radio - 1)
        expect(chosen).to_have_attribute("aria-checked", "true")
        slider = page.locator("[class*=st-key-shock_] input[type=range]").first
        expect(slider).to_have_value(size)
    assert page.locator("[data-testid=stAlert]").count() == 0
