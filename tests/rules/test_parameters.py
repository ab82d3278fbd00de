"""Dated parameters: the value in force, none where none is known, a county's own values over."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from rules import parameters
from rules.parameters import DatedValue, by_year, defaults, load, of_home


@pytest.mark.parametrize(
    ("key", "year", "value"),
    [
        ("poverty_line_yuan", 2013, 2736),
        ("poverty_line_yuan", 2014, 2800),
        ("poverty_line_yuan", 2016, 2952),
        ("poverty_line_yuan", 2017, None),
        ("poverty_line_yuan", 2020, 4000),
        ("poverty_line_yuan", 2021, None),
        ("monitoring_line_yuan", 2020, None),
        ("monitoring_line_yuan", 2021, 6000),
        ("monitoring_line_yuan", 2022, None),
        ("elderly_age_years", 2025, 60),
        ("elderly_age_years", 2013, 60),  # since July
        ("elderly_age_years", 2012, None),
    ],
)
def test_the_value_in_force(key: str, year: int, value: float | None) -> None:
    held = defaults()[key].in_year(year)
    assert (held.value if held else None) == value


def test_a_value_ends_the_day_before_the_next() -> None:
    values = defaults()["poverty_line_yuan"].values
    for earlier, later in pairwise(values):
        assert earlier.end < later.start


def test_the_programs_own_values_would_pass_as_a_countys(tmp_path: Path) -> None:
    declared = yaml.safe_load(
        Path(parameters.__file__).with_suffix(".yaml").read_text(encoding="utf8")
    )
    own = {
        key: [value for value in entry["values"] if "in" not in value]
        for key, entry in declared.items()
    }
    assert load(_own(tmp_path, yaml.safe_dump(own, allow_unicode=True))) == defaults()


def test_every_value_has_a_source_and_weak_ones_say_so() -> None:
    for parameter in defaults().values():
        assert all(value.source for value in parameter.values)
    line = defaults()["poverty_line_yuan"]
    assert [v.start.year for v in line.values if v.weak] == [2019]


def test_where_a_value_was_read_stands_beside_its_document() -> None:
    line = defaults()["monitoring_line_yuan"].in_year(2021)
    assert "陕农组发〔2021〕3号" in line.source and "延安市" in line.via
    assert defaults()["poverty_line_yuan"].in_year(2016).via == ""


def test_a_child_keeps_its_support_longer_than_it_may_begin() -> None:
    begins, goes_on = defaults()["child_age_years"], defaults()["child_support_age_years"]
    assert [p.in_year(2025).value for p in (begins, goes_on)] == [16, 18]
    assert [p.in_year(2019).value for p in (begins, goes_on)] == [16, 16]


def test_the_history_names_the_days_without_a_value() -> None:
    line = defaults()["poverty_line_yuan"].history()
    unknown = [(start.year, end.year) for start, end, value in line if value is None]
    assert unknown == [(2017, 2018), (2021, 9999)]
    assert line[0][2].value == 2300
    for earlier, later in pairwise(line):
        assert (later[0] - earlier[1]).days == 1
    assert defaults()["minimum_allowance_yuan"].history() == []
    [(start, end, value)] = defaults()["elderly_age_years"].history()
    assert (start, end, value.value) == (date(2013, 7, 1), date.max, 60)


def _own(home: Path, text: str) -> Path:
    (home / "county").mkdir(exist_ok=True)
    (home / "county" / "parameters.yaml").write_text(text, encoding="utf8")
    return home


def test_a_county_fills_in_its_own_values(tmp_path: Path) -> None:
    home = _own(
        tmp_path,
        "monitoring_line_yuan:\n"
        "  - {from: 2022-01-01, to: 2022-12-31, value: 6500, source: 省文件}\n"
        "  - {from: 2021-01-01, to: 2021-12-31, value: 6100, source: 县文件}\n",
    )
    line = load(home)["monitoring_line_yuan"]
    assert [line.in_year(y).value for y in (2021, 2022)] == [6100, 6500]
    assert line.in_year(2023) is None
    assert line.at(date(2022, 6, 1)).source == "省文件"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("luck: []\n", "没有这个标准"),
        ("due_soon_days: [\n", "不是YAML格式"),
        ("- due_soon_days\n", "应是“键: 值”的清单"),
        ("due_soon_days: 5\n", "应是带日期的值的清单"),
        ("due_soon_days:\n  - 5\n", "from 应是日期"),
        ("due_soon_days:\n  - {from: 2025, value: 5, source: x}\n", "from 应是日期"),
        (
            "due_soon_days:\n  - {from: 2025-01-01, to: 今后, value: 5, source: x}\n",
            "to 应是日期",
        ),
        ("due_soon_days:\n  - {from: 2025-01-01, value: 五天, source: x}\n", "不是数"),
        ("due_soon_days:\n  - {from: 2025-01-01, value: true, source: x}\n", "不是数"),
        ("due_soon_days:\n  - {from: 2025-01-01, value: 5}\n", "没有 source"),
        (
            "due_soon_days:\n  - {from: 2025-01-01, value: 5, source: 县文件, 第三条}\n",
            "不认识 第三条",
        ),
        (
            "monitoring_line_yuan:\n  - {from: 2021-06-01, value: 5, source: x}\n",
            "时间重叠",
        ),
    ],
)
def test_a_bad_file_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    found, faults = of_home(_own(tmp_path, text))
    assert [says in str(fault) for fault in faults] == [True]
    assert faults[0].file == "county/parameters.yaml" and faults[0].line >= 1
    assert found == defaults()


def test_what_is_broken_leaves_the_rest(tmp_path: Path) -> None:
    good = "  - {from: 2022-01-01, value: 6500, source: 省文件}\n"
    found, faults = of_home(
        _own(tmp_path, f"due_soon_days: 5\nmonitoring_line_yuan:\n{good}luck: []\n")
    )
    assert [(fault.line, fault.why.partition(":")[0]) for fault in faults] == [
        (1, "due_soon_days"),
        (4, "luck"),
    ]
    assert found["monitoring_line_yuan"].in_year(2022).value == 6500
    assert found["due_soon_days"] == defaults()["due_soon_days"]


def test_a_county_may_set_a_threshold_of_its_own(tmp_path: Path) -> None:
    words = "zh: 高龄, en: Very old, unit: years"
    text = (
        f"very_old_years: {{{words}, values: [{{from: 2020-01-01, value: 80, source: 县文件}}]}}\n"
    )
    assert of_home(_own(tmp_path, text))[0]["very_old_years"].in_year(2025).value == 80
    taken = of_home(_own(tmp_path, f"member_count: {{{words}}}\n"))[1]
    assert "同名" in str(taken[0])


def test_a_home_of_before_keeps_its_file(tmp_path: Path) -> None:
    old = "due_soon_days:\n  - {from: 2020-01-01, value: 9, source: 县文件}\n"
    (tmp_path / "parameters.yaml").write_text(old, "utf-8")
    assert of_home(tmp_path)[0]["due_soon_days"].in_year(2025).value == 9
    _own(tmp_path, "{}\n")
    assert of_home(tmp_path)[0] == defaults()


def test_rows_by_year_leave_the_unknown_empty() -> None:
    rows = {row["year"]: row for row in by_year(defaults(), [2016, 2017])}
    assert rows[2016]["poverty_line_yuan"] == 2952.0
    assert rows[2017]["poverty_line_yuan"] is None
    assert set(rows[2016]) == {"year", *defaults()}


def test_a_value_holds_on_its_first_and_its_last_day() -> None:
    value = DatedValue(date(2020, 2, 1), date(2020, 11, 30), 1.0, "某文件")
    days = [date(2020, 1, 31), date(2020, 2, 1), date(2020, 11, 30), date(2020, 12, 1)]
    assert [value.holds(day) for day in days] == [False, True, True, False]
