"""The first screen of /compare-lists: the sentence, what is odd, the lists, what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from charts import bars, theme
from findings.outcomes import OUTCOMES, Outcome, Outcomes, of_checks
from glossary import label
from metrics import department_lists
from metrics.department_lists import ALL, CHECKS, OFFERED, PLACES, Listed, Summary
from state.database import StateError, kept_open
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, tabs, threshold_sources

_PARTS = {None: "tab_overview", PLACES: "part_places"}
_FEW = 7
_SEEN = ("followed", "closed", "rejected")


@dataclass(frozen=True, slots=True)
class Here:
    """What is odd in the place shown, by check and list, and what came of it.

    ``outcomes`` is None where problems cannot be read.
    """

    summary: Summary
    found: dict[str, int]
    lists: list[Listed]
    outcomes: Outcomes | None

    @property
    def loaded(self) -> list[Listed]:
        """The lists that have a row."""
        return [one for one in self.lists if one.entries]


def look(stage: Stage) -> Here:
    """What the page tells of the place shown, at the data date."""
    region = stage.view.region
    return Here(
        department_lists.summary(stage.reader, region),
        department_lists.found(stage.reader, region),
        department_lists.lists(stage.reader, region),
        _followed(stage),
    )


def _followed(stage: Stage) -> Outcomes | None:
    try:
        with kept_open(stage.county.home.path).reading() as session:
            return of_checks(session, stage.viewer, stage.view.region, CHECKS)
    except StateError:
        return None


def _counted(stage: Stage, here: Here) -> Counter[Outcome] | None:
    """How many findings of the place stand where; None where problems cannot be read."""
    if here.outcomes is None:
        return None
    return here.outcomes.counted(department_lists.subjects(stage.reader, stage.view.region))


def headline(stage: Stage, here: Here) -> None:
    """How many people are odd, and how many of these were looked at; the page's parts."""
    told = here.summary
    if here.loaded:
        title = stage.t(
            "compare_finding",
            place=stage.place.name,
            people=f"{told.people:,}",
            households=f"{told.households:,}",
        )
    else:
        title = stage.t("compare_none", place=stage.place.name)
    sub = stage.t(
        "compare_sub",
        date=stage.county.data_date,
        lists=len(here.loaded),
        all=len(here.lists),
        offered=f"{told.offered:,}",
    )
    facets = [
        pieces.facet(stage.t("part_odd"), f"{told.findings:,}", _list(stage, ALL, told.findings),
                     stage.view.part == ALL),
        pieces.facet(stage.t("part_offered"), f"{told.offered:,}",
                     _list(stage, OFFERED, told.offered), stage.view.part == OFFERED),
    ]  # fmt: skip
    chips = h("div", *facets, cls="facets")
    html = h(
        "section",
        h("h1", title),
        h("p", sub, cls="sub"),
        tabs.row(stage, _PARTS, stage.view.part or None),
        chips,
    )
    components.paper(html, key="headline")


def _list(stage: Stage, part: str, count: int) -> str:
    return stage.href("compare_lists", part=part) if count else ""


def odd(stage: Stage, here: Here) -> None:
    """The checks that find most people, at most seven; a bar opens its list. All are below."""
    shown = [key for key in CHECKS if here.found[key]]
    shown = sorted(shown, key=here.found.__getitem__, reverse=True)[:_FEW]
    if not shown:
        none = pieces.empty(stage, stage.t("compare_nothing"), stage.t("compare_nothing_hint"))
        return components.paper(none, key="odd")
    most = max(shown, key=here.found.__getitem__)
    title = stage.t(
        "compare_most", check=stage.named(stage.county.checks[most]), count=here.found[most]
    )
    rows = [
        bars.Bar(stage.named(stage.county.checks[key]), here.found[key],
                 _list(stage, key, here.found[key]))
        for key in shown
    ]  # fmt: skip
    chart = bars.ranked(
        rows,
        measure=stage.measure("people"),
        words=chart_blocks.words(
            title, stage.t("compare_most_sub"), stage.t("check"), stage.t("counted"), stage=stage
        ),
        frame=chart_blocks.frame(theme.HALF),
    )
    return chart_blocks.show(chart, "odd", stage)


def lists(stage: Stage, here: Here) -> None:
    """Each list: its rows, how many are of people in the register, what is odd and offered."""
    rows = [_row(stage, one) for one in here.lists]
    keys = ("department_list", "list_rows", "list_in_register", "part_odd", "part_offered")
    missing = [
        label("department_list", one.key, stage.lang) for one in here.lists if not one.entries
    ]
    title = stage.t("lists_all_loaded")
    if missing:
        title = stage.t("lists_missing", lists=stage.t("rule_comma").join(missing))
    table = pieces.table([stage.t(key) for key in keys], rows, numeric=range(1, 5),
                         cls="data tight")  # fmt: skip
    html = h("section", pieces.heading(title, stage.t("lists_sub")), table)
    components.paper(html, key="lists")


def _row(stage: Stage, one: Listed) -> tuple[object, ...]:
    name = pieces.Td(label("department_list", one.key, stage.lang), "firm")
    if not one.entries:
        return (name, *("—" for _ in range(4)))
    return (
        name,
        pieces.number(stage, one.entries, "entries"),
        pieces.number(stage, one.matched, "entries"),
        pieces.number(stage, one.odd, "people", _list(stage, one.key, one.odd)),
        pieces.number(stage, one.offered, "entries"),
    )


def outcomes(stage: Stage, here: Here) -> None:
    """Of each check, what nobody took up, what is followed, and what it came to."""
    counted = _counted(stage, here)
    if counted is None or here.outcomes is None:
        return
    subjects = department_lists.subjects(stage.reader, stage.view.region)
    body = []
    for key in (one for one in CHECKS if here.found[one]):
        mine = here.outcomes.counted(each for each in subjects if each[0] == key)
        href = _list(stage, key, here.found[key])
        problems = stage.href("problems", about=f"check.{key}")
        body.append(
            (
                pieces.link(href, stage.named(stage.county.checks[key])),
                pieces.number(stage, here.found[key], "people", href),
                *(
                    pieces.number(stage, mine[one], "people",
                                  problems if one in _SEEN and mine[one] else "")
                    for one in OUTCOMES
                ),
            )
        )  # fmt: skip
    title = stage.t("outcomes_finding", unseen=f"{counted['unseen']:,}",
                    followed=f"{counted['followed']:,}", closed=f"{counted['closed']:,}",
                    rejected=f"{counted['rejected']:,}")  # fmt: skip
    head = [stage.t(key) for key in ("check", "part_odd", *(f"outcome_{one}" for one in OUTCOMES))]
    table = pieces.table(head, body, numeric=range(1, len(head)), cls="data tight")
    html = pieces.folded(title, stage.t("outcomes_sub"), table)
    components.paper(html, key="outcomes")


def sources(stage: Stage) -> None:
    """The thresholds that the checks name, with their documents."""
    where = " AND ".join(stage.county.checks[key].where for key in CHECKS)
    note = threshold_sources.note_on(stage, where, stage.county.data_date)
    components.paper(h("section", note, h("p", stage.t("no_verdict"), cls="sub")), key="sources")
