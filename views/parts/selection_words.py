"""What a selection of households says in words: one entry a kind of ``metrics.selections``."""

from __future__ import annotations

from collections.abc import Callable

from charts.number_format import Kind, Measure
from glossary import Lang, codes, label, named, term
from metrics import nine_checks
from metrics.selections import ANSWERS, Arguments, Selection
from rules.parameters import in_force
from rules.registry import rules

_ALL_NINE = {"done": "select_nine_done", "open": "select_nine_open"}


def words(selection: Selection, lang: Lang) -> str:
    """What is selected, for the sentence above a list and for its export."""
    return WORDS[selection.kind](selection.arguments, lang)


def _rule(arguments: Arguments, lang: Lang) -> str:
    rule, answer = rules()[arguments[0]], arguments[1]
    if answer in ANSWERS:
        return term(f"select_{answer}", lang, rule=named(rule, lang))
    return term("select_part", lang, rule=named(rule, lang), part=named(rules()[answer], lang))


def _today(arguments: Arguments, lang: Lang) -> str:
    return term("select_today", lang, words=_rule(arguments, lang))


def _class(arguments: Arguments, lang: Lang) -> str:
    """The class, and for those who moved the class that they came from."""
    now = _class_name(arguments[1], lang)
    if len(arguments) == 2:
        return now
    then = _class_name(arguments[3], lang)
    return term("select_moved", lang, year=arguments[2], then=then, now=now)


def _class_name(key: str, lang: Lang) -> str:
    rule = rules().get(key)
    return named(rule, lang) if rule else term(f"select_class_{key}", lang)


def _nine(arguments: Arguments, lang: Lang) -> str:
    item, state = arguments
    if item == nine_checks.ALL:
        return term(_ALL_NINE[state], lang)
    told = term(f"nine_{state}", lang)
    return term("select_item", lang, item=label("nine_item", item, lang), state=told)


def _inspection(arguments: Arguments, lang: Lang) -> str:
    item = term("inspected_item", lang, item=label("inspection_item", arguments[0], lang))
    return term("select_item", lang, item=item, state=term(f"inspected_{arguments[1]}", lang))


def _what(arguments: Arguments, lang: Lang) -> str:
    """A what-if says so in every list that it opens."""
    parameter = in_force()[arguments[2]]
    kind: Kind = "rate" if parameter.unit == "percent" else "count"
    measure = Measure(kind, term(f"unit_{parameter.unit}", lang), lang)
    return term(
        f"select_what_{arguments[1]}",
        lang,
        rule=named(rules()[arguments[0]], lang),
        threshold=named(parameter, lang),
        size=measure.level(float(".".join(arguments[3:]))),
    )


def _left(arguments: Arguments, lang: Lang) -> str:
    """Who is left, and with what; the causes of a combination are all that there are."""
    who, trait = term(f"left_{arguments[0]}", lang), arguments[1]
    if trait == "any":
        return who
    if trait == "causes":
        causes = [cause_name(key, lang) for key in arguments[2:]]
        told = "+".join(causes) or term("left_cause_unknown", lang)
        return term("select_item", lang, item=who, state=told)
    return term("select_item", lang, item=who, state=trait_name(trait, lang))


def trait_name(trait: str, lang: Lang) -> str:
    """What is true of some of those left, in words."""
    cause = trait.removeprefix("cause_")
    return term(f"trait_{trait}", lang) if cause == trait else cause_name(cause, lang)


def cause_name(cause: str, lang: Lang) -> str:
    """A cause of poverty, or of the risk of it, in words."""
    of_poverty = cause in codes()["poverty_cause"]
    return label("poverty_cause" if of_poverty else "monitor_risk", cause, lang)


def _unsecured(arguments: Arguments, lang: Lang) -> str:
    """A class without labour, and that it is not of the registered alone."""
    return term("select_unsecured", lang, rule=named(rules()[arguments[0]], lang))


def _paid(arguments: Arguments, lang: Lang) -> str:
    benefit = term(f"benefit_{arguments[0]}", lang)
    return term(f"select_paid_{arguments[1]}" if arguments[1:] else "select_paid", lang,
                benefit=benefit)  # fmt: skip


def _sieve(arguments: Arguments, lang: Lang) -> str:
    item = term("sieve_of", lang, sieve=label("sieve", arguments[0], lang))
    return term("select_item", lang, item=item, state=term(f"sieve_{arguments[1]}", lang))


def _site(arguments: Arguments, lang: Lang) -> str:
    """A site by its number, and the answer of a rule about its households."""
    if len(arguments) == 1:
        return term("select_site", lang, site=arguments[0])
    return term("select_site_told", lang, site=arguments[0], told=_rule(arguments[1:], lang))


def _works(arguments: Arguments, lang: Lang) -> str:
    """Where somebody works, now or at the end of a day."""
    where = term(f"works_{arguments[0]}", lang)
    if len(arguments) == 1:
        return term("select_works", lang, place=where)
    day = arguments[1]
    return term("select_worked", lang, place=where, day=f"{day[:4]}-{day[4:6]}-{day[6:]}")


def _workplace(arguments: Arguments, lang: Lang) -> str:
    return term("select_workplace", lang, workplace=arguments[0])


def _leader(arguments: Arguments, lang: Lang) -> str:
    return term("select_leader", lang, leader=arguments[0])


def _cadre(arguments: Arguments, lang: Lang) -> str:
    return term("select_cadre", lang, cadre=arguments[0])


def _home(arguments: Arguments, lang: Lang) -> str:
    """A home by its number, and the answer of a rule about its households."""
    if len(arguments) == 1:
        return term("select_home", lang, home=arguments[0])
    return term("select_home_told", lang, home=arguments[0], told=_rule(arguments[1:], lang))


def _calendar(arguments: Arguments, lang: Lang) -> str:
    """A kind of money, a month, and what became of it; any of them left out."""
    kind, month, state = arguments
    money = term("calendar_money", lang) if kind == "any" else label("payment_kind", kind, lang)
    when = "" if month == "any" else f"{month[:4]}-{month[4:]}"
    told = term(f"calendar_{state}", lang)
    return term("select_item", lang, item=" ".join(filter(None, (when, money))), state=told)


def _notice(arguments: Arguments, lang: Lang) -> str:
    return term("select_notice", lang, state=term(f"notice_{arguments[0]}", lang))


WORDS: dict[str, Callable[[Arguments, Lang], str]] = {
    "rule": _rule,
    "today": _today,
    "class": _class,
    "nine": _nine,
    "inspection": _inspection,
    "what": _what,
    "left": _left,
    "paid": _paid,
    "unsecured": _unsecured,
    "sieve": _sieve,
    "site": _site,
    "cadre": _cadre,
    "home": _home,
    "calendar": _calendar,
    "works": _works,
    "workplace": _workplace,
    "leader": _leader,
    "notice": _notice,
}
