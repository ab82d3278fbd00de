"""A login through a real browser: a link, its view, the end by silence, a right taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from access import grants
from state.database import opened
from state.tables import Session
from tests.browser.conftest import own_address, settle
from tests.gate.logging_in import WEST, real_home, with_provider
from tests.gate.real import Running, free_port

mock = pytest.importorskip("oidc_provider_mock", reason="oidc-provider-mock is not installed")
pytestmark = pytest.mark.browser

VIEW = "/ledgers?region=619925102&year=2024&lang=en"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_home(tmp_path_factory.mktemp("login"))


@pytest.fixture(scope="module")
def metadata() -> Iterator[str]:
    with mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def running(
    home: Path, metadata: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    with with_provider(home, tmp_path_factory.mktemp("server"), metadata) as server:
        yield server


def log_in(page: Page, address: str, subject: str = "li.si") -> None:
    page.goto(address)
    page.fill("input[name=sub]", subject)
    page.press("input[name=sub]", "Enter")
    page.wait_for_selector("html:not(.arriving) .paper")
    settle(page)


def test_a_link_is_opened_after_the_login_and_left_by_logging_out(
    page: Page, running: Running
) -> None:
    log_in(page, running.origin + VIEW)
    assert page.url == running.origin + VIEW
    masthead = page.locator(".masthead")
    masthead.wait_for()
    assert "李试" in masthead.inner_text()
    shown = page.inner_text("body")
    assert "H05" in shown and "H01" not in shown, "their own township alone"
    masthead.get_by_role("link", name="Log out").click()
    page.get_by_role("button").first.click()  # the provider's own question
    page.wait_for_url("**/logged-out")
    assert "您已退出" in page.inner_text("body")
    page.goto(running.origin + VIEW)
    assert "localhost" in page.url, "to the provider again"


def test_a_right_taken_away_counts_at_the_next_click(
    page: Page, running: Running, home: Path
) -> None:
    with opened(home) as state:
        number = grants.give(state, "wang.wu", "inspector", [WEST], by="test")
        log_in(page, f"{running.origin}/ledgers", "wang.wu")
        page.locator(".menu a").first.wait_for()
        grants.revoke(state, number, by="test", why="gone")
    page.locator(".masthead .brand").click()
    page.get_by_text("没有可以查看的内容").wait_for()
    assert page.locator(".menu").count() == 0 and "西川" not in page.inner_text("body")


def test_a_login_that_was_left_alone_ends_and_leads_back(
    page: Page, running: Running, home: Path
) -> None:
    log_in(page, f"{running.origin}/ledgers?year=2024")
    ago = datetime.now(UTC) - timedelta(minutes=31)
    with opened(home) as state, state.writing() as session:
        session.execute(update(Session).where(Session.subject == "li.si").values(last_use=ago))
    page.locator(".masthead .brand").click()
    page.wait_for_url("**/oauth2/end_session**")
    page.get_by_role("button").first.click()
    page.wait_for_url("**/logged-out")
    assert "太久没有操作" in page.inner_text("body")
    back = page.get_by_role("link", name="登录")
    assert str(back.get_attribute("href")).startswith("/")
    back.click()
    page.wait_for_selector("input[name=sub]")


def test_a_link_is_copied_over_plain_http(
    browser: Browser, running: Running, home: Path, metadata: str, tmp_path: Path
) -> None:
    """As the county's network has it: from another machine's address, without TLS."""
    host = own_address()
    if host is None:
        pytest.skip("this machine has no address but its loopback")
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    # Only a page of the loopback may ask what the clipboard holds.
    context.grant_permissions(["clipboard-read"], origin=running.origin)
    page = context.new_page()
    port = free_port()
    address = f"http://{host}:{port}"
    told = {"TAIZHANG_PUBLIC_URL": address, "TAIZHANG_ADDRESS": "0.0.0.0"}
    with with_provider(home, tmp_path, metadata, port, **told):
        log_in(page, f"{address}/map?year=2023")
        assert not page.evaluate("window.isSecureContext")
        page.get_by_role("button", name="分享").click()
        copy = page.locator(".address [data-copy]").first
        words = copy.get_attribute("data-copy")
        assert words is not None
        assert words.splitlines()[-1].startswith(f"{address}/map?")
        copy.click()
        expect(copy).to_have_text("已复制")
    page.goto(f"{running.origin}/api/ready")
    assert page.evaluate("navigator.clipboard.readText()") == words
    context.close()
