"""From a question to a closed problem in a real browser, by four people, each logged in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from access import grants
from findings import asking
from findings.asking import Filter
from state import audit
from state.database import opened
from tests import viewers
from tests.browser.conftest import settle
from tests.browser.test_login import log_in
from tests.findings.test_writing import PNG
from tests.gate.logging_in import COUNTY, WEST, real_home, with_provider
from tests.gate.real import Running
from tests.small_county import EAST

mock = pytest.importorskip("oidc_provider_mock", reason="oidc-provider-mock is not installed")
pytestmark = pytest.mark.browser

PEOPLE = {
    "du.cha": ("inspector", WEST),
    "zhen.zhang": ("township_leader", WEST),
    "xian.zhang": ("county_leader", COUNTY),
    "dong.zhang": ("township_leader", EAST),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = real_home(tmp_path)
    with opened(path) as state:
        for subject, (role, place) in PEOPLE.items():
            grants.give(state, subject, role, [place], by="test", ends=date(2099, 1, 1))  # type: ignore[arg-type]
    return path


@pytest.fixture
def running(home: Path, tmp_path: Path) -> Iterator[Running]:
    with mock.run_server_in_thread() as server:
        metadata = f"http://localhost:{server.server_port}/.well-known/openid-configuration"
        with with_provider(home, tmp_path, metadata) as started:
            yield started


@pytest.fixture
def pages(browser: Browser, running: Running) -> Iterator[dict[str, Page]]:
    """A browser of their own for each of the people, logged in."""
    contexts, found = [], {}
    for subject in PEOPLE:
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        log_in(page, f"{running.origin}/problems", subject)
        found[subject] = page
    yield found
    for context in contexts:
        context.close()


def go(page: Page, running: Running, path: str) -> None:
    page.goto(running.origin + path)
    page.wait_for_selector("html:not(.arriving) .masthead")
    settle(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def test_a_problem_is_found_assigned_mended_verified_closed_and_seen_in_the_file(
    pages: dict[str, Page], running: Running, home: Path
) -> None:
    inspector, township = pages["du.cha"], pages["zhen.zhang"]
    leader, east = pages["xian.zhang"], pages["dong.zhang"]

    # The question: a household whose income is below the standard.
    go(inspector, running, "/household?id=H06")
    opens = inspector.locator('a[href*="draft=rule.exit_income.H06"]').first
    folded = inspector.locator("details.system", has=opens)
    if folded.count():
        folded.first.locator("summary").first.click()
    opens.click()
    inspector.get_by_role("heading", name="立为问题").wait_for()
    settle(inspector)
    expect(inspector.get_by_label("问题内容")).to_have_value(re.compile("^收入超过标准"))
    press(inspector, "立为问题")
    inspector.get_by_text("已立为问题").wait_for()
    settle(inspector)
    where = inspector.url.removeprefix(running.origin)
    assert where.startswith("/problems?finding=")

    inspector.get_by_label("措施1").fill("落实公益岗位")
    inspector.get_by_label("责任单位").first.fill("县人社局、西川镇")
    day = inspector.get_by_role("spinbutton", name="year, 时限")
    day.click()
    inspector.keyboard.type("20301231")
    inspector.keyboard.press("Tab")
    settle(inspector)
    press(inspector, "交办")
    expect(inspector.locator(".timeline").last).to_contain_text("县人社局、西川镇")

    # Another township sees nothing of it.
    go(east, running, where)
    east.get_by_text("这里没有内容").wait_for()
    assert "公益岗位" not in east.inner_text("body")

    # Their own township mends it, with a photo.
    go(township, running, where)
    township.get_by_label("佐证(文字)").fill("合同已签")
    township.set_input_files(
        "[data-testid=stFileUploader] input",
        [{"name": "现场.png", "mimeType": "image/png", "buffer": PNG}],
    )
    expect(township.get_by_test_id("stFileChipName")).to_have_text("现场.png")
    settle(township)
    press(township, "报整改完成")
    township.get_by_text("现在没有您可以办的步骤").wait_for()
    assert township.get_by_role("button", name="复核通过").count() == 0

    # A second person looks at the photo and verifies, a third closes.
    go(inspector, running, where)
    with inspector.expect_download() as handed:
        inspector.get_by_role("button", name="取佐证:现场.png").click()
    assert Path(handed.value.path()).read_bytes() == PNG
    press(inspector, "复核通过")
    inspector.get_by_text("已办:复核").wait_for()
    go(leader, running, where)
    press(leader, "销号")
    leader.get_by_text("已办:销号").wait_for()

    # It is seen in the household's file, and counted.
    go(inspector, running, "/household?id=H06")
    inspector.get_by_text("问题1个,在办0个").wait_for()
    inspector.locator("details.judged", has_text="已销号").first.locator("summary").click()
    told = inspector.locator("details.judged", has_text="已销号").first.inner_text()
    for word in ("du.cha", "zhen.zhang", "xian.zhang", "合同已签", "县人社局"):
        assert word in told, word
    with opened(home) as state, state.reading() as session:
        see = viewers.role("inspector")
        (found,) = asking.every(session, see, Filter(COUNTY, date(2026, 1, 1)))
        assert found.state == "closed"
        assert audit.check(session, home)[0] is None


def test_a_stranger_sees_nothing_of_problems(page: Page, running: Running) -> None:
    log_in(page, f"{running.origin}/problems", "wai.ren")
    page.get_by_text("没有可以查看的内容").wait_for()
    assert page.locator(".menu").count() == 0
