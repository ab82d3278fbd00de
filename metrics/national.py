"""Published series and dates that stand beside the county's own figures."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_SERIES = Path(__file__).parents[1] / "data" / "reference" / "series"


@cache
def national_series(column: str) -> dict[int, float]:
    """A column of the national series by year; years without a published value are left out.

    Raises KeyError for a column the file does not have.
    """
    rows = _rows("national_rural_poverty.csv")
    return {int(row["year"]): float(row[column]) for row in rows if row[column].strip()}


@cache
def delisted_in(county_code: str) -> int | None:
    """The year that a county left the list of poor counties; None where no source says it."""
    dates = {row["county"]: row["delisted_on"] for row in _rows("county_delisting.csv")}
    return int(dates[county_code][:4]) if county_code in dates else None


def _rows(name: str) -> list[dict[str, str]]:
    with (_SERIES / name).open(encoding="utf8", newline="") as handle:
        return list(csv.DictReader(handle))
