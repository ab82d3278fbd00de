"""Sheets of text as findings: each row judged, and told where it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from findings import texts
from findings.evidence import MEDIA_TYPES, MOST, Evidence
from findings.machine import STATES
from findings.texts import Unusable
from findings.workbook import CODED, COLUMNS, Fault, Loaded, Row, SheetKey, Told, Unfit
from findings.writing import Measure, Problem, checked

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$")
_HEX = set("0123456789abcdef")


def read(sheets: Mapping[SheetKey, Sequence[tuple[int, Row]]], county: str) -> list[Loaded]:
    """What sheets tell: rows by column, codes as codes, each with its number. Raises Unfit.

    A problem without a subject is one of its place, without a place one of the ``county``.
    """
    reading = _Reading(county)
    beside: tuple[SheetKey, ...] = ("steps", "measures", "evidence")
    for key in beside:
        for number, row in sheets.get(key, ()):
            reading.take(key, number, row)
    found = [reading.problem(number, row) for number, row in sheets.get("problems", ())]
    reading.strays()
    if reading.faults:
        raise Unfit(sorted(reading.faults, key=lambda f: (list(COLUMNS).index(f.sheet), f.row)))
    return [each for each in found if each is not None]


class _Reading:
    """A workbook that is being read: rows by the problem and the step that they belong to."""

    def __init__(self, county: str) -> None:
        self._county = county
        self.faults: list[Fault] = []
        self._steps: dict[str, dict[int, tuple[int, Told]]] = {}
        self._measures: dict[tuple[str, int], dict[int, tuple[str, set[str]]]] = {}
        self._evidence: dict[tuple[str, int], dict[int, Evidence]] = {}
        self._where: dict[tuple[str, int], tuple[SheetKey, int]] = {}
        self._codes: set[str] = set()

    def take(self, key: SheetKey, number: int, row: Row) -> None:
        """Keep a row of a sheet beside the problems."""
        try:
            code = texts.kept("code", row.get("code", ""), 40, needed=True, line=True)
            place = _whole("step_number", row.get("step_number", ""), 0)
            {"steps": self._step, "measures": self._measure, "evidence": self._piece}[key](
                code, place, number, row
            )
            self._where.setdefault((code, place), (key, number))
        except Unusable as error:
            self.faults.append(Fault(key, number, error))

    def _step(self, code: str, place: int, number: int, row: Row) -> None:
        told = Told(
            texts.one_of("step", row.get("step", ""), CODED["step"]),
            texts.kept("by", row.get("by", ""), 200, needed=True, line=True),
            _moment(row.get("at", "")),
            texts.kept("note", row.get("note", ""), texts.NOTE),
        )
        if self._steps.setdefault(code, {}).setdefault(place, (number, told))[1] is not told:
            raise Unusable("step_number", "twice")

    def _measure(self, code: str, place: int, number: int, row: Row) -> None:
        known = self._measures.setdefault((code, place), {})
        which = _whole("measure_number", row.get("measure_number", ""), len(known) + 1)
        text = texts.kept("measure", row.get("measure", ""), texts.NOTE, needed=True)
        unit = texts.kept("unit", row.get("unit", ""), texts.NAME, needed=True, line=True)
        before, units = known.setdefault(which, (text, set()))
        if before != text:
            raise Unusable("measure", "twice")
        units.add(unit)

    def _piece(self, code: str, place: int, number: int, row: Row) -> None:
        known = self._evidence.setdefault((code, place), {})
        which = _whole("piece_number", row.get("piece_number", ""), len(known) + 1)
        text = texts.kept("evidence", row.get("evidence", ""), texts.EVIDENCE)
        name = texts.kept("file_name", row.get("file_name", ""), texts.FILE_NAME, line=True)
        if not text and not name:
            raise Unusable("evidence", "empty")
        media = texts.one_of("media_type", row.get("media_type", ""), ("", *MEDIA_TYPES))
        size = _whole("size", row.get("size", ""), 0)
        sha256 = row.get("sha256", "")
        if size > MOST or (sha256 and (len(sha256) != 64 or set(sha256) - _HEX)):
            raise Unusable("sha256", "unknown", given=sha256[:40])
        if which in known:
            raise Unusable("piece_number", "twice")
        known[which] = Evidence(text, name, media, size, sha256)

    def problem(self, number: int, row: Row) -> Loaded | None:
        """A row of the problems with its steps; None for one that cannot be used, which is kept."""
        try:
            problem = self._checked(row)
            if problem.code in self._codes:
                raise Unusable("code", "twice")
            self._codes.add(problem.code)
            state = row.get("state", "")
            if state:
                texts.one_of("state", state, STATES)
            return Loaded(
                problem,
                state or None,
                self._course(problem.code),
                self._of(problem.code, 0) if problem.code not in self._steps else (),
                number,
            )
        except Unusable as error:
            self._codes.add(row.get("code", ""))
            self.faults.append(Fault("problems", number, error))
            return None

    def _checked(self, row: Row) -> Problem:
        region = row.get("region_code", "") or self._county
        kind = row.get("subject_kind", "") or "place"
        subject = row.get("subject_id", "") or (region if kind == "place" else "")
        return checked(
            Problem(
                row.get("source", "") or "inspection",
                row.get("kind", "") or texts.OTHER,
                kind,
                subject,
                region,
                row.get("title", ""),
                row.get("household_id", "") or None,
                row.get("responsible", ""),
                _day(row.get("due_on", "")),
                texts.kept("code", row.get("code", ""), 40, needed=True, line=True),
            )
        )

    def _course(self, code: str) -> tuple[Told, ...]:
        steps = self._steps.get(code, {})
        if sorted(steps) != list(range(1, len(steps) + 1)):
            raise Unusable("step_number", "gap")
        return tuple(
            replace(
                steps[place][1],
                measures=self._of(code, place),
                evidence=tuple(e for _, e in sorted(self._evidence.get((code, place), {}).items())),
            )
            for place in sorted(steps)
        )

    def _of(self, code: str, place: int) -> tuple[Measure, ...]:
        known = sorted(self._measures.get((code, place), {}).items())
        return tuple(Measure(text, tuple(sorted(units))) for _, (text, units) in known)

    def strays(self) -> None:
        """Rows that belong to no problem, or to no step of one, are told."""
        for (code, place), (key, number) in self._where.items():
            steps = self._steps.get(code, {})
            assigns = key == "measures" and place == 0 and not steps
            if code not in self._codes:
                self.faults.append(Fault(key, number, Unusable("code", "stray", given=code)))
            elif place not in steps and not assigns:
                self.faults.append(
                    Fault(key, number, Unusable("step_number", "stray", given=place))
                )


def _whole(name: str, text: str, absent: int) -> int:
    """A whole number, as a spreadsheet may write it."""
    if not text:
        return absent
    plain = text.removesuffix(".0")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):
        raise Unusable(name, "unknown", given=text[:40])
    return int(plain)


def _day(text: str) -> date | None:
    """A day, as offices write it; a time behind it says nothing more."""
    if not text:
        return None
    found = _DAY.match(text)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(text)
    except ValueError:
        raise Unusable("due_on", "date", given=text[:40]) from None


def _moment(text: str) -> datetime:
    """A moment; one without a zone is this machine's."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise Unusable("at", "date", given=text[:40]) from None
