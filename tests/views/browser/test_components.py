"""What the components send: bytes, once, and no address that leads out of the program."""

import json

import numpy as np
import pytest

from views.browser import components
from views.browser.bundle import ASSETS, COMPONENTS_URL
from views.browser.markup import h


@pytest.fixture
def sent(monkeypatch):
    calls = []
    for name in ("_plot", "_paper", "_goto"):
        monkeypatch.setattr(components, name, lambda name=name, **kw: calls.append((name, kw)))
    monkeypatch.setattr(components.st, "session_state", {})
    return calls


def test_a_figure_goes_over_as_compact_bytes_with_its_name(sent):
    figure = {"data": [{"y": np.array([1.5, 2]), "name": "镇安"}], "layout": {"height": 300}}
    components.plot(figure, key="k", height=300, alt="贫困发生率")
    ((name, call),) = sent
    assert (name, call["key"], call["height"]) == ("_plot", "k", 300)
    assert json.loads(call["data"]) == {
        "height": 300,
        "alt": "贫困发生率",
        "figure": {"data": [{"y": [1.5, 2.0], "name": "镇安"}], "layout": {"height": 300}},
    }
    assert "镇安".encode() in call["data"]
    assert b": " not in call["data"]


def test_paper_takes_built_markup_only(sent):
    components.paper(h("p", "<村>"), key="p")
    assert sent == [("_paper", {"key": "p", "data": "<p>&lt;村&gt;</p>".encode()})]
    with pytest.raises(TypeError, match="markup"):
        components.paper("<p>plain text</p>", key="p")


def test_going_somewhere_is_sent_once(sent):
    components.follow()
    assert sent == []
    components.go("/ledgers?state=open")
    components.follow()
    components.follow()
    ((name, call),) = sent
    number, href = call["data"].decode().split(" ")
    assert (name, href) == ("_goto", "/ledgers?state=open")
    components.go("/ledgers?state=open")
    components.follow()
    assert sent[1][1]["data"].decode().split(" ")[0] != number, "the same place again is news"


@pytest.mark.parametrize(
    "href", ["https://x.example", "//x.example", "/\\x", "javascript:1", "", "x", "/a b"]
)
def test_no_address_leads_out(sent, href):
    with pytest.raises(ValueError, match="within the program"):
        components.go(href)


def test_every_component_is_an_export_of_the_served_script():
    script = ASSETS[COMPONENTS_URL].read_text("utf-8")
    for name in ("plot", "paper", "goto"):
        assert f"export function {name}(" in script


def test_an_address_changes_with_the_content():
    for address, path in ASSETS.items():
        assert address.startswith("/assets/")
        assert path.is_file()
    assert len(set(ASSETS)) == 10
