"""What rows mean together: households, people and places, from files to a published snapshot."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from loaders import importing
from loaders.accounts.report import Report
from store.snapshots import Home
from tests.loaders import sheets
from tests.loaders.sheets import HOUSEHOLD, PERSON, Rows, household, identity, person

DAY = datetime.date(2025, 12, 31)
PEOPLE = [*PERSON, "性别", "出生日期"]


class Imported:
    """A snapshot made from small files, one a sheet."""

    def __init__(self, folder: Path, *files: Rows, county: str = "611025"):
        paths = [
            sheets.workbook(folder / f"{number}.xlsx", {"表": rows})
            for number, rows in enumerate(files, start=1)
        ]
        home = Home(folder / "home")
        self.report: Report = importing.run(paths, home, DAY, loaded_by="test", county_code=county)
        self.snapshot = home.current()

    def rows(self, table: str, *columns: str) -> list[Any]:
        """Values of columns, row by row; of one column plain."""
        found = pq.read_table(self.snapshot.path(table), columns=list(columns)).to_pylist()
        values = [tuple(row[c] for c in columns) for row in found]
        return [value[0] if len(columns) == 1 else value for value in values]

    def refused(self) -> list[tuple[Any, ...]]:
        return self.rows("quarantine", "file", "row", "header", "reason")

    def mended(self) -> list[tuple[Any, ...]]:
        return self.rows("mend", "row", "reason", "before", "after")


def test_a_household_twice_is_merged_where_equal_and_refused_where_not(tmp_path: Path) -> None:
    rows = [household(1), household(1), household(1, 家庭人口="4"), household(2)]
    done = Imported(tmp_path, [HOUSEHOLD, *rows], [HOUSEHOLD, household(2)])
    assert done.rows("household", "household_id", "member_count") == [
        ("611025000001", 3),
        ("611025000002", 3),
    ]
    assert done.refused() == [("1.xlsx", 4, "户编号", "duplicate_key")]
    assert [(row, reason) for row, reason, *_ in done.mended()] == [
        (3, "duplicate_row"),
        (2, "duplicate_row"),
    ]
    assert done.report.totals == {
        "rows": 5,
        "accepted": 2,
        "mended": 2,
        "quarantined": 1,
        "aside": 2,
    }


def test_one_identity_in_two_households_stays_in_the_first_which_is_named(tmp_path: Path) -> None:
    twice = person(1, 2, 证件号码=identity())
    done = Imported(
        tmp_path,
        [HOUSEHOLD, household(1), household(2)],
        [PERSON, person(1, 1, 证件号码=identity())],
        [PERSON, twice, person(2, 2)],
    )
    assert done.refused() == [("3.xlsx", 2, "证件号码", "identity_elsewhere")]
    (value,) = done.rows("quarantine", "value")
    assert "2.xlsx" in value and "2行" in value.replace(" ", "") and identity() not in value
    assert sorted(done.rows("member", "member_id")) == ["61102500000101", "61102500000202"]


def test_a_number_not_known_yet_may_stand_with_many(tmp_path: Path) -> None:
    people = [person(1, n, 证件号码="999999198001010010") for n in (1, 2)]
    done = Imported(tmp_path, [HOUSEHOLD, household(1), household(2)], [PERSON, *people])
    assert not done.refused() and len(done.rows("member", "member_id")) == 2


def test_a_member_without_household(tmp_path: Path) -> None:
    done = Imported(tmp_path, [HOUSEHOLD, household(1)], [PERSON, person(1, 1), person(1, 9)])
    assert done.refused() == [("2.xlsx", 3, "户编号", "unknown_household")]


@pytest.mark.parametrize("relations", [("配偶", "之子"), ("户主", "户主")])
def test_a_household_without_a_head_or_with_two_is_kept(
    tmp_path: Path, relations: tuple[str, str]
) -> None:
    people = [person(n, 1, 与户主关系=relation) for n, relation in enumerate(relations, start=1)]
    done = Imported(tmp_path, [HOUSEHOLD, household(1)], [PERSON, *people])
    assert len(done.rows("member", "relation")) == 2 and not done.refused()


@pytest.mark.parametrize(
    ("cells", "code", "told"),
    [
        ({"行政村": "太平村"}, "611025001007", "太坪社区 611025001007 (2018年版)"),
        ({"行政村": "太坪村"}, "611025001007", "太坪社区 611025001007 (2021年版)"),
        ({"行政村": "611025001209"}, "611025001007", "太坪社区 611025001007 (2021年版)"),
        (
            {"乡镇": "云盖寺镇", "行政村": "岩湾村"},
            "611025113003",
            "岩湾社区 611025113003 (2021年版)",
        ),
    ],
)
def test_a_renamed_or_merged_village_says_which_edition(
    tmp_path: Path, cells: dict[str, object], code: str, told: str
) -> None:
    done = Imported(tmp_path, [HOUSEHOLD, household(1, **cells)])
    assert done.rows("household", "village_code") == [code]
    assert [(reason, after) for _, reason, _, after in done.mended()] == [("old_name", told)]


def test_a_village_merged_twice_over_in_another_county(tmp_path: Path) -> None:
    cells = {"县": "保靖县", "乡镇": "迁陵镇", "行政村": "花井村"}
    done = Imported(tmp_path, [HOUSEHOLD, household(1, **cells)], county="433125")
    assert done.rows("household", "village_code") == ["433125109010"]
    assert [after for *_, after in done.mended()] == ["花井社区 433125109010 (2020年版)"]


def test_a_village_name_in_two_townships_needs_its_township(tmp_path: Path) -> None:
    def named(number: int, **cells: object) -> list[object]:
        return household(number, 县="保靖县", 行政村="马王村", **cells)

    rows = [named(1, 乡镇="复兴镇"), named(2, 乡镇="清水坪镇"), named(3, 乡镇="")]
    done = Imported(tmp_path, [HOUSEHOLD, *rows], county="433125")
    assert sorted(done.rows("household", "village_code")) == ["433125108219", "433125110211"]
    assert done.refused() == [("1.xlsx", 4, "行政村", "ambiguous_village")]


def test_sex_and_birth_date_against_the_number_are_kept_and_counted(tmp_path: Path) -> None:
    people = [
        [*person(1, 1), "女", "19790101"],
        [*person(2, 1), "女", "19800101"],
        [*person(3, 1), "", ""],
    ]
    done = Imported(tmp_path, [HOUSEHOLD, household(1)], [PEOPLE, *people])
    found = sorted(done.rows("member", "member_id", "sex", "birth_date"))
    assert found == [
        ("61102500000101", "female", datetime.date(1979, 1, 1)),
        ("61102500000102", "female", datetime.date(1980, 1, 1)),
        ("61102500000103", "male", datetime.date(1980, 1, 1)),
    ]
    checks = {check["column"]: check for check in done.report.sheets[1]["checks"]}
    assert (checks["性别"]["compared"], checks["性别"]["differs"]) == (2, 1)
    assert (checks["出生日期"]["compared"], checks["出生日期"]["differs"]) == (2, 1)
    assert not checks["性别"]["agrees"] and not done.refused()


def test_totals_that_differ_are_published_beside_what_the_rows_add_up_to(tmp_path: Path) -> None:
    def total(word: str, people: str) -> list[object]:
        return [word, "", "", "", "", "", people]

    rows = [household(1), total("小计", "3"), household(2), total("小计", "4"), total("合计", "7")]
    done = Imported(tmp_path, [HOUSEHOLD, *rows])
    found = done.rows("declared_total", "row", "header", "declared", "added")
    assert found == [(3, "家庭人口", 3, 3), (5, "家庭人口", 4, 3), (6, "家庭人口", 7, 6)]
    assert done.report.exit_code == 0


def test_zeros_lost_from_a_household_number_are_put_back_where_one_fits(tmp_path: Path) -> None:
    own = "00061102500001"
    people = [person(1, 1, 户编号=own.lstrip("0")), person(2, 1, 户编号="61102500009")]
    done = Imported(tmp_path, [HOUSEHOLD, household(1, 户编号=own)], [PERSON, *people])
    assert done.rows("member", "household_id") == [own]
    assert done.refused() == [("2.xlsx", 3, "户编号", "unknown_household")]
    assert done.mended() == [(2, "leading_zero", own.lstrip("0"), own)]
