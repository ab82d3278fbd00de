"""Twelve pages of the small county at three sizes, as pictures to be compared with those kept.

``make looks`` takes those that are kept (``tests/browser/looks/``) anew, after a change that is
meant to be seen: look at each before it is committed. They are kept at half the size, without loss,
and ``drawn_by.txt`` says by which fonts and Chromium.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from metrics.county import open_county
from store.snapshots import Home
from tests import small_county
from tests.browser.conftest import ARGUMENTS, chromium_path, serving, visit
from tests.browser.first_sight import SIZES
from views.context.sitemap import BY_KEY

KEPT = Path(__file__).with_name("looks")
DRAWN_BY = KEPT / "drawn_by.txt"
# None tells the time of day, and none is drawn by WebGL, which is not the same on two machines.
LOOKED_AT: dict[str, dict[str, str]] = {
    "overview": {},
    "targets": {},
    "risk_groups": {},
    "classes": {},
    "exit": {},
    "remaining": {},
    "monitoring": {},
    "safety_net": {},
    "sieves": {},
    "quality": {},
    "household": {"id": "H02"},
    "village": {"region": small_county.HILL},
}
NAMES = [f"{key}-{size}" for key in LOOKED_AT for size in SIZES]
_FONTS = ("Noto Sans CJK SC", "sans-serif:lang=zh-cn", "sans-serif:lang=en")
# Who looked and when stands in it.
_UNTIMED = ".watermark { display: none !important }"


def drawn_by() -> str:
    """What draws on this machine: Chromium's version, and the files of the fonts it takes."""
    path = chromium_path()
    lines = [_said(path, "--version")] if path else []
    for name in _FONTS:
        file = Path(_said("fc-match", "--format", "%{file}", name))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16] if file.is_file() else "none"
        lines.append(f"{name}: {file.name} {digest}")
    return "\n".join(lines) + "\n"


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def opened(browser: Browser, size: str) -> Page:
    """A page of a browser that was never here, of a size."""
    width, height = SIZES[size]
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.set_default_timeout(60_000)
    return page


def taken(page: Page, address: str, key: str) -> Image.Image:
    """A page's first screen at half its size."""
    visit(page, f"{address}/{BY_KEY[key].path}?{urlencode(LOOKED_AT[key])}")
    page.add_style_tag(content=_UNTIMED)
    return half(page)


def half(page: Page) -> Image.Image:
    """What is in sight at half its size."""
    shot = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide")))
    size = (shot.width // 2, shot.height // 2)
    return shot.convert("RGB").resize(size, Image.Resampling.BOX)


def pictures(browser: Browser, address: str) -> Iterator[tuple[str, Image.Image]]:
    """Each by its name."""
    for size in SIZES:
        page = opened(browser, size)
        for key in LOOKED_AT:
            yield f"{key}-{size}", taken(page, address, key)
        page.context.close()


def main() -> None:
    """Take all of them anew."""
    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        small_county.publish(Path(folder))
        home = Home(Path(folder))
        open_county(home)
        with serving(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=list(ARGUMENTS)
            )
            for name, picture in pictures(browser, address):
                picture.save(KEPT / f"{name}.webp", lossless=True, method=6)
                print(f"tests/browser/looks/{name}.webp")
            browser.close()
    DRAWN_BY.write_text(drawn_by())


if __name__ == "__main__":
    sys.exit(main())
