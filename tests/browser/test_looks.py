"""Twelve pages at three sizes look as the pictures that are kept of them (``tests.browser.looks``).

Letters are drawn by the fonts and the Chromium of a machine. On one that has others than the
pictures were taken with these cannot be compared; that a page is drawn the same twice is tried on
any.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from store.snapshots import Home
from tests.browser import looks
from tests.browser.conftest import serving

pytestmark = [pytest.mark.browser, pytest.mark.torture]

_SEEN = Path(__file__).parents[2] / "build" / "looks"  # what was seen instead
_MOST = 0.002  # of the pixels may differ


@pytest.fixture(scope="module")
def address(small_home: Home) -> Iterator[str]:
    with serving(small_home) as found:
        yield found


def differing(one: Image.Image, other: Image.Image, name: str) -> float:
    """The share of pixels that a person would see as another colour; where it is too large, both
    pictures' difference is kept to be looked at."""
    from pixelmatch.contrib.PIL import pixelmatch

    if one.size != other.size:
        return 1.0
    marked = Image.new("RGBA", one.size)
    count = pixelmatch(one.convert("RGBA"), other.convert("RGBA"), marked, threshold=0.1)
    share: float = count / (one.width * one.height)
    if share > _MOST:
        _SEEN.mkdir(parents=True, exist_ok=True)
        one.save(_SEEN / f"{name}.png")
        marked.save(_SEEN / f"{name}-difference.png")
    return share


def test_pages_look_as_they_did(browser: Browser, address: str) -> None:
    assert sorted(path.stem for path in looks.KEPT.glob("*.webp")) == sorted(looks.NAMES)
    if looks.DRAWN_BY.read_text() != looks.drawn_by():
        pytest.skip("drawn by other fonts or another Chromium than the pictures that are kept")
    found: dict[str, Any] = {}
    for name, picture in looks.pictures(browser, address):
        with Image.open(looks.KEPT / f"{name}.webp") as kept:
            found[name] = differing(picture, kept, name)
    assert not {name: share for name, share in found.items() if share > _MOST}, f"see {_SEEN}"


@pytest.mark.parametrize("size", looks.SIZES)
def test_a_page_is_drawn_the_same_twice(browser: Browser, address: str, size: str) -> None:
    shares = {}
    for key in ("overview", "monitoring", "household"):
        first, again = looks.opened(browser, size), looks.opened(browser, size)
        one, other = looks.taken(first, address, key), looks.taken(again, address, key)
        shares[key] = differing(one, other, f"{key}-{size}-again")
        first.context.close()
        again.context.close()
    assert not {key: share for key, share in shares.items() if share > _MOST}


def test_a_word_that_is_another_is_seen(browser: Browser, address: str) -> None:
    """A comparison that lets this pass would find nothing."""
    page = looks.opened(browser, "page")
    before = looks.taken(page, address, "monitoring")
    page.locator("h1").first.evaluate("title => { title.style.color = '#b8501a' }")
    page.wait_for_timeout(200)
    after = looks.half(page)
    page.context.close()
    assert differing(after, before, "another-colour") > _MOST
