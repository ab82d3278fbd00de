"""What people write of findings, as it is kept: within bounds, without what no line shows."""

from __future__ import annotations

import re
from typing import Any

TITLE, NOTE, EVIDENCE, NAME = 500, 2_000, 5_000, 100  # characters
FILE_NAME = 120
OTHER = "other"
KIND = re.compile(r"other|(rule|check|ledger|sieve|gap|sample)\.[a-z][a-z0-9_]{0,59}")
SOURCES = ("screening", "check", "sample", "inspection", "petition", "meeting")
SUBJECT_KINDS = (
    *("household", "member", "project", "place", "fund_line", "asset", "facility", "shop"),
    *("fund_source", "payment", "receipt", "complaint", "fund", "cadre", "post", "home"),
    *("notice", "objection", "zone", "entrusted"),
)
# Of what checks look at (``rules.checks.LEVELS``), what problems call otherwise.
_OF_LEVEL = {
    **dict.fromkeys(("monitored", "calendar"), "household"),
    **dict.fromkeys(("village", "zone_village", "income"), "place"),
    "listed": "member",
    "allotment": "fund_line",
}
MEASURES, UNITS, PIECES = 50, 20, 20  # at most, of a finding, a measure, a step
AT_ONCE = 1_000  # findings that may be opened by one act


# A line break in a workbook: its reader, like that of all files, makes one space of real ones.
BREAK = "⏎"


class Unusable(ValueError):
    """A value that cannot be kept: of which field (as columns name it), and why.

    ``why`` is ``empty``, ``long``, ``many``, ``unknown``, ``file_kind`` or ``file_size``.
    """

    def __init__(self, field: str, why: str, **more: Any):
        super().__init__(f"{field}: {why}")
        self.field, self.why, self.more = field, why, more


def subject_kind(level: str) -> str:
    """What a problem is about that a check of a level found."""
    return _OF_LEVEL.get(level, level)


def plain(text: str) -> str:
    """A text without blanks at its ends and without characters that no line shows.

    ``BREAK`` is a line break wherever it stands.
    """
    valid = text.encode("utf-8", "replace").decode("utf-8")
    lines = re.split(rf"\r\n|\r|\n|{BREAK}", valid)
    return "\n".join("".join(c for c in line if c.isprintable()) for line in lines).strip()


def kept(field: str, text: str, most: int, *, needed: bool = False, line: bool = False) -> str:
    """A text as it is kept; one ``line`` has its breaks as blanks. Raises Unusable."""
    found = plain(text)
    found = " ".join(found.split()) if line else found
    if needed and not found:
        raise Unusable(field, "empty")
    if len(found) > most:
        raise Unusable(field, "long", most=most, length=len(found))
    return found


def one_of(field: str, text: str, allowed: tuple[str, ...]) -> str:
    """A word of a list. Raises Unusable."""
    if text not in allowed:
        raise Unusable(field, "unknown", given=text[:40])
    return text


def kind(text: str) -> str:
    """A kind of finding: what it was found by. Raises Unusable."""
    if not KIND.fullmatch(text):
        raise Unusable("kind", "unknown", given=text[:40])
    return text
