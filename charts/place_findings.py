"""The sentence over many places: where a rate is highest, or what counts add up to.

Places differ in size, so counts are never ranked: their sum is said and how many places have any.
A rate is ranked with what it is a share of; a zero is no lowest, and what is unknown is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.number_format import Lang, Measure, clean

# Under so many cases one more or less moves a rate by more than three points.
SMALL = 30

_WORDS: dict[str, dict[Lang, str]] = {
    "none": {"zh": "{name}暂无数据", "en": "{name}: no data yet"},
    "alone": {"zh": "{place}{name}为{v}", "en": "{place}: {name} {v}"},
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
    "several": {"zh": "{n}个{places}", "en": "{n} {places}"},
    "small": {"zh": ",基数小", "en": ", few cases"},
}
_BRACKETS: dict[Lang, str] = {"zh": "{place}({v}{of}{small})", "en": "{place} ({v}{of}{small})"}
_OF: dict[Lang, str] = {"zh": ",{part}/{base}", "en": ", {part} of {base}"}
_ZERO: dict[Lang, str] = {"zh": "0", "en": "zero"}
_NAMED = 3  # tied places that are named


@dataclass(frozen=True, slots=True)
class Placed:
    """A place and its value; ``part`` of ``base`` is what a rate or a mean is made of."""

    name: str
    value: float | None
    part: float | None = None
    base: float | None = None


def _say(key: str, lang: Lang, **words: object) -> str:
    text = _WORDS[key][lang].format(**words)
    return text[:1].upper() + text[1:] if lang == "en" else text


def over_places(
    name: str, placed: Sequence[Placed], places: str, measure: Measure, *, additive: bool
) -> str:
    """What the values of many places come to; ``places`` is the word for them (乡镇).

    ``additive`` values are counts, which add up; others are rates or means, which are ranked.
    """
    lang = measure.lang
    known = [one for one in placed if clean(one.value) is not None]
    if not known:
        return _say("none", lang, name=name)
    if len(placed) == 1:
        value = measure.say(known[0].value)
        return _say("alone", lang, place=known[0].name, name=name, v=value)
    unknown = len(placed) - len(known)
    if unknown > len(known):
        return _say("few", lang, n=len(placed), k=len(known), places=places, name=name)
    text = (_summed if additive else _ranked)(name, known, places, measure)
    return _say("unknown", lang, rest=text, u=unknown, places=places) if unknown else text


def _value(one: Placed) -> float:
    return clean(one.value) or 0.0


def _summed(name: str, known: Sequence[Placed], places: str, measure: Measure) -> str:
    total = sum(map(_value, known))
    having = sum(1 for one in known if _value(one))
    words = {"name": name, "places": places, "n": len(known), "k": having}
    if not having:
        return _say("all_equal", measure.lang, v=_ZERO[measure.lang], **words)
    key = "sum_all" if having == len(known) else "sum"
    return _say(key, measure.lang, v=measure.say(total), **words)


def _ranked(name: str, known: Sequence[Placed], places: str, measure: Measure) -> str:
    lang = measure.lang
    high, low = max(map(_value, known)), min(map(_value, known))
    words = {"name": name, "places": places, "n": len(known)}
    if measure.text(high) == measure.text(low):
        v = measure.say(high) if high else _ZERO[lang]
        return _say("all_equal", lang, v=v, **words)
    top = _tied(known, high, measure)
    text = _say(
        "top_tied" if len(top) > 1 else "top", lang, top=_named(top, places, measure), name=name
    )
    bottom = _tied(known, low, measure)
    if not low:
        return _say("low_zero", lang, rest=text, k=len(bottom), **words)
    key = "low_tied" if len(bottom) > 1 else "low"
    return _say(key, lang, rest=text, low=_named(bottom, places, measure))


def _tied(known: Sequence[Placed], value: float, measure: Measure) -> list[Placed]:
    """Places that read the same as this value: a difference that is not shown ranks nobody."""
    text = measure.text(value)
    return [one for one in known if measure.text(one.value) == text]


def _named(tied: Sequence[Placed], places: str, measure: Measure) -> str:
    """Up to three names, or how many there are; one alone with what its rate is a share of."""
    lang, of, small = measure.lang, "", ""
    if len(tied) > _NAMED:
        names = _WORDS["several"][lang].format(n=len(tied), places=places)
    else:
        names = ("、" if lang == "zh" else ", ").join(one.name for one in tied)
    if len(tied) == 1 and measure.kind == "rate" and tied[0].base is not None:
        part, base = (f"{amount:,.0f}" for amount in (tied[0].part or 0, tied[0].base))
        of = _OF[lang].format(part=part, base=base)
    if any(one.base is not None and one.base < SMALL for one in tied):
        small = _WORDS["small"][lang]
    return _BRACKETS[lang].format(place=names, v=measure.say(tied[0].value), of=of, small=small)
