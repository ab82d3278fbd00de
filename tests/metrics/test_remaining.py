"""Who is left and why: counted by place and trait, opened as counted, and Yiyang's shares."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary import codes
from metrics import lists, remaining
from metrics.county import County, open_county
from metrics.filters import HouseholdFilter
from metrics.remaining import CAUSES, TRAITS, Portrait, Share, overlaps, portrait, portraits
from metrics.selections import SelectionError, selection
from store import schema
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
from tests import small_county
from tests.small_county import BROOK, COUNTY, EAST, HILL, WEST

_YEAR = 2025


@pytest.fixture
def reader(small: County) -> Reader:
    return small.reader(Scope.of([COUNTY]))


def test_the_poor_and_the_monitored_are_left(reader: Reader) -> None:
    found = portrait(reader, COUNTY, _YEAR)
    assert (found.households, found.people) == (2, 4)
    assert portrait(reader, COUNTY, _YEAR, "poor").people == 2
    assert portrait(reader, COUNTY, _YEAR, "monitored").people == 2


# Members of the small county whose rows were never taken in: one of H04's, four of H05's.
_UNLISTED = ["H04-12", "H05-13", "H05-14", "H05-15", "H05-16"]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The small county with rosters that are shorter than their households."""
    home = tmp_path_factory.mktemp("short")
    tables = small_county.tables()
    members = tables["member"]
    kept = pc.invert(pc.is_in(members["member_id"], pa.array(_UNLISTED)))
    tables["member"] = members.filter(kept)
    Home(home).publish(
        tables,
        data_date=small_county.DATA_DATE,
        county_code=COUNTY,
        loaded_by="test",
        sources=[],
        report={},
    )
    return open_county(Home(home)).reader(Scope.of([COUNTY]))


def test_shares_are_of_the_people_known(short: Reader) -> None:
    found = portrait(short, COUNTY, _YEAR)
    # Of H04 only one of two members is listed: of the other nothing is known but the cause.
    assert found.percent("elderly") == pytest.approx(100 / 3)
    assert found.unknown("elderly") == 1
    assert found.percent("ill_cause") == 100
    assert found.percent("without_labour") == pytest.approx(200 / 3)
    assert found.percent("disabled") == pytest.approx(100 / 3)
    assert found.percent("cause_illness") == 50


def test_an_earlier_year_knows_ages_but_not_what_was_not_collected(short: Reader) -> None:
    found = portrait(short, WEST, 2023, "poor")
    assert (found.households, found.people) == (2, 7)
    # Born 1948, 1975 and 1985.
    assert (found.shares["elderly"].people, found.shares["elderly"].of) == (1, 3)
    # The other four are on no roster: those known are no sample of them.
    assert found.percent("elderly") is None and found.unknown("elderly") == 4
    assert found.bounds("elderly") == pytest.approx((100 / 7, 500 / 7))
    assert portrait(short, COUNTY, _YEAR).bounds("elderly") is None
    assert found.percent("without_labour") is None
    assert found.percent("ill") is None


def test_of_2015_those_gone_since_are_unknown_and_the_elderly_have_bounds(demo: Home) -> None:
    county = open_county(demo)
    reader = county.reader(Scope.of([county.code]))
    found = portrait(reader, county.code, 2015, "poor")
    assert (found.people, found.unknown("elderly")) == (56_190, 9_109)
    [gone] = reader.rows(
        "SELECT SUM(e.people) AS n FROM {change_event} AS e JOIN {household_fact} AS f "
        "ON f.household_id = e.household_id AND f.year = 2015 AND f.poor "
        "WHERE e.change_kind IN ('died', 'married_out', 'moved_out') AND YEAR(e.changed_on) > 2015"
    )
    # Who has died or left since, and a few whose rows were refused or who were born unrecorded.
    assert abs(found.unknown("elderly") - gone["n"]) <= 20
    low, high = found.bounds("elderly") or (0, 0)
    assert (round(low, 1), round(high, 1)) == (12.7, 28.9)
    assert found.percent("elderly") is None and found.percent("ill") is not None


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500), st.booleans())
def test_bounds_hold_whatever_the_unknown_are(
    people: int, known: int, old: int, latest: bool
) -> None:
    known, old = min(known, people), min(old, known, people)
    found = Portrait(1, people, {"elderly": Share(old, known), "ill": Share(old, known)}, latest)
    if bounds := found.bounds("elderly"):
        low, high = bounds
        assert not latest and known and found.percent("elderly") is None
        for more in range(people - known + 1):
            assert low <= 100 * (old + more) / people <= high
    elif latest or known == people:
        assert found.percent("elderly") == found.percent("ill")
    assert found.bounds("ill") is None


def test_places_add_up_to_the_whole(reader: Reader) -> None:
    by_place = portraits(reader, COUNTY, _YEAR, digits=9)
    assert {place: found.people for place, found in by_place.items()} == {EAST: 2, WEST: 2}
    whole = portrait(reader, COUNTY, _YEAR)
    for trait in TRAITS:
        parts = [found.shares[trait] for found in by_place.values()]
        assert sum(part.people for part in parts) == whole.shares[trait].people, trait
        assert sum(part.of for part in parts) == whole.shares[trait].of, trait


def test_nobody_left_is_an_empty_portrait(reader: Reader) -> None:
    found = portrait(reader, HILL, _YEAR)
    assert (found.households, found.people, found.percent("elderly")) == (0, 0, None)


def test_a_viewer_of_a_township_sees_its_own_only(small: County) -> None:
    found = portrait(small.reader(Scope.of([WEST])), COUNTY, _YEAR)
    assert found.people == 2


def test_causes_together(reader: Reader) -> None:
    assert dict(overlaps(reader, COUNTY, _YEAR)) == {("illness", "labour"): 1, ("disability",): 1}
    assert overlaps(reader, BROOK, _YEAR, "poor") == []


def _count(small: County, text: str, year: int = _YEAR) -> int:
    wanted = HouseholdFilter(COUNTY, year, select=selection(text))
    return lists.counted(small.reader(Scope.of([COUNTY])), wanted)[0]


@pytest.mark.parametrize(
    ("text", "households"),
    [
        ("left.all.any", 2),
        ("left.poor.any", 1),
        ("left.monitored.elderly", 0),
        ("left.poor.elderly", 1),
        ("left.all.ill_cause", 2),
        ("left.all.without_labour", 2),
        ("left.all.cause_illness", 1),
        ("left.all.causes.illness.labour", 1),
        ("left.all.causes.illness", 0),
        ("left.all.causes", 0),
    ],
)
def test_a_trait_opens_its_households(small: County, text: str, households: int) -> None:
    assert _count(small, text) == households


def test_an_earlier_year_opens_its_own_households(small: County) -> None:
    assert _count(small, "left.poor.any", 2023) == 2


@pytest.mark.parametrize(
    "text",
    ["left", "left.all", "left.rich.any", "left.all.tall", "left.all.causes.labour.illness",
     "left.all.causes.sloth", "left.all.elderly.weak"],
)  # fmt: skip
def test_what_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)


def test_every_cause_on_the_code_lists_is_counted() -> None:
    known = codes()["poverty_cause"].keys() | codes()["monitor_risk"].keys()
    # Told by two codes, counted as one.
    assert set(CAUSES) == known - {"labour_shortage"}


# A county whose remaining poor have the shares that Yiyang published in 2020, of 3,948 people.
_YIYANG = "619926"
_PEOPLE, _OLD, _ILL, _IDLE = 3948, 1204, 3153, 2819


def _rows() -> dict[str, list[dict[str, Any]]]:
    village = f"{_YIYANG}101201"
    names = ((_YIYANG, "county"), (village[:9], "township"), (village, "village"))
    regions = [
        {"region_code": code, "level": level, "name": code, "short_name": code,
         "parent_code": {6: None, 9: _YIYANG, 12: village[:9]}[len(code)]}
        for code, level in names
    ]  # fmt: skip
    households, years, members = [], [], []
    for number in range(_PEOPLE // 3):
        key = {"household_id": f"Y{number:04d}", "village_code": village, "member_count": 3}
        cause = ("illness", "disability")[number % 2] if number < _ILL // 3 else "skill"
        households.append({**key, "registered": True, "cause_1": cause})
        years.append({**key, "year": 2019, "poverty_state": "poor"})
    for number in range(_PEOPLE):
        labour = ("weak", "none", "lost")[number % 3] if number < _IDLE else "ordinary"
        members.append(
            {
                "member_id": f"Y{number:04d}-1",
                "household_id": f"Y{number // 3:04d}",
                "village_code": village,
                "birth_date": date(1959 if number < _OLD else 1960, 12, 31),
                "health": "healthy",
                "labour": labour,
            }
        )
    # The last household is monitored too, for a reason that the other list calls otherwise.
    monitored = {
        "household_id": households[-1]["household_id"],
        "village_code": village,
        "monitor_kind": "unstable",
        "identified_on": date(2019, 6, 1),
        "cleared": False,
        "risk_1": "labour_shortage",
    }
    return {
        "region": regions, "household": households, "household_year": years, "member": members,
        "monitored_household": [monitored],
    }  # fmt: skip


@pytest.fixture(scope="module")
def yiyang(tmp_path_factory: pytest.TempPathFactory) -> County:
    rows = _rows()
    tables = {
        table.name: pa.Table.from_pylist(
            [{c: row.get(c) for c in table.arrow.names} for row in rows.get(table.name, [])],
            table.arrow,
        )
        for table in schema.TABLES
    }
    home = Home(tmp_path_factory.mktemp("yiyang"))
    home.publish(
        tables, data_date=date(2019, 12, 31), county_code=_YIYANG, loaded_by="test", sources=[],
        report={},
    )  # fmt: skip
    return open_county(home)


def test_the_published_shares_of_3948_people(yiyang: County) -> None:
    found = portrait(yiyang.reader(Scope.of([_YIYANG])), _YIYANG, 2019, "poor")
    assert (found.households, found.people) == (1316, 3948)
    shares = [f"{found.percent(key):.1f}" for key in ("elderly", "ill_cause", "without_labour")]
    assert shares == ["30.5", "79.9", "71.4"]
    assert found.unknown("without_labour") == 0


def test_a_shortage_of_labour_is_one_cause_on_both_lists(yiyang: County) -> None:
    found = dict(overlaps(yiyang.reader(Scope.of([_YIYANG])), _YIYANG, 2019))
    assert found == {
        ("illness",): 526,
        ("disability",): 525,
        ("skill",): 264,
        ("labour", "skill"): 1,
    }


def test_several_causes_are_two_or_more(short: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [((), 4), (("illness",), 3), (("illness", "labour"), 2)]
    monkeypatch.setattr(remaining, "overlaps", lambda *_: found)
    told = remaining.causes(short, COUNTY, _YEAR)
    assert (told.known, told.several, told.share_of_several) == (5, 2, 40)
    assert told.each == {"illness": 5, "labour": 2}
