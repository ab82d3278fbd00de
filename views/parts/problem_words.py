"""A finding in words: its kind, what it is about, its state, and its steps as a time line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from findings.machine import ENDED
from glossary import codes, label
from metrics.funds import PROBLEMS
from rules.registry import rules
from sampling.questions import CONCERNS
from state.tables import Finding, FindingStep
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces

_TONES = {"closed": "good", "rejected": "", "reopened": "bad", "mended": "watch",
          "verified": "watch"}  # fmt: skip


def kind(stage: Stage, key: str) -> str:
    """What a problem was found by; the key itself where a later program no longer has it."""
    if key == PROBLEMS:
        return stage.t("problem_of_funds")
    system, _, name = key.partition(".")
    if system == "rule" and name in rules():
        return stage.named(rules()[name])
    if system == "check" and name in stage.county.checks:
        return stage.named(stage.county.checks[name])
    if system == "ledger" and name in stage.county.rules:
        return stage.t("problem_of_ledger", group=stage.named(stage.county.rules[name]))
    if system in ("sieve", "gap") and name in codes()[system]:
        return stage.t(f"problem_of_{system}", name=label(system, name, stage.lang))
    if system == "sample" and name in CONCERNS:
        return stage.t(f"sample_found_{name}")
    return stage.t("problem_other") if key == "other" else key


def is_known(stage: Stage, key: str) -> bool:
    """Whether a kind is one of those that problems are found by now."""
    return kind(stage, key) != key


def state(stage: Stage, key: str, overdue: bool = False) -> Markup:
    """A state as a shape and a word, and whether it is overdue."""
    word = stage.t(f"problem_{key}")
    if overdue:
        return h("span", stage.t("problem_late", state=word), cls="light bad")
    return h("span", word, cls=f"light {_TONES.get(key, 'open')}")


def state_of(stage: Stage, finding: Finding, today: date) -> Markup:
    """The state of a finding on a day."""
    late = finding.state not in ENDED and finding.due is not None and finding.due < today
    return state(stage, finding.state, late)


def subject(stage: Stage, finding: Finding) -> Markup | str:
    """What it is about, leading to its file where it is one of the snapshot's households."""
    if finding.household_id:
        return pieces.link(stage.href("household", id=finding.household_id), finding.household_id)
    if finding.subject_kind == "fund_line":
        return pieces.link(stage.href("funds", id=finding.subject_id), finding.subject_id)
    if finding.subject_kind == "notice":
        href = stage.href("publish", region=finding.region_code, part=None)
        return pieces.link(href, finding.subject_id)
    if finding.subject_kind == "project":
        return pieces.link(stage.href("projects", project=finding.subject_id), finding.subject_id)
    if finding.subject_kind == "place":
        return place(stage, finding.subject_id)
    group, _, check = finding.kind.partition(".")
    if group == "check" and check in stage.county.checks:  # where all that it finds is listed
        opens = stage.href("quality", region=finding.region_code, check=check)
        return pieces.link(opens, finding.subject_id)
    return finding.subject_id


def place(stage: Stage, code: str) -> str:
    """A place by its name; its code where the snapshot does not know it."""
    return stage.name(code) if code in stage.county.places else code


def when(step: FindingStep) -> str:
    return f"{step.at.astimezone():%Y-%m-%d %H:%M}"


def person(names: Mapping[str, str], subject: str) -> str:
    """Who took a step: their name, and what the way in calls them."""
    name = names.get(subject, subject)
    return subject if name == subject else f"{name} ({subject})"


def timeline(stage: Stage, steps: Sequence[FindingStep], names: Mapping[str, str]) -> Markup:
    """Every step with who and when, what they said, assigned and gave as evidence."""
    lines = [h("li", h("span", when(step)), h("div", *_told(stage, step, names))) for step in steps]
    return h("ol", *lines, cls="timeline")


def _told(stage: Stage, step: FindingStep, names: Mapping[str, str]) -> list[Markup | str | None]:
    who = person(names, step.by)
    if step.entered_by:
        who = stage.t("step_entered", who=who, by=person(names, step.entered_by))
    measures = [
        h("p", measure.text, " ", h("span", "、".join(u.unit for u in measure.units), cls="muted"))
        for measure in step.measures
    ]
    evidence = [
        h("p", stage.t("evidence_one"), " ", each.text or _file(stage, each.file_name, each.size))
        for each in step.evidence
    ]
    return [
        h("b", stage.t(f"step_{step.step}")),
        " ",
        h("span", who, cls="muted"),
        h("p", step.note) if step.note else None,
        *measures,
        *evidence,
    ]


def _file(stage: Stage, name: str, size: int) -> str:
    return stage.t("evidence_file", name=name, size=f"{size:,}")
