"""Characters that look like another: one folding for names, places, headers and what is searched.

Texts copied out of documents hold ⾼ (a radical) for 高 and • for the middle dot of a name.
They look right and are found by nobody.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from store.yamls import load_yaml

_DECLARED = load_yaml(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
_HAN = "㐀-䶿一-鿿\U00020000-\U0003ffff"
_COMPATIBILITY = (range(0x2F00, 0x2FD6), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))


def _table() -> dict[int, str]:
    found = {
        ord(sign): character
        for signs, characters in _DECLARED["radicals"]
        for sign, character in zip(signs, characters, strict=True)
    }
    for code in (code for block in _COMPATIBILITY for code in block):
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code) and len(plain) == 1:
            found[code] = plain
    return found


_TABLE = _table()
_ODD = re.compile("[⺀-⿕豈-﫿\U0002f800-\U0002fa1f]")
_DOT = re.compile(f"(?<=[{_HAN}]) ?[{re.escape(_DECLARED['dots'])}] ?(?=[{_HAN}])")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")


def folded(text: str) -> str:
    """The text with every look-alike as the character that it looks like, all else untouched.

    Radicals and compatibility ideographs become ideographs, dots between two of them ·.
    """
    if text.isascii():
        return text
    if _ODD.search(text):
        text = text.translate(_TABLE)
    return _DOT.sub("·", text)


def has_private(text: str) -> bool:
    """Whether a character has no meaning but in the font that it was written with."""
    return bool(_PRIVATE.search(text))
