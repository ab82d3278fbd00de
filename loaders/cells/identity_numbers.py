"""What identity numbers and disability certificates say of their people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.cells import kernels, values
from loaders.cells.arrow_columns import plain
from loaders.cells.converters import code_list

_KINDS = "1234567"  # numbers of the list disability_kind
_WORST = 4  # of the grades, which begin at 1
_WIDTHS = (20, 22)  # characters of a certificate


@dataclass(frozen=True, slots=True)
class Derived:
    """Columns that identity numbers fill, null where a number says nothing."""

    columns: dict[str, pa.Array]
    days: np.ndarray  # births as days since 1970 of the rows ``rows``
    rows: np.ndarray


def derived(numbers: pa.Array, cells: pa.Array) -> Derived:
    """Sex and birth date of clean identity numbers, and of the cells as the file has them the
    kind and grade of disability that a certificate ends with."""
    found = kernels.births(kernels.cells(numbers))
    valid = np.zeros(len(numbers), bool)
    valid[found.rows] = True
    days, male = np.zeros(len(numbers), np.int32), np.zeros(len(numbers), np.int32)
    days[found.rows], male[found.rows] = found.days, found.male
    sexes = pa.DictionaryArray.from_arrays(
        pa.array(male, mask=~valid), pa.array(["female", "male"])
    )
    kinds, grades = _disabilities(cells)
    columns = {
        "sex": sexes,
        "birth_date": pa.array(days, mask=~valid).cast(pa.date32()),
        "disability_kind": kinds,
        "disability_grade": grades,
    }
    return Derived(columns, found.days, found.rows)


def _disabilities(cells: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Kind and grade in the 19th and 20th character of the cells that hold a certificate."""
    text = kernels.cells(cells)
    marks = np.zeros((len(cells), 2), np.uint8)
    for width in _WIDTHS:
        rows = np.flatnonzero(text.lengths == width)
        marks[rows] = kernels.last_digits(text, rows, width, 18)[:, :2]
    odd = np.flatnonzero(text.lengths > max(_WIDTHS))
    for row, cell in zip(odd.tolist(), cells.take(pa.array(odd)).to_pylist(), strict=True):
        number = values.compact(cell)
        if len(number) in _WIDTHS and number[18:20].isdecimal():
            marks[row] = int(number[18]), int(number[19])
    kinds, grades = marks[:, 0].astype(np.int32), marks[:, 1].astype(np.int32)
    names = pa.array([code_list("disability_kind")[kind] for kind in _KINDS])
    return (
        names.take(pa.array(kinds - 1, mask=(kinds < 1) | (kinds > len(_KINDS)))),
        pa.array(grades, mask=(grades < 1) | (grades > _WORST)),
    )


def differing(given: pa.Array, told: pa.Array) -> tuple[int, int]:
    """How many given values were compared with those that the numbers tell, and how many differ."""
    both = pc.and_(pc.is_valid(given), pc.is_valid(told))
    differs = pc.fill_null(pc.not_equal(plain(given), plain(told)), False)
    return pc.sum(both).as_py() or 0, pc.sum(differs).as_py() or 0
