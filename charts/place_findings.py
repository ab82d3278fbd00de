"""The sentence over many places: where a rate is highest, or what counts add up to.

Places differ in size, so counts are never ranked: their sum is said and how many places have any.
A rate is ranked with what it is a share of; a zero is no lowest, and what is unknown is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from charts.foremost import Placed, amount, bracketed, few, tied
from charts.number_format import Lang, Measure, clean
from charts.sentences import COMMON, ZERO, said, say

_WORDS: dict[str, dict[Lang, str]] = COMMON | {
    "few": {
        "zh": "{n}个{places}中只有{k}个能判定{name}",
        "en": "{name} can be told in only {k} of {n} {places}",
    },
    "all_equal": {
        "zh": "{n}个{places}{name}均为{v}",
        "en": "{name} stands at {v} in all {n} {places}",
    },
    "sum": {
        "zh": "{name}合计{v},{n}个{places}中{k}个有",
        "en": "{name}: {v} in all, in {k} of {n} {places}",
    },
    "sum_all": {
        "zh": "{name}合计{v},{n}个{places}都有",
        "en": "{name}: {v} in all, in every one of {n} {places}",
    },
    "top": {"zh": "{name}最高的是{top}", "en": "{name} is highest in {top}"},
    "top_tied": {"zh": "{name}并列最高的是{top}", "en": "{name} is highest, tied, in {top}"},
    "low": {"zh": "{rest},最低的是{low}", "en": "{rest} and lowest in {low}"},
    "low_tied": {"zh": "{rest},并列最低的是{low}", "en": "{rest} and lowest, tied, in {low}"},
    "low_zero": {"zh": "{rest},{k}个{places}为0", "en": "{rest}; zero in {k} of {n} {places}"},
    "unknown": {
        "zh": "{rest};另有{u}个{places}无法判定",
        "en": "{rest}; unknown in {u} more {places}",
    },
}


def over_places(
    name: str, placed: Sequence[Placed], places: str, measure: Measure, *, additive: bool
) -> str:
    """What the values of many places come to; ``places`` is the word for them (乡镇).

    ``additive`` values are counts, which add up; others are rates or means, which are ranked.
    """
    lang = measure.lang
    known = [one for one in placed if clean(one.value) is not None]
    if not known:
        return say(_WORDS, "none", lang, name=name)
    if len(placed) == 1:
        [one] = known
        return say(_WORDS, "alone", lang, place=one.name, name=name, v=few(one, measure))
    unknown = len(placed) - len(known)
    if unknown > len(known):
        return say(_WORDS, "few", lang, n=len(placed), k=len(known), places=places, name=name)
    text = (_summed if additive else _ranked)(name, known, places, measure)
    if not unknown:
        return text
    return say(_WORDS, "unknown", lang, rest=text, u=unknown, places=places)


def _summed(name: str, known: Sequence[Placed], places: str, measure: Measure) -> str:
    total = sum(map(amount, known))
    having = sum(1 for one in known if amount(one))
    words = {"name": name, "places": places, "n": len(known), "k": having}
    if not having:
        return say(_WORDS, "all_equal", measure.lang, v=ZERO[measure.lang], **words)
    key = "sum_all" if having == len(known) else "sum"
    return say(_WORDS, key, measure.lang, v=measure.say(total), **words)


def _ranked(name: str, known: Sequence[Placed], places: str, measure: Measure) -> str:
    lang = measure.lang
    high, low = max(map(amount, known)), min(map(amount, known))
    words = {"name": name, "places": places, "n": len(known)}
    if measure.text(high) == measure.text(low):
        return say(_WORDS, "all_equal", lang, v=said(measure, high), **words)
    top = tied(known, high, measure)
    key = "top_tied" if len(top) > 1 else "top"
    text = say(_WORDS, key, lang, top=bracketed(top, places, measure), name=name)
    bottom = tied(known, low, measure)
    if not low:
        return say(_WORDS, "low_zero", lang, rest=text, k=len(bottom), **words)
    key = "low_tied" if len(bottom) > 1 else "low"
    return say(_WORDS, key, lang, rest=text, low=bracketed(bottom, places, measure))
