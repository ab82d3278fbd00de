"""Every word the program shows, once: terms in both languages, and what codes read as."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from store.yamls import read_yaml

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")

_TERMS = [Path(__file__).with_name(name) for name in ("terms.yaml", "facts.yaml")]
_REFERENCE = Path(__file__).parents[1] / "data" / "reference"
_CODES = _REFERENCE / "codes.yaml"
_REASONS = _REFERENCE / "reasons.yaml"


@cache
def terms() -> dict[str, dict[str, str]]:
    """All terms: key to ``zh`` and ``en``, some with a definition in both."""
    found = [read_yaml(path) for path in _TERMS]
    return {key: words for part in found for key, words in part.items()}


@cache
def codes() -> dict[str, dict[str, dict[str, Any]]]:
    """All code lists: list, then code, to ``zh`` and ``en`` and the spellings met in exports."""
    return read_yaml(_CODES)


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Why rows were refused or mended: key to ``zh``, ``en`` and what to do about it in both."""
    return read_yaml(_REASONS)


def term(key: str, lang: Lang, /, **values: object) -> str:
    """A term in a language, its ``{names}`` filled in. Raises KeyError for a term not declared."""
    text = terms()[key][lang]
    return text.format(**values) if values else text


def label(code_list: str, code: str | None, lang: Lang) -> str:
    """A code in words; a dash for none. Raises KeyError for a code outside its list."""
    return "—" if code is None else codes()[code_list][code][lang]


def reason_words(key: str, lang: Lang) -> tuple[str, str]:
    """A reason in words, and what to do; the key itself for one that an older program knew."""
    declared = reasons().get(key, {lang: key})
    return declared[lang], declared.get(f"todo_{lang}", "")


def named(entry: object, lang: Lang) -> str:
    """The name of anything declared with ``zh`` and ``en`` (an indicator, a rule, a parameter)."""
    return getattr(entry, lang)
