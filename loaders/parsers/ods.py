"""Sheets of an open document."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Container, Iterator

from loaders.parsers.grid import LONGEST, WIDEST, Grid
from loaders.parsers.spool import Refused, Spool
from loaders.parsers.stored_values import ERROR, FORMULA, iso_date, number
from loaders.parsers.xml_events import Event, chunks, events

CONTENT = "content.xml"
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_BESIDE = frozenset({"annotation", "frame", "shapes", "forms", "note", "ruby-text", "custom-shape"})
_BETWEEN = {"s": " ", "tab": " ", "line-break": " "}
_FAILED = re.compile(r"Err:\d{3}")  # what the program shows where a formula failed
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


def extract(archive: zipfile.ZipFile, spool: Spool) -> None:
    """Write every sheet of a document; raises Refused."""
    names = archive.namelist()
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
        "META-INF/manifest.xml"
    ):
        raise Refused("password")
    hidden: set[str] = set()
    struck: set[str] = set()
    style = ""
    with archive.open(CONTENT) as source:
        stream = events(chunks(source))
        for kind, name, given in stream:
            if kind != "start":
                continue
            if name == "style":
                style = given.get("name", "")
            elif name == "table-properties" and given.get("display") == "false":
                hidden.add(style)
            elif name == "text-properties" and _crossed(given):
                struck.add(style)
            elif name == "table":
                about = given.get("name", "")
                with spool.sheet(about, hidden=given.get("style-name") in hidden) as out:
                    _sheet(stream, Grid(out), struck)


def _crossed(given: dict[str, str]) -> bool:
    """Whether a style's text is struck through."""
    words = (given.get(f"text-line-through-{key}", "none") for key in ("style", "type"))
    return any(word != "none" for word in words)


def _sheet(stream: Iterator[Event], grid: Grid, struck: Container[str]) -> None:
    """Read one sheet up to its end; ``struck`` are the styles that strike through."""
    row, column, repeated = 0, 0, 1
    for kind, name, given in stream:
        if (kind, name) == ("start", "table-row"):
            repeated = _count(given, "number-rows-repeated", LONGEST)
            column = 0
            grid.begin_row(row + 1, hidden=given.get("visibility", "visible") != "visible")
        elif kind == "start" and name in _CELLS:
            times = _count(given, "number-columns-repeated", WIDEST)
            text = _cell(stream, name, given)
            if name == "table-cell" and (text or "number-rows-spanned" in given):
                _add(grid, column, text, given, times, struck=given.get("style-name") in struck)
            column += times
        elif (kind, name) == ("end", "table-row"):
            grid.end_row(times=repeated)
            row += repeated
        elif kind == "start" and name in _BESIDE:
            _skip(stream, name)
        elif (kind, name) == ("end", "table"):
            break
    grid.flush()


def _add(
    grid: Grid, column: int, text: str, given: dict[str, str], times: int, *, struck: bool
) -> None:
    across = _count(given, "number-columns-spanned", WIDEST)
    down = _count(given, "number-rows-spanned", LONGEST)
    for offset in range(times):
        grid.add(text, across=across, down=down, column=column + offset, struck=struck)


def _cell(stream: Iterator[Event], cell: str, given: dict[str, str]) -> str:
    """The text of a cell that has begun."""
    texts: list[str] = []
    for kind, name, inner in stream:
        if kind == "text":
            texts.append(name)
        elif kind == "start" and name in _BESIDE:
            _skip(stream, name)
        elif kind == "start" and name == "p" and texts:
            texts.append("\n")
        elif kind == "start" and name in _BETWEEN:
            texts.append(_BETWEEN[name] * _count(inner, "c", 99))
        elif (kind, name) == ("end", cell):
            break
    return _value("".join(texts), given)


def _value(text: str, given: dict[str, str]) -> str:
    """A cell's text by its kind; an error has none but what is shown."""
    if _FAILED.fullmatch(text):
        return ERROR
    if "value" in given:
        return number(given["value"])
    if "date-value" in given:
        return iso_date(given["date-value"])
    if "boolean-value" in given:
        return given["boolean-value"].upper()
    if time := _TIME.fullmatch(given.get("time-value", "")):
        return ":".join(part.zfill(2) for part in time.groups())
    if "formula" in given and "value-type" not in given:
        return FORMULA
    return text or given.get("string-value", "")


def _skip(stream: Iterator[Event], element: str) -> None:
    """Pass over an element that has begun."""
    depth = 1
    for kind, name, _ in stream:
        if name == element and kind != "text":
            depth += 1 if kind == "start" else -1
        if depth == 0:
            return


def _count(given: dict[str, str], key: str, most: int) -> int:
    text = given.get(key, "1")
    return min(int(text), most) if text.isdecimal() and len(text) < 9 else 1
