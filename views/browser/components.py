"""Browser components: a plotly figure that stays, markup made on the server, going elsewhere.

Their script is served once from ``/assets/``; what Streamlit sends with every message is only a
line that imports it. Data go over as bytes, which is cheapest: nothing is parsed, sorted or
escaped on the way, and Chinese text stays at three bytes a character.

A click on a link or a point changes the address in the browser and lets the page follow it, as
Back and Forward do. ``st.switch_page`` would first put the new query on the old page, a place
in the history that nobody was at, and wait for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from uuid import uuid4

import streamlit as st

from glossary import Lang, framework_words
from views.browser.bundle import (
    COMPONENTS_URL,
    DECK_URL,
    MAP_URL,
    ORDER_URL,
    PLOTLY_URL,
    PRESENT_URL,
    SCENE_URL,
    STYLE_URL,
    SURROUNDINGS_URL,
)
from views.browser.markup import Markup
from views.context.address import base

WEBGL_COOKIE = "taizhang_webgl"
SCREEN_COOKIE = "taizhang_screen"
# Languages as documents name them.
TAGS: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}
_GOING = "going_to"
_SCREEN = "screen"
_SIZES = ("phone", "page", "wall", "slide")


@cache
def _registered(name: str, module: str, argument: str) -> Any:
    js = (
        "export default async component =>\n"
        f'(await import(location.origin + "{module}")).{name}(component, "{argument}")\n'
    )
    return st.components.v2.component(f"taizhang_{name}", js=js, isolate_styles=False)


def _component(name: str, *arguments: str, module: str = COMPONENTS_URL) -> Callable[..., Any]:
    """A component whose script is one export of a served module, registered when first drawn.

    ``arguments`` are the addresses of further files; all are below the program's own path.
    """

    def draw(**options: Any) -> Any:
        further = " ".join(f"{base()}{argument}" for argument in arguments)
        return _registered(name, f"{base()}{module}", further)(**options)

    return draw


_plot = _component("plot", PLOTLY_URL)
_paper = _component("paper", STYLE_URL)
_screen = _component("screen")
_goto = _component("goto")
_handout = _component("handout")
_present = _component("present", module=PRESENT_URL)
_ordered = _component("ordered", STYLE_URL, module=ORDER_URL)
_surroundings = _component("surroundings", module=SURROUNDINGS_URL)
_scene = _component(
    "scene", COMPONENTS_URL, MAP_URL, PLOTLY_URL, DECK_URL, STYLE_URL, module=SCENE_URL
)
_ready_ahead = _component("ready_ahead", module=SCENE_URL)
_lookup = _component("lookup")


def surroundings(lang: Lang, address: str = "") -> None:
    """Tell the browser the document's language and our words for the framework's own.

    ``address`` replaces the one in the bar, with no further place in the history; empty for none.
    """
    about = {"lang": TAGS[lang], "words": framework_words(lang), "address": address}
    text = json.dumps(about, ensure_ascii=False, separators=(",", ":"))
    _surroundings(key="surroundings", data=text.encode())


def lookup(route: str, words: Mapping[str, str]) -> None:
    """Let Ctrl+K open the search box, which asks ``route`` and goes to what is chosen.

    So does a click on what has ``data-lookup``. ``words`` are named in ``frame.menu``.
    """
    text = json.dumps({"route": route, "words": words}, ensure_ascii=False, separators=(",", ":"))
    _lookup(key="lookup", data=text.encode())


def plot(figure: Mapping[str, Any], *, key: str, height: int, alt: str) -> None:
    """Draw a plotly figure (``data`` and ``layout``) ``height`` pixels high, as wide as its place.

    The same ``key`` redraws the same figure in the browser. ``alt`` is its accessible name. A
    click on a point whose ``customdata`` is an address within the program (or a list that
    begins with one) leads there. ``data-painted`` on the figure's box counts the draws.
    """
    body = {"height": height, "alt": alt, "figure": figure}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain)
    _plot(key=key, data=text.encode(), height=height)


def paper(html: Markup, *, key: str) -> None:
    """Show markup built with ``views.browser.markup``, styled by ``views/assets/paper.css``.

    It is replaced in the browser only when it changed. A plain click on a link made with
    ``markup.link`` leads there; with a modifier key or another button it is the browser's own.
    """
    if not isinstance(html, Markup):
        raise TypeError("paper shows markup built with views.browser.markup only")
    _paper(key=key, data=html.encode())


def scene(message: bytes, *, key: str, **asked: Callable[[], None]) -> None:
    """Let the browser draw a page that is told in a message of ``views.scenes.wire``.

    ``asked`` are called, in the next run, where the browser took a step within the page
    (``on_step_change``) or has lost what the message was told against (``on_lost_change``).
    """
    _scene(key=key, data=message, **asked)


def ready_ahead(message: bytes, *, key: str, **asked: Callable[[], None]) -> None:
    """Give the browser a scene that is not asked for yet; none where ``message`` is empty.

    ``asked`` is called where it wants more of them (``on_wanted_change``).
    """
    _ready_ahead(key=key, data=message, **asked)


def screen() -> None:
    """Let the browser say when its window has become another size."""
    _screen(
        key=_SCREEN,
        data=screen_size().encode(),
        default={"size": screen_size()},
        on_size_change=lambda: None,
    )


def screen_size() -> str:
    """The window's size as figures know it: phone, page, wall or a slide of a meeting.

    The page's first script says it by a cookie, so that the first run knows it; where cookies are
    refused it is a page until the browser says otherwise.
    """
    told = st.session_state.get(_SCREEN, {}).get("size") or st.context.cookies.get(SCREEN_COOKIE)
    return told if told in _SIZES else "page"


def draws_maps() -> bool:
    """Whether the browser draws with WebGL, as far as it said."""
    return st.context.cookies.get(WEBGL_COOKIE) != "none"


def go(href: str) -> None:
    """Lead the viewer to an address within the program, as a link does, after this run.

    For what is decided on the server, such as a click on the map: call it in a callback or in
    the page. ``follow`` sends it. ValueError for an address that leads out.
    """
    if not href.startswith("/") or href.startswith(("//", "/\\")) or " " in href:
        raise ValueError(f"{href!r} is not an address within the program")
    st.session_state[_GOING] = f"{uuid4().hex} {href}"


def follow() -> None:
    """Send where ``go`` leads, if anywhere. Call it once a run, after the page has run."""
    going = st.session_state.pop(_GOING, None)
    if going is not None:
        _goto(key="goto", data=going.encode())


def handout(href: str, *, key: str) -> None:
    """Let the browser fetch a file from an address within the program, once, as a download."""
    _handout(key=key, data=href.encode())


def present(show: Mapping[str, Any], *, key: str) -> Mapping[str, Any] | None:
    """Show a meeting's slides over the whole window; gives what the browser said of it, once.

    That is a decision (``text``, ``unit``, ``due``, ``item``) or that they ``leave``; else None.
    """
    text = json.dumps(show, ensure_ascii=False, separators=(",", ":"))
    found = _present(key=key, data=text.encode(), on_said_change=lambda: None)
    said = getattr(found, "said", None)
    return said if isinstance(said, Mapping) else None


def ordered(lines: Mapping[int, str], words: str, *, key: str) -> list[int] | None:
    """Lines by their numbers, to be put into another order by dragging or with the arrow keys.

    ``words`` name the handle of one, ``{title}``. Gives the new order once, when it was made.
    """
    told = {"lines": [{"item": one, "title": title} for one, title in lines.items()],
            "words": words}  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    found = _ordered(key=key, data=text.encode(), on_ordered_change=lambda: None)
    said = getattr(found, "ordered", None)
    order = said.get("order") if isinstance(said, Mapping) else None
    fits = isinstance(order, list) and sorted(map(str, order)) == sorted(map(str, lines))
    return list(order) if order and fits else None


def _plain(value: Any) -> Any:
    """Numbers and arrays of numpy as Python's own."""
    return value.tolist()
