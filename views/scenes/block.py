"""What a page shows, as data: an ordered tree of blocks with a key each.

A page is a function from a stage to its blocks. Nothing here knows a browser or a server: tests
read blocks, the wire sends them, and one component draws them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal

import pydeck as pdk

from views.browser.markup import Markup

# ``html`` is one element of markup; ``box`` an empty one, in which other blocks stand; ``plot`` a
# figure; ``deck`` a map; ``title`` what the browser calls the page.
Kind = Literal["html", "box", "plot", "deck", "title"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its key within the page, what it is, and what it holds as text."""

    key: str
    kind: Kind
    data: str
    blocks: tuple[Block, ...] = ()


def html(key: str, markup: Markup) -> Block:
    """One element built with ``views.browser.markup``. TypeError for any other text."""
    if not isinstance(markup, Markup):
        raise TypeError("a block shows markup built with views.browser.markup only")
    return Block(key, "html", markup)


def box(key: str, element: Markup, *blocks: Block) -> Block:
    """Blocks in an element that holds nothing else: ``box("ideas", h("div", cls="ideas"), …)``."""
    if not isinstance(element, Markup):
        raise TypeError("a box is an element built with views.browser.markup")
    return Block(key, "box", element, blocks)


def plot(key: str, figure: Mapping[str, Any], *, height: int, alt: str) -> Block:
    """A plotly figure ``height`` pixels high; ``alt`` is its accessible name."""
    return Block(key, "plot", _text({"height": height, "alt": alt, "figure": figure}))


def deck(key: str, drawn: pdk.Deck, places: Places, *, height: int, alt: str) -> Block:
    """A map ``height`` pixels high; ``places`` is what its regions and points say and open."""
    spec = json.loads(drawn.to_json())
    return Block(key, "deck", _text({"height": height, "alt": alt, "deck": spec, **asdict(places)}))


def title(text: str) -> Block:
    """What the browser calls the page."""
    return Block("title", "title", text)


@dataclass(frozen=True, slots=True)
class Places:
    """What a map's places say and open: regions in the order of the shape file, then points.

    ``labels`` stand below each one's name, ``region`` and ``point`` are addresses with
    ``{code}`` in them. ``known`` are the codes of regions that open, None where all do; ``zoom``
    names the buttons that bring the map nearer, farther and back.
    """

    labels: Sequence[str]
    region: str
    point: str
    known: Sequence[str] | None
    zoom: Sequence[str]


@dataclass(frozen=True)
class Scene:
    """Everything that one view of a page shows.

    ``frame`` are blocks that stand outside the page's own place: each where the element with its
    key is. ``blocks`` are the page. ValueError for a key that stands twice.
    """

    blocks: tuple[Block, ...]
    frame: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        keys = [block.key for block in self.every()]
        if len(keys) != len(set(keys)):
            raise ValueError(f"a key stands twice: {sorted(keys)}")

    def every(self) -> Iterator[Block]:
        """Each block, in the order in which they stand; what lies in a box after it."""
        yield from _every((*self.frame, *self.blocks))

    @cached_property
    def held(self) -> dict[str, str]:
        """What each block holds, by its key."""
        return {block.key: block.data for block in self.every()}

    @cached_property
    def id(self) -> str:
        """A name made from the content: two scenes of one name show the same."""
        whole = repr((self.frame, self.blocks)).encode()
        return blake2b(whole, digest_size=9).hexdigest()


def _every(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from _every(block.blocks)


def _text(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    """Numbers and arrays of numpy as Python's own."""
    return value.tolist()
