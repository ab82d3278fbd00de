"""The filter bar of a page that is one scene: choices whose every option is an address.

Choosing is a step within the page, as a link is; the arrows of the keyboard go through the years as
fast as they are pressed. Pages that are no scenes have the same choices as Streamlit's widgets
(``views.context.choice_bar``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.choice_bar import Choice, Turn
from views.context.stage import Stage
from views.context.standing import told_apart

# What changes more than the page: choosing it is no step.
_WHOLE = {"bar_snapshot"}


def bar(stage: Stage) -> Markup:
    """The choices of the page's own keys."""
    drawn = (_choice(stage, choice, turn) for choice, turn in choice_bar.of_page(stage))
    return h("div", *drawn, cls="choices", role="group", aria_label=stage.t("choices"))


def _choice(stage: Stage, choice: Choice, turn: Turn) -> Markup:

    def href(value: Any) -> str:
        return stage.href(stage.spec.key, **turn(stage, value))

    if choice.kind == "segments":
        words = told_apart(choice.options, choice.read)
        each = (
            h("label", _radio(choice, value, href(value)), h("span", words[value]))
            for value in choice.options
        )
        return h("div", *each, cls="segments", role="radiogroup", aria_label=choice.label)
    return h(
        "select",
        *_options(choice, href),
        aria_label=choice.label,
        data_choice=choice.key,
        data_whole=choice.key in _WHOLE,
        style=f"--width: {choice.width / 16}rem",
    )


def _options(choice: Choice, href: Callable[[Any], str]) -> list[Markup]:
    """The options, in their groups where there are any: typing finds one by its own name then."""
    if choice.grouped is None:
        return _each(choice, choice.options, told_apart(choice.options, choice.read), href)
    named = {value: choice.grouped(value) for value in choice.options}
    groups: dict[str, dict[Any, str]] = {}
    for value, (group, name) in named.items():
        groups.setdefault(group, {})[value] = name
    return [
        h("optgroup", *_each(choice, list(words), words, href), label=group)
        for group, words in groups.items()
    ]


def _each(
    choice: Choice, values: Sequence[Any], words: Mapping[Any, str], href: Callable[[Any], str]
) -> list[Markup]:
    return [
        h("option", words[value], value=href(value), selected=value == choice.value)
        for value in values
    ]


def _radio(choice: Choice, value: Any, href: str) -> Markup:
    chosen = value == choice.value
    return h(
        "input", type="radio", name=choice.key, value=href, checked=chosen, data_choice=choice.key
    )
