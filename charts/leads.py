"""The one sentence that a page opens with: as much as can be read at a glance, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from charts.number_format import Lang

# Characters that are read at a glance; a Latin one is half as wide.
LONGEST: dict[Lang, int] = {"zh": 40, "en": 80}
_GAP: dict[Lang, str] = {"zh": ",", "en": ", "}


def lead(opening: str, parts: Sequence[str], lang: Lang) -> str:
    """An opening and as many of the parts after it as keep it short, the first in any case."""
    gap, text = _GAP[lang], ""
    for part in parts:
        longer = f"{text}{gap}{part}" if text else f"{opening}{part}"
        if text and len(longer) > LONGEST[lang]:
            break
        text = longer
    return text
