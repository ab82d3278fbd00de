"""The browser's side of figures, markup and map in a real Chromium, under the real headers.

A small program of two pages stands in for the dashboard, so that a failure here is the fault of
what lies beneath the pages.
"""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from loaders.regions import shapes
from loaders.regions.divisions import Divisions
from loaders.regions.schematic import schematic
from tests.browser.conftest import free_port

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
LAUNCH = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
import server
app = server.make_app(Path("main.py").resolve())
app.run(config={{"server.port": {port}, "server.address": "127.0.0.1", "server.headless": True,
                 "browser.gatherUsageStats": False, "client.toolbarMode": "minimal"}})
"""

MAIN = """
import streamlit as st
from views.browser import components
st.set_page_config(layout="wide", page_icon="T")
third = st.Page("third.py", url_path="map")
pages = [st.Page("first.py", default=True), st.Page("second.py"), third]
st.navigation(pages).run()
components.follow()
"""

FIRST = """
import streamlit as st
from views.browser import components
from views.browser.markup import h, join, link
year = st.segmented_control("year", ["2014", "2018"], default="2014", key="year")
components.paper(join(
    h("p", "<b>as text</b> ", year or "", id="told"),
    link("/second?region=611025&name=%E6%9D%91", "second", id="link"),
    link("/?mark=1", "mark", id="mark"),
), key="paper")
components.paper(h("p", "always the same", id="still"), key="still")
height = 3 if year == "2014" else 7
components.plot(
    {"data": [{"type": "bar", "x": ["a"], "y": [height], "customdata": ["/second?bar=a"]}],
     "layout": {"height": 240}},
    key="figure", height=240, alt="one bar")
"""

SECOND = """
import json
import streamlit as st
from views.browser import components
from views.browser.markup import h
components.paper(h("p", json.dumps(st.query_params.to_dict(), ensure_ascii=False), id="query"),
                 key="query")
st.button("on", on_click=lambda: components.go("/?from=button"))
"""

THIRD = """
import streamlit as st
from pathlib import Path
from charts import map_deck
from store.shapes import read_index
from views.browser import components
from views.browser.markup import h
from views.scenes import block, wire
folder = Path({home!r}) / "shapes"
index = read_index(folder, {version!r})
codes = list(index["village"])
step = st.segmented_control("step", ["0", "1"], default="0", key="step")
components.paper(h("p", step or "", id="step"), key="told")
drawn = map_deck.village_map(
    "/shapes/{version}", index, "village",
    {{code: (i + int(step or 0)) % 5 for i, code in enumerate(codes)}}, size=(800, 500))
places = block.Places(["number"] * len(codes), "/second?village={{code}}", "/second", None, "+-o")
scene = block.Scene((block.deck("map", drawn, places, height=500, alt="a map"),))
components.scene(wire.message(scene, None, of="o"), key="scene")
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("program")
    county = Divisions.load("611025")
    version = shapes.write_shapes(
        schematic(county), shapes.read_rivers(county.reference), folder / "shapes"
    )
    port = free_port()
    files = {
        "launch.py": LAUNCH.format(root=str(ROOT), port=port),
        "main.py": MAIN,
        "first.py": FIRST,
        "second.py": SECOND,
        "third.py": THIRD.format(home=str(folder), version=version),
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "launch.py"],
        cwd=folder,
        env={**os.environ, "TAIZHANG_HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health")
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def page(browser, base):
    """A page that fails the test for a request elsewhere or an error in the console.

    Our policy forbids eval, so wait for selectors: ``wait_for_function`` would need it.
    """
    context = browser.new_context(viewport={"width": 1100, "height": 800}, base_url=base)
    page = context.new_page()
    page.set_default_timeout(60_000)
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append((message.type, message.text)))
    page.on("pageerror", lambda error: said.append(("error", str(error))))
    page.asked = asked
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((base, "data:", "blob:"))] == []
    # Streamlit feels for its own base path below the page's address first.
    assert [text for kind, text in said if kind == "error" and "404" not in text] == []


def painted(page):
    return int(page.locator(".taizhang-plot").get_attribute("data-painted") or 0)


def path(page, base):
    return page.url.removeprefix(base)


def test_a_figure_stays_and_markup_changes_only_when_it_must(page):
    page.goto("/")
    page.wait_for_selector(".taizhang-plot[data-painted='1']")
    assert page.locator(".taizhang-plot").get_attribute("aria-label") == "one bar"
    assert page.locator("#told").inner_text() == "<b>as text</b> 2014"
    page.evaluate("document.querySelector('.taizhang-plot').mine = true")
    page.get_by_text("2018", exact=True).click()
    page.wait_for_selector(".taizhang-plot[data-painted='2']")
    assert page.evaluate("document.querySelector('.taizhang-plot').mine") is True
    page.wait_for_selector("#told:has-text('2018')")
    still = page.locator(".paper:has(#still)")
    assert still.get_attribute("data-painted") == "1"


def test_a_figure_follows_its_width(page):
    page.goto("/")
    page.wait_for_selector(".taizhang-plot[data-painted]")
    page.set_viewport_size({"width": 500, "height": 800})
    width = "document.querySelector('.taizhang-plot svg').clientWidth"
    for _ in range(50):
        page.wait_for_timeout(100)
        if page.evaluate(width) < 480:
            break
    assert page.evaluate(width) < 480


def test_links_make_one_entry_each_and_back_and_forward_show_them(page, base):
    page.goto("/")
    page.wait_for_selector("#link")
    before = page.evaluate("history.length")
    page.click("#mark")
    page.wait_for_url("**/?mark=1")
    page.click("#link")
    page.wait_for_selector("#query")
    assert page.locator("#query").inner_text() == '{"region": "611025", "name": "村"}'
    assert page.evaluate("history.length") == before + 2
    for step, there, shown in (
        (page.go_back, "/?mark=1", "#mark"),
        (page.go_back, "/", "#mark"),
        (page.go_forward, "/?mark=1", "#mark"),
        (page.go_forward, "/second?region=611025&name=%E6%9D%91", "#query"),
    ):
        step()
        page.wait_for_selector(shown)
        assert path(page, base) == there


def test_a_click_with_a_modifier_is_the_browsers_own(page, base):
    page.goto("/")
    page.wait_for_selector("#link")
    with page.context.expect_page() as opened:
        page.click("#link", modifiers=["Control"])
    opened.value.wait_for_url("**/second?region=611025*")
    assert path(page, base) == "/"


def test_a_point_and_the_server_lead_on_too(page, base):
    page.goto("/")
    page.wait_for_selector(".taizhang-plot[data-painted]")
    box = page.locator(".taizhang-plot .barlayer path").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".taizhang-plot.can-go")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#query")
    assert path(page, base) == "/second?bar=a"
    page.get_by_role("button", name="on").click()
    page.wait_for_selector("#told")
    assert path(page, base) == "/?from=button"
    page.go_back()
    page.wait_for_selector("#query")
    assert path(page, base) == "/second?bar=a"


def test_the_map_loads_its_shapes_once_and_the_same_click_counts_twice(page):
    sent = []
    page.on("websocket", lambda ws: ws.on("framesent", lambda frame: sent.append(frame)))
    page.goto("/map")  # an address that the server knows
    where = _middle_of_the_map(page)
    asked = [url for url in page.asked if "/shapes/" in url]
    assert len({url.rsplit("/", 1)[1] for url in asked}) == 4
    page.get_by_text("1", exact=True).click()
    page.wait_for_selector("#step:has-text('1')")
    assert [url for url in page.asked if "/shapes/" in url] == asked
    for _ in range(2):
        _click_the_map(page, where, sent)
        page.wait_for_selector("#query")
        assert "611025" in page.locator("#query").inner_text()
        page.go_back()
        where = _middle_of_the_map(page)


def _middle_of_the_map(page):
    """Where the map's middle is, once a region answers there."""
    box = page.wait_for_selector(".taizhang-map[data-painted] canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for step in range(100):
        page.mouse.move(x + step % 3, y)
        page.wait_for_timeout(300)
        if page.locator(".deck-tooltip").first.is_visible():
            return x, y
    raise AssertionError("the map does not answer")


def _click_the_map(page, where, sent):
    """Click until the browser takes it for one: drawn in software, the map may be too slow."""
    before = len(sent)
    for _ in range(10):
        page.wait_for_timeout(3000)
        page.mouse.click(*where)
        page.wait_for_timeout(1000)
        if len(sent) > before:
            return
    raise AssertionError("the map takes no click")
