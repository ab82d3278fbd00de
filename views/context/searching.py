"""What is searched for: what of it may stand in an address, and what stays in the session.

An address is kept by browsers, proxies and chat programs. A name or an identity number typed into
the search box therefore never enters one: the session keeps the text, the address a random handle
that means something in this session only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import uuid4

import streamlit as st

from store.folding import compact, running

LONGEST = 40
# An address with a handle, or with this alone: a text was left out.
MARK = "~"
_HANDLE = re.compile(r"~[0-9a-f]{12}")
_KEPT = "searches"
_NUMBER = re.compile(r"(?=.*\d)[0-9A-Z][0-9A-Z_-]{0,31}", re.IGNORECASE | re.ASCII)
# Whole identity numbers, old and new; what may be the beginning of one (six digits of a place, then
# a century); telephones.
_PERSONAL = re.compile(
    r"\d{15}|\d{17}[\dX]|\d{6}(18|19|20)\d*X?|1[3-9]\d{9}", re.IGNORECASE | re.ASCII
)


def is_private(text: str) -> bool:
    """Whether a text may say who is looked for: all but the beginning of a household number."""
    word = compact(text)
    return not _NUMBER.fullmatch(word) or bool(_PERSONAL.fullmatch(word))


def folded(text: str) -> str:
    """A typed text as it is searched for; empty where nobody can be found by it."""
    word = compact(text)
    return running(text) if word and is_private(word) else word


def kept() -> dict[str, str]:
    """The texts that this session keeps by their handles."""
    found: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    return found


def keep(text: str) -> None:
    """Keep a text of this session if an address must not hold it."""
    texts = kept()
    if text and is_private(text) and text not in texts.values():
        texts[f"{MARK}{uuid4().hex[:12]}"] = text


def parse(given: str, texts: Mapping[str, str]) -> str:
    """The text of a query's value. Raises ValueError where none can be found by it."""
    if _HANDLE.fullmatch(given):
        if given not in texts:
            raise LeftOut(given)
        return texts[given]
    if not given:
        return ""
    text = folded(given)
    if not text or len(given) > LONGEST:
        raise ValueError(given)
    if is_private(text):
        raise LeftOut(given)
    return text


def format(text: str, texts: Mapping[str, str]) -> str:
    """The value of a query for a text; empty where an address must not hold it."""
    if not is_private(text):
        return text
    return next((handle for handle, one in texts.items() if one == text), "")


class LeftOut(ValueError):
    """The text is one that addresses do not hold."""
