"""The report of an import: what was read, what became of the rows, which snapshot came of it."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from loaders.audit import MOST_MENDS, Audit, labels

PUBLISHED, NOTHING_USABLE, PUBLISHED_IN_PART = 0, 2, 3
_WIDEST = 36  # columns that a name may take in the printed table
_STATES = {"twice": "同一文件给了两次, 只读一次", "changed": "与当前快照所用的文件同名而内容不同"}


@dataclass(frozen=True, slots=True)
class Report:
    """Accounts of all sheets, files not read, sheets left out, tables carried over.

    ``carried`` has for a table the snapshot that its rows were taken from and their number.
    ``mended_cells`` are counted exactly, of which 2,000,000 at most are listed. ``snapshot`` is
    None where nothing was published; ``checked`` then says that it could have been.
    """

    data_date: date
    county_code: str
    sheets: tuple[dict[str, Any], ...]
    unread: tuple[dict[str, Any], ...]
    skipped: tuple[dict[str, Any], ...] = ()
    carried: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: tuple[dict[str, Any], ...] = ()
    mended_cells: int = 0
    snapshot: int | None = None
    checked: bool = False

    @classmethod
    def of(
        cls,
        audit: Audit,
        data_date: date,
        county_code: str,
        *,
        carried: Mapping[str, Mapping[str, Any]] | None = None,
        sources: Sequence[dict[str, Any]] = (),
    ) -> Report:
        """Report of an import; AssertionError where a row of a sheet is not accounted for."""
        sheets = tuple(sheet.as_dict() for sheet in audit.sheets)
        for sheet in sheets:
            found = sheet["accepted"] + sheet["mended"] + sum(sheet["quarantined"].values())
            where = sheet["file"], sheet["sheet"], sheet["rows"], found
            assert sheet["rows"] == found, where
        return cls(
            data_date,
            county_code,
            sheets,
            tuple(audit.unread),
            tuple(audit.skipped),
            carried or {},
            tuple(sources),
            audit.mends_total,
        )

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Report:
        """The report that ``as_dict`` gave, from a manifest or a report file."""
        return cls(
            date.fromisoformat(found["data_date"]),
            found["county_code"],
            tuple(found["sheets"]),
            tuple(found["unread"]),
            tuple(found.get("skipped", ())),
            found.get("carried", {}),
            tuple(found.get("sources", ())),
            found.get("mended_cells", 0),
            found["snapshot"],
            found.get("checked", False),
        )

    @property
    def totals(self) -> dict[str, int]:
        """Rows in all: rows = accepted + mended + quarantined; lines ``aside`` are no rows."""
        found = Counter(rows=0, accepted=0, mended=0, quarantined=0, aside=0)
        for sheet in self.sheets:
            for name in ("rows", "accepted", "mended"):
                found[name] += sheet[name]
            found["quarantined"] += sum(sheet["quarantined"].values())
            found["aside"] += sum(sheet.get("aside", sheet.get("dropped", {})).values())
        return dict(found)

    @property
    def exit_code(self) -> int:
        """0 published, 2 nothing usable, 3 published but not everything that was given."""
        if self.snapshot is None and not self.checked:
            return NOTHING_USABLE
        left = self.totals["quarantined"] or self.unread or self.skipped
        return PUBLISHED_IN_PART if left else PUBLISHED

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, without any whole personal number."""
        return {
            "data_date": self.data_date.isoformat(),
            "county_code": self.county_code,
            "snapshot": self.snapshot,
            "checked": self.checked,
            "totals": self.totals,
            "sheets": list(self.sheets),
            "unread": list(self.unread),
            "skipped": list(self.skipped),
            "carried": {table: dict(entry) for table, entry in self.carried.items()},
            "sources": list(self.sources),
            "mended_cells": self.mended_cells,
        }

    def write(self, path: Path) -> None:
        """Write the report as a JSON file."""
        path.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=1), "utf-8")

    def lines(self) -> Iterator[str]:
        """The report as a table to print, and what else is to be said."""
        words = labels()
        rows: list[Sequence[str]] = [
            ("文件", "工作表", "行数", "入库", "修正", "隔离", "非数据行", "隔离原因")
        ]
        for sheet in self.sheets:
            refused, aside = sum(sheet["quarantined"].values()), sum(sheet["aside"].values())
            counts = (sheet["rows"], sheet["accepted"], sheet["mended"], refused, aside)
            names = (shortened(sheet["file"]), shortened(sheet["sheet"]))
            why = _listed(sheet["quarantined"], words)
            rows.append((*names, *(f"{n:,}" for n in counts), why))
        yield from _aligned(rows)
        yield from self._left_out(words)
        yield from self._headers()
        for title, kind in (("修正", "mends"), ("隔离", "quarantined"), ("非数据行", "aside")):
            reasons: Counter[str] = Counter()
            for sheet in self.sheets:
                reasons.update(sheet[kind])
            if reasons:
                yield f"{title}: {_listed(reasons, words)}"
        if self.mended_cells > MOST_MENDS:
            yield f"修正的单元格共 {self.mended_cells:,} 处, 只列出前 {MOST_MENDS:,} 处"
        failed = sum(not check["agrees"] for sheet in self.sheets for check in sheet["checks"])
        if failed:
            yield f"核对不符: {failed:,} 处"
        for table, entry in self.carried.items():
            lost = entry.get("left_out", 0)
            without = f", 其中 {lost:,} 行的户已不在户信息中, 未沿用" if lost else ""
            yield f"沿用第 {entry['snapshot']} 号快照的 {table}: {entry['rows']:,} 行{without}"
        for source in self.sources:
            if said := _STATES.get(source.get("state", "")):
                yield f"{said}: {source['file']}"
        done = "只作检查" if self.checked else "没有可用数据"
        done = f"第 {self.snapshot} 号快照" if self.snapshot else f"{done}, 原快照未动"
        yield f"数据日期 {self.data_date:%Y-%m-%d}, {done}"

    def _left_out(self, words: Mapping[str, str]) -> Iterator[str]:
        for entry in self.unread:
            yield f"未读入 {entry['file']}: {words[entry['reason']]}"
        for entry in self.skipped:
            lacks = "、".join(entry.get("headers", ()))
            why = words[entry.get("reason", "unknown_layout")] + (f" ({lacks})" if lacks else "")
            rows = f"{entry.get('rows', 0):,} 行"
            sheet = f" 的工作表 {entry['sheet']}" if entry["sheet"] else ""
            yield f"未入库 {entry['file']}{sheet}, {rows}: {why}"

    def _headers(self) -> Iterator[str]:
        """What of a loaded sheet is not: unknown headers, the second of two equal ones, strays."""
        said = (("unknown_headers", "未识别的列"), ("doubled_headers", "重复的列(只用一列)"))
        for sheet in self.sheets:
            if strays := sheet.get("strays"):
                yield f"{sheet['file']} {sheet['sheet']} 远离表格的 {strays:,} 个单元格未读"
            for key, words in said:
                if names := sheet.get(key):
                    yield f"{sheet['file']} {sheet['sheet']} {words}: {'、'.join(names)}"


def _listed(reasons: Mapping[str, int], words: Mapping[str, str]) -> str:
    """Reasons and their counts, the most frequent first."""
    ordered = sorted(reasons.items(), key=lambda item: -item[1])
    return "、".join(f"{words[reason]} {count:,}" for reason, count in ordered)


def shortened(name: str) -> str:
    """A name that leaves room for the numbers: its middle is left out."""
    if _width(name) <= _WIDEST:
        return name
    half = (_WIDEST - 1) // 2
    return f"{_cut(name, half)}…{_cut(name[::-1], half)[::-1]}"


def _cut(text: str, width: int) -> str:
    """The beginning of a text that fits into a width."""
    for end in range(len(text), 0, -1):
        if _width(text[:end]) <= width:
            return text[:end]
    return ""


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows in columns: texts flush left, the numbers between them flush right."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            cells.append(gap + cell if 2 <= index < len(row) - 1 else cell + gap)
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
