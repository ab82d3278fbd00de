"""A code to scan off the wall, drawn as one shape."""

from __future__ import annotations

from functools import lru_cache

import segno

from views.browser.markup import Markup, h

_QUIET = 4  # light modules around it, as the standard asks


@lru_cache(maxsize=64)
def code(text: str, label: str) -> Markup:
    """The QR code of a text; a quarter of it may be hidden and it is still read."""
    dark = segno.make_qr(text, error="q").matrix
    size = len(dark) + 2 * _QUIET
    shape = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(dark)
        for x, module in enumerate(row)
        if module
    )
    ground = h("rect", width=size, height=size, fill="#fff")
    drawn = h("path", d=shape, fill="#000")
    return h("svg", ground, drawn, cls="qr", viewbox=f"0 0 {size} {size}", role="img",
             aria_label=label, shape_rendering="crispEdges")  # fmt: skip
