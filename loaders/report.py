"""The report of an import: what was read, what became of the rows, which snapshot came of it."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from loaders.audit import Audit, labels

PUBLISHED, NOTHING_USABLE, PUBLISHED_IN_PART = 0, 2, 3
_DUPLICATES = ("duplicate_row", "repeated_household")


@dataclass(frozen=True, slots=True)
class Report:
    """Accounts of all sheets, files not read and sheets left out.

    ``snapshot`` is None where nothing was published.
    """

    data_date: date
    county_code: str
    sheets: tuple[dict[str, Any], ...]
    unread: tuple[dict[str, str], ...]
    skipped: tuple[dict[str, str], ...] = ()
    snapshot: int | None = None

    @classmethod
    def of(cls, audit: Audit, data_date: date, county_code: str) -> Report:
        """Report of an import whose rows are all accounted for."""
        sheets = tuple(sheet.as_dict() for sheet in audit.sheets)
        return cls(data_date, county_code, sheets, tuple(audit.unread), tuple(audit.skipped))

    @property
    def totals(self) -> dict[str, int]:
        """Rows in all: rows = accepted + mended + duplicates + totals + quarantined."""
        found: Counter[str] = Counter()
        for sheet in self.sheets:
            repeats = sum(sheet["dropped"].get(reason, 0) for reason in _DUPLICATES)
            found["rows"] += sheet["rows"]
            found["accepted"] += sheet["accepted"]
            found["mended"] += sheet["mended"]
            found["duplicates"] += repeats
            found["totals"] += sum(sheet["dropped"].values()) - repeats
            found["quarantined"] += sum(sheet["quarantined"].values())
        return dict(found)

    @property
    def exit_code(self) -> int:
        """0 published, 2 nothing usable, 3 published but something stands in quarantine."""
        if self.snapshot is None:
            return NOTHING_USABLE
        return PUBLISHED_IN_PART if self.totals.get("quarantined") or self.unread else PUBLISHED

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, without any whole personal number."""
        return {
            "data_date": self.data_date.isoformat(),
            "county_code": self.county_code,
            "snapshot": self.snapshot,
            "totals": self.totals,
            "sheets": list(self.sheets),
            "unread": list(self.unread),
            "skipped": list(self.skipped),
        }

    def write(self, path: Path) -> None:
        """Write the report as a JSON file."""
        path.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=1), "utf-8")

    def lines(self) -> Iterator[str]:
        """The report as a table to print."""
        words = labels()
        rows = [("文件", "工作表", "行数", "入库", "修正", "重复合计", "隔离", "隔离原因")]
        for sheet in self.sheets:
            dropped, refused = sum(sheet["dropped"].values()), sum(sheet["quarantined"].values())
            counts = (sheet["rows"], sheet["accepted"], sheet["mended"], dropped, refused)
            numbers = (f"{n:,}" for n in counts)
            why = _listed(sheet["quarantined"], words)
            rows.append((sheet["file"], sheet["sheet"], *numbers, why))
        yield from _aligned(rows)
        for entry in self.unread:
            yield f"未读入 {entry['file']}: {words[entry['reason']]}"
        for entry in self.skipped:
            yield f"未识别 {entry['file']} 的工作表 {entry['sheet']}"
        for title, kind in (("修正", "mends"), ("未入库", "dropped"), ("隔离", "quarantined")):
            reasons: Counter[str] = Counter()
            for sheet in self.sheets:
                reasons.update(sheet[kind])
            if reasons:
                yield f"{title}: {_listed(reasons, words)}"
        failed = sum(not check["agrees"] for sheet in self.sheets for check in sheet["checks"])
        if failed:
            yield f"核对不符: {failed:,} 处"
        done = f"第 {self.snapshot} 号快照" if self.snapshot else "没有可用数据, 原快照未动"
        yield f"数据日期 {self.data_date:%Y-%m-%d}, {done}"


def _listed(reasons: Mapping[str, int], words: Mapping[str, str]) -> str:
    """Reasons and their counts, the most frequent first."""
    ordered = sorted(reasons.items(), key=lambda item: -item[1])
    return "、".join(f"{words[reason]} {count:,}" for reason, count in ordered)


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
