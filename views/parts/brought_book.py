"""A workbook brought filled in: read as the loader reads any, its sheets known by their heads."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, TypeVar

from loaders.reading import sheets as readers
from loaders.reading.sheets import Reading as Reading
from loaders.reading.sheets import Sheet

_HEADS = 12  # rows from the top among which the heads are looked for
Key = TypeVar("Key", bound=str)
# Rows by sheet, each with its number as a spreadsheet counts, its cells by column.
SheetRows = dict[Key, list[tuple[int, dict[str, str]]]]


class Brought:
    """A workbook that is read, and the folder that it was copied to."""

    def __init__(self, held: BinaryIO):
        self._folder = tempfile.TemporaryDirectory(prefix="brought-")
        path = Path(self._folder.name) / "brought.xlsx"
        with path.open("wb") as copy:
            shutil.copyfileobj(held, copy)
        self.reading = readers.read(path, Path(self._folder.name))

    def __enter__(self) -> Reading:
        return self.reading

    def __exit__(self, *raised: object) -> None:
        self.reading.close()
        self._folder.cleanup()


def read(held: BinaryIO) -> Brought:
    """A workbook, read in a process of its own, under its limits."""
    return Brought(held)


def sheet_rows(
    reading: Reading,
    heads: Mapping[Key, Mapping[str, str]],
    needed: Mapping[Key, Collection[str]],
) -> SheetRows[Key]:
    """The rows of each sheet that is one of ours.

    ``heads`` names each sheet's columns by what their heads may say, ``needed`` those without which
    a sheet is none of ours.
    """
    found: SheetRows[Key] = {}
    for sheet in reading.sheets:
        for key, names in heads.items():
            held = _held(sheet, names, needed[key])
            if held is not None and key not in found:
                found[key] = list(_rows(sheet, *held))
                break
    return found


def _held(
    sheet: Sheet, names: Mapping[str, str], needed: Collection[str]
) -> tuple[int, dict[int, str]] | None:
    """The number of the row of heads, and what each place holds; None for another sheet."""
    rows = zip(sheet.head_rows(_HEADS), sheet.head(_HEADS), strict=True)
    for number, cells in rows:
        held = {place: names[text] for place, text in enumerate(cells) if text in names}
        if set(needed) <= set(held.values()):
            return number, held
    return None


def _rows(sheet: Sheet, head: int, held: Mapping[int, str]) -> Iterator[tuple[int, dict[str, str]]]:
    for batch in sheet.batches():
        for row in batch.to_pylist():
            if row["row"] > head:
                yield row["row"], {column: row[str(place)] for place, column in held.items()}
