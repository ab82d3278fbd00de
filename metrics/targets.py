"""The target that holds for an indicator, a year and a place: loaded ones before the declared one.

A county loads its targets as a table; ``indicators.yaml`` declares those that hold for all. This is
the one place that says which of them a number is held to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from metrics.registry import Indicator, Target
from store.scope import Scope
from store.yamls import read_yaml

_UNITS = Path(__file__).parents[1] / "data" / "reference" / "units.yaml"
NO_INDICATOR, NO_UNIT, NO_DIRECTION = "indicator", "unit", "direction"
WHYS = (NO_INDICATOR, NO_UNIT, NO_DIRECTION)


@dataclass(frozen=True, slots=True)
class Unused:
    """A loaded row that no number is held to, and why: its ``indicator`` as written."""

    indicator: str
    place: str
    year: int
    why: str


class Targets:
    """Loaded targets by indicator, place and year. ``rows`` have the columns of table target."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], indicators: Mapping[str, Indicator]):
        self._indicators = indicators
        named = {_folded(one.zh): key for key, one in indicators.items()}
        self._held: dict[tuple[str, str, int], Target] = {}
        unused = []
        for row in rows:
            written = row["indicator"]
            key = written if written in indicators else named.get(_folded(written))
            why = self._hold(key, row)
            if why:
                unused.append(Unused(written, row["region_code"], row["year"], why))
        self.unused = tuple(unused)

    def _hold(self, key: str | None, row: Mapping[str, Any]) -> str:
        """Why a row cannot be a target; empty where it is held."""
        if key is None:
            return NO_INDICATOR
        indicator = self._indicators[key]
        worth = worth_of(_folded(row["target_unit"] or ""), indicator.unit)
        if worth is None:
            return NO_UNIT
        if indicator.better == "none":
            return NO_DIRECTION
        year, office = row["year"], row["unit_in_charge"] or ""
        strict = indicator.target.strict if indicator.target else False
        value = round(row["target_value"] * worth, 6)
        self._held[key, row["region_code"], year] = Target(value, "", "", strict, year, office)
        return ""

    def loaded(self, key: str, place: str, year: int, scope: Scope | None = None) -> Target | None:
        """The loaded target of a place and year, its own before that of a wider place.

        What a wider place is to reach binds those in it where it is a rate, a mean or none at all;
        of any other amount it says nothing about a part: of the place itself neither, where
        ``scope`` holds a part of it, as a zone does.
        """
        own = self._held.get((key, place, year))
        divided = self._indicators[key].denominator is not None
        whole = scope is None or scope.contains(place)
        if own is not None and (whole or divided or not own.value):
            return own
        for digits in (9, 6):
            if digits < len(place):
                wider = self._held.get((key, place[:digits], year))
                if wider is not None and (divided or not wider.value):
                    return wider
        return None

    def aimed(self, key: str, place: str, year: int, scope: Scope | None = None) -> Indicator:
        """The indicator with the target that holds for what a scope has of a place in a year, none
        if there is none."""
        indicator = self._indicators[key]
        nearer = self.loaded(key, place, year, scope)
        return replace(indicator, target=nearer) if nearer is not None else indicator


@cache
def worth_of(word: str, unit: str) -> float | None:
    """What one of a written unit is in an indicator's own, such as 10,000 for 万元 and yuan; None
    for a unit of something else. Without a word it is the indicator's own."""
    if not word:
        return 1.0
    declared = read_yaml(_UNITS)
    quantities = declared["quantities"]
    kind = next((q for q in quantities.values() if unit in q["schema"]), quantities["things"])
    words = {str(name): Fraction(str(worth)) for name, worth in kind["words"].items()}
    own = Fraction(str(kind["schema"].get(unit, 1)))
    times = {"": 1, **declared["multipliers"]}
    for multiplier in sorted(times, key=len, reverse=True):
        rest = word.removeprefix(multiplier)
        if word.startswith(multiplier) and rest in words:
            return float(times[multiplier] * words[rest] / own)
    return None


def _folded(text: str) -> str:
    """Text as names are compared: no full-width forms, spaces or kinds of quotation marks."""
    return re.sub(r"[\s\"'“”‘’]+", "", unicodedata.normalize("NFKC", text))
