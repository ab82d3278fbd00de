"""The search box: from the keyboard alone to a place, and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import visit

pytestmark = pytest.mark.browser


def test_from_the_keyboard_to_a_village_and_back(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/monitoring?year=2024")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="拼音首字母")
    expect(box).to_be_focused()
    box.press_sequentially("yz")  # 云镇 and 腰庄河 among others
    lines = page.locator("dialog.taizhang-lookup [role=option]")
    expect(lines.nth(1)).to_be_visible()
    names = lines.locator("b").all_inner_texts()
    at = names.index("云镇")
    for _ in range(at):
        box.press("ArrowDown")
    expect(lines.nth(at)).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    page.wait_for_url("**/village?region=611025113001&year=2024")
    expect(page.locator(".masthead .where")).to_contain_text("云镇")
    page.go_back()
    page.wait_for_url("**/monitoring?year=2024")


def test_nothing_typed_stays_in_an_address_and_escape_closes(page: Page, dashboard: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, dashboard)
    page.get_by_role("button", name="查找").click()
    box = page.get_by_role("combobox", name="拼音首字母")
    box.fill("某某某")
    expect(page.locator("dialog.taizhang-lookup [role=status]")).to_contain_text("没有找到")
    assert any(url.endswith("/lookup") for url in asked)
    assert not [url for url in asked if "%E6%9F%90" in url or "某" in url]
    page.keyboard.press("Escape")
    expect(page.locator("dialog.taizhang-lookup")).to_be_hidden()
