"""Values of the tables in words: codes, flags, dates and amounts, each by its column's schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from glossary import label, offices
from store.masks import year_text
from store.schema import TABLES, Column, until
from views.context.stage import Stage

_COLUMNS: dict[str, Column] = {c.name: c for table in TABLES for c in table.columns}
# Derived columns, which no table declares, with the unit that they are in.
_DERIVED = {
    "income_change_percent": "percent",
    "previous_per_capita_yuan": "yuan",
    "major_illness_members": "people",
    "disabled_members": "people",
    "members_at_home": "people",
    "youngest_age_at_home": "years",
    "age": "years",
    "days_to_measures": "days",
    "able_percent": "percent",
    "paid_percent": "percent",
    "unpaid_yuan": "yuan",
    "income_parts_yuan": "yuan",
    "cleared_line_yuan": "yuan",
    "allotted_yuan": "yuan",
    "households_farmland_mu": "mu",
    "households_woodland_mu": "mu",
    **dict.fromkeys(
        (
            "living_members",
            "unlisted_members",
            "heads",
            "able_members",
            "can_work_members",
            "sick_members",
            "working_members",
            "ever_worked_members",
            "supported_members",
        ),
        "people",
    ),
}
_DERIVED_CODES = {
    "project_state": "project_state",
    "ledger_state": "ledger_state",
    "head_sex": "sex",
}
# A recorded problem reads as what it endangers.
_PROBLEMS = ("housing_unsafe", "water_unsafe", "out_of_school", "uninsured_member")


def unit_of(column: str) -> str | None:
    """Unit of a column of the schema or of the facts; None for text, dates and flags."""
    declared = _COLUMNS.get(column)
    return declared.unit if declared and declared.unit else _DERIVED.get(column)


def say(stage: Stage, column: str, value: Any, *, unit: bool = True) -> str:
    """A value as a person reads it; a dash where it is not known."""
    if value is None:
        return "—"
    declared = _COLUMNS.get(column)
    if column == "village_code":
        return stage.name(value)
    if column == "unit_in_charge":
        return offices(value, stage.lang)
    codes = declared.codes if declared else _DERIVED_CODES.get(column)
    if codes:
        return label(codes, value, stage.lang)
    if isinstance(value, bool):
        if column.removeprefix("cleared_") in _PROBLEMS:
            return stage.t("unsafe" if value else "safe")
        return stage.t("is_yes" if value else "is_no")
    if declared and declared.year_alone and not stage.reveal:
        return year_text(str(value))
    if isinstance(value, date):
        return _day(value, declared)
    measured = unit_of(column)
    if measured and isinstance(value, int | float):
        measure = stage.measure(measured)
        return measure.text(value) if unit else measure.number(value)
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def named(stage: Stage, column: str) -> str:
    """What a column of households is called; a change with the years of the rows, which may be
    those of the data date whatever year is chosen."""
    if column != "income_change_percent":
        return stage.t(column)
    year = stage.households().year
    return stage.t("growth_in", name=stage.t(column), year=year, before=year - 1)


def dated(stage: Stage, row: Mapping[str, Any], column: str) -> str:
    """A value of a row as a person reads it, a date by its month where no more is known of it."""
    value, last = row.get(column), row.get(until(column))
    if value is None or last is None or last == value:
        return say(stage, column, value)
    return value.strftime("%Y" if (value.month, last.month) == (1, 12) else "%Y-%m")


def _day(value: date, declared: Column | None) -> str:
    assert declared is None or declared.type == pa.date32()
    return value.isoformat()
