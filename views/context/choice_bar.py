"""The filter bar: widgets that begin with the address's values, each change writes the address.

The address is the only truth. Where it is not what a widget stands at (a link, Back, Forward, or
another choice that this one follows), a new widget takes the old one's place and begins with the
address's value. A widget that is there is never told another value: such an order is sent with one
run only, and a browser that takes two runs at once shows the second without it.

A browser sends the words of an option, not its code. Words of another language, or of another data
date, name no option any more: they change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from metrics.registry import indicators, themes
from metrics.subjects import subject_of
from views.browser.components import screen_size
from views.context import address, place_choices, searching
from views.context.address import SCALES
from views.context.stage import Stage, set_stage
from views.context.standing import stands, told_apart
from views.parts import withdrawn_notice

# What a widget's new value changes in the view.
Turn = Callable[[Stage, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One widget of the bar: its key, label, options in order, and how an option reads."""

    key: str
    label: str
    options: Sequence[Any]
    read: Callable[[Any], str]
    value: Any
    kind: str = "select"
    hint: str = ""
    width: int = 160
    # An option's group and what it is called there, where options stand in groups.
    grouped: Callable[[Any], tuple[str, str]] | None = None


def _changed(stage: Stage, key: str, turn: Turn, options: Sequence[Any] | None = None) -> None:
    """Write the address for a widget that was changed; ``options`` are all that it can be."""
    value = st.session_state[key]
    if options is not None and not _known(value, options):
        return
    # A page that is one scene may have gone on since the widget was drawn.
    stage = set_stage(stage.spec) if stage.spec.scene else stage
    changes = turn(stage, value)
    searching.keep(changes.get("q") or "")
    href = stage.href(stage.spec.key, **changes)
    st.query_params.from_dict(dict(parse_qsl(urlsplit(href).query)))


def _known(value: Any, options: Sequence[Any]) -> bool:
    """Whether a widget's value, or each of several, is an option, not the words of an old one."""
    return all(one in options for one in (value if isinstance(value, list) else [value]))


def _draw(stage: Stage, choice: Choice, turn: Turn) -> None:
    width = round(choice.width * (1.25 if screen_size() == "wall" else 1))
    words = told_apart(choice.options, choice.read)
    key, began = stands(choice.key, choice.value, tuple(words.values()))
    known = None if choice.kind == "text" else choice.options
    common: dict[str, Any] = {
        "key": key,
        "on_change": _changed,
        "args": (stage, key, turn, known),
        "label_visibility": "collapsed",
    }
    label, options = choice.label, choice.options
    if choice.kind == "text":
        # What is typed may be a person's name: the browser is not to remember it either.
        st.text_input(label, began, placeholder=choice.hint, max_chars=searching.LONGEST,
                      width=width, autocomplete="off", **common)  # fmt: skip
    elif choice.kind == "segments":
        st.segmented_control(
            label, options, default=began, format_func=words.__getitem__, required=True, **common
        )
    else:
        index = options.index(began) if began in options else None
        st.selectbox(
            label, options, index=index, format_func=words.__getitem__, width=width, **common
        )


def _region_choices(stage: Stage) -> list[tuple[Choice, Turn]]:
    found: list[tuple[Choice, Turn]] = []
    for offer in (place_choices.townships(stage), place_choices.villages(stage)):
        if offer is not None:
            choice = Choice(
                offer.key, stage.t(offer.label), offer.options, offer.read, offer.chosen
            )
            found.append((choice, place_choices.to_place))
    return found


def _field(name: str) -> Turn:
    return lambda _stage, value: {name: value}


def _year_choice(stage: Stage) -> Choice:
    years = list(stage.bounds.years)
    if stage.indicator is not None and "indicator" in stage.spec.keys:
        years = list(stage.county.cube.years(stage.indicator.key)) or years
    if stage.view.year not in years:
        years = sorted({*years, stage.view.year})
    return Choice("bar_year", stage.t("year"), years, str, stage.view.year, "segments")


def _indicator_choice(stage: Stage) -> Choice:
    groups = themes()

    def grouped(key: str) -> tuple[str, str]:
        if not key:
            return "", stage.t("any_indicator")
        indicator = indicators()[key]
        return groups[indicator.theme][stage.lang], stage.named(indicator)

    def read(key: str) -> str:
        return " · ".join(filter(None, grouped(key)))

    options = list(indicators())
    if stage.spec.indicator == "":
        options = ["", *(key for key in options if subject_of(indicators()[key]))]
    return Choice(
        "bar_indicator", stage.t("indicator"), options, read, stage.view.indicator, width=300,
        grouped=grouped,
    )  # fmt: skip


def _level_choice(stage: Stage) -> Choice:
    return Choice(
        "bar_level",
        stage.t("level"),
        ["township", "village"],
        lambda level: stage.t(level),
        stage.view.level,
        "segments",
    )


def _scale_choice(stage: Stage) -> Choice:
    return Choice(
        "bar_scale",
        stage.t("scale"),
        SCALES,
        lambda scale: stage.t(f"scale_{scale}"),
        stage.view.scale,
        "segments",
    )


def _snapshot_choice(stage: Stage) -> Choice:
    options = sorted(stage.bounds.snapshots, reverse=True)
    read = withdrawn_notice.dated(stage, "data_of", options).__getitem__
    return Choice(
        "bar_snapshot", stage.t("data_date"), options, read, stage.view.snapshot, width=180
    )


def _lang_choice(stage: Stage) -> Choice:
    names = {"zh": "中文", "en": "English"}
    return Choice(
        "bar_lang", stage.t("language"), ["zh", "en"], names.__getitem__, stage.lang, "segments"
    )


def of_page(stage: Stage) -> list[tuple[Choice, Turn]]:
    """The choices of the page's own keys, each with what it changes in the view."""
    if stage.view.sample is not None:  # which is of the place and data that it was drawn from
        return []
    keys = stage.spec.keys
    found = _region_choices(stage) if "region" in keys and not address.is_file(keys) else []
    if "indicator" in keys:
        found.append((_indicator_choice(stage), _field("indicator")))
    if "level" in keys:
        found.append((_level_choice(stage), _field("level")))
    if "scale" in keys:
        found.append((_scale_choice(stage), _field("scale")))
    if "year" in keys and not address.is_file(keys) and stage.view.against is None:
        found.append((_year_choice(stage), _field("year")))
    if len(stage.bounds.snapshots) > 1:
        found.append((_snapshot_choice(stage), _field("snapshot")))
    return found


def language(stage: Stage) -> None:
    """The language."""
    _draw(stage, _lang_choice(stage), _field("lang"))


def filter_bar(stage: Stage) -> None:
    """Draw the choices of the page's own keys."""
    with st.container(horizontal=True, vertical_alignment="center", key="bar"):
        for choice, turn in of_page(stage):
            _draw(stage, choice, turn)


def choices(stage: Stage, key: str, wanted: Sequence[Choice]) -> None:
    """A further row of choices, each for the query key that ends its own key (``bar_group``)."""
    with st.container(horizontal=True, vertical_alignment="center", key=key):
        for choice in wanted:
            _draw(stage, choice, _field_or_none(choice.key.removeprefix("bar_")))


@dataclass(frozen=True, slots=True)
class Span:
    """Where a slider goes: from, to, and by how much."""

    low: float
    high: float
    step: float

    def around(self, value: float) -> Span:
        """The span, as much wider as it takes to hold the value."""
        return Span(min(self.low, value), max(self.high, value), self.step)


def slider(stage: Stage, key: str, name: str, span: Span, value: float, turn: Turn) -> None:
    """A slider that writes the address when it is let go; ``turn`` says what its value changes."""
    wide = span.around(value)
    key, began = stands(key, float(value), wide)
    st.slider(
        name,
        float(wide.low),
        float(wide.high),
        began,
        step=float(wide.step),
        format="localized",
        key=key,
        on_change=_changed,
        args=(stage, key, turn),
    )


def choose(stage: Stage, key: str, wanted: Choice, turn: Turn) -> None:
    """One choice in a row of its own, with its own meaning for the address."""
    choose_each(stage, key, [(wanted, turn)])


def choose_each(stage: Stage, key: str, wanted: Sequence[tuple[Choice, Turn]]) -> None:
    """Choices in a row of their own, each with its own meaning for the address."""
    with st.container(horizontal=True, vertical_alignment="center", key=key):
        for choice, turn in wanted:
            _draw(stage, choice, turn)


def since(stage: Stage, year: int | None) -> Choice:
    """The earlier year of a comparison: those before the year shown, ``year`` chosen."""
    return Choice(
        "bar_since",
        stage.t("since_year"),
        [other for other in stage.bounds.years if other < stage.view.year],
        lambda other: stage.t("since_end_of", year=other),
        year,
        width=220,
    )


def _field_or_none(name: str) -> Turn:
    """The empty option is no filter; a search is text, the indicator's default is empty too."""
    if name == "q":
        return lambda _stage, value: {name: searching.folded(value)}
    return lambda _stage, value: {name: value if value or name == "indicator" else None}


def choose_many(
    stage: Stage,
    key: str,
    label: str,
    options: Sequence[str],
    read: Callable[[str], str],
    most: int,
) -> None:
    """A choice of several values of one key, outside the bar, kept in the address like the rest."""
    words = told_apart(options, read)
    widget, began = stands(f"choose_{key}", list(getattr(stage.view, key)), tuple(words.values()))
    st.multiselect(
        label,
        options,
        began,
        key=widget,
        format_func=words.__getitem__,
        max_selections=most,
        placeholder=stage.t("choose"),
        on_change=_changed,
        args=(stage, widget, lambda _stage, chosen: {key: tuple(chosen)}, options),
    )
