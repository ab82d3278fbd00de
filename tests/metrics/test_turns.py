"""Two data dates side by side: who came, who left, who moved, months and figures before them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metrics import turns
from metrics.county import County, open_county
from metrics.data_dates import last_before
from metrics.figures import Figure, figures, worst
from metrics.months import BY_MONTH, Months, month_ends
from metrics.turns import Turn, largest
from store.scope import Scope
from store.simulated import Origin, entry_of
from store.snapshots import Home
from tests import small_county
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST

_ALL = Scope.of([COUNTY])
_THEN, _NOW = date(2025, 11, 30), date(2025, 12, 31)


def _case(household: str, village: str, **more: Any) -> dict[str, Any]:
    return {
        "household_id": household,
        "village_code": village,
        "monitor_kind": "borderline",
        "risk_1": "illness",
        "identified_on": date(2025, 1, 1),
        "cleared": False,
        **more,
    }


def _publish(home: Path, day: date, cases: list[dict[str, Any]], **moved: str) -> None:
    tables = small_county.tables()
    tables["monitored_household"] = small_county._table("monitored_household", cases)
    for name in ("household", "household_year"):
        rows = tables[name].to_pylist()
        for row in rows:
            row["village_code"] = moved.get(row["household_id"], row["village_code"])
        tables[name] = small_county._table(name, rows)
    origin = entry_of([Origin("household", "名单.xlsx", "all")])
    Home(home).publish(
        tables,
        data_date=day,
        county_code=COUNTY,
        loaded_by="test",
        sources=[],
        report={},
        simulated=origin,
    )


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> tuple[County, County]:
    """November: H04 and H02 are monitored. December: H02 and H05, and H03 lives in another village
    of its township."""
    home = tmp_path_factory.mktemp("turns")
    _publish(home, _THEN, [_case("H04", BROOK), _case("H02", HILL)])
    _publish(home, _NOW, [_case("H02", HILL), _case("H05", MILL)], H03=HILL)
    return open_county(Home(home), 1), open_county(Home(home), 2)


def test_who_came_and_who_left_make_up_the_difference(ends: tuple[County, County]) -> None:
    before, now = ends
    found = turns.between(before, now, now.reader(_ALL), COUNTY)
    watched = found.each()["monitored_households"]
    assert watched == Turn("monitored_households", came=1, left=1, stock=2)
    assert found.below(watched.part("came"), 9) == {WEST: 1}
    [came] = found.listed("came_monitored_households").to_pylist()
    [left] = found.listed("left_monitored_households").to_pylist()
    assert (came["household_id"], left["household_id"]) == ("H05", "H04")


@pytest.mark.parametrize("region", [COUNTY, EAST, WEST, MILL])
def test_a_turn_is_the_difference_of_the_figure(ends: tuple[County, County], region: str) -> None:
    before, now = ends
    for key, turn in turns.between(before, now, now.reader(_ALL), region).each().items():
        if key in ("ledger_overdue", "ledger_closed_standing"):
            continue  # entries, of which a household may have several
        values = [one.cube.cell(key, region, 2025, _ALL).value or 0 for one in ends]
        assert turn.stock == values[0] and turn.came - turn.left == values[1] - values[0], key


def test_who_lives_in_another_village_has_moved(ends: tuple[County, County]) -> None:
    before, now = ends
    found = turns.between(before, now, now.reader(_ALL), COUNTY)
    assert found.count("moved_place") == 1
    [row] = found.listed("moved_place").to_pylist()
    assert (row["village_then"], row["village_now"]) == (BROOK, HILL)


def test_a_viewer_of_one_township_is_told_of_it_alone(ends: tuple[County, County]) -> None:
    before, now = ends
    found = turns.between(before, now, now.reader(Scope.of([WEST])), COUNTY)
    assert found.each()["monitored_households"] == Turn("monitored_households", 1, 0, 0)
    assert found.count("moved_place") == 0


def test_what_is_not_known_at_one_end_is_not_told(
    ends: tuple[County, County], tmp_path: Path
) -> None:
    tables = small_county.tables()
    tables["ledger_entry"] = tables["ledger_entry"].slice(0, 0)
    Home(tmp_path).publish(
        tables, data_date=_THEN, county_code=COUNTY, loaded_by="test", sources=[], report={}
    )
    found = turns.between(open_county(Home(tmp_path)), ends[1], ends[1].reader(_ALL), COUNTY)
    assert "ledger_overdue" not in found.each()
    assert found.count("came_ledger_overdue") == 0


def test_the_largest_turns_are_those_largest_beside_what_was_there() -> None:
    found = {
        "a": Turn("a", 5, 0, 1000),
        "b": Turn("b", 2, 1, 3),
        "c": Turn("c", 0, 0, 9),
        "d": Turn("d", 1, 0, 0),
        "e": Turn("e", 3, 0, 100),
    }
    assert [turn.key for turn in largest(found)] == ["b", "d", "e"]


def test_the_last_date_is_another_day_of_the_same_county(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for day in (_THEN, _NOW, _NOW):
        small_county.publish(tmp_path, day)
    assert last_before(home, home.open(3)) == 1, "the second corrects, it is no date before"
    assert last_before(home, home.open(1)) is None


def test_the_ends_of_months_go_back_a_year() -> None:
    ends = month_ends(date(2025, 3, 15))
    assert len(ends) == 13
    assert (ends[0], ends[-2], ends[-1]) == (
        date(2024, 3, 31), date(2025, 2, 28), date(2025, 3, 15),
    )  # fmt: skip


@pytest.mark.parametrize("key", BY_MONTH)
@pytest.mark.parametrize("region", [COUNTY, EAST, WEST])
def test_the_last_month_is_the_data_date_itself(small: County, key: str, region: str) -> None:
    loaded = {name: small.snapshot.rows(name) for name in small.snapshot.tables}
    months = Months(small.reader(_ALL), COUNTY, small.data_date, loaded, 9)
    value = small.cube.cell(key, region, 2025, _ALL).value
    assert months.series(key, region)[-1] == (None if value is None else pytest.approx(value))


def test_before_there_was_a_ledger_nothing_is_known(small: County) -> None:
    loaded = {name: small.snapshot.rows(name) for name in small.snapshot.tables}
    months = Months(small.reader(_ALL), COUNTY, date(2024, 12, 31), loaded, 9)
    overdue = months.series("ledger_overdue", COUNTY)
    assert overdue[0] is None and overdue[-1] == 0, "the first entry is of June 2024"
    assert not months.series("per_capita_income", COUNTY)
    empty = Months(small.reader(_ALL), COUNTY, small.data_date, {}, 9)
    assert not empty.series("ledger_overdue", COUNTY), "no table, no number"


def _figure(ends: tuple[County, County], key: str) -> Figure:
    before, now = ends
    [found] = [
        one for one in figures(now, before, COUNTY, 2025, _ALL, None) if one.indicator.key == key
    ]
    return found


def test_a_figure_stands_beside_the_last_date_and_the_last_year(
    ends: tuple[County, County],
) -> None:
    watched = _figure(ends, "monitored_households")
    assert (watched.now.value, watched.last, watched.since_last) == (2, 2, 0)
    assert watched.since_year == 2, "nobody was monitored at the end of 2024"
    guarantee = _figure(ends, "open_guarantee_households")
    assert guarantee.year_ago is None and guarantee.since_year is None, "not known is not zero"


def test_the_figure_that_worsened_most_comes_first(small: County) -> None:
    found = figures(small, None, COUNTY, 2025, _ALL, None)
    assert not worst(found), "without an earlier date nothing is worse"
    declared = small.indicators

    def moved(key: str, last: float, now: float) -> Figure:
        cell = small.cube.cell(key, COUNTY, 2025, _ALL)
        return Figure(declared[key], type(cell)(now, now, None, 0), last, None, (), False)

    three = [
        moved("ledger_overdue", 100, 110),
        moved("ledger_closed_share", 50, 25),
        moved("monitored_households", 100, 50),
    ]
    assert [one.indicator.key for one in worst(three)] == ["ledger_closed_share", "ledger_overdue"]
