"""Pages on paper, as Chromium prints them: no row is cut off, nothing is left of the screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import visit

pytestmark = pytest.mark.browser

_LINK = re.compile(rb"/URI \((.*?)\)")
_PAGE = re.compile(rb"/Type /Page\b")


def printed(page: Page) -> tuple[set[str], int]:
    """The links on the sheets, and how many sheets there are."""
    pdf = page.pdf(format="A4")
    return {link.decode() for link in _LINK.findall(pdf)}, len(_PAGE.findall(pdf))


def test_the_maps_table_is_printed_whole(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/map")
    rows = page.locator(".beside-map tbody tr")
    assert rows.count() == 156
    links, sheets = printed(page)
    assert len({link for link in links if "/village?region=" in link}) == 156
    assert 2 <= sheets <= 8


@pytest.mark.parametrize("path", ["/ledgers?group=income_drop", "/risk-groups"])
def test_every_link_of_a_table_is_on_paper(page: Page, dashboard: str, path: str) -> None:
    visit(page, dashboard + path)
    shown = page.locator("table.data a[href^='/']").evaluate_all("list => list.map(a => a.href)")
    links, _ = printed(page)
    assert len(shown) > 10
    assert set(shown) <= links


def test_what_is_chosen_on_the_screen_is_not_on_paper(page: Page, dashboard: str) -> None:
    visit(page, dashboard)
    page.emulate_media(media="print")
    for part in (".st-key-bar", "[data-testid=stHeader]", "[data-testid=stPopover]"):
        assert not page.locator(part).first.is_visible(), part


def test_a_households_file_is_whole_on_paper(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/household?id=61102500000018")
    concerns = page.locator("[class*=st-key-concern_] .stExpander > details")
    assert concerns.count() >= 5
    page.emulate_media(media="print")
    for section in ("members", "income", "guarantees", "benefits", "ledger", "changes", "help"):
        assert page.locator(f".st-key-{section}").first.is_visible(), section
    assert printed(page)[1] >= 3
