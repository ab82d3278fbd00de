"""The lists of the projects page: projects, what moved since the last sheet, assets, facilities,
points shops. Every line says which file and row it came from."""

from __future__ import annotations

from functools import partial
from typing import Any

from glossary import codes, label
from metrics import assets, project_library, upkeep
from metrics.assets import Assets
from metrics.project_library import LATE, LATE_AT, REST_AT, STEPS, UNFINISHED, Moved, Projects
from metrics.upkeep import RAISED, SOURCES, Facilities, Raised, Shops
from views.context.stage import Stage
from views.parts import paged_list
from views.parts.column_words import dated, unit_of
from views.sections.projects import opening

Column = paged_list.Column
_PROJECTS = ("project", "village_code", "category", "year", "step", "next_step", "next_due_on",
             "days_late", "work_percent", "paid_percent", "planned_yuan",
             "payment_yuan")  # fmt: skip
_MOVED = ("project", "village_code", "before_percent", "progress_percent", "moved_points",
          "invested_yuan", "paid_yuan", "paid_since_yuan", "progress_note",
          "difficulty")  # fmt: skip
_ASSETS = ("asset", "village_code", "asset_kind", "asset_state", "owner", "custodian",
           "contract_until", "value_yuan", "agreed_yield_yuan", "yield_year", "yield_yuan",
           "yield_percent", "dividend_yuan", "dividend_due_yuan")  # fmt: skip
_FACILITIES = ("facility_id", "facility", "village_code", "facility_kind", "upkeep_route", "owner",
               "caretaker", "facility_state", "patrolled_on", "upkeep_yuan")  # fmt: skip
_RAISED = ("year", "village_code", *SOURCES, "raised_yuan")
_SHOPS = ("village_code", "months", "points_earned", "points_redeemed", "points_left",
          "last_redeemed_on", "goods_yuan")  # fmt: skip
_WIDE = ("project", "asset", "facility", "owner", "custodian")
_STATES = {UNFINISHED: "unfinished", LATE: "late", RAISED: "raised_yuan"}


def projects(stage: Stage) -> None:
    """The projects in the state asked for, those overdue longest first."""
    state = _state(stage, project_library.STATES)
    found = Projects(stage.view.region, state)
    count = found.count(stage.reader)
    title = stage.t("projects_listed", count=f"{count:,}")
    _show(stage, title, state, count, found.rows, _PROJECTS)


def moved(stage: Stage, found: Moved) -> None:
    """The projects of the newest sheet, what has not moved first."""
    title = stage.t("moved_listed", date=found.sheets.newest)
    _show(stage, title, None, found.count(stage.reader), found.rows, _MOVED)


def of_assets(stage: Stage) -> None:
    """The assets asked for, the lowest share of the agreed yield first."""
    state = _state(stage, assets.STATES)
    found = Assets(stage.view.region, state)
    count = found.count(stage.reader)
    _show(stage, stage.t("assets_listed", count=f"{count:,}"), state, count, found.rows, _ASSETS)


def facilities(stage: Stage) -> None:
    """The facilities asked for, what is broken first; or what was raised for them by village."""
    if stage.view.state == RAISED:
        raised = Raised(stage.view.region)
        count = raised.count(stage.reader)
        title = stage.t("raised_listed", count=f"{count:,}")
        return _show(stage, title, RAISED, count, raised.rows, _RAISED)
    state = _state(stage, upkeep.FACILITY_STATES)
    found = Facilities(stage.view.region, state)
    count = found.count(stage.reader)
    title = stage.t("facilities_listed", count=f"{count:,}")
    return _show(stage, title, state, count, found.rows, _FACILITIES, whole=True)


def shops(stage: Stage) -> None:
    """The points shops asked for, the longest still first."""
    state = _state(stage, upkeep.SHOP_STATES)
    found = Shops(stage.view.region, state)
    count = found.count(stage.reader)
    _show(stage, stage.t("shops_listed", count=f"{count:,}"), state, count, found.rows, _SHOPS)


def _state(stage: Stage, known: tuple[str, ...]) -> str | None:
    """The state that the address narrows this list by; one of another part's list does not."""
    return stage.view.state if stage.view.state in known else None


def _show(
    stage: Stage,
    title: str,
    state: str | None,
    count: int,
    rows: Any,
    columns: tuple[str, ...],
    *,
    whole: bool = False,
) -> None:
    said = opening.words(stage, state_name(stage, state))
    asked = paged_list.Wanted(
        title,
        said,
        count,
        lambda reader, *part: rows(reader, *part),
        whole=whole,
    )
    paged_list.show(stage, asked, [*(_column(stage, name) for name in columns), source(stage)])


def state_name(stage: Stage, state: str | None) -> str:
    """What a list is narrowed by, in words; nothing without a state."""
    if state is None:
        return ""
    if state in STEPS:
        return label("project_step", state, stage.lang)
    for kind, states in (("late_at", LATE_AT), ("rest_at", REST_AT)):
        if state in states:
            return stage.t(kind, step=label("project_step", states[state], stage.lang))
    if state in codes()["upkeep_route"]:
        return label("upkeep_route", state, stage.lang)
    if state in stage.county.checks:
        return stage.named(stage.county.checks[state])
    return stage.t(_STATES[state])


def source(stage: Stage) -> Column:
    """The file and the row that a line came from."""

    def says(row: paged_list.Row) -> str:
        if row.get("source_row") is None:
            return row["source_file"] or ""
        return stage.t("from_file", file=row["source_file"], row=row["source_row"])

    return Column("source_file", says, cls="said muted", width=36)


# A list's column that is named otherwise than the field that it shows.
_FIELDS = {"asset": "name", "facility": "name"}


def _column(stage: Stage, name: str) -> Column:
    field = _FIELDS.get(name, name)
    numeric = name == "year" or unit_of(name) is not None

    def says(row: paged_list.Row) -> Any:
        value = row[field]
        if value is None:
            return None
        if name == "year":
            return str(value)
        return rounded(value) if numeric else dated(stage, row, field)

    opens = {
        "village_code": partial(_village, stage),
        "project": partial(_project, stage),
        "asset": partial(_source_project, stage),
    }.get(name)
    cls, width = ("said", 30) if name in _WIDE else ("firm", 13)
    unit = unit_of(name)
    named = stage.headed(stage.t(name), stage.t(f"unit_{unit}")) if unit else ""
    return Column(name, says, opens, numeric and name != "year", cls, width, named)


def rounded(value: float) -> float:
    """As it is shown: one place of a rate, whole yuan."""
    return round(value, 1)


def _village(stage: Stage, row: paged_list.Row) -> str:
    return stage.href("village", region=row["village_code"])


def _project(stage: Stage, row: paged_list.Row) -> str:
    return stage.href("projects", project=row["project_id"])


def _source_project(stage: Stage, row: paged_list.Row) -> str:
    return stage.href("projects", project=row["project_id"]) if row["project_id"] else ""
