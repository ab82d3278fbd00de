"""Quotes in delimited text: which of them quote a cell, and which are characters like others.

A cell is quoted if it begins with a quote, its inner quotes are doubled, and the quote that ends it
stands before a delimiter or a line end, at most ``LINES`` lines further. A line with a cell that
begins with a quote and is not quoted so is taken as it stands: a stray quote never swallows what
follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

LINES = 100
_WINDOW = 1 << 16  # bytes looked at for the next record with stray quotes
_CELL_QUOTED = re.compile(b'"[^"]*+(?:""[^"]*+)*+"')
_LINE_END = re.compile(b"\r\n|\n|\r")
_QUOTE, _LINE_FEED = ord('"'), ord("\n")
_PIECE = 1 << 18  # bytes looked at together: they stay in the processor's cache


def proper(blocks: Iterable[bytes], delimiter: str) -> Iterator[bytes]:
    """The same records, in blocks of whole ones, with every quote quoting a cell.

    The blocks are UTF-8 and end with a line; the last may not.
    """
    quoting = Quoting(delimiter)
    waiting = b""
    for block in blocks:
        done, waiting = quoting.split(waiting + block, final=False)
        yield done
    if waiting:
        yield quoting.split(waiting, final=True)[0]


class Quoting:
    """Finds records that are not properly quoted and writes them so."""

    def __init__(self, delimiter: str):
        self.delimiter = delimiter.encode()
        self.beside = np.zeros(256, bool)  # what may stand before and behind a quoted cell
        self.beside[[*self.delimiter, *b'\r\n"']] = True
        self.bare = re.compile(b"[^\r\n" + re.escape(self.delimiter) + b"]*")

    def split(self, data: bytes, *, final: bool) -> tuple[bytes, bytes]:
        """Records properly quoted, and the beginning of one that needs more data."""
        if b'"' not in data:
            return data, b""
        done: list[bytes] = []
        start, window = 0, len(data)
        while start < len(data):
            end = self._line_end(data, start + window)
            length = self._proper_length(data[start:end])
            done.append(data[start : start + length])
            start += length
            window *= 2
            if start < end:
                record = self.record(data, start, final=final)
                if record is None:
                    break
                done.append(record[0])
                start, window = record[1], _WINDOW
        return b"".join(done), data[start:]

    @staticmethod
    def _line_end(data: bytes, at: int) -> int:
        """Where the line that holds a place ends."""
        return data.find(b"\n", at) + 1 or len(data)

    def _proper_length(self, data: bytes) -> int:
        """Bytes of the records at the beginning that are properly quoted."""
        if self._all_quoted(data):
            return len(data)
        text = np.frombuffer(b"\n" + data + b"\n", np.uint8)
        quotes = np.flatnonzero(text == _QUOTE)
        opening, closing = quotes[0::2], quotes[1::2]
        good = self.beside[text[opening - 1]]
        good[: len(closing)] &= self.beside[text[closing + 1]]
        good[len(closing) :] = False
        good[: len(closing)] &= ~self._too_long(data, opening - 1, closing - 1)
        if good.all():
            return len(data)
        opening, closing = opening - 1, closing - 1
        bad = int(good.argmin())
        cut = data.rfind(b"\n", 0, opening[bad])
        while bad and cut >= 0:
            bad = int(np.searchsorted(opening, cut))
            if bad == 0 or closing[bad - 1] < cut:
                break
            cut = data.rfind(b"\n", 0, opening[bad - 1])
        return cut + 1

    def _all_quoted(self, data: bytes) -> bool:
        """Whether every cell is quoted and none holds a quote: a quick look at what is common.

        Then each quote but the first and the last has another before or behind it with nothing but
        a delimiter or a line end between them, and not both.
        """
        end = b"\r\n" if data.endswith(b"\r\n") else b"\n"
        if not (data.startswith(b'"') and data.endswith(b'"' + end, 1)):
            return False
        text = np.frombuffer(data, np.uint8)[1 : -1 - len(end)]
        reach = len(end) + 1  # from one such quote to the other, at most
        breaks = 0  # lines that end inside a cell
        for start in range(0, len(text), _PIECE):
            begin = max(start - reach, 0)
            piece = text[begin : start + _PIECE + reach]
            here = slice(start - begin, start - begin + _PIECE)
            quotes = piece == _QUOTE
            closing, opening = np.zeros((2, len(piece)), bool)
            for mark in (self.delimiter, end):
                pairs = _pairs(quotes, piece, mark)
                closing[: len(pairs)] |= pairs
                opening[len(piece) - len(pairs) :] |= pairs
            if not np.array_equal((closing ^ opening)[here], quotes[here]):
                return False
            # The last pairs are those of line ends.
            ended = np.count_nonzero(piece[here] == _LINE_FEED) - np.count_nonzero(pairs[here])
            breaks += int(ended)
        return breaks <= LINES

    @staticmethod
    def _too_long(data: bytes, opening: np.ndarray, closing: np.ndarray) -> np.ndarray:
        """Which pairs of quotes belong to a cell that is longer than a cell may be."""
        opening = opening[: len(closing)]
        inner = opening[1:] == closing[:-1] + 1
        first = np.flatnonzero(np.concatenate([[True], ~inner])[: len(opening)])
        last = np.flatnonzero(np.concatenate([~inner, [True]])[: len(opening)])
        long = np.zeros(len(opening), bool)
        for cell in np.flatnonzero(closing[last] - opening[first] >= LINES):
            begin, end = opening[first[cell]], closing[last[cell]]
            if data.count(b"\n", begin, end) > LINES:
                long[first[cell] : last[cell] + 1] = True
        return long

    def record(self, data: bytes, start: int, *, final: bool) -> tuple[bytes, int] | None:
        """The record that begins at a place, and where it ends; None if it needs more data."""
        at = start
        while True:
            if data[at : at + 1] == b'"':
                cell = _CELL_QUOTED.match(data, at, _lines_further(data, at))
                if cell is None and not final and self._may_close(data, at):
                    return None
                at = cell.end() if cell and data.count(b"\n", at, cell.end()) <= LINES else -1
            else:
                bare = self.bare.match(data, at)
                at = bare.end() if bare else -1
            if at == len(data) and not final:
                return None
            if at >= 0 and data[at : at + 1] == self.delimiter:
                at += 1
                continue
            line_end = _LINE_END.match(data, at) if at >= 0 else None
            if line_end or at == len(data):
                end = line_end.end() if line_end else at
                return data[start:end], end
            return self._literal(data, start)

    @staticmethod
    def _may_close(data: bytes, at: int) -> bool:
        """Whether a quoted cell that has no end yet may find it in data to come."""
        return data.count(b"\n", at) <= LINES

    def _literal(self, data: bytes, start: int) -> tuple[bytes, int]:
        """One line with its cells quoted, quotes in them doubled."""
        line_end = _LINE_END.search(data, start)
        stop, end = line_end.span() if line_end else (len(data), len(data))
        cells = data[start:stop].replace(b'"', b'""').split(self.delimiter)
        return self.delimiter.join(b'"' + c + b'"' for c in cells) + b"\n", end


def _pairs(quotes: np.ndarray, text: np.ndarray, mark: bytes) -> np.ndarray:
    """Where a quote stands before a mark that another stands behind; at the end of the text, where
    there is no room for both, nothing is said."""
    room = max(len(text) - len(mark) - 1, 0)
    found = quotes[:room] & quotes[len(quotes) - room :]
    for at, byte in enumerate(mark, start=1):
        found &= text[at : at + room] == byte
    return found


def _lines_further(data: bytes, at: int) -> int:
    """Where the last line ends that a cell which begins at a place may reach."""
    for _ in range(LINES + 1):
        at = data.find(b"\n", at) + 1
        if not at:
            return len(data)
    return at
