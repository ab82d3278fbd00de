"""One export file in, its sheets out as Arrow files in a folder: what a file is, by its bytes."""

from __future__ import annotations

import codecs
import contextlib
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Any

from loaders.parsers import (
    biff_errors,
    binary_books,
    delimited,
    markup,
    mhtml,
    ods,
    xlsb_marks,
    xlsx,
)
from loaders.parsers.encoding import utf_16
from loaders.parsers.spool import Refused, Spool, SpoolFault

UNPACKED = 4 << 30  # bytes that an archive may declare
MEMBERS = 10_000  # of an archive
SUFFIXES = frozenset(
    {".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods"}
    | {".csv", ".tsv", ".txt", ".htm", ".html", ".mht", ".mhtml"}
)

_HEAD = 1 << 12  # bytes that tell what a file is
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER = (  # beginnings of files that hold no table, or none that can be read
    *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh"),
    *(b"\xfd7zXZ", b"SQLite format 3", b"PAR1", b"{\\rtf", b"\x7fELF", b"MZ\x90\x00"),
    *(b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00"),
)
_PAGE = (b"<html", b"<table", b"<!doctype html", b"<meta", b"<head", b"<body", b"<style")
_XML_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"


def extract(source: IO[bytes], spool: Spool, *, nested: bool = False) -> None:
    """Write every sheet of a file that the process holds open; raises Refused."""
    head = source.read(_HEAD)
    source.seek(0)
    if not head:
        raise Refused("empty_file")
    if head.startswith(b"PK"):
        _zipped(source, spool, nested=nested)
    elif head.startswith(_OLE):
        if _holds(source, _ENCRYPTED):
            raise Refused("password")
        binary_books.extract(_path(source), spool, biff_errors.marks(source))
    elif head.startswith(_OTHER) or _is_binary(head):
        raise Refused("unsupported_format")
    else:
        _text(head, source, spool)


def _text(head: bytes, source: IO[bytes], spool: Spool) -> None:
    """Write a file of text: a page, an XML workbook or delimited lines."""
    start = head.removeprefix(codecs.BOM_UTF8)
    wide = utf_16(head)
    if wide:
        start = head.decode(wide, "ignore").lstrip("\ufeff").encode()
    start = start.lstrip().lower()
    if mhtml.is_archive(start):
        mhtml.extract(source, spool)
    elif not start.startswith(b"<"):
        delimited.extract(source, spool)
    elif _XML_2003 in start:
        markup.workbook_2003(source, spool)
    elif start.startswith(_PAGE) or any(tag in start for tag in _PAGE):
        markup.page(source, spool)
    elif start.startswith(b"<?xml"):
        raise Refused("unsafe_markup" if b"<!doctype" in start else "unsupported_format")
    else:
        delimited.extract(source, spool)


def _is_binary(head: bytes) -> bool:
    """Whether too many bytes are control characters for a text, which may be filled with NUL."""
    controls = head.translate(None, bytes([0, *range(9, 14), *range(32, 256)]))
    return len(controls) * 20 > len(head) and not utf_16(head)


def _holds(source: IO[bytes], mark: bytes) -> bool:
    """Whether a mark stands in a file; leaves it at its beginning."""
    found, before = False, b""
    while not found and (chunk := source.read(1 << 20)):
        found = mark in before + chunk
        before = chunk[-len(mark) :]
    source.seek(0)
    return found


def _path(source: IO[bytes]) -> str:
    """A path by which this process can open a file that it holds."""
    return f"/dev/fd/{source.fileno()}"


def _zipped(source: IO[bytes], spool: Spool, *, nested: bool) -> None:
    """Write the sheets of a zipped workbook, or of the exports in an archive."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = _checked(archive)
            book = xlsx.book_part(archive)
            if book.endswith(".xml"):
                xlsx.extract(archive, book, spool)
            elif ods.CONTENT in names:
                ods.extract(archive, spool)
            elif "xl/workbook.bin" in names:
                binary_books.extract(_path(source), spool, xlsb_marks.marks(archive))
            elif {"word/document.xml", "ppt/presentation.xml"} & names:
                raise Refused("unsupported_format")
            elif nested:
                raise Refused("nested_archive")
            else:
                _members(archive, spool)
    except xlsx.UNREADABLE:
        raise Refused("unreadable_file") from None


def _checked(archive: zipfile.ZipFile) -> set[str]:
    """The archive's names in lower case; raises Refused for one that is better left closed."""
    entries = archive.infolist()
    names = [entry.filename.replace("\\", "/").lower() for entry in entries]
    if len(set(names)) < len(names) or any(".." in name.split("/") for name in names):
        raise Refused("unsafe_archive")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("password")
    if sum(entry.file_size for entry in entries) > UNPACKED or len(entries) > MEMBERS:
        raise Refused("too_large")
    return set(names)


def _members(archive: zipfile.ZipFile, spool: Spool) -> None:
    """Write the sheets of every export in an archive; a member may be refused alone."""
    members = [entry for entry in archive.infolist() if _is_export(entry.filename)]
    if not members:
        raise Refused("unsupported_format")
    for entry in members:
        spool.member = _name(entry)
        finished = len(spool.sheets)
        with tempfile.TemporaryFile(dir=spool.folder) as file:
            try:
                _unpack(archive, entry, file)
                extract(file, spool, nested=True)
            except Refused as refusal:
                spool.forget(finished)
                spool.refused.append(refusal.as_dict(spool.member))


def _is_export(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = path.name.startswith((".", "~$")) or "__MACOSX" in path.parts
    return not hidden and path.suffix.lower() in SUFFIXES | {".zip"}


def _name(entry: zipfile.ZipInfo) -> str:
    """A member's name; archivers that do not say UTF-8 wrote it in the system's own encoding."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return entry.filename


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: IO[bytes]) -> None:
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(1 << 20):
                try:
                    file.write(chunk)
                except OSError as error:
                    raise SpoolFault(error.errno or 0) from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        raise Refused("unreadable_file") from None
    file.seek(0)


def outcome(source: IO[bytes], folder: Path) -> dict[str, Any]:
    """What comes of a file: its sheets, a refusal's reason, or the folder's fault."""
    spool = Spool(folder)
    try:
        extract(source, spool)
    except Refused as refusal:
        return {"refusal": refusal.reason, "sheet": refusal.sheet, "cell": refusal.cell}
    except SpoolFault as fault:
        return {"fault": fault.args[0]}
    except MemoryError:
        return {"refusal": "too_large"}
    except BaseException:  # whatever a parser's panic is: the file is at fault
        return {"refusal": "unreadable_file"}
    return {"sheets": spool.sheets, "refused": spool.refused}
