"""One problem: what it is, its time line with what was given as evidence, and its next steps."""

from __future__ import annotations

from collections.abc import Mapping

from findings import asking
from metrics.closing import repeated
from state.database import StateError, kept_open
from state.tables import Finding, FindingEvidence
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context import witness
from views.context.refusal import Refusal
from views.context.stage import Stage
from views.parts import download, pieces, problem_words, unrecorded
from views.parts.download import Outgoing
from views.sections.problems import steps


def show(stage: Stage, number: int) -> None:
    """A problem that the viewer may see; of any other, that there is nothing."""
    try:
        with kept_open(stage.county.home.path).reading() as session:
            finding = asking.one(session, stage.viewer, number)
            names = asking.names(session, [finding] if finding else [])
            whole = asking.Filter(stage.county.code, asking.today())
            again = number in repeated(asking.courses(session, stage.viewer, whole))
    except StateError:
        return notice([stage.t("state_unread")], alert=True, key="problem_unread")
    if finding is None:
        witness.refused(stage, Refusal("finding", str(number)))
        return notice([stage.t("refused_hint")], key="problem_refused")
    if not witness.listed(stage, 1):
        return unrecorded.say(stage)
    _head(stage, finding, names, again)
    steps.next_steps(stage, finding)
    _course(stage, finding, names)
    return None


def _head(stage: Stage, finding: Finding, names: Mapping[str, str], again: bool) -> None:
    back = pieces.crumbs(
        pieces.link(stage.href("problems", finding=None), stage.t("page_problems")),
        h("span", finding.code, cls="muted"),
    )
    facts = [
        (stage.t("problem_state"), problem_words.state_of(stage, finding, asking.today())),
        (stage.t("problem_about"), problem_words.subject(stage, finding)),
        (stage.t("place"), problem_words.place(stage, finding.region_code)),
        (stage.t("problem_kind"), problem_words.kind(stage, finding.kind)),
        (stage.t("problem_source"), stage.t(f"source_{finding.source}")),
        (stage.t("due_on"), finding.due.isoformat() if finding.due else "—"),
        (stage.t("responsible"), finding.responsible or "—"),
        (stage.t("problem_opened_by"), problem_words.person(names, finding.opened_by)),
    ]
    tag = h("span", stage.t("problem_again"), cls="tag") if again else None
    title = h("h1", finding.title, " ", tag)
    components.paper(h("section", back, title, pieces.facts(facts)), key="problem_head")


def _course(stage: Stage, finding: Finding, names: Mapping[str, str]) -> None:
    """The time line, and a button for each file that was given."""
    line = problem_words.timeline(stage, finding.steps, names)
    title = pieces.heading(stage.t("problem_course"))
    components.paper(h("section", title, line), key="problem_course")
    for step in finding.steps:
        for piece in step.evidence:
            if piece.file_name:
                _file(stage, piece)


def _file(stage: Stage, piece: FindingEvidence) -> None:
    if piece.sha256 == "" or not piece.size:
        return
    key = (piece.finding, piece.place, piece.piece)

    def build(out: Outgoing) -> bytes:
        with kept_open(out.stage.county.home.path).reading() as session:
            held = asking.file(session, out.stage.viewer, key)
            if held is None or held.content is None:
                raise LookupError(piece.file_name)
            return held.content

    label = stage.t("evidence_get", name=piece.file_name)
    name = "evidence_" + "_".join(map(str, key))
    download.button(stage, label, build, piece.file_name, 1, key=name, act="see",
                    media_type=piece.media_type)  # fmt: skip
