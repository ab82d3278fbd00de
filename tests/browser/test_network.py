"""The dashboard as the county's network has it: plain http from another machine's address."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from store.snapshots import Home
from tests.browser.conftest import own_address, serving, visit

pytestmark = pytest.mark.browser


def test_a_link_is_copied_over_plain_http(browser: Browser, dashboard: str, demo: Home) -> None:
    host = own_address()
    if host is None:
        pytest.skip("this machine has no address but its loopback")
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    # Only a page of the loopback may ask what the clipboard holds.
    context.grant_permissions(["clipboard-read"], origin=dashboard)
    page = context.new_page()
    with serving(demo, host=host) as address:
        visit(page, f"{address}/map?year=2023")
        assert not page.evaluate("window.isSecureContext")
        page.get_by_role("button", name="分享").click()
        shown = page.get_by_test_id("stCode")
        words = shown.locator("code").inner_text()
        assert words.splitlines()[-1].startswith(f"{address}/map?year=2023&snapshot=")
        shown.hover()
        shown.get_by_role("button").click()
        page.wait_for_timeout(300)
    page.goto(f"{dashboard}/api/ready")
    assert page.evaluate("navigator.clipboard.readText()") == words
    context.close()
