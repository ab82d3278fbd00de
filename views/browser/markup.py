"""A tiny builder for the markup that ``paper`` shows: everything is escaped unless built here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Final

VOID: Final = frozenset({"br", "col", "hr", "img", "input", "wbr"})
# What runs code or loads it has no place in a table or a row of numbers.
REFUSED: Final = frozenset({"base", "embed", "iframe", "link", "meta", "object", "script", "style"})
# What takes the width of its content: one long value would push everything else off the page.
CELLS: Final = frozenset({"td", "th", "dt", "dd"})
WIDE: Final = 60  # characters from which a cell's text has a largest width
LONG: Final = 300  # characters from which a text has a largest height too and is scrolled in it
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_PROSE = 2000  # characters of a text outside cells; what the program itself says is shorter
_BOX = 'class="long'
_TAG = re.compile(r"<[^>]*>")
# Addresses within the program, in the same page, or on the web; never a script.
_ADDRESS = re.compile(r"(/(?!/)|#|\?|https?://|mailto:|tel:)")


class Markup(str):
    """Text that is markup already. Only this module's functions should make it."""

    __slots__ = ()


Child = object  # Markup, text, a number, None, or an iterable of them


def h(tag: str, *children: Child, **attributes: object) -> Markup:
    """One element: ``h("td", "1,234", cls="num")``.

    Children are escaped unless they are Markup; None is left out, iterables are laid out in
    order. ``cls`` is the class, ``data_go`` becomes ``data-go``; True is a bare attribute, None
    and False leave it out. ValueError for elements and attributes that could run a script.
    """
    _check_tag(tag)
    opening = f"<{tag}{''.join(_attribute(*pair) for pair in attributes.items())}>"
    if tag in VOID:
        if children:
            raise ValueError(f"<{tag}> holds nothing")
        return Markup(opening)
    held = join(*children)
    return Markup(f"{opening}{_within_bounds(held) if tag in CELLS else held}</{tag}>")


@lru_cache(maxsize=256)
def _check_tag(tag: str) -> None:
    if not _NAME.fullmatch(tag) or tag in REFUSED:
        raise ValueError(f"<{tag}> is not built here")


def join(*children: Child) -> Markup:
    """Children one after the other, escaped unless they are Markup."""
    return Markup("".join(_text(child) for child in children))


def link(href: str, *children: Child, **attributes: object) -> Markup:
    """A link inside the program: a plain click goes there without loading the page anew."""
    return h("a", *children, href=href, data_go=True, **attributes)


def _text(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str | int | float):
        text = escape(str(child))
        return text if len(text) <= _PROSE else _box("span", text, whole=True)
    if isinstance(child, Iterable):
        return "".join(_text(part) for part in child)
    raise TypeError(f"{type(child).__name__} is no text")


def _within_bounds(content: Markup) -> str:
    """A cell's content, a long one in a box of a largest size; the whole is there to scroll to."""
    if len(content) < WIDE or _BOX in content:
        return content
    length = len(_TAG.sub("", content))
    return _box("div", content, whole=length > LONG) if length > WIDE else content


def _box(tag: str, content: str, *, whole: bool) -> str:
    """A box that text breaks in anywhere; one of ``whole`` can be scrolled by keyboard too."""
    more = ' whole" tabindex="0"' if whole else '"'
    return f"<{tag} {_BOX}{more}>{content}</{tag}>"


@lru_cache(maxsize=1024)
def _attribute_name(key: str) -> str:
    name = "class" if key == "cls" else key.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(name) or name.startswith("on") or name == "srcdoc":
        raise ValueError(f"attribute {name!r} is not built here")
    return name


def _attribute(key: str, value: object) -> str:
    name = _attribute_name(key)
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    text = str(value)
    if name in ("href", "src", "action", "formaction") and not _ADDRESS.match(text):
        raise ValueError(f"{name} must be an address within the program or on the web")
    return f' {name}="{escape(text)}"'
