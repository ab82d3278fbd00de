"""The data page in a browser: a file becomes a snapshot, refused rows come out as a workbook."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from loaders import importing
from loaders.layouts.headers import ORIGIN, REASON
from store.snapshots import Home
from tests import small_county
from tests.browser.conftest import serving, settle, visit
from tests.loaders import sheets

pytestmark = pytest.mark.browser


@pytest.fixture
def register(tmp_path: Path) -> Path:
    # Without a login only invented people are shown, and the file says that they are.
    rows = [["模拟数据"], sheets.HOUSEHOLD, *(sheets.household(i) for i in range(1, 6))]
    rows.append(sheets.household(9, 行政村="没有的村", 户主姓名="=赵某"))
    return sheets.workbook(tmp_path / "户信息_20251231.xlsx", {"户信息": rows})


def give(page: Page, path: Path) -> None:
    """Choose a file and say who loads, as far as the button."""
    page.set_input_files("[data-testid=stFileUploader] input", [path])
    expect(page.get_by_test_id("stFileChipName")).to_have_text(path.name)
    settle(page)
    page.get_by_label("经办人").fill("王某")
    page.keyboard.press("Tab")
    settle(page)


def test_the_first_upload_becomes_a_snapshot_and_its_refused_row_a_workbook(
    page: Page, tmp_path: Path, register: Path
) -> None:
    home = Home(tmp_path / "home")
    home.path.mkdir()
    with serving(home, ready=False) as address:
        page.goto(address)
        page.get_by_role("link", name="到“数据”页").click()
        page.locator("[data-testid=stFileUploader]").wait_for()
        settle(page)
        page.get_by_role("combobox", name="县").click()
        page.get_by_role("option", name="镇安县 611025").click()
        settle(page)
        give(page, register)
        expect(page.get_by_role("spinbutton", name="month, 数据日期")).to_have_text("12")
        page.get_by_role("button", name="开始入库").click()
        page.get_by_text("关闭本页不影响入库").wait_for()
        page.get_by_text("已入库,成为第1号快照").wait_for(timeout=180_000)
        page.locator(".masthead").wait_for()
        settle(page)
        assert home.current().manifest["loaded_by"] == "王某"
        expect(page.locator(".masthead")).to_contain_text("2025-12-31")
        page.locator("nav.parts a").last.click()
        settle(page)
        expect(page.get_by_role("cell", name="没有的村")).to_be_visible()
        with page.expect_download() as told:
            page.get_by_role("button", name="下载隔离的行").click()
        book = openpyxl.load_workbook(BytesIO(Path(told.value.path()).read_bytes()))
        said, head, row = ([cell.value for cell in line] for line in book.active.iter_rows())
        assert said[0] == "隔离的行(模拟数据)"
        assert head == [*sheets.HOUSEHOLD, REASON, *ORIGIN]
        assert row[4] == "=赵某" and row[-3:] == ["户信息_20251231.xlsx", "户信息", "8"]


def test_a_check_publishes_nothing_and_a_wrong_file_is_told(
    page: Page, tmp_path: Path, register: Path
) -> None:
    home = Home(tmp_path / "home")
    importing.run([register], home, date(2025, 12, 31), loaded_by="王某", county_code="611025")
    wrong = sheets.workbook(tmp_path / "别的表_20251231.xlsx", {"一": [["甲", "乙"], ["1", "2"]]})
    with serving(home) as address:
        visit(page, f"{address}/data")
        give(page, wrong)
        page.get_by_text("只检查不入库").click()
        settle(page)
        page.get_by_role("button", name="开始检查").click()
        page.locator(".banner.alert").wait_for(timeout=120_000)
        settle(page)
        expect(page.locator(".banner.alert")).to_contain_text("未入库,原快照未动")
        expect(page.locator(".account")).to_contain_text("别的表_20251231.xlsx")
        assert home.numbers() == [1]


def test_no_words_of_the_uploader_are_english(page: Page, tmp_path: Path) -> None:
    small_county.publish(tmp_path / "home")
    with serving(Home(tmp_path / "home")) as address:
        visit(page, f"{address}/data")
        button = page.locator("[data-testid=stFileUploader] button p")
        expect(button).to_have_text("选择文件")
