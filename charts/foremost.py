"""Who stands out among places or kinds, in words: ties are said, few cases marked.

Nobody stands out by a zero, by what is not known, or where all are alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charts.number_format import Lang, Measure, clean
from charts.sentences import listed

# Under so many cases one more or less moves a rate by more than three points.
SMALL = 30

_BRACKETS: dict[Lang, str] = {"zh": "{name}({v}{of}{small})", "en": "{name} ({v}{of}{small})"}
_OF: dict[Lang, str] = {"zh": "{part}/{base}", "en": "{part} of {base}"}
_COMMA: dict[Lang, str] = {"zh": ",", "en": ", "}
_OF_FEW: dict[Lang, str] = {"zh": ",共{base}", "en": " of {base}"}
_EACH: dict[Lang, str] = {"zh": "各{v}", "en": "{v} each"}
_SMALL: dict[Lang, str] = {"zh": ",基数小", "en": ", few cases"}
_SEVERAL: dict[Lang, str] = {"zh": "{n}个{places}", "en": "{n} {places}"}
_TIED: dict[Lang, str] = {"zh": "并列,{v}", "en": "tied, {v}"}
_KINDS: dict[Lang, str] = {"zh": "类别", "en": "kinds"}
_UNKNOWN: dict[Lang, str] = {
    "zh": "{text}(另有{u}个类别无法判定)",
    "en": "{text} ({u} more cannot be told)",
}
_NAMED = 3  # tied ones that are named


@dataclass(frozen=True, slots=True)
class Placed:
    """A place, or a kind, and its value.

    ``part`` of ``base`` is what a rate or a mean is made of; of a count ``base`` is what it is
    counted among.
    """

    name: str
    value: float | None
    part: float | None = None
    base: float | None = None


def rated(name: str, part: float | None, base: float | None) -> Placed:
    """A place or a kind by its rate in percent; unknown where there is nothing to be a share of."""
    known = part is not None and bool(base)
    return Placed(name, 100 * part / base if known else None, part, base)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Foremost:
    """Who has most: in words, and the names."""

    text: str
    names: tuple[str, ...]

    @property
    def only(self) -> str | None:
        """The one that stands out alone; None for a tie."""
        return self.names[0] if len(self.names) == 1 else None


def foremost(kinds: Sequence[Placed], measure: Measure) -> Foremost | None:
    """Who has most of several kinds; counts of kinds must be of the same subjects.

    None where nobody stands out: one kind only, all zero, all alike, a single case, or most not
    known.
    """
    known = [one for one in kinds if clean(one.value) is not None]
    if len(known) < 2 or 2 * len(known) < len(kinds):
        return None
    high = max(map(amount, known))
    top = tied(known, high, measure)
    least = 0 if measure.kind == "rate" else 1
    if high <= least or len(top) == len(known):
        return None
    text = bracketed(top, _KINDS[measure.lang], measure, tie=_TIED)
    if unknown := len(kinds) - len(known):
        text = _UNKNOWN[measure.lang].format(text=text, u=unknown)
    return Foremost(text, tuple(one.name for one in top))


def amount(one: Placed) -> float:
    """A known value as a number."""
    return clean(one.value) or 0.0


def tied(known: Sequence[Placed], value: float, measure: Measure) -> list[Placed]:
    """Those that read the same as this value: a difference that is not shown ranks nobody."""
    text = measure.text(value)
    return [one for one in known if measure.text(one.value) == text]


def bracketed(
    top: Sequence[Placed], places: str, measure: Measure, tie: Mapping[Lang, str] | None = None
) -> str:
    """Up to three names, or how many there are, with their value; one alone with its base.

    ``tie`` are words around the value that several share, where the sentence has none.
    """
    lang, of = measure.lang, ""
    if len(top) > _NAMED:
        names = _SEVERAL[lang].format(n=len(top), places=places)
    else:
        names = listed([one.name for one in top], lang)
    small = any(one.base is not None and one.base < SMALL for one in top)
    base = top[0].base
    if len(top) == 1 and base is not None:
        if measure.kind == "rate":
            of = _COMMA[lang] + _part(top[0], lang)
        elif small:
            of = _OF_FEW[lang].format(base=f"{base:,.0f}")
    value = measure.say(top[0].value)
    if len(top) > 1 and measure.kind != "rate":
        value = _EACH[lang].format(v=value)
    if len(top) > 1 and tie:
        value = tie[lang].format(v=value)
    return _BRACKETS[lang].format(name=names, v=value, of=of, small=_SMALL[lang] if small else "")


def _part(one: Placed, lang: Lang) -> str:
    """What a rate is made of."""
    return _OF[lang].format(part=f"{one.part or 0:,.0f}", base=f"{one.base or 0:,.0f}")


def few(one: Placed, measure: Measure) -> str:
    """A value as text; in brackets what it is a share of where the cases are few."""
    value = measure.say(one.value)
    if one.base is None or one.base >= SMALL or measure.kind != "rate":
        return value
    lang = measure.lang
    text = _part(one, lang) + _SMALL[lang]
    return _BRACKETS[lang].format(name=value, v=text, of="", small="")
