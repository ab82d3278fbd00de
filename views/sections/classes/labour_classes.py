"""What the classes page draws of the classes: by place, moves between years, main measures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from charts import alluvial as flow
from charts import theme
from charts.foremost import Placed, foremost, rated
from metrics import classes
from metrics.classes import ABSENT, UNKNOWN, Move
from metrics.shares import percent, total
from rules.registry import rules
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, threshold_sources

# The part of the page that shows moves between the three classes.
_MOVES = "moves"

# How the two kinds that are no class are called; both stand grey in the picture.
_NO_CLASS = {UNKNOWN: "select_class_unknown", ABSENT: "select_class_absent"}


def digits_below(stage: Stage) -> int:
    """Digits of a village's code that tell the places directly below the view's apart."""
    return 9 if stage.place.level == "county" else 12


def places_below(stage: Stage) -> list[str]:
    """Codes of the places directly below the view's; of a village, itself."""
    below = stage.county.children(stage.view.region, stage.scope)
    return [place.code for place in below] or [stage.view.region]


def place_link(stage: Stage, code: str) -> Markup:
    """A place's name, opening this page there, or the village."""
    page = "village" if stage.county.places[code].level == "village" else stage.spec.key
    return pieces.link(stage.href(page, region=code), stage.name(code), cls="nowrap")


def class_name(stage: Stage, key: str) -> str:
    """A class, or that it is not known, or that the household was not registered."""
    return stage.t(_NO_CLASS[key]) if key in _NO_CLASS else stage.named(rules()[key])


def table(stage: Stage) -> None:
    """Places by classes and sub-classes, each number opening its households."""
    found = classes.counts(stage.reader, stage.view.region, stage.view.year, digits_below(stage))
    if not found:
        none = pieces.empty(stage, stage.t("page_classes"), stage.t("no_rows_hint"))
        components.paper(none, key="classes")
        return
    whole = classes.row_of(total(found.values()))
    lines = [(h("b", stage.t("total")), *_cells(stage, whole, stage.view.region))]
    lines += [
        (place_link(stage, code), *_cells(stage, classes.row_of(found.get(code, {})), code))
        for code in places_below(stage)
    ]
    names = [name for key in classes.SUBCLASSES for name in (key, *classes.SUBCLASSES[key])]
    heads = [
        h("b", class_name(stage, key)) if key in classes.SUBCLASSES else class_name(stage, key)
        for key in names
    ]
    head = (stage.t("place"), stage.t("registered_asked"), *heads, stage.t("subclass_unknown"))
    asked = [rules()[key] for keys in classes.system().classes.values() for key in keys]
    html = h(
        "section",
        pieces.heading(_shares(stage, whole), _whom(stage)),
        pieces.table(head, lines, numeric=range(1, len(head)), cls="data tight"),
        threshold_sources.note(stage, asked, stage.view.year),
    )
    components.paper(html, key="classes")


def _whom(stage: Stage) -> str:
    """Whom the classes are of: the registered, those that left poverty too."""
    poor, exited = classes.standing(stage.reader, stage.view.region, stage.view.year)
    measure = stage.measure("households")
    key = "classes_sub" if poor else "classes_sub_exited"
    return stage.t(key, year=stage.view.year, poor=measure.text(poor), exited=measure.text(exited))


def _shares(stage: Stage, whole: classes.Row) -> str:
    """The share of each class, as a sentence."""
    text = stage.measure("percent").text
    shares = {key: text(whole.share(key)) for key in classes.SUBCLASSES}
    every = stage.measure("households").text(whole.asked)
    return stage.t("classes_finding", total=every, **shares)


def _cells(stage: Stage, row: classes.Row, region: str) -> list[Markup]:
    def opened(count: int | None, column: str, key: str) -> Markup:
        href = stage.selected("class", column, key, region=region) if count else ""
        return pieces.number(stage, count, "households", href)

    asked = stage.behind("registered_households", region=region)
    found = [pieces.number(stage, row.asked, "households", asked)]
    for main, subs in classes.SUBCLASSES.items():
        found.append(opened(row.classes[main], "labour_class", main))
        found += [opened(row.subclasses[sub], "labour_subclass", sub) for sub in subs]
    return [*found, opened(row.unknown, "labour_subclass", UNKNOWN)]


def _since(stage: Stage) -> int | None:
    """The year to compare with: the one asked for, or the last before the view's."""
    earlier = [year for year in stage.bounds.years if year < stage.view.year]
    return stage.view.since if stage.view.since in earlier else max(earlier, default=None)


def choices(stage: Stage) -> None:
    """From which year moves are counted, and between which classes."""
    since = _since(stage)
    if since is None:
        return
    names = {_MOVES: stage.t("three_classes"), "labour_subclass": stage.t("six_subclasses")}
    choice_bar.choices(
        stage,
        "moves_row",
        [
            choice_bar.since(stage, since),
            choice_bar.Choice(
                "bar_part",
                stage.t("kind_of"),
                list(names),
                names.__getitem__,
                stage.view.part,
                "segments",
            ),
        ],
    )


def moved(stage: Stage) -> None:
    """Who moved from class to class since an earlier year: the picture, and every pair."""
    since = _since(stage)
    column = "labour_class" if stage.view.part == _MOVES else "labour_subclass"
    if since is None:
        return
    found = classes.moves(stage.reader, stage.view.region, column, since, stage.view.year)
    if not found:
        return
    measure = stage.measure("households")
    keys = [*_in_order(column), UNKNOWN, ABSENT]
    heads = (stage.t("end_of_year", year=since), stage.t("end_of_year", year=stage.view.year))
    chart = flow.moves(
        [flow.Kind(key, class_name(stage, key), key not in _NO_CLASS) for key in keys],
        [flow.Edge(m.then, m.now, m.households, _opens(stage, column, since, m)) for m in found],
        heads,
        measure=measure,
        words=chart_blocks.words(
            _most_moved(stage, found, since),
            _moves_sub(stage, found),
            *heads,
            measure.unit,
            stage=stage,
        ),
        frame=chart_blocks.frame(theme.PAGE),
    )
    rows = [_pair(stage, column, since, move) for move in found]

    def pairs() -> None:
        changed = [row for row, move in zip(rows, found, strict=True) if move.then != move.now]
        head = (*heads, measure.unit)
        title = h("h3", stage.t("moves_pairs"))
        listed = pieces.table(head, changed[:12], numeric=(2,), cls="data tight")
        components.paper(h("section", title, listed), key="pairs")

    chart_blocks.columns([3, 2], [lambda: chart_blocks.show(chart, "moves", stage, rows), pairs])


def _moves_sub(stage: Stage, found: list[Move]) -> str:
    """How to read the picture, and how many are of an unknown class in one of the years."""
    unknown = classes.households_of([m for m in found if UNKNOWN in (m.then, m.now)])
    told = stage.t("moves_sub", place=stage.name(stage.view.region))
    if not unknown:
        return told
    count = stage.measure("households").text(unknown)
    return told + stage.t("moves_sub_unknown", count=count)


def _in_order(column: str) -> list[str]:
    if column == "labour_class":
        return list(classes.SUBCLASSES)
    return [key for subs in classes.SUBCLASSES.values() for key in subs]


def _opens(stage: Stage, column: str, since: int, move: Move) -> str:
    """The households of a move: those gone since are listed in the year that they were there."""
    if move.now == ABSENT:
        year = str(stage.view.year)
        return stage.selected("class", column, move.then, year, ABSENT, year=since)
    return stage.selected("class", column, move.now, str(since), move.then)


def _pair(stage: Stage, column: str, since: int, move: Move) -> tuple[Any, ...]:
    opened = _opens(stage, column, since, move)
    number = pieces.number(stage, move.households, "households", opened)
    return class_name(stage, move.then), class_name(stage, move.now), number


def _most_moved(stage: Stage, found: list[Move], since: int) -> str:
    """How many changed from one class to another, and the move that most made."""
    known = [move for move in found if not {move.then, move.now} & set(_NO_CLASS)]
    if not known:
        return stage.t("moves_unknown", since=since, year=stage.view.year)
    changed = classes.changed(found)
    if not changed:
        return stage.t("moves_none", since=since, year=stage.view.year)
    measure, every = stage.measure("households"), classes.households_of(changed)
    kinds = [
        Placed(
            stage.t("moved_to", then=class_name(stage, m.then), now=class_name(stage, m.now)),
            m.households,
            base=every,
        )
        for m in changed
    ]
    top = foremost(kinds, measure)
    said = {"since": since, "count": measure.text(every)}
    if top is None:
        return stage.t("moves_finding_alike", **said)
    return stage.t("moves_finding", most=top.text, **said)


def measures(stage: Stage) -> None:
    """Households without the main measure of their class, by class and by place."""
    view = stage.view
    found = classes.mismatches(stage.reader, view.region, view.year, digits_below(stage))
    whole = classes.mismatches_total(found)
    head = [stage.t("place")]
    for key, rule in classes.MISMATCHES.items():
        head += [class_name(stage, key), h("b", stage.named(rules()[rule]))]
    head += [h("b", stage.named(rules()[classes.MISMATCH])), stage.t("unknown")]
    lines = [(h("b", stage.t("total")), *_fits(stage, whole, view.region))]
    lines += [
        (place_link(stage, code), *_fits(stage, found[code], code))
        for code in places_below(stage)
        if code in found
    ]
    unknown = whole[classes.MISMATCH]["unknown"]
    html = h(
        "section",
        pieces.heading(_without(stage, whole), stage.t("measures_sub")),
        h("p", stage.t("measures_unknown"), cls="sub") if unknown else "",
        pieces.table(head, lines, numeric=range(1, len(head)), cls="data tight"),
    )
    components.paper(html, key="measures")


def _fits(stage: Stage, by: Mapping[str, Mapping[str, int]], region: str) -> list[Markup]:
    """Of each class all and those without its measure, then those without any, and not known."""

    def answered(of: Mapping[str, int], rule: str) -> Markup:
        opened = stage.selected("rule", rule, "met", region=region)
        known = not of["all"] or of["unknown"] < of["all"]
        return pieces.number(stage, of["without"] if known else None, "households", opened)

    told = []
    for key, rule in classes.MISMATCHES.items():
        every = stage.selected("class", "labour_class", key, region=region)
        told.append(pieces.number(stage, by[key]["all"], "households", every))
        told.append(answered(by[key], rule))
    both = by[classes.MISMATCH]
    opened = stage.selected("rule", classes.MISMATCH, "unknown", region=region)
    unknown = pieces.number(stage, both["unknown"], "households", opened)
    return [*told, answered(both, classes.MISMATCH), unknown]


def _without(stage: Stage, whole: Mapping[str, Mapping[str, int]]) -> str:
    """How many lack their class's measure, and the class where that is most common."""
    both, measure = whole[classes.MISMATCH], stage.measure("households")
    if not both["without"]:
        key = "measures_untold" if both["unknown"] else "measures_none"
        return stage.t(key, year=stage.view.year)
    rate = stage.measure("percent")
    # Classes differ in size: it is the share of each that is compared.
    kinds = [
        rated(class_name(stage, key), whole[key]["without"], whole[key]["all"])
        for key in classes.MISMATCHES
    ]
    top = foremost(kinds, rate)
    said = {
        "count": measure.text(both["without"]),
        "share": rate.text(percent(both["without"], both["all"])),
    }
    if top is None:
        return stage.t("measures_finding_alike", **said)
    return stage.t("measures_finding", most=top.text, **said)
