"""The one schema: every table a snapshot holds, its columns, units and what is personal in it.

Loaders write these tables, rules and metrics read them, the definitions page prints them.
A column's ``mask`` says how a value shows to a viewer without the right to see it whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

Mask = Literal["name", "identity", "phone"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, whether empty is allowed, its code list and its mask."""

    name: str
    type: pa.DataType
    nullable: bool = True
    codes: str | None = None
    unit: str | None = None
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, its key, and the column that a scope is applied to.

    A table without a region column is open to every viewer if ``public`` (names of places), else
    only to one who may see the whole county.
    """

    name: str
    key: tuple[str, ...]
    region: str | None
    columns: tuple[Column, ...]
    public: bool = False

    @property
    def arrow(self) -> pa.Schema:
        return pa.schema([pa.field(c.name, c.type, c.nullable) for c in self.columns])

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")


def _text(name: str, **kw) -> Column:
    return Column(name, pa.string(), **kw)


def _count(name: str, **kw) -> Column:
    return Column(name, pa.int32(), **kw)


def _yuan(name: str, **kw) -> Column:
    return Column(name, pa.float64(), unit="yuan", **kw)


def _number(name: str, **kw) -> Column:
    return Column(name, pa.float64(), **kw)


def _flag(name: str, **kw) -> Column:
    return Column(name, pa.bool_(), **kw)


def _date(name: str, **kw) -> Column:
    return Column(name, pa.date32(), **kw)


# Where a row came from, so that a ledger can name the file and line behind a value.
_SOURCE = (_text("source_file"), _count("source_row"))
_HOUSEHOLD = (_text("household_id", nullable=False), _text("village_code", nullable=False))

TABLES: tuple[Table, ...] = (
    Table(
        "region",
        ("region_code",),
        None,
        (
            _text("region_code", nullable=False),
            _text("level", nullable=False, codes="region_level"),
            _text("name", nullable=False),
            _text("short_name", nullable=False),
            _text("parent_code"),
        ),
        public=True,
    ),
    Table(
        "household",
        ("household_id",),
        "village_code",
        (
            *_HOUSEHOLD,
            _text("village_group"),
            _text("head_name", mask="name"),
            _text("phone", mask="phone"),
            _flag("registered", nullable=False),
            _text("poverty_attribute", codes="poverty_attribute"),
            _date("identified_on"),
            _count("exit_year"),
            _text("monitor_kind", codes="monitor_kind"),
            _text("cause_1", codes="poverty_cause"),
            _text("cause_2", codes="poverty_cause"),
            _count("member_count", nullable=False, unit="people"),
            _number("farmland_mu", unit="mu"),
            _number("woodland_mu", unit="mu"),
            _number("floor_area_m2", unit="m2"),
            _text("dangerous_house", codes="dangerous_house"),
            _flag("housing_unsafe"),
            _flag("water_unsafe"),
            _flag("out_of_school"),
            _flag("uninsured_member"),
            _flag("power"),
            _text("entry_road", codes="entry_road"),
            _number("road_distance_km", unit="km"),
            _flag("sanitary_toilet"),
            _text("fuel", codes="fuel"),
            *_SOURCE,
        ),
    ),
    Table(
        "member",
        ("member_id",),
        "village_code",
        (
            _text("member_id", nullable=False),
            *_HOUSEHOLD,
            _text("name", mask="name"),
            _text("identity_number", mask="identity"),
            _text("sex", codes="sex"),
            _date("birth_date"),
            _text("relation", codes="relation"),
            _text("ethnicity"),
            _text("education", codes="education"),
            _text("school_status", codes="school_status"),
            _text("health", codes="health"),
            _text("labour", codes="labour"),
            _number("work_months", unit="months"),
            _flag("major_illness_insured"),
            _text("phone", mask="phone"),
            *_SOURCE,
        ),
    ),
    Table(
        "household_year",
        ("household_id", "year"),
        "village_code",
        (
            *_HOUSEHOLD,
            _count("year", nullable=False),
            _count("member_count", nullable=False, unit="people"),
            _text("poverty_state", codes="poverty_state"),
            _yuan("wage_yuan"),
            _yuan("business_yuan"),
            _yuan("property_yuan"),
            _yuan("transfer_yuan"),
            _yuan("expense_yuan"),
            _yuan("net_income_yuan"),
            _yuan("per_capita_net_income_yuan"),
            _yuan("own_payment_yuan"),
            *_SOURCE,
        ),
    ),
    Table(
        "monitored_household",
        ("household_id",),
        "village_code",
        (
            *_HOUSEHOLD,
            _text("monitor_kind", nullable=False, codes="monitor_kind"),
            _text("risk_1", codes="monitor_risk"),
            _text("risk_2", codes="monitor_risk"),
            _text("risk_3", codes="monitor_risk"),
            _text("risk_4", codes="monitor_risk"),
            _text("risk_5", codes="monitor_risk"),
            _date("identified_on"),
            _flag("cleared", nullable=False),
            _date("cleared_on"),
            _text("clear_method", codes="clear_method"),
            _yuan("own_payment_yuan"),
            _flag("no_labour_safety_net"),
            *_SOURCE,
        ),
    ),
    Table(
        "measure",
        ("household_id", "kind"),
        "village_code",
        (
            *_HOUSEHOLD,
            _text("kind", nullable=False, codes="measure_kind"),
            _text("detail"),
            *_SOURCE,
        ),
    ),
    Table(
        "ledger_entry",
        ("entry_id",),
        "village_code",
        (
            _text("entry_id", nullable=False),
            *_HOUSEHOLD,
            _text("group_key", nullable=False, codes="risk_group"),
            _text("reason"),
            _text("measure"),
            _text("responsible", mask="name"),
            _date("opened_on"),
            _date("due_on"),
            _date("closed_on"),
            _text("closed_how"),
            *_SOURCE,
        ),
    ),
    Table(
        "relocation",
        ("household_id",),
        "village_code",
        (
            *_HOUSEHOLD,
            _text("site_id"),
            _text("approach", codes="resettlement"),
            _count("people", unit="people"),
            _date("moved_in_on"),
            _number("months_in_new_home", unit="months"),
            _flag("old_house_demolished"),
            _text("follow_up"),
            *_SOURCE,
        ),
    ),
    Table(
        "settlement_site",
        ("site_id",),
        "village_code",
        (
            _text("site_id", nullable=False),
            _text("village_code", nullable=False),
            _text("name", nullable=False),
            _number("longitude", unit="degree"),
            _number("latitude", unit="degree"),
            _flag("large"),
            _count("planned_households", unit="households"),
            *_SOURCE,
        ),
    ),
    Table(
        "village_year",
        ("village_code", "year"),
        "village_code",
        (
            _text("village_code", nullable=False),
            _count("year", nullable=False),
            _count("population", nullable=False, unit="people"),
            _count("households", unit="households"),
            _yuan("collective_income_yuan"),
            _flag("water_ok"),
            _flag("road_hard"),
            _flag("power_ok"),
            _flag("service_desk"),
            *_SOURCE,
        ),
    ),
    Table(
        "project",
        ("project_id",),
        "village_code",
        (
            _text("project_id", nullable=False),
            _text("village_code", nullable=False),
            _text("name", nullable=False),
            _text("category", codes="project_category"),
            _count("year"),
            _text("content"),
            _text("unit_in_charge"),
            _yuan("planned_yuan"),
            _yuan("central_yuan"),
            _yuan("province_yuan"),
            _yuan("city_yuan"),
            _yuan("county_yuan"),
            _yuan("other_yuan"),
            _yuan("paid_yuan"),
            _text("state", codes="project_state"),
            _date("started_on"),
            _date("accepted_on"),
            _count("beneficiary_households", unit="households"),
            _count("beneficiary_people", unit="people"),
            *_SOURCE,
        ),
    ),
    Table(
        "fund_item",
        ("notice", "sequence"),
        "region_code",
        (
            # A notice of another county has the empty region, which no viewer's scope contains
            # except the one that contains everything.
            _text("region_code", nullable=False),
            _text("notice", nullable=False),
            _count("sequence", nullable=False),
            _text("place"),
            _text("project"),
            _text("content"),
            _yuan("amount_yuan"),
            _text("note"),
            *_SOURCE,
        ),
    ),
    Table(
        "quarantine",
        (),
        None,
        (
            # Rows that could not be taken, by file and line; values stand here masked already.
            _text("file", nullable=False),
            _text("sheet"),
            _count("row"),
            _text("column"),
            _text("reason", nullable=False),
            _text("value"),
        ),
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
