"""A page that is one scene: steps within it, what they send, what is ready before it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import settle, visit
from views.scenes.showing import AT_ONCE

pytestmark = pytest.mark.browser

# By their codes: two townships, and the first one's neighbours in the list.
FIRST, SECOND = "611025001", "611025101"
TOWNSHIP, YEAR = "select[data-choice=bar_township]", "input[data-choice=bar_year]"
NEVER_RESTS = "addEventListener('DOMContentLoaded', () => { taizhang.rest = 1e9 })"
RESTS = "addEventListener('DOMContentLoaded', () => { taizhang.rest = 50 })"
# Everything that the viewer sees of the page and its frame.
SHOWN = """() => [document.title, ...['.st-key-menu', '.masthead', '.choices', '.scene'].map(
  one => document.querySelector(one).outerHTML.replace(/ data-painted="\\d+"/g, ""))].join("\\n")"""

# The same of a map, which is compared as it is seen.
LISTED = SHOWN.replace(".scene", ".mapped > div:last-child")


def listed(page: Page) -> str:
    """Where an attribute stands among others says nothing."""
    found: str = page.evaluate(LISTED)
    return re.sub(r' (checked=""|data-choice="[^"]*")', "", found)


class Frames:
    """What comes over the websocket from when it is begun to count."""

    def __init__(self, page: Page) -> None:
        self.sizes: list[int] = []
        self.sent = 0
        page.on("websocket", self._watch)

    def _watch(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: self.sizes.append(len(data)))
        socket.on("framesent", self._note)

    def _note(self, _: object) -> None:
        self.sent += 1

    def begin(self) -> None:
        self.sizes.clear()
        self.sent = 0


@pytest.fixture
def resting(page: Page) -> Iterator[Page]:
    page.add_init_script(RESTS)
    yield page


@pytest.fixture
def restless(page: Page) -> Iterator[Page]:
    page.add_init_script(NEVER_RESTS)
    yield page


def _ahead(page: Page) -> None:
    """Until what is near was asked for and has come."""
    settle(page)
    page.wait_for_timeout(1_500)
    settle(page)


def test_a_step_sends_little_and_shows_what_a_visit_would(restless: Page, dashboard: str) -> None:
    frames = Frames(restless)
    visit(restless, dashboard)
    frames.begin()
    restless.select_option(TOWNSHIP, f"/?region={SECOND}")
    restless.wait_for_url(f"**/?region={SECOND}")
    expect(restless.locator(".masthead .where")).to_contain_text("回龙")
    settle(restless)
    # Streamlit's own are five: beginning and ending, its state, the fragment's place. One is ours.
    assert len(frames.sizes) <= 6 and sum(frames.sizes) <= 6_000, frames.sizes
    stepped = restless.evaluate(SHOWN)
    visit(restless, f"{dashboard}/?region={SECOND}")
    assert restless.evaluate(SHOWN) == stepped


def test_a_step_from_an_address_that_the_framework_holds_is_told_it_anew(
    restless: Page, dashboard: str
) -> None:
    frames = Frames(restless)
    visit(restless, f"{dashboard}/?region={FIRST}")
    frames.begin()
    restless.select_option(TOWNSHIP, f"/?region={SECOND}")
    restless.wait_for_url(f"**/?region={SECOND}")
    expect(restless.locator(".masthead .where")).to_contain_text("回龙")
    settle(restless)
    assert len(frames.sizes) == 7
    # The language is a choice of the framework's own, of the address that is shown.
    restless.locator(".st-key-bar_lang").get_by_text("English", exact=True).click()
    restless.wait_for_url(f"**/?region={SECOND}&lang=en")


def test_trends_step_to_what_a_visit_shows_and_compare_the_places_chosen(
    restless: Page, dashboard: str
) -> None:
    frames = Frames(restless)
    visit(restless, f"{dashboard}/trends")
    frames.begin()
    there = f"/trends?region={SECOND}"
    restless.select_option(TOWNSHIP, there)
    restless.wait_for_url(f"**{there}")
    expect(restless.locator(".scene h2, .scene h1").first).to_be_visible()
    expect(restless.locator(".masthead .where")).to_contain_text("回龙")
    settle(restless)
    assert len(frames.sizes) <= 6 and sum(frames.sizes) <= 12_000, frames.sizes
    stepped = restless.locator(".scene").inner_text()
    visit(restless, f"{dashboard}{there}")
    assert restless.locator(".scene").inner_text() == stepped
    figures = restless.locator(".scene .js-plotly-plot")
    expect(figures).to_have_count(1)
    restless.select_option(".compare select", f"{there}&compare={FIRST}")
    restless.wait_for_url(f"**{there}&compare={FIRST}")
    expect(figures).to_have_count(2)
    restless.locator(".compare a[aria-current]").click()
    restless.wait_for_url(f"**{there}")
    expect(figures).to_have_count(1)


def test_the_map_stays_and_shows_what_was_ready_as_a_visit_would(
    resting: Page, dashboard: str
) -> None:
    asked: list[str] = []
    resting.on("request", lambda request: asked.append(request.url))
    visit(resting, f"{dashboard}/map?region={SECOND}")
    resting.wait_for_selector(".taizhang-map[data-painted] canvas")
    _ahead(resting)
    shapes = [url for url in asked if "/shapes/" in url]
    assert len(shapes) >= 4
    resting.evaluate("() => (document.querySelector('.taizhang-map canvas').stays = true)")
    resting.context.set_offline(True)  # what is drawn was ready
    resting.locator(".choices").get_by_text("2024", exact=True).click()
    drawn = resting.locator(".taizhang-map")
    assert drawn.get_attribute("data-painted") == "2"
    expect(resting).to_have_title(re.compile("2024年"))
    resting.wait_for_timeout(1_500)
    ready = (listed(resting), drawn.screenshot())
    resting.context.set_offline(False)
    settle(resting)
    assert drawn.get_attribute("data-painted") == "2", "the server's answer is the same"
    assert resting.evaluate("() => document.querySelector('.taizhang-map canvas').stays")
    assert [url for url in asked if "/shapes/" in url] == shapes
    visit(resting, f"{dashboard}/map?region={SECOND}&year=2024")
    resting.wait_for_selector(".taizhang-map[data-painted] canvas")
    resting.wait_for_timeout(1_500)
    assert listed(resting) == ready[0]
    assert drawn.screenshot() == ready[1]


def test_steps_are_places_in_the_history(restless: Page, dashboard: str) -> None:
    visit(restless, dashboard)
    restless.select_option(TOWNSHIP, f"/?region={SECOND}")
    restless.wait_for_url(f"**/?region={SECOND}")
    settle(restless)
    restless.locator(".choices").get_by_text("2022", exact=True).click()
    restless.wait_for_url(f"**/?region={SECOND}&year=2022")
    expect(restless).to_have_title(re.compile("2022年"))
    settle(restless)
    restless.go_back()
    restless.wait_for_url(f"**/?region={SECOND}")
    expect(restless).to_have_title(re.compile("回龙镇 · 2025年"))
    restless.go_back()
    restless.wait_for_url(f"{dashboard}/")
    expect(restless.locator(TOWNSHIP)).to_have_value("/")
    restless.go_forward()
    restless.go_forward()
    restless.wait_for_url(f"**/?region={SECOND}&year=2022")
    expect(restless.locator(f"{YEAR}:checked")).to_have_value(f"/?region={SECOND}&year=2022")
    expect(restless.locator(".masthead .where")).to_contain_text("2022年")


def test_what_is_one_step_away_is_there_and_is_what_the_server_sends(
    resting: Page, dashboard: str
) -> None:
    frames = Frames(resting)
    visit(resting, dashboard)
    _ahead(resting)
    resting.context.set_offline(True)  # the page stays; nothing further comes
    frames.begin()
    ready = resting.evaluate(
        f"""() => {{
          const list = document.querySelector("{TOWNSHIP}")
          list.selectedIndex = 1
          list.dispatchEvent(new Event("change", {{ bubbles: true }}))
          return ({SHOWN})()
        }}"""
    )
    assert FIRST in resting.url and "永乐" in ready.split("\n")[0], "drawn with no answer"
    assert not frames.sizes
    resting.context.set_offline(False)
    settle(resting)
    expect(resting.locator(".masthead .where")).to_contain_text("永乐")
    visit(resting, f"{dashboard}/?region={FIRST}")
    assert resting.evaluate(SHOWN) == ready


def test_a_pointer_on_a_link_makes_its_view_ready(resting: Page, dashboard: str) -> None:
    frames = Frames(resting)
    visit(resting, dashboard)
    _ahead(resting)
    link = resting.locator(f"a[href='/?region={SECOND}']").first
    if not link.count():
        link = resting.locator(".idea.ranking tbody a[href^='/?region=']").first
    frames.begin()
    link.hover()
    _ahead(resting)
    assert frames.sent == 1 and len(frames.sizes) >= 5
    shown = resting.evaluate("() => document.title")
    link.dispatch_event("click")
    assert resting.evaluate("() => document.title") != shown, "at once"


def test_the_arrows_go_through_the_years_and_stay_in_them(restless: Page, dashboard: str) -> None:
    visit(restless, dashboard)
    before = restless.evaluate("history.length")
    restless.locator(f"{YEAR}:checked").focus()
    for _ in range(3):
        restless.keyboard.press("ArrowLeft")
    restless.wait_for_url("**/?year=2022")
    expect(restless).to_have_title(re.compile("2022年"))
    settle(restless)
    assert restless.evaluate("document.activeElement.value") == "/?year=2022"
    assert restless.evaluate("history.length") == before + 1, "one going through is one place"
    restless.go_back()
    restless.wait_for_url(f"{dashboard}/")
    expect(restless).to_have_title(re.compile("2025年"))


def test_an_arrow_that_is_held_plays_the_years(resting: Page, dashboard: str) -> None:
    visit(resting, dashboard)
    years = resting.locator(YEAR).count()
    resting.locator(f"{YEAR}:checked").focus()
    for _ in range(years // AT_ONCE + 1):
        _ahead(resting)
    resting.context.set_offline(True)  # each year is there: the server is not asked
    titles = []
    for _ in range(years - 1):
        resting.keyboard.press("ArrowLeft")
        titles.append(resting.title())
    told = [re.search(r"\d{4}(?=年)", title) for title in titles]
    last = 2025
    assert [one and int(one[0]) for one in told] == list(range(last - 1, last - years, -1))


def test_who_has_lost_a_scene_gets_it_whole(restless: Page, dashboard: str) -> None:
    visit(restless, dashboard)
    # As where the messages of one step were dropped since another overtook it.
    restless.evaluate(
        """async () => {
          const loaded = performance.getEntriesByType("resource").map(one => one.name)
          const scene = await import(loaded.find(name => name.includes("/assets/scene-")))
          scene.forget()
        }"""
    )
    restless.select_option(TOWNSHIP, f"/?region={SECOND}")
    expect(restless.locator(".masthead .where")).to_contain_text("回龙")
    expect(restless.locator(".scene h1")).not_to_be_empty()
    settle(restless)
    stepped = restless.evaluate(SHOWN)
    visit(restless, f"{dashboard}/?region={SECOND}")
    assert restless.evaluate(SHOWN) == stepped


def test_what_stands_around_the_scene_goes_on_from_where_it_is(
    restless: Page, dashboard: str
) -> None:
    visit(restless, dashboard)
    restless.select_option(TOWNSHIP, f"/?region={SECOND}")
    restless.wait_for_url(f"**/?region={SECOND}")
    settle(restless)
    restless.get_by_role("button", name="分享").click()
    expect(restless.locator(".share code").first).to_contain_text(f"region={SECOND}")
    restless.keyboard.press("Escape")
    restless.locator(".st-key-bar_lang").get_by_text("English", exact=True).click()
    restless.wait_for_url(f"**/?region={SECOND}&lang=en")
    expect(restless.locator(".choices")).to_have_attribute("aria-label", "Choices")
    restless.get_by_role("link", name="Map", exact=True).click()
    restless.wait_for_url(f"**/map?region={SECOND}&lang=en")


def test_a_link_opens_in_another_window_as_any(restless: Page, dashboard: str) -> None:
    visit(restless, dashboard)
    link = restless.locator(".idea.ranking tbody a").first
    with restless.context.expect_page() as opened:
        link.click(modifiers=["ControlOrMeta"])
    opened.value.wait_for_selector(".scene .idea.ranking")
    assert restless.url == f"{dashboard}/", "the page itself stays"


def test_no_more_is_asked_for_ahead_than_is_made(resting: Page, dashboard: str) -> None:
    frames = Frames(resting)
    visit(resting, dashboard)
    _ahead(resting)
    frames.begin()
    _ahead(resting)
    assert frames.sent == 0, "who rests longer asks for nothing new"
    assert resting.locator("[class*=st-key-scene_ahead]").count() <= AT_ONCE


def test_a_step_in_the_list_is_written_down_and_what_is_below_is_about_its_rows(
    restless: Page, dashboard: str
) -> None:
    frames = Frames(restless)
    visit(restless, f"{dashboard}/ledgers?where=registered.yes")
    restless.evaluate("() => (document.querySelector('.st-key-ledger_bar').stays = true)")
    frames.begin()
    there = f"/ledgers?region={SECOND}&where=registered.yes"
    restless.select_option(TOWNSHIP, there)
    restless.wait_for_url(f"{dashboard}{there}")
    expect(restless.locator("h1.sentence")).to_contain_text("回龙镇 · 2025年 · 建档立卡:是")
    settle(restless)
    assert len(frames.sizes) <= 18, frames.sizes
    stepped = re.sub(r' (selected|checked)=""', "", restless.evaluate(SHOWN))
    with restless.expect_download() as taken:
        restless.get_by_role("button", name="导出名单").click()
    assert "回龙" in taken.value.suggested_filename
    assert restless.evaluate("() => document.querySelector('.st-key-ledger_bar').stays")
    visit(restless, f"{dashboard}{there}")
    assert re.sub(r' (selected|checked)=""', "", restless.evaluate(SHOWN)) == stepped
    # Another group is no step: the framework's own widget stands at it.
    restless.locator(".facets a", has_text="收入下降户").first.click()
    restless.wait_for_url("**group=income_drop**")
    expect(restless.locator(".st-key-bar_group input, [class*=st-key-bar_group] input").first
           ).to_have_value("收入下降户")  # fmt: skip
