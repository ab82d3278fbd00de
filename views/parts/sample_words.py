"""Samples in words: their design, strata, questions and answers."""

from __future__ import annotations

from rules.registry import rules
from sampling.designs import REGISTERED, Design
from sampling.drawing import NONE
from sampling.questions import ANSWERS, GENERAL, VISIT, VISITS
from views.context.stage import Stage


def design(stage: Stage, one: Design) -> str:
    """How households are drawn, as a sentence has it."""
    if one.staged:
        return stage.t("design_said_villages", villages=one.villages)
    if one.stratified:
        by, share = stage.t(f"stratum_by_{one.kind}"), stage.t(f"share_{one.share}")
        return stage.t("design_said_strata", by=by, share=share)
    return stage.t("design_said_simple")


def stratum(stage: Stage, kind: str, key: str) -> str:
    """A stratum by its name."""
    if kind == "simple":
        return stage.t("stratum_all")
    if kind == "villages":
        village, _, which = key.partition(".")
        word = stage.t("stratum_registered" if which == REGISTERED else "stratum_others")
        return f"{place(stage, village)} · {word}"
    if kind == "township":
        return place(stage, key)
    if key == NONE:
        return stage.t(f"stratum_no_{kind}")
    if key in rules():
        return stage.named(rules()[key])
    return stage.t("select_class_unknown")


def place(stage: Stage, code: str) -> str:
    """A place by its name; its code where the snapshot does not know it."""
    return stage.name(code) if code in stage.county.places else code


def question(stage: Stage, key: str, title: str = "") -> str:
    """What is asked; ``title`` is how it stands in the sample's own record."""
    if key == VISIT or key in GENERAL:
        return stage.t(f"asked_{key}")
    kind, _, rest = key.partition(".")
    name = rest.partition(".")[0]
    if kind == "rule" and name in rules():
        return stage.t("asked_rule", rule=stage.named(rules()[name]))
    if kind == "check" and name in stage.county.checks:
        return stage.t("asked_check", check=stage.named(stage.county.checks[name]))
    return stage.t("asked_finding", title=title) if kind == "finding" else title or key


def answer(stage: Stage, question: str, key: str) -> str:
    """An answer as sheets have it; a word that is none as it came."""
    if question == VISIT:
        return stage.t(f"visit_{key}") if key in VISITS else key
    return stage.t(f"answer_{key}") if key in ANSWERS else key
