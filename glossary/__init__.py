"""Every word the program shows, once: terms in both languages, and what codes read as."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from store.county_folder import Fault, in_use, misfit, names_facts, once_a_state, path_in
from store.county_folder import read as declared
from store.yamls import read_yaml

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")

_NAMED = (
    "terms",
    "calendar",
    "collective",
    "deprivation",
    "disclosure",
    "facts",
    "gaps",
    "helping",
    "homes",
    "lists",
    "notices",
    "projects",
    "targets",
    "work",
    "zones",
)
_TERMS = [Path(__file__).with_name(f"{name}.yaml") for name in _NAMED]
_REFERENCE = Path(__file__).parents[1] / "data" / "reference"
_CODES = _REFERENCE / "codes.yaml"
_REASONS = _REFERENCE / "reasons.yaml"


# Where one is counted, the noun and the verb right behind it.
_ONES = {
    "households": "household",
    "registered households": "registered household",
    "people": "person",
    "entries": "entry",
    "cases": "case",
    "problems": "problem",
    "findings": "finding",
    "villages": "village",
    "places": "place",
    "records": "record",
    "rows": "row",
    "sheets": "sheet",
    "screenings": "screening",
    "items": "item",
    "years": "year",
    "cadres": "cadre",
    "sites": "site",
    "homes": "home",
    "visits": "visit",
    "contracts": "contract",
}
_VERBS = {
    "are": "is",
    "have": "has",
    "were": "was",
    "meet": "meets",
    "miss": "misses",
    "lack": "lacks",
    "differ": "differs",
    "enter": "enters",
    "leave": "leaves",
}
_ONE = re.compile(rf"(?<![\d.,])(?<!\d)1 ({'|'.join(_ONES)})\b( \w+)?")


def terms() -> dict[str, dict[str, str]]:
    """All terms: key to ``zh`` and ``en``, some with a definition in both.

    Those that the home in use declares (``county/terms.yaml``) win.
    """
    return _of_home(in_use())[0]


@cache
def framework_words(lang: Lang) -> tuple[tuple[str, str], ...]:
    """What the framework says by itself, and our words for it; ``{1}`` is filled in there."""
    found = read_yaml(Path(__file__).with_name("framework.yaml"))
    return tuple((entry["says"], entry[lang]) for entry in found)


def faults(home: Path | None) -> tuple[Fault, ...]:
    """What of the terms that a home's county declares cannot be used, and is left out."""
    return _of_home(home)[1]


@cache
def _program() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in _TERMS:
        part = read_yaml(path)
        if twice := found.keys() & part.keys():
            raise ValueError(f"{path.name}: said in another file already: {sorted(twice)}")
        found |= part
    return found


@once_a_state
def _of_home(home: Path | None) -> tuple[dict[str, dict[str, str]], tuple[Fault, ...]]:
    if home is None:
        return _program(), ()
    own, broken = declared(home, path_in(home, "terms.yaml"))
    found = {}
    for key, words in own.items():
        before = _program().get(key, {})
        why = misfit(words, ("zh", "en"), (*before, "definition_zh", "definition_en"))
        if why := why or _unfilled(words, before):
            broken.append(own.fault(key, why))
        else:
            found[key] = {**before, **words}
    return ({**_program(), **found} if found else _program()), tuple(broken)


def _unfilled(words: dict[str, Any], before: dict[str, str]) -> str:
    """Why a term cannot be said in the place of the program's; empty where it can."""
    for lang in LANGUAGES:
        if not isinstance(words[lang], str):
            return f"{lang} 应是文字"
        try:
            named, known = ({n for _, n, _, _ in Formatter().parse(text) if n is not None}
                            for text in (words[lang], before.get(lang, "")))  # fmt: skip
        except ValueError:
            return f"{lang} 里的花括号不成对"
        if before and named - known:
            odd, usable = ("、".join(sorted(names)) for names in (named - known, known))
            return f"{lang} 里不能用 {odd},可用: {usable}"
    return ""


@cache
def codes() -> dict[str, dict[str, dict[str, Any]]]:
    """All code lists: list, then code, to ``zh`` and ``en`` and the spellings met in exports."""
    return read_yaml(_CODES)


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Why rows were refused or mended: key to ``zh``, ``en`` and what to do about it in both."""
    return read_yaml(_REASONS)


def term(key: str, lang: Lang, /, **values: object) -> str:
    """A term in a language, its ``{names}`` filled in. Raises KeyError for a term not declared.

    Where a county's own rules may name facts that nobody has words for, it is the key.
    """
    if names_facts() and key not in terms():
        return key
    text = terms()[key][lang]
    if not values:
        return text
    filled = text.format(**values)
    return agreeing(filled) if lang == "en" else filled


def agreeing(text: str) -> str:
    """English in which what is counted as one is one: 1 household has, 2 households have."""
    return _ONE.sub(lambda found: f"1 {_ONES[found[1]]}{_verb(found[2])}", text)


def _verb(following: str | None) -> str:
    word = (following or "").strip()
    return f" {_VERBS[word]}" if word in _VERBS else following or ""


def label(code_list: str, code: str | None, lang: Lang) -> str:
    """A code in words; a dash for none. Raises KeyError for a code outside its list."""
    if names_facts() and code not in codes()[code_list]:
        return code or "—"  # a county's own rule may name a code that there is not
    return "—" if code is None else codes()[code_list][code][lang]


def reason_words(key: str, lang: Lang) -> tuple[str, str]:
    """A reason in words, and what to do; the key itself for one that an older program knew."""
    said = reasons().get(key, {lang: key})
    return said[lang], said.get(f"todo_{lang}", "")


@cache
def _english() -> dict[str, dict[str, str]]:
    return read_yaml(Path(__file__).with_name("names.yaml"))


def documents(text: str, lang: Lang) -> str:
    """The documents that a source names, between semicolons; in English each by its English name,
    if there is one, before the Chinese."""
    if lang == "zh":
        return text
    known = _english()["documents"]
    return "; ".join(_beside(known.get(one), one) for one in re.split(r"\s*[;;]\s*", text))


def offices(text: str, lang: Lang) -> str:
    """The offices in charge that a file names; in English as ``documents``. One of a county's
    bureaus goes by its own name."""
    if lang == "zh":
        return text
    known = _english()["offices"]
    named = (_beside(known.get(one.removeprefix("县")), one) for one in text.split("、"))
    return ", ".join(named)


def _beside(english: str | None, chinese: str) -> str:
    return f"{english} · {chinese}" if english else chinese


def named(entry: object, lang: Lang) -> str:
    """The name of anything declared with ``zh`` and ``en`` (an indicator, a rule, a parameter)."""
    return getattr(entry, lang)
