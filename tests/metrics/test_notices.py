"""公示办理: each notice that is owed, what became of it, and what was objected to."""

from __future__ import annotations

from typing import Any

import pytest

from metrics import answers, disclosure, notices
from metrics.county import County
from metrics.disclosure import LISTS, MADE_OF
from metrics.notices import ANSWERS, BY_SHEETS, FAILED, STATES, Objections, Owed
from store.reader import Reader
from store.scope import Scope
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST


def _reader(county: County, *codes: str) -> Reader:
    return county.reader(Scope.of(codes or [COUNTY]))


def _rows(county: County, key: str, year: int, state: str | None = None) -> list[dict[str, Any]]:
    return Owed(key, COUNTY, year, state).rows(_reader(county)).to_pylist()


@pytest.mark.parametrize(
    ("key", "year", "village", "state"),
    [
        ("register", 2014, HILL, "short"),
        ("register", 2014, BROOK, "never"),
        ("register", 2014, MILL, "kept"),
        ("exits", 2025, MILL, "elsewhere"),
        ("projects", 2025, MILL, "hanging"),
        ("benefits", 2025, BROOK, "kept"),
    ],
)
def test_what_became_of_each_notice(
    noticed: County, key: str, year: int, village: str, state: str
) -> None:
    found = {row["village_code"]: row["state"] for row in _rows(noticed, key, year)}
    assert found[village] == state


def test_the_longest_sheet_on_the_village_board_is_the_one_that_counts(noticed: County) -> None:
    [row] = _rows(noticed, "benefits", 2025)
    assert (row["notice_id"], row["notice_days"], row["sheets"]) == ("G5", 10, 2)


def test_of_a_list_that_no_sheet_is_of_nothing_is_told(noticed: County) -> None:
    assert _rows(noticed, "exits", 2014) == [], "an exit of 2014, and no book of that year"
    told = notices.kept_lists(_reader(noticed), 2014)
    assert "register" in told and "exits" not in told


def test_a_list_without_entries_is_not_owed(noticed: County) -> None:
    assert {row["village_code"] for row in _rows(noticed, "exits", 2025)} == {MILL}
    found = _reader(noticed).rows(
        "SELECT subject_id FROM {finding} WHERE check_key = 'notice_without_entries'"
    )
    assert [row["subject_id"] for row in found] == [f"N2025exits{HILL}"]


def test_each_check_finds_its_own(noticed: County) -> None:
    rows = _reader(noticed).rows(
        "SELECT check_key, subject_id FROM {finding} WHERE level IN ('notice', 'objection')"
    )
    assert {(row["check_key"], row["subject_id"]) for row in rows} == {
        ("notice_short_register", f"N2014register{HILL}"),
        ("notice_never", f"N2014register{BROOK}"),
        ("notice_incomplete", f"N2014register{MILL}"),
        ("notice_late", f"N2014register{HILL}"),
        ("notice_late", f"N2014register{MILL}"),
        ("notice_late", f"N2025benefits{BROOK}"),
        ("notice_elsewhere", f"N2025exits{MILL}"),
        ("notice_without_entries", f"N2025exits{HILL}"),
        ("notice_taken_down_before", f"N2025exits{HILL}"),
        ("notice_without_photo", f"N2025projects{MILL}"),
        ("notice_source_differs", f"N2025monitoring{BROOK}"),
        ("objection_unanswered", "Y1"),
        ("objection_answered_late", "Y4"),
        ("objection_answer_undated", "Y6"),
        ("objection_of_no_notice", "Y5"),
        ("objection_unanswered", "Y5"),
        ("objection_before_notice", "Y4"),
    }


def test_states_are_counted_as_their_lines_are(noticed: County) -> None:
    for year in (2014, 2025):
        found = disclosure.overview(_reader(noticed), noticed.parameters, COUNTY, year)
        for one in found:
            if one.key not in MADE_OF or not one.states:
                continue
            for state in (*STATES, *notices.SETS):
                owed = disclosure.owed(noticed.parameters, one.key, COUNTY, year, state)
                sums = {"owed": STATES, "made": notices.MADE, "failed": FAILED}
                wanted = sum(one.states[each] for each in sums.get(state, (state,)))
                assert owed.count(_reader(noticed)) == wanted, (one.key, year, state)
                assert owed.rows(_reader(noticed)).num_rows == wanted


def test_places_add_up_to_the_county(noticed: County) -> None:
    reader = _reader(noticed)
    below = disclosure.by_place(reader, noticed.parameters, COUNTY, 2025, 9)
    for one in disclosure.overview(reader, noticed.parameters, COUNTY, 2025):
        places = below.get(one.key, {}).values()
        for state in STATES:
            assert sum(p.states[state] for p in places) == one.states.get(state, 0), one.key


def test_days_that_no_document_says_leave_a_notice_unknown(noticed: County) -> None:
    sure = Owed("register", COUNTY, 2014).rows(_reader(noticed)).to_pylist()
    unsure = Owed("register", COUNTY, 2014, undated=("register",)).rows(_reader(noticed))
    assert "kept" in {row["state"] for row in sure}
    assert "unknown" in {row["state"] for row in unsure.to_pylist()}
    assert "kept" not in {row["state"] for row in unsure.to_pylist()}


def test_what_failed_names_its_check(noticed: County) -> None:
    for key in BY_SHEETS:
        for year in (2014, 2025):
            for row in _rows(noticed, key, year):
                check = notices.check_of(row)
                assert (check is not None) == (row["state"] in FAILED)
                if check:
                    found = notices.one(_reader(noticed), row["notice_duty_id"])
                    assert found is not None
                    assert check in {one["check_key"] for one in found["findings"]}


def test_what_two_files_say_is_compared(noticed: County) -> None:
    told = notices.compared(_reader(noticed), COUNTY)
    assert told == {"both": 1, "notice_source_differs": 1, "notice_source_only": 0}
    assert notices.compared(_reader(noticed, WEST), COUNTY)["both"] == 0


def _objected(county: County, *codes: str, **more: Any) -> Objections:
    return Objections(codes[0] if codes else COUNTY, county.data_date, 60, **more)


def test_objections_of_all_lists_stand_together(noticed: County) -> None:
    reader = _reader(noticed)
    counts = _objected(noticed).counts(reader)
    assert counts == {
        "waiting": 1, "overdue": 3, "answered": 1, "answered_late": 1, "undated": 1,
    }  # fmt: skip
    assert set(counts) == set(ANSWERS)
    rows = _objected(noticed).rows(reader).to_pylist()
    assert {row["objection_id"] for row in rows} == {"Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "C1"}
    states = [row["answer_state"] for row in rows]
    assert all(state in answers.OPEN for state in states[:4]) and "undated" in states[4:]
    assert [row["days_to_answer"] for row in rows if row["objection_id"] == "Y6"] == [None]
    for state, count in counts.items():
        assert _objected(noticed, state=state).rows(reader).num_rows == count
    [fund] = _objected(noticed, key="funds").rows(reader).to_pylist()
    assert (fund["objection_id"], fund["notice_id"]) == ("C1", "L1"), "asked of no second file"


def test_without_a_document_no_objection_is_late(noticed: County) -> None:
    asked = Objections(COUNTY, noticed.data_date, None)
    assert asked.counts(_reader(noticed))["overdue"] == 0


def test_a_scope_is_kept(noticed: County) -> None:
    west = _reader(noticed, WEST)
    for key in MADE_OF:
        for row in Owed(key, COUNTY, 2025).rows(west).to_pylist():
            assert row["village_code"].startswith(WEST)
    assert {row["region_code"] for row in _objected(noticed).rows(west).to_pylist()} == {MILL}
    assert notices.one(west, f"N2014register{HILL}") is None
    assert notices.one(_reader(noticed, EAST), f"N2014register{HILL}") is not None


def test_every_list_is_judged_or_compared(noticed: County) -> None:
    rows = _reader(noticed).rows("SELECT DISTINCT notice_list, judged FROM {notice_fact}")
    assert {row["notice_list"] for row in rows} <= set(LISTS)
    assert {row["notice_list"] for row in rows if row["judged"]} <= set(BY_SHEETS)
