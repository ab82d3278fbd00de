"""The report of an import: what was read, what became of the rows, which snapshot came of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from glossary import reason_words
from loaders.accounts.audit import MOST_MENDS, Audit, labels
from loaders.accounts.questions import question_words
from loaders.layouts.advice import NEEDS_A_KEY
from loaders.layouts.matching import table_names
from loaders.reading.simulated_mark import WORDS
from store.printed import aligned, width
from store.simulated import State

PUBLISHED, NOTHING_USABLE, PUBLISHED_IN_PART, ASKED = 0, 2, 3, 4
_MOST_SHOWN = 20  # proposals, and townships of a table, printed
_WIDEST = 36  # columns that a name may take in the printed table
_STATES = {
    "twice": "同一文件给了两次, 只读一次",
    "changed": "与当前快照所用的文件同名而内容不同",
    "same": "与当前快照所用的文件完全相同",
}
_MODES = {
    "whole": "按全县完整名单",
    "unit": "每份按完整名单",
    "places": "按所含乡镇、村的完整名单",
    "part": "按部分名单, 只增改不减少",
    "additions": "按编号增改, 不减少",
}
_ROWS = (("hidden_rows", "被隐藏或筛选掉"), ("struck_rows", "带删除线"))


@dataclass(frozen=True, slots=True)
class Report:
    """Accounts of all sheets, files not read, sheets left out, tables carried over.

    ``carried`` has for a table the snapshot that its rows were taken from and their number,
    ``changes`` the rows before, added, changed, gone and after (``changes.account``), ``arrivals``
    what the files of a table were taken for. ``questions`` are to be answered before anything is
    published, ``renumbering`` are pairs of numbers to be confirmed, ``waiting`` rows wait for
    their household, ``missing`` tables have no row in a county's first import. ``base`` is the
    snapshot that was added to, ``withdraws`` an import that this one takes back.
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
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    arrivals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    questions: tuple[dict[str, Any], ...] = ()
    renumbering: tuple[dict[str, Any], ...] = ()
    waiting: int = 0
    missing: tuple[str, ...] = ()
    base: int | None = None
    withdraws: int | None = None
    snapshot: int | None = None
    checked: bool = False
    simulated: State = "none"
    current: bool = True
    prepared: bool = True

    @classmethod
    def of(
        cls,
        audit: Audit,
        data_date: date,
        county_code: str,
        *,
        carried: Mapping[str, Mapping[str, Any]] | None = None,
        sources: Sequence[dict[str, Any]] = (),
        **more: Any,
    ) -> Report:
        """Report of an import; AssertionError where a row of a sheet is not accounted for.

        ``more`` are further fields of the report.
        """
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
            more.get("changes", {}),
            more.get("arrivals", {}),
            tuple(more.get("questions", ())),
            tuple(more.get("renumbering", ())),
            more.get("waiting", 0),
            tuple(more.get("missing", ())),
            more.get("base"),
            simulated=more.get("simulated", "none"),
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
            found.get("changes", {}),
            found.get("arrivals", {}),
            tuple(found.get("questions", ())),
            tuple(found.get("renumbering", ())),
            found.get("waiting", 0),
            tuple(found.get("missing", ())),
            found.get("base"),
            found.get("withdraws"),
            found["snapshot"],
            found.get("checked", False),
            found.get("simulated", "none"),
            found.get("current", True),
            found.get("prepared", True),
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
        """0 published, 2 nothing usable, 3 published in part or not
        shown yet, 4 asks and published nothing."""
        if self.snapshot is None and not self.checked:
            return NOTHING_USABLE
        if self.questions:
            return ASKED
        left = self.totals["quarantined"] or self.unread or self.skipped or not self.prepared
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
            "changes": {table: dict(entry) for table, entry in self.changes.items()},
            "arrivals": {table: dict(entry) for table, entry in self.arrivals.items()},
            "questions": list(self.questions),
            "renumbering": list(self.renumbering),
            "waiting": self.waiting,
            "missing": list(self.missing),
            "base": self.base,
            "withdraws": self.withdraws,
            "simulated": self.simulated,
            "current": self.current,
            "prepared": self.prepared,
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
            part = f"→{sheet['part']}" if sheet.get("part") else ""
            names = (shortened(sheet["file"]), shortened(sheet["sheet"] + part))
            why = _listed(sheet["quarantined"], words)
            rows.append((*names, *(f"{n:,}" for n in counts), why))
        if self.sheets:
            yield from aligned(rows, range(2, len(rows[0]) - 1))
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
        yield from self._changed()
        for source in self.sources:
            if said := _STATES.get(source.get("state", "")):
                yield f"{said}: {source['file']}"
        if self.withdraws:
            yield f"已撤回成为第 {self.withdraws} 号快照的那次入库, 后来的入库保留"
        yield from self._standing()
        yield from self._asked()
        done = "待确认" if self.questions else "只作检查" if self.checked else "没有可用数据"
        done = f"第 {self.snapshot} 号快照" if self.snapshot else f"{done}, 原快照未动"
        yield f"数据日期 {self.data_date:%Y-%m-%d}, {done}"

    def _standing(self) -> Iterator[str]:
        """What of the data is simulated, and whether they are what everybody sees now."""
        if self.simulated != "none":
            named = [s["file"] for s in self.sources if s.get("simulated")]
            files = f": {'、'.join(named)}" if self.simulated == "part" and named else ""
            yield f"{WORDS[self.simulated]}{files}"
        if self.snapshot and not self.prepared:
            yield (
                "核查未完成, 打开页面时会再次进行"
                if self.current
                else "核查未完成, 已入库但未设为当前, 页面仍显示原快照; "
                "请检查磁盘空间, 再在“数据”页设为当前"
            )
        elif self.snapshot and not self.current:
            yield (
                "数据日期早于当前快照的, 已入库但未设为当前; "
                "要用它, 在“数据”页设为当前, 或入库时加 --make-current"
            )

    def _changed(self) -> Iterator[str]:
        """What the files were taken for, and what changes by table and township."""
        if self.missing:
            names = "、".join(table_names().get(name, name) for name in self.missing)
            yield f"首次入库, 还没有: {names}。有了以后随时可以补入"
        rows: list[Sequence[str]] = []
        for table, entry in self.changes.items():
            if not any(entry[kind] for kind in ("added", "changed", "gone")):
                continue
            mode = _MODES.get(self.arrivals.get(table, {}).get("mode", ""), "")
            rows.append((table_names().get(table, table), "", *_counts(entry), mode))
            # Of a county's first import all is new, whatever its place.
            places = list(entry["townships"].values()) if self.base is not None else []
            rows += [("", p.get("place", ""), *_counts(p), "") for p in places[:_MOST_SHOWN]]
            if more := len(places[_MOST_SHOWN:]):
                rows.append(("", f"另有 {more:,} 个乡镇", *[""] * 6))
        if rows:
            head = ("表", "乡镇", "原有", "新增", "修改", "减少", "现有", "文件")
            yield from aligned([head, *rows], range(2, len(head) - 1))
        unchanged = [n for n, e in self.carried.items() if e["rows"] and n not in self.changes]
        if unchanged:
            yield f"未给出、原样沿用: {'、'.join(table_names().get(n, n) for n in unchanged)}"
        if self.waiting:
            yield f"{self.waiting:,} 行等待其户入库, 已暂存, 该户入库后自动补入"
        if self.renumbering:
            yield f"{len(self.renumbering):,} 处疑似换号 (身份证号相同), 请核实后确认:"
            for each in self.renumbering[:_MOST_SHOWN]:
                prefix = "member:" if each["subject"] == "member" else ""
                yield f"  python -m loaders renumber {prefix}{each['old']}={each['new']}"

    def _asked(self) -> Iterator[str]:
        """The questions, each with how it is answered."""
        for question in self.questions:
            yield question_words(question)

    def _left_out(self, words: Mapping[str, str]) -> Iterator[str]:
        for entry in self.unread:
            sheet = f" 的工作表 {entry['sheet']}" if entry.get("sheet") else ""
            cell = f" 读到 {entry['cell']} 为止" if entry.get("cell") else ""
            yield f"未读入 {entry['file']}{sheet}{cell}: {words[entry['reason']]}"
        for entry in self.skipped:
            lacks = "、".join(entry.get("headers", ()))
            why = words[entry.get("reason", "unknown_layout")] + (f" ({lacks})" if lacks else "")
            rows = f"{entry.get('rows', 0):,} 行"
            sheet = f" 的工作表 {entry['sheet']}" if entry["sheet"] else ""
            key = entry.get("reason")
            todo = f"。{reason_words(key, 'zh')[1]}" if key in NEEDS_A_KEY else ""
            yield f"未入库 {entry['file']}{sheet}, {rows}: {why}{todo}"

    def _headers(self) -> Iterator[str]:
        """What of a loaded sheet is not: unknown headers, the second of two equal ones, strays."""
        said = (("unknown_headers", "未识别的列"), ("doubled_headers", "重复的列(只用一列)"))
        for sheet in self.sheets:
            if strays := sheet.get("strays"):
                yield f"{sheet['file']} {sheet['sheet']} 远离表格的 {strays:,} 个单元格未读"
            for key, words in _ROWS:
                if count := sheet.get(key):
                    place = f"{sheet['file']} {sheet['sheet']}"
                    yield f"{place} 有 {count:,} 行{words}, 已照常读入, 请核对"
            if filled := sheet.get("filled"):
                cells = "、".join(f"{header} {n:,}" for header, n in filled.items())
                yield f"{sheet['file']} {sheet['sheet']} 空白沿用上一行: {cells}"
            for entry in sheet.get("unused", ()):
                what, todo = reason_words(entry["reason"], "zh")
                headers = "、".join(entry["headers"])
                yield f"{sheet['file']} {sheet['sheet']} {what} ({headers}): {todo}"
            for key, words in said:
                if names := sheet.get(key):
                    yield f"{sheet['file']} {sheet['sheet']} {words}: {'、'.join(names)}"


def _counts(entry: Mapping[str, Any]) -> list[str]:
    """Rows before, added, changed, gone and after, of a table or of a township in it."""
    return [f"{entry[kind]:,}" for kind in ("before", "added", "changed", "gone", "after")]


def _listed(reasons: Mapping[str, int], words: Mapping[str, str]) -> str:
    """Reasons and their counts, the most frequent first."""
    ordered = sorted(reasons.items(), key=lambda item: -item[1])
    return "、".join(f"{words[reason]} {count:,}" for reason, count in ordered)


def shortened(name: str) -> str:
    """A name that leaves room for the numbers: its middle is left out."""
    if width(name) <= _WIDEST:
        return name
    half = (_WIDEST - 1) // 2
    return f"{_cut(name, half)}…{_cut(name[::-1], half)[::-1]}"


def _cut(text: str, wide: int) -> str:
    """The beginning of a text that fits into a width."""
    for end in range(len(text), 0, -1):
        if width(text[:end]) <= wide:
            return text[:end]
    return ""
