"""结果: the filled workbook comes back, what was odd is settled, what it says of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import streamlit as st

from findings.writing import NotTaken
from glossary import LANGUAGES, term
from metrics.judgements import looked_into
from rules.registry import rules
from sampling import keeping
from sampling import results as taking
from sampling.estimates import Estimate
from sampling.keeping import Kept
from sampling.questions import ANSWERS, VISIT, VISITS
from sampling.results import NoSample, Outcome, Returned
from state.database import kept_open
from state.sample_tables import SampleOddity
from store.settings import read_only
from store.uploads import UPLOADS
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice, remark
from views.context.stage import Stage
from views.parts import brought_book, pieces, sample_words
from views.parts.sample_sheets import HOUSEHOLDS, ITEMS
from views.sections.problems import steps
from views.sections.samples.drawing import share

_TAKEN = "results_taken"  # in the session: how many workbooks were taken
_SHOWN = 20  # odd lines
_NEEDED = {
    "households": ("sheet_sample", "household_id", "asked_visit"),
    "items": ("sheet_sample", "household_id", "sheet_question", "sheet_answer"),
}
_COLUMNS = {"households": HOUSEHOLDS, "items": ITEMS}


def show(stage: Stage, found: Kept) -> None:
    """Estimates, what is odd, and the way to bring a workbook."""
    if found.answers:
        _estimates(stage, found)
    else:
        components.paper(h("section", h("h2", stage.t("estimates_none"))), key="estimates")
    _oddities(stage, found)
    _bring(stage, found)


# What it says of all


def _questions(stage: Stage, found: Kept) -> Iterator[tuple[str, str, str, bool]]:
    """What is estimated: question, the answer whose share it is, its name, and whether a larger
    share is better."""
    yield "wrongly_exited", "yes", stage.t("estimate_wrongly_exited"), False
    yield "missed", "yes", stage.t("estimate_missed"), False
    yield "satisfied", "yes", stage.t("estimate_satisfied"), True
    for key in found.asks:
        rule = rules().get(key)
        wanted = looked_into(rule) if rule else None
        if rule is not None and wanted is not None:
            term_key = "estimate_rule_met" if wanted else "estimate_rule_missed"
            name = stage.t(term_key, rule=stage.named(rule))
            yield f"rule.{key}", "yes" if wanted else "no", name, False


def _estimates(stage: Stage, found: Kept) -> None:
    rows, said = [], []
    for question, answer, name, better in _questions(stage, found):
        one = found.estimate(question, answer)
        if one.asked:
            rows.append(_row(stage, name, one, better))
        if question in ("wrongly_exited", "missed", "satisfied") and one.answered:
            said.append(_sentence(stage, name, one, better))
    head = [stage.t(key) for key in ("estimate_of", "estimate_found", "estimate_share",
                                     "estimate_interval", "estimate_bound")]  # fmt: skip
    title = stage.t("estimates_title")
    sub = stage.t("estimates_sub_staged" if found.design.staged else "estimates_sub")
    lines = h("div", *(h("h2", line) for line in said)) if said else None
    table = pieces.table(head, rows, numeric=(2, 3, 4), cls="data tight")
    html = h("section", lines, pieces.heading(title, sub), h("div", table, cls="wide"))
    components.paper(html, key="estimates")


def _row(stage: Stage, name: str, one: Estimate, better: bool) -> tuple[Any, ...]:
    counts = stage.t("estimate_counts", found=f"{one.found:,}", answered=f"{one.answered:,}",
                     asked=f"{one.asked:,}")  # fmt: skip
    bound = _bound(stage, one, better)
    between = "—"
    if one.low is not None and one.high is not None:
        between = stage.t("estimate_between", low=share(stage, one.low, False),
                          high=share(stage, one.high, True))  # fmt: skip
    value = "—" if one.share is None else share(stage, one.share)
    return name, counts, value, between, bound or "—"


def _bound(stage: Stage, one: Estimate, better: bool) -> str:
    """That with 95 % confidence it lies under a bound, or over one where more is better."""
    held = one.at_least if better else one.at_most
    if held is None:
        return ""
    return stage.t("bound_over" if better else "bound_most", share=share(stage, held, not better))


def _sentence(stage: Stage, name: str, one: Estimate, better: bool) -> str:
    """One estimate as a sentence."""
    value = share(stage, one.share or 0.0)
    said = stage.t("estimate_said", name=name, share=value, found=f"{one.found:,}",
                   answered=f"{one.answered:,}")  # fmt: skip
    bound = _bound(stage, one, better)
    return said + stage.t("estimate_bound_said", bound=bound) if bound else said


# What is odd


def _oddities(stage: Stage, found: Kept) -> None:
    """What came and could not be taken as it stood, until somebody settles it."""
    waiting = [odd for odd in found.oddities if odd.settled_at is None]
    if not waiting:
        return
    title = stage.t("oddities_title", count=f"{len(waiting):,}")
    components.paper(pieces.heading(title, stage.t("oddities_sub")), key="oddities")
    may = not read_only() and keeping.draws(stage.viewer, found.sample)
    for odd in waiting[:_SHOWN]:
        _odd(stage, found, odd, may)


def _odd(stage: Stage, found: Kept, odd: SampleOddity, may: bool) -> None:
    mark = f"{odd.entry}_{odd.place}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"odd_{mark}"):
        components.paper(h("p", _why(stage, found, odd)), key=f"odd_words_{mark}")
        if not may:
            return
        if odd.why == "twice" and st.button(stage.t("odd_take"), key=f"odd_take_{mark}"):
            _settle(stage, found, odd, True)
        if st.button(stage.t("odd_leave"), key=f"odd_leave_{mark}"):
            _settle(stage, found, odd, False)


def _why(stage: Stage, found: Kept, odd: SampleOddity) -> str:
    """In words what is odd about a line."""
    held = found.answers.get((odd.household_id, odd.question))
    return stage.t(
        f"odd_{odd.why}",
        row=odd.row,
        household=odd.household_id or "—",
        sample=odd.given_sample or "—",
        question=sample_words.question(stage, odd.question),
        answer=sample_words.answer(stage, odd.question, odd.answer),
        before=sample_words.answer(stage, odd.question, held.answer) if held else "—",
    )


def _settle(stage: Stage, found: Kept, odd: SampleOddity, take: bool) -> None:
    try:
        viewer = steps.viewer_now(stage)
        state = kept_open(stage.county.home.path)
        key = (odd.entry, odd.place)
        taking.settle(state, viewer, found.sample.number, key, take=take)
    except (NotTaken, NoSample, OSError) as error:
        return notice([why(stage, error)], alert=True, key="settle_refused")
    steps.say(stage.t("odd_settled"))
    st.rerun()
    return None


def why(stage: Stage, error: Exception) -> str:
    """Why results were not taken."""
    return stage.t("refused_hint") if isinstance(error, NoSample) else steps.why(stage, error)


# In


def _bring(stage: Stage, found: Kept) -> None:
    """The form for the filled workbook, for who may draw where the sample was drawn."""
    if read_only():
        return remark(stage.t("samples_read_only"), key="read_only")
    if not keeping.draws(stage.viewer, found.sample):
        return None
    components.paper(
        pieces.heading(stage.t("bring_results"), stage.t("bring_results_sub")), key="bring"
    )
    taken = st.session_state.get(_TAKEN, 0)
    file = st.file_uploader(stage.t("files"), type=["xlsx"], key=f"results_file_{taken}")
    if st.button(stage.t("bring_results_yes"), disabled=file is None, key="bring_results_yes"):
        assert file is not None  # or the button could not be clicked
        with UPLOADS.opened(file.getvalue()) as held:
            _take(stage, found, held)
        ticket = file.getvalue()
        UPLOADS.drop("taken", lambda upload: upload.ticket.encode() == ticket)
    return None


def _take(stage: Stage, found: Kept, held: BinaryIO) -> None:
    """Take a workbook for who clicks; the next run tells what came of it."""
    try:
        viewer = steps.viewer_now(stage)
        with brought_book.read(held) as reading:
            if reading.refusal:
                return notice([stage.t("book_unread")], alert=True, key="results_unread")
            rows = list(returned(reading))
        if not rows:
            return notice([stage.t("results_none")], alert=True, key="results_none")
        state = kept_open(stage.county.home.path)
        outcome = taking.load(state, viewer, found.sample.number, rows)
    except (NotTaken, NoSample, OSError) as error:
        return notice([why(stage, error)], alert=True, key="results_refused")
    steps.say(_said(stage, outcome))
    st.session_state[_TAKEN] = st.session_state.get(_TAKEN, 0) + 1
    st.rerun()
    return None


def _said(stage: Stage, outcome: Outcome) -> str:
    return stage.t(
        "results_taken",
        answered=f"{outcome.answered:,}",
        unchanged=f"{outcome.unchanged:,}",
        odd=f"{outcome.odd:,}",
        opened=f"{outcome.opened:,}",
        already=f"{outcome.already:,}",
    )


def returned(reading: brought_book.Reading) -> Iterator[Returned]:
    """The answers of a workbook, a line each, in either language; empty cells say nothing."""
    heads = {
        key: {term(column, lang): column for lang in LANGUAGES for column in columns}
        for key, columns in _COLUMNS.items()
    }
    found = brought_book.sheet_rows(reading, heads, _NEEDED)
    for number, cells in found.get("households", ()):
        for column in HOUSEHOLDS:
            if column.startswith("asked_"):
                question = column.removeprefix("asked_")
                yield from _answer(number, cells, question, cells.get(column, ""))
    for number, cells in found.get("items", ()):
        yield from _answer(number, cells, cells["sheet_question"], cells["sheet_answer"])


def _answer(number: int, cells: Mapping[str, str], question: str, text: str) -> Iterator[Returned]:
    word = text.strip()
    if word and word not in _not_asked():
        yield Returned(
            number, cells["sheet_sample"].strip(), cells["household_id"].strip(),
            question.strip(), _key(question.strip(), word), cells.get("sheet_note", ""),
        )  # fmt: skip


def _not_asked() -> Sequence[str]:
    return [term("sheet_not_asked", lang) for lang in LANGUAGES]


def _key(question: str, word: str) -> str:
    """The answer that a word stands for in either language; the word itself where none does."""
    prefix, keys = ("visit", VISITS) if question == VISIT else ("answer", ANSWERS)
    for key in keys:
        if word in {term(f"{prefix}_{key}", lang) for lang in LANGUAGES}:
            return key
    return word
