"""The text of one cell to the name of a person: what stands for no name, and notes behind one."""

from __future__ import annotations

import re

from loaders.cells.spellings import EMPTY, NO_NAMES
from loaders.cells.values import compact, text
from store.lookalikes import has_private

_BRACKETED = re.compile(r"([^(]*)\(.*", re.DOTALL)
_FORMULA = re.compile(r"=[-+(]*(?:[A-Za-z_][\w.]*\(|\$?[A-Za-z]{1,3}\$?\d|.*!)", re.ASCII)
_ROUND = str.maketrans("（）［］【】〔〕[]", "()()()()()")


def name(cell: str) -> tuple[str | None, str | None]:
    """A person's name: placeholder_name for what is none, name_note for one with a note behind it.

    赵六(亡) is 赵六; the note is listed with the cell as it was.
    """
    value, note = text(cell)
    if value is None:
        blank = not compact(cell)
        return None, note or (None if blank else "placeholder_name")
    if _FORMULA.match(value):
        return None, "formula_without_value"
    bracketed = _BRACKETED.fullmatch(value.translate(_ROUND))
    if bracketed:
        value = bracketed[1].strip()
        note = "name_note"
    if is_placeholder(value):
        return None, "placeholder_name"
    return value, note


def is_placeholder(value: str) -> bool:
    """Whether a text names nobody: a word for none, a form's own word, or no letter at all."""
    word = compact(value).upper()
    letters = any(c.isalpha() for c in word) or has_private(word)
    return word in NO_NAMES or word in EMPTY or not letters
