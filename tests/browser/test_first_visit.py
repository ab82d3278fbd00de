"""A browser that was never here: it asks for a page once, and its widgets follow the address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.conftest import settle
from tests.browser.first_sight import SIZES

pytestmark = pytest.mark.browser


@pytest.fixture
def newcomer(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a browser that was never here, of the size that is asked for."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("newcomer", ["wall"], indirect=True)
def test_the_first_run_knows_the_size_of_the_screen(newcomer: Page, dashboard: str) -> None:
    runs: list[bytes] = []
    newcomer.on("websocket", lambda socket: socket.on("framesent", lambda sent: runs.append(sent)))
    newcomer.goto(dashboard)
    newcomer.wait_for_selector("html:not(.arriving) .masthead")
    newcomer.wait_for_timeout(1_000)
    asked = [BackMsg.FromString(run).rerun_script for run in runs]
    whole = [one for one in asked if not one.fragment_id]  # a part asks for what is a step away
    assert len(whole) == 1, "the page was asked for more than once"


@pytest.mark.parametrize("newcomer", ["wall"], indirect=True)
def test_where_cookies_are_refused_widgets_still_say_what_the_page_says(
    newcomer: Page, dashboard: str
) -> None:
    newcomer.add_init_script(
        "Object.defineProperty(Document.prototype, 'cookie', {get: () => '', set: () => {}})"
    )
    newcomer.goto(f"{dashboard}/map")
    newcomer.wait_for_selector("html:not(.arriving) .masthead")
    newcomer.wait_for_timeout(1_500)
    settle(newcomer)
    box = newcomer.get_by_role("combobox", name="指标")
    chosen = box.locator("optgroup[label=防返贫监测] option:checked")
    expect(chosen).to_have_text("监测户")
    box.select_option(label="贫困发生率")
    newcomer.wait_for_url("**/map?indicator=poverty_rate")


@pytest.mark.parametrize("newcomer", ["page"], indirect=True)
def test_back_and_language_change_what_every_widget_stands_at(
    newcomer: Page, dashboard: str
) -> None:
    newcomer.goto(f"{dashboard}/stress")
    newcomer.wait_for_selector("html:not(.arriving) .masthead")
    settle(newcomer)
    newcomer.locator(".st-key-shock_kind").get_by_text("收入下降", exact=False).click()
    newcomer.wait_for_url("**/stress?shock=percent.20")
    settle(newcomer)
    newcomer.locator(".st-key-bar_lang").get_by_text("English").click()
    newcomer.wait_for_url("**lang=en**")
    settle(newcomer)
    for url, radio, size in (("**/stress?shock=percent.20", 3, "20"), ("**/stress", 2, "5000")):
        newcomer.go_back()
        newcomer.wait_for_url(url)
        settle(newcomer)
        chosen = newcomer.locator("[class*=st-key-shock_kind] [role=radio]").nth(radio - 1)
        expect(chosen).to_have_attribute("aria-checked", "true")
        slider = newcomer.locator("[class*=st-key-shock_] input[type=range]").first
        expect(slider).to_have_value(size)
    assert newcomer.locator("[data-testid=stAlert]").count() == 0
