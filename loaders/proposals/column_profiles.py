"""What a column's cells look like, and how well they would fill a field or name a place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from loaders.cells import converters, values
from loaders.cells.spellings import EMPTY, NO, YES
from loaders.regions.divisions import Divisions
from loaders.regions.place_in_text import split_group
from store import schema

_HAN_NAME = re.compile("[㐀-鿿·]{2,5}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_PHONE = re.compile(r"1\d{10}|0\d{9,11}")
_IDENTITY = re.compile(r"\d{15}|\d{17}[\dXx]\d{0,4}")
_DATE = re.compile(r"(19|20)\d\d([-./年]\d{1,2}([-./月]\d{1,2}日?|月)?|[01]\d([0-3]\d)?)")
_IDENTIFIER = re.compile(r"\d{8,}|(?=.*\d)(?=.*[A-Za-z])[0-9A-Za-z-]{3,}")
_MOST = 120  # cells of a column that are looked at

# How cells look to somebody who is told nothing of their content.
KINDS = {
    "empty": "无内容",
    "order": "顺序号",
    "identity": "证件号码",
    "phone": "电话",
    "date": "日期",
    "flag": "是否",
    "identifier": "编号",
    "count": "整数",
    "number": "小数",
    "name": "短文字",
    "text": "文字",
}


@dataclass(frozen=True)
class Profile:
    """A column of a sheet: its header and its filled cells, in order."""

    header: str
    cells: tuple[str, ...]

    @classmethod
    def of(cls, header: str, cells: Sequence[str]) -> Profile:
        """Profile of a column's cells; words for nothing are left out."""
        filled = (cell.strip() for cell in cells)
        kept = [cell for cell in filled if cell and values.compact(cell).upper() not in EMPTY]
        return cls(header, tuple(kept[:_MOST]))

    @cached_property
    def compact(self) -> list[str]:
        return [values.compact(cell) for cell in self.cells]

    def share(self, test: Callable[[str], Any]) -> float:
        """Share of the filled cells that pass a test; 0 where none is filled."""
        passed = sum(bool(test(cell)) for cell in self.compact)
        return passed / len(self.cells) if self.cells else 0.0

    @cached_property
    def kind(self) -> str:
        """A key of ``KINDS``."""
        if not self.cells:
            return "empty"
        if self.compact == [str(i) for i in range(1, len(self.cells) + 1)] and len(self.cells) > 2:
            return "order"
        tests: dict[str, Callable[[str], Any]] = {
            "identity": _IDENTITY.fullmatch,
            "phone": _PHONE.fullmatch,
            "date": _DATE.fullmatch,
            "flag": lambda cell: cell.upper() in YES | NO,
            "count": lambda cell: cell.isdecimal() and len(cell) < 8,
            "identifier": _IDENTIFIER.fullmatch,
            "number": _NUMBER.fullmatch,
            "name": lambda cell: len(cell) <= 8,
        }
        return next((kind for kind, test in tests.items() if self.share(test) > 0.7), "text")


class Fits:
    """How well a column's cells fill a target: 0 to 1, and whether that says much."""

    def __init__(self, counties: Sequence[Divisions]):
        self._counties = counties
        self._places: dict[tuple[int, str], float] = {}
        self._fields: dict[tuple[int, schema.Column, str], tuple[float, bool]] = {}

    def place(self, profile: Profile, level: str) -> tuple[float, bool]:
        """The best share of cells that name places of this level in one county."""
        tests = {"county": _county, "township": _township, "village": _village}
        if profile.kind not in ("name", "text", "identifier", "count"):
            return 0.0, True
        key = id(profile), level
        if key not in self._places:
            self._places[key] = max(profile.share(tests[level](each)) for each in self._counties)
        return self._places[key], True

    def field(
        self, profile: Profile, column: schema.Column, spellings: Mapping[str, Any] | None
    ) -> tuple[float, bool]:
        """The share of cells that the field's converter takes; telling for codes and numbers
        that only one thing has."""
        key = id(profile), column, str(spellings)  # many layouts ask for the same field
        if key not in self._fields:
            self._fields[key] = self._field(profile, column, spellings)
        return self._fields[key]

    def _field(
        self, profile: Profile, column: schema.Column, spellings: Mapping[str, Any] | None
    ) -> tuple[float, bool]:
        if not profile.cells:
            return 0.5, False
        if column.mask == "name":
            return _shaped(profile, "name", _HAN_NAME)
        if column.mask == "phone":
            return _shaped(profile, "phone", _PHONE)
        if column.name.endswith("_id"):
            shares = {"identifier": 0.9, "identity": 0.6, "count": 0.5, "text": 0.3, "name": 0.3}
            return shares.get(profile.kind, 0.05), False
        if pa.types.is_string(column.type) and not column.codes and spellings is None:
            if column.mask == "identity":
                return _shaped(profile, "identity", _IDENTITY)
            return (0.9 if profile.kind in ("text", "name") else 0.25), False
        converted = converters.converter(column, spellings=spellings)(
            pa.array(profile.cells)
        ).values
        share = 1 - converted.null_count / len(converted)
        return share, bool(column.codes or spellings) and profile.kind not in ("flag", "count")


def _shaped(profile: Profile, kind: str, pattern: re.Pattern[str]) -> tuple[float, bool]:
    share = profile.share(pattern.fullmatch)
    return (share if profile.kind in (kind, "text") else share / 4), kind != "name"


def _county(divisions: Divisions) -> Callable[[str], bool]:
    return divisions.is_county


def _township(divisions: Divisions) -> Callable[[str], bool]:
    return lambda name: not name.isdecimal() and divisions.township(name).code is not None


def _village(divisions: Divisions) -> Callable[[str], bool]:
    """A name that is a village's somewhere in the county, one or several; no township's."""

    def known(name: str) -> bool:
        alone, _ = split_group(name) or (name, None)
        found = [divisions.village("", each) for each in dict.fromkeys((name, alone))]
        return any(f.code is not None or f.reason == "ambiguous_village" for f in found)

    return known
