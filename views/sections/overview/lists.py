"""What is late by place as ranked bars, and what needs a decision as a list of seven."""

from __future__ import annotations

from charts.number_format import Measure
from metrics.exceptions import Found
from metrics.late import Late, ranked, together
from metrics.shares import of_largest
from views.browser.markup import Markup, h, join
from views.context import sitemap
from views.context.stage import Stage
from views.parts import pieces
from views.sections.overview.numbers import Overview


def late(overview: Overview) -> Markup:
    """Overdue entries and cases by place as one ranked bar, with the days that they are late."""
    stage = overview.stage
    order = ranked(overview.outlook.late.values()) if overview.today else []
    if not order:
        said = stage.t("late_none" if overview.today else "only_today", year=stage.newest)
        return h("div", pieces.heading(stage.t("late_head")), h("p", said, cls="sub"))
    every = together(order, stage.view.region)
    title = stage.t("late_finding", entries=f"{every.entries:,}", cases=f"{every.cases:,}")
    parts = of_largest(one.entries for one in order)
    body = [_late_row(stage, one, part) for one, part in zip(order, parts, strict=True)][
        : overview.room
    ]
    rest = order[overview.room :]
    if rest:
        body.append(_late_row(stage, together(rest, ""), 0.0))
    head = (stage.t("place"), stage.t("late_entries"), stage.t("late_cases"), stage.t("late_days"))
    table = pieces.table(head, body, numeric=(1, 2, 3), cls="data tight")
    return h("div", pieces.heading(title), table)


def _late_row(stage: Stage, one: Late, part: float) -> tuple[object, ...]:
    """A place's bar; of the places left out together, without a name, no list can be opened."""
    days = f"{one.days:,}"
    if not one.place:
        name = h("span", stage.t("late_others"), cls="muted")
        return pieces.Td(name, "firm"), f"{one.entries:,}", f"{one.cases:,}", days
    entries = stage.href(
        "ledgers", region=one.place, year=stage.newest, state="overdue", by="entry"
    )
    cases = stage.href("monitoring", region=one.place, part="overdue")
    opens = stage.href("overview", region=one.place, part=None)
    return (
        pieces.Td(pieces.link(opens, stage.name(one.place)), "firm"),
        pieces.Td(
            pieces.number(stage, one.entries, "entries", entries), "bar", f"--part: {part:.1f}"
        ),
        pieces.number(stage, one.cases, "households", cases),
        days,
    )


def decisions(overview: Overview) -> Markup:
    """At most seven exceptions that the declared rules find, the longest late first."""
    stage = overview.stage
    if not overview.today:
        said = stage.t("only_today", year=stage.newest)
        return h("div", pieces.heading(stage.t("decide_head")), h("p", said, cls="sub"))
    every, more = overview.outlook.exceptions, overview.outlook.more
    found = every[: overview.decisions]
    more += len(every[overview.decisions :])
    if not found:
        return h(
            "div",
            pieces.heading(stage.t("decide_none")),
            h("p", stage.t("decide_none_hint"), cls="sub"),
        )
    title = stage.t("decide_some" if more else "decide_finding", count=len(found), more=more)
    head = (stage.t("decide_days"), stage.t("decide_what"), stage.t("decide_count"))
    table = pieces.table(
        head, [_decision(stage, one) for one in found], numeric=(2,), cls="data tight"
    )
    if more:
        title = join(title, " ", pieces.link(stage.href("overdue"), stage.t("page_overdue"), " →"))
    return h("div", pieces.heading(title), table)


def _decision(stage: Stage, one: Found) -> tuple[object, ...]:
    title = one.rule.definition_zh if stage.lang == "zh" else one.rule.definition_en
    words, shape = clock(stage, one)
    return (
        pieces.Td(h("span", words, cls=f"light {shape}"), "firm"),
        h("span", said(stage, one), title=title),
        pieces.Td(pieces.link(opens(stage, one), number(stage, one)), "firm"),
    )


def _measure(stage: Stage, one: Found) -> Measure:
    unit = _UNITS.get(one.rule.kind) or ("households" if one.rule.of == "cases" else "entries")
    if one.rule.indicator:
        unit = stage.county.indicators[one.rule.indicator].unit
    return stage.measure(unit)


def said(stage: Stage, one: Found) -> str:
    """An exception in words."""
    measure = _measure(stage, one)
    return stage.named(one.rule).format(
        place=stage.name(one.place),
        expected=measure.say(one.expected),
        target=measure.number(one.target),
    )


def number(stage: Stage, one: Found) -> str:
    """Its number; English words of units are as long as the matter itself."""
    measure = _measure(stage, one)
    return measure.text(one.value) if stage.lang == "zh" else measure.number(one.value)


def clock(stage: Stage, one: Found) -> tuple[str, str]:
    """Days late or left in words, and the shape beside them."""
    if one.late is not None:
        return stage.t("clock_late", days=f"{one.late:,}"), "bad"
    if one.left is not None:
        return stage.t("clock_left", days=f"{one.left:,}"), "watch"
    return stage.t("clock_none"), ""


_UNITS = {"import": "rows"}


def opens(stage: Stage, one: Found) -> str:
    """Address of the list that an exception's number counts; empty where the viewer has none."""
    if one.rule.kind == "import":
        data = sitemap.BY_KEY["data"]
        return stage.href("data", kind="refused") if data.opens_to(stage.viewer) else ""
    if one.rule.kind == "clock":
        return stage.href("monitoring", region=one.place, part="soon")
    if one.rule.indicator:
        return stage.behind(one.rule.indicator, one.place)
    if one.rule.of == "entries":
        return stage.href(
            "ledgers", region=one.place, year=stage.newest, state="overdue", by="entry"
        )
    return stage.href("monitoring", region=one.place, part="overdue")
