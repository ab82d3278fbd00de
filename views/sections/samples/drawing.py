"""抽取: what would be drawn of the filter's households, how many a bound needs, and the draw."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from metrics.files import household_files
from metrics.judgements import may_ask
from rules.registry import rules
from sampling import chances, drawing, estimates, keeping, seeds
from sampling.designs import KINDS, MOST, SHARES, Design
from sampling.drawing import Population, Stratum
from state.database import StateError, kept_open
from store.settings import read_only
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice, remark
from views.context import choice_bar, page_keys, searching, sitemap
from views.context.choice_bar import Choice, Span
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, sample_words, sheet_items
from views.sections.ledgers import households as ledgers
from views.sections.problems import steps

_BOUNDS = (0.01, 0.02, 0.03, 0.05, 0.1)  # that a share is to be shown to lie under
_FOUND = (0, 1, 2)
_SHOWN = 7  # strata on the page itself
_SIZES, _VILLAGES = Span(10, 500, 10), Span(2, 40, 1)


def design(stage: Stage) -> Design:
    """The design of the address."""
    view = stage.view
    return Design(view.design, view.size, view.share, view.villages)


def groups(stage: Stage) -> tuple[str, ...]:
    """The watched groups in their order, which strata of groups go by."""
    return tuple(stage.county.rules)


def population(stage: Stage) -> Population:
    """The households of the address's filter, by the strata of its design."""
    return drawing.population(stage.reader, stage.households(), stage.view.design, groups(stage))


def show(stage: Stage) -> None:
    """The design, what it would draw, and what that would tell; then the draw itself."""
    found, wanted = population(stage), design(stage)
    _headline(stage, found, wanted)
    if not found.households:
        hint = pieces.empty(stage, stage.t("no_rows"), stage.t("no_rows_hint"))
        return components.paper(hint, key="nothing")
    chart_blocks.columns(
        [3, 2], [partial(_controls, stage, wanted), partial(_needed, stage, found)]
    )
    _strata(stage, found, wanted)
    return None


def _controls(stage: Stage, wanted: Design) -> None:
    _choices(stage, wanted)
    _asks(stage)
    _button(stage)


def _headline(stage: Stage, found: Population, wanted: Design) -> None:
    size = min(wanted.size, found.households)
    words = ledgers.filter_words(stage)
    said = stage.t(
        "sample_would",
        words=words,
        population=f"{found.households:,}",
        size=f"{size:,}",
        design=sample_words.design(stage, wanted),
    )
    sub = _would_tell(stage, found, wanted, size) if size else ""
    back = pieces.link(
        stage.href("ledgers", **filters(stage)), stage.t("sample_filter"), cls="clear"
    )
    html = h("section", h("h1", said), h("p", sub, " ", back, cls="sub"))
    components.paper(html, key="headline")


def share(stage: Stage, value: float, up: bool | None = None) -> str:
    """A share of one as a percentage in words; a bound rounded to its safe side."""
    return stage.measure("percent").level(chances.percent(value, up))


def _would_tell(stage: Stage, found: Population, wanted: Design, size: int) -> str:
    """What the sample shows if none is found; of villages what households drawn at once would."""
    if wanted.staged:
        most = chances.at_most_of(0, size, found.households)
        return stage.t("sample_would_tell_villages", most=share(stage, most, True))
    most = estimates.none_found(drawing.parts(found, wanted))
    return stage.t("sample_would_tell", most=share(stage, most, True))


def filters(stage: Stage) -> dict[str, Any]:
    """The filter of households as other pages that have one take it."""
    shared = set(sitemap.BY_KEY["ledgers"].keys) & set(sitemap.BY_KEY["samples"].keys)
    kept = shared - {*page_keys.EVERYWHERE, "page"}
    return {key: getattr(stage.view, key) for key in kept}


def _choices(stage: Stage, wanted: Design) -> None:
    row = [
        Choice("bar_design", stage.t("design"), KINDS, lambda key: stage.t(f"design_{key}"),
               wanted.kind, width=260),
    ]  # fmt: skip
    if wanted.stratified:
        row.append(
            Choice("bar_share", stage.t("share_of_strata"), SHARES,
                   lambda key: stage.t(f"share_{key}"), wanted.share, "segments")
        )  # fmt: skip
    choice_bar.choices(stage, "sample_bar", row)
    sliders = [("size", _SIZES, wanted.size)]
    if wanted.staged:
        sliders.append(("villages", _VILLAGES, wanted.villages))
    for column, (key, span, value) in zip(st.columns(2), sliders, strict=False):
        with column:
            name = stage.t(f"sample_{key}")
            choice_bar.slider(stage, f"sample_{key}", name, span, value, _whole(key))


def _whole(key: str) -> choice_bar.Turn:
    return lambda _stage, value: {key: int(value)}


def _strata(stage: Stage, found: Population, wanted: Design) -> None:
    """How many of each stratum are drawn; of two stages how villages are."""
    if wanted.staged:
        said = stage.t("villages_would", villages=f"{wanted.villages:,}",
                       of=f"{len(found.villages):,}")  # fmt: skip
        html = h("section", pieces.heading(said, stage.t("villages_would_sub")))
        return components.paper(html, key="strata")
    strata = drawing.parts(found, wanted)
    title = stage.t("strata_title", count=f"{len(strata):,}")
    html = pieces.folded(title, stage.t("strata_sub"), _table(stage, wanted, strata))
    return components.paper(html, key="strata")


def _table(stage: Stage, wanted: Design, strata: tuple[Stratum, ...]) -> Markup:
    head = [stage.t(key) for key in ("stratum", "stratum_population", "stratum_drawn")]
    rows = [
        (
            sample_words.stratum(stage, wanted.kind, one.key),
            pieces.number(stage, one.population, "households"),
            pieces.number(stage, one.drawn, "households"),
        )
        for one in strata
    ]

    def table(part: list[Any]) -> Markup:
        return pieces.table(head, part, numeric=(1, 2), cls="data tight")

    rest = rows[_SHOWN:]
    if not rest:
        return table(rows)
    more = h("summary", stage.t("strata_more", count=f"{len(rest):,}"))
    return h("div", table(rows[:_SHOWN]), h("details", more, table(rest)))


def _needed(stage: Stage, found: Population) -> None:
    """The sizes that bounds need, each a click that chooses it."""
    head = [stage.t("bound_under"), *(stage.t("bound_found", count=n) for n in _FOUND)]
    rows = [
        (share(stage, bound), *(_size(stage, found, bound, n) for n in _FOUND)) for bound in _BOUNDS
    ]
    table = pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight")
    title = pieces.heading(stage.t("bound_title"), stage.t("bound_sub"))
    components.paper(h("section", title, table), key="needed")


def _size(stage: Stage, found: Population, bound: float, count: int) -> Markup:
    size = chances.needed(bound, found.households, count)
    fits = size is not None and size <= MOST
    return pieces.number(
        stage, size, "households", stage.href("samples", size=size) if fits else ""
    )


def _asks(stage: Stage) -> None:
    """The rules that every household is asked about: those are estimated for all."""
    offered = [rule.key for rule in rules().values() if may_ask(rule)]
    choice_bar.choose_many(
        stage, "asks", stage.t("sample_asks"), offered, lambda key: stage.named(rules()[key]), 12
    )


def _button(stage: Stage) -> None:
    if read_only():
        return remark(stage.t("samples_read_only"), key="read_only")
    if not stage.may("draw_samples"):
        return remark(stage.t("samples_no_right"), key="no_right")
    if stage.view.q and searching.is_private(stage.view.q):
        return remark(stage.t("samples_no_search"), key="no_search")
    remark(stage.t("seed_comes"), key="seed_comes")
    if st.button(stage.t("sample_draw"), type="primary", key="sample_draw"):
        _draw(stage)
    return None


def _draw(stage: Stage) -> None:
    """Draw for who clicks, with a seed of this moment, keep it, and go to it."""
    try:
        viewer = steps.viewer_now(stage)
        state = kept_open(stage.county.home.path)
        seed = seeds.fresh(state, stage.county.snapshot.folder)
        wanted = stage.households()
        drawn = drawing.draw(stage.reader, wanted, design(stage), seed.number, groups(stage))
        items = sheet_items.of(
            stage,
            household_files(stage.reader, [one.household_id for one in drawn.households]),
            drawn.households,
            wanted.year,
        )
        number = keeping.keep(state, viewer, drawn, seed, _basis(stage, seed), items)
    except (ValueError, LookupError, OSError, StateError) as error:
        return notice([steps.why(stage, error)], alert=True, key="draw_refused")
    steps.say(stage.t("sample_drawn", size=f"{len(drawn.households):,}"))
    components.go(stage.href("samples", pinned=True, sample=number, seed=seed.number, part="list"))
    return None


def _basis(stage: Stage, seed: seeds.Seed) -> keeping.Basis:
    """What is kept of the address: its pinned query with the seed, and its sentence."""
    view = stage.view
    query = stage.href("samples", pinned=True, seed=seed.number, part=None, page=1)
    return keeping.Basis(
        view.region, stage.households().year, view.snapshot, stage.county.data_date,
        query.partition("?")[2], ledgers.filter_words(stage), view.asks,
    )  # fmt: skip
