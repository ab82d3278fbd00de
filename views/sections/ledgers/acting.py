"""What is done with the rows picked, or with all that the filter finds: take out, look at, open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from findings import many, texts
from findings.texts import OTHER, SOURCES
from findings.writing import Problem
from metrics import lists
from metrics.conditions import Condition
from metrics.filters import HouseholdFilter
from state.database import kept_open
from store.settings import read_only
from views.browser.markup import Markup, h
from views.browser.notices import notice, remark
from views.context import sitemap
from views.context.stage import Stage
from views.parts import pieces, problem_words
from views.parts.condition_words import Words
from views.sections.ledgers import households as ledgers
from views.sections.problems import steps
from views.sections.problems.opening import SOURCE_OF

_NAMED = "household"


def may(stage: Stage) -> bool:
    """Whether the viewer may do anything with rows."""
    return stage.may("export") or _may_open(stage)


def _may_open(stage: Stage) -> bool:
    return stage.viewer.where("open_findings").codes != ()


def meant(stage: Stage) -> HouseholdFilter:
    """What an act is about: the rows picked, else all that the filter finds."""
    wanted, picked = stage.households(), stage.view.pick
    return wanted.having(_these(picked)) if picked else wanted


def _these(picked: Sequence[str]) -> Condition:
    return Condition(_NAMED, tuple(sorted(picked)))


def count(stage: Stage, found: int) -> int:
    """How many households an act is about, ``found`` being all that the filter finds."""
    return lists.counted(stage.reader, meant(stage))[0] if stage.view.pick else found


def bar(stage: Stage, about: int) -> Markup:
    """How many households an act is about, and where to go with them."""
    picked, where = stage.view.pick, meant(stage).where
    links = []
    if picked:
        links.append(
            pieces.link(stage.href("ledgers", where=where, pick=(), facet=None),
                        stage.t("picked_only"))
        )  # fmt: skip
        links.append(pieces.link(stage.href("ledgers", pick=()), stage.t("picked_none")))
    if sitemap.BY_KEY["samples"].opens_to(stage.viewer):
        links.append(pieces.link(stage.carried_to("samples", where=where), stage.t("to_sample")))
    said = h("b", stage.t("picked" if picked else "picked_all", count=f"{about:,}"))
    return h("p", said, *(part for one in links for part in (" · ", one)), cls="acting")


def open_problems(stage: Stage, about: int) -> None:
    """The form that opens a problem for each household meant, filled in by what was asked for."""
    if not _may_open(stage) or not about:
        return None
    with st.expander(stage.t("open_many", count=f"{about:,}"), key="open_many"):
        if read_only():
            return remark(stage.t("problems_read_only"), key="read_only")
        if about > texts.AT_ONCE:
            said = stage.t("open_many_most", most=f"{texts.AT_ONCE:,}")
            return remark(said, key="open_many_most")
        _form(stage, about)
    return None


def _form(stage: Stage, about: int) -> None:
    kinds = _kinds(stage)
    mark = ledgers.filter_words(stage)
    kind = st.selectbox(
        stage.t("problem_kind"), list(kinds), key=f"many_kind_{mark}", width=420,
        format_func=lambda key: problem_words.kind(stage, key),
    )  # fmt: skip
    kind = kind or OTHER
    title = st.text_area(stage.t("problem_title"), kinds[kind], key=f"many_title_{mark}_{kind}",
                         max_chars=texts.TITLE, height=80)  # fmt: skip
    remark(stage.t("no_names"), key="no_names")
    with st.container(horizontal=True, vertical_alignment="bottom", key="many_row"):
        guess = SOURCE_OF.get(kind.partition(".")[0], "inspection")
        source = st.selectbox(
            stage.t("problem_source"), SOURCES, SOURCES.index(guess), key=f"many_source_{kind}",
            format_func=lambda key: stage.t(f"source_{key}"), width=170,
        )  # fmt: skip
        due = st.date_input(stage.t("due_on"), None, key="many_due", width=170)
        responsible = st.text_input(stage.t("responsible"), key="many_responsible", width=200,
                                    max_chars=texts.NAME)  # fmt: skip
        said = stage.t("do_open_many", count=f"{about:,}")
        clicked = st.button(said, type="primary", key="do_open_many")
    if clicked:
        asked = Problem(source, kind, "household", "", stage.view.region, title, None,
                        responsible, due)  # fmt: skip
        _open(stage, asked)


def _kinds(stage: Stage) -> dict[str, str]:
    """The kinds of problem that the filter asks for, each with the words that it asks in."""
    view, words = stage.view, Words(stage.county, stage.bounds.fields, stage.lang)
    found: dict[str, str] = {}
    for asked in view.where:
        said, of = words.condition(asked), stage.bounds.fields[asked.field]
        if of.named[0] in ("rule", "sieve"):
            found[".".join(of.named)] = said
        elif of.says in ("rule", "check") and asked.mode != "none":
            kind = "ledger" if of.theme == "ledger" else of.says
            found |= {f"{kind}.{value}": words.value(of, value) for value in asked.values}
    if view.select is not None and view.select.kind in ("rule", "sieve"):
        found[f"{view.select.kind}.{view.select.arguments[0]}"] = ledgers.filter_words(stage)
    for key in (view.group or "").split("."):
        if key in stage.county.rules:
            kind = f"{'ledger' if view.state else 'rule'}.{key}"
            found[kind] = problem_words.kind(stage, kind)
    if view.ledger:
        found[f"ledger.{view.ledger}"] = problem_words.kind(stage, f"ledger.{view.ledger}")
    known = {kind: said for kind, said in found.items() if problem_words.is_known(stage, kind)}
    return {**known, OTHER: ""}


def _open(stage: Stage, asked: Problem) -> None:
    """Open a problem for each household meant, for who clicks; the next run tells of it."""
    try:
        viewer = steps.viewer_now(stage)
        now = replace(stage, viewer=viewer)
        where = lists.where_they_are(now.reader, meant(now), texts.AT_ONCE + 1)
        problems = [
            replace(asked, subject_id=household, household_id=household, region_code=village)
            for household, village in where.items()
        ]
        done = many.open_many(kept_open(stage.county.home.path), viewer, problems)
    except (ValueError, LookupError, OSError) as error:
        return notice([steps.why(stage, error)], alert=True, key="open_many_refused")
    steps.say(stage.t("opened_many", opened=f"{done.opened:,}", standing=f"{done.standing:,}"))
    st.rerun()
    return None
