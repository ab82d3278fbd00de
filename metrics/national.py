"""The nation's published series, for comparison with the county's."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parents[1] / "data" / "reference" / "series" / "national_rural_poverty.csv"


@cache
def national_series(column: str) -> dict[int, float]:
    """A column of the national series by year; years without a published value are left out.

    Raises KeyError for a column the file does not have.
    """
    with _FILE.open(encoding="utf8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {int(row["year"]): float(row[column]) for row in rows if row[column].strip()}
