"""A real server and a real Chromium for the tests that need them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from store.snapshots import Home

ROOT = Path(__file__).parents[2]
# What the address of a page needs that is about one household or one place.
NEEDED = {
    "household": {"id": "61102500000018"},
    "village": {"region": "611025101202"},
}
# Nothing that Chromium does of its own accord may look like a request of the program's.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)


def chromium_path() -> str | None:
    """The Chromium that is there; None for Playwright's own."""
    # The headless one first: it draws no window of its own, which is a third of the work.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_address() -> str | None:
    """An address of this machine that is not its loopback, as others on the network know it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        # Nothing is sent: the system only says from where it would go.
        probe.connect(("198.51.100.1", 9))
        address = probe.getsockname()[0]
        return None if address.startswith("127.") else address
    return None


@contextmanager
def serving(
    home: Home, ready: bool = True, path: str = "", host: str = "127.0.0.1", port: int = 0
) -> Iterator[str]:
    """The dashboard over a home, as ``make run`` starts it; yields its address.

    Over an empty home it is up, but not ready. ``path`` is the one that it is told to be below.
    Without a ``port`` it has one that is free.
    """
    port = port or free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "server.py",
            "--port",
            str(port),
            "--address",
            host,
            *(["--base-path", path] if path else []),
        ],
        cwd=ROOT,
        env={**os.environ, "TAIZHANG_HOME": str(home.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://{host}:{port}"
    try:
        _wait_until_up(f"{address}{path}/api/ready" if ready else address)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(address: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise TimeoutError(address)


@pytest.fixture(scope="session")
def dashboard(demo: Home) -> Iterator[str]:
    with serving(demo) as address:
        yield address


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright for one module: its event loop must not run on into other tests."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium for one module."""
    opened = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """What the pages of one module have in common: the program's scripts, loaded and read once.

    A page that has to be the first of its browser has a context of its own.
    """
    opened = browser.new_context(viewport={"width": 1280, "height": 720})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that knows nothing of those before it; what is cached stays (``context``)."""
    context.clear_cookies()
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.set_offline(False)
    for left in context.pages:
        left.close()


def settle(page: Page) -> None:
    """Wait until the run that is under way has ended and what it sent is on the page."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(250)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def visit(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html:not(.arriving) .masthead")
    settle(page)
