"""Every page as a browser shows it that was never here: one visit, looked at for everything.

Widgets stand as the address says, nothing jumps, nothing fails, no other machine is asked, the page
fits its screen. ``test_every_part.py`` looks at all parts in both languages: is nobody kept out?
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from glossary import LANGUAGES
from store.snapshots import Home
from tests.browser.conftest import NEEDED, settle
from tests.browser.first_sight import SHIFT, SHOWN, SIZES, WATCH, told
from tests.pages.running import opened
from views.context.address import href
from views.context.sitemap import BY_KEY, PAGES

pytestmark = pytest.mark.browser

Visit = tuple[str, dict[str, str], str]  # page, query, size of the first screen

# Addresses with a choice of their own, beside each page's first view.
CHOSEN: tuple[tuple[str, dict[str, str]], ...] = (
    ("stress", {"shock": "percent.40", "what": "monitoring_line_yuan.9000"}),
    ("map", {"region": "611025102", "indicator": "monitored_people", "year": "2021"}),
    ("trends", {"compare": "611025101.611025103", "lang": "en"}),
)


def _visits() -> Iterator[Visit]:
    """Each page once, neighbours in the list differing in language and size."""
    sizes = list(SIZES)
    for at, page in enumerate(PAGES):
        lang = LANGUAGES[at % len(LANGUAGES)]  # words are longer in one, and break elsewhere
        yield page.key, {**NEEDED.get(page.key, {}), "lang": lang}, sizes[at % len(sizes)]
    for at, (key, query) in enumerate(CHOSEN):
        yield key, query, sizes[at]


VISITS = list(_visits())


def _address(key: str, query: dict[str, str]) -> str:
    return href(BY_KEY[key].path, query)


@pytest.fixture(scope="module")
def expected(demo: Home) -> list[dict[str, Any]]:
    """Every visit's widgets; made before the browser starts, whose loop a run cannot share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAIZHANG_HOME", str(demo.path))
        return [told(opened(key, **query)) for key, query, _ in VISITS]


@pytest.fixture
def heard() -> dict[str, list[str]]:
    """What a page asks for and what it complains of."""
    return {"asked": [], "failed": []}


@pytest.fixture
def newcomer(
    expected: list[dict[str, Any]],
    browser: Browser,
    heard: dict[str, list[str]],
    visit: int,
) -> Iterator[Page]:
    """A page of a browser that was never here, at the size that the visit begins with."""
    width, height = SIZES[VISITS[visit][2]]
    context = browser.new_context(viewport={"width": width, "height": height})
    context.add_init_script(WATCH)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.on("request", lambda request: heard["asked"].append(request.url))
    page.on("websocket", lambda socket: heard["asked"].append(socket.url))
    page.on("pageerror", lambda error: heard["failed"].append(str(error)))
    page.on(
        "console", lambda said: heard["failed"].append(said.text) if said.type == "error" else 0
    )
    yield page
    context.close()


@pytest.mark.parametrize(
    "visit",
    range(len(VISITS)),
    ids=[f"{_address(*visit[:2]).replace('&', '+')}-{visit[2]}" for visit in VISITS],
)
def test_a_first_visit_shows_what_its_address_says_and_fits(
    newcomer: Page,
    dashboard: str,
    expected: list[dict[str, Any]],
    heard: dict[str, list[str]],
    visit: int,
) -> None:
    key, query, _ = VISITS[visit]
    newcomer.goto(dashboard + _address(key, query), wait_until="commit")
    newcomer.wait_for_selector("html:not(.arriving) .masthead")
    settle(newcomer)
    # Else it was shown only when its longest wait was over.
    assert newcomer.evaluate("taizhang.complete()"), "a part never stands"
    assert newcomer.evaluate("window.shifted") < SHIFT
    shown = {name: newcomer.locator(f".st-key-{name}").evaluate(SHOWN) for name in expected[visit]}
    assert shown == expected[visit]
    for width, height in SIZES.values():
        newcomer.set_viewport_size({"width": width, "height": height})
        settle(newcomer)
        _fits(newcomer, width)
    own = ("data:", "blob:")
    assert {urlsplit(url).hostname for url in heard["asked"] if not url.startswith(own)} == {
        "127.0.0.1"
    }
    # Streamlit looks for its server below the page's own path first, and finds it one higher.
    assert not [text for text in heard["failed"] if "404" not in text]


def _fits(page: Page, width: int) -> None:
    main = page.locator("[data-testid=stMain]")
    wide = main.evaluate("e => e.scrollWidth - e.clientWidth")
    assert wide <= 1, f"{wide} px too wide at {width}"
    for plot in page.locator(".taizhang-plot").all():
        box = plot.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width + 1, width
