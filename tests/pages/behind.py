"""What stands behind a link: the list of the page that it opens, counted as that page counts it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from access.viewer import demo_viewer
from metrics import (
    assets,
    calendars,
    department_lists,
    disclosure,
    homes,
    intake,
    lists,
    notices,
    project_library,
    relocation,
    remaining,
    safety_net,
    sieves,
    turns,
    upkeep,
    village_income_lists,
    visits,
    work_lists,
)
from metrics import exit as standards
from metrics.county import County, open_county
from metrics.projects import Projects
from metrics.registry import Measure
from metrics.subjects import ENTRY, HOUSEHOLD, PROJECT, Subjects
from store.snapshots import Home
from views.context import possible, zoned
from views.context.page_keys import EVERYWHERE
from views.context.pages_check import EXIT_PARTS
from views.context.sitemap import PAGES
from views.context.stage import Stage
from views.sections import screenings, stress
from views.sections.dynamics import ends
from views.sections.monitoring import open_cases
from views.sections.publish import objections
from views.sections.quality import page as quality
from views.sections.village_income import screen as village_income

Counts = dict[str, int]
_UNLISTED = 20
_NUMBER = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?")
_POWERS = {"万": 1e4, "亿": 1e8, "k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6}


@dataclass(frozen=True, slots=True)
class Said:
    """A number as a page writes it: how much, and by how much its rounding may be off.

    ``whole`` numbers are counts, written to the last one.
    """

    value: float
    rounding: float
    percent: bool
    whole: bool

    def counts(self, exact: float | None) -> bool:
        """Whether a count is written so, to the last one where it is written whole."""
        return self.value == exact if self.whole else self.is_of(exact)

    def is_of(self, exact: float | None) -> bool:
        """Whether an exact number is written so."""
        return exact is not None and abs(abs(exact) - self.value) <= self.rounding * 1.001


def said(text: str) -> Said | None:
    """The first number of a text, as the page writes it; None for a text without any."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    digits = found[0].replace(",", "").lstrip("-−+")
    after = text[found.end() : found.end() + 1]
    power = _POWERS.get(after, 1.0)
    decimals = len(digits.partition(".")[2])
    rounding = 0.5 * power / 10**decimals
    return Said(float(digits) * power, rounding, after == "%", not decimals and power == 1.0)


class Behind:
    """The lists behind the links of one home's pages, each asked once."""

    def __init__(self, home: Home):
        self._home = home
        self._specs = {spec.path: spec for spec in PAGES}
        self._known: dict[str, Counts | None] = {}
        self._portraits: dict[tuple[str, int, str], remaining.Portrait] = {}

    @cached_property
    def county(self) -> County:
        return open_county(self._home)

    def stage(self, href: str) -> Stage:
        """The stage that the page of a link stands on. Raises AssertionError for a bad link."""
        split = urlsplit(href)
        spec = self._specs[split.path.strip("/")]
        viewer = demo_viewer(self.county.code)
        bounds = possible.bounds(self.county, viewer, spec)
        query = dict(parse_qsl(split.query, strict_parsing=bool(split.query)))
        keys = {*spec.keys, *EVERYWHERE}
        assert query.keys() <= keys, f"{href}: keys of no use"
        read = zoned.read(spec, query, self.county, viewer, bounds, keys)
        assert not read.fallen, f"{href} has values that its page does not take: {read.fallen}"
        return Stage(
            spec, read.bounds, read.view, (),
            county=self.county, viewer=read.viewer, whole_viewer=read.whole, carried={},
        )  # fmt: skip

    def counts(self, href: str) -> Counts | None:
        """Unit to how many the list has; None for a page that is no list of anything."""
        plain = re.sub(r"([?&])lang=\w+&?", r"\1", href).rstrip("?&")
        if plain.startswith("/s/"):  # a view that was sent: it may be of any page
            return None
        if plain not in self._known:
            stage = self.stage(plain)
            count = _LISTS.get(stage.spec.key)
            self._known[plain] = count(stage) if count else None
        return self._known[plain]

    def rate(self, href: str) -> float | None:
        """What a rate or a mean says whose households a link opens: by indicator or by trait."""
        stage = self.stage(href)
        view = stage.view
        if view.indicator:
            return stage.cell(view.indicator).value
        if view.select is not None and view.select.kind == "left":
            who, trait = view.select.arguments[:2]
            asked = (view.region, view.year, who)
            if asked not in self._portraits:
                self._portraits[asked] = remaining.portrait(stage.reader, *asked)
            return self._portraits[asked].percent(trait)
        return None


def _ledgers(stage: Stage) -> Counts:
    wanted = stage.households()
    if stage.subject == HOUSEHOLD:
        households, people = lists.counted(stage.reader, wanted)
        declared = wanted.indicator
        if declared and declared.unit == "people":
            people = _amount(stage, declared.numerator)
        return {"households": households, "people": people}
    if stage.subject == PROJECT:
        projects = Projects(stage.view.region, stage.view.year, wanted.indicator)
        rows = projects.rows(stage.reader).to_pylist()
        served = sum(row["beneficiary_households"] or 0 for row in rows)
        return {"projects": len(rows), "households": served}
    found = Subjects(stage.subject, wanted, stage.county.data_date)
    count, _ = found.count(stage.reader)
    if stage.subject == ENTRY:
        return {"entries": count}
    # A few people whose rows were refused are counted in their household and known by no name.
    declared = wanted.indicator
    living = _amount(stage, _LIVING) if declared and declared.unit == "people" else count
    assert 0 <= living - count <= _UNLISTED, f"{living} people, {count} of them by name"
    return {"people": living}


_LIVING = Measure("household_fact", "member_count", "TRUE")


def _amount(stage: Stage, measure: Measure) -> int:
    """What a measure comes to over the households of a list."""
    condition, given = stage.households().condition()
    row = stage.reader.one(
        f"SELECT {measure.amount} AS n FROM {{{measure.relation}}} WHERE household_id IN "
        f"(SELECT f.household_id FROM {{household_fact}} AS f WHERE {condition}) "
        "AND year = $of_year",
        of_year=stage.view.year,
        **given,
    )
    assert row is not None
    return int(row["n"])


def _dynamics(stage: Stage) -> Counts | None:
    found, part = ends.ends(stage), stage.view.part
    if found is None or part is None:
        return None
    if part in ends.dynamics.EVENT_PARTS:
        records, households = found.span.happened_count(ends.dynamics.EVENT_PARTS[part])
        return {"people": records, "households": households}
    if part in turns.TURN_PARTS:
        turned = ends.turned(stage, found)
        return {"households": turned.count(part)} if turned else None
    if part in ends.dynamics.EDGE_PARTS or part == ends.dynamics.UNRECORDED:
        return {"households": found.span.count(part)}
    return None


def _screenings(stage: Stage) -> Counts:
    wanted = screenings._wanted(stage)
    return {"findings": sieves.count_findings(stage.reader, screenings.clock(stage), wanted)}


def _projects(stage: Stage) -> Counts | None:
    """Lines of the part's list; what was raised are amounts, and no lines."""
    part, state, region = stage.view.part, stage.view.state, stage.view.region
    if stage.view.project or part is None or state == upkeep.RAISED:
        return None
    lists = {
        "list": project_library.Projects(region, state),
        "assets": assets.Assets(region, state),
        "upkeep": upkeep.Facilities(region, state),
        "points": upkeep.Shops(region, state),
    }
    return {"lines": lists[part].count(stage.reader)} if part in lists else None


def _exit(stage: Stage) -> Counts:
    view, today = stage.view, stage.view.asof == "today"
    part = view.part if view.part in EXIT_PARTS else None
    return {
        "villages": standards.count_villages(
            stage.reader, view.region, view.year, part=part, today=today
        )
    }


def _data(stage: Stage) -> Counts:
    kind = "mended" if stage.view.kind == "mended" else "refused"
    counts = intake.counts(stage.reader, kind)
    return {"rows": intake.found(counts, stage.view.reason, stage.view.file)}


def _safety_net(stage: Stage) -> Counts | None:
    part, year = stage.view.part, stage.county.data_date.year
    if part not in safety_net.CASES:
        return None
    cases, _ = safety_net.count_cases(stage.reader, part, stage.view.region, year)
    return {"cases": cases}


def _relocation(stage: Stage) -> Counts | None:
    part = stage.view.part
    if part not in relocation.LISTS:
        return None
    region, year = stage.view.region, stage.newest
    return {"households": relocation.count(stage.reader, part, region, year)}


def _work(stage: Stage) -> Counts | None:
    part = stage.view.part
    if part not in work_lists.LISTS:
        return None
    return {"rows": work_lists.count(stage.reader, part, stage.view.region, stage.newest)}


def _visits(stage: Stage) -> Counts | None:
    part = stage.view.part
    if part not in visits.LISTS:
        return None
    return {"rows": visits.count(stage.reader, part, stage.view.region, stage.newest)}


def _department_lists(stage: Stage) -> Counts | None:
    part = stage.view.part
    if part not in department_lists.LISTS:
        return None
    return {"rows": department_lists.count(stage.reader, part, stage.view.region)}


def _calendar(stage: Stage) -> Counts | None:
    part = stage.view.part
    if part not in calendars.LISTS:
        return None
    return {"rows": calendars.count(stage.reader, part, stage.view.region, stage.newest)}


def _homes(stage: Stage) -> Counts | None:
    part = stage.view.part
    if part not in homes.LISTS:
        return None
    return {"rows": homes.count(stage.reader, part, stage.view.region, stage.newest)}


def _village_income(stage: Stage) -> Counts | None:
    part, region, year = stage.view.part, stage.view.region, stage.view.year
    if part in village_income_lists.VILLAGE_LISTS:
        listed = village_income.look(stage).villages(stage, part)
        return {"villages": listed.count(stage.reader)}
    for lists_of, count in (
        (village_income_lists.CONTRACT_LISTS, village_income_lists.count_contracts),
        (village_income_lists.DIFFERENCE_LISTS, village_income_lists.count_differences),
    ):
        if part in lists_of:
            return {"rows": count(stage.reader, part, region, year)}
    return None


def _publish(stage: Stage) -> Counts | None:
    part, view = stage.view.part or "", stage.view
    if part.startswith("made_"):
        key = part.removeprefix("made_")
        state = view.state if view.state in (*notices.STATES, *notices.SETS) else None
        wanted = disclosure.owed(stage.county.parameters, key, view.region, view.year, state)
        return {"notices": wanted.count(stage.reader)}
    if part == "objections":
        state = view.state if view.state in notices.ANSWERS else None
        asked = objections.wanted(stage, state=state)
        return {"objections": asked.rows(stage.reader).num_rows}
    if part not in disclosure.LISTS:
        return None
    return {"rows": disclosure.count(stage.reader, part, view.region, view.year)}


_LISTS: dict[str, Callable[[Stage], Counts | None]] = {
    "ledgers": _ledgers,
    "monitoring": lambda s: {
        "cases": open_cases.cases(s).count(s.view.part or "open", s.view.year),
    },
    "dynamics": _dynamics,
    "quality": lambda s: {"findings": quality.compared(s).count(quality.wanted(s))[0]},
    "sieves": _screenings,
    "projects": _projects,
    "stress": lambda s: {
        "households": stress.tried(s).only(s.view.part or stress.PARTS[0]).num_rows
    },
    "safety_net": _safety_net,
    "relocation": _relocation,
    "visits": _visits,
    "compare_lists": _department_lists,
    "calendar": _calendar,
    "homes": _homes,
    "work": _work,
    "publish": _publish,
    "village_income": _village_income,
    "exit": _exit,
    "data": _data,
}
