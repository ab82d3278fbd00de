"""Where a threshold without a trustworthy source, or without any value, is used: it says so there.

A mark is a shape and a word, never a colour alone; it stands in tables, under figures, on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import glossary
from metrics.registry import Indicator
from rules.parameters import DatedValue, Parameter
from rules.phrases import Phrases
from rules.registry import Rule, needed, systems
from rules.registry import rules as all_rules
from views.browser import markup
from views.browser.markup import Markup, h, join
from views.context.stage import Stage


def held(parameter: Parameter, when: int | date) -> DatedValue | None:
    """The value in force on a day or, given a year, at its end; None where none is known."""
    return parameter.in_year(when) if isinstance(when, int) else parameter.at(when)


def asked(stage: Stage, rules: Iterable[Rule]) -> list[Parameter]:
    """The thresholds that the rules, and those they ask, name, in the order declared."""
    named = {name for layer in needed(rules) for rule in layer for name in rule.names}
    return [parameter for key, parameter in stage.county.parameters.items() if key in named]


def mark(stage: Stage, value: DatedValue | None) -> Markup:
    """That a value is weakly sourced, or that there is none; nothing where it can be trusted."""
    if value is None:
        return h("span", stage.t("value_missing"), cls="mark unfilled")
    return h("span", stage.t("weak_source"), cls="mark weak") if value.weak else Markup()


def document(stage: Stage, value: DatedValue) -> str:
    """A value's document and, where it was not read itself, where it was."""
    return stage.t("rule_comma").join(filter(None, Phrases(stage.lang, glossary).documents(value)))


def threshold(stage: Stage, parameter: Parameter, when: int | date) -> Markup:
    """A threshold as it is used on a day or in a year: name, value, mark; its document on hover."""
    value = held(parameter, when)
    number = "" if value is None else stage.measure(parameter.unit).level(value.value)
    words = " ".join(filter(None, (stage.named(parameter), number)))
    trust = mark(stage, value)
    title = document(stage, value) if value else None
    return h("span", words, join(" ", trust) if trust else "", title=title)


def note(stage: Stage, rules: Sequence[Rule], when: int | date) -> Markup:
    """What of the rules' thresholds and definitions is weakly sourced or missing, folded to one
    mark that opens it.

    To stand under whatever shows the rules' answers; empty where everything can be trusted. Rules
    that did not exist in the year are left out.
    """
    year = when if isinstance(when, int) else when.year
    rules = [rule for rule in rules if rule.exists(year)]
    return _note(stage, rules, asked(stage, rules), when)


def of_systems(stage: Stage, *keys: str) -> Markup:
    """The same for all rules of some systems, at the data date."""
    known = [rule for key in keys for rule in systems()[key].rules.values()]
    return note(stage, known, stage.newest)


def note_on(stage: Stage, condition: str, when: int | date) -> Markup:
    """The same of a condition in SQL, such as a check's or an indicator's, and of rules it asks."""
    named = set(re.findall(r"\w+", condition))
    rules = [rule for rule in all_rules().values() if rule.column in named]
    below = asked(stage, rules)
    parameters = [p for p in stage.county.parameters.values() if p.key in named or p in below]
    return _note(stage, rules, parameters, when)


def of_indicator(stage: Stage, indicator: Indicator, when: int | date) -> Markup:
    """The same of an indicator's conditions."""
    measures = filter(None, (indicator.numerator, indicator.denominator))
    return note_on(stage, " ".join(measure.condition for measure in measures), when)


def _note(
    stage: Stage, rules: Sequence[Rule], parameters: Sequence[Parameter], when: int | date
) -> Markup:
    parts = [*_thresholds(stage, parameters, when)]
    missing = any(held(parameter, when) is None for parameter in parameters)
    if doubted := [rule for rule in rules if rule.weak]:
        names = _listed(stage, [stage.named(rule) for rule in doubted])
        trust = h("span", stage.t("weak_source"), cls="mark weak")
        parts.append(join(trust, " ", stage.t("sources_doubted", names=names)))
    if not parts:
        return Markup()
    about = rules[0].key if len(rules) == 1 else None
    more = markup.link(stage.href("definitions", rule=about), stage.t("page_definitions"))
    shown = stage.t("value_missing" if missing else "weak_source")
    folded = h("summary", h("span", shown, cls=f"mark {'unfilled' if missing else 'weak'}"))
    told = h("p", *(h("span", part, cls="part") for part in parts), more)
    return h("details", folded, told, cls="sub sources")


def _thresholds(
    stage: Stage, parameters: Sequence[Parameter], when: int | date
) -> Iterator[Markup]:
    """Those without a value, then those with a weak one."""
    year = when if isinstance(when, int) else when.year
    if missing := [p for p in parameters if held(p, when) is None]:
        names = _listed(stage, [stage.named(p) for p in missing])
        yield join(mark(stage, None), " ", stage.t("sources_missing", names=names, year=year))
    if weak := [(p, v) for p in parameters if (v := held(p, when)) and v.weak]:
        told = _listed(stage, [_weak(stage, p, value) for p, value in weak])
        yield join(mark(stage, weak[0][1]), " ", told)


def _weak(stage: Stage, parameter: Parameter, value: DatedValue) -> str:
    number = stage.measure(parameter.unit).level(value.value)
    name = stage.named(parameter)
    return stage.t("sources_weak", name=name, value=number, source=document(stage, value))


def _listed(stage: Stage, words: Sequence[str]) -> str:
    return (";" if stage.lang == "zh" else "; ").join(words)
