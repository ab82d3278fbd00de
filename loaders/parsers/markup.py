"""Tables in markup that is named as a workbook: HTML pages, and the XML workbooks of 2003."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Container, Iterable, Iterator
from typing import IO

from loaders.parsers.encoding import Decoder
from loaders.parsers.grid import Grid
from loaders.parsers.spool import Refused, Spool
from loaders.parsers.stored_values import FORMULA, iso_date, number
from loaders.parsers.xml_events import CHUNK, Event, events

PAGE = 1 << 28  # bytes of an HTML page, which is held in memory
NAME = "表格"  # of the sheet that a page becomes
_MARKUP = re.compile(
    r"<(?:!--.*?(?:-->|$)|[!?][^>]*>|(/?)([a-zA-Z][\w:]*)([^>]*)>)([^<]*)", re.DOTALL
)
_SPAN = re.compile(r"(row|col)span\s*=\s*[\"']?(\d{1,7})", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:\s*[^;\"']*line-through", re.IGNORECASE)
_CLASS = re.compile(r"class\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_RULE = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
_STRUCK = frozenset({"s", "strike", "del"})
_UNSEEN = frozenset({"script", "style", "title", "xml"})
_BREAKS = frozenset({"br", "p", "div"})


def page(source: IO[bytes], spool: Spool, name: str = NAME) -> None:
    """Write the tables of an HTML page below each other, as a spreadsheet shows them."""
    blocks, size = [], 0
    for block in Decoder(source, CHUNK).blocks():
        blocks.append(block)
        size += len(block)
        if size > PAGE:
            raise Refused("too_large")
    text = b"".join(blocks).decode()
    with spool.sheet(name) as out:
        table = Grid(out)
        _fill(table, text)
        table.end_row()
        table.flush()
        if not out.rows:
            raise Refused("empty_file")


def _fill(table: Grid, text: str) -> None:
    """Read the page's rows; a table inside a cell begins rows of its own."""
    cell: list[str] | None = None
    struck = False
    crossing = _crossing(text)
    spans: dict[str, int] = {}
    unseen = ""
    for match in _MARKUP.finditer(text):
        closing, name, words, behind = match.groups()
        name = (name or "").lower()
        if unseen:
            unseen = "" if closing and name == unseen else unseen
            continue
        if name in _UNSEEN and not closing and not words.endswith("/"):
            unseen = name
            continue
        if name in ("td", "th", "tr", "table"):
            if cell is not None:
                shown = _shown(cell)
                table.add(
                    shown, across=spans.get("col", 1), down=spans.get("row", 1), struck=struck
                )
                cell = None
            if name == "tr" and not closing:
                table.begin_row(hidden=bool(_HIDDEN.search(words)))
            elif name in ("td", "th") and not closing:
                if table.row == 0:
                    table.begin_row()
                spans = {k.lower(): max(1, int(n)) for k, n in _SPAN.findall(words)}
                cell, struck = [], crossing(words)
        elif name in _STRUCK or (words and not closing and crossing(words)):
            struck = cell is not None
        if cell is not None:
            cell.append(" " + behind if name in _BREAKS else behind)


def _crossing(text: str) -> Callable[[str], bool]:
    """Tells of a tag's attributes whether they strike through, by the page's own styles too."""
    styles = {name for name, rules in _RULE.findall(text) if _LINE_THROUGH.search(rules)}

    def crosses(words: str) -> bool:
        if _LINE_THROUGH.search(words):
            return True
        used = _CLASS.search(words) if styles else None
        return bool(used) and used[1] in styles  # type: ignore[index]

    return crosses


def _shown(parts: Iterable[str]) -> str:
    return _SPACE.sub(" ", html.unescape("".join(parts))).strip(" ")


def workbook_2003(source: IO[bytes], spool: Spool) -> None:
    """Write the sheets of an XML workbook of 2003; raises Refused."""
    stream = events(Decoder(source, CHUNK).blocks(), "utf-8")
    struck: set[str] = set()
    style = ""
    for kind, name, given in stream:
        if (kind, name) == ("start", "Style"):
            style = given.get("ID", "")
        elif (kind, name) == ("start", "Font") and given.get("StrikeThrough") == "1":
            struck.add(style)
        elif (kind, name) == ("start", "Worksheet"):
            with spool.sheet(given.get("Name", "")) as out:
                _sheet_2003(stream, Grid(out), struck)


def _sheet_2003(stream: Iterator[Event], table: Grid, struck: Container[str]) -> None:
    """Read one sheet up to its end; ``struck`` are the styles that strike through."""
    for kind, name, given in stream:
        if (kind, name) == ("start", "Row"):
            table.begin_row(_number(given, "Index"), hidden=given.get("Hidden") == "1")
        elif (kind, name) == ("start", "Cell"):
            table.add(
                _cell_2003(stream, given),
                across=_number(given, "MergeAcross") + 1,
                down=_number(given, "MergeDown") + 1,
                column=_number(given, "Index") - 1,
                struck=given.get("StyleID", "Default") in struck,
            )
        elif (kind, name) == ("start", "Visible"):
            table.out.hidden = True  # written only for sheets that are not
        elif (kind, name) == ("end", "Worksheet"):
            break
    table.end_row()
    table.flush()


def _cell_2003(stream: Iterator[Event], cell: dict[str, str]) -> str:
    """The text of a cell; its comment is left out."""
    kind_of, texts, inside = "", [], ""
    for kind, name, given in stream:
        if kind == "text":
            if inside == "Data":
                texts.append(name)
        elif kind == "start":
            if name == "Comment" or (name == "Data" and not inside):
                inside = name
                kind_of = given.get("Type", kind_of) if name == "Data" else kind_of
        elif name == inside:
            inside = ""
        elif name == "Cell":
            break
    text = "".join(texts)
    if kind_of == "Number":
        return number(text)
    if kind_of == "DateTime":
        return iso_date(text)
    if kind_of == "Boolean":
        return {"1": "TRUE", "0": "FALSE"}.get(text, text)
    return FORMULA if not kind_of and "Formula" in cell else text


def _number(given: dict[str, str], key: str) -> int:
    text = given.get(key, "")
    return int(text) if text.isdecimal() and len(text) < 8 else 0
