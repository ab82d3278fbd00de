"""What a page stands on: who looks, at which county and snapshot, and the view of the address."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import streamlit as st

from access.roles import Act
from access.viewer import Viewer
from charts.number_format import Kind, Measure
from glossary import Lang, agreeing, term
from metrics import differences, funds
from metrics.county import County
from metrics.cube import Cell
from metrics.files import village_of
from metrics.filters import FINDINGS, HouseholdFilter
from metrics.registry import Indicator
from metrics.selections import selection
from metrics.subjects import ENTRY, HOUSEHOLD, MEMBER, PROJECT, subject_of
from store.reader import Reader, Reveal
from store.simulated import State
from store.snapshots import Home, NoSnapshot
from views.context import (
    address,
    filtering,
    plain_text,
    possible,
    searching,
    session_county,
    sitemap,
    values,
    visitor,
    zoned,
)
from views.context.counties import county, home
from views.context.page_keys import BESIDE, EVERYWHERE
from views.context.page_spec import PageSpec, Tab
from views.context.view import Bounds, clashes
from views.context.zoned import Zoned

ROOT = Path(__file__).parents[2]


class SnapshotAbsent(NoSnapshot):
    """The address names a snapshot that the home does not hold (any more)."""

    def __init__(self, number: int):
        super().__init__(f"no snapshot {number}")
        self.number = number


def simulated(state: State, lang: Lang) -> str:
    """The words for what of some data is simulated; empty for data of which nothing is."""
    return term(_SIMULATED[state], lang) if state in _SIMULATED else ""


@dataclass(frozen=True, kw_only=True)
class Stage(Zoned):
    """Everything a page needs, made anew each run; nothing of it is kept in the session."""

    # What this run's queries show whole: nothing, all, or the rows of the household it names.
    reveal: Reveal = False

    @property
    def lang(self) -> Lang:
        return self.view.lang

    @cached_property
    def reader(self) -> Reader:
        """Queries of this run's viewer."""
        return self.county.reader(self.scope, reveal=self.reveal)

    @cached_property
    def village(self) -> str | None:
        """The village of the household that the address names; None where the viewer sees none."""
        return village_of(self.reader, self.view.id) if self.view.id else None

    @property
    def may_reveal(self) -> bool:
        """Whether the viewer may see the address's household whole, for a reason."""
        return self.village is not None and self.viewer.may("reveal", self.village)

    def may(self, act: Act) -> bool:
        """Whether the viewer may do it with all that this view shows them of its place.

        On a page of the whole county in the whole county, or anywhere in their part of the page.
        """
        if self.spec.whole:
            partly = act in self.spec.partly and bool(self.viewer.where(act).codes)
            return partly or self.viewer.may(act, self.county.code)
        codes = self.scope.narrowed(self.view.region).codes
        return bool(codes) and all(self.viewer.may(act, code) for code in codes)

    @property
    def tab(self) -> Tab:
        """The part that is shown of a page which is divided into parts."""
        return self.spec.tab(self.view.part)

    @property
    def indicator(self) -> Indicator | None:
        return self.county.indicators.get(self.view.indicator)

    @property
    def absent_tables(self) -> list[str]:
        """The tables that this page shows and that the snapshot has no row of."""
        rows = self.county.snapshot.rows
        return [table for table in ("household", "member", *self.spec.tables) if not rows(table)]

    def t(self, key: str, /, **values: object) -> str:
        """A term in the view's language."""
        return term(key, self.lang, **values)

    def named(self, declared: Any) -> str:
        """The name, in the view's language, of anything declared in both."""
        return declared.zh if self.lang == "zh" else declared.en

    @property
    def simulated(self) -> str:
        """That the data shown are simulated, or a part of them; empty where none is."""
        return simulated(self.county.simulated, self.lang)

    def measure(self, unit: str) -> Measure:
        """How numbers of a unit read in the view's language."""
        word = self.t(f"unit_{unit}")
        one = agreeing(f"1 {word}").removeprefix("1 ") if self.lang == "en" else ""
        return Measure(_KINDS.get(unit, "count"), word, self.lang, one)

    def headed(self, name: str, unit: str) -> str:
        """A name with the unit of the numbers under or beside it in brackets."""
        return f"{name} ({unit})" if self.lang == "en" else f"{name}({unit})"

    def name(self, code: str) -> str:
        """A place's name: the short one in Chinese; English pages show the same, as on maps. In a
        zone, the place shown is called by it."""
        if self.zone is not None and code == self.view.region:
            return self.zone_and(self.county.places[code])
        return self.county.places[code].short_name

    def official(self, code: str) -> str:
        """A place's name as the code list has it: for what leaves the program as a document."""
        return self.county.places[code].official_name

    def cell(self, indicator: str, region: str | None = None, year: int | None = None) -> Cell:
        """A number of the cube, as much of it as the viewer may see."""
        return self.county.cube.cell(
            indicator, region or self.view.region, year or self.view.year, self.scope
        )

    def households(self, **changes: object) -> HouseholdFilter:
        """The filter of households that the view, with changes, stands for."""
        view = self.view.but(**changes)
        keys = (view.group or "").split(".")
        rules = tuple(self.county.rules[key] for key in keys if key in self.county.rules)
        exact = keys[0] == values.ONLY
        of_data_date = view.state or view.ledger or view.by == ENTRY
        return HouseholdFilter(
            view.region, self.newest if of_data_date else view.year,
            self.county.indicators.get(view.indicator) if "indicator" in self.spec.keys else None,
            () if exact else rules, rules if exact else (), view.state,
            self.county.rules[view.ledger] if view.ledger else None, view.q, view.select,
            self.viewer.finds, self._differing if "by" in self.spec.keys else None, view.where,
            self.bounds.fields, self._followed if filtering.asks_problems(view) else {},
        )  # fmt: skip

    @cached_property
    def _followed(self) -> dict[str, object]:
        return filtering.followed(self.county, self.viewer)

    @cached_property
    def _differing(self) -> tuple[str, ...] | None:
        """The households that count for more here than at the snapshot that the address holds the
        list against; None where it names none."""
        view, other = self.view, self.view.against
        if other is None:
            return None
        there = county(other)
        plain = replace(self, view=replace(view, against=None)).households()
        year = max(there.years) if plain.year == self.newest else plain.year
        then = replace(plain, year=year, fields=filtering.fields(there))
        return differences.more(self.reader, there.reader(self.scope), plain, then)

    @property
    def newest(self) -> int:
        """The year of the data date, which states of the ledgers belong to."""
        return max(self.bounds.years)

    @property
    def subject(self) -> str:
        """What the list's rows are: people are known by name in the data date's year only, and no
        entry is missing. An indicator of projects lists these, and another never does."""
        by, indicator = self.view.by, self.indicator
        if indicator is not None and (subject_of(indicator) == PROJECT) != (by == PROJECT):
            by = PROJECT if by != PROJECT else HOUSEHOLD
        if by == MEMBER and self.view.year != self.newest:
            return HOUSEHOLD
        return HOUSEHOLD if by == ENTRY and self.view.state in FINDINGS else by

    def in_ledgers(self, *, state: str, ledger: str | None = None, by: str = HOUSEHOLD) -> str:
        """Address of what is in a state of the ledgers (of one group, or any): that of the data
        date, whatever year is shown. ``by`` says what is counted."""
        return self.href(
            "ledgers", year=self.newest, state=state, ledger=ledger, by=by, against=None
        )

    def selected(
        self,
        *parts: str,
        region: str | None = None,
        year: int | None = None,
        by: str = HOUSEHOLD,
        zone: str | None = None,
    ) -> str:
        """Address of the households that a selection names (``"rule", "exit_income", "missed"``),
        or of their people where ``by`` says that people are counted; of ``zone`` or the zone shown.

        Raises metrics.selections.SelectionError for one that there is not.
        """
        return self.href(
            "ledgers",
            select=selection(".".join(parts)),
            where=(),
            region=region or self.view.region,
            zone=zone or self.view.zone,
            year=year or self.view.year,
            by=self._listed_by(by, year or self.view.year),
            indicator="",
            group=None,
            state=None,
            ledger=None,
            against=None,
            q="",
        )

    def _listed_by(self, by: str, year: int) -> str:
        """Rows as counted; of an earlier year there are households only, and projects."""
        return by if year == self.newest or by == PROJECT else HOUSEHOLD

    def behind(self, indicator: str, region: str | None = None, year: int | None = None) -> str:
        """Address of the list behind an indicator's number: what it counts, as far as that is
        known by name, else households. Empty if it has none."""
        place, when = region or self.view.region, year or self.view.year
        declared = self.county.indicators[indicator]
        if (lines := funds.opened_by(declared)) is not None:
            return self.href("funds", region=place, year=when, part="lines", fund=lines)
        if (by := subject_of(declared)) is None:
            return ""
        # From the list itself too: a number's households are not narrowed by what is filtered here.
        return self.href(
            "ledgers",
            indicator=indicator,
            region=place,
            year=when,
            by=self._listed_by(by, when),
            select=None,
            where=(),
            group=None,
            state=None,
            ledger=None,
            against=None,
            q="",
        )


_SIMULATED: dict[State, str] = {"all": "simulated", "part": "simulated_part"}
_KINDS: dict[str, Kind] = {
    "percent": "rate",
    **dict.fromkeys(("months", "km", "mu", "m2", "kw", "degree", "weight"), "decimal"),
}
_STAGE: ContextVar[Stage] = ContextVar("stage")


def asked() -> dict[str, list[str]]:
    """Keys and values of the address, as often as each was given."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def _number(place: Home, given: address.Query) -> int | None:
    """The snapshot that an address names; who asks for the current one goes on with it.

    None for an address that names none, or several. Raises SnapshotAbsent.
    """
    meant = address.meant(given, "snapshot", values.is_whole)
    if len(meant) != 1:
        return None
    number = int(meant[0])
    if number not in place.numbers():
        raise SnapshotAbsent(number)
    if number == place.current_number():
        session_county.begin_with(number)
    return number


def set_stage(spec: PageSpec) -> Stage:
    """Read the address and open what it asks for; the page of this run finds it with ``stage``.

    Raises store.snapshots.NoSnapshot where no data are loaded yet, SnapshotAbsent where the address
    names a snapshot that is not there: its numbers are not those of another; visitor.LoginNeeded.
    """
    given = asked()
    place = home()
    number = _number(place, given)
    opened = session_county.go_on(place) if number is None else county(number)
    viewer = visitor.viewer(opened.code, opened.simulated, opened.zones)
    bounds = replace(
        possible.bounds(opened, viewer, spec),
        current=session_county.begun(place),
        searches=searching.kept(),
    )
    made = staged(spec, given, opened, viewer, bounds)
    if address.is_file(spec.keys) and made.may_reveal and plain_text.until(made.view.id or ""):
        made = replace(made, reveal=made.view.id or "")
    _STAGE.set(made)
    return made


def staged(
    spec: PageSpec, given: address.Query, opened: County, viewer: Viewer, bounds: Bounds
) -> Stage:
    """The stage of a page's query over a county, for a viewer; nothing is asked of the session."""
    keys = {*spec.keys, *EVERYWHERE, *BESIDE}
    found = zoned.read(spec, given, opened, viewer, bounds, keys)
    read, fallen, bounds = found.view, found.fallen, found.bounds
    fresh, _ = address.parse({}, bounds)
    handed_on = [key for key in EVERYWHERE if key not in spec.keys]
    carried = {k: v for k in handed_on if (v := getattr(read, k)) != getattr(fresh, k)}
    view = replace(read, **{key: getattr(fresh, key) for key in handed_on})
    view = replace(view, part=spec.part_asked(view, fresh))
    told = (*fallen, *clashes(view, bounds))
    return Stage(
        spec, bounds, view, told, county=opened, viewer=found.viewer, whole_viewer=found.whole,
        carried=carried,
    )  # fmt: skip


def stage(page: str) -> Stage:
    """The stage of this run; a page run by itself, without the frame, makes its own."""
    try:
        return _STAGE.get()
    except LookupError:
        return set_stage(sitemap.BY_KEY[page])
