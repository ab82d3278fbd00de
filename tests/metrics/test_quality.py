"""Findings counted, compared with another snapshot's, listed; and the command that makes them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from metrics.__main__ import main
from metrics.county import County, open_county
from metrics.quality import Asked, FindingFilter, Findings, asked, comparable, findings_of
from store.scope import Scope
from store.snapshots import Home
from tests import small_county
from tests.small_county import COUNTY, EAST, HILL, MILL, WEST

_ALL = Scope.of([COUNTY])


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two snapshots: before, H01's head had three posts and H05's had none."""
    home = Home(tmp_path_factory.mktemp("changed"))
    tables = small_county.tables()
    members = tables["member"].to_pylist()
    for row in members:
        if row["member_id"] in ("H01-0", "H05-7"):
            row["public_post_count"] = 3 if row["member_id"] == "H01-0" else None
            row["public_post_on"] = date(2024, 1, 1) if row["member_id"] == "H01-0" else None
    tables["member"] = pa.Table.from_pylist(members, tables["member"].schema)
    tables["post"] = tables["post"].slice(0, 0)  # no ledger yet to be held against the list
    home.publish(
        tables, data_date=date(2025, 11, 30), county_code=COUNTY, loaded_by="t", sources=[],
        report={},
    )  # fmt: skip
    small_county.publish(home.path)
    return home


@pytest.fixture(scope="module")
def county(changed: Home) -> County:
    return open_county(changed)


def _compared(county: County, scope: Scope = _ALL) -> Findings:
    earlier = findings_of(county.home, 1, scope)
    return Findings(county.reader(scope), county.checks, earlier)


def _ids(findings: Findings, wanted: FindingFilter) -> list[tuple[str, str]]:
    return [(row["check_key"], row["subject_id"]) for row in findings.page(wanted, 1)]


def test_findings_are_new_staying_or_gone(county: County) -> None:
    tally = _compared(county).tally(COUNTY)
    assert tally.changes == {"new": 1, "staying": 2, "gone": 3}
    assert tally.standing == 3
    assert tally.by_check["member_posts_three", "new"] == 1
    assert tally.by_check["member_posts_three", "gone"] == 1
    assert tally.of_check("member_posts_three") == 1
    assert tally.by_severity == {"suspect": 3}


def test_places_below_are_townships_and_then_villages(county: County) -> None:
    findings = _compared(county)
    assert set(findings.tally(COUNTY).by_place) == {
        ("member_post_old", EAST),
        ("member_posts_three", WEST),
        ("village_road", WEST),
    }
    assert set(findings.tally(EAST).by_place) == {("member_post_old", HILL)}


def test_a_filter_lists_what_stands_unless_it_asks_for_what_is_gone(county: County) -> None:
    findings = _compared(county)
    assert _ids(findings, FindingFilter(COUNTY)) == [
        ("member_post_old", "H02-3"),
        ("village_road", MILL),
        ("member_posts_three", "H05-7"),
    ]
    posts = FindingFilter(COUNTY, "member_posts_three", "suspect")
    assert _ids(findings, posts) == [("member_posts_three", "H05-7")]
    gone = FindingFilter(COUNTY, change="gone")
    # Yields of the asset and the contract were judged of the year before, at the end of the month
    # before.
    assert _ids(findings, gone) == [
        ("asset_yield_short", "A1"),
        ("entrusted_not_booked", "E1"),
        ("member_posts_three", "H01-0"),
    ]
    assert _ids(findings, FindingFilter(COUNTY, severity="error")) == []
    assert findings.count(FindingFilter(COUNTY)) == (3, 2)
    assert findings.all(FindingFilter(WEST)).num_rows == 2


def test_the_second_page_begins_after_the_first(county: County) -> None:
    assert _compared(county).page(FindingFilter(COUNTY), 2) == []


def test_a_row_names_its_subject_masked(county: County) -> None:
    row = _compared(county).page(FindingFilter(COUNTY, "member_posts_three"), 1)[0]
    assert (row["member_name"], row["head_name"], row["change"]) == ("孙*七", "孙*七", "new")


def test_without_another_snapshot_nothing_is_said_to_be_new(county: County) -> None:
    findings = Findings(county.reader(_ALL), county.checks, None)
    tally = findings.tally(COUNTY)
    assert (tally.changes, tally.standing) == ({"open": 3}, 3)
    assert {row["change"] for row in findings.page(FindingFilter(COUNTY), 1)} == {None}


def test_no_finding_reaches_beyond_the_scope(county: County) -> None:
    findings = _compared(county, Scope.of([WEST]))
    assert set(_ids(findings, FindingFilter(COUNTY))) == {
        ("member_posts_three", "H05-7"),
        ("village_road", MILL),
    }
    assert _ids(findings, FindingFilter(COUNTY, change="gone")) == []
    assert findings_of(county.home, 1, Scope.of([])).num_rows == 0


def test_a_household_that_moved_is_neither_new_nor_gone(county: County) -> None:
    earlier = findings_of(county.home, 2, _ALL).to_pylist()
    moved = [row | {"village_code": HILL, "township_code": EAST} for row in earlier]
    table = pa.Table.from_pylist(moved, findings_of(county.home, 2, _ALL).schema)
    tally = Findings(county.reader(_ALL), county.checks, table).tally(EAST)
    assert tally.changes == {"staying": 1}


def test_what_could_not_be_told_is_counted(county: County) -> None:
    told = asked(county.reader(_ALL), COUNTY)
    assert told["village_road"] == Asked(3, 0)
    assert told["member_insured_both"] == Asked(17, 17)
    assert told["household_income_below_line_unmonitored"] == Asked(6, 5)
    assert "fund_total_mismatch" not in told


def test_only_snapshots_of_the_same_county_are_compared(changed: Home, tmp_path: Path) -> None:
    assert (comparable(changed, 2), comparable(changed, 1)) == ([1], [2])
    tables = small_county.tables()
    home = Home(tmp_path)
    for county in ("433125", COUNTY):
        home.publish(
            tables, data_date=date(2025, 1, 1), county_code=county, loaded_by="t", sources=[],
            report={},
        )  # fmt: skip
    assert comparable(home, 2) == []


def test_derive_prints_findings_by_severity_and_check(
    changed: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["derive", "--home", str(changed.path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "snapshot 2 2025-12-31  findings 3"
    assert [line.split()[:2] for line in lines if line.startswith(("e", "su", "h"))] == [
        ["error", "0"],
        ["suspect", "3"],
        ["hint", "0"],
    ]
    assert any("一人任三个以上公益岗位" in line and "member_posts_three" in line for line in lines)
    assert main(["derive", "--home", str(changed.path), "--snapshot", "1"]) == 0
    assert capsys.readouterr().out.startswith("snapshot 1 2025-11-30")


def test_derive_without_data_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["derive", "--home", str(tmp_path)]) == 2
    assert "make demo" in capsys.readouterr().err
