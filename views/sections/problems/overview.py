"""How problems stand: how many are open, overdue by unit, how long they take, what came again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from charts import theme
from charts.still_open import still_open
from findings import asking
from findings.asking import ASKED, MINE, Course, Filter
from findings.texts import SOURCES
from findings.units import code_of
from metrics import funds, gaps
from metrics.closing import Curve, curve, repeated
from metrics.paging import PAGE_ROWS, first_row, page_count
from state.database import StateError, kept_open
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context import choice_bar
from views.context.choice_bar import Choice
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, problem_words

_UNITS = 6  # that the first screen has room for
_SHARES = {"half": 50, "most": 90}  # percent
_ROOM = theme.Frame(520, 190, 15, 3)


@dataclass(frozen=True, slots=True)
class Problems:
    """What is asked for, as it stands at one moment; ``unit`` is the one that is filtered by."""

    wanted: Filter
    counts: Mapping[str, int]
    late: Mapping[str, tuple[int, int]]
    week: tuple[int, int]
    courses: Sequence[Course]
    units: Sequence[str]
    kinds: Sequence[str]
    rows: Sequence[asking.Row]
    count: int

    @property
    def nothing(self) -> bool:
        """Whether there is no problem at all in the place, whatever is filtered by."""
        return not any(self.counts.values()) and not (
            self.wanted.unit
            or self.wanted.kind
            or self.wanted.among
            or self.wanted.source
            or self.wanted.mine
        )

    @property
    def pages(self) -> int:
        return max(1, page_count(self.count))

    @property
    def curve(self) -> Curve | None:
        return curve(self.courses, self.wanted.today)

    @property
    def repeated(self) -> frozenset[int]:
        return repeated(self.courses)


def asked(stage: Stage) -> Problems | None:
    """What the address asks for; None, in words, where it cannot be read."""
    view, viewer = stage.view, stage.viewer
    try:
        with kept_open(stage.county.home.path).reading() as session:
            units = asking.units(session, viewer)
            chosen = next((unit for unit in units if code_of(unit) == view.unit), "")
            kind, among = _kinds(stage, view.about)
            wanted = Filter(view.region, asking.today(), view.state, chosen if view.unit else None,
                            kind, view.source, view.mine, among)  # fmt: skip
            count = asking.count(session, viewer, wanted)
            first = first_row(min(view.page, max(1, page_count(count))))
            return Problems(
                wanted,
                asking.by_state(session, viewer, wanted),
                asking.overdue_by_unit(session, viewer, wanted),
                asking.opened_and_closed(session, viewer, wanted),
                asking.courses(session, viewer, wanted),
                units,
                asking.kinds(session, viewer),
                asking.listed(session, viewer, wanted, first, PAGE_ROWS),
                count,
            )
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="problems_unread")
        return None


def _kinds(stage: Stage, about: str | None) -> tuple[str | None, tuple[str, ...]]:
    """The kind asked for, or all kinds of funds, or of a gap: its own, and those of its
    screenings."""
    if about == funds.PROBLEMS:
        return None, funds.problem_kinds(stage.county.checks)
    gap = gaps.gaps().get((about or "").removeprefix("gap."))
    return (None, gap.kinds) if gap and about == f"gap.{gap.key}" else (about, ())


def headline(stage: Stage, found: Problems) -> None:
    """How many are open, overdue, and how long it takes; each state narrows the list."""
    counts, shape = found.counts, found.curve
    said = stage.t(
        "problems_finding",
        place=stage.place.name,
        open=f"{counts['open']:,}",
        overdue=f"{counts['overdue']:,}",
    )
    opened, closed = found.week
    sub = stage.t(
        "problems_sub",
        date=found.wanted.today,
        opened=f"{opened:,}",
        closed=f"{closed:,}",
        again=f"{len(found.repeated):,}",
    )
    facets = [_facet(stage, key, counts[key]) for key in ASKED]
    html = h(
        "section",
        h("h1", said, " ", _pace(stage, shape)),
        h(
            "p",
            sub,
            " · ",
            pieces.link(stage.href("problems", part="week"), stage.t("week_notice")),
            cls="sub",
        ),
        h("div", *facets, cls="facets"),
    )
    components.paper(html, key="headline")


def _pace(stage: Stage, shape: Curve | None) -> str:
    if shape is None:
        return ""
    half = _within(stage, shape, "half")
    if shape.until(_SHARES["half"]) is None:
        return f"· {half}"
    return stage.t("problems_pace", half=half, most=_within(stage, shape, "most"))


def _within(stage: Stage, shape: Curve, share: str) -> str:
    """In how many days half of them, or nine in ten, are closed; that they are not yet."""
    days = shape.until(_SHARES[share])
    if days is None:
        return stage.t(f"closed_{share}_not")
    return stage.t(f"closed_{share}", days=stage.measure("days").text(days))


def _facet(stage: Stage, state: str, count: int) -> Markup:
    chosen = stage.view.state == state
    href = stage.href("problems", state=None if chosen else state)
    name = stage.t(f"problem_{state}")
    return pieces.facet(name, f"{count:,}", href if count or chosen else "", chosen)


def standing(stage: Stage, found: Problems) -> None:
    """Who is late, beside how long it takes."""
    shape = found.curve
    if shape is None:
        return
    draw = [partial(_by_unit, stage, found), partial(_closing, stage, shape)]
    chart_blocks.columns(2, draw)


def _by_unit(stage: Stage, found: Problems) -> None:
    late = [(unit, opened, over) for unit, (opened, over) in found.late.items()]
    overdue = [each for each in late if each[2]]
    rows = [
        (
            pieces.link(_of_unit(stage, unit), unit),
            pieces.number(stage, opened, "entries", _of_unit(stage, unit, "open")),
            pieces.number(stage, over, "entries", _of_unit(stage, unit, "overdue")),
        )
        for unit, opened, over in late
    ]
    title = stage.t("problems_late_units" if overdue else "problems_no_late_unit",
                    count=f"{len(overdue):,}")  # fmt: skip
    head = [stage.t(key) for key in ("problem_unit", "problem_open", "problem_overdue")]

    def table(part: Sequence[pieces.Row]) -> Markup:
        return pieces.table(head, part, numeric=(1, 2), cls="data tight")

    more = rows[_UNITS:]
    rest = stage.t("problems_more_units", count=f"{len(more):,}")
    html = h(
        "section",
        pieces.heading(title, stage.t("problems_units_sub")),
        table(rows[:_UNITS]) if rows else h("p", stage.t("problems_unassigned"), cls="sub"),
        h("details", h("summary", rest), table(more)) if more else None,
    )
    components.paper(html, key="by_unit")


def _of_unit(stage: Stage, unit: str, state: str | None = None) -> str:
    return stage.href("problems", unit=code_of(unit), state=state)


def _closing(stage: Stage, shape: Curve) -> None:
    half = shape.until(50)
    title = _within(stage, shape, "half") if shape.closed else stage.t("closing_none")
    sub = stage.t("closing_sub", closed=f"{shape.closed:,}", open=f"{shape.open:,}")
    chart = still_open(
        shape.days,
        shape.open_percent,
        shape.last,
        measure=stage.measure("days"),
        share=stage.measure("percent"),
        words=chart_blocks.words(
            title, sub, stage.t("closing_day"), stage.t("closing_share"), stage=stage
        ),
        half=half,
        frame=replace(chart_blocks.frame(_ROOM), height=_ROOM.height),
    )
    chart_blocks.show(chart, "closing", stage)


def filters(stage: Stage, found: Problems) -> None:
    """Unit, kind, source, and whose: the filters that only this page has."""
    view = stage.view
    names = {code_of(unit): unit for unit in found.units}
    units = ["", *names]
    if view.unit and view.unit not in names:
        units.append(view.unit)
        notice([stage.t("unit_unknown")], key="unit_unknown")
    of_gaps = [f"gap.{key}" for key in gaps.gaps()]
    kinds = ["", *of_gaps, *(kind for kind in found.kinds if kind not in of_gaps)]
    if view.about and view.about not in kinds:
        kinds.append(view.about)

    def said(every: str, key: str, value: str) -> str:
        return stage.t(f"{key}_{value}") if value else stage.t(every)

    def kind(key: str) -> str:
        return problem_words.kind(stage, key) if key else stage.t("problem_any_kind")

    def unit(code: str) -> str:
        return names.get(code, code) if code else stage.t("problem_any_unit")

    wanted = [
        Choice("bar_unit", stage.t("problem_unit"), units, unit, view.unit or "", width=200),
        Choice("bar_about", stage.t("problem_kind"), kinds, kind, view.about or "", width=240),
        Choice("bar_source", stage.t("problem_source"), ["", *SOURCES],
               partial(said, "problem_any_source", "source"), view.source or ""),
        Choice("bar_mine", stage.t("problem_mine"), ["", *MINE],
               partial(said, "problem_anybody", "mine"), view.mine or "", width=200),
    ]  # fmt: skip
    choice_bar.choices(stage, "problem_bar", wanted)


def filter_words(stage: Stage, found: Problems) -> str:
    """The filter in words: what stands above the list and in the workbook."""
    view, wanted = stage.view, found.wanted
    parts = [stage.place.name]
    parts += [stage.t(f"problem_{view.state}")] if view.state else []
    parts += [wanted.unit or stage.t("unit_unknown")] if view.unit else []
    parts += [problem_words.kind(stage, view.about)] if view.about else []
    parts += [stage.t(f"source_{view.source}")] if view.source else []
    parts += [stage.t(f"mine_{view.mine}")] if view.mine else []
    return " · ".join(parts)
