"""产业就业 in the small county: each count beside its list."""

from __future__ import annotations

from datetime import date

import pytest

from metrics import lists, work, work_lists
from metrics.county import County, open_county
from metrics.filters import HouseholdFilter
from metrics.selections import SelectionError, selection
from metrics.subjects import MEMBER, Subjects
from rules.registry import rules
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
from tests.small_county import COUNTY, DATA_DATE, EAST, MILL, WEST, publish

_YEAR = 2025


def _reader(county: County, *codes: str) -> Reader:
    return county.reader(Scope.of(codes or [COUNTY]))


def _wanted(text: str, region: str = COUNTY) -> HouseholdFilter:
    return HouseholdFilter(region, _YEAR, select=selection(text))


def _selected(reader: Reader, text: str) -> set[str]:
    rows = lists.all_households(reader, _wanted(text), {}, "household_id").to_pylist()
    return {row["household_id"] for row in rows}


def _people(reader: Reader, text: str) -> set[str]:
    rows = Subjects(MEMBER, _wanted(text), DATA_DATE).rows(reader).to_pylist()
    return {row["member_id"] for row in rows}


def _listed(reader: Reader, part: str, key: str) -> list[str]:
    return [row[key] for row in work_lists.listed(reader, part, COUNTY, _YEAR).to_pylist()]


def test_who_works_where(small: County) -> None:
    """Six can work: H01's head at the workshop and his wife in a post, H05's head away."""
    found = work.workers(_reader(small), COUNTY, _YEAR)
    assert (found.people, found.at_work, found.unknown) == (5, 3, 0)
    assert found.by_place["village"] == 2 and found.by_place["province"] == 1
    assert found.share == 60.0
    assert work.workers(_reader(small, WEST), WEST, _YEAR).at_work == 1


def test_a_place_of_work_opens_its_people(small: County) -> None:
    reader = _reader(small)
    found = work.workers(reader, COUNTY, _YEAR)
    for place, count in found.by_place.items():
        assert len(_people(reader, f"works.{place}")) == count, place
    assert _people(reader, "works.village") == {"H01-0", "H01-1"}
    assert _selected(_reader(small, EAST), "works.province") == set()


def test_months_are_told_by_spells(small: County) -> None:
    """H03's wife left in February and came home on 20 November."""
    reader = _reader(small)
    found = work.by_month(reader, COUNTY, DATA_DATE)
    assert [day for day, counts in found.items() if counts["outside"]] == [
        date(2025, month, 28 if month == 2 else 30 if month in (4, 6, 9) else 31)
        for month in range(2, 11)
    ]
    for day, counts in found.items():
        for place, count in counts.items():
            assert len(_people(reader, f"works.{place}.{day:%Y%m%d}")) == count, (day, place)


def test_each_answer_is_that_of_the_list_behind_it(small: County) -> None:
    reader = _reader(small)
    found = work.answers(reader, COUNTY, _YEAR, "county")
    for key in (*work.OF_HOUSEHOLDS, work.NO_INDUSTRY):
        for answer in ("met", "missed", "unknown"):
            count = len(_selected(reader, f"rule.{key}.{answer}"))
            assert count == getattr(found[key], answer), (key, answer)
    for key in work.OF_PEOPLE:
        assert len(_people(reader, f"rule.{key}.met")) == found[key].met, key
    assert found["work_one"].missed == 2 and found["work_neither"].met == 2


@pytest.mark.parametrize("part", work_lists.LISTS)
def test_a_list_has_as_many_rows_as_it_says(small: County, part: str) -> None:
    reader = _reader(small)
    count = work_lists.count(reader, part, COUNTY, _YEAR)
    assert work_lists.listed(reader, part, COUNTY, _YEAR).num_rows == count
    told = work.answers(reader, COUNTY, _YEAR, "county")
    posts = work.posts(reader, COUNTY, _YEAR)
    if part in rules():
        answer = "met" if part in work.OF_PEOPLE else "missed"
        assert count == getattr(told[part], answer)
    elif part in work.CHECKS:
        assert count == work.found(reader, COUNTY)[part]
    elif part in work_lists.OF_KINDS:
        what, kind = work_lists.OF_KINDS[part]
        assert count == getattr(posts[kind], {"every": "posts"}.get(what, what))
    elif part == work_lists.HELD_AGAINST:
        assert count == work.held_against(posts)


def test_posts_vacant_or_held_against_the_rules(small: County) -> None:
    reader = _reader(small)
    assert _listed(reader, "post_filled", "post_id") == ["G5"]
    assert set(_listed(reader, "post_one_each", "post_id")) == {"G3", "G4"}
    assert _listed(reader, "post_present", "post_id") == ["G2"]
    assert _listed(reader, "post_attended", "post_id") == ["G3"]
    assert _listed(reader, "post_paid", "post_id") == ["G4"]
    assert _listed(reader, "post_noticed", "post_id") == ["G4"]
    assert set(_listed(reader, "post_age", "post_id")) == {"G3", "G4"}
    assert set(_listed(reader, "posts_against", "post_id")) == {"G2", "G3", "G4"}
    assert "G1" not in _listed(reader, "posts_not_in_order", "post_id")


def test_who_was_trained_and_what_came_of_it(small: County) -> None:
    reader = _reader(small)
    assert work.trained(reader, COUNTY, _YEAR) == (2, 1)
    assert _listed(reader, "worker_trained_vain", "member_id") == ["H06-9"]
    assert _listed(reader, "worker_lost_work", "member_id") == ["H03-5"]


def test_workplaces_and_leaders_open_who_they_reach(small: County) -> None:
    reader = _reader(small)
    assert work.near(reader, COUNTY, _YEAR) == work.Near(2, 18, 1, 2, 2)
    assert _people(reader, "workplace.K1") == {"H01-0"}
    assert _selected(reader, "workplace.K2") == set(), "who left is not there"
    assert _selected(reader, "leader.L1") == {"H01", "H03"}
    assert _selected(reader, "rule.leader_brings.met") == {"H01", "H03"}
    assert _selected(reader, "rule.workplace_running.met") == {"H01"}
    assert _listed(reader, "leader_chosen", "leader_id") == ["L2"]
    assert _listed(reader, "leader_brings", "leader_id") == ["L2"]


def test_a_scope_is_kept(small: County) -> None:
    reader = _reader(small, WEST)
    assert _listed(reader, "posts", "post_id") == ["G2"]
    assert _listed(reader, "workplaces", "workplace_id") == ["K2"]
    assert _selected(reader, "leader.L1") == set()
    assert MILL in _listed(reader, "posts", "village_code")


def test_names_and_phones_are_masked(small: County) -> None:
    row = work_lists.listed(_reader(small), "post_filled", COUNTY, _YEAR).to_pylist()[0]
    assert row["holder_name"] == "吴*十"
    (leader,) = _reader(small).rows(work.of_households("household_id = 'H01'")["leaders"])
    assert leader["leader_name"] == "冯*一" and "*" in leader["leader_phone"]


@pytest.mark.parametrize(
    "text",
    ["works", "works.moon", "works.village.2025", "works.village.20251340",
     "works.county.20251231.x", "workplace", "workplace.K1'--", "leader.", f"leader.{'L' * 41}"],
)  # fmt: skip
def test_what_names_no_work_is_refused(text: str) -> None:
    with pytest.raises(SelectionError):
        selection(text)


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> tuple[County, County]:
    """The county before H03's wife came home on 20 November, and at its data date."""
    home = tmp_path_factory.mktemp("work") / "home"
    for day in (date(2025, 11, 10), DATA_DATE):
        publish(home, day)
    return open_county(Home(home), 1), open_county(Home(home), 2)


def test_households_lost_work_since_the_last_date(ends: tuple[County, County]) -> None:
    before, county = ends
    reader = _reader(county)
    lost = work_lists.lost_since(before, reader, COUNTY, _YEAR).to_pylist()
    assert [row["household_id"] for row in lost] == ["H03"] and lost[0]["head_name"] == "王*五"
    assert work_lists.count_lost(before, reader, COUNTY, _YEAR) == 1
    assert work_lists.lost_since(before, reader, COUNTY, _YEAR, 1, 50).num_rows == 0
    west = _reader(county, WEST)
    assert work_lists.count_lost(before, west, COUNTY, _YEAR) == 0
    assert work_lists.count_lost(county, reader, COUNTY, _YEAR) == 0, "since itself nobody did"
