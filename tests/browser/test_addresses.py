"""Addresses in a browser: every page in both languages, Back and Forward, a path of its own."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from glossary import term
from store.snapshots import Home
from tests.browser.conftest import free_port, serving, settle, visit
from tests.torture import times
from views.context.page_spec import PageSpec
from views.context.sitemap import BY_KEY, PAGES

pytestmark = pytest.mark.browser

HOUSEHOLD = "61102500000001"
TOWNSHIP = "611025101"


def _query(spec: PageSpec) -> str:
    found = [
        ("region", TOWNSHIP),
        ("year", "2019"),
        *([("id", HOUSEHOLD)] if "id" in spec.keys else []),
    ]
    return "&".join(f"{key}={value}" for key, value in found if key in spec.keys)


def _says(page: Page, spec: PageSpec, lang: str) -> None:
    expect(page).to_have_title(
        re.compile(rf"^{re.escape(term(spec.title, lang))} · .*{term('app_title', lang)}$")
    )
    expect(page.locator("html")).to_have_attribute("lang", "en" if lang == "en" else "zh-CN")
    expect(page.locator(".masthead .page")).to_have_text(term(spec.title, lang))
    assert page.locator(".notice").count() == 0
    assert page.locator(".menu [aria-current]").count() >= 1


@pytest.mark.harder
@pytest.mark.parametrize("spec", PAGES[:: times(8, 4)], ids=lambda spec: spec.key)
def test_language_then_back_and_forward_are_the_same_views(
    page: Page, dashboard: str, spec: PageSpec
) -> None:
    start = f"{dashboard}/{spec.path}?{_query(spec)}".rstrip("?")
    visit(page, start)
    _says(page, spec, "zh")
    page.locator(".st-key-bar_lang").get_by_text("English", exact=True).click()
    page.wait_for_url("**lang=en**")
    settle(page)
    _says(page, spec, "en")
    for _ in range(2):
        page.go_back()
        settle(page)
        assert page.url == start
        _says(page, spec, "zh")
        page.go_forward()
        settle(page)
        assert dict(parse_qsl(urlsplit(page.url).query)) == {
            **dict(parse_qsl(urlsplit(start).query)), "lang": "en"
        }  # fmt: skip
        _says(page, spec, "en")


def test_the_menu_leads_on_with_what_was_chosen(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/?region={TOWNSHIP}&year=2019&lang=en")
    _, *chosen = page.locator(".masthead .where").inner_text().splitlines()
    assert "2019" in chosen and len(chosen) == 2
    page.locator(".menu summary", has_text=term("section_check", "en")).click()
    page.locator(".menu a", has_text=term("page_monitoring", "en")).click()
    page.wait_for_url(f"**/monitoring?region={TOWNSHIP}&year=2019&lang=en")
    settle(page)
    _says(page, BY_KEY["monitoring"], "en")
    page.locator(".menu a", has_text="Map").click()
    page.wait_for_url(f"**/map?region={TOWNSHIP}&year=2019&lang=en")
    settle(page)
    _says(page, BY_KEY["map"], "en")
    assert page.locator(".masthead .where").inner_text().splitlines()[1:] == chosen


def test_the_head_stays_in_sight(page: Page, dashboard: str) -> None:
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        visit(page, f"{dashboard}/exit?region={TOWNSHIP}")
        page.locator("[data-testid=stMain]").evaluate("e => e.scrollTo(0, 1500)")
        page.wait_for_timeout(300)
        box = page.locator(".masthead .where").bounding_box()
        assert box and 0 <= box["y"] < 100, width
        head = page.locator(".st-key-top").bounding_box()
        assert head and head["y"] + head["height"] < height / 5, width


def test_words_of_the_framework_are_ours(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/ledgers")
    page.locator(".st-key-bar_group").get_by_role("combobox").fill("xyz")
    expect(page.get_by_text("没有匹配的选项")).to_be_visible()
    visit(page, f"{dashboard}/data")
    zone = page.locator("[data-testid=stFileUploaderDropzone]")
    expect(zone).to_contain_text("选择文件")
    expect(zone).to_contain_text("每个文件不超过")
    page.locator(".st-key-bar_lang").get_by_text("English", exact=True).click()
    expect(zone).to_contain_text("Choose files")


def test_a_lost_connection_is_said_and_the_page_comes_back_by_itself(
    page: Page, demo: Home
) -> None:
    port, where = free_port(), page.locator(".masthead .where")
    with serving(demo, port=port) as address:
        asked = f"{address}/map?region={TOWNSHIP}&year=2019"
        visit(page, asked)
        shown = where.inner_text()
    lost = page.get_by_text("连接已断开").or_(page.get_by_text("正在连接")).first
    expect(lost).to_be_visible(timeout=30_000)
    assert "Streamlit" not in page.locator("body").inner_text()
    with serving(demo, port=port):
        expect(lost).to_be_hidden(timeout=90_000)
        settle(page)
        assert page.url == asked and where.inner_text() == shown
        page.locator(".menu a", has_text="趋势").click()
        page.wait_for_url(f"{address}/trends?region={TOWNSHIP}&year=2019")
        settle(page)
        assert page.locator(".notice").count() == 0


def test_an_address_that_was_changed_is_put_right_in_the_bar(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/Map?amp;year=2019&amp;region={TOWNSHIP}%E3%80%82")
    expect(page).to_have_url(f"{dashboard}/map?region={TOWNSHIP}&year=2019")
    assert page.locator(".notice").count() == 0


def test_a_name_in_a_link_does_not_stay_in_the_bar(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/ledgers?q=%E5%BC%A0%E4%B8%89")
    expect(page).to_have_url(f"{dashboard}/ledgers?q=~")
    expect(page.locator(".notice")).to_contain_text(term("fallen_left_out", "zh"))


def test_a_path_of_its_own(page: Page, demo: Home) -> None:
    with serving(demo, path="/taizhang") as address:
        visit(page, f"{address}/taizhang/map?year=2019")
        expect(page.locator(".masthead .where")).to_contain_text("2019年")
        page.locator(".menu a", has_text="趋势").click()
        page.wait_for_url(f"{address}/taizhang/trends?year=2019")
        settle(page)
        page.locator(".taizhang-plot .main-svg").first.wait_for()
