"""What a selection of households says in words: one entry a kind of ``metrics.selections``."""

from __future__ import annotations

from collections.abc import Callable

from glossary import Lang, named, term
from metrics.selections import ANSWERS, Arguments, Selection
from rules.registry import rules


def words(selection: Selection, lang: Lang) -> str:
    """What is selected, for the sentence above a list and for its export."""
    return WORDS[selection.kind](selection.arguments, lang)


def _rule(arguments: Arguments, lang: Lang) -> str:
    rule, answer = rules()[arguments[0]], arguments[1]
    if answer in ANSWERS:
        return term(f"select_{answer}", lang, rule=named(rule, lang))
    return term("select_part", lang, rule=named(rule, lang), part=named(rules()[answer], lang))


def _class(arguments: Arguments, lang: Lang) -> str:
    rule = rules().get(arguments[1])
    return named(rule, lang) if rule else term("select_class_unknown", lang)


WORDS: dict[str, Callable[[Arguments, Lang], str]] = {"rule": _rule, "class": _class}
