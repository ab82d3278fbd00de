"""Every function of metrics that somebody asks: of another township it says nothing.

What is asked of the whole county by who sees one township is what the township's own numbers are.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from pprint import pformat
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

import metrics
import store
from metrics import (
    department_lists,
    disclosure,
    dynamics,
    people,
    project_library,
    quality,
    relocation,
    safety_net,
    sieves,
    village_income,
)
from metrics.assets import Assets
from metrics.county import County, open_county
from metrics.filters import HouseholdFilter
from metrics.fund_notices import Notice
from metrics.monitoring import OPEN_PARTS, Cases
from metrics.paging import Order
from metrics.people import Counts, Members
from metrics.project_file import Beneficiaries
from metrics.project_library import Moved
from metrics.projects import Projects
from metrics.quality import FindingFilter, Findings
from metrics.subjects import Subjects
from metrics.turns import TURN_PARTS, Turns
from metrics.upkeep import Facilities, Raised, Shops
from metrics.village_income_lists import Villages
from store.reader import Reader, Reveal
from store.scope import Scope
from store.snapshots import Home
from tests import once, torture
from tests.canaries import county as canaries
from tests.canaries.county import CANARY
from tests.small_county import COUNTY, DATA_DATE, EAST, HILL, MILL, WEST
from views.context import filtering

OTHER = {EAST: WEST, WEST: EAST}


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    made = once.made(once.folder(tmp_path_factory), "canaries", canaries.publish)
    return open_county(Home(made))


def _parameters(function: Callable[..., Any]) -> Collection[str]:
    return inspect.signature(function).parameters


def asked_by_somebody() -> dict[str, Callable[..., Any]]:
    """Public functions of metrics that take a reader, by their full names."""
    found = {}
    for package in (metrics, store):
        for module in pkgutil.iter_modules(package.__path__):
            if module.name == "__main__":
                continue
            full = importlib.import_module(f"{package.__name__}.{module.name}")
            for name, each in vars(full).items():
                own = inspect.isfunction(each) and each.__module__ == full.__name__
                if own and not name.startswith("_") and "reader" in _parameters(each):
                    found[f"{module.name}.{name}"] = each
    return found


def sample(county: County, name: str, parameter: str, region: str) -> Any:
    """What a function is given for a parameter; KeyError for one that nobody thought of."""
    clock = sieves.Clock(DATA_DATE, DATA_DATE + timedelta(days=30))
    own: dict[str, Any] = {
        "sieves.count_findings.wanted": sieves.FindingFilter(region),
        "sieves.findings.wanted": sieves.FindingFilter(region),
        "dynamics.standing.year": 2025,
        "exit.answers.keys": ["exit_income", "exit_housing"],
        "exit.by_place.keys": ["exit_income", "exit_housing"],
        "paging.rows.query": "SELECT * FROM {household} WHERE village_code LIKE '" + region + "%'",
        "paging.rows.order": Order.by("household_id"),
        "safety_net.cases.key": next(iter(safety_net.CASES)),
        "safety_net.count_cases.key": next(iter(safety_net.CASES)),
        "sieves.concerned.here": {},
        "files.household_files.household_ids": [canaries.numbered(one) for one in ("H01", "H05")],
        "disclosure.count.key": disclosure.MONITORING,
        "disclosure.rows.key": disclosure.MONITORING,
        "disclosure.summary.key": disclosure.MONITORING,
        "notices.standings.undated": [],
        "notices.one.duty": "N2025monitoring",
        "relocation.count.part": relocation.BLOCKED,
        "relocation.blocked.part": relocation.BLOCKED,
        "visits.count.part": "visit_quarter",
        "visits.listed.part": "visit_quarter",
        "department_lists.count.part": department_lists.OFFERED,
        "department_lists.listed.part": department_lists.OFFERED,
        "calendars.count.part": "calendar_late",
        "calendars.listed.part": "calendar_late",
        "calendars.numbers.part": None,
        "calendar_homes.homes.day": DATA_DATE,
        "calendar_homes.homes.shown": [date(2025, 12, 1)],
        "homes.count.part": "home_path_whole",
        "homes.listed.part": "home_path_whole",
        "work_lists.count.part": "worker_trained_vain",
        "work_lists.listed.part": "worker_trained_vain",
        "work.by_month.day": DATA_DATE,
        "village_income_lists.count_contracts.part": "entrusted",
        "village_income_lists.contracts.part": "entrusted",
        "village_income_lists.count_differences.part": "differences",
        "village_income_lists.differences.part": "differences",
        "fund_boards.line.line_id": f"=L1{CANARY[EAST]}",
        "fund_notices.totals.notice": notice_of_anybody(county),
        "funds.to_do.most": 9,
        "late.late.places": [EAST, WEST],
        "late.late.day": DATA_DATE,
        "facets.offered.of": filtering.fields(county)["place"],
        "facets.offered.wanted": HouseholdFilter(region, 2025, fields=filtering.fields(county)),
        "lists.codes_from.start": "CANARY",
        "lists.where_they_are.most": 100,
        "overdue.overdue.day": DATA_DATE,
        "turns.between.county": county,
        "standing.standings.county": county,
        "standing.standings.key": "ledger_closed_share",
        "standing.standings.places": [WEST],
        "standing.standings.due": 2026,
        "matters.standings.zones": ["Z1", "Z2", "Z1-01"],
        "project_file.project_file.project_id": f"=P1{CANARY[WEST]}",
        "project_library.found.level": "project",
        "sieves.concerned.thresholds": dict.fromkeys(sieves.THRESHOLDS, 1.0),
    }
    common: dict[str, Any] = {
        "region": region, "year": 2025, "digits": 12, "then": 2024, "now": 2025, "limit": None,
        "offset": 0, "column": "labour_class", "after": date(2013, 1, 1), "until": DATA_DATE,
        "kind": "refused", "reason": None, "file": None, "page": 1, "rules": county.rules,
        "wanted": HouseholdFilter(region, 2025), "base": HouseholdFilter(region, 2025),
        "there": HouseholdFilter(region, 2025),
        "parameters": county.parameters, "years": (2024, 2025),
        "narrowed": {"a": HouseholdFilter(region, 2025, state="overdue")}, "clock": clock,
        "sort": "household_id", "level": "village", "household_id": canaries.numbered("H01"),
    }  # fmt: skip
    return own.get(f"{name}.{parameter}", common.get(parameter, KeyError))


def notice_of_anybody(county: County) -> Notice:
    """A notice of whatever file the county's own lines of notices came from."""
    asked = "SELECT MIN(n.source_file) FROM {fund_item} AS n"
    file = county.reader(Scope.of([COUNTY])).one(asked)
    return Notice("资金安排表", True, 1, Decimal(1), 0, str(file), totals=1)


def answer(county: County, name: str, reader: Reader, region: str) -> Any:
    function = asked_by_somebody()[name]
    given: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        optional = parameter.default is not inspect.Parameter.empty
        if parameter.name == "reader" or (optional and parameter.name != "region"):
            continue
        if parameter.name == "other":  # somebody who sees nothing: all that is here differs
            given["other"] = county.reader(Scope(()))
            continue
        if parameter.name == "cases":
            given["cases"] = Cases(reader, region)
            continue
        if parameter.name == "before":  # a data date at which nobody was there: all have come
            given["before"] = _without_anybody(county)
            continue
        value = sample(county, name, parameter.name, region)
        assert value is not KeyError, f"{name}: say what {parameter.name} is given here"
        given[parameter.name] = value
    return plain(function(reader=reader, **given))


def _without_anybody(county: County) -> Any:
    def reader(_scope: Scope, *, reveal: Reveal = False) -> Reader:
        return county.reader(Scope(()))

    return SimpleNamespace(data_date=county.data_date, cube=county.cube, reader=reader)


def plain(answered: Any) -> Any:
    if isinstance(answered, Turns):
        return [answered.each(), *(plain(answered.listed(part)) for part in TURN_PARTS)]
    return answered.to_pylist() if isinstance(answered, pa.Table) else answered


@pytest.mark.parametrize("name", sorted(asked_by_somebody()))
def test_a_function_tells_nothing_of_another_township(county: County, name: str) -> None:
    for township, foreign in OTHER.items():
        reader = county.reader(Scope.of([township]))
        assert CANARY[foreign] not in repr(answer(county, name, reader, COUNTY)), name
        assert CANARY[foreign] not in repr(answer(county, name, reader, foreign)), name
    nobody = repr(answer(county, name, county.reader(Scope(())), COUNTY))
    assert "CANARY" not in nobody, name


# What they say is by the places below the region, which the test above holds to the township.
# Whether records of changes were ever loaded is asked of what is seen.
_BY_PLACE = {"exit.by_place", "exit.coverage", "nine_checks.by_place", "quality.asked_below",
             "exits.by_year"}  # fmt: skip


def _of_places() -> list[str]:
    asked = sorted(asked_by_somebody().items())
    return [
        name
        for name, each in asked
        if "region" in inspect.signature(each).parameters and name not in _BY_PLACE
    ]


@pytest.mark.parametrize("name", _of_places())
def test_asked_of_the_county_it_counts_the_township_alone(county: County, name: str) -> None:
    whole, west = county.reader(Scope.of([COUNTY])), county.reader(Scope.of([WEST]))
    told, alone = (
        pformat(answer(county, name, *asked), width=sys.maxsize)  # keys in order
        for asked in ((west, COUNTY), (whole, WEST))
    )
    assert told.replace(f"'{COUNTY}':", f"'{WEST}':") == alone


def _more(county: County, reader: Reader) -> Iterator[Any]:
    """What classes answer, which are made of a reader."""
    every = HouseholdFilter(COUNTY, 2025)
    for kind in ("entry", "member"):
        subjects = Subjects(kind, every, DATA_DATE)
        yield from (subjects.count(reader), plain(subjects.rows(reader)))
    projects = Projects(COUNTY, 2025)
    yield from (projects.count(reader), plain(projects.rows(reader)))
    lists: list[Any] = [
        project_library.Projects(COUNTY),
        Assets(COUNTY),
        Facilities(COUNTY),
        Raised(COUNTY),
    ]
    lists += [Shops(COUNTY), Moved(COUNTY, project_library.sheets(reader, COUNTY))]
    for one in lists:
        yield from (one.count(reader), plain(one.rows(reader)))
    yield plain(Beneficiaries(f"=P1{CANARY[WEST]}").rows(reader))
    lines = village_income.levels(county.parameters, 2025)
    listed_here = Villages(COUNTY, 2025, lines)
    yield from (listed_here.count(reader), plain(listed_here.rows(reader)))
    yield listed_here.nearest(reader)
    cases = Cases(reader, COUNTY)
    for part in OPEN_PARTS:
        yield from (cases.count(part, 2025), plain(cases.listed(part, 2025, 0, None)))
    findings = Findings(reader, county.checks, None)
    yield from (findings.count(FindingFilter(COUNTY)), plain(findings.all(FindingFilter(COUNTY))))
    then, now = (dynamics.standing(reader, year, COUNTY) for year in (2024, 2025))
    span = dynamics.Span(reader, then, now, None)
    for part in dynamics.EDGE_PARTS:
        yield from (span.count(part), plain(span.listed(part, 0, None)))
    yield Counts(reader).count("rest_more")
    listed = people.members(reader, COUNTY)
    yield plain(Members(reader, listed, listed, DATA_DATE).listed("left", 0, None))


@pytest.mark.parametrize("township", [EAST, WEST])
def test_what_is_made_of_a_reader_tells_nothing_else(county: County, township: str) -> None:
    told = repr(list(_more(county, county.reader(Scope.of([township])))))
    assert CANARY[township] in told and CANARY[OTHER[township]] not in told


@pytest.mark.parametrize(("township", "village"), [(EAST, HILL), (WEST, MILL)])
def test_the_cube_sums_what_the_scope_holds_and_no_more(
    county: County, township: str, village: str
) -> None:
    scope, other = Scope.of([township]), OTHER[township]
    for key, year in product(county.indicators, county.years):
        cell = county.cube.cell(key, COUNTY, year, scope)
        assert cell == county.cube.cell(key, township, year, Scope.of([COUNTY]))
        assert county.cube.cell(key, other, year, scope).numerator == 0
        assert set(county.cube.across(key, [other, village], year, scope)) == {village}
        assert county.cube.series(key, other, scope).keys() == set(county.cube.years(key))
    assert other not in county.within(township, scope)
    assert not county.children(other, scope) and other not in map(
        str, county.level("township", scope)
    )


def test_findings_kept_by_number_are_kept_by_scope_too(county: County) -> None:
    """The same snapshot asked by turns as different people: each has their own."""
    number = county.snapshot.number
    for township in (EAST, WEST, EAST, WEST):
        told = repr(plain(quality.findings_of(county.home, number, Scope.of([township]))))
        assert CANARY[OTHER[township]] not in told
        assert county.within(COUNTY, Scope.of([township])) >= {township}
        assert OTHER[township] not in county.within(COUNTY, Scope.of([township]))


@pytest.mark.harder
def test_queries_of_many_threads_never_mix_their_rows(county: County) -> None:
    """12 threads ask as different people at the same time: 0 rows of another township."""
    scopes = [Scope.of([township]) for township in (EAST, WEST)]
    asked = torture.times(1_200, 10_000)
    barrier = threading.Barrier(12)
    relations = [name for name, one in county.engine.relations.items() if one.region]

    def ask(thread: int) -> int:
        barrier.wait()
        scope, foreign = scopes[thread % 2], 0
        for number in range(asked // 12 + 1):
            reader = county.reader(scope)
            name = relations[(number * 12 + thread) % len(relations)]
            column = county.engine.relations[name].region
            for row in reader.rows(f"SELECT {column} AS code FROM {{{name}}}"):
                foreign += not scope.touches(row["code"])
        return foreign

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(ask, range(12))) == 0
