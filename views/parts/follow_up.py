"""立为问题 beside what is on screen: a link to the form filled in, or to the open problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from findings import asking, outcomes
from findings.machine import ENDED
from findings.outcomes import Outcomes
from findings.texts import OTHER
from metrics.files import HouseholdFile, numbered
from rules.checks import OF_HOUSEHOLDS
from state.database import StateError, kept_open
from state.tables import Finding
from views.browser.markup import Markup
from views.context.stage import Stage
from views.context.view import Draft
from views.parts import finding_words, pieces


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The problems of a household, the newest first, and who took their steps.

    ``findings`` is None where they cannot be read.
    """

    stage: Stage
    file: HouseholdFile
    findings: Sequence[Finding] | None
    names: Mapping[str, str]

    def beside(self, kind: str, member_id: str | None = None) -> Markup | None:
        """What stands beside an answer, doubt or overdue entry; nothing for who may not open."""
        place = next((n for n, row in numbered(self.file) if row["member_id"] == member_id), None)
        draft = Draft(kind, self._household, place)
        known = member_id is None or place is not None
        subject = member_id or self._household
        village = self._village
        return _beside(self.stage, self.findings, subject, village, draft if known else None, kind)

    @property
    def _household(self) -> str:
        return str(self.file.household["household_id"])

    @property
    def _village(self) -> str:
        return str(self.file.household["village_code"])


@dataclass(frozen=True, slots=True)
class ProjectFollowUp:
    """The problems of a project, the newest first; None where they cannot be read."""

    stage: Stage
    project_id: str
    village_code: str
    findings: Sequence[Finding] | None

    def beside(self, kind: str) -> Markup | None:
        """What stands beside a doubt; nothing for who may not open a problem."""
        draft = Draft(kind, "", project=self.project_id)
        return _beside(self.stage, self.findings, self.project_id, self.village_code, draft, kind)


@dataclass(frozen=True, slots=True)
class ChecksFollowUp:
    """What came of what checks found in a place: rows of ``metrics.quality`` with their subject.

    ``outcomes`` is None where problems cannot be read.
    """

    stage: Stage
    outcomes: Outcomes | None

    def beside(self, row: Mapping[str, Any]) -> Markup | str:
        """The newest problem of a finding by its code and state, or the way to open one."""
        said = self.said(row)
        cls = "tag" if self.problem(row) else "tag no-print"
        return pieces.link(self.opens(row), said, cls=cls) if said else ""

    def problem(self, row: Mapping[str, Any]) -> Finding | None:
        """The newest problem that a finding became."""
        if self.outcomes is None:
            return None
        return self.outcomes.of(row["check_key"], row["subject_id"])

    def said(self, row: Mapping[str, Any]) -> str:
        """What the link beside a finding says; empty where there is nothing to do."""
        problem = self.problem(row)
        if problem is None:
            return self.stage.t("open_problem") if self.opens(row) else ""
        word = self.stage.t(f"problem_{problem.state}")
        return self.stage.t("problem_is_open", code=problem.code, state=word)

    def opens(self, row: Mapping[str, Any]) -> str:
        """Where it leads; empty for who may not open a problem there, and for what has gone."""
        problem = self.problem(row)
        if problem is not None:
            return self.stage.href("problems", finding=problem.number)
        draft = draft_of(row)
        may = self.stage.viewer.may("open_findings", row["village_code"])
        lost = self.outcomes is None or row.get("change") == "gone"
        return self.stage.href("problems", draft=draft) if draft and may and not lost else ""


def draft_of(row: Mapping[str, Any]) -> Draft | None:
    """The problem that a finding may become; None for a subject that no address can name."""
    kind, subject = f"check.{row['check_key']}", str(row["subject_id"])
    if row["level"] in OF_HOUSEHOLDS or row["level"] in finding_words.OF_PEOPLE:
        return Draft(kind, row["household_id"], row["member_place"])
    if not (subject.isascii() and subject.isalnum()):
        return None
    if row["level"] == "project":
        return Draft(kind, "", project=subject)
    own = row["level"] in ("allotment", "notice")  # whose form is one of its own
    return Draft(kind, subject) if own else Draft(kind, "", subject=subject)


def of_checks(stage: Stage, checks: Iterable[str]) -> ChecksFollowUp:
    """What came of what some checks found in the place shown."""
    try:
        with kept_open(stage.county.home.path).reading() as session:
            found = outcomes.of_checks(session, stage.viewer, stage.view.region, checks)
            return ChecksFollowUp(stage, found)
    except StateError:
        return ChecksFollowUp(stage, None)


def _beside(
    stage: Stage,
    findings: Sequence[Finding] | None,
    subject: str,
    village: str,
    draft: Draft | None,
    kind: str,
) -> Markup | None:
    """The open problem of a kind and subject, or the way to open one, as far as there is any."""
    if findings is None:
        return None
    for each in findings:
        same = (each.kind, each.subject_id) == (kind, subject) and kind != OTHER
        if same and each.state not in ENDED:
            word = stage.t(f"problem_{each.state}")
            said = stage.t("problem_is_open", code=each.code, state=word)
            return pieces.link(stage.href("problems", finding=each.number), said, cls="tag")
    if draft is None or not stage.viewer.may("open_findings", village):
        return None
    word = stage.t("open_other" if kind == OTHER else "open_problem")
    return pieces.link(stage.href("problems", draft=draft), word, cls="tag no-print")


def of_project(stage: Stage, project_id: str, village_code: str) -> ProjectFollowUp:
    """What is followed of a project."""
    try:
        with kept_open(stage.county.home.path).reading() as session:
            found = asking.of_project(session, stage.viewer, project_id)
            return ProjectFollowUp(stage, project_id, village_code, found)
    except StateError:
        return ProjectFollowUp(stage, project_id, village_code, None)


def of_household(stage: Stage, file: HouseholdFile) -> FollowUp:
    """What is followed of a household."""
    household = str(file.household["household_id"])
    try:
        with kept_open(stage.county.home.path).reading() as session:
            found = asking.of_household(session, stage.viewer, household)
            return FollowUp(stage, file, found, asking.names(session, found))
    except StateError:
        return FollowUp(stage, file, None, {})
