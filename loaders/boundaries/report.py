"""What became of a boundary file, as values that pass between processes and as lines to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from loaders.boundaries.refusal import words

LOADED, REFUSED, LOADED_IN_PART = 0, 2, 3


@dataclass(slots=True)
class Report:
    """The account of one file: ``features`` = ``joined`` + the features left out.

    Entries of ``left_out`` and ``mended`` name the feature by its number (from 1) and value;
    overlaps and gaps are (count, hectares). ``version`` is None where nothing was loaded.
    """

    file: str
    county: str
    refusal: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    layer: str = ""
    level: str = ""
    column: str = ""
    parent: str | None = None
    encoding: str | None = None
    crs: str = ""
    crs_source: str = ""
    gcj02: bool = False
    accuracy: float | None = None
    features: int = 0
    joined: int = 0
    places: int = 0
    expected: int = 0
    left_out: list[dict[str, Any]] = field(default_factory=list)
    mended: list[dict[str, Any]] = field(default_factory=list)
    editions: dict[str, int] = field(default_factory=dict)
    dissolved: dict[str, int] = field(default_factory=dict)
    flattened: int = 0
    overlaps: tuple[int, float] = (0, 0.0)
    gaps: tuple[int, float] = (0, 0.0)
    missing: dict[str, str] = field(default_factory=dict)
    schematic: list[str] = field(default_factory=list)
    version: str | None = None

    @property
    def exit_code(self) -> int:
        """0 loaded, 2 refused, 3 loaded but features left out or places without a shape."""
        if self.version is None:
            return REFUSED
        return LOADED_IN_PART if self.left_out or self.missing else LOADED

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Report:
        """The report that ``as_dict`` gave."""
        return cls(**values)

    def lines(self) -> Iterator[str]:
        """The report in Chinese, to print."""
        if self.refusal:
            sentence = words()["refusals"][self.refusal].format(**self.details)
            yield f"边界未入库 {self.file}: {sentence}原有边界未动。"
            return
        yield from self._source_lines()
        yield from self._account_lines()
        yield from self._result_lines()

    def _source_lines(self) -> Iterator[str]:
        crs = "火星坐标(GCJ-02), 已换算" if self.gcj02 else self.crs
        layer = f" 图层 {self.layer}" if self.layer else ""
        encoding = f", 属性表编码 {self.encoding}" if self.encoding else ""
        yield f"边界文件 {self.file}{layer}{encoding}"
        yield f"坐标系 {crs} ({words()['sources'][self.crs_source]})"
        if not self.gcj02 and (self.accuracy is None or self.accuracy > 5):
            exact = "未知" if self.accuracy is None else f"约 {self.accuracy:.0f} 米"
            yield f"换算到国家大地坐标系 2000 的精度{exact}, 请抽查几处"
        beside = f", 以“{self.parent}”区分同名村" if self.parent else ""
        yield f"级别 {words()['levels'][self.level]}, 依据“{self.column}”列{beside}"

    def _account_lines(self) -> Iterator[str]:
        yield f"要素 {self.features:,}  对上 {self.joined:,}  未用 {len(self.left_out):,}"
        for entry in self.left_out:
            reason = words()["left_out"][entry["reason"]].format(metres=1000)
            yield f"  未用 第 {entry['feature']} 个 {entry['value']}: {reason}"
        for entry in self.mended:
            fault = words()["faults"].get(entry["fault"], words()["faults"]["other"])
            yield f"  修复 第 {entry['feature']} 个 {entry['value']}: {fault}, 在 {entry['where']}"
        for edition, count in self.editions.items():
            yield f"  {edition} 年版的代码或名称, 已对应今名: {count:,} 个"
        for place, count in self.dissolved.items():
            yield f"  {place} 由 {count} 个图形合并"
        if self.flattened:
            yield f"  去掉高程: {self.flattened:,} 个"
        gaps = "空隙 (含没有图形的地方)" if self.missing else "空隙"
        for name, (count, hectares) in (("重叠", self.overlaps), (gaps, self.gaps)):
            if count:
                yield f"  {name} {count:,} 处, 共 {hectares:,} 公顷"

    def _result_lines(self) -> Iterator[str]:
        yield f"有图形的地方 {self.places:,} / {self.expected:,}"
        if self.missing:
            yield f"没有图形, 地图上空缺: {'、'.join(self.missing.values())}"
        if self.schematic:
            levels = "、".join(words()["levels"][level] for level in self.schematic)
            yield f"{levels}界仍为示意"
        yield f"地图已换用此边界 (版本 {self.version})"
