"""Released cases against the conditions of release, and the lists of cases, each case explained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import glossary
from charts import answer_bars, theme
from glossary import label
from metrics.monitoring import CONDITIONS, RELEASED_PARTS, RELEASED_WAYS, Cases, all_released
from rules.explain import Nested, explain
from rules.phrases import Phrases
from rules.registry import rules
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, paged_list, pieces, threshold_sources
from views.parts.column_words import dated, say
from views.parts.paged_list import Column, Wanted
from views.sections.monitoring.open_cases import awaited

Row = Mapping[str, Any]
_OPEN_NAMES = {
    "open": "mon_open",
    "overdue": "mon_overdue",
    "unclear": "mon_unclear",
    "due": "mon_due",
    "soon": "mon_soon",
}


def as_of(stage: Stage) -> date | None:
    """The day whose thresholds judge releases; None for those of each year."""
    return stage.county.data_date if stage.view.asof == "today" else None


def conditions(stage: Stage, found: Cases) -> None:
    """Of those released in the year as helped: who met each condition, missed it, is unknown."""
    year = stage.view.year
    counted = found.conditions(year)
    released = found.releases().get(year)
    rule = rules()["release_met"]
    if released is None or not rule.exists(year):
        key = "rel_none" if rule.exists(year) else "rel_not_yet"
        told = pieces.empty(stage, stage.t(key, year=year), stage.t("rel_none_hint"))
        components.paper(told, key="conditions")
        return
    if not released.judged:
        told = pieces.empty(stage, stage.t("rel_natural", year=year), stage.t("rel_none_hint"))
        components.paper(told, key="conditions")
        return
    names: dict[answer_bars.Answer, str] = {
        "missed": stage.t("rel_missed"),
        "unknown": stage.t("unknown"),
        "met": stage.t("rel_met"),
    }
    title = stage.t(
        "rel_finding",
        year=year,
        judged=f"{released.judged:,}",
        early=f"{released.early:,}",
        undecided=f"{released.undecided:,}",
    )
    chart = answer_bars.answers(
        [_condition(stage, key, counted[key]) for key in CONDITIONS],
        names,
        measure=stage.measure("households"),
        words=chart_blocks.words(
            title, stage.t(f"rel_sub_{stage.view.asof}"), stage.t("rel_condition"), stage=stage
        ),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "conditions", stage)
    day = as_of(stage) or year
    note = threshold_sources.note(stage, [rules()["released_early"]], day)
    components.paper(h("section", note), key="conditions_note")


def _condition(stage: Stage, key: str, counts: tuple[int, int, int]) -> answer_bars.Row:
    met, missed, unknown = counts

    def opens(how: str) -> str:
        return stage.href("monitoring", part=f"{key}_{how}")

    return answer_bars.Row(
        stage.named(rules()[key]),
        {"missed": missed, "unknown": unknown, "met": met},
        {"missed": opens("missed"), "unknown": opens("unknown"), "met": opens("met")},
    )


def years(stage: Stage, found: Cases) -> None:
    """Releases by year: by themselves, the conditions met, against them, not to be told."""
    by_year = found.releases()
    if not by_year:
        return
    rule = rules()["release_met"]
    body = []
    for year, each in by_year.items():
        cells = []
        for way in RELEASED_WAYS:
            judged = way in ("released", "natural") or rule.exists(year)
            href = ""
            if year in stage.bounds.years:
                href = stage.href("monitoring", year=year, part=way)
            count = getattr(each, way) if judged else None
            cells.append(pieces.number(stage, count, "households", href))
        body.append((str(year), *cells))
    every = all_released(by_year)
    title = stage.t("rel_years", released=f"{every.released:,}", early=f"{every.early:,}")
    head = (stage.t("year"), *(stage.t(f"rel_way_{way}") for way in RELEASED_WAYS))
    table = pieces.table(head, body, numeric=range(1, len(head)))
    sub = stage.t("rel_years_sub", since=rule.since)
    components.paper(h("section", pieces.heading(title, sub), table), key="release_years")


def why(stage: Stage, row: Row) -> str:
    """The conditions of release that a case misses, or that cannot be told, with its values."""
    told = explain(rules()["release_met"], row, stage.county.parameters, as_of=as_of(stage))
    if not told.in_force:
        return stage.t("rel_not_yet", year=row["year"])
    phrases = Phrases(stage.lang, glossary)
    parts = getattr(told.tree, "parts", (told.tree,))
    failed = [part for part in parts if part.met is not True]
    said = []
    for part in failed:
        inner = part.explanation if isinstance(part, Nested) else told
        atoms = [atom for atom in inner.atoms() if atom.met is not True]
        said += [_comma(stage, phrases.demand(atom), phrases.actual(atom)) for atom in atoms]
    return (";" if stage.lang == "zh" else "; ").join(said)


def _comma(stage: Stage, *words: str) -> str:
    return (stage.t("rule_comma")).join(filter(None, words))


def cases_listed(stage: Stage, found: Cases, part: str) -> None:
    """The cases of a list: open ones by urgency, released ones with why they should not be."""
    year = stage.view.year
    count = found.count(part, year)
    released = part in RELEASED_PARTS
    title = stage.t("mon_listed", part=part_name(stage, part), count=f"{count:,}")
    when = str(year) if released else str(stage.county.data_date)
    wanted = Wanted(
        title,
        " · ".join((stage.place.name, when)),
        count,
        lambda _reader, *rows: found.listed(part, year, *rows),
    )
    columns = _common(stage) + (_released(stage) if released else _open(stage))
    paged_list.show(stage, wanted, columns)


def part_name(stage: Stage, part: str) -> str:
    """What a list shows, in words."""
    kind, _, key = part.partition("_")
    if kind == "kind":
        return label("monitor_kind", key, stage.lang)
    if kind == "cause":
        return label("monitor_risk", key, stage.lang)
    if kind in ("stage", "late", "timely", "untimed"):
        return stage.t(f"mon_part_{kind}", stage=awaited(stage, key))
    if part in CONDITIONS or part.rpartition("_")[0] in CONDITIONS:
        rule, _, how = part.rpartition("_")
        return stage.t(f"select_{how}", rule=stage.named(rules()[rule]))
    return stage.t(_OPEN_NAMES.get(part) or f"rel_way_{part}")


def _common(stage: Stage) -> list[Column]:
    return [
        Column(
            "household_id",
            lambda row: row["household_id"],
            lambda row: stage.href("household", id=row["household_id"]),
            width=20,
        ),
        Column("head_name", lambda row: row["head_name"], cls="firm"),
        paged_list.village(stage),
        Column("monitor_kind", lambda row: say(stage, "monitor_kind", row["monitor_kind"])),
    ]


def _open(stage: Stage) -> list[Column]:
    gap = "、" if stage.lang == "zh" else ", "

    def causes(row: Row) -> str:
        return gap.join(label("monitor_risk", key, stage.lang) for key in row["causes"] or ())

    return [
        Column("mon_causes_head", causes, width=24),
        Column("stage", lambda row: awaited(stage, row["stage"]), cls="firm"),
        Column("clue_on", lambda row: dated(stage, row, "clue_on"), cls="firm"),
        Column("mon_clock", lambda row: clock(stage, row), cls="firm", width=22),
        Column("mon_left", lambda row: row["left_days"], numeric=True),
        Column("contact_name", lambda row: row["contact_name"], cls="firm"),
    ]


def clock(stage: Stage, row: Row) -> str:
    """The days gone of those allowed for the step; what is waited for where no limit runs."""
    if row["measures_given"]:
        months = row["monitored_months"]
        return "" if months is None else stage.t("mon_watched", months=months)
    if row["clock_days"] is None:
        return stage.t("mon_no_date")
    if row["limit_days"] is None:
        return stage.t("mon_no_limit", days=row["clock_days"])
    since = dated(stage, row, "identified_on" if row["decided"] else "clue_on")
    return stage.t(
        "mon_days_of", since=since, days=row["clock_days"], limit=f"{row['limit_days']:g}"
    )


def _released(stage: Stage) -> list[Column]:
    return [
        Column("cleared_on", lambda row: dated(stage, row, "cleared_on"), cls="firm"),
        Column("clear_method", lambda row: say(stage, "clear_method", row["clear_method"])),
        Column("release_per_capita_yuan", lambda row: row["release_per_capita_yuan"], numeric=True),
        Column("monitored_months", lambda row: row["monitored_months"], numeric=True),
        Column("rel_why", lambda row: why(stage, row), cls="said", width=60),
    ]


def stress_link(stage: Stage) -> Markup:
    """To the page on shocks: how far every household stands from the line."""
    return h("p", pieces.link(stage.href("stress"), stage.t("mon_stress")), cls="sub")
