"""A link in a browser: made, copied over plain http, scanned, opened, held against today."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from glossary import term
from store.snapshots import Home
from tests.browser.conftest import serving, settle, visit

pytestmark = pytest.mark.browser

TOWNSHIP = "611025101"


@pytest.fixture(scope="module")
def dashboard(demo: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard over a home of its own: links that are made stay in it."""
    own = Path(shutil.copytree(demo.path, tmp_path_factory.mktemp("links") / "home"))
    with serving(Home(own)) as address:
        yield address


def _made(page: Page) -> str:
    """The short address that a click makes of the page that is open."""
    page.get_by_role("button", name=term("share", "zh")).click()
    page.get_by_role("button", name=term("share_make", "zh")).click()
    short = page.locator(".share .address").nth(1)
    expect(short).to_contain_text("/s/")
    expect(page.locator(".share svg.qr")).to_be_visible()
    return short.locator("code").inner_text()


def test_a_view_is_sent_and_opened_as_it_was(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/ledgers?snapshot=1&indicator=monitored_households")
    told = page.locator("h1.sentence").inner_text()
    short = _made(page)
    assert re.fullmatch(rf"{dashboard}/s/[a-z2-9]{{10}}", short)
    visit(page, short)
    assert urlsplit(page.url).path == "/ledgers"
    query = dict(parse_qsl(urlsplit(page.url).query))
    assert (query["region"], query["snapshot"]) == ("611025", "1"), "the place is said"
    assert page.locator("h1.sentence").inner_text() == told
    said = page.locator(".sent").inner_text()
    then, now = (re.search(rf"{word}(\d+)户", said)[1] for word in ("会上为", "现为"))  # type: ignore[index]
    assert f"{then}户" in told and then != now
    page.locator(".sent a", has_text=term("link_now", "zh")).click()
    page.wait_for_url("**snapshot=2**")
    settle(page)
    assert f"{now}户" in page.locator("h1.sentence").inner_text()
    page.locator(".sent a", has_text="现在多出的").click()
    page.wait_for_url("**against=1**")
    settle(page)
    came = int(re.search(r"(\d+)户", page.locator("h1.sentence").inner_text())[1])  # type: ignore[index]
    assert page.locator("table.data tbody tr").count() == min(came, 50)
    assert f"现在多出的{came}户" in said


def test_one_click_copies_over_plain_http_too(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/map?region={TOWNSHIP}")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    short = _made(page)
    button = page.locator(".share .address").nth(1).get_by_role("button")
    button.click()
    expect(button).to_have_text(term("copied", "zh"))
    note = page.locator("[class*=st-key-share_note] input")
    note.click()
    page.keyboard.press("Control+v")
    assert note.input_value().endswith(short.removeprefix(dashboard))


def test_what_there_is_not_is_one_page_below_a_path_too(page: Page, demo: Home) -> None:
    with serving(demo, path="/taizhang") as address:
        page.goto(f"{address}/taizhang/s/abcdefgh23")
        expect(page.locator(".notice")).to_contain_text(term("refused_hint", "zh"))
        assert page.url == f"{address}/taizhang/?link=abcdefgh23"
