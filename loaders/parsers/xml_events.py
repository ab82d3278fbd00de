"""XML of a workbook's parts, read without a document type: nothing in it can declare entities.

``Regular`` writes a sheet or the shared strings again in the one spelling that ``extract_cells``
reads, whatever prefixes, comments or encoding the file has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from loaders.parsers.grid import WIDEST
from loaders.parsers.spool import Refused

CHUNK = 1 << 22  # bytes parsed at once
_TEXT = frozenset({"v", "t"})
_KEPT = _TEXT | {"row", "c", "f", "si", "rPh", "is", "sheetData", "mergeCell", "sst"}
_ATTRIBUTES = ("r", "s", "t", "ref", "hidden")
_QUOTE = {'"': "&quot;"}

Event = tuple[str, str, dict[str, str]]  # start, end or text; name or text; attributes


def chunks(source: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes, a chunk after the other."""
    return iter(lambda: source.read(CHUNK), b"")


def events(data: Iterable[bytes], encoding: str | None = None) -> Iterator[Event]:
    """Beginnings and ends of elements and the text between, names without their namespaces.

    ``encoding`` overrides what the XML says of itself. Raises Refused for broken XML and for a
    document type.
    """
    found: list[Event] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append(("start", _local(name), {_local(k): v for k, v in attributes.items()}))

    def refuse(*_: object) -> None:
        raise Refused("unsafe_markup")

    parser: Any = expat.ParserCreate(encoding, " ")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: found.append(("end", _local(name), {}))
    parser.CharacterDataHandler = lambda text: found.append(("text", text, {}))
    try:
        for chunk in data:
            parser.Parse(chunk, False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
        yield from found
    except (expat.ExpatError, ValueError, LookupError):
        raise Refused("unreadable_file") from None


def elements(source: IO[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Beginnings of elements with their attributes."""
    for kind, name, attributes in events(chunks(source)):
        if kind == "start":
            yield name, attributes


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


class Regular:
    """A readable stream of a part's XML in one spelling, every row and cell with its place.

    A place that cannot be is the one behind the row or cell before. ``cell`` is the last that was
    begun.
    """

    def __init__(self, source: IO[bytes]):
        self.cell = ""
        self._pieces = self._spelt(events(chunks(source)))

    def read(self, size: int) -> bytes:
        """The next bytes, about as many as asked for; none at the end."""
        found: list[str] = []
        for piece in self._pieces:
            found.append(piece)
            size -= len(piece)
            if size <= 0:
                break
        return "".join(found).encode()

    def _spelt(self, stream: Iterator[Event]) -> Iterator[str]:
        row = column = 0
        text: list[str] | None = None
        for kind, name, given in stream:
            if kind == "text":
                if text is not None:
                    text.append(name)
            elif name not in _KEPT:
                continue
            elif kind == "end":
                if text is not None and name in _TEXT:
                    yield escape("".join(text))
                    text = None
                yield f"</{name}>"
            else:
                if name == "row":
                    row, column = _row_number(given.get("r", ""), row), 0
                    given["r"] = str(row)
                elif name == "c":
                    number = column_number(given.get("r", ""))
                    column = number if 0 < number <= WIDEST else column + 1
                    self.cell = given["r"] = f"{column_letters(column)}{row}"
                elif name in _TEXT:
                    given, text = {}, []
                yield _tag(name, given)


def _row_number(written: str, before: int) -> int:
    """A row's number, behind that of the row before."""
    number = int(written) if written.isdecimal() and len(written) < 8 else 0
    return max(number, before + 1)


def _tag(name: str, given: dict[str, str]) -> str:
    words = (f' {key}="{escape(given[key], _QUOTE)}"' for key in _ATTRIBUTES if key in given)
    return f"<{name}{''.join(words)}>"


def column_number(reference: str) -> int:
    """The column of a cell's reference, from 1; 0 without letters."""
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column, from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
