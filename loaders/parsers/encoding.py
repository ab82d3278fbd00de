"""Bytes of a text file to UTF-8, block by block, whatever mixture of encodings it is in."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import islice
from typing import IO

import numpy as np
import pyarrow as pa

from loaders.parsers.spool import Refused

LONGEST = 1 << 26  # bytes of a line
_HEAD = 1 << 12
_SAMPLE = 2_000  # lines that the file's main encoding is judged by
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def utf_16(head: bytes) -> str | None:
    """Which UTF-16 the bytes are; without a mark ASCII shows it by a NUL in every other byte."""
    if head[:2] in _UTF_16:
        return _UTF_16[head[:2]]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if max(odd, even) * 4 < len(head) or min(odd, even) * 4 > max(odd, even):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    bounds = pa.py_buffer(np.array([0, len(data)], np.int32))
    whole = pa.Array.from_buffers(pa.binary(), 1, [None, bounds, pa.py_buffer(data)])
    try:
        whole.cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


class Decoder:
    """Reads a text file in blocks of UTF-8 that end with a line, as the last one may not.

    UTF-8, GB18030 with all it contains, and UTF-16 of either order are told apart by their bytes.
    In a file that mixes the first two each line is read as what it is; bytes that are neither
    become U+FFFD in their line only.
    """

    def __init__(self, source: IO[bytes], size: int):
        self.source, self.size = source, size
        self.main: str | None = None

    def blocks(self) -> Iterator[bytes]:
        """The blocks; raises Refused for a line that has no end."""
        head = self.source.read(_HEAD)
        wide = utf_16(head)
        if wide:
            raw = self._wide(head, wide)
        else:
            head = head.removeprefix(codecs.BOM_UTF8)
            raw = self._bytes(head, only_returns=b"\r" in head and b"\n" not in head)
        for block in _lines(raw):
            yield block if wide else self._utf8(block)

    def _bytes(self, head: bytes, *, only_returns: bool) -> Iterator[bytes]:
        more = head + self.source.read(self.size)
        while more:
            yield more.replace(b"\r", b"\n") if only_returns else more
            more = self.source.read(self.size)

    def _wide(self, head: bytes, encoding: str) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        more = head[2:] if head[:2] in _UTF_16 else head
        while more:
            yield decoder.decode(more).encode()
            more = self.source.read(self.size)
        yield decoder.decode(b"", final=True).encode()

    def _utf8(self, block: bytes) -> bytes:
        """A block of whole lines as UTF-8."""
        if is_utf8(block) and (self.main != "gb18030" or len(_two_han(block))):
            if self.main is None and not block.isascii():
                self.main = "utf-8"
            return block
        self.main = self.main or _main(block)
        if self.main == "gb18030":
            try:
                text = block.decode("gb18030").encode()
            except UnicodeDecodeError:
                pass
            else:
                if not _has_utf8_line(block):
                    return text
        lines = block.splitlines(keepends=True)
        return b"".join(line if line.isascii() else self._line(line) for line in lines)

    def _line(self, line: bytes) -> bytes:
        """A line that is not ASCII, read as what it is; if it is neither, as what it is nearer."""
        as_utf8 = line.decode("utf-8", "replace")
        broken = as_utf8.count("\ufffd")
        if self.main == "utf-8" and not broken:
            return line
        han = sum("\u2e80" <= character <= "\u9fff" for character in as_utf8)
        if han > max(broken, 1):
            return as_utf8.encode()
        try:
            return line.decode("gb18030").encode()
        except UnicodeDecodeError:
            return line.decode(self.main or "gb18030", "replace").encode()


def _lines(raw: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes cut behind line ends."""
    waiting = b""
    for block in raw:
        cut = block.rfind(b"\n") + 1
        if cut:
            yield b"".join((waiting, memoryview(block)[:cut]))
            waiting = block[cut:]
            continue
        waiting += block
        if len(waiting) > LONGEST:
            raise Refused("too_large")
    if waiting:
        yield waiting


def _main(block: bytes) -> str:
    """The encoding of most lines that are not ASCII."""
    lines = (line for line in block.splitlines() if not line.isascii())
    utf8 = [is_utf8(line) for line in islice(lines, _SAMPLE)]
    return "utf-8" if 2 * sum(utf8) > len(utf8) else "gb18030"


def _has_utf8_line(block: bytes) -> bool:
    """Whether a line of a GB18030 block is UTF-8: as GB18030 it would read as other characters."""
    for at in _two_han(block):
        start = block.rfind(b"\n", 0, at) + 1
        end = block.find(b"\n", at)
        if is_utf8(block[start : end if end >= 0 else len(block)]):
            return True
    return False


def _two_han(data: bytes) -> np.ndarray:
    """Where two Han characters in UTF-8 follow each other."""
    text = np.frombuffer(data, np.uint8)
    leading, following = (text >= 0xE4) & (text <= 0xE9), (text & 0xC0) == 0x80
    han = leading[:-2] & following[1:-1] & following[2:]
    return np.flatnonzero(han[:-3] & han[3:])
