"""What the columns of the fact relations are: their unit, or the code list of their values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from store.schema import TABLES

# Facts that are made here and whose name does not say what they are.
_UNITS = {
    "age": "years",
    "youngest_age_at_home": "years",
    "members_at_home": "people",
    "population": "people",
    "disability_grade": "grade",
    "uninspected_items": "items",
    "months_in_new_home": "months",
    **dict.fromkeys(
        (
            "lacks_food",
            "lacks_clothing",
            "lacks_schooling",
            "lacks_medical",
            "lacks_housing",
            "lacks_water",
        ),
        "items",
    ),
}
_CODES = {
    "previous_state": "poverty_state",
    "labour_subclass": "labour_class",
    "stage": "case_stage",
    **{
        f"inspected_{item}": "inspection_result"
        for item in ("income", "basic_living", "schooling", "medical", "housing", "water")
    },
}
CALENDAR_YEAR = "calendar_year"
_SUFFIXES = {"members": "people", "year": CALENDAR_YEAR}
_MEASURES = ("yuan", "percent", "people", "days", "months", "households", CALENDAR_YEAR)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact's key (also that of its term), its unit if it is a number, its code list if a code."""

    key: str
    unit: str | None = None
    codes: str | None = None


@cache
def fact(key: str) -> Fact:
    """A column of a fact relation by name: as the schema declares it, or as its name says."""
    if key in _UNITS or key in _CODES:
        return Fact(key, _UNITS.get(key), _CODES.get(key))
    for table in TABLES:
        for column in table.columns:
            if column.name == key and (column.unit or column.codes):
                return Fact(key, column.unit, column.codes)
    last = key.rpartition("_")[2]
    unit = _SUFFIXES.get(last, last)
    return Fact(key, unit if unit in _MEASURES else None)
