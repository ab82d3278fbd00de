"""The conditions of the list: those that are on, and of one field what each value would leave."""

from __future__ import annotations

import unicodedata
from functools import partial
from typing import Any

import streamlit as st

from metrics import facets
from metrics.conditions import MODES, Bound, Condition, ConditionError, bound_of, written
from metrics.facets import Offered
from metrics.fields import Field
from metrics.subjects import HOUSEHOLD
from metrics.zones import ZONE
from state.database import StateError
from views.browser import components
from views.browser.markup import Markup, h, link
from views.browser.notices import notice
from views.context import choice_bar
from views.context.choice_bar import Choice
from views.context.stage import Stage
from views.parts import pieces
from views.parts.condition_words import Words, measure
from views.parts.list_columns import Columns

_PAGE = "ledgers"
_UNREAD = "condition_unread"  # in the session: a typed end that could not be used, for the next run


def _readable(stage: Stage) -> bool:
    """Whether what the conditions ask for can be read; that it cannot is said."""
    try:
        stage.households()
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="where_unread")
        return False
    return True


def panel(stage: Stage) -> bool:
    """The conditions that are on, and the values of the one that is being chosen; whether what they
    ask for can be read."""
    if not _readable(stage):
        return False
    words = Words(stage.county, stage.bounds.fields, stage.lang)
    if given := st.session_state.pop(_UNREAD, ""):
        notice([stage.t("condition_unread", given=given)], alert=True, key="condition_unread")
    on = chips(stage) if stage.view.facet or stage.subject != HOUSEHOLD else None
    if on is not None:  # of a list of households alone they are a block of it
        components.paper(on, key="conditions")
    if stage.view.facet:
        _values(stage, words, stage.bounds.fields[stage.view.facet])
    return True


def chips(stage: Stage) -> Markup | None:
    """The conditions that are on, each to be changed or taken off; None where there is none."""
    if not stage.view.where:
        return None
    words = Words(stage.county, stage.bounds.fields, stage.lang)
    return h(
        "div", *(_chip(stage, words, one) for one in stage.view.where), cls="facets conditions"
    )


def choice(stage: Stage) -> Choice:
    """The choice of a field that a condition is to be on, found by typing a part of its name."""
    words = Words(stage.county, stage.bounds.fields, stage.lang)
    offered = [key for key, of in stage.bounds.fields.items() if of.kind != "named"]
    return Choice(
        "bar_facet",
        stage.t("conditions"),
        ["", *offered],
        lambda key: words.offered(key) if key else stage.t("condition_add"),
        stage.view.facet or "",
        width=380,
    )


def _chip(stage: Stage, words: Words, asked: Condition) -> Markup:
    """A condition, which opens its field, and a click that takes it off."""
    name = words.condition(asked)
    where = tuple(one for one in stage.view.where if one != asked)
    off = stage.t("take_back_one", name=name)
    taken = link(stage.href(_PAGE, where=where), "×", title=off, aria_label=off)
    if stage.bounds.fields[asked.field].kind == "named":
        return h("span", h("span", name, cls="name"), taken, cls="chip")
    href = stage.href(_PAGE, facet=asked.field)
    return h("span", link(href, name, title=stage.t("condition_change")), taken, cls="chip")


def _values(stage: Stage, words: Words, of: Field) -> None:
    """What could be asked of a field, each with what it would leave."""
    now = next((one for one in stage.view.where if one.field == of.key), None)
    among = _among(stage, of, now)
    found = facets.offered(stage.reader, stage.households(), of, among)
    html = h(
        "section",
        _heading(stage, words, of),
        _modes(stage, of, now),
        h("div", *(_offer(stage, words, of, now, one) for one in found), cls="facets"),
        cls="choosing",
    )
    components.paper(html, key="choosing")
    if of.kind == "range":
        _ends(stage, words, of, now)


def _heading(stage: Stage, words: Words, of: Field) -> Markup:
    name = stage.t("condition_of", name=words.name(of.key))
    early = of.latest and stage.households().year != stage.newest
    close = link(stage.href(_PAGE, facet=None), stage.t("condition_close"))
    shown = Columns(stage).shown
    column = (
        link(stage.href(_PAGE, cols=(*shown, of.key)), stage.t("column_add"))
        if of.shown and of.key not in shown
        else None
    )
    note = h("p", stage.t("condition_latest", year=stage.newest), cls="sub") if early else None
    return h("div", h("h2", name, " ", h("small", column, " ", close)), note, cls="finding")


def _modes(stage: Stage, of: Field, now: Condition | None) -> Markup | None:
    """In which way several values are asked for, once there is one."""
    if now is None or not now.values or of.kind == "range":
        return None
    ways = [
        pieces.facet_way(
            stage.t(f"condition_{mode}"),
            stage.href(_PAGE, where=_but(stage, Condition(of.key, now.values, mode))),
            mode == now.mode,
        )
        for mode in MODES
        if mode in of.modes
    ]
    name = h("span", stage.t("condition_modes"), cls="name")
    return h("div", name, *ways, cls="facets")


def _offer(
    stage: Stage, words: Words, of: Field, now: Condition | None, one: Offered
) -> Markup | None:
    """A value, or a band of a range, with the households that it would leave."""
    if of.kind == "range":
        chosen, then = one.asked == now, None if one.asked == now else one.asked
        name = words.said(one.asked)
    else:
        value = one.value
        chosen = now is not None and value in now.values
        then, name = facets.turned(of, now, value), words.value(of, value)
    if not one.households and not chosen:
        return pieces.facet(name, "0", "") if of.kind == "choice" else None
    where = _but(stage, then) if then else _without(stage, of.key)
    return pieces.facet(name, f"{one.households:,}", stage.href(_PAGE, where=where), chosen)


def _but(stage: Stage, asked: Condition) -> tuple[Condition, ...]:
    return stage.households().having(asked).where


def _without(stage: Stage, key: str) -> tuple[Condition, ...]:
    return stage.households().without(key).where


def _among(stage: Stage, of: Field, now: Condition | None) -> set[str] | None:
    """The values of a field with very many that are offered at a time; None for all of them."""
    if of.says == "place":
        return _places(stage, now)
    return _zones(stage, now) if of.says == "zone" else None


def _zones(stage: Stage, now: Condition | None) -> set[str]:
    """The zones, those that are chosen, and the grids directly in these and in the one shown."""
    chosen = {*(now.values if now else ()), *([stage.view.zone] if stage.view.zone else ())}
    every = stage.county.zones
    return chosen | {
        code
        for code in stage.bounds.grids
        if every[code].level == ZONE or every[code].parent in chosen
    }


def _places(stage: Stage, now: Condition | None) -> set[str]:
    """The places inside the one shown, those that are chosen, and what lies in these."""
    chosen = now.values if now else ()
    inside = [stage.view.region, *chosen]
    found = {place.code for code in inside for place in stage.county.children(code, stage.scope)}
    return found | {*chosen}


def _ends(stage: Stage, words: Words, of: Field, now: Condition | None) -> None:
    """The ends of a range, to be typed; what cannot be used of them is said."""
    ends = {"low": now.low if now else None, "high": now.high if now else None}
    if of.day:
        names = {"low": stage.t("condition_first"), "high": stage.t("condition_last")}
    else:
        unit = measure(of, stage.lang).unit or words.name(of.key)
        names = {end: stage.t(f"condition_{end}", unit=unit) for end in ends}
    choice_bar.choose_each(
        stage,
        "ends_bar",
        [
            (
                Choice(f"bar_{end}_{of.key}", names[end], (), str,
                       "" if value is None else written(value), "text", names[end], 200),
                partial(_typed, of, now, end),
            )
            for end, value in ends.items()
        ],
    )  # fmt: skip


def _typed(of: Field, now: Condition | None, end: str, stage: Stage, text: str) -> dict[str, Any]:
    """The change that a typed end stands for; none where it cannot be read."""
    ends: dict[str, Bound | None] = {"low": None, "high": None}
    if now is not None:
        ends = {"low": now.low, "high": now.high}
    under = now is not None and now.under and end == "low"
    try:
        ends[end] = _bound(of, text)
        asked = Condition(of.key, low=ends["low"], high=ends["high"], under=under)
        if ends["low"] is None and ends["high"] is None:
            return {"where": _without(stage, of.key)}
        return {"where": _but(stage, of.read(str(asked).removeprefix(f"{of.key}.")))}
    except ConditionError:
        st.session_state[_UNREAD] = text
        return {}


def _bound(of: Field, text: str) -> Bound | None:
    """A typed number or day; full-width forms and separators of thousands are seen through."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace(",", "")
    if not plain:
        return None
    if of.day:
        plain = plain.replace("/", "-").replace("年", "-").replace("月", "-").removesuffix("日")
    return bound_of(plain, day=of.day)
