"""What only a browser shows: requests, history, clicks, widths, a download."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from metrics.county import open_county
from store.scope import Scope
from store.snapshots import Home
from tests.browser.conftest import settle, visit

pytestmark = pytest.mark.browser


def _words(page: Page) -> str:
    """What stands on the page, without the minute of the watermark."""
    text = page.locator("[data-testid=stMain]").inner_text()
    return re.sub(r"\d\d-\d\d \d\d:\d\d(?= · )", "", text)


def test_a_number_opens_exactly_its_households(page: Page, dashboard: str) -> None:
    visit(page, dashboard)
    card = page.locator("a.kpi", has_text="监测户")
    count = re.search(r"(\d[\d,]*)", card.locator(".value").inner_text())
    assert count
    card.click()
    page.wait_for_url("**/ledgers?indicator=monitored_households")
    expect(page.locator("h1.sentence")).to_contain_text(f"共{count[1]}户")


def test_back_and_forward_pass_every_step(page: Page, dashboard: str) -> None:
    visit(page, dashboard)
    page.locator(".choices").get_by_text("2018", exact=True).click()
    page.wait_for_url("**/?year=2018")
    settle(page)
    page.locator("a.kpi").first.click()
    page.wait_for_url("**/ledgers?year=2018&indicator=per_capita_income")
    settle(page)
    page.locator("table.data tbody a:not([role=checkbox])").first.click()
    page.wait_for_url("**/household?**")
    settle(page)
    file = _words(page)
    page.go_back()
    page.wait_for_url("**/ledgers?year=2018&indicator=per_capita_income")
    expect(page.locator("h1.sentence")).to_contain_text("2018年")
    page.go_back()
    page.wait_for_url("**/?year=2018")
    expect(page.locator("a.kpi").first).to_contain_text("人均纯收入")
    page.go_back()
    expect(page).to_have_url(f"{dashboard}/")
    expect(page.locator(".kpi").first).to_contain_text("比上次")
    for _ in range(3):
        page.go_forward()
        settle(page)
    expect(page).to_have_url(re.compile(r"/household\?"))
    expect(page.locator("h1")).to_be_visible()
    assert _words(page) == file


@pytest.mark.parametrize(
    "path",
    [
        "/?region=611025101&year=2017",
        "/ledgers?group=only.income_drop&sort=-own_payment_yuan&page=2",
        "/trends?indicator=per_capita_income&compare=611025101.611025102",
        "/?snapshot=1&lang=en",
    ],
)
def test_the_same_address_is_the_same_view_elsewhere(
    browser: Browser, dashboard: str, path: str
) -> None:
    seen = []
    for _ in range(2):
        context = browser.new_context(viewport={"width": 1366, "height": 900})
        page = context.new_page()
        visit(page, dashboard + path)
        assert page.url == dashboard + path
        assert page.locator(".notice").count() == 0
        seen.append(_words(page))
        context.close()
    assert seen[0] == seen[1]


def test_a_shared_link_opens_the_same_numbers(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/ledgers?region=611025101&group=borderline")
    told = page.locator("h1.sentence").inner_text()
    page.get_by_role("button", name="分享").click()
    link = page.locator(".share code").inner_text()
    pinned = (
        r"/ledgers\?region=611025101&year=2025&snapshot=2&group=borderline&rules=[0-9a-f]{12}&v=1"
    )
    assert re.search(rf"{pinned}$", link)
    visit(page, link)
    assert page.locator("h1.sentence").inner_text() == told


def test_a_bar_of_a_chart_opens_its_list(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/monitoring")
    bar = page.locator(".st-key-causes .barlayer .point path").nth(1)
    bar.wait_for()
    box = bar.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile(r"/monitoring\?part=cause_\w+"))


def test_a_click_on_the_map_opens_the_place(page: Page, dashboard: str) -> None:
    visit(page, f"{dashboard}/map")
    canvas = page.locator(".taizhang-map canvas").first
    canvas.wait_for()
    page.wait_for_timeout(2_500)
    box = canvas.bounding_box()
    assert box
    middle = (box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.45)
    page.mouse.move(middle[0] - 3, middle[1])
    page.mouse.move(*middle)
    expect(page.locator(".deck-tooltip")).to_contain_text("户", timeout=10_000)
    opened = re.compile(r"/village\?region=611025\d{6}")
    # Software GL may take seconds a frame: a click that falls before one is drawn finds nothing.
    for _ in range(10):
        page.mouse.click(*middle)
        page.wait_for_timeout(3_000)
        if opened.search(page.url):
            break
    expect(page).to_have_url(opened)
    expect(page.locator("h1")).to_be_visible()


def test_one_township_after_another_is_followed(page: Page, dashboard: str) -> None:
    visit(page, dashboard)
    for name, code in (("回龙", "611025101"), ("铁厂", "611025102"), ("大坪", "611025103")):
        page.get_by_role("combobox", name="乡镇").select_option(label=name)
        page.wait_for_url(f"**/?region={code}")
        settle(page)
        expect(page).to_have_url(re.compile(code))
        expect(page.locator(".masthead .where")).to_contain_text(name)


def test_the_keyboard_reaches_the_numbers(page: Page, dashboard: str) -> None:
    visit(page, dashboard)
    page.locator("a.kpi").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/ledgers\?"))
    expect(page.locator("h1.sentence")).to_be_visible()


def test_the_export_holds_exactly_the_filtered_rows(
    page: Page, dashboard: str, demo: Home, tmp_path: Path
) -> None:
    visit(page, f"{dashboard}/ledgers?region=611025101&group=income_drop")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出名单").click()
    path = tmp_path / "list.xlsx"
    download.value.save_as(path)
    rows = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes())).get_sheet_by_index(0)
    values = rows.to_python()
    assert "模拟数据" in values[0][0] and "收入下降户" in values[1][0]
    county = open_county(demo)
    expected = county.reader(Scope.of([county.code])).rows(
        "SELECT household_id FROM {household_fact} "
        "WHERE is_latest AND in_income_drop AND township_code = '611025101'"
    )
    assert {row[0] for row in values[4:]} == {row["household_id"] for row in expected}
    assert not [v for row in values[4:] for v in row if re.fullmatch(r"\d{17}[\dX]", str(v))]
