"""Dates as counties type them: what means one day is read, what says less is told, else refused."""

from __future__ import annotations

import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cells import dates
from loaders.cells.converters import converter
from store import schema

DAY = datetime.date
ZONES = st.integers(-14, 14)


@pytest.mark.parametrize(
    ("cell", "day", "note"),
    [
        ("2019年10月份", DAY(2019, 10, 1), None),
        ("2019,10", DAY(2019, 10, 1), None),
        ("2019,10,25", DAY(2019, 10, 25), None),
        ("2019年10月25号", DAY(2019, 10, 25), None),
        ("19年10月", DAY(2019, 10, 1), "short_year"),
        ("19年10月25日", DAY(2019, 10, 25), "short_year"),
        ("98年5月", DAY(1998, 5, 1), "short_year"),
        ("10/25/2019", DAY(2019, 10, 25), None),
        ("25/10/2019", DAY(2019, 10, 25), None),
        ("10/10/2019", DAY(2019, 10, 10), None),
        ("10/25/2019 0:00:00", DAY(2019, 10, 25), None),
        ("2019", DAY(2019, 1, 1), "year_only"),
        ("2019年", DAY(2019, 1, 1), "year_only"),
        ("2019年度", DAY(2019, 1, 1), "year_only"),
        ("2019年初", DAY(2019, 1, 1), "year_only"),
        ("2019年底", DAY(2019, 12, 31), "year_only"),
        ("2019底", DAY(2019, 12, 31), "year_only"),
        ("二〇一九年", DAY(2019, 1, 1), "year_only"),
        ("2019年2月底", DAY(2019, 2, 28), "month_only"),
        ("2020.2末", DAY(2020, 2, 29), "month_only"),
        ("2019年10月上旬", DAY(2019, 10, 1), "month_only"),
        ("2019年10月中旬", DAY(2019, 10, 11), "month_only"),
        ("2019年10月下旬", DAY(2019, 10, 31), "month_only"),
        ("2018-12-31T16:00:00.000Z", DAY(2019, 1, 1), "world_time"),
        ("2018-12-31T16:00:00+00:00", DAY(2019, 1, 1), "world_time"),
        ("2018-12-31 16:00:00Z", DAY(2019, 1, 1), "world_time"),
        ("2018-12-31T15:59:59Z", DAY(2018, 12, 31), "world_time"),
        ("2019-01-01T00:00:00+08:00", DAY(2019, 1, 1), None),
        ("2019-01-01T00:00:00+0800", DAY(2019, 1, 1), None),
        ("2018-12-31T16:00:00", DAY(2018, 12, 31), None),
    ],
)
def test_what_has_one_meaning_is_read_with_its_precision(
    cell: str, day: DAY, note: str | None
) -> None:
    assert dates.date(cell) == (day, note)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("10/1/2019", "ambiguous_day"),
        ("2019.1", "ambiguous_month"),
        ("2019,1", "ambiguous_month"),
        ("13/13/2019", "no_such_day"),
        ("2019年13月底", "no_such_day"),
        ("3019年", "unreadable"),
        ("2018-12-31T25:00:00Z", "no_such_day"),
        ("2100-12-31T23:00:00Z", "no_such_day"),
        ("2019年上半年", "unreadable"),
        ("2019年秋", "unreadable"),
        ("19-10", "unreadable"),
    ],
)
def test_what_has_none_or_several_is_told(cell: str, reason: str) -> None:
    assert dates.date(cell) == (None, reason)


@given(st.datetimes(datetime.datetime(1950, 1, 1), datetime.datetime(2090, 1, 1)), ZONES)  # noqa: DTZ001
def test_a_moment_of_any_zone_is_the_day_that_it_is_in_china(
    moment: datetime.datetime, ahead: int
) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=ahead))
    there = moment.replace(tzinfo=zone)
    here = there.astimezone(datetime.timezone(dates.HERE)).date()
    found, note = dates.date(there.isoformat(timespec="milliseconds"))
    assert (found, note) == (here, None if ahead == 8 else "world_time")


@pytest.mark.parametrize("cell", ["2019年底", "2019年", "19年10月", "2019年10月底"])
def test_a_year_alone_loses_nothing_in_a_column_of_years(cell: str) -> None:
    found, note = dates.year(cell)
    assert found == 2019 and note in (None, "short_year")


def test_a_birth_with_two_digits_may_be_of_either_century() -> None:
    column = schema.BY_NAME["member"].column("birth_date")
    done = converter(column)(pa.array(["19年10月", "1950年3月"]))
    assert done.values.to_pylist() == [None, DAY(1950, 3, 1)]
    assert [reason for reason, _ in done.notes] == ["unreadable"]


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("202503", "2025-03-01", "2025-03-31"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2024年2月", "2024-02-01", "2024-02-29"),
        ("二〇二四年十二月", "2024-12-01", "2024-12-31"),
        ("25年6月", "2025-06-01", "2025-06-30"),
        ("2025年", "2025-01-01", "2025-12-31"),
        ("2025年底", "2025-12-31", "2025-12-31"),
        ("2025年3月下旬", "2025-03-31", "2025-03-31"),
        ("20250301", "2025-03-01", "2025-03-01"),
        ("2025-03-01", "2025-03-01", "2025-03-01"),
        ("45717", "2025-03-01", "2025-03-01"),
    ],
)
def test_a_month_alone_may_be_any_of_its_days(cell: str, first: str, last: str) -> None:
    day, _ = dates.date(cell)
    assert day is not None and day.isoformat() == first
    assert dates.last_day(cell, day).isoformat() == last
