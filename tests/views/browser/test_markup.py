"""The markup builder escapes all it did not build, and refuses what could run."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.browser.markup import LONG, WIDE, Markup, h, join, link


def test_an_element_with_text_and_attributes():
    assert h("td", "1,234", cls="num") == '<td class="num">1,234</td>'
    assert h("a", "x", href="/ledgers?a=1&b=2") == '<a href="/ledgers?a=1&amp;b=2">x</a>'
    assert h("br") == "<br>"


def test_children_are_laid_out_in_order_and_none_is_left_out():
    rows = (h("li", i) for i in range(2))
    assert h("ul", None, rows, ["x", ("y", 3.5)]) == "<ul><li>0</li><li>1</li>xy3.5</ul>"


def test_what_is_built_is_not_escaped_again_and_all_else_is():
    inner = h("b", "<i>")
    assert h("p", inner, "<b>&\"'") == "<p><b>&lt;i&gt;</b>&lt;b&gt;&amp;&quot;&#x27;</p>"
    assert isinstance(join(inner, "<"), Markup)
    assert join(inner, "<") == "<b>&lt;i&gt;</b>&lt;"
    assert not isinstance(inner + "<", Markup), "adding text to markup makes text again"


def test_attributes_without_value_and_attributes_left_out():
    assert h("a", data_go=True, hidden=False, title=None) == "<a data-go></a>"
    assert (
        h("label", for_="x", aria_current="page") == '<label for="x" aria-current="page"></label>'
    )


def test_a_link_stays_in_the_program():
    assert link("/village?id=1", "村", cls="x") == (
        '<a href="/village?id=1" data-go class="x">村</a>'
    )


@pytest.mark.parametrize("tag", ["script", "style", "iframe", "A", "b onclick", "", "x>"])
def test_elements_that_could_run_something_are_refused(tag):
    with pytest.raises(ValueError, match="not built here"):
        h(tag)


@pytest.mark.parametrize("name", ["onclick", "ONCLICK", "on_click", "srcdoc", "a b", 'x"'])
def test_attributes_that_could_run_something_are_refused(name):
    with pytest.raises(ValueError, match="not built here"):
        h("p", **{name: "x"})


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", " javascript:x", "data:text/html,x", "//evil.example", "vbscript:"],
)
def test_addresses_that_could_run_something_or_lead_astray_are_refused(href):
    with pytest.raises(ValueError, match="address"):
        h("a", href=href)


@pytest.mark.parametrize("href", ["/", "/x?y=1", "#top", "?page=2", "https://a.example", "tel:1"])
def test_plain_addresses_are_allowed(href):
    assert f'href="{href}"' in h("a", href=href)


def test_void_elements_hold_nothing_and_odd_children_are_no_text():
    with pytest.raises(ValueError, match="holds nothing"):
        h("br", "x")
    with pytest.raises(TypeError, match="no text"):
        h("p", object())


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@given(st.text(), st.text())
def test_any_text_comes_back_as_it_went_in(text, title):
    reader = Reader()
    reader.feed(h("p", text, title=title))
    reader.close()
    assert [tag for tag, _ in reader.tags] == ["p"]
    assert re.sub(r"\s", "", reader.tags[0][1]["title"]) == re.sub(r"\s", "", title)
    assert reader.text.replace("\r", "") == text.replace("\r", "")


@pytest.mark.parametrize("tag", ["td", "th", "dd"])
@pytest.mark.parametrize("length", [59, 61, 299, 301, 10_000])
@pytest.mark.parametrize("wrap", [str, lambda text: h("b", text), lambda text: h("a", text)])
def test_a_cells_text_has_a_largest_size_and_is_whole_in_it(tag, length, wrap):
    reader = Reader()
    reader.feed(h(tag, wrap("x" * length), cls="firm"))
    assert reader.text == "x" * length
    boxes = [held for _, held in reader.tags if "long" in held.get("class", "")]
    assert len(boxes) == (length > WIDE)
    assert ["tabindex" in held and "whole" in held["class"] for held in boxes] == (
        [length > LONG] if boxes else []
    )


def test_many_parts_of_a_cell_are_one_text_and_its_tags_are_none():
    assert "long" not in h("td", h("a", "x", href="/" + "y" * 500))
    assert "long" in h("td", *(h("a", "x" * 10) for _ in range(7)))


def test_outside_a_cell_only_what_no_sentence_is_gets_a_box():
    assert "long" not in h("p", "x" * 2000)
    assert h("p", "x" * 2001).count('class="long whole"') == 1
    assert h("td", "x" * 2001).count('class="long') == 1
