"""Quantities and the words of their units: data/reference/units.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from store.yamls import load_yaml

_DECLARED = load_yaml(
    (Path(__file__).parents[2] / "data" / "reference" / "units.yaml").read_text("utf-8")
)
MULTIPLIERS = {word: int(times) for word, times in _DECLARED["multipliers"].items()}
_COUNTED = ("things", "people", "households")  # what a column without a unit may hold


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured: worth of its units by their words, and of those that the schema names.

    ``before`` and ``behind`` are marks around an amount that change nothing.
    """

    schema: Mapping[str, Fraction]
    words: Mapping[str, Fraction]
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


def _read(name: str) -> Quantity:
    declared = _DECLARED["quantities"][name]
    schema, words = (
        {word: Fraction(str(of)) for word, of in declared[key].items()}
        for key in ("schema", "words")
    )
    before, behind = (tuple(declared.get(key, ())) for key in ("before", "behind"))
    return Quantity(schema, words, before, behind)


QUANTITIES = {name: _read(name) for name in _DECLARED["quantities"]}
_MONEY = QUANTITIES["money"]
_ANYTHING = Quantity(
    {}, {word: of for name in _COUNTED for word, of in QUANTITIES[name].words.items()}
)
_OF_UNIT = {unit: q for q in QUANTITIES.values() for unit in q.schema}
WORDS = frozenset(word for q in QUANTITIES.values() for word in q.words)
MARKS = frozenset(mark for q in QUANTITIES.values() for mark in (*q.before, *q.behind))
MONEY = {"元": 1} | {f"{word}元": times for word, times in MULTIPLIERS.items()}


def of_unit(unit: str | None) -> Quantity:
    """The quantity of a schema unit; of none, or one that is not declared, what can be counted."""
    return _OF_UNIT.get(unit or "", _ANYTHING)


def is_money(quantity: Quantity) -> bool:
    """Whether a multiplier alone means a unit."""
    return quantity is _MONEY


def parted(word: str) -> tuple[int, str]:
    """A unit's word as its multiplier and what is left: 万亩 is (10000, 亩)."""
    if word in WORDS:  # 千米 is a word of its own
        return 1, word
    for multiplier in sorted(MULTIPLIERS, key=len, reverse=True):
        if word.startswith(multiplier):
            return MULTIPLIERS[multiplier], word[len(multiplier) :]
    return 1, word


def is_unit(word: str) -> bool:
    """Whether the word is a unit of any quantity, with or without a multiplier."""
    return parted(word)[1] in WORDS


def worth(word: str, unit: str | None) -> Fraction | None:
    """What 1 of a word is in a schema unit: 15 for 公顷 in mu. None for another quantity's word."""
    quantity = of_unit(unit)
    times, rest = parted(word)
    if rest not in quantity.words:
        return None
    return times * quantity.words[rest] / quantity.schema.get(unit or "", Fraction(1))
