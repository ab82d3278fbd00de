"""What the ledgers page draws: filters, the sentence, facets, the list, its pages, the export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glossary import label
from metrics import lists
from metrics.filters import FINDINGS, STATES, HouseholdFilter
from metrics.subjects import ENTRY, HOUSEHOLD
from store.published_dates import data_date
from views.browser import components, notices
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.stage import Stage
from views.context.values import ONLY
from views.parts import download, pieces, selection_words
from views.parts.condition_words import Words
from views.parts.download import Outgoing
from views.parts.list_columns import Columns
from views.parts.workbook import file_name, households_workbook


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter more, or one that is chosen and would be taken back."""

    key: str
    name: str
    changes: Mapping[str, Any]
    chosen: bool


def state_name(stage: Stage, state: str) -> str:
    """A ledger state, or what the check found, in words."""
    return stage.t(state) if state in FINDINGS else label("ledger_state", state, stage.lang)


def group_name(stage: Stage) -> str:
    """The group, or the exact combination of groups, that the view is about."""
    keys = (stage.view.group or "").split(".")
    rules = stage.county.rules
    names = "+".join(stage.named(rules[key]) for key in keys if key in rules)
    return stage.t("only_groups", groups=names) if keys[0] == ONLY else names


def filter_row(stage: Stage, further: choice_bar.Choice) -> None:
    """Group, state and search, the filters that only this page has, and a ``further`` choice."""
    rules = stage.county.rules

    def read_group(key: str) -> str:
        if key in rules:
            return stage.named(rules[key])
        return group_name(stage) if key else stage.t("all_groups")

    groups = ["", *rules]
    if stage.view.group and stage.view.group not in groups:
        groups.append(stage.view.group)
    choice_bar.choices(
        stage,
        "ledger_bar",
        [
            choice_bar.Choice(
                "bar_group",
                stage.t("group"),
                groups,
                read_group,
                stage.view.group or "",
                width=240,
            ),
            choice_bar.Choice(
                "bar_state",
                stage.t("state"),
                ["", *STATES],
                lambda state: state_name(stage, state) if state else stage.t("all_states"),
                stage.view.state or "",
            ),
            choice_bar.Choice(
                "bar_q",
                stage.t("search"),
                (),
                str,
                stage.view.q,
                "text",
                stage.t("search_hint" if stage.viewer.finds else "search_hint_code"),
                width=340,
            ),
            further,
        ],
    )


def filter_words(stage: Stage) -> str:
    """The filter in words: what stands above the list and in the export."""
    view, parts = stage.view, [stage.place.name]
    parts.append(_period(stage))
    if stage.indicator:
        parts.append(stage.named(stage.indicator))
    if view.select:
        parts.append(selection_words.words(view.select, stage.lang))
    if view.where:
        said = Words(stage.county, stage.bounds.fields, stage.lang)
        parts += [said.condition(one) for one in view.where]
    if view.group:
        parts.append(group_name(stage))
    if view.ledger:
        group = stage.named(stage.county.rules[view.ledger])
        parts.append(
            stage.t("sentence_ledger" if view.state else "sentence_in_ledger", group=group)
        )
    if view.state:
        parts.append(stage.t("sentence_state", state=state_name(stage, view.state)))
    if view.q:
        parts.append(stage.t("sentence_q", q=view.q))
    if view.against:
        other = data_date(stage.county.home, view.against)
        parts.append(stage.t("sentence_against", date=other))
    return " · ".join(parts)


def _of_data_date(stage: Stage) -> bool:
    """Whether the ledgers are asked, which are those of the data date."""
    return bool(stage.view.state or stage.view.ledger or stage.view.by == ENTRY)


def _period(stage: Stage) -> str:
    """The year of the facts; a state of the ledgers is that of the data date."""
    if _of_data_date(stage):
        return str(stage.county.data_date)
    return str(stage.view.year) if stage.lang == "en" else f"{stage.view.year}年"


def of_households(stage: Stage, households: int, people: int) -> str:
    """The sentence of a list of households."""
    return stage.t(
        "sentence", parts=filter_words(stage), households=f"{households:,}", people=f"{people:,}"
    )


def sentence(stage: Stage, text: str) -> None:
    """The sentence over a list that is no scene."""
    components.paper(sentence_of(stage, text), key="sentence")


def sentence_of(stage: Stage, text: str) -> Markup:
    """What is filtered and how much it finds, and the way back to everything."""
    clear = stage.href(
        "ledgers", indicator="", select=None, where=(), group=None, state=None, ledger=None,
        by=HOUSEHOLD, against=None, q="", page=1, facet=None, pick=(),
    )  # fmt: skip
    view = stage.view
    filtered = (
        view.select or view.where or view.group or view.state or view.ledger or view.q
        or view.indicator or view.against
    )  # fmt: skip
    other = _of_data_date(stage) and view.year != stage.newest
    return h(
        "div",
        h("h1", text, cls="sentence"),
        pieces.link(clear, stage.t("clear_filters"), cls="clear") if filtered else "",
        h("p", stage.t("ledgers_of_data_date", year=view.year), cls="sub") if other else "",
        cls="told",
    )


def chips(stage: Stage) -> tuple[list[Chip], list[Chip]]:
    """The groups and states that would narrow the list, or narrow it already. States of the ledgers
    are offered for the data date's year only."""
    states = _state_chips(stage) if stage.view.state or stage.view.year == stage.newest else []
    return _group_chips(stage), states


def narrowed(stage: Stage) -> dict[str, HouseholdFilter]:
    """The filters that those which are not chosen lead to, by their keys."""
    groups, states = chips(stage)
    return {
        chip.key: stage.households(**chip.changes) for chip in (*groups, *states) if not chip.chosen
    }


def facets(stage: Stage, left: Mapping[str, int]) -> Markup:
    """What would narrow the list further, each with the households that it leaves; what is chosen
    can be taken back."""

    def row(found: Sequence[Chip]) -> Markup:
        return h(
            "div", *(_chip(stage, chip, left.get(chip.key, 0)) for chip in found), cls="facets"
        )

    return h("div", *map(row, filter(None, chips(stage))))


def _group_chips(stage: Stage) -> list[Chip]:
    """A chip a group: with those chosen already, or without this one."""
    chosen = [key for key in (stage.view.group or "").split(".") if key in stage.county.rules]
    exact = (stage.view.group or "").startswith(f"{ONLY}.")
    # Whose ledger the state was meant in does not change with a further group.
    meant = {"ledger": chosen[0]} if stage.view.state and len(chosen) == 1 and not exact else {}
    if stage.view.ledger:
        meant = {"ledger": stage.view.ledger}
    found = []
    for key, rule in stage.county.rules.items():
        kept = [one for one in stage.county.rules if (one in chosen) != (one == key)]
        group = None if exact else ".".join(kept) or None
        if not exact or key in chosen:
            found.append(Chip(key, stage.named(rule), {"group": group, **meant}, key in chosen))
    return found


def _state_chips(stage: Stage) -> list[Chip]:
    """A chip a state, or the one that is chosen."""
    offered = (stage.view.state,) if stage.view.state else STATES
    return [
        Chip(state, state_name(stage, state), {"state": None if stage.view.state else state},
             bool(stage.view.state))
        for state in offered
    ]  # fmt: skip


def _chip(stage: Stage, chip: Chip, left: int) -> Markup:
    if chip.chosen:
        return pieces.chosen_facet(stage, chip.name, stage.href("ledgers", **chip.changes))
    href = stage.href("ledgers", **chip.changes) if left else ""
    return pieces.facet(chip.name, f"{left:,}", href)


def turn_pages(stage: Stage, page: int, pages: int) -> None:
    """The pager of a list that is no scene."""
    if stage.view.page > pages:
        notices.above([_past_end(stage, pages)], key="past_end")
    components.paper(pager(stage, page, pages), key="pages")


def past_end(stage: Stage, pages: int) -> Markup | None:
    """That the page asked for is not there, and the last is shown."""
    return notices.banner([_past_end(stage, pages)]) if stage.view.page > pages else None


def _past_end(stage: Stage, pages: int) -> str:
    return stage.t("page_past_end", asked=stage.view.page, pages=pages)


def pager(stage: Stage, page: int, pages: int) -> Markup:
    """Links to the pages near this one, the first and the last."""
    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    links = [
        h("b", str(number), aria_current="page")
        if number == page
        else pieces.link(stage.href(stage.spec.key, page=number), str(number))
        for number in near
    ]
    told = h("span", stage.t("page_of", page=page, pages=pages), cls="sub")
    return h("nav", *links, told, cls="pager")


def export(stage: Stage, wanted: HouseholdFilter, rows: int) -> None:
    """A workbook of exactly the filtered ``rows``, built only when it is asked for."""
    words = filter_words(stage).removeprefix(stage.place.name)
    name = file_name(stage, stage.t("export_sheet"), words)

    def build(out: Outgoing) -> bytes:
        rules, sort = stage.county.rules, stage.view.sort
        further = Columns(stage).further
        found = lists.all_households(out.stage.reader, wanted, rules, sort, further)
        return households_workbook(out.stage, found, filter_words(stage), out.mark)

    download.button(stage, stage.t("export"), build, name, rows, whole=True)
