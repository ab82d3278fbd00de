"""How a number reads in Chinese and in English, and the round numbers of an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

Lang = Literal["zh", "en"]
Kind = Literal["rate", "count", "decimal"]

Amount = float | Decimal
MISSING = "—"
_POINTS = {"zh": "个百分点", "en": "points"}
_SCALES: dict[Lang, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万")),
    "en": ((1e9, " bn"), (1e6, " M")),
}


def clean(value: object) -> float | None:
    """A finite number, or None for whatever stands for no value (None, NaN, pandas.NA).

    Raises ValueError for text that is no number.
    """
    try:
        number = float(value)  # type: ignore[arg-type]
    except TypeError:
        return None
    return number if math.isfinite(number) else None


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured, as far as its numbers go.

    ``kind``: "rate" (given in percent), "count" (whole: people, households, yuan) or "decimal"
    (one decimal: nights, mu). ``unit`` is the word after the number, "%" for a rate; ``one`` the
    word after 1 where that is another.
    """

    kind: Kind = "count"
    unit: str = ""
    lang: Lang = "zh"
    one: str = ""

    def number(self, value: Amount | None) -> str:
        """The number in full, thousands separated, without unit.

        A rate has one decimal, two below one percent; zero is a bare 0, so that it never looks
        like something small. A decimal amount of a book shows its fen, where there are any.
        """
        if value is None:
            return MISSING
        if value == 0:
            return "0"
        sign = "−" if value < 0 else ""
        size: Amount = -value if value < 0 else value
        if isinstance(size, Decimal) and size % 1:
            return f"{sign}{size:,.2f}"
        if self.kind == "count":
            return sign + f"{size:,.0f}" if size >= 0.5 else sign + f"{size:.1g}"
        if self.kind == "rate" and size < 0.995:
            digits = f"{size:.2f}".removesuffix("0")
            return sign + (digits if size >= 0.005 else "<0.01")
        return f"{sign}{size:,.1f}"

    def compact(self, value: Amount | None) -> str:
        """The number as one would say it: 7.69万, 24.5 M; three digits that count."""
        if value is None or self.kind == "rate":
            return self.number(value)
        scales = _SCALES[self.lang]
        if abs(float(value)) < scales[-1][0]:
            return self.number(value)
        size = float(f"{abs(float(value)):.3g}")
        for scale, word in scales:
            if size >= scale:
                sign = "−" if value < 0 else ""
                digits = f"{size / scale:.2f}".rstrip("0").rstrip(".")
                return f"{sign}{digits}{word}"
        return self.number(value)

    def _with_unit(self, number: str, unit: str) -> str:
        if not unit or number == MISSING:
            return number
        if number == "1" and unit == self.unit:
            unit = self.one or unit
        return f"{number}{unit}" if self.lang == "zh" else f"{number} {unit}"

    def text(self, value: Amount | None) -> str:
        """The number in full with its unit: 0.89%, 1,234户."""
        return self._with_unit(self.number(value), self.unit or self._percent)

    def say(self, value: Amount | None) -> str:
        """The number as one would say it, with its unit: 7.69万人."""
        return self._with_unit(self.compact(value), self.unit or self._percent)

    def level(self, value: float) -> str:
        """A threshold with its unit, in as few digits as it has: 2%, 4,000元."""
        return self._with_unit(f"{value:,.10g}", self.unit or self._percent)

    def gap(self, delta: float) -> str:
        """The size of a difference, without sign: 31.3个百分点, 1,234户."""
        size = abs(delta)
        if self.kind == "rate":
            return self._with_unit(self.number(size), _POINTS[self.lang])
        return self._with_unit(self.compact(size), self.unit)

    def signed(self, delta: float | None) -> str:
        """A difference with its sign and without unit: +3.2, −3.2, 0."""
        number = self.compact(delta)
        return f"+{number}" if delta is not None and delta > 0 else number

    @property
    def _percent(self) -> str:
        return "%" if self.kind == "rate" else ""


def ticks(low: float, high: float, most: int = 5, whole: bool = False) -> list[float]:
    """Round values one step apart, from at or below ``low`` to at or above ``high``.

    Some ``most`` steps; ``whole`` keeps the step from being a fraction.
    """
    span = high - low
    if span <= 0:
        span = abs(high) or 1.0
        high = low + span
    step = _step(span / most)
    if whole:
        step = max(1.0, math.ceil(step))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    for nice in (1, 2, 2.5, 5):
        if nice * power >= least * 0.999:
            return nice * power
    return 10 * power


def tick_texts(values: Sequence[float], measure: Measure) -> list[str]:
    """Ticks with as few digits as they need; of rates the topmost alone has its sign."""
    step = min((b - a for a, b in pairwise(values)), default=1.0)
    scale, word = _tick_scale(values, measure)
    step = step / scale
    places = max(0, min(4, math.ceil(-math.log10(step) - 1e-9))) if step else 0
    if places and abs(step * 10**places - round(step * 10**places)) > 1e-6:
        places += 1
    elif not places and step % 1 > 1e-6:
        places = 1
    texts = ["0" if v == 0 else f"{v / scale:,.{places}f}{word}" for v in values]
    texts = [text.replace("-", "−") for text in texts]
    if texts and measure.kind == "rate":
        texts[-1] = measure._with_unit(texts[-1], measure.unit or "%")
    return texts


def _tick_scale(values: Sequence[float], measure: Measure) -> tuple[float, str]:
    top = max((abs(v) for v in values), default=0)
    if measure.kind != "rate":
        for scale, word in _SCALES[measure.lang]:
            if top >= 2 * scale:
                return scale, word
    return 1.0, ""
