"""Zones and grids of the small county: Z1 is hill and mill, over its townships' border; Z2 brook.

A place narrows by what is seen: what a zone shows is what its villages show, no more and no less.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pyarrow as pa
import pytest

from metrics import matters
from metrics.county import County, open_county
from metrics.filters import HouseholdFilter
from metrics.lists import counted
from metrics.matters import FEW, MATTERS, Count, between
from metrics.zones import groups_of, zones_of
from store.scope import Scope, is_zone, resolved
from store.snapshots import Home
from tests import once
from tests.canaries import county as canaries
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST
from views.context import filtering

_YEAR = 2025
_WHOLE = Scope.of([COUNTY])


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    made = once.made(once.folder(tmp_path_factory), "canaries", canaries.publish)
    return open_county(Home(made))


def test_a_zone_is_its_villages(county: County) -> None:
    assert county.zones["Z1"].scope == Scope.of([HILL, MILL])
    assert county.zones["Z2"].scope == Scope.of([BROOK])
    assert [one.level for one in county.zones.values()][:2] == ["zone", "zone"]
    grid = county.zones["Z1-01-01-1"]
    assert grid.by_group and grid.groups[HILL] == ("=1组", f"2组{canaries.CANARY[EAST]}")
    assert grid.scope == Scope(()), "no reader is held to a grid of groups"


@pytest.mark.parametrize(
    "name",
    [
        *("household_fact", "supervised_fact", "member_fact", "fund_fact"),
        *("project_fact", "finding", "ledger_entry", "household"),
    ],
)
def test_a_zone_reads_what_its_villages_read_together(county: County, name: str) -> None:
    """Every row of one of its villages, and no other row."""
    zone = county.zones["Z1"]
    column = county.engine.relations[name].region

    def rows(scope: Scope) -> list[str]:
        found = county.reader(scope).rows(f"SELECT * FROM {{{name}}}")
        return sorted(map(repr, found))

    apart = sorted(row for code in zone.codes for row in rows(Scope.of([code])))
    assert rows(_WHOLE.within(zone.scope)) == apart, name
    held = county.reader(zone.scope).rows(f"SELECT DISTINCT {column} AS code FROM {{{name}}}")
    assert {row["code"][:12] for row in held} <= set(zone.codes)


def test_every_relation_of_places_is_narrowed_to_a_zone(county: County) -> None:
    zone = county.zones["Z1"]
    for name, one in county.engine.relations.items():
        if one.region:
            rows = county.reader(zone.scope).rows(f"SELECT {one.region} AS code FROM {{{name}}}")
            whole = county.reader(_WHOLE).rows(f"SELECT {one.region} AS code FROM {{{name}}}")
            # What a public table has of no place of the county is everybody's.
            open_to_all = {""} if one.public else set()
            inside = [row for row in whole if row["code"] in {*zone.codes, *open_to_all}]
            assert sorted(map(repr, rows)) == sorted(map(repr, inside)), name


def test_a_number_of_a_zone_is_the_sum_of_its_villages(county: County) -> None:
    """Rates too: of numerators and denominators, never of rates."""
    scope = county.zones["Z1"].scope
    for key, indicator in county.indicators.items():
        for year in county.years:
            cell = county.cube.cell(key, COUNTY, year, scope)
            parts = [county.cube.cell(key, code, year, _WHOLE) for code in (HILL, MILL)]
            assert cell.numerator == pytest.approx(sum(one.numerator for one in parts)), key
            if cell.value is not None and cell.denominator:
                below = sum(one.denominator or 0 for one in parts)
                assert cell.denominator == pytest.approx(below), key
                assert cell.value == pytest.approx(cell.numerator / below * indicator.scale)


def test_a_scope_within_a_zone_is_never_more_than_either() -> None:
    zone = Scope.of([HILL, MILL])
    assert Scope.of([EAST]).within(zone) == Scope.of([HILL])
    assert Scope.of([BROOK]).within(zone) == Scope(())
    assert zone.within(Scope.of([WEST])) == Scope.of([MILL])
    assert _WHOLE.within(zone) == zone == zone.within(_WHOLE)


def test_a_code_of_a_zone_sees_nothing_until_it_is_resolved() -> None:
    assert is_zone("Z1") and is_zone("Z1-01-03") and not is_zone(HILL) and not is_zone("Z%")
    scope = Scope.of(["Z1", "Z12"])
    assert scope.codes == ("Z1", "Z12") and not scope.touches(HILL)
    assert list(resolved(["Z1", WEST, "Z9"], {"Z1": (HILL,)})) == [HILL, WEST]


def test_rows_of_elsewhere_make_no_zone() -> None:
    row = {"zone_code": "Z1", "zone_level": "zone", "zone_name": None, "parent_zone": None,
           "village_code": "433125101201", "village_groups": None}  # fmt: skip
    assert zones_of([row, {**row, "zone_code": COUNTY, "village_code": HILL}], COUNTY) == {}
    assert groups_of("1组、2组,3组 1组") == ("1组", "2组", "3组") and groups_of(None) == ()


def test_a_list_is_filtered_by_zone(county: County) -> None:
    fields = filtering.fields(county)

    def households(value: str) -> int:
        where = fields.read(f"zone.{value}")
        asked = HouseholdFilter(COUNTY, _YEAR, where=where, fields=fields)
        return counted(county.reader(_WHOLE), asked)[0]

    by_zone = {row["code"]: row["n"] for row in county.reader(_WHOLE).rows(
        "SELECT village_code AS code, COUNT(*) AS n FROM {household_fact} WHERE year = 2025 "
        "GROUP BY 1")}  # fmt: skip
    assert households("Z1") == by_zone[HILL] + by_zone[MILL]
    assert households("Z2") == by_zone[BROOK] and households("Z1-01-01-1") == 0


def test_what_is_open_is_counted_and_opened_by_the_same_rule(county: County) -> None:
    reader = county.reader(_WHOLE)
    found = {one.zone: one for one in matters.standings(reader, COUNTY, _YEAR, ["Z1", "Z2"])}
    for code, one in found.items():
        scope = county.zones[code].scope
        for key in MATTERS:
            sql = "SELECT COUNT(*) AS n FROM {supervised_fact} WHERE year = 2025 AND in_" + key
            row = county.reader(scope).one(sql)
            assert row is not None and row["n"] == one.matters[key].open, (code, key)
    assert sum(one.households for one in found.values()) == matters.supervised(
        reader, COUNTY, _YEAR
    )


def test_what_is_expected_adds_up_to_what_is_open(county: County) -> None:
    """The rates are those of all together: over zones that hold each household once, as many are
    expected as there are."""
    found = matters.standings(county.reader(_WHOLE), COUNTY, _YEAR, ["Z1", "Z2"])
    for key in MATTERS:
        expected = sum(one.matters[key].expected or 0 for one in found)
        assert expected == pytest.approx(sum(one.matters[key].open for one in found)), key


def test_like_is_compared_with_like() -> None:
    """Zone A has only hard cases, B only easy ones, each at the usual rate of its kind: neither is
    above the other, though A's share is nine times B's. C has easy ones at the rate of hard."""
    kind = {"monitored": (100, 45), "other": (100, 5)}
    rates = {("matter_work", name): seen / told for name, (told, seen) in kind.items()}

    def of(rows: list[tuple[str, int, int]]) -> Count:
        made = [
            {"case_kind": name, "households": told}
            | {f"{key}__{side}": 0 for key in MATTERS for side in ("asked", "told", "open")}
            | {"matter_work__asked": told, "matter_work__told": told, "matter_work__open": seen}
            for name, told, seen in rows
        ]
        return matters._standing("Z", made, rates, None).matters["matter_work"]

    hard, easy = of([("monitored", 100, 45)]), of([("other", 200, 10)])
    assert hard.expected == pytest.approx(45) and hard.judged == "level" == easy.judged
    assert of([("other", 200, 90)]).judged == "above"
    assert of([("monitored", 200, 20)]).judged == "below"
    assert of([("other", 20, 1)]).judged == "small"


@pytest.mark.parametrize(
    ("seen", "low", "high"),
    [(0, 0.0, 3.69), (5, 1.62, 11.67), (10, 4.80, 18.39), (100, 81.4, 121.6)],
)
def test_the_interval_is_that_of_a_count(seen: int, low: float, high: float) -> None:
    """The exact limits of a Poisson count, which Byar's are close to."""
    found = between(seen, 1.0)
    assert found[0] == pytest.approx(low, abs=0.1) and found[1] == pytest.approx(high, abs=0.1)


def test_few_are_not_judged() -> None:
    assert Count("matter_work", 9, 9, 9, FEW - 0.01).judged == "small"
    assert Count("matter_work", 90, 90, 30, float(FEW)).judged == "above"
    assert Count("matter_work").judged == "small"


def test_ranks_are_spans_of_what_cannot_be_told_apart() -> None:
    def one(code: str, seen: int, expected: float) -> Any:
        whole = Count("", 1000, 1000, seen, expected)
        return matters.Standing(code, {}, {}, whole)

    found = matters._ranked([one("A", 100, 100.0), one("B", 300, 100.0), one("C", 105, 100.0),
                             one("D", 1, 2.0)])  # fmt: skip
    spans = {each.zone: (each.first, each.last) for each in found}
    assert [each.zone for each in found] == ["B", "C", "A", "D"]
    assert spans == {"B": (1, 1), "C": (2, 3), "A": (2, 3), "D": (None, None)}


@pytest.mark.parametrize("name", ["grids", "members"])
def test_lists_are_held_to_what_is_seen(county: County, name: str) -> None:
    function = getattr(importlib.import_module("metrics.matters"), name)
    given = {"year": _YEAR} if "year" in inspect.signature(function).parameters else {}
    listed: pa.Table = function(county.reader(Scope.of([WEST])), COUNTY, **given)
    assert set(listed["village_code"].to_pylist()) <= {WEST, MILL}
