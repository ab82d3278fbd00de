"""Export files of a county a hundred times as large as the demo's, made from the demo's own.

Every row stands once for each copy, with household, person and identity numbers of its own, beside
the rows of the same village: an export goes through a county village by village. What is broken in
the demo's files is so in every copy, at the same rate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from loaders.layouts import matching
from loaders.reading import sheets

DIVISION = "6199"  # there is none: the copy's number follows
_APART = 100_000  # between the household numbers of two copies
_BLOCK = 256  # rows of the demo's file whose copies stand together
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.frombuffer(b"10X98765432", np.uint8)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of the demo's files: how its name begins, how many copies, in how many files."""

    begins: str
    copies: int
    files: int
    keep: Callable[[pa.Table], pa.Table] = lambda rows: rows


def _of_year(rows: pa.Table, year: str) -> pa.Table:
    return rows.filter(pc.equal(rows["年度"], year))


KINDS = (
    Kind("户信息", 100, 4),
    Kind("已脱贫人口名单", 34, 4),
    Kind("家庭收入", 100, 2, partial(_of_year, year="2025")),
)


def few(copies: int) -> tuple[Kind, ...]:
    """The kinds with at most so many copies, to try the bench itself."""
    return tuple(replace(kind, copies=min(copies, kind.copies)) for kind in KINDS)


def write(raw: Path, folder: Path, kinds: Sequence[Kind] = KINDS) -> list[Path]:
    """Write the files from a folder of the demo's export files; gives them."""
    written = []
    for kind in kinds:
        (source,) = (path for path in raw.iterdir() if path.name.startswith(kind.begins))
        rows = kind.keep(_rows(source))
        per_file = -(-rows.num_rows // kind.files)
        for number in range(kind.files):
            path = folder / f"{kind.begins}_{number + 1}.csv"
            _write(path, rows.slice(number * per_file, per_file), kind.copies)
            written.append(path)
    return written


def _rows(path: Path) -> pa.Table:
    """The records of a file as text under its headers."""
    with sheets.read(path) as reading:
        (sheet,) = reading.sheets
        (match,) = matching.matches(sheet)
        rows = pa.concat_tables(sheet.batches())
    numbers = rows["row"].to_numpy()
    inside = (numbers >= match.first_row) & (numbers <= match.last_row)
    width = len(match.headers)
    rows = rows.filter(pa.array(inside)).select([str(i) for i in range(width)])
    return rows.rename_columns(list(match.headers)).combine_chunks()


def _write(path: Path, rows: pa.Table, copies: int) -> None:
    quoting = csv.WriteOptions(include_header=False, quoting_style="needed")
    with path.open("wb") as file:
        file.write((",".join(rows.column_names) + "\n").encode())
        for start in range(0, rows.num_rows, _BLOCK):
            block = rows.slice(start, _BLOCK)
            for copy in range(copies):
                csv.write_csv(_copied(block, copy), file, quoting)


def _copied(rows: pa.Table, copy: int) -> pa.Table:
    """Rows with the numbers of one copy."""
    for position, name in enumerate(rows.column_names):
        if name in ("户编号", "人编号"):
            rows = rows.set_column(position, name, moved(rows[name].combine_chunks(), copy))
        elif name == "证件号码":
            rows = rows.set_column(position, name, reborn(rows[name].combine_chunks(), copy))
    return rows


def moved(numbers: pa.Array, copy: int) -> pa.Array:
    """Household or person numbers of a copy; what is no such number stays."""
    whole = pc.match_substring_regex(numbers, r"^\d{14}(\d\d)?$")
    counted = pc.if_else(whole, pc.utf8_slice_codeunits(numbers, 6, 14), "0").cast(pa.int64())
    digits = pc.utf8_lpad(pc.add(counted, copy * _APART).cast(pa.string()), 8, "0")
    head, tail = pc.utf8_slice_codeunits(numbers, 0, 6), pc.utf8_slice_codeunits(numbers, 14)
    return pc.if_else(whole, pc.binary_join_element_wise(head, digits, tail, ""), numbers)


def reborn(identities: pa.Array, copy: int) -> pa.Array:
    """Identity numbers of a copy's own division, with the check digit that belongs to it.

    What is no identity number stays, and one with a wrong check digit keeps a wrong one.
    """
    whole = pc.match_substring_regex(identities, r"^\d{17}[\dXx](\d\d){0,2}$")
    given = pc.utf8_slice_codeunits(identities.filter(whole), 0, 18)
    if len(given) == 0:
        return identities
    digits = np.frombuffer("".join(given.to_pylist()).encode("ascii"), np.uint8).reshape(-1, 18)
    digits = digits.copy()
    wrong = digits[:, 17] != check(digits)
    digits[:, :6] = np.frombuffer(f"{DIVISION}{copy:02d}".encode(), np.uint8)
    right = check(digits)
    digits[:, 17] = np.where(wrong, np.where(right == ord("1"), ord("2"), ord("1")), right)
    texts = pa.array(digits.tobytes()[i : i + 18].decode() for i in range(0, digits.size, 18))
    kinds = pc.utf8_slice_codeunits(identities.filter(whole), 18)  # of a disability certificate
    return pc.replace_with_mask(identities, whole, pc.binary_join_element_wise(texts, kinds, ""))


def check(digits: np.ndarray) -> np.ndarray:
    """(n,) check characters of (n, 18) characters."""
    return _CHECK[((digits[:, :17] - ord("0")) @ _WEIGHTS) % 11]
