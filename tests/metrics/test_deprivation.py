"""Multidimensional poverty: against the method written out, and each number against its list."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import deprivation, lists
from metrics.county import County, open_county
from metrics.deprivation import DIMENSIONS, RULE, WEIGHTS, Profile
from metrics.filters import HouseholdFilter
from metrics.selections import selection
from rules.parameters import defaults
from rules.registry import RuleError, rules
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
from tests import deprived_county, once
from tests.small_county import COUNTY, EAST, HILL, WEST

_YEAR = 2025
_ENGINE = duckdb.connect(":memory:", config={"threads": 1})


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    common = once.folder(tmp_path_factory)
    return open_county(Home(once.made(common, "deprived", deprived_county.publish)))


def _reader(county: County, *codes: str) -> Reader:
    return county.reader(Scope.of(codes or [COUNTY]))


def _of(county: County, region: str = COUNTY, digits: int = 6) -> dict[str, Profile]:
    return deprivation.by_place(_reader(county), county.parameters, region, _YEAR, digits)


def _listed(county: County, **wanted: object) -> tuple[int, int]:
    """Households and people of a list."""
    asked = {"region": COUNTY, "year": _YEAR} | wanted
    rows = lists.all_households(_reader(county), HouseholdFilter(**asked), {}, "household_id")  # type: ignore[arg-type]
    found = rows.to_pylist()
    return len(found), sum(row["member_count"] for row in found)


# A household: its village, its people, and what it lacks (None: not known).
_Home = tuple[str, int, tuple[int | None, ...]]
_HOMES = st.lists(
    st.tuples(
        st.sampled_from(["V1", "V2", "V3"]),
        st.integers(1, 9),
        st.tuples(*[st.sampled_from([0, 0, 1, 1, None])] * len(DIMENSIONS)),
    ),
    max_size=12,
)
# Halves, as the slider gives them: sums of them are exact.
_SIZES = st.integers(0, 8).map(lambda n: n / 2)


def _counted(homes: Sequence[_Home], held: Sequence[float], cutoff: float) -> dict[str, Profile]:
    """Profiles by village, by the rule and the counts as they stand in the program."""
    rule = rules()[RULE]
    thresholds = dict(zip(WEIGHTS, held, strict=True)) | {deprivation.CUTOFF: cutoff}
    rows = [
        {"village_code": village, "year": _YEAR, "member_count": people}
        | dict(zip((f"lacks_{one}" for one in DIMENSIONS), lacks, strict=True))
        | thresholds
        for village, people, lacks in homes
    ]
    types = [("village_code", pa.string()), ("year", pa.int32()), ("member_count", pa.int32())]
    types += [(f"lacks_{one}", pa.int32()) for one in DIMENSIONS]
    types += [(key, pa.float64()) for key in thresholds]
    _ENGINE.register("home", pa.Table.from_pylist(rows, pa.schema(types)))
    found = _ENGINE.sql(
        f"SELECT village_code AS place, {deprivation.COUNTS} "
        f"FROM (SELECT *, {rule.sql} FROM home) AS f GROUP BY 1"
    ).to_arrow_table()
    by = dict(zip(DIMENSIONS, held, strict=True))
    return {row["place"]: deprivation.profile_of(row, by) for row in found.to_pylist()}


@given(_HOMES, st.tuples(*[_SIZES] * len(DIMENSIONS)), _SIZES.filter(bool))
@settings(max_examples=40)
def test_it_is_what_alkire_and_foster_write(
    homes: list[_Home], held: tuple[float, ...], cutoff: float
) -> None:
    whole = deprivation.together(_counted(homes, held, cutoff).values())
    told = [(n, lacks) for _, n, lacks in homes if None not in lacks]
    scores = [
        (n, sum(Fraction(w) * (g or 0) for w, g in zip(held, lacks, strict=True)))
        for n, lacks in told
    ]
    poor = [(n, score) for n, score in scores if score >= Fraction(cutoff)]
    people = sum(n for n, _ in told)
    assert whole.people == people
    assert whole.unknown_people == sum(n for _, n, lacks in homes if None in lacks)
    assert (whole.households, whole.poor_households) == (len(told), len(poor))
    if not people:
        assert whole.headcount is whole.m0 is None
        return
    q, mass = sum(n for n, _ in poor), sum(n * score for n, score in poor)
    assert whole.headcount == pytest.approx(float(Fraction(100 * q, people)))
    if sum(held):
        m0 = float(100 * mass / (people * sum(map(Fraction, held))))
        assert whole.m0 == pytest.approx(m0)
    if not q or not sum(held):
        assert whole.intensity is None or not sum(held)
        return
    assert whole.headcount * (whole.intensity or 0) / 100 == pytest.approx(whole.m0)


@given(_HOMES, st.tuples(*[_SIZES] * len(DIMENSIONS)), _SIZES.filter(bool))
@settings(max_examples=40)
def test_places_and_dimensions_add_up(
    homes: list[_Home], held: tuple[float, ...], cutoff: float
) -> None:
    places = _counted(homes, held, cutoff)
    whole = deprivation.together(places.values())
    everywhere = [("V1", n, lacks) for _, n, lacks in homes]
    assert whole == deprivation.together(_counted(everywhere, held, cutoff).values())
    if whole.people and sum(held):
        parts = [(one.people_of(whole) or 0) * (one.m0 or 0) / 100 for one in places.values()]
        assert sum(parts) == pytest.approx(whole.m0)
        weighed = zip(DIMENSIONS, held, strict=True)
        censored = [w * (whole.censored(one) or 0) / sum(held) for one, w in weighed]
        assert sum(censored) == pytest.approx(whole.m0)
    if whole.weighed:
        shares = [whole.share(one) or 0 for one in DIMENSIONS]
        assert sum(shares) == pytest.approx(100)
        assert sum(one.share_of(whole) or 0 for one in places.values()) == pytest.approx(100)
    else:
        assert {whole.share(one) for one in DIMENSIONS} == {None}


def test_the_county_by_hand(county: County) -> None:
    whole = _of(county)[COUNTY]
    assert (whole.people, whole.poor_people, whole.unknown_people) == (15, 6, 2)
    assert (whole.headcount, whole.intensity) == (40, pytest.approx(100 * 7 / 36))
    assert whole.m0 == pytest.approx(100 * 7 / 90)
    assert whole.foremost() == ["water", "medical", "housing"]
    assert whole.share("water") == pytest.approx(100 * 4 / 7)
    assert whole.share("food") == 0, "nobody who is told lacks food, and that is known"


def test_each_count_is_that_of_the_list_behind_it(county: County) -> None:
    whole = _of(county)[COUNTY]
    poor = _listed(county, select=selection(f"rule.{RULE}.met"))
    assert poor == (whole.poor_households, whole.poor_people)
    unknown = _listed(county, select=selection(f"rule.{RULE}.unknown"))
    assert unknown == (whole.unknown_households, whole.unknown_people)
    assert whole.lacking is not None
    for one in DIMENSIONS:
        indicator = county.indicators[deprivation.share_of(one)]
        assert _listed(county, indicator=indicator)[1] == whole.lacking[one], one


@pytest.mark.parametrize("region", [COUNTY, EAST, WEST, HILL])
def test_the_indicators_are_the_profile(county: County, region: str) -> None:
    profile = _of(county, region, len(region))[region]
    told = {
        deprivation.HEADCOUNT: profile.headcount,
        deprivation.INTENSITY: profile.intensity,
        deprivation.M0: profile.m0,
        **{deprivation.share_of(one): profile.share(one) for one in DIMENSIONS},
    }
    for key, value in told.items():
        cell = county.cube.cell(key, region, _YEAR, Scope.of([COUNTY]))
        assert cell.value == (None if value is None else pytest.approx(value)), key


def test_nobody_poor_is_zero_and_nobody_known_is_unknown(county: County) -> None:
    west = _of(county, WEST, 9)[WEST]
    assert (west.headcount, west.m0, west.intensity) == (0, 0, None)
    years = deprivation.by_year(_reader(county), county.parameters, COUNTY, (2023, 2024, 2025))
    assert list(years) == [2023, 2024, 2025]
    assert (years[2023].people, years[2023].m0) == (0, None)
    assert years[2023].unknown_people == 17
    assert years[2024].foremost() == ["clothing"]


def test_another_threshold_moves_only_what_it_decides(county: County) -> None:
    reader, parameters = _reader(county), county.parameters

    def by(tried: dict[str, float]) -> Profile:
        found = deprivation.by_place(reader, parameters, COUNTY, _YEAR, 6, tried)
        return found[COUNTY]

    assert by({}) == _of(county)[COUNTY]
    two = by({deprivation.CUTOFF: 2})
    assert (two.poor_people, two.headcount) == (1, pytest.approx(100 / 15))
    assert two.unknown_people == 2
    heavy = by({"water_weight": 3})
    assert heavy.m0 == pytest.approx(100 * (4 * 3 + 1 + 2) / (15 * 8))
    none = by({"water_weight": 0})
    assert none.poor_people == 3, "H01 lacks nothing that weighs"
    with pytest.raises(RuleError):
        by({"poverty_line_yuan": 1})


def test_a_scope_is_kept(county: County) -> None:
    found = deprivation.by_place(_reader(county, WEST), county.parameters, COUNTY, _YEAR, 9)
    assert set(found) == {WEST}


def test_without_a_weight_nobody_can_be_told() -> None:
    parameters = defaults()
    assert deprivation.weights(parameters, 2013) == {}
    assert set(deprivation.weights(parameters, 2014).values()) == {1.0}
    assert deprivation.weights(parameters, 2013, dict.fromkeys(WEIGHTS, 2.0))["food"] == 2


def test_those_who_contribute_most_come_first(county: County) -> None:
    found = _of(county, COUNTY, 12)
    order = deprivation.worst(found)
    assert order[0] == HILL and WEST + "201" not in order
