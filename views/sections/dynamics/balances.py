"""What the dynamics page draws: what happened, bands between two ends, balances, records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from charts import alluvial, theme
from glossary import label
from metrics.dynamics import (
    EDGE_PARTS,
    EVENT_PARTS,
    HOUSEHOLD_KINDS,
    ON_REGISTER,
    STATES,
    UNRECORDED,
    Count,
    balance,
    edge,
    households_of,
    moving,
)
from metrics.people import unlisted
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces
from views.sections.dynamics.ends import Ends

_LOW = replace(theme.HALF, height=300)  # as high as the table beside it


def headline(stage: Stage, found: Ends) -> None:
    """What was recorded between the ends, as a sentence; each kind opens its events."""
    recorded = found.span.recorded()
    measure = stage.measure("households")
    space = " " if stage.lang == "en" else ""
    parts = [
        f"{label('change_kind', kind, stage.lang)}{space}{measure.text(recorded[kind].households)}"
        for kind in HOUSEHOLD_KINDS
        if kind in recorded
    ]
    gap = "、" if stage.lang == "zh" else ", "
    told = gap.join(parts) or stage.t("dyn_nothing" if found.span.told else "dyn_untold")
    text = stage.t("dyn_finding", place=stage.place.name, then=found.then, now=found.now, told=told)
    facets = [
        _facet(stage, kind, recorded.get(kind)) for kind in HOUSEHOLD_KINDS if found.span.told
    ]
    told_so = stage.t("dyn_set_up", then=found.then) if found.set_up else ""
    note = h("p", told_so, cls="sub") if told_so else ""
    html = h("section", h("h1", text), note, h("div", *facets, cls="facets"))
    components.paper(html, key="headline")


def _facet(stage: Stage, kind: str, count: Count | None) -> Markup:
    part = f"event_{kind}"
    chosen = stage.view.part == part
    told = "0"
    if count:
        told = f"{count.households:,}"
        if count.people:
            told = stage.t("dyn_with_people", households=told, people=f"{count.people:,}")
    href = stage.href("dynamics", part=None if chosen else part)
    name = label("change_kind", kind, stage.lang)
    return pieces.facet(name, told, href if count or chosen else "", chosen)


def state(stage: Stage, key: str) -> str:
    """Where a household stands, in words."""
    return stage.t(f"state_{key}")


def flow(stage: Stage, found: Ends) -> None:
    """Households from where they stood to where they stand."""
    edges = found.span.edges()
    if not edges:
        hint = pieces.empty(stage, stage.t("no_rows"), stage.t("no_rows_hint"))
        components.paper(hint, key="none")
        return
    measure = stage.measure("households")
    moved, stayed = moving(edges), moving(edges, moved=False)
    title = stage.t("dyn_flow", moved=f"{moved:,}", stayed=f"{stayed:,}")
    sub = stage.t("dyn_flow_sub", place=stage.place.name, then=found.then, now=found.now)
    used = [s for s in STATES if any(s in pair for pair in edges)]
    chart = alluvial.moves(
        [alluvial.Kind(s, state(stage, s), known=s != "unclear") for s in used],
        [
            alluvial.Edge(then, now, n.households, stage.href("dynamics", part=edge(then, now)))
            for (then, now), n in sorted(edges.items(), key=lambda one: _order(one[0]))
        ],
        (found.then, found.now),
        measure=measure,
        words=chart_blocks.words(
            title, sub, stage.t("state_then"), stage.t("state_now"), measure.unit, stage=stage
        ),
        frame=chart_blocks.frame(_LOW),
    )
    chart_blocks.show(chart, "moves", stage)


def _order(pair: tuple[str, str]) -> tuple[int, int]:
    return STATES.index(pair[0]), STATES.index(pair[1])


def matrix(stage: Stage, found: Ends) -> None:
    """The same as a table that adds up: start by row, end by column, each number its list."""
    edges = found.span.edges()
    rows = [s for s in STATES if any(then == s for then, _ in edges)]
    columns = [s for s in STATES if any(now == s for _, now in edges)]

    def cell(then: str, now: str) -> Markup:
        count = edges.get((then, now), Count(0, 0)).households
        return pieces.number(
            stage, count, "households", stage.href("dynamics", part=edge(then, now))
        )

    def total(chosen: Mapping[tuple[str, str], Count]) -> Markup:
        return h("b", pieces.number(stage, households_of(chosen), "households"))

    body = [
        (
            pieces.Td(state(stage, then), "firm"),
            *(cell(then, now) for now in columns),
            total({pair: n for pair, n in edges.items() if pair[0] == then}),
        )
        for then in rows
    ]
    ending = [total({pair: n for pair, n in edges.items() if pair[1] == now}) for now in columns]
    body.append((h("b", stage.t("total")), *ending, total(edges)))
    head = (
        stage.t("dyn_matrix", then=found.then, now=found.now),
        *(state(stage, now) for now in columns),
        stage.t("total"),
    )
    title = pieces.heading(stage.t("dyn_matrix_title"), stage.t("dyn_matrix_sub"))
    table = pieces.table(head, body, numeric=range(1, len(head)))
    components.paper(h("section", title, table), key="matrix")


# The poor, and everybody on the register.
STOCKS = {"poor": ("poor",), "register": ON_REGISTER}


def stock(stage: Stage, found: Ends, key: str) -> None:
    """One of ``STOCKS``: how many at the start, who came, who went, how many at the end."""
    held = balance(found.span.edges(), STOCKS[key])
    measure = stage.measure("households")
    title = stage.t(
        f"dyn_stock_{key}",
        start=measure.text(held.start),
        came=measure.text(held.all_came),
        went=measure.text(held.all_went),
        end=measure.text(held.end),
    )
    lines: list[tuple[str, Markup]] = [(stage.t("dyn_start"), _plain(stage, held.start))]
    for sign, steps in (("+", held.came), ("−", held.went)):
        for part, count in steps.items():
            then, now = EDGE_PARTS[part]
            name = f"{sign} {state(stage, then)} → {state(stage, now)}"
            href = stage.href("dynamics", part=part)
            lines.append((name, pieces.number(stage, count, "households", href)))
    lines.append((stage.t("dyn_end"), _plain(stage, held.end)))
    head = (stage.t("dyn_step"), measure.unit)
    html = pieces.folded(title, "", pieces.table(head, lines, numeric=(1,), cls="data tight"))
    components.paper(html, key=f"stock_{key}")


def _plain(stage: Stage, count: int, unit: str = "households") -> Markup:
    return h("b", stage.measure(unit).number(count))


def records(stage: Stage, found: Ends) -> None:
    """Moves beside the events that they should have: those without one open their list."""
    if not found.span.told:
        told = pieces.empty(stage, stage.t("dyn_untold"), stage.t("dyn_untold_hint"))
        components.paper(told, key="records")
        return
    recorded, moved = found.span.recorded(), found.span.moves()
    without = found.span.count(UNRECORDED)
    rows = []
    for kind in HOUSEHOLD_KINDS:
        count = recorded.get(kind, Count(0, 0))
        move, lacking = moved.get(kind, (0, 0))
        rows.append(
            (
                pieces.Td(label("change_kind", kind, stage.lang), "firm"),
                pieces.number(
                    stage,
                    count.households,
                    "households",
                    stage.href("dynamics", part=f"event_{kind}"),
                ),
                pieces.number(stage, count.people, "people"),
                pieces.number(stage, None if kind == "corrected" else move, "households"),
                pieces.number(stage, None if kind == "corrected" else lacking, "households"),
            )
        )
    key = "dyn_unrecorded" if without else "dyn_all_recorded" if moved else "dyn_none_moved"
    title = stage.t(key, count=f"{without:,}")
    opens = stage.href("dynamics", part=UNRECORDED) if without else ""
    head = [
        stage.t(key)
        for key in ("change_kind", "dyn_recorded", "dyn_people", "dyn_moved", "dyn_without")
    ]
    html = h(
        "section",
        pieces.heading(title, stage.t("dyn_records_sub")),
        pieces.table(head, rows, numeric=range(1, 5)),
        h("p", pieces.link(opens, stage.t("dyn_open_unrecorded")), cls="sub") if opens else "",
    )
    components.paper(html, key="records")


def members(stage: Stage, found: Ends) -> None:
    """People at the start, born, come, died, gone, unexplained, people at the end."""
    held = found.people.flow()
    measure = stage.measure("people")
    title = stage.t("dyn_people_flow", start=measure.text(held.start), end=measure.text(held.end))
    lines: list[tuple[str, Markup]] = [(stage.t("dyn_start"), _plain(stage, held.start, "people"))]
    for sign, steps in (("+", held.came), ("−", held.went)):
        for step in steps:
            href = stage.href("dynamics", part=step.part) if step.part else ""
            number = pieces.number(stage, step.people, "people", href)
            lines.append((f"{sign} {step_name(stage, step.key)}", number))
    lines.append((stage.t("dyn_end"), _plain(stage, held.end, "people")))
    sub = stage.t("dyn_people_by_number" if found.before else "dyn_people_by_count")
    head = (stage.t("dyn_step"), measure.unit)
    table = pieces.table(head, lines, numeric=(1,), cls="data tight")
    note = _unlisted(stage) if found.before else ""
    components.paper(h("section", pieces.heading(title, sub), table, note), key="people")


def _unlisted(stage: Stage) -> Markup | str:
    """Whom a count by lists of members leaves out at the end, with the households concerned."""
    households, people = unlisted(stage.reader, stage.view.region)
    if not people:
        return ""
    told = stage.t(
        "dyn_unlisted",
        people=stage.measure("people").text(people),
        households=stage.measure("households").text(households),
    )
    href = stage.href("quality", check="household_members_unlisted")
    return h("p", pieces.link(href, told), cls="sub")


def step_name(stage: Stage, key: str) -> str:
    """A step of the people's flow in words: a kind of change, or what is counted beside them."""
    if f"event_{key}" in EVENT_PARTS:
        return label("change_kind", key, stage.lang)
    return stage.t(f"step_{key}")
