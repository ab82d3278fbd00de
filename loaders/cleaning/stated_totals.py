"""Totals that are said in words: 合计金额1,234.5万元 in a title or in a line of one cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from loaders.cells import amounts, values
from loaders.cells.quantities import MULTIPLIERS, WORDS
from loaders.cleaning.totals import agrees
from loaders.layouts.units import fold

_LEAD = re.compile(r"合计|总计|共计|小计|总额|总金额|总投资|共(?=[\d安下投有需涉])")
_END = re.compile(r"其中|[。;\n]")
_AMOUNT = re.compile(
    r"(?<![\d.第])((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    rf"({'|'.join(sorted(MULTIPLIERS, key=len, reverse=True))})?"
    rf"({'|'.join(map(re.escape, sorted(WORDS - {'年', '月', '日'}, key=len, reverse=True)))})?"
    r"(?![\d年月日%批])",
    re.ASCII,
)
_MONEY_MEANT = re.compile("金额|资金|投资")
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Summed:
    """A field that a sheet adds up: its header, its unit, what a number alone is worth in it."""

    field: str
    header: str
    unit: str | None
    factor: Fraction


def totals(
    text: str, fields: Sequence[Summed], sums: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    """Field and amount of every total that a text says, one a unit.

    Of several fields of the unit it is the one that the text names, else one that agrees with the
    ``sums`` of the rows, else the first.
    """
    said = _said(values.compact(text))
    done: set[str | None] = set()
    for clause, figure in said:
        for unit in dict.fromkeys(field.unit for field in fields):
            among = [field for field in fields if field.unit == unit]
            alone = figure[-1].isdigit()
            if unit in done or (alone and not (unit == "yuan" and _MONEY_MEANT.search(clause))):
                continue
            found = [
                (each, amount)
                for each in among
                if (amount := amounts.number(figure, each.factor, unit)[0]) is not None
            ]
            if found:
                done.add(unit)
                each, amount = _chosen(clause, found, sums)
                yield each.field, amount
                break


def _said(text: str) -> list[tuple[str, str]]:
    """The amounts behind a word for a total, each with the words from there on to it."""
    lead = _LEAD.search(text)
    if lead is None:
        return []
    end = _END.search(text, lead.end())
    clause = text[lead.start() : end.start() if end else len(text)]
    return [(clause[: match.start()], match[0]) for match in _AMOUNT.finditer(clause)]


def _chosen(
    clause: str, found: Sequence[tuple[Summed, float]], sums: Mapping[str, float]
) -> tuple[Summed, float]:
    named = [pair for pair in found if _BRACKETS.sub("", fold(pair[0].header)) in clause]
    right = [pair for pair in found if agrees(pair[1], sums.get(pair[0].field, 0.0))]
    return [*named, *right, *found][0]
