"""推演: what would move if a threshold were another. A section that any page may end with.

Nothing is written anywhere: the size stands in the address, the answer in this run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from metrics import deprivation
from rules.parameters import Parameter
from rules.registry import Rule, rules
from rules.whatif import Moves, Rejudged, Way, adjustable, rejudge
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.choice_bar import Span
from views.context.stage import Stage
from views.context.view import Amount
from views.parts import pieces, threshold_sources

# Villages listed; the rest are counted, and opened from their township.
_MOST = 20
# Where a slider begins for a threshold that was never known.
_UNKNOWN = {"percent": 20.0}
_SOME = 5_000.0


@dataclass(frozen=True, slots=True)
class Question:
    """What a page asks: rules, and the thresholds that may move, the first shown first.

    The rules that one threshold moves judge one relation.
    """

    rules: tuple[str, ...]
    thresholds: tuple[str, ...]

    def moved_by(self, threshold: str) -> list[Rule]:
        """The rules that the threshold, or one behind it, decides."""
        chosen = [rules()[key] for key in self.rules]
        return [rule for rule in chosen if threshold in adjustable(rule)]


GROUPS = Question(("income_drop", "borderline"), ("income_drop_percent", "monitoring_line_yuan"))
EXIT = Question(
    ("exit_income", "exit_met", "exit_lacks_one", "village_income", "village_rate", "village_met"),
    ("poverty_line_yuan", "village_collective_income_yuan", "village_poverty_rate_percent"),
)
MONITORING = Question(
    ("monitor_missed", "monitor_unstable", "monitor_borderline", "monitor_stricken"),
    ("monitoring_line_yuan", "own_payment_limit_yuan", "sudden_drop_percent"),
)
DEPRIVATION = Question((deprivation.RULE,), deprivation.THRESHOLDS)


def section(stage: Stage, question: Question) -> None:
    """The slider, what moves by it in all, and where."""
    amount = _asked(stage, question)
    parameter = stage.county.parameters[amount.key]
    moved = question.moved_by(amount.key)
    components.paper(_banner(stage, parameter), key="what_head")
    _controls(stage, question, amount)
    known = _in_force(stage, parameter)
    if amount.size == known or (known is None and stage.view.what is None):
        told = stage.t("what_unknown" if known is None else "what_still")
        components.paper(h("p", told, cls="sub"), key="what_told")
        return
    found = rejudge(
        stage.reader, [rule.key for rule in moved], stage.view.year, {amount.key: amount.size}
    )
    html = h(
        "section",
        pieces.heading(_finding(stage, found, moved[0], parameter, amount)),
        _totals(stage, found, moved, amount),
        _places(stage, found, moved[0], amount),
        threshold_sources.note(stage, moved, stage.view.year),
        cls="what",
    )
    components.paper(html, key="what_told")


def _asked(stage: Stage, question: Question) -> Amount:
    """The threshold and size of the address; the first threshold as it is, where there is none."""
    what = stage.view.what
    if what is not None and what.key in question.thresholds:
        return what
    return _unmoved(stage, question.thresholds[0])


def _in_force(stage: Stage, parameter: Parameter) -> float | None:
    held = parameter.in_year(stage.view.year)
    return None if held is None else float(held.value)


def _unmoved(stage: Stage, key: str) -> Amount:
    """A threshold at its value in the year; at the last one known, where the year has none."""
    parameter = stage.county.parameters[key]
    size = _in_force(stage, parameter)
    if size is None and parameter.values:
        size = float(parameter.values[-1].value)
    return Amount(key, _UNKNOWN.get(parameter.unit, _SOME) if size is None else size)


def span(parameter: Parameter, size: float) -> Span:
    """Where a threshold's slider goes, given its size in force."""
    if parameter.unit == "weight":
        return Span(0, 6, 0.5)
    if parameter.unit == "percent":
        return Span(0, 10, 0.5) if size <= 5 else Span(1, 60, 1)
    step = 50 if size < 10_000 else 1_000
    return Span(size / 2 // step * step, size * 2 // step * step, step)


def _controls(stage: Stage, question: Question, amount: Amount) -> None:
    parameters = stage.county.parameters
    first = question.thresholds[0]

    def settle(at: Stage, chosen: Amount) -> dict[str, Any]:
        """The first threshold as it is in force is the page without a what-if."""
        still = chosen.size == _in_force(at, parameters[chosen.key])
        return {"what": None if still and chosen.key == first else chosen}

    with st.container(key="what_bar"):
        if len(question.thresholds) > 1:
            options = list(question.thresholds)
            choice = choice_bar.Choice(
                "what_threshold",
                stage.t("what_threshold"),
                options,
                lambda key: stage.named(parameters[key]),
                amount.key,
                "segments",
            )
            choice_bar.choose(
                stage, "what_which", choice, lambda at, key: settle(at, _unmoved(at, key))
            )
        unit = stage.measure(parameters[amount.key].unit).unit
        choice_bar.slider(
            stage,
            f"what_{amount.key}",
            stage.headed(stage.named(parameters[amount.key]), unit),
            span(parameters[amount.key], _unmoved(stage, amount.key).size),
            amount.size,
            lambda at, size: settle(at, Amount(amount.key, size)),
        )


def _banner(stage: Stage, parameter: Parameter) -> Markup:
    tag = h("span", stage.t("what_tag"), cls="tag strong")
    now = threshold_sources.threshold(stage, parameter, stage.view.year)
    told = h("p", stage.t("what_note"), " ", stage.t("what_now"), now, cls="sub")
    return h("section", h("h2", tag, " ", stage.t("what_title")), told)


def _finding(
    stage: Stage, found: Rejudged, rule: Rule, parameter: Parameter, amount: Amount
) -> str:
    moves = found.total(rule.key, stage.view.region)
    return stage.t(
        "what_finding",
        threshold=stage.named(parameter),
        size=stage.measure(parameter.unit).level(amount.size),
        rule=stage.named(rule),
        entering=_measure(stage, rule).number(moves.entering),
        leaving=_measure(stage, rule).number(moves.leaving),
        unit=_measure(stage, rule).unit,
    )


def _measure(stage: Stage, rule: Rule) -> Any:
    return stage.measure("villages" if rule.relation == "village_fact" else "households")


def _totals(stage: Stage, found: Rejudged, moved: Sequence[Rule], amount: Amount) -> Markup:
    """A row a rule: how many met it, would meet it, enter and leave."""
    rows = []
    for rule in moved:
        moves = found.total(rule.key, stage.view.region)
        plain = [_measure(stage, rule).number(n) for n in (moves.before, moves.after)]
        rows.append(
            (
                stage.named(rule),
                *plain,
                *_ways(stage, rule, moves, amount, stage.view.region),
                _measure(stage, rule).number(moves.unknown),
            )
        )
    keys = ("what_rule", "what_before", "what_after", "what_in", "what_out", "unknown")
    return pieces.table([stage.t(key) for key in keys], rows, numeric=range(1, 6))


def _ways(
    stage: Stage, rule: Rule, moves: Moves, amount: Amount, region: str
) -> tuple[Markup, Markup]:
    """How many enter and how many leave, each opening the households; villages stand below."""

    def opened(way: Way, count: int) -> Markup:
        if rule.relation != "household_fact":
            return pieces.number(stage, count, "villages")
        href = stage.selected("what", rule.key, way, *str(amount).split("."), region=region)
        return pieces.number(stage, count, "households", href)

    return opened("in", moves.entering), opened("out", moves.leaving)


def _places(stage: Stage, found: Rejudged, rule: Rule, amount: Amount) -> Markup:
    """The villages where most enter or leave the first rule, under their townships' names."""
    here = {
        code: moves
        for code, moves in found.places[rule.key].items()
        if code.startswith(stage.view.region) and moves.moving
    }
    if not here:
        return Markup()
    order = sorted(here, key=lambda code: (-here[code].moving, code))
    rows = [
        (
            pieces.link(stage.href("village", region=code), stage.name(code)),
            stage.name(code[:9]),
            *_ways(stage, rule, here[code], amount, code),
        )
        for code in order[:_MOST]
    ]
    head = [stage.t(key) for key in ("village", "township", "what_in", "what_out")]
    rest = order[_MOST:]
    more = h("p", stage.t("what_more", count=len(rest)), cls="sub") if rest else ""
    title = h("h3", stage.t("what_where", rule=stage.named(rule), count=len(order)))
    return h("div", title, pieces.table(head, rows, numeric=(2, 3)), more)
