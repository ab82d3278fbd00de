"""What the exit page draws of households: their standards, what alone is missing, inspections."""

from __future__ import annotations

from collections.abc import Mapping

from charts import answer_bars as rows_of
from charts import bars, theme
from charts.answer_bars import Answer
from charts.foremost import Foremost, Placed, foremost
from glossary import label
from metrics import exit as standards
from metrics.exit import ITEM_STATES
from metrics.shares import total
from rules.registry import rules
from rules.tally import Tally
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.address import AS_OF
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, threshold_sources
from views.sections.classes.labour_classes import digits_below, place_link, places_below

MET, ONE = "exit_met", "exit_lacks_one"
_NAMES: dict[Answer, str] = {"missed": "rule_not_met", "unknown": "unknown", "met": "rule_met"}
# What became of an item of the inspection, in the order of the table.
_BECAME = {
    "met": "inspected_met",
    "mended": "inspected_mended",
    "unmet": "inspected_unmet",
    "unclear": "inspected_unclear",
    "missing": "inspected_missing",
}
_BASES = {"year": "asof_year", "today": "asof_today"}
assert tuple(_BECAME) == ITEM_STATES and tuple(_BASES) == AS_OF


def judged_by(stage: Stage) -> tuple[bool, int]:
    """Whether today's thresholds judge, and the year whose thresholds they are."""
    today = stage.view.asof == "today"
    return today, max(stage.bounds.years) if today else stage.view.year


def choices(stage: Stage) -> None:
    """By which thresholds the year is judged."""
    names = {key: stage.t(name) for key, name in _BASES.items()}
    basis = choice_bar.Choice(
        "bar_asof", stage.t("asof"), list(names), names.__getitem__, stage.view.asof, "segments"
    )
    choice_bar.choices(stage, "judged_row", [basis])
    if stage.view.asof == "today":
        year, newest = stage.view.year, judged_by(stage)[1]
        told = stage.t("exit_by_today", year=year, newest=newest)
        components.paper(h("p", told, cls="banner"), key="judged_by")


def opens(stage: Stage, key: str, answer: str, region: str = "") -> str:
    """Households by an answer, judged as the page judges."""
    kind = "today" if judged_by(stage)[0] else "rule"
    return stage.selected(kind, key, answer, region=region or stage.view.region)


def households(stage: Stage) -> None:
    """Every standard met, missed and unknown; and those who miss exactly one, by which."""
    today, newest = judged_by(stage)
    view = stage.view
    single = standards.standards("household_exit")
    keys = [rule.key for rule in single]
    found = standards.answers(stage.reader, [*keys, MET, ONE], view.year, view.region, today=today)
    if not found or not found[MET].asked:
        none = pieces.empty(stage, stage.t("page_exit"), stage.t("no_rows_hint"))
        components.paper(none, key="standards")
        return
    measure = stage.measure("households")
    chart = rows_of.answers(
        [_row(stage, key, found[key]) for key in [*keys, MET]],
        {answer: stage.t(term) for answer, term in _NAMES.items()},
        measure=measure,
        words=chart_blocks.words(
            _finding(stage, found),
            stage.t("exit_sub", place=stage.name(view.region), year=view.year),
            stage.t("standard"),
            stage=stage,
        ),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.columns(
        [1, 1],
        [lambda: chart_blocks.show(chart, "standards", stage), lambda: _one(stage, found[ONE])],
    )
    components.paper(threshold_sources.note(stage, single, newest), key="standards_sources")


def _row(stage: Stage, key: str, counts: Tally) -> rows_of.Row:
    by: dict[Answer, int] = {
        "missed": counts.missed,
        "unknown": counts.unknown,
        "met": counts.met,
    }
    hrefs = {answer: opens(stage, key, answer) for answer in by if by[answer]}
    return rows_of.Row(stage.named(rules()[key]), by, hrefs)


def _finding(stage: Stage, found: Mapping[str, Tally]) -> str:
    """How many meet everything, and the standard that most miss."""
    measure, whole = stage.measure("households"), found[MET]
    missed = {key: of.known_missed for key, of in found.items() if key not in (MET, ONE)}
    if not any(missed.values()):
        return stage.t("exit_none_missed", unknown=measure.text(whole.unknown))
    top = _foremost(stage, missed, whole.asked)
    most = stage.t("exit_most", most=top.text) if top else ""
    if whole.mostly_unknown:
        return stage.t("exit_untold", asked=f"{whole.unknown:,}") + most
    found_so = stage.t(
        "exit_finding_unknown" if whole.unknown else "exit_finding",
        asked=measure.text(whole.asked),
        unknown=measure.text(whole.unknown),
        met=measure.text(whole.met),
    )
    return found_so + most


def _foremost(stage: Stage, counts: Mapping[str, int | None], of: int) -> Foremost | None:
    """The standard that stands out by how many miss it."""
    kinds = [Placed(stage.named(rules()[key]), n, base=of) for key, n in counts.items()]
    return foremost(kinds, stage.measure("households"))


def _one(stage: Stage, counts: Tally) -> None:
    """Households one standard away, by the standard that they miss."""
    view, measure = stage.view, stage.measure("households")
    today = judged_by(stage)[0]
    found = standards.lacking_one(stage.reader, view.region, view.year, today=today)
    words = chart_blocks.words(
        _one_finding(stage, counts, found),
        stage.t("exit_one_sub"),
        stage.t("standard"),
        measure.unit,
        stage=stage,
    )
    if not counts.met:
        components.paper(pieces.heading(words.title, words.subtitle), key="one_none")
        return
    top = _foremost(stage, found, counts.met)
    parts = [
        bars.Bar(stage.named(rules()[part]), n, opens(stage, ONE, part) if n else None)
        for part, n in found.items()
    ]
    chosen = top.only if top else None
    frame = chart_blocks.frame(theme.HALF)
    chart = bars.ranked(parts, measure=measure, words=words, chosen=chosen, frame=frame)
    chart_blocks.show(chart, "one", stage)


def _one_finding(stage: Stage, counts: Tally, found: Mapping[str, int]) -> str:
    measure = stage.measure("households")
    if not counts.met:
        key = "exit_one_untold" if counts.known_met is None else "exit_one_none"
        return stage.t(key, unknown=measure.text(counts.unknown))
    top = _foremost(stage, found, counts.met)
    most = stage.t("exit_one_most", most=top.text) if top else ""
    return stage.t("exit_one_finding", count=measure.text(counts.met)) + most


def by_place(stage: Stage) -> None:
    """Households by place: all standards met, one missed, some missed, not to be told."""
    view = stage.view
    found = standards.by_place(
        stage.reader, [MET, ONE], view.year, view.region, digits_below(stage),
        today=judged_by(stage)[0],
    )  # fmt: skip
    lines = [
        (place_link(stage, code), *_answers(stage, found[code], code))
        for code in places_below(stage)
        if code in found
    ]
    if not lines:
        return
    head = [stage.t("place"), stage.t("registered_asked"), stage.named(rules()[MET])]
    head += [stage.t("exit_some_missed"), stage.named(rules()[ONE]), stage.t("unknown")]
    title = pieces.heading(stage.t("exit_places"), stage.t("exit_places_sub"))
    table = pieces.table(head, lines, numeric=range(1, 6), cls="data tight")
    components.paper(h("section", title, table), key="exit_places")


def _answers(stage: Stage, of: Mapping[str, Tally], code: str) -> list[Markup]:
    told = [
        (of[MET].known_met, MET, "met"),
        (of[MET].known_missed, MET, "missed"),
        (of[ONE].known_met, ONE, "met"),
        (of[MET].unknown, MET, "unknown"),
    ]
    registered = stage.behind("registered_households", region=code)
    asked = pieces.number(stage, of[MET].asked, "households", registered)
    return [asked] + [
        pieces.number(stage, n, "households", opens(stage, key, answer, code))
        for n, key, answer in told
    ]


def inspections(stage: Stage) -> None:
    """The six items that were looked at: how many households, and what came of it."""
    found = standards.inspected(stage.reader, stage.view.region)
    if not found:
        none = pieces.empty(stage, stage.t("inspections_title"), stage.t("inspections_none"))
        components.paper(none, key="inspections")
        return
    chart_blocks.columns([3, 2], [lambda: _items(stage, found), lambda: _coverage(stage)])


def _newest(stage: Stage, *parts: str, region: str = "") -> str:
    """Households of an inspection, which has no year of its own."""
    newest = max(stage.bounds.years)
    return stage.selected(*parts, region=region or stage.view.region, year=newest)


def _items(stage: Stage, found: Mapping[str, Mapping[str, int]]) -> None:
    percent = stage.measure("percent")
    lines = []
    for item, counts in found.items():
        lines.append(
            (
                pieces.Td(label("inspection_item", item, stage.lang), "firm"),
                percent.text(standards.looked_at(counts)),
                *(
                    pieces.number(stage, n, "households", _newest(stage, "inspection", item, state))
                    for state, n in counts.items()
                ),
            )
        )
    every = total(found.values())["unmet"]
    top = foremost(
        [
            Placed(label("inspection_item", item, stage.lang), counts["unmet"], base=every)
            for item, counts in found.items()
        ],
        stage.measure("households"),
    )
    title = stage.t("inspections_finding", count=f"{every:,}")
    title += stage.t("inspections_most", most=top.text) if top else ""
    head = [stage.t("item"), stage.t("share_looked_at"), *map(stage.t, _BECAME.values())]
    table = pieces.table(head, lines, numeric=range(1, 7), cls="data tight")
    sub = stage.t("inspections_sub", date=stage.county.data_date)
    components.paper(h("section", pieces.heading(title, sub), table), key="inspections")


def _coverage(stage: Stage) -> None:
    """Households whose six items were all looked at, by place, the least covered first."""
    found = standards.coverage(stage.reader, stage.view.region, digits_below(stage))
    percent = stage.measure("percent")
    codes = [code for code in places_below(stage) if code in found]
    codes.sort(key=lambda code: found[code].share or 0.0)
    lines = [
        (
            place_link(stage, code),
            percent.text(found[code].share),
            pieces.number(
                stage,
                found[code].missing,
                "households",
                _newest(stage, "rule", "inspection_complete", "missed", region=code),
            ),
        )
        for code in codes
    ]
    whole = standards.all_covered(found)
    title = stage.t("coverage_finding", share=percent.text(whole.share))
    head = [stage.t("place"), stage.t("share_covered"), stage.t("not_covered")]
    table = pieces.table(head, lines, numeric=(1, 2), cls="data tight")
    heading = pieces.heading(title, stage.t("coverage_sub"))
    components.paper(h("section", heading, table), key="coverage")
