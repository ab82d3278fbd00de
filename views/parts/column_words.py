"""Values of the tables in words: codes, flags, dates and amounts, each by its column's schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from glossary import Lang, label, offices, term
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
    **dict.fromkeys(
        (
            "left_yuan",
            "household_yuan",
            "listed_yuan",
            "list_difference_yuan",
            "source_yuan",
            "fund_allotted_yuan",
            "township_book_yuan",
            "village_book_yuan",
        ),
        "yuan",
    ),
    **dict.fromkeys(("months_since_allotted", "months_since_paid"), "months"),
    **dict.fromkeys(("days_to_notice", "days_since_allotted", "notice_days"), "days"),
    **dict.fromkeys(
        (
            "form_income_yuan",
            "sources_yuan",
            "own_income_yuan",
            "surplus_yuan",
            "lines_yuan",
            "one_off_own_yuan",
            "repeated_yuan",
            "collective_dividend_yuan",
            "form_gap_yuan",
            "sources_gap_yuan",
            "lines_gap_yuan",
            "dividend_gap_yuan",
            "largest_source_yuan",
            "largest_payer_yuan",
            "paid_lines_yuan",
            "due_yield_yuan",
            "short_yield_yuan",
            "entrust_booked_yuan",
            "booked_gap_yuan",
        ),
        "yuan",
    ),
    **dict.fromkeys(
        (
            "own_share_percent",
            "largest_source_percent",
            "largest_payer_percent",
            "agreed_yield_percent",
        ),
        "percent",
    ),
    "months_in_force": "months",
    "repeated_lines": "entries",
    "days_to_answer": "days",
    **dict.fromkeys(("days_since_listed", "days_to_posting", "days_after_posting"), "days"),
    **dict.fromkeys(("entries_due", "entries_posted", "entries_missing"), "entries"),
    "list_days_since_death": "days",
    **dict.fromkeys(
        ("list_own_yuan", "list_car_yuan", "list_capital_yuan", "list_pay_yuan"), "yuan"
    ),
    "list_stays": "stays",
    "list_cars": "cars",
    "list_companies": "companies",
    "list_homes": "dwellings",
    "households_farmland_mu": "mu",
    "households_woodland_mu": "mu",
    "stays_at_two_places": "stays",
    "visits_in_a_day": "visits",
    "days_entered_at_once": "days",
    "calendar_months_since_move": "months",
    "brick_m2_a_person": "m2",
    **dict.fromkeys(("grain_mu_a_person", "trees_mu_a_person"), "mu"),
    "pv_kw_a_person": "kw",
    "people_in_home": "people",
    **dict.fromkeys(
        ("due_yuan", "came_yuan", "waiting_yuan", "all_came_yuan", "home_month_yuan", "roll_yuan"),
        "yuan",
    ),
    **dict.fromkeys(
        ("payments_due", "payments_missed", "payments_short", "payments_untold"), "payments"
    ),
    **dict.fromkeys(
        (
            "months_due",
            "longest_missed",
            "waiting_months",
            "months_paid_twice",
            "months_paid_dead",
            "months_paid_ended",
            "months_paid_off_roll",
            "months_off_sheet",
            "months_due_differs",
            "months_paid_undated",
        ),
        "months",
    ),
    "most_days_late": "days",
    "months_paid_vacant": "months",
    "longest_work_months": "months",
    **dict.fromkeys(
        (
            "vacant_days",
            "days_unpaid",
            "post_notice_days",
            "days_since_work",
            "days_since_training",
        ),
        "days",
    ),
    "holder_age": "years",
    "other_posts": "posts",
    "jobs_held_percent": "percent",
    **dict.fromkeys(("workers", "workers_at_work", "jobs_held", "village_leaders"), "people"),
    "led_households": "households",
    **dict.fromkeys(
        ("work_percent", "work_paid_percent", "before_percent", "yield_percent", "promise_percent"),
        "percent",
    ),
    **dict.fromkeys(
        (
            "payment_yuan",
            "paid_since_yuan",
            "dividend_due_yuan",
            "short_yuan",
            "work_yuan",
            "raised_yuan",
        ),
        "yuan",
    ),
    **dict.fromkeys(("moved_points", "payment_gap_points"), "points"),
    **dict.fromkeys(
        (
            "days_late",
            "still_days",
            "days_since_sheet",
            "days_since_built",
            "days_since_contract",
            "days_since_patrol",
        ),
        "days",
    ),
    **dict.fromkeys(("months", "still_months", "months_since_accepted"), "months"),
    "points_left": "score",
    "work_contracts": "projects",
    "listed_households": "households",
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
    "step": "project_step",
    "next_step": "project_step",
    "ledger_state": "ledger_state",
    "head_sex": "sex",
    "list_roll_state": "roll_state",
    "largest_source": "collective_source",
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
        return flag(column, value, stage.lang)
    if declared and declared.year_alone and not stage.reveal:
        return year_text(str(value))
    if isinstance(value, date):
        return _day(value, declared)
    measured = unit_of(column)
    if measured and isinstance(value, int | float | Decimal):
        measure = stage.measure(measured)
        return measure.text(value) if unit else measure.number(value)
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def flag(column: str, value: bool, lang: Lang) -> str:
    """Whether something is so; of a problem, whether there is one."""
    if column.removeprefix("cleared_") in _PROBLEMS:
        return term("unsafe" if value else "safe", lang)
    return term("is_yes" if value else "is_no", lang)


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
