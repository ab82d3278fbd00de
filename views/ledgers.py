"""What the ledgers page draws: filters, the sentence, facets, the list, its pages, the export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from glossary import label
from metrics import lists
from metrics.filters import FINDINGS, STATES, HouseholdFilter
from metrics.groups import household_groups
from views import bar, components, pieces, selected
from views.address import ONLY
from views.export import households_workbook
from views.markup import Markup, h
from views.stage import Stage
from views.words import say

_SORTABLE = ("household_id", "village_code", "member_count", "per_capita_net_income_yuan",
             "income_change_percent", "own_payment_yuan")  # fmt: skip
_SHOWN = (
    "household_id",
    "head_name",
    "village_code",
    "member_count",
    "poverty_state",
    "per_capita_net_income_yuan",
    "income_change_percent",
    "own_payment_yuan",
)
_NUMERIC = ("member_count", "per_capita_net_income_yuan", "income_change_percent",
            "own_payment_yuan")  # fmt: skip


def state_name(stage: Stage, state: str) -> str:
    """A ledger state, or what the check found, in words."""
    return stage.t(state) if state in FINDINGS else label("ledger_state", state, stage.lang)


def group_name(stage: Stage) -> str:
    """The group, or the exact combination of groups, that the view is about."""
    keys = (stage.view.group or "").split(".")
    rules = stage.county.rules
    names = "+".join(stage.named(rules[key]) for key in keys if key in rules)
    return stage.t("only_groups", groups=names) if keys[0] == ONLY else names


def filter_row(stage: Stage) -> None:
    """Group, state and search: the filters that only this page has."""
    rules = stage.county.rules

    def read_group(key: str) -> str:
        if key in rules:
            return stage.named(rules[key])
        return group_name(stage) if key else stage.t("all_groups")

    groups = ["", *rules]
    if stage.view.group and stage.view.group not in groups:
        groups.append(stage.view.group)
    bar.choices(
        stage,
        "ledger_bar",
        [
            bar.Choice(
                "bar_group",
                stage.t("group"),
                groups,
                read_group,
                stage.view.group or "",
                width=240,
            ),
            bar.Choice(
                "bar_state",
                stage.t("state"),
                ["", *STATES],
                lambda state: state_name(stage, state) if state else stage.t("all_states"),
                stage.view.state or "",
            ),
            bar.Choice(
                "bar_q",
                stage.t("search"),
                (),
                str,
                stage.view.q,
                "text",
                stage.t("search_hint"),
                width=340,
            ),
        ],
    )


def filter_words(stage: Stage) -> str:
    """The filter in words: what stands above the list and in the export."""
    view, parts = stage.view, [stage.place.name]
    parts.append(str(view.year) if stage.lang == "en" else f"{view.year}年")
    if stage.indicator:
        parts.append(stage.named(stage.indicator))
    if view.select:
        parts.append(selected.words(view.select, stage.lang))
    if view.group:
        parts.append(group_name(stage))
    if view.state:
        parts.append(stage.t("sentence_state", state=state_name(stage, view.state)))
    if view.q:
        parts.append(stage.t("sentence_q", q=view.q))
    return " · ".join(parts)


def sentence(stage: Stage, counts: Mapping[str, int]) -> None:
    """What is filtered, and how much it finds."""
    text = stage.t(
        "sentence",
        parts=filter_words(stage),
        households=f"{counts['households']:,}",
        people=f"{counts['people']:,}",
    )
    clear = stage.href("ledgers", indicator="", select=None, group=None, state=None, q="", page=1)
    view = stage.view
    filtered = view.select or view.group or view.state or view.q or view.indicator
    html = h(
        "div",
        h("h1", text, cls="sentence"),
        pieces.link(clear, stage.t("clear_filters"), cls="clear") if filtered else "",
        cls="told",
    )
    components.paper(html, key="sentence")


def facet_links(stage: Stage, counts: Mapping[str, int], states: Mapping[str, int]) -> None:
    """Counts by group and by state within what is filtered; a click filters further, or back."""

    def chip(name: str, count: int, chosen: bool, href: str) -> Markup:
        return pieces.facet(name, f"{count:,}", href if count or chosen else "", chosen)

    view = stage.view
    groups = [
        chip(
            stage.named(rule),
            counts[key],
            view.group == key,
            stage.href("ledgers", group=None if view.group == key else key),
        )
        for key, rule in stage.county.rules.items()
    ]
    by_state = [
        chip(
            state_name(stage, state),
            states.get(state, 0),
            view.state == state,
            stage.href("ledgers", state=None if view.state == state else state),
        )
        for state in STATES
    ]
    rows = h("div", h("div", *groups, cls="facets"), h("div", *by_state, cls="facets"))
    components.paper(rows, key="facets")


def households(stage: Stage, rows: Sequence[Mapping[str, Any]]) -> None:
    """One row a household; heads sort, the number opens the file, the village its page."""
    head = [_sort_head(stage, column) for column in _SHOWN] + [stage.t("groups_in")]
    body = [
        (*(_cell(stage, column, row) for column in _SHOWN), _groups(stage, row)) for row in rows
    ]
    numeric = [i for i, column in enumerate(_SHOWN) if column in _NUMERIC]
    components.paper(pieces.table(head, body, numeric=numeric, cls="data tight"), key="households")


def _sort_head(stage: Stage, column: str) -> Markup | str:
    name = stage.t(column)
    if column not in _SORTABLE:
        return name
    current = stage.view.sort
    first = column if column in ("household_id", "village_code") else f"-{column}"
    other = column if first != column else f"-{column}"
    arrow = {column: " ▲", f"-{column}": " ▼"}.get(current, "")
    target = other if current == first else first
    return pieces.link(stage.href("ledgers", sort=target, page=1), name, arrow)


def _cell(stage: Stage, column: str, row: Mapping[str, Any]) -> Markup | str:
    text = say(stage, column, row[column], unit=column == "income_change_percent")
    if column == "household_id":
        return pieces.link(stage.href("household", id=row[column]), text)
    if column == "village_code":
        return pieces.link(stage.href("village", region=row[column]), text)
    return text


def _groups(stage: Stage, row: Mapping[str, Any]) -> Markup:
    rules = stage.county.rules
    names = [stage.named(rules[key]) for key in household_groups(row, rules)]
    return h("span", "、".join(names) if stage.lang == "zh" else ", ".join(names), cls="note")


def turn_pages(stage: Stage, page: int, pages: int) -> None:
    """Links to the pages near this one, the first and the last."""
    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    links = [
        h("b", str(number), aria_current="page")
        if number == page
        else pieces.link(stage.href(stage.spec.key, page=number), str(number))
        for number in near
    ]
    told = h("span", stage.t("page_of", page=page, pages=pages), cls="sub")
    components.paper(h("nav", *links, told, cls="pager"), key="pages")


def export(stage: Stage, wanted: HouseholdFilter) -> None:
    """A workbook of exactly the filtered rows, built only when it is asked for."""
    table = f"{stage.county.code}_{stage.county.data_date}_{stage.t('export_sheet')}.xlsx"

    def build() -> bytes:
        rows = lists.all_households(stage.reader, wanted, stage.county.rules, stage.view.sort)
        return households_workbook(stage, rows, filter_words(stage))

    st.download_button(
        stage.t("export"), build, file_name=table, key="export", on_click="ignore",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )  # fmt: skip


def nothing(stage: Stage) -> None:
    """The filter finds nobody: say so, and how to go on."""
    components.paper(
        pieces.empty(stage, stage.t("no_rows"), stage.t("no_rows_hint")), key="nothing"
    )
