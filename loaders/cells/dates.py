"""The text of one cell to a day or a year: every spelling that means one day, month or year.

As in ``values``, a note beside no value says why there is none; beside a value, how it was mended.
"""

from __future__ import annotations

import calendar
import datetime
import re

from loaders.cells.spellings import EMPTY
from loaders.cells.values import checked, compact, day_of, whole

DAY_ZERO = datetime.date(1899, 12, 30)  # of a workbook's day numbers
DAY_ZERO_1904 = datetime.date(1904, 1, 1)
HERE = datetime.timedelta(hours=8)  # what China's clocks are ahead of world time
PIVOT = 50  # a year of two digits below it is of this century, others of the last

_Found = tuple[datetime.date | None, str | None]

_TIME = r"T?(\d\d):(\d\d)(?::(\d\d))?(?:[.,]\d+)?(Z|UTC|GMT|[+-]\d\d:?\d\d)?.*"
_DATE = re.compile(
    r"(\d{4})(?:[-./,年](\d{1,2})(?:[-./,月](\d{1,2})[日号]?|月份?)?|(\d{2})(\d{2})?)"
    rf"(?P<time>{_TIME})?",
    re.ASCII,
)
_SHORT = re.compile(r"(\d{2})年(\d{1,2})(?:月(\d{1,2})[日号]|月份?)", re.ASCII)
_YEAR_ALONE = re.compile(r"(\d{4})(?:年度?)?(初|底|末|年初|年底|年末)?", re.ASCII)
_PART_OF_MONTH = re.compile(r"(\d{4})[-./年](\d{1,2})月?份?(初|底|末|上旬|中旬|下旬)", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})(?:T?\d\d?:\d\d.*)?", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:年度?|\.\d{1,2})?", re.ASCII)
_SERIAL = re.compile(r"([2-6]\d{4})(?:\.\d+)?", re.ASCII)
_AMBIGUOUS = re.compile(r"\d{4}[.,]1", re.ASCII)
_HAN_YEAR = re.compile("[〇零○一二三四五六七八九]{4}年")
_HAN_NUMBER = re.compile("[〇零○一二三四五六七八九十廿]+")
_HAN = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
_AT_END = ("底", "末", "下旬")


def date(
    cell: str, day_zero: datetime.date = DAY_ZERO, *, short_years: bool = True
) -> tuple[datetime.date | None, str | None]:
    """A day from 1900 to 2100; of a month alone its first, of a year alone the first too.

    A year alone is year_only, a part of a month month_only; of their end it is the last day.
    Numbers alone count the days from ``day_zero``. 2019.1 is ambiguous_month: a spreadsheet makes
    it of October as well as of January. A time of another zone is told in China's: world_time.
    Years of two digits are read only with ``short_years``.
    """
    value = whole(compact(cell))
    if value.upper() in EMPTY:
        return None, None
    if match := _SERIAL.fullmatch(value):  # the day number of a date cell without its format
        return day_zero + datetime.timedelta(int(match[1])), "serial_date"
    if _AMBIGUOUS.fullmatch(value):
        return None, "ambiguous_month"
    found, note = _read(_in_digits(value), short_years=short_years)
    if found is None:
        return None, note
    result, stray = checked(cell, found)
    return result, (note if result else None) or stray


def last_day(cell: str, first: datetime.date) -> datetime.date:
    """The last day that a cell may mean which ``date`` read as ``first``: of a month alone its end,
    of a year alone the year's, else the day itself."""
    value = _in_digits(whole(compact(cell)))
    if match := _YEAR_ALONE.fullmatch(value):
        return first if match[2] else first.replace(month=12, day=31)
    by_month = _PART_OF_MONTH.fullmatch(value)
    if (match := _DATE.fullmatch(value)) or (match := _SHORT.fullmatch(value)):
        by_month = None if match[3] or (match.re is _DATE and match[5]) else match
    return _month_end(first) if by_month else first


def _month_end(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def year(cell: str) -> tuple[int | None, str | None]:
    """A year, written alone or as part of a date."""
    if match := _YEAR.fullmatch(compact(cell)):
        value = int(match[1])
        return (value, None) if 1900 <= value <= 2100 else (None, "unreadable")
    found, note = date(cell)
    if note in ("year_only", "month_only"):  # a year loses nothing by it
        note = None
    return (found.year if found else None), note


def _in_digits(value: str) -> str:
    """A date in Chinese numerals with digits."""
    if not _HAN_YEAR.match(value):
        return value
    value = _HAN_YEAR.sub(lambda m: "".join(str(_HAN.get(c, c)) for c in m[0]), value)
    return _HAN_NUMBER.sub(lambda m: str(_han_number(m[0])), value)


def _read(value: str, *, short_years: bool) -> _Found:
    if match := _YEAR_ALONE.fullmatch(value):
        return _end_or_begin(match[1], None, match[2] or "", "year_only")
    if match := _PART_OF_MONTH.fullmatch(value):
        return _end_or_begin(match[1], match[2], match[3], "month_only")
    if match := _DATE.fullmatch(value):
        return _whole(match)
    if match := _DAY_FIRST.fullmatch(value):
        return _day_first(*map(int, match.groups()))
    if short_years and (match := _SHORT.fullmatch(value)):
        century = "20" if int(match[1]) < PIVOT else "19"
        return _known(day_of(century + match[1], match[2], match[3] or "1"), "short_year")
    return None, "unreadable"


def _known(found: datetime.date | None, note: str | None) -> _Found:
    return (found, note) if found else (None, "no_such_day")


def _whole(match: re.Match[str]) -> _Found:
    """A date with its day or month, and perhaps a time of another zone."""
    year, month, day, month2, day2 = match.groups()[:5]
    found = day_of(year, month or month2, day or day2 or "1")
    hour, minute, second, zone = match.groups()[6:10]
    if found is None or not zone or not (day or day2):
        return _known(found, None)
    ahead = _ahead(zone)
    if ahead == HERE or ahead is None:
        return found, None
    try:
        at = datetime.time(int(hour), int(minute), int(second or 0))
        moved = datetime.datetime.combine(found, at) - ahead + HERE
    except (ValueError, OverflowError):
        return None, "no_such_day"
    return _known(day_of(*map(str, moved.timetuple()[:3])), "world_time")


def _ahead(zone: str) -> datetime.timedelta | None:
    """What a zone's clocks are ahead of world time; None for more than there is."""
    if zone[0] not in "+-":
        return datetime.timedelta()
    digits = zone[1:].replace(":", "")
    ahead = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return None if ahead > datetime.timedelta(hours=14) else ahead * (-1 if zone[0] == "-" else 1)


def _end_or_begin(year: str, month: str | None, part: str, note: str) -> _Found:
    """The last day of what ends, the first of what does not; 中旬 is the 11th."""
    ends = part.endswith(_AT_END)
    first = day_of(year, month or ("12" if ends else "1"), "11" if part == "中旬" else "1")
    if first is None or not ends:
        return (first, note) if first else (None, "unreadable" if month is None else "no_such_day")
    return _month_end(first), note


def _day_first(one: int, other: int, year: int) -> _Found:
    """10/25/2019 and 25/10/2019 are one day; 10/1/2019 may be two."""
    ways = {day_of(str(year), str(m), str(d)) for m, d in ((one, other), (other, one))} - {None}
    if len(ways) > 1:
        return None, "ambiguous_day"
    return _known(next(iter(ways), None), None)


def _han_number(word: str) -> int:
    """A day or month in Chinese numerals: 十, 十二, 二十一, 廿一, 三〇."""
    tens, ten, ones = word.replace("廿", "二十").partition("十")
    if not ten:
        return int("".join(str(_HAN[c]) for c in tens))
    return 10 * (_HAN.get(tens, 1) if len(tens) < 2 else 99) + (_HAN.get(ones, 0) if ones else 0)
