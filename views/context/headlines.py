"""The numbers that a view is about: those of its page's indicators, or how many its list has."""

from __future__ import annotations

from metrics import lists
from metrics.groups import indicator_of
from metrics.projects import Projects
from metrics.subjects import ENTRY, HOUSEHOLD, MEMBER, PROJECT, Subjects, subject_of
from views.context.stage import Stage

# The number of rows of the list that the address stands for.
LIST = "list"
_UNITS = {HOUSEHOLD: "households", MEMBER: "people", ENTRY: "entries", PROJECT: "projects"}


def keys(stage: Stage) -> tuple[str, ...]:
    """What is counted: indicators of the county, or ``LIST``; nothing on a page of no number."""
    spec = stage.spec
    if spec.key == "ledgers":
        return (LIST,)
    if "indicator" in spec.keys and spec.indicator:
        return (stage.view.indicator,)
    if spec.key == "risk_groups":
        return tuple(indicator_of(rule) for rule in stage.county.rules.values())
    return tuple(key for key in spec.headlines if key in stage.county.indicators)


def numbers(stage: Stage) -> dict[str, float | None]:
    """Each number of a view as its page shows it, None where it is not known."""
    return {key: _number(stage, key) for key in keys(stage)}


def _number(stage: Stage, key: str) -> float | None:
    if key != LIST:
        return stage.cell(key).value
    subject, view = stage.subject, stage.view
    if subject == HOUSEHOLD:
        return lists.counted(stage.reader, stage.households())[0]
    if subject == PROJECT:
        return Projects(view.region, view.year, stage.indicator).count(stage.reader)
    return Subjects(subject, stage.households(), stage.county.data_date).count(stage.reader)[0]


def unit(stage: Stage, key: str) -> str:
    """The unit of a number."""
    return _UNITS[stage.subject] if key == LIST else stage.county.indicators[key].unit


def name(stage: Stage, key: str) -> str:
    """What a number is called."""
    return stage.t("link_list") if key == LIST else stage.named(stage.county.indicators[key])


def listed(stage: Stage, key: str) -> dict[str, str] | None:
    """The keys of the address that lists the households behind a number; None where nobody is.

    Amounts of money differ in nearly every household: no list says why theirs do.
    """
    if key == LIST:
        return None if stage.subject == PROJECT else {"by": HOUSEHOLD}
    indicator = stage.county.indicators[key]
    if indicator.unit == "yuan" or subject_of(indicator) in (None, PROJECT):
        return None
    return {"indicator": key, "by": HOUSEHOLD}
