"""立为问题 beside what is on screen: a link to the form filled in, or to the open problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from findings import asking
from findings.machine import ENDED
from findings.texts import OTHER
from metrics.files import HouseholdFile, numbered
from state.database import StateError, kept_open
from state.tables import Finding
from views.browser.markup import Markup
from views.context.stage import Stage
from views.context.view import Draft
from views.parts import pieces


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
        if self.findings is None:
            return None
        stage, subject = self.stage, member_id or self._household
        for each in self.findings:
            same = (each.kind, each.subject_id) == (kind, subject) and kind != OTHER
            if same and each.state not in ENDED:
                word = stage.t(f"problem_{each.state}")
                said = stage.t("problem_is_open", code=each.code, state=word)
                return pieces.link(stage.href("problems", finding=each.number), said, cls="tag")
        if not stage.viewer.may("open_findings", self._village):
            return None
        place = next((n for n, row in numbered(self.file) if row["member_id"] == member_id), None)
        if member_id is not None and place is None:
            return None
        draft = Draft(kind, self._household, place)
        word = stage.t("open_other" if kind == OTHER else "open_problem")
        return pieces.link(stage.href("problems", draft=draft), word, cls="tag no-print")

    @property
    def _household(self) -> str:
        return str(self.file.household["household_id"])

    @property
    def _village(self) -> str:
        return str(self.file.household["village_code"])


def of_household(stage: Stage, file: HouseholdFile) -> FollowUp:
    """What is followed of a household."""
    household = str(file.household["household_id"])
    try:
        with kept_open(stage.county.home.path).reading() as session:
            found = asking.of_household(session, stage.viewer, household)
            return FollowUp(stage, file, found, asking.names(session, found))
    except StateError:
        return FollowUp(stage, file, None, {})
