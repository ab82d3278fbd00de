"""Findings as sheets of text and back: what the office's workbook holds, every column, no loss.

Four sheets: problems, measures with a row a unit, steps, evidence. Which step a measure or a piece
of evidence came with is its number. A workbook without steps opens its problems as they stand, and
assigns those that have measures. Of a file the workbook holds name, size and hash, not the content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from findings import texts
from findings.evidence import Evidence
from findings.machine import STATES, STEPS
from findings.writing import Measure, Problem, as_problem
from state.tables import Finding
from store.harmless import BEGINS

SheetKey = Literal["problems", "measures", "steps", "evidence"]
# Each sheet's columns; those of ``TOLD`` say in words what others hold, and are not read.
COLUMNS: dict[SheetKey, tuple[str, ...]] = {
    "problems": (
        "code", "state", "title", "source", "kind", "kind_name", "subject_kind", "subject_id",
        "household_id", "region_code", "place", "responsible", "due_on",
    ),
    "measures": ("code", "step_number", "measure_number", "measure", "unit"),
    "steps": ("code", "step_number", "step", "by", "at", "note", "entered_by"),
    "evidence": ("code", "step_number", "piece_number", "evidence", "file_name", "media_type",
                 "size", "sha256"),
}  # fmt: skip
TOLD = ("kind_name", "place", "entered_by")
# Without these a sheet is none of ours.
NEEDED: dict[SheetKey, tuple[str, ...]] = {
    "problems": ("code", "title", "region_code"),
    "measures": ("code", "measure", "unit"),
    "steps": ("code", "step", "by"),
    "evidence": ("code", "evidence"),
}
# Columns whose codes stand as words.
CODED: dict[str, tuple[str, ...]] = {
    "state": STATES,
    "source": texts.SOURCES,
    "subject_kind": texts.SUBJECT_KINDS,
    "step": tuple(STEPS),
}
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """A step as a workbook tells it."""

    step: str
    by: str
    at: datetime
    note: str = ""
    measures: tuple[Measure, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A problem as a workbook tells it; ``row`` is where. Of no steps, ``measures`` are to assign.

    ``state`` is what the workbook says, which its steps must lead to.
    """

    problem: Problem
    state: str | None
    steps: tuple[Told, ...]
    measures: tuple[Measure, ...] = ()
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """What of a workbook cannot be used: sheet, row as a spreadsheet numbers it, why."""

    sheet: SheetKey
    row: int
    error: Exception


class Unfit(ValueError):
    """A workbook that is not loaded, and why."""

    def __init__(self, faults: Sequence[Fault]):
        super().__init__(len(faults))
        self.faults = tuple(faults)


def guarded(text: str) -> str:
    """A kept text that no spreadsheet takes for a formula, its line breaks as ``texts.BREAK``.

    ``unguarded`` makes it again.
    """
    text = text.replace("\n", texts.BREAK)
    return f"'{text}" if text.lstrip("'").startswith(BEGINS) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given."""
    text = text.replace(texts.BREAK, "\n")
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(BEGINS) else text


def rows_of(
    findings: Iterable[Finding], told: Callable[[str, Finding], str] = lambda column, finding: ""
) -> dict[SheetKey, list[dict[str, str]]]:
    """All rows of findings, by sheet; ``told`` says the columns of words."""
    found: dict[SheetKey, list[dict[str, str]]] = {key: [] for key in COLUMNS}
    for finding in findings:
        found["problems"].append(_problem_row(finding, told))
        for step in finding.steps:
            key = {"code": finding.code, "step_number": str(step.place)}
            found["steps"].append(
                {**key, "step": step.step, "by": step.by, "at": step.at.isoformat(),
                 "note": step.note, "entered_by": step.entered_by or ""}
            )  # fmt: skip
            found["measures"] += [
                {**key, "measure_number": str(measure.measure), "measure": measure.text,
                 "unit": each.unit}
                for measure in step.measures
                for each in measure.units
            ]  # fmt: skip
            found["evidence"] += [
                {**key, "piece_number": str(piece.piece), "evidence": piece.text,
                 "file_name": piece.file_name, "media_type": piece.media_type,
                 "size": str(piece.size), "sha256": piece.sha256}
                for piece in step.evidence
            ]  # fmt: skip
    return found


def _problem_row(finding: Finding, told: Callable[[str, Finding], str]) -> dict[str, str]:
    return {
        "code": finding.code,
        "state": finding.state,
        "title": finding.title,
        "source": finding.source,
        "kind": finding.kind,
        "kind_name": told("kind_name", finding),
        "subject_kind": finding.subject_kind,
        "subject_id": finding.subject_id,
        "household_id": finding.household_id or "",
        "region_code": finding.region_code,
        "place": told("place", finding),
        "responsible": finding.responsible,
        "due_on": finding.due.isoformat() if finding.due else "",
    }


def as_loaded(finding: Finding) -> Loaded:
    """A finding as a workbook tells it, to compare one with the other."""
    steps = tuple(
        Told(
            step.step,
            step.by,
            step.at,
            step.note,
            tuple(
                Measure(m.text, tuple(sorted(unit.unit for unit in m.units))) for m in step.measures
            ),
            tuple(
                Evidence(e.text, e.file_name, e.media_type, e.size, e.sha256) for e in step.evidence
            ),
        )
        for step in finding.steps
    )
    return Loaded(as_problem(finding), finding.state, steps)
