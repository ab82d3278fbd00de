"""Every word the program shows, once: terms with both languages, code labels, numbers in words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")

_TERMS = Path(__file__).with_name("terms.yaml")
_CODES = Path(__file__).parents[1] / "data" / "reference" / "codes.yaml"


@cache
def terms() -> dict[str, dict[str, str]]:
    """All terms: key to ``zh`` and ``en``, some with a definition in both."""
    return yaml.safe_load(_TERMS.read_text(encoding="utf8"))


@cache
def codes() -> dict[str, dict[str, dict[str, Any]]]:
    """All code lists: list, then code, to ``zh`` and ``en`` and the spellings met in exports."""
    return yaml.safe_load(_CODES.read_text(encoding="utf8"))


def term(key: str, lang: Lang, /, **values: object) -> str:
    """A term in a language, its ``{names}`` filled in. Raises KeyError for a term not declared."""
    text = terms()[key][lang]
    return text.format(**values) if values else text


def label(code_list: str, code: str | None, lang: Lang) -> str:
    """A code in words; a dash for none. Raises KeyError for a code outside its list."""
    return "—" if code is None else codes()[code_list][code][lang]


def named(entry: object, lang: Lang) -> str:
    """The name of anything declared with ``zh`` and ``en`` (an indicator, a rule, a parameter)."""
    return getattr(entry, lang)


def number(value: float | None, unit: str, lang: Lang) -> str:
    """A number as a person reads it: thousands apart, 万 and 亿 for money, one decimal for rates.

    None is the dash of the unknown; a zero is shown as 0. A rate that one decimal would show as
    0 although it is not, or that is under 1, has two.
    """
    if value is None:
        return "—"
    if unit == "percent":
        digits = 2 if 0 < abs(value) < 1 else 1
        return f"{value:,.{digits}f}%" if value else "0%"
    if unit == "yuan":
        return _money(value, lang)
    if unit in ("months", "km", "mu", "m2", "years", "days"):
        return f"{value:,.1f}".removesuffix(".0")
    return f"{value:,.0f}"


def _money(value: float, lang: Lang) -> str:
    if lang == "zh" and abs(value) >= 1e8:
        return f"{value / 1e8:,.2f}亿"
    if lang == "zh" and abs(value) >= 1e5:
        return f"{value / 1e4:,.1f}万"
    if lang == "en" and abs(value) >= 1e6:
        return f"{value / 1e6:,.2f} M"
    return f"{value:,.0f}"
