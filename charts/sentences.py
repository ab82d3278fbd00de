"""What every computed sentence is made of: words in both languages, filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts.number_format import Lang, Measure

Sentences = Mapping[str, Mapping[Lang, str]]

ZERO: dict[Lang, str] = {"zh": "0", "en": "zero"}
COMMON: dict[str, dict[Lang, str]] = {
    "none": {"zh": "{name}暂无数据", "en": "{name}: no data yet"},
    "alone": {"zh": "{place}{name}为{v}", "en": "{place}: {name} {v}"},
}


def say(sentences: Sentences, key: str, lang: Lang, **words: object) -> str:
    """A sentence with its blanks filled; in English it begins with a capital."""
    text = sentences[key][lang].format(**words)
    return text[:1].upper() + text[1:] if lang == "en" else text


def said(measure: Measure, amount: float) -> str:
    """An amount as a sentence says it, zero as a word where the language has one."""
    return ZERO[measure.lang] if amount == 0 else measure.say(amount)


def listed(names: Sequence[str], lang: Lang) -> str:
    """Names one after the other."""
    return ("、" if lang == "zh" else ", ").join(names)
