"""What the monitoring page draws of open cases: stages and their clocks, causes, places, kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from charts import answer_bars, bars, theme
from charts.breaks import classify, make_breaks
from charts.foremost import Placed, foremost, rated
from glossary import label
from metrics.county import Place
from metrics.groups import monitored_with_closed
from metrics.monitoring import (
    MONITOR_KINDS,
    RELEASE_THRESHOLDS,
    STAGES,
    UNDECIDED,
    Cases,
    Standing,
    all_of,
)
from rules.registry import rules
from rules.tally import Tally, tally, tally_total
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.address import AS_OF
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, threshold_sources

_CLOCKS = ("decided_in_time", "notice_kept", "measures_in_time")
# The rule of each kind: who should be monitored as such.
_KIND_RULES = {kind: f"monitor_{kind}" for kind in MONITOR_KINDS}


def awaited(stage: Stage, reached: str) -> str:
    """What a case waits for, by the last step that it has come to."""
    return stage.t(f"awaits_{reached}")


def cases(stage: Stage) -> Cases:
    """The cases of the place, releases judged by the thresholds that the address asks for."""
    today = {}
    if stage.view.asof == "today":
        held = {key: stage.county.parameters[key].at(stage.county.data_date)
                for key in RELEASE_THRESHOLDS}  # fmt: skip
        today = {key: float(value.value) if value else None for key, value in held.items()}
    return Cases(stage.reader, stage.view.region, today)


def choices(stage: Stage) -> None:
    """Releases judged by the thresholds of their year, or by today's."""
    names = {key: stage.t(f"asof_{key}") for key in AS_OF}
    choice = choice_bar.Choice(
        "bar_asof", stage.t("asof"), AS_OF, names.__getitem__, stage.view.asof, "segments"
    )
    choice_bar.choices(stage, "monitoring_bar", [choice])


def headline(stage: Stage, found: Cases) -> None:
    """How many cases are open and how many are late; each number opens its list."""
    stages = found.by("stage")
    every = all_of(stages.values())
    waiting = all_of(stages[key] for key in UNDECIDED if key in stages)
    decided = all_of(each for key, each in stages.items() if key not in UNDECIDED)
    kinds = found.by("monitor_kind")
    text = stage.t(
        "mon_finding",
        place=stage.place.name,
        date=stage.county.data_date,
        cases=f"{every.cases:,}",
        decided=f"{decided.cases:,}",
        waiting=f"{waiting.cases:,}",
        overdue=f"{every.overdue:,}",
    )
    year = stage.view.year
    facets = [
        _facet(stage, stage.t("mon_open"), "open", every.cases),
        _facet(stage, stage.t("mon_overdue"), "overdue", every.overdue),
        _facet(stage, stage.t("mon_unclear"), "unclear", every.unclear),
        _facet(stage, stage.t("mon_due"), "due", found.count("due", year)),
        *(
            _facet(
                stage,
                label("monitor_kind", kind, stage.lang),
                f"kind_{kind}",
                kinds.get(kind, Standing()).cases,
            )
            for kind in MONITOR_KINDS
        ),
    ]
    html = h("section", h("h1", text), _closed(stage), h("div", *facets, cls="facets"))
    components.paper(html, key="headline")


def _closed(stage: Stage) -> Markup | str:
    """How many of the monitored have a closed entry, and of how many the condition stands."""
    monitored, closed, standing = monitored_with_closed(stage.reader, stage.view.region)
    if not closed:
        return ""
    told = stage.t("mon_closed", monitored=f"{monitored:,}", closed=f"{closed:,}")
    opens = stage.href(
        "ledgers", indicator="monitored_households", state="closed_standing", year=stage.newest
    )
    still = stage.t("mon_closed_standing", count=f"{standing:,}")
    return h("p", told, pieces.link(opens if standing else "", still), cls="sub")


def _facet(stage: Stage, name: str, part: str, count: int) -> Markup:
    chosen = stage.view.part == part
    href = stage.href("monitoring", part=None if chosen else part)
    return pieces.facet(name, f"{count:,}", href if count or chosen else "", chosen)


def stages(stage: Stage, found: Cases) -> None:
    """Open cases by the step they have come to: late, clock not known, within time."""
    standing = found.by("stage")
    if not standing:
        hint = pieces.empty(stage, stage.t("mon_none"), stage.t("mon_none_hint"))
        components.paper(hint, key="stages")
        return
    title = _latest_stage(stage, standing)
    names: dict[answer_bars.Answer, str] = {
        "missed": stage.t("mon_overdue"),
        "unknown": stage.t("mon_unclear"),
        "met": stage.t("mon_in_time"),
    }
    sub = stage.t("mon_stages_sub", place=stage.place.name, date=stage.county.data_date)
    chart = answer_bars.answers(
        [_stage_row(stage, key, standing[key]) for key in STAGES if key in standing],
        names,
        measure=stage.measure("households"),
        words=chart_blocks.words(title, sub, stage.t("stage"), stage=stage),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "stages", stage)
    components.paper(_limits(stage), key="limits")


def _latest_stage(stage: Stage, standing: Mapping[str, Standing]) -> str:
    """How many are overdue, and at which step the most of them, as a sentence."""
    whole = all_of(standing.values())
    if not whole.overdue:
        return stage.t("mon_stages_unclear" if whole.unclear else "mon_stages_kept",
                       unclear=f"{whole.unclear:,}")  # fmt: skip
    late = [
        Placed(awaited(stage, key), each.overdue, base=whole.overdue)
        for key, each in standing.items()
    ]
    top = foremost(late, stage.measure("households"))
    if top is None:
        return stage.t("mon_stages_alike", overdue=f"{whole.overdue:,}")
    return stage.t("mon_stages", overdue=f"{whole.overdue:,}", most=top.text)


def _stage_row(stage: Stage, key: str, each: Standing) -> answer_bars.Row:
    counts: dict[answer_bars.Answer, int] = {
        "missed": each.overdue,
        "unknown": each.unclear,
        "met": each.in_time,
    }
    parts = {"missed": "late", "unknown": "untimed", "met": "timely"}
    hrefs = {
        answer: stage.href("monitoring", part=f"{parts[answer]}_{key}")
        for answer, count in counts.items()
        if count
    }
    return answer_bars.Row(awaited(stage, key), counts, hrefs)


def _limits(stage: Stage) -> Markup:
    """The time limits as they are on the data date, each with its mark and its document."""
    day = stage.county.data_date
    asked = threshold_sources.asked(stage, [rules()[key] for key in _CLOCKS])
    told = [h("li", threshold_sources.threshold(stage, parameter, day)) for parameter in asked]
    list_ = h("ul", *told, cls="limits")
    return h("details", h("summary", stage.t("mon_limits")), list_, cls="sources")


def causes(stage: Stage, found: Cases) -> None:
    """Why households are monitored; one may have several causes."""
    counted = found.causes()
    if not counted:
        return
    measure = stage.measure("households")
    cases = all_of(found.by("stage").values()).cases
    top = foremost(
        [
            Placed(label("monitor_risk", key, stage.lang), count, base=cases)
            for key, count in counted.items()
        ],
        measure,
    )
    title = stage.t("mon_causes", most=top.text) if top else stage.t("mon_causes_head")
    sub = stage.t("mon_causes_sub", place=stage.place.name, date=stage.county.data_date)
    chart = bars.ranked(
        [
            bars.Bar(
                label("monitor_risk", key, stage.lang),
                count,
                stage.href("monitoring", part=f"cause_{key}"),
            )
            for key, count in counted.items()
        ],
        measure=measure,
        words=chart_blocks.words(title, sub, stage.t("risk_1"), measure.unit, stage=stage),
        chosen=top.only if top else None,
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "causes", stage)


def _place_row(
    stage: Stage, place: Place, here: Standing, late: Mapping[str, int], shade: int | None
) -> tuple[Any, ...]:
    """A place's open cases, those overdue with their share, and these by stage."""

    def number(count: int, part: str) -> Markup:
        href = stage.href("monitoring", region=place.code, part=part)
        return pieces.number(stage, count, "households", href)

    opens = "village" if place.level == "village" else "monitoring"
    name = pieces.link(stage.href(opens, region=place.code), place.short_name)
    overdue: Any = number(here.overdue, "overdue")
    if shade is not None:
        share = h("small", stage.measure("percent").text(here.overdue_percent))
        overdue = pieces.Td(h("span", overdue, share), f"heat heat-{shade}")
    return (
        pieces.Td(name, "firm"),
        number(here.cases, "open"),
        overdue,
        *(number(count, f"late_{key}") for key, count in late.items()),
        number(here.unclear, "unclear"),
    )


def places(stage: Stage, found: Cases) -> None:
    """Open and late cases by the places below, the late ones by stage too."""
    column = "township_code" if stage.place.level == "county" else "village_code"
    standing, late = found.by(column), found.late(column)
    used = [key for key in STAGES if any(at == key for _, at in late)]
    below = stage.county.children(stage.view.region, stage.scope) or [stage.place]
    shown = [place for place in below if place.code in standing]
    if not shown:
        return
    each = {place.code: standing[place.code] for place in shown}
    # Places differ in size: it is the share of their cases that is shaded.
    rates = [s.overdue_percent for s in each.values() if s.overdue]
    shades = dict(zip(rates, classify(rates, make_breaks(rates)), strict=True)) if rates else {}
    body = []
    for place in shown:
        here = each[place.code]
        shade = shades[here.overdue_percent] if here.overdue else None
        by_stage = {key: late.get((place.code, key), 0) for key in used}
        body.append(_place_row(stage, place, here, by_stage, shade))
    head = [
        stage.t("place"),
        stage.t("mon_open"),
        stage.t("mon_overdue"),
        *(awaited(stage, key) for key in used),
        stage.t("mon_unclear"),
    ]
    title = stage.t("mon_places_kept")
    if rates:
        placed = [rated(p.short_name, each[p.code].overdue, each[p.code].cases) for p in shown]
        title = chart_blocks.ranking(stage, stage.t("mon_overdue_share"), placed, stage.t("places"))
    table = pieces.table(head, body, numeric=range(1, len(head)))
    components.paper(
        h("section", pieces.heading(title, stage.t("mon_places_sub")), table), key="places"
    )


def kinds(stage: Stage) -> None:
    """Who meets a kind by the year's thresholds, and who of them all is not monitored."""
    year, region = stage.view.year, stage.view.region
    wanted = [*_KIND_RULES.values(), "monitor_missed"]
    found = tally(stage.reader, wanted, year, "county", region=region)

    def counted(key: str) -> Tally:
        return tally_total(found[key].values())

    in_force = rules()["monitor_missed"].exists(year)
    rows = []
    for key in wanted:
        here = counted(key)
        met = here.met if in_force else None
        unknown = here.unknown if in_force else None
        rows.append(
            (
                stage.named(rules()[key]),
                pieces.number(stage, met, "households", stage.selected("rule", key, "met")),
                pieces.number(stage, unknown, "households", stage.selected("rule", key, "unknown")),
            )
        )
    missed = counted("monitor_missed")
    title = stage.t("mon_kinds_none", year=year)
    if in_force:
        title = stage.t("mon_kinds", year=year, count=f"{missed.met:,}")
    head = (stage.t("monitor_kind"), stage.t("mon_meets"), stage.t("unknown"))
    note = threshold_sources.note(stage, [rules()[key] for key in wanted], year)
    table = pieces.table(head, rows, numeric=(1, 2), cls="data tight")
    html = pieces.folded(title, stage.t("mon_kinds_sub", year=year), table, note)
    components.paper(html, key="kinds")
