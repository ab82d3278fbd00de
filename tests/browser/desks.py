"""People at their desks: each in a browser of their own, logged in, and what they do on a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, Page, expect

from access import grants
from state.database import opened
from tests.browser.conftest import settle
from tests.browser.test_login import log_in
from tests.gate.logging_in import COUNTY, WEST, real_home, with_provider
from tests.gate.real import Running
from tests.small_county import EAST

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
    mock = pytest.importorskip("oidc_provider_mock", reason="oidc-provider-mock is not installed")
    with mock.run_server_in_thread() as server:
        metadata = f"http://localhost:{server.server_port}/.well-known/openid-configuration"
        with with_provider(home, tmp_path, metadata) as started:
            yield started


@pytest.fixture
def desks(browser: Browser, running: Running) -> Iterator[dict[str, Desk]]:
    """A browser of their own for each of the people, logged in."""
    contexts, found = [], {}
    for subject in PEOPLE:
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        log_in(page, f"{running.origin}/problems", subject)
        found[subject] = Desk(page, running.origin)
    yield found
    for context in contexts:
        context.close()


@dataclass(frozen=True)
class Desk:
    """Somebody's page; every page object stands on one."""

    page: Page
    origin: str

    def go(self, path: str) -> None:
        self.page.goto(self.origin + path)
        self.page.wait_for_selector("html:not(.arriving) .masthead")
        settle(self.page)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        settle(self.page)

    def follow(self, name: str) -> None:
        """Click a link of the page itself, not of the menu."""
        self.page.locator(".paper a", has_text=name).last.click()
        settle(self.page)

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()
        settle(self.page)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.origin)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.page.url).query))

    @property
    def text(self) -> str:
        return self.page.inner_text("body")

    def download(self, button: str) -> Path:
        """The file that a button hands out."""
        with self.page.expect_download() as handed:
            self.page.get_by_role("button", name=button, exact=True).click()
        return Path(handed.value.path())

    def upload(self, *files: dict[str, object]) -> None:
        uploader = "[data-testid=stFileUploader] input"
        self.page.set_input_files(uploader, list(files))  # type: ignore[arg-type]
        for file in files:
            chip = self.page.get_by_test_id("stFileChipName")
            expect(chip.last).to_have_text(str(file["name"]))
        settle(self.page)


class Ledgers(Desk):
    """/ledgers: who, and on to a sample of them."""

    def filter(self, query: str) -> None:
        self.go(f"/ledgers?{query}")

    def draw_from(self) -> Samples:
        self.page.locator('.paper .acting a[href*="/samples"]').click()
        self.page.wait_for_url("**/samples?**")
        settle(self.page)
        return Samples(self.page, self.origin)


class Samples(Desk):
    """/samples: the draw, the sheets, the results."""

    def draw(self) -> None:
        self.press("抽取")
        self.page.wait_for_url("**sample=**")
        self.sees("名单:")

    @property
    def households(self) -> list[str]:
        return self.page.locator(
            "td a[href*='household?'], th a[href*='household?']"
        ).all_inner_texts()

    def sheets(self) -> Path:
        return self.download("核查表(PDF)")

    def workbook(self) -> Workbook:
        return load_workbook(BytesIO(self.download("核查表(手机填)").read_bytes()))

    def bring(self, filled: Path) -> None:
        self.page.locator(".facets a", has_text="结果").click()
        self.page.wait_for_url("**part=results**")
        settle(self.page)
        content = {"name": filled.name, "buffer": filled.read_bytes(),
                   "mimeType": "application/vnd.ms-excel"}  # fmt: skip
        self.upload(content)
        self.press("收下")
        self.sees("收到答案")


class Problem(Desk):
    """/problems?finding=: one problem and its next step."""

    def assign(self, measure: str, units: str) -> None:
        self.page.get_by_label("措施1").fill(measure)
        self.page.get_by_label("责任单位").first.fill(units)
        self.page.get_by_role("spinbutton", name="year, 时限").click()
        self.page.keyboard.type("20301231")
        self.page.keyboard.press("Tab")
        settle(self.page)
        self.press("交办")
        expect(self.page.locator(".timeline").last).to_contain_text(units)

    def mend(self, words: str, photo: bytes) -> None:
        self.page.get_by_label("佐证(文字)").fill(words)
        self.upload({"name": "现场.png", "mimeType": "image/png", "buffer": photo})
        self.press("报整改完成")
        self.sees("现在没有您可以办的步骤")
        assert self.page.get_by_role("button", name="复核通过").count() == 0

    def verify(self) -> None:
        self.press("复核通过")
        self.sees("已办:复核")

    def close(self) -> None:
        self.press("销号")
        self.sees("已办:销号")


class HouseholdFile(Desk):
    """/household?id=: a household's file."""

    def closed_problem(self, household: str) -> str:
        """What its file says of its one problem, which is closed."""
        self.go(f"/household?id={household}")
        self.sees("问题1个,在办0个")
        told = self.page.locator("details.judged", has_text="已销号").first
        told.locator("summary").click()
        return told.inner_text()

    def open_draft(self, rule: str, household: str) -> None:
        """立为问题 beside a rule's answer."""
        self.go(f"/household?id={household}")
        opens = self.page.locator(f'a[href*="draft=rule.{rule}.{household}"]').first
        folded = self.page.locator("details.system", has=opens)
        if folded.count():
            folded.first.locator("summary").first.click()
        opens.click()
        self.page.get_by_role("heading", name="立为问题").wait_for()
        settle(self.page)
