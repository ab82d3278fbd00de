"""Dated parameters: what a threshold was in a year, and the document behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from store.yamls import load_yaml, only_keys, read_yaml

_FILE = Path(__file__).with_name("parameters.yaml")
_DAY = timedelta(days=1)
_ENTRY = {"from", "to", "value", "source", "via", "weak"}


class ParameterError(ValueError):
    """A parameter file says something impossible; the message names the entry."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value, the days it holds (both inclusive), its document, and whether that is weak.

    ``via`` is where the value was read, empty where that is the document itself.
    """

    start: date
    end: date
    value: float
    source: str
    weak: bool = False
    via: str = ""

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold with its dated values, oldest first; without any, the county fills it in."""

    key: str
    zh: str
    en: str
    unit: str
    values: tuple[DatedValue, ...]

    def at(self, day: date) -> DatedValue | None:
        """The value in force on a day, or None where none is known: then a rule is unknown."""
        return next((v for v in self.values if v.holds(day)), None)

    def in_year(self, year: int) -> DatedValue | None:
        """The value in force at the end of a year, when a year's facts are judged."""
        return self.at(date(year, 12, 31))

    def history(self) -> list[tuple[date, date, DatedValue | None]]:
        """First day, last day and value, oldest first; None for days without one since the first.

        A parameter without any value has no history.
        """
        found: list[tuple[date, date, DatedValue | None]] = []
        for value in self.values:
            if found and found[-1][1] + _DAY < value.start:
                found.append((found[-1][1] + _DAY, value.start - _DAY, None))
            found.append((value.start, value.end, value))
        if found and found[-1][1] < date.max:
            found.append((found[-1][1] + _DAY, date.max, None))
        return found


def _check(key: str, entry: Any) -> None:
    """Raise ParameterError for a value that is not written as one."""
    if not isinstance(entry, dict) or type(entry.get("from")) is not date:
        raise ParameterError(f"{key}: a value begins on no day: {entry}")
    said = f"{key}: the value from {entry['from']}"
    if odd := entry.keys() - _ENTRY:
        raise ParameterError(f"{said} says {sorted(map(str, odd))}")
    if type(entry.get("to", date.max)) is not date:
        raise ParameterError(f"{said} ends on no day: {entry['to']}")
    if type(entry.get("value")) not in (int, float):
        raise ParameterError(f"{said} is no number: {entry.get('value')}")
    if not isinstance(entry.get("source"), str):
        raise ParameterError(f"{said} has no source")


def _dated(key: str, entries: list[dict[str, Any]]) -> tuple[DatedValue, ...]:
    entries = sorted(entries, key=lambda e: e["from"])
    values: list[DatedValue] = []
    followings = [*entries[1:], None] if entries else []
    for entry, following in zip(entries, followings, strict=True):
        limit = following["from"] if following else date.max
        end = entry.get("to", date.fromordinal(limit.toordinal() - 1) if following else date.max)
        if not entry["from"] <= end or (following and end >= limit):
            raise ParameterError(f"{key}: the value from {entry['from']} overlaps another")
        told = {name: entry[name] for name in ("weak", "via") if name in entry}
        values.append(DatedValue(entry["from"], end, entry["value"], entry["source"], **told))
    return tuple(values)


def _merge(base: list[dict[str, Any]], own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A county's own values win over those that begin on the same day."""
    starts = {entry["from"] for entry in own}
    return [entry for entry in base if entry["from"] not in starts] + own


def _own(file: Path) -> dict[str, Any]:
    """The county's own values by parameter; none where there is no file."""
    if not file.is_file():
        return {}
    try:
        own = load_yaml(file.read_text(encoding="utf8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParameterError(f"{file.name} cannot be read: {error}") from None
    if not isinstance(own, dict):
        raise ParameterError(f"{file.name} holds no parameters")
    for key, entries in own.items():
        if not isinstance(entries, list):
            raise ParameterError(f"{key}: its values are no list")
        for entry in entries:
            _check(key, entry)
    return own


def read(file: Path) -> dict[str, Any]:
    """What the program's file declares. Raises DeclarationError for a key that means nothing."""
    declared: dict[str, Any] = read_yaml(file)
    for key, entry in declared.items():
        only_keys(entry, ("zh", "en", "unit", "values"), key)
        for value in entry["values"]:
            only_keys(value, _ENTRY, key)
    return declared


def load(home: Path | None = None) -> dict[str, Parameter]:
    """Parameters of the program, with the county's own (``<home>/parameters.yaml``) over them.

    Raises ParameterError for a file that cannot be read, a key that the program does not know,
    and values that overlap, have no day, number or source, or hold a word that means nothing here.
    """
    declared = read(_FILE)
    own = _own(home / "parameters.yaml") if home else {}
    if unknown := own.keys() - declared.keys():
        raise ParameterError(f"unknown parameters: {', '.join(sorted(map(str, unknown)))}")
    return {
        key: Parameter(
            key,
            entry["zh"],
            entry["en"],
            entry["unit"],
            _dated(key, _merge(entry["values"], own.get(key, []))),
        )
        for key, entry in declared.items()
    }


@cache
def defaults() -> dict[str, Parameter]:
    """The program's own parameters, read once."""
    return load()


def by_year(parameters: Mapping[str, Parameter], years: Iterable[int]) -> list[dict[str, Any]]:
    """One row a year with every parameter's value (None where unknown), for joining to facts."""
    rows = []
    for year in years:
        row: dict[str, Any] = {"year": year}
        for key, parameter in parameters.items():
            held = parameter.in_year(year)
            row[key] = float(held.value) if held else None
        rows.append(row)
    return rows
