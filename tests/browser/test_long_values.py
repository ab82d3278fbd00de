"""A value of ten thousand characters keeps a table within its page, and can be read whole."""

import pytest

from tests.browser.conftest import ROOT
from views.browser.markup import h
from views.parts import pieces

pytestmark = pytest.mark.browser
STYLE = (ROOT / "views" / "assets" / "paper.css").read_text("utf-8")


@pytest.mark.parametrize("width", [390, 1280, 1920])
@pytest.mark.parametrize("character", ["x", "户", "a "])
def test_a_long_value_widens_no_page(page, width, character):
    long = character * (10_000 // len(character))
    rows = [(long, h("span", long), pieces.link("/x", long)), ("1", pieces.Td(long, "firm"), 2)]
    table = pieces.table(("a", "b", "c"), rows, numeric=[2])
    facts = pieces.facts([("name", long), (long, "1")])
    page.set_viewport_size({"width": width, "height": 720})
    body = h("div", h("p", long), h("div", table, cls="wide"), facts, cls="paper")
    page.set_content(f"<style>{STYLE}</style><body style='margin: 0'>{body}</body>")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") < 3000
    box = page.locator("td .long.whole").first
    shown, whole = box.evaluate("e => [e.clientHeight, e.scrollHeight]")
    assert shown < 250 < whole
    assert box.evaluate("e => e.clientWidth") <= 800
    box.focus()
    page.keyboard.press("End")
    page.wait_for_function("document.activeElement.scrollTop > 0")
    assert box.inner_text().strip() == long.strip()
