"""Dated parameters: what a threshold was in a year, and the document behind it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from rules.expressions import Expression, ExpressionError, names, parsed, unit_of, value_of
from rules.region_kinds import kinds_of, region_kinds
from store.county_folder import Entries, Fault, in_use, misfit, once_a_state, path_in
from store.county_folder import read as entries
from store.schema import TABLES
from store.yamls import DeclarationError, only_keys, read_yaml

_FILE = Path(__file__).with_name("parameters.yaml")
_DAY = timedelta(days=1)
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_OWN_ENTRY = {"from", "to", "value", "source", "via", "weak"}
_ENTRY = _OWN_ENTRY | {"in"}


class ParameterError(ValueError):
    """An entry says something impossible; the message says what, in Chinese."""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value, the days it holds (both inclusive), its document, and whether that is weak.

    ``via`` is where the value was read, empty where that is the document itself; ``kind`` the kind
    of counties that it holds for (empty: all); ``asks`` the expression of other thresholds that it
    comes of.
    """

    start: date
    end: date
    value: float
    source: str
    weak: bool = False
    via: str = ""
    kind: str = ""
    asks: Expression | None = None

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold with its dated values, oldest first; without any, the county fills it in.

    ``elsewhere`` are values that hold for counties of another kind.
    """

    key: str
    zh: str
    en: str
    unit: str
    values: tuple[DatedValue, ...]
    elsewhere: tuple[DatedValue, ...] = ()

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


def _check(entry: Any) -> None:
    """Raise ParameterError for a value that is not written as one."""
    if not isinstance(entry, dict) or type(entry.get("from")) is not date:
        raise ParameterError(f"from 应是日期,如 2022-01-01: {entry}")
    said = f"{entry['from']} 起的值"
    if odd := entry.keys() - _OWN_ENTRY:
        raise ParameterError(f"{said}不认识 {'、'.join(sorted(map(str, odd)))}")
    if type(entry.get("to", date.max)) is not date:
        raise ParameterError(f"{said}的 to 应是日期: {entry['to']}")
    if isinstance(entry.get("value"), str):
        try:
            parsed(entry["value"])
        except ExpressionError as error:
            raise ParameterError(f"{said}{error}") from None
    elif type(entry.get("value")) not in (int, float):
        raise ParameterError(f"{said}不是数,也不是算式: {entry.get('value')}")
    if not isinstance(entry.get("source"), str):
        raise ParameterError(f"{said}没有 source(文件)")


def _dated(entries: list[dict[str, Any]]) -> tuple[DatedValue, ...]:
    entries = sorted(entries, key=lambda e: e["from"])
    values: list[DatedValue] = []
    followers = [*entries[1:], None] if entries else []
    for entry, following in zip(entries, followers, strict=True):
        limit = following["from"] if following else date.max
        end = entry.get("to", date.fromordinal(limit.toordinal() - 1) if following else date.max)
        if not entry["from"] <= end or (following and end >= limit):
            raise ParameterError(f"{entry['from']} 起的值与别的值时间重叠")
        values.append(_value(entry, end))
    return tuple(values)


def _value(entry: Mapping[str, Any], end: date) -> DatedValue:
    """An entry until its last day; one that is an expression has no number yet."""
    told = {name: entry[name] for name in ("weak", "via") if name in entry}
    said, kind = entry["value"], entry.get("in", "")
    asks = parsed(said) if isinstance(said, str) else None
    number = 0 if asks else said
    return DatedValue(entry["from"], end, number, entry["source"], **told, kind=kind, asks=asks)


def _merge(base: list[dict[str, Any]], own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is nearer to a county wins over what begins on the same day."""
    starts = {entry["from"] for entry in own}
    return [entry for entry in base if entry["from"] not in starts] + own


def _parameter(
    key: str,
    entry: Mapping[str, Any],
    own: list[dict[str, Any]],
    kinds: Collection[str] = frozenset(),
) -> Parameter:
    """A threshold of a county of some kinds: its own values, then its kinds', then everybody's."""
    declared = entry.get("values") or []
    common = [value for value in declared if "in" not in value]
    near = [value for value in declared if value.get("in") in kinds]
    held = _merge(common, near)
    others = [value for value in declared if not any(value is one for one in held)]
    elsewhere = tuple(_value(value, value.get("to", date.max)) for value in others)
    told = (key, entry["zh"], entry["en"], entry["unit"])
    return Parameter(*told, _dated(_merge(held, own)), elsewhere)


def _computed(key: str, found: Mapping[str, Parameter], above: tuple[str, ...] = ()) -> Parameter:
    """A threshold whose expressions are numbers: a value each time that one of its parts changes.

    Raises ExpressionError for a part that there is not, a circle, or units that do not fit.
    """
    parameter = found[key]
    if key in above:
        raise ExpressionError(f"算式绕回自己: {' → '.join((*above[above.index(key) :], key))}")
    values: list[DatedValue] = []
    for value in parameter.values:
        if value.asks is None:
            values.append(value)
            continue
        asked = set(names(value.asks))
        if odd := sorted(asked - found.keys()):
            raise ExpressionError(f"算式里没有这个标准: {'、'.join(odd)}")
        parts = {one: _computed(one, found, (*above, key)) for one in sorted(asked)}
        unit = unit_of(value.asks, {one: part.unit for one, part in parts.items()})
        if unit != parameter.unit:
            raise ExpressionError(f"算式的单位是 {unit or '数'},应是 {parameter.unit}")
        values += _over_time(value, parts)
    return replace(parameter, values=tuple(values))


def _over_time(value: DatedValue, parts: Mapping[str, Parameter]) -> Iterator[DatedValue]:
    """An expression's values while it holds; no value for days on which a part has none."""
    assert value.asks is not None
    days = {value.start}
    for part in parts.values():
        for held in part.values:
            days |= {held.start} | ({held.end + _DAY} if held.end < date.max else set())
    starts = sorted(day for day in days if value.holds(day))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        at = {key: part.at(start) for key, part in parts.items()}
        number = value_of(value.asks, {key: v.value if v else None for key, v in at.items()})
        if number is not None:
            weak = value.weak or any(v is not None and v.weak for v in at.values())
            end = following - _DAY if following else value.end
            yield replace(value, start=start, end=end, value=number, weak=weak)


def _all_computed(found: Mapping[str, Parameter]) -> dict[str, Parameter]:
    return {key: _computed(key, found) for key in found}


def read(file: Path) -> dict[str, Any]:
    """What the program's file declares. Raises DeclarationError for a key that means nothing."""
    declared: dict[str, Any] = read_yaml(file)
    for key, entry in declared.items():
        only_keys(entry, ("zh", "en", "unit", "values"), key)
        for value in entry["values"]:
            only_keys(value, _ENTRY, key)
            if value.get("in", "") not in {"", *region_kinds()}:
                raise DeclarationError(f"{file.name}: {key}: no kind of counties {value['in']}")
            if "in" in value and isinstance(value["value"], str):
                raise DeclarationError(f"{file.name}: {key}: a kind's value is a number")
    return declared


@cache
def _declared() -> dict[str, Any]:
    return read(_FILE)


def _own(key: str, entry: Any, kinds: Collection[str]) -> Parameter:
    """A county's entry: values for a threshold of the program, or a threshold of its own."""
    known = _declared().get(key)
    if isinstance(entry, dict):
        if why := misfit(entry, ("zh", "en", "unit"), ("values",)):
            raise ParameterError(why)
        if known is None and (not _KEY.fullmatch(key) or key in _names_of_facts()):
            raise ParameterError("键应是小写字母、数字和下划线,且不能与已有的事实同名")
        known, entry = {**entry, "values": []}, entry.get("values") or []
    if known is None:
        raise ParameterError("没有这个标准;本县自定的标准要写 zh、en、unit 和 values")
    if not isinstance(entry, list):
        raise ParameterError("应是带日期的值的清单")
    for value in entry:
        _check(value)
    return _parameter(key, known, entry, kinds)


@cache
def _names_of_facts() -> frozenset[str]:
    """Every word of the queries and tables that thresholds stand beside as columns."""
    folder = Path(__file__).parent
    queries = [*folder.glob("sql/*.sql"), *folder.glob("check_subjects/*.sql")]
    texts = [path.read_text("utf8") for path in queries]
    columns = {column.name for table in TABLES for column in table.columns}
    return frozenset(columns | {word for text in texts for word in _WORD.findall(text)})


def of_home(home: Path | None = None) -> tuple[dict[str, Parameter], list[Fault]]:
    """Parameters of the program, with the county's own (``county/parameters.yaml``) over them.

    What of the county's cannot be used is left out, and named in the faults: an entry that has no
    day, number or source, a key that the program does not know, values that overlap.
    """
    kinds = kinds_of(home)
    found = {key: _parameter(key, entry, [], kinds) for key, entry in _declared().items()}
    if home is None:
        return _all_computed(found), []
    own, faults = entries(home, path_in(home, "parameters.yaml"))
    for key, entry in own.items():
        try:
            found[key] = _own(key, entry, kinds)
        except (ParameterError, ExpressionError) as error:
            faults.append(own.fault(key, str(error)))
    return _sound(found, own, faults, kinds)


def _sound(
    found: dict[str, Parameter], own: Entries, faults: list[Fault], kinds: Collection[str]
) -> tuple[dict[str, Parameter], list[Fault]]:
    """The parameters computed; a county's own that cannot be gives way to the program's."""
    while True:
        try:
            return _all_computed(found), faults
        except ExpressionError:
            pass
        for key in [key for key in own if key in found]:
            try:
                _computed(key, found)
            except ExpressionError as error:
                faults.append(own.fault(key, str(error)))
                declared = _declared().get(key)
                if declared is None:
                    del found[key]
                else:
                    found[key] = _parameter(key, declared, [], kinds)
                break


def load(home: Path | None = None) -> dict[str, Parameter]:
    """The parameters of ``of_home``."""
    return of_home(home)[0]


@cache
def defaults() -> dict[str, Parameter]:
    """The program's own parameters, read once."""
    return load()


def in_force() -> dict[str, Parameter]:
    """The parameters of the home in use, read once."""
    return _read_once(in_use())


@once_a_state
def _read_once(home: Path | None) -> dict[str, Parameter]:
    return load(home)


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
