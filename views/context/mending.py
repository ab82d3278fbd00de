"""What chat programs, mail and typing do to an address, undone before anybody reads it.

An address comes back with a full stop behind it, ``&amp;`` between its keys, escaped twice, in
capitals, or with its question mark escaped. Only what can have one meaning is mended; all else is
left for the codec, which says what it cannot use.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import parse_qsl, unquote, urlencode

_DEPTH = 4  # how often an address may have been escaped
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_BLANK = "\\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
# Marks that end a sentence or close a bracket, of both scripts.
_TRAILING = re.compile(f"[{_BLANK}。，、；：！？）】〕」』》〉”’…．.,;:!?)\\]}}>\"'`*_|\\\\]+$")
_AMP = re.compile(r"^(amp;)+", re.IGNORECASE)
_JOINED = re.compile(r"&(?:amp;)*(?=[A-Za-z]+=)")


def unescaped(text: str) -> Iterator[str]:
    """The text, and what it is when one escaping more is taken off, as often as there is one."""
    for _ in range(_DEPTH):
        yield text
        if not _ESCAPED.search(text):
            return
        text = unquote(text)


def readings(value: str) -> Iterator[str]:
    """What a value may have been, the likeliest first: as it is, unescaped, without its tail."""
    for text in unescaped(value):
        yield text
        if (short := _TRAILING.sub("", text).strip()) and short != text:
            yield short


def pairs(given: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Keys and values as they were meant: keys small and whole, pairs apart that had run together.

    Values are left as they are; ``readings`` says what they may have been.
    """
    found: list[tuple[str, str]] = []
    for key, value in given:
        *_, whole = unescaped(key)
        text = _AMP.sub("", whole.strip().lstrip("?&").strip())
        if "=" in text and not value:  # the whole query was escaped
            found += pairs(split(text))
            continue
        own, others = _apart(value)
        found.append((_TRAILING.sub("", text).strip().lower(), own))
        found += pairs(others)
    return [(key, value) for key, value in found if key or value]


def _apart(value: str) -> tuple[str, list[tuple[str, str]]]:
    """A value up to an escaped ``&key=``, and the pairs that follow it."""
    *_, whole = unescaped(value)
    joined = _JOINED.search(whole)
    if not joined:
        return value, []
    return whole[: joined.start()], split(whole[joined.end() :])


def split(text: str) -> list[tuple[str, str]]:
    """Keys and values of a query string, as often as each was given."""
    return parse_qsl(text, keep_blank_values=True)


def grouped(text: str) -> dict[str, list[str]]:
    """The values of each key of a query string, as often as each was given."""
    found: dict[str, list[str]] = {}
    for key, value in split(text):
        found.setdefault(key, []).append(value)
    return found


def page(path: str, paths: Collection[str]) -> tuple[str, list[tuple[str, str]]] | None:
    """The page that a path was meant to name, and the query that had run into it; None if no page.

    ``path`` is below the program's own, without the first slash. Capitals, a slash or mark at the
    end, ``_`` for ``-`` and an escaped question mark are seen through.
    """
    *_, whole = unescaped(path)
    name, _, query = whole.partition("?")
    if not query and "&" in name:
        name, _, query = name.partition("&")
    name = _TRAILING.sub("", name.strip("/ ")).strip("/ ").lower().replace("_", "-")
    if name not in paths:
        return None
    return name, split(query)


def moved(path: str, query: str, paths: Collection[str]) -> str | None:
    """Where a request for a page belongs: its mended path and query.

    None if it stands well, or names no page whatever is mended.
    """
    found = page(path, paths)
    if found is None or found[0] == path:
        return None
    name, within = found
    text = urlencode([*within, *split(query)])
    return f"{name}?{text}" if text else name
