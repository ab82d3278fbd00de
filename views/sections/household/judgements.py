"""The household file's judgements: every rule of every system, those that concern it first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from metrics.files import HouseholdFile
from metrics.judgements import Judgement, answers, judgements
from rules.registry import System, systems
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.address import AS_OF
from views.context.stage import Stage
from views.parts import pieces
from views.parts.follow_up import FollowUp
from views.parts.rule_explanation import Explained

_ANSWERS = (True, False, None)


def judged(stage: Stage, file: HouseholdFile) -> list[Judgement]:
    """Every rule's answer for the year of the view, by its thresholds or those of the data date."""
    return judgements(file, stage.view.year, stage.county.parameters, _as_of(stage))


def _as_of(stage: Stage) -> date | None:
    """The last day of the newest year, by which lists too judge a past year anew."""
    newest = date(stage.county.data_date.year, 12, 31)
    return newest if stage.view.asof == "today" else None


def choices(stage: Stage, file: HouseholdFile) -> None:
    """The year that is judged, and by which thresholds."""
    years = sorted({row["year"] for row in file.years} | {stage.view.year})
    as_of = {key: stage.t(f"asof_{key}") for key in AS_OF}
    year = choice_bar.Choice("bar_year", stage.t("year"), years, str, stage.view.year, "segments")
    basis = choice_bar.Choice(
        "bar_asof", stage.t("asof"), AS_OF, as_of.__getitem__, stage.view.asof, "segments"
    )
    choice_bar.choices(stage, "judged_row", [year, basis])


def rules(stage: Stage, file: HouseholdFile, found: Sequence[Judgement], follow: FollowUp) -> None:
    """What concerns the household, opened; then every rule, system by system, folded."""
    said = _Judged(stage, file, found, follow)
    concerns = [one for one in found if one.concerns]
    title = stage.t("file_concerns" if concerns else "file_no_concern", count=len(concerns))
    html = h(
        "section",
        pieces.heading(title, _basis(stage)),
        h("div", *(said.line(one, whole=True) for one in concerns), cls="concerns"),
        h("h3", stage.t("file_all_rules")),
        *(said.system(system) for system in systems().values()),
    )
    components.paper(html, key="rules")


def _basis(stage: Stage) -> str:
    year = stage.view.year
    if day := _as_of(stage):
        return stage.t("file_by_today", year=year, date=day)
    return stage.t("file_by_year", year=year)


class _Judged:
    """The judgements of one file as lines."""

    def __init__(
        self, stage: Stage, file: HouseholdFile, found: Sequence[Judgement], follow: FollowUp
    ):
        self._stage = stage
        self._follow = follow
        self._file = file
        self._found = found
        self._say = Explained(stage)

    def line(self, one: Judgement, *, whole: bool = False) -> Markup:
        """One rule's line, with the member it judges and what the ledger has of the group."""
        name = self._file.name(one.member_id)
        before = self._stage.t("file_of_member", name=name) if name else ""
        beside = self._follow.beside(f"rule.{one.rule.key}", one.member_id)
        return self._say.line(
            one.explanation, before=before, after=self._ledger(one), beside=beside, whole=whole
        )

    def _ledger(self, one: Judgement) -> str:
        check = self._file.checks.get(one.rule.key)
        if check is None or check["finding"] not in ("missing", "without_cause"):
            return ""
        told = self._stage.t(check["finding"])
        return self._stage.t("file_in_ledger", finding=told) if self._is_now(check) else ""

    def _is_now(self, check: dict[str, object]) -> bool:
        return check["year"] == self._stage.view.year

    def system(self, system: System) -> Markup:
        """One system's rules: those in force as lines, the rest named."""
        asked = [one for one in self._found if one.rule.system == system.key]
        if not asked:
            return Markup()
        in_force = [one for one in asked if one.explanation.in_force]
        absent = dict.fromkeys(
            self._stage.named(one.rule) for one in asked if not one.explanation.in_force
        )
        year = asked[0].explanation.year
        later = (
            h("p", self._stage.t("file_not_in_force", year=year, names="、".join(absent)))
            if absent
            else ""
        )
        summary = h("summary", h("b", self._stage.named(system)), " ", *self._counts(in_force))
        lines = [self.line(one) for one in in_force]
        return h("details", summary, h("div", *lines), later, cls="system")

    def _counts(self, asked: Sequence[Judgement]) -> list[Markup]:
        counts = answers(asked)
        return [
            h("span", self._say.verdict(met), f" {counts[met]}", cls="part")
            for met in _ANSWERS
            if counts[met]
        ]
