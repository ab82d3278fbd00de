"""What is late by place as ranked bars, and what needs a decision as a list of seven."""

from __future__ import annotations

from metrics.exceptions import Found
from metrics.late import Late, ranked, together
from metrics.shares import of_largest
from views.browser.markup import Markup, h
from views.context import sitemap
from views.context.stage import Stage
from views.parts import pieces
from views.sections.overview.scene import Scene


def late(scene: Scene) -> Markup:
    """Overdue entries and cases by place as one ranked bar, with the days that they are late."""
    stage = scene.stage
    order = ranked(scene.outlook.late.values()) if scene.today else []
    if not order:
        said = stage.t("late_none" if scene.today else "only_today", year=stage.newest)
        return h("div", pieces.heading(stage.t("late_head")), h("p", said, cls="sub"))
    every = together(order, stage.view.region)
    title = stage.t("late_finding", entries=f"{every.entries:,}", cases=f"{every.cases:,}")
    parts = of_largest(one.entries for one in order)
    body = [_late_row(stage, one, part) for one, part in zip(order, parts, strict=True)][
        : scene.room
    ]
    rest = order[scene.room :]
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


def decisions(scene: Scene) -> Markup:
    """At most seven exceptions that the declared rules find, the longest late first."""
    stage = scene.stage
    if not scene.today:
        said = stage.t("only_today", year=stage.newest)
        return h("div", pieces.heading(stage.t("decide_head")), h("p", said, cls="sub"))
    found, more = scene.outlook.exceptions, scene.outlook.more
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
    return h("div", pieces.heading(title), table)


def _decision(stage: Stage, one: Found) -> tuple[object, ...]:
    unit = _UNITS.get(one.rule.kind) or ("households" if one.rule.of == "cases" else "entries")
    if one.rule.indicator:
        unit = stage.county.indicators[one.rule.indicator].unit
    measure = stage.measure(unit)
    words = stage.named(one.rule).format(
        place=stage.name(one.place),
        expected=measure.say(one.expected),
        target=measure.number(one.target),
    )
    title = one.rule.definition_zh if stage.lang == "zh" else one.rule.definition_en
    # English words of units are as long as the matter itself.
    number = measure.text(one.value) if stage.lang == "zh" else measure.number(one.value)
    return (
        pieces.Td(_clock(stage, one), "firm"),
        h("span", words, title=title),
        pieces.Td(pieces.link(_opens(stage, one), number), "firm"),
    )


def _clock(stage: Stage, one: Found) -> Markup:
    """Days late or left, as a shape and a word beside the number."""
    if one.late is not None:
        return h("span", stage.t("clock_late", days=f"{one.late:,}"), cls="light bad")
    if one.left is not None:
        return h("span", stage.t("clock_left", days=f"{one.left:,}"), cls="light watch")
    return h("span", stage.t("clock_none"), cls="light")


_UNITS = {"import": "rows"}


def _opens(stage: Stage, one: Found) -> str:
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
