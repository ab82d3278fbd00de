"""What the classes page draws of the nine verifications: items, places, the oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from charts import answer_bars as rows_of
from charts import theme
from charts.answer_bars import Answer
from charts.foremost import Placed, foremost, rated
from glossary import label
from metrics import nine_checks
from metrics.nine_checks import ALL, ITEMS, STATES
from metrics.shares import percent, total
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, paged_list, pieces
from views.sections.classes.labour_classes import digits_below, place_link, places_below

# How a verification's states are drawn and called.
_AS: dict[Answer, tuple[str, str]] = {
    "missed": ("missing", "nine_missing"),
    "unknown": ("pending", "nine_pending"),
    "met": ("done", "nine_done"),
}
assert {state for state, _ in _AS.values()} == set(STATES)


def _item(stage: Stage, item: str) -> str:
    return label("nine_item", item, stage.lang)


def _opens(stage: Stage, item: str, state: str, region: str = "") -> str:
    """Households by a state of an item; they stand in the newest year."""
    newest = max(stage.bounds.years)
    return stage.selected("nine", item, state, region=region or stage.view.region, year=newest)


def progress(stage: Stage) -> None:
    """What is done of each item, and of all nine by place."""
    found = nine_checks.by_place(stage.reader, stage.view.region, digits_below(stage))
    if not found or not nine_checks.any_recorded(stage.reader):
        none = pieces.empty(stage, stage.t("nine_title"), stage.t("nine_none"))
        components.paper(none, key="nine")
        return
    whole = total(found.values())
    names = {answer: stage.t(term) for answer, (_, term) in _AS.items()}
    measure = stage.measure("households")
    chart = rows_of.answers(
        [_row(stage, item, whole) for item in ITEMS],
        names,
        measure=measure,
        words=chart_blocks.words(
            _finding(stage, whole),
            stage.t("nine_sub", date=stage.county.data_date),
            stage.t("item"),
            stage=stage,
        ),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.columns(
        [1, 1],
        [lambda: chart_blocks.show(chart, "nine", stage), lambda: _places(stage, found, whole)],
    )


def _row(stage: Stage, item: str, whole: Mapping[str, int]) -> rows_of.Row:
    counts = {answer: whole[f"{item}_{state}"] for answer, (state, _) in _AS.items()}
    hrefs = {answer: _opens(stage, item, _AS[answer][0]) for answer in counts if counts[answer]}
    return rows_of.Row(_item(stage, item), counts, hrefs)


def _finding(stage: Stage, whole: Mapping[str, int]) -> str:
    """How many have all nine, and the item that most have not."""
    measure = stage.measure("households")
    kinds = [
        Placed(_item(stage, item), whole[f"{item}_open"], base=whole["asked"]) for item in ITEMS
    ]
    top = foremost(kinds, measure)
    said = {"done": measure.text(whole["all_done"]), "share": _share(stage, whole)}
    if top is None:
        return stage.t("nine_finding_alike", **said)
    return stage.t("nine_finding", most=top.text, **said)


def _places(stage: Stage, found: Mapping[str, Mapping[str, int]], whole: Mapping[str, int]) -> None:
    """Completion by place, the least complete first."""

    def share(code: str) -> float:
        return percent(found[code]["all_done"], found[code]["asked"]) or 0.0

    ordered = sorted((code for code in places_below(stage) if code in found), key=share)
    lines = [(h("b", stage.t("total")), *_done(stage, whole, stage.view.region))]
    lines += [(place_link(stage, code), *_done(stage, found[code], code)) for code in ordered]
    head = [stage.t(key) for key in ("place", "nine_asked", "nine_all", "share_done", "nine_open")]
    rates = [rated(stage.name(c), found[c]["all_done"], found[c]["asked"]) for c in ordered]
    title = chart_blocks.ranking(stage, stage.t("nine_places"), rates, stage.t("places"))
    html = h(
        "section",
        pieces.heading(title, stage.t("nine_places_sub")),
        pieces.table(head, lines, numeric=range(1, 5), cls="data tight"),
    )
    components.paper(html, key="nine_places")


def _share(stage: Stage, counts: Mapping[str, int]) -> str:
    """The share of households with all nine done, in words."""
    return stage.measure("percent").text(percent(counts["all_done"], counts["asked"]))


def _done(stage: Stage, counts: Mapping[str, int], region: str) -> tuple[Any, ...]:
    registered = stage.behind("registered_households", region, max(stage.bounds.years))

    def number(count: int, state: str) -> Markup:
        return pieces.number(stage, count, "households", _opens(stage, ALL, state, region))

    return (
        pieces.number(stage, counts["asked"], "households", registered),
        number(counts["all_done"], "done"),
        _share(stage, counts),
        number(counts["all_open"], "open"),
    )


def listed_households(stage: Stage) -> None:
    """Households whose verifications are the oldest, or missing, first; fifty a page."""
    region = stage.view.region
    count = total(nine_checks.by_place(stage.reader, region, 6).values()).get("asked", 0)
    if not count or not nine_checks.any_recorded(stage.reader):
        return
    comma = "、" if stage.lang == "zh" else ", "

    def undone(row: paged_list.Row) -> str:
        if not row["done_items"]:
            return stage.t("nine_none_done")
        return comma.join(_item(stage, item) for item in row["open_items"])

    def oldest(row: paged_list.Row) -> str:
        return row["oldest_on"].isoformat() if row["oldest_on"] else stage.t("nine_never")

    wanted = paged_list.Wanted(
        stage.t("nine_oldest"),
        stage.name(region),
        count,
        lambda reader, *part: nine_checks.oldest_first(reader, region, *part),
        whole=True,
    )
    columns = [
        paged_list.Column(
            "household_id",
            lambda row: row["household_id"],
            lambda row: stage.href("household", id=row["household_id"]),
            cls="firm",
            width=20,
        ),
        paged_list.Column("head_name", lambda row: row["head_name"], cls="firm"),
        paged_list.village(stage),
        paged_list.Column("nine_oldest_on", oldest, cls="firm"),
        paged_list.Column("nine_items_done", lambda row: row["done_items"], numeric=True),
        paged_list.Column("nine_items_open", undone, width=50),
    ]
    paged_list.show(stage, wanted, columns)
