"""Browsers that lack something: an old one works or is told so, one without WebGL has its map."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from tests.browser.conftest import chromium_path, settle, visit
from views.browser.shell import PROBE

pytestmark = pytest.mark.browser

# What Chrome 94 does not have, of what is called by the framework or by plotly.
LACKING = """
delete window.structuredClone
for (const list of [Array.prototype, Object.getPrototypeOf(Uint8Array.prototype)])
  for (const name of ["findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"])
    delete list[name]
delete Object.groupBy
delete Promise.withResolvers
delete URL.canParse
delete AbortSignal.timeout
delete AbortSignal.any
delete Element.prototype.checkVisibility
"""


@pytest.mark.torture
def test_a_browser_of_2021_works(browser: Browser, dashboard: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script(LACKING)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    visit(page, f"{dashboard}/trends")
    page.wait_for_selector(".taizhang-plot[data-painted]")
    page.locator(".choices .segments").get_by_text("2018", exact=True).click()
    page.wait_for_url("**/trends?year=2018")
    settle(page)
    visit(page, f"{dashboard}/ledgers?group=income_drop")
    visit(page, f"{dashboard}/map")
    page.wait_for_selector(".taizhang-map[data-painted] canvas")
    assert not said
    context.close()


def test_an_older_one_is_told_what_to_do(page: Page, dashboard: str) -> None:
    def without_the_probe(route: Route) -> None:
        """What a browser runs that cannot read the probe's syntax."""
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(PROBE, ""))

    page.route(f"{dashboard}/map", without_the_probe)
    page.route("**/static/js/index.*.js", lambda route: route.abort())
    page.goto(f"{dashboard}/map")
    told = page.locator("#too-old")
    expect(told).to_be_visible()
    expect(told).to_contain_text("内核太旧")
    expect(told).to_contain_text("too old")
    assert not page.locator("#opening").is_visible()


@pytest.fixture
def flat(playwright: Playwright) -> Iterator[Page]:
    """A Chromium that draws no WebGL."""
    flags = ("--no-sandbox", "--disable-gpu", "--disable-3d-apis", "--disable-webgl")
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(flags))
    yield browser.new_page(viewport={"width": 1280, "height": 800})
    browser.close()


def test_without_webgl_the_map_is_there_all_the_same(flat: Page, dashboard: str) -> None:
    visit(flat, f"{dashboard}/map?region=611025102")
    areas = flat.locator("svg.map a:has(path)")
    assert areas.count() == 8
    sites = re.search(r"\((\d+)处\)", flat.locator(".legend").locator("..").inner_text())
    assert sites is not None and int(sites[1]) > 0
    expect(flat.locator("svg.map a:has(circle)")).to_have_count(int(sites[1]))
    table = flat.locator(".beside-map tbody tr").all_inner_texts()
    rows = {tuple(row.split()) for row in table}
    told = {tuple(text.split()) for text in areas.locator("title").all_text_contents()}
    assert told == {(name, f"{number}户") for name, number in rows}
    # The colours are those of the legend: as many areas of each as it says.
    count = flat.locator(".legend li").evaluate_all(
        "rows => rows.map(row => [getComputedStyle(row.querySelector('.swatch')).backgroundColor,"
        " parseInt(row.querySelector('.count').innerText)])"
    )
    fills = areas.locator("path").evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    assert {color: fills.count(color) for color, _ in count} == dict(count)
    village = areas.nth(2)
    href = village.get_attribute("href")
    village.click()
    flat.wait_for_url(f"{dashboard}{href}")
    expect(flat.locator("h1").first).to_be_visible()
