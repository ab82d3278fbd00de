"""Each part of each page as the list of pages names them: its height, what axe finds, what is cut,
on a phone and at 200 % too. ``make test`` looks at a few of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from glossary import LANGUAGES
from tests.browser.conftest import NEEDED, visit
from tests.browser.reach import (
    FIRST_SIGHT,
    MEASURE,
    TWO_SCREENS,
    WINDOW,
    most,
    narrow,
    serious,
    walk,
    wrong,
)
from tests.torture import some
from views.context.sitemap import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.harder]


class Visit(NamedTuple):
    """A part of a page in a language, how high it may be, and whether keys and phones try it: these
    are the same in either language."""

    path: str
    highest: float
    walked: bool


def visits() -> Iterator[Visit]:
    """What is looked at, from the list of pages: first parts in both languages, further ones in
    either by turns."""
    for spec in PAGES:
        tabs = [(tab.key, tab.listing) for tab in spec.tabs] or [("", False)]
        for at, (part, listing) in enumerate(tabs):
            for lang in LANGUAGES if at == 0 else (LANGUAGES[at % 2],):
                query = {**NEEDED.get(spec.key, {}), "part": part, "lang": lang}
                path = f"/{spec.path}?{urlencode({k: v for k, v in query.items() if v})}"
                highest = float("inf") if listing else TWO_SCREENS
                walked = at > 0 or lang == "zh"
                yield Visit(path, highest if part else most(spec.key, lang), walked)


@pytest.mark.parametrize(
    "one", some(list(visits()), 15), ids=lambda one: one.path.replace("&", "+")
)
def test_no_part_is_too_high_cut_or_closed_to_anybody(
    browser: Browser, dashboard: str, one: Visit
) -> None:
    context = browser.new_context(viewport={"width": WINDOW[0], "height": WINDOW[1]})
    context.add_init_script(FIRST_SIGHT)
    page = context.new_page()
    page.set_default_timeout(60_000)
    visit(page, dashboard + one.path)
    found = wrong(page.evaluate(MEASURE), one.highest) + serious(page)
    if one.walked:
        found += walk(page) + narrow(page)
    context.close()
    assert not found
