"""What may be said of a cell in a report or the quarantine: never a whole personal number."""

from __future__ import annotations

import re

import pyarrow as pa

from store.masks import mask_text
from store.schema import Mask

# Numbers that would point to a person wherever they stand: identity numbers of either length and
# mobile phones. The long ones are found inside longer runs of digits too.
_PERSONAL = re.compile(
    r"\d{6}(?:18|19|20|21)\d{2}[01]\d[0-3]\d{4}[\dXx]"
    r"|(?<!\d)(?:\d{8}[01]\d[0-3]\d{4}|1[3-9]\d{9})(?!\d)",
    re.ASCII,
)
# What may stand in brackets behind a name and is nobody's name.
_NOTE = re.compile(
    r"(.+?)([(（](?:已?亡|已?故|已?死亡|(?:已|因病)?去世|病故|迁出|已迁出|外嫁|出嫁|户主)[)）])"
)
_BETWEEN = re.compile(r"[\s\-\u200b-\u200f\u2060\ufeff]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def masked(value: str | None, mask: Mask | None = None) -> str | None:
    """A cell's text as it may stand in a report: by the column's mask, and never a whole number."""
    if value is None or not value.strip():
        return None
    value = value.strip()
    if mask == "name" and (noted := _NOTE.fullmatch(value)):
        return f"{masked(noted[1], mask)}{noted[2]}"
    if mask is not None:
        return mask_text(value, mask)
    value = _PERSONAL.sub(_starred, value)
    folded = _BETWEEN.sub("", value.translate(_FULL_WIDTH))
    return _PERSONAL.sub(_starred, folded) if _PERSONAL.search(folded) else value


def is_personal(text: str) -> bool:
    """Whether a text is a whole identity number or mobile phone, and nothing else."""
    return _PERSONAL.fullmatch(text) is not None


def _starred(match: re.Match[str]) -> str:
    return mask_text(match[0], "identity")


def mask_column(column: pa.Array, mask: Mask | None = None) -> pa.Array:
    """``masked`` over a text column, once for each different text."""
    encoded = column.dictionary_encode()
    shown = [masked(value, mask) for value in encoded.dictionary.to_pylist()]
    return pa.array(shown, pa.string()).take(encoded.indices)
