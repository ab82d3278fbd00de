"""A county's code lists out of whatever table holds them: the official form, or two columns.

Townships and villages may stand in one list or in two; an edition is one year's. Which columns
hold codes and names is told from their cells, so the first row may say what it likes.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loaders.reading.sheets import Sheet
from loaders.reference import KINDS

_CODE = re.compile(r"\d{6}(\d{3}){0,2}")
_HAN = re.compile(r"[㐀-鿿]")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_NAMES = ("name", "名称", "区划名称", "行政区划名称", "村名", "乡镇", "单位名称")


class CodeListError(ValueError):
    """A list that cannot be used; the message says which rows and why, in Chinese."""


@dataclass(slots=True)
class CodeList:
    """One edition: names by code of each kind, and the county's name where the list has it."""

    year: int
    county_name: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=lambda: {k: {} for k in KINDS})

    def write(self, folder: Path) -> None:
        """Write ``towns_<year>.csv`` and ``villages_<year>.csv`` in the shipped form."""
        for kind, names in self.codes.items():
            with (folder / f"{kind}_{self.year}.csv").open(
                "w", encoding="utf-8", newline=""
            ) as out:
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(("code", "name"))
                writer.writerows(sorted(names.items()))


def year_of(*texts: str) -> int | None:
    """The latest year in names of files and sheets; None without one."""
    return max((int(y) for text in texts for y in _YEAR.findall(text)), default=None)


def rows_of(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that is not blank."""
    for batch in sheet.batches():
        columns = [batch[str(i)].to_pylist() for i in range(sheet.width)]
        numbers = batch["row"].to_pylist()
        for number, *cells in zip(numbers, *columns, strict=True):
            yield number, [cell.strip().lstrip("'") for cell in cells]


def columns_of(rows: Sequence[tuple[int, list[str]]]) -> tuple[int, int] | None:
    """The columns of codes and of names; None where the table is no code list."""
    coded: Counter[int] = Counter()
    named: Counter[int] = Counter()
    for _, cells in rows:
        coded.update(i for i, cell in enumerate(cells) if _is_code(cell))
        named.update(i for i, cell in enumerate(cells) if _HAN.search(cell))
    # Of columns with as many codes, the one with the longest: lists carry the parents' codes too.
    lengths = {i: max(len(cells[i]) for _, cells in rows if _is_code(cells[i])) for i in coded}
    code = max(coded, key=lambda i: (lengths[i], coded[i]), default=None)
    if code is None or coded[code] * 2 < len(rows):
        return None
    head = rows[0][1]
    said = [i for i, cell in enumerate(head) if cell.lower() in _NAMES and i != code]
    likely = [i for i, count in named.items() if i != code and count * 2 >= coded[code]]
    after = [i for i in likely if i > code]
    name = next(iter([*said, *sorted(after), *sorted(likely)]), None)
    return None if name is None else (code, name)


def _is_code(cell: str) -> bool:
    return bool(_CODE.fullmatch(cell)) and len(cell) > 6


def take(
    into: CodeList, rows: Sequence[tuple[int, list[str]]], county_code: str, where: str
) -> None:
    """Add a table's places to an edition. Raises CodeListError for rows that cannot be used."""
    found = columns_of(rows)
    if found is None:
        raise CodeListError(f"{where}: 没有代码和名称两列")
    code_at, name_at = found
    start = next(i for i, (_, cells) in enumerate(rows) if cells[code_at].isdecimal())
    faults = []
    for number, cells in rows[start:]:
        code, name = cells[code_at], cells[name_at]
        if fault := _fault(code, name, county_code):
            faults.append(f"第 {number} 行{fault}")
        elif len(code) == 6:
            into.county_name = name
        else:
            town = len(code) == 9 or code.endswith("000")
            key = code[:9] if town else code
            names = into.codes["towns" if town else "villages"]
            if names.setdefault(key, name) != name:
                faults.append(f"第 {number} 行代码 {key} 已是“{names[key]}”")
    if faults:
        more = f"等 {len(faults)} 处" if len(faults) > 5 else ""
        raise CodeListError(f"{where}: {';'.join(faults[:5])}{more},请改正后再试")


def _fault(code: str, name: str, county_code: str) -> str:
    if not _CODE.fullmatch(code):
        return f"代码“{code}”应是九位(乡镇)或十二位(村)数字"
    if not code.startswith(county_code):
        return f"代码 {code} 不属于本县 {county_code}"
    if not name:
        return f"代码 {code} 没有名称"
    return ""


def check(edition: CodeList) -> None:
    """Raise CodeListError for an edition that lacks townships, villages or a village's township."""
    towns, villages = (edition.codes[kind] for kind in KINDS)
    for kind, names in (("乡镇", towns), ("村", villages)):
        if not names:
            raise CodeListError(f"{edition.year} 年版没有{kind}的代码,请补上")
    orphans = sorted({code[:9] for code in villages} - towns.keys())
    if orphans:
        raise CodeListError(
            f"{edition.year} 年版有村而没有其乡镇 {'、'.join(orphans[:5])},请补上乡镇的代码和名称"
        )
