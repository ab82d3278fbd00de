"""户情表: the files of households on paper, each from a page of its own, to take along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from findings import of_households
from metrics.files import HouseholdFile, household_files
from papers.household_sheets import files_pdf
from state.database import kept_open
from state.tables import Finding
from views.context.stage import Stage
from views.parts import sample_words, sheet_items
from views.parts.column_words import dated, say

# Households that one file may have.
MOST = 300
_FACTS = ("village_group", "phone", "member_count", "poverty_attribute", "exit_year",
          "monitor_kind", "cause_1", "farmland_mu", "floor_area_m2")  # fmt: skip
_OF_YEAR = ("poverty_state", "per_capita_net_income_yuan")
# Columns of the tables, with the share of the page's width that each has.
_MEMBER = {"name": 2, "relation": 2, "sex": 1, "birth_date": 2, "education": 2, "school_status": 2,
           "health": 2, "labour": 2, "work_months": 2}  # fmt: skip
_LEDGER = {"group_key": 3, "reason": 3, "measure": 4, "responsible": 2, "due_on": 2,
           "ledger_state": 2}  # fmt: skip
_ITEMS = {"sheet_item": 4, "sheet_told": 6, "file_found": 4}
_PROBLEMS = {"problem_code": 2, "problem_title": 7, "due_on": 2, "state": 2}

Table = Mapping[str, Any]


def pdf(stage: Stage, numbers: Sequence[str], year: int, words: str, mark: str) -> bytes:
    """The files of households, in the order of ``numbers``; ``words`` say which they are.

    Raises papers.fonts.NoFont, StateError where open problems cannot be read, and LookupError where
    the viewer may see none of them.
    """
    files = household_files(stage.reader, numbers)
    found = [files[number] for number in numbers if number in files]
    if not found:
        raise LookupError("no households")
    with kept_open(stage.county.home.path).reading() as session:
        problems = of_households.open_of(session, stage.viewer, files)
        told = [
            _file(stage, one, year, problems.get(str(one.household["household_id"]), ()))
            for one in found
        ]
    county = stage.county.places[stage.county.code].name
    return files_pdf(
        {
            "lang": stage.lang,
            "title": f"{county} {stage.t('household_files')}",
            "mark": mark,
            "watermark": stage.viewer.name,
            "tag": stage.simulated,
            "foot": stage.t("household_files_foot", date=stage.county.data_date, words=words),
            "files": told,
        }
    )


def _file(
    stage: Stage, file: HouseholdFile, year: int, problems: Sequence[Finding]
) -> dict[str, Any]:
    own, facts = file.household, file.facts(year) or {}
    pairs = [(stage.t(name), dated(stage, own, name)) for name in _FACTS]
    pairs += [(stage.t(name), say(stage, name, facts.get(name))) for name in _OF_YEAR]
    items = sheet_items.known(stage, file, year)
    checked = [
        (
            sample_words.question(stage, item.question, item.title),
            sheet_items.told(stage, file, year, item.question),
            "",
        )
        for item in items
    ]
    tables = (
        _table(stage, "members", _MEMBER, _said(stage, _MEMBER, file.members)),
        _table(stage, "file_to_check", _ITEMS, checked),
        _table(stage, "ledger", _LEDGER, _said(stage, _LEDGER, file.ledger)),
        _table(stage, "file_problems", _PROBLEMS, [_problem(stage, one) for one in problems]),
    )
    return {
        "name": stage.t("household_of", name=say(stage, "head_name", own["head_name"])),
        "household": str(own["household_id"]),
        "place": stage.official(own["village_code"]),
        "facts": pairs,
        "tables": [table for table in tables if table["rows"]],
        "notes": stage.t("sheet_note"),
    }


def _said(
    stage: Stage, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]
) -> list[tuple[str, ...]]:
    return [tuple(dated(stage, row, column) for column in columns) for row in rows]


def _problem(stage: Stage, one: Finding) -> tuple[str, ...]:
    due = one.due.isoformat() if one.due else "—"
    return one.code, one.title, due, stage.t(f"problem_{one.state}")


def _table(
    stage: Stage, name: str, columns: Mapping[str, int], rows: Sequence[Sequence[str]]
) -> Table:
    return {
        "name": stage.t(name),
        "heads": [stage.t(column) for column in columns],
        "widths": list(columns.values()),
        "rows": rows,
    }
