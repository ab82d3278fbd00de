"""The mark by which a file says that its data are simulated: a word in a line above the header.

It stands in the cells themselves, so that it stays when the file is renamed, copied elsewhere or
saved in another format, and goes only when somebody takes it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from loaders.layouts.headers import Match
from loaders.layouts.matching import HEAD
from loaders.reading.sheets import Sheet
from store.simulated import State

MARK = "模拟数据"
PART = f"含{MARK}"
WORDS: dict[State, str] = {"all": MARK, "part": PART, "none": ""}
# Alone in its cell or in brackets: 非模拟数据 and the like are no mark.
_MARKED = re.compile(rf"(?:^|[(\uff08[\u3010])\s*(含?){MARK}\s*(?:$|[)\uff09\]\u3011])")


def marked(title: str, state: State = "all") -> str:
    """A title that says what of the data below it is simulated."""
    return f"{title}({WORDS[state]})" if WORDS[state] else title


def states_of(sheet: Sheet, sections: Sequence[Match]) -> list[State]:
    """What each section of a sheet says of itself, or the lines above the first say of all."""
    if not sections:
        return []
    above = [cell for row in sheet.head(HEAD)[: sections[0].above] for cell in row]
    return [_said([section.title]) or _said(above) or "none" for section in sections]


def _said(cells: Iterable[str]) -> State | None:
    found = {match[1] for cell in cells if (match := _MARKED.search(cell.strip()))}
    if not found:
        return None
    return "all" if "" in found else "part"
