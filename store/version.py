"""The program's version: the newest of CHANGELOG.md, which is the one place that says it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_CHANGES = Path(__file__).parents[1] / "CHANGELOG.md"


@cache
def version() -> str:
    """The newest version with a heading, such as ``0.3.0``; ``0.3.0+`` with changes after it.

    ValueError where no heading names one.
    """
    return of(_CHANGES.read_text(encoding="utf8"))


def of(text: str) -> str:
    """The version that the headings of a changelog name, newest first."""
    headings = re.findall(r"^## (\S+)", text, re.MULTILINE)
    named = [heading for heading in headings if re.fullmatch(r"\d+\.\d+\.\d+", heading)]
    if not named:
        raise ValueError("CHANGELOG.md names no version")
    return named[0] if headings[0] == named[0] else f"{named[0]}+"
