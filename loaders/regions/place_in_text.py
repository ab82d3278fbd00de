"""The place that a title or the name of a sheet or file names, and the group behind a village."""

from __future__ import annotations

import re
from functools import lru_cache

from loaders.regions.divisions import Divisions

_LONGEST = 60  # characters of a text that are looked at
_ENDINGS = {"township": ("镇", "乡", "街道"), "village": ("村", "社区")}
_NUMBERED = re.compile(
    r"(?P<village>.+?)(?P<group>第?(?:\d{1,3}|[一二三四五六七八九十百]{1,4})(?:村民)?(?:小组|组|队))"
)
_NAMED = re.compile(r"(?P<village>.+(?:村|社区|居委会|村委会|村民委员会))(?P<group>\S{1,8}组)")


def place_in(text: str, level: str, divisions: Divisions) -> str:
    """The name of a township or village of the county in a text; the text itself without one."""
    return named_place(text, level, divisions) or text


@lru_cache(4_096)
def named_place(text: str, level: str, divisions: Divisions) -> str | None:
    """The longest name of a township or village of the county in a text, None without one.

    永乐街道 of 永乐街道2025年户信息. Two different places in a text are none.
    """
    short = text.replace(divisions.county_name, " ")[:_LONGEST]
    name = _longest(short, level, divisions)
    if name is None:
        return None
    other = _longest(short.replace(name, " "), level, divisions)
    return None if other and other.endswith(_ENDINGS[level]) else name


def _longest(text: str, level: str, divisions: Divisions) -> str | None:
    for length in range(len(text), 1, -1):
        for start in range(len(text) - length + 1):
            part = text[start : start + length]
            if _is_name(part, level, divisions):
                return part
    return None


def _is_name(part: str, level: str, divisions: Divisions) -> bool:
    others = _ENDINGS["village" if level == "township" else "township"]
    if part.isdecimal() or part != part.strip() or part.endswith(others):
        return False
    found = divisions.township(part) if level == "township" else divisions.village("", part)
    return found.code is not None or found.reason == f"ambiguous_{level}"


def split_group(village: str) -> tuple[str, str] | None:
    """A village's name and the group behind it: 安山村 and 第3村民小组; None without a group."""
    match = _NUMBERED.fullmatch(village) or _NAMED.fullmatch(village)
    return (match["village"], match["group"]) if match else None
