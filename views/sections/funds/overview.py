"""The page of funds at a glance: one sentence, the flow, progress by place, what to act on."""

from __future__ import annotations

from typing import Any

from charts import bars, money_flow, theme
from glossary import label
from metrics import funds
from metrics.fund_boards import REPORT_CHECKS
from metrics.funds import LEVELS, PUBLISHED, PURPOSES, UNALLOTTED, USES, Flow, Progress, ToDo
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.stage import Stage
from views.parts import chart_blocks, check_sources, finding_words, pieces

_TABS = ("", "books", "publication", "supervision", "complaints", "inquiries", "lines")
_ACTS = 7
_FLOW = theme.Frame(680, 330, 15, 3)
_BARS = theme.Frame(440, 330, 14, 3)
# Checks of which each finding is a line of a fund: they open these, the others the data check.
_OF_LINES = "allotment_"
_OF_REPORTS = {state: key for key, state in REPORT_CHECKS.items()}


def choices(stage: Stage) -> None:
    """The parts of the page, and the one that is shown."""
    part = stage.view.part or ""
    shown = part if part in _TABS else "publication" if part == PUBLISHED else "books"

    def read(tab: str) -> str:
        return stage.t(f"funds_part_{tab}" if tab else "funds_part_flow")

    choice = choice_bar.Choice("bar_part", stage.t("part"), _TABS, read, shown, "segments")
    choice_bar.choices(stage, "funds_bar", [choice])


def ways(stage: Stage) -> Markup:
    """What is made public: the county's lines one by one, and notices as they were published."""
    shown = stage.view.part
    asked: dict[str, Any] = {"check": None, "id": None, "fund": None, "page": 1}
    return h(
        "div",
        *(
            pieces.facet_way(
                stage.t(f"funds_public_{part}"),
                stage.href("funds", part=part, **asked),
                part == shown,
            )
            for part in ("publication", PUBLISHED)
        ),
        cls="facets",
    )


def show(stage: Stage) -> None:
    """The whole screen; a designed nothing where the place has no line in the year."""
    found = funds.flow(stage.reader, stage.view.region, stage.view.year)
    components.paper(headline(stage, found), key="headline")
    if not found.edges:
        return
    chart_blocks.columns(
        [3, 2],
        [lambda: _left(stage, found), lambda: _progress(stage)],
    )


def _left(stage: Stage, found: Flow) -> None:
    _flow(stage, found)
    components.paper(_acts(stage), key="acts")


def headline(stage: Stage, found: Flow) -> Markup:
    """What there is, what is allotted and paid of it, beside how much of the year has gone by."""
    if not found.edges:
        title = stage.t("funds_none", place=stage.place.name, year=stage.view.year)
        return h("section", pieces.empty(stage, title, stage.t("funds_none_hint")))
    say = stage.measure("yuan").say
    gone = funds.year_gone(stage.county.data_date, stage.view.year)
    said = stage.t(
        "funds_finding",
        place=stage.place.name,
        year=stage.view.year,
        came=say(found.came),
        allotted=say(found.allotted),
        paid=say(found.paid),
        percent=stage.measure("percent").text(found.paid_percent),
        gone=stage.measure("percent").level(gone),
    )
    return h("section", pieces.heading(said, _beside(stage, found)))


def _beside(stage: Stage, found: Flow) -> str:
    """In small: the data date, and what is in no band."""
    text = stage.measure("yuan").text
    told = [stage.t("data_of", date=stage.county.data_date)]
    if found.beyond:
        told.append(stage.t("funds_beyond", yuan=text(found.beyond)))
    if found.overpaid:
        told.append(stage.t("funds_overpaid", yuan=text(found.overpaid)))
    return " · ".join(told)


def _nodes(stage: Stage) -> list[money_flow.Node]:
    node = money_flow.Node
    return [
        *(node(f"level.{key}", level_name(stage, key), 0, key == "unknown") for key in LEVELS),
        *(node(f"purpose.{k}", label("fund_purpose", k, stage.lang), 1) for k in PURPOSES),
        *(node(f"use.{k}", stage.t(f"fund_use_{k}"), 2, k == "idle") for k in USES),
        node(f"use.{UNALLOTTED}", stage.t(f"fund_use_{UNALLOTTED}"), 2),
    ]


def level_name(stage: Stage, key: str) -> str:
    """What money of a level is called; that of no document is so too."""
    return (
        stage.t("fund_level_unknown") if key == "unknown" else label("fund_level", key, stage.lang)
    )


def _flow(stage: Stage, found: Flow) -> None:
    title = stage.t("funds_flow", unpaid=stage.measure("yuan").say(found.used("left", "idle")))
    unit = stage.headed(stage.t("amount_yuan"), stage.t("unit_yuan"))
    sub = stage.t("funds_flow_sub", year=stage.view.year)
    columns = (stage.t("flow_from"), stage.t("flow_to"), unit)
    words = chart_blocks.words(title, sub, *columns, stage=stage)
    edges = [
        money_flow.Edge(e.source, e.target, float(e.yuan), _opens(stage, e.source, e.target))
        for e in found.edges
    ]
    heads = [stage.t(f"funds_head_{key}") for key in ("source", "purpose", "use")]
    frame = chart_blocks.frame(_FLOW)
    chart = money_flow.flow(
        _nodes(stage), edges, heads, measure=stage.measure("yuan"), words=words, frame=frame
    )
    chart_blocks.show(chart, "funds_flow", stage)


def _opens(stage: Stage, *nodes: str) -> str | None:
    """The lines of a band; what is not allotted has none."""
    told = dict(node.split(".") for node in nodes)
    if told.get("use") == UNALLOTTED:
        return None
    which = funds.Which(told.get("level"), told.get("purpose"), told.get("use"))
    return stage.href("funds", part="lines", fund=which)


def _progress(stage: Stage) -> None:
    """Payment by the places below, beside the share of the year that has gone by."""
    digits = {6: 9, 9: 12}.get(len(stage.view.region), 12)
    found = funds.progress(stage.reader, stage.view.region, stage.view.year, digits)
    gone = funds.year_gone(stage.county.data_date, stage.view.year)
    behind = funds.slower(found, gone)
    measure = stage.measure("percent")
    words = chart_blocks.words(
        stage.t("funds_progress", count=behind, gone=measure.level(gone)),
        stage.t("funds_progress_sub", year=stage.view.year),
        stage.t("place"), stage.t("paid_percent"),
        stage=stage,
    )  # fmt: skip
    rows = [bars.Bar(_place(stage, one), one.percent, _of_place(stage, one)) for one in found]
    chart = bars.ranked(
        rows, measure=measure, words=words, mean=(gone, stage.t("year_gone")),
        frame=chart_blocks.frame(_BARS),
    )  # fmt: skip
    chart_blocks.show(chart, "funds_progress", stage)


def _place(stage: Stage, one: Progress) -> str:
    places = stage.county.places
    return places[one.code].short_name if one.code in places else stage.t("own_level")


def _of_place(stage: Stage, one: Progress) -> str | None:
    if one.code not in stage.county.places:
        return stage.href("funds", part="lines", fund=funds.Which(whose=funds.OWN))
    return stage.href("funds", region=one.code, part="lines")


def _acts(stage: Stage) -> Markup:
    """At most seven lines of what the checks found, the gravest and most money first."""
    found = funds.to_do(stage.reader, stage.view.region, _ACTS)
    if not found:
        return h("section", pieces.heading(stage.t("funds_acts_none")))
    rows = [_act(stage, one) for one in found]
    head = (stage.t("severity"), stage.t("decide_what"), stage.t("decide_count"),
            stage.t("amount_yuan"))  # fmt: skip
    title = pieces.heading(stage.t("funds_acts"), stage.t("funds_acts_sub"))
    table = pieces.table(head, rows, numeric=(2, 3), cls="data tight")
    return h("section", title, table, check_sources.folded(stage, [one.check_key for one in found]))


def _act(stage: Stage, one: ToDo) -> tuple[object, ...]:
    check = stage.county.checks[one.check_key]
    if one.check_key.startswith(_OF_LINES):
        href = stage.href("funds", part="lines", check=one.check_key)
    elif one.check_key in _OF_REPORTS:
        href = stage.href("funds", part="complaints", state=_OF_REPORTS[one.check_key])
    else:
        href = stage.href("quality", check=one.check_key)
    yuan = "—" if one.yuan is None else stage.measure("yuan").say(one.yuan)
    return (
        finding_words.severity(stage, check.severity),
        stage.named(check),
        pieces.number(stage, one.count, "entries", href),
        pieces.Td(yuan, "firm"),
    )
