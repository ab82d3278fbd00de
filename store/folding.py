"""Texts as they are compared: what an import makes of a cell, and a search of what is typed.

Invisible characters, odd spaces, wrapping quotes, full-width forms and look-alikes fold here and
nowhere else, so that what was loaded is found again however it is written.
"""

from __future__ import annotations

import re
from functools import lru_cache

from store.lookalikes import folded

INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
WIDE_WORD = {c: n for c, n in FULL_WIDTH.items() if chr(n).isalnum()}
_SPACES = re.compile(r"\s+")
_BETWEEN_HAN = re.compile("(?<=[㐀-鿿]) (?=[㐀-鿿])")
_WRAPPED = re.compile(r"""^(?:="(.*)"|"(.*)"|'(.*))$""")


def tidy(text: str) -> str:
    """Text without invisible characters, odd spaces, wrapping quotes or full-width letters, and
    with look-alike characters as those that they look like."""
    if text.isascii() and text.isalnum():
        return text
    text = _SPACES.sub(" ", INVISIBLE.sub("", text)).strip()
    if match := _WRAPPED.match(text):
        text = next(part for part in match.groups() if part is not None).strip()
    return folded(text.translate(WIDE_WORD))


def running(text: str) -> str:
    """Tidied running text or a name; a space between two Han characters is padding."""
    return _BETWEEN_HAN.sub("", tidy(text))


@lru_cache(65_536)
def compact(text: str) -> str:
    """Tidied text with no space and no full-width form at all: for codes, numbers and dates."""
    return tidy(text).translate(FULL_WIDTH).replace(" ", "")
