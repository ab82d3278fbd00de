"""A finding of suspicious data in words: how grave, about whom, what it says, on what evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rules.checks import Check
from store.schema import until
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts.column_words import dated, say

_NAMED = ("asset", "facility")
OF_PEOPLE = ("member", "listed")
# Levels of which a subject is of no household, village or project: it is called by its number.
OF_FUNDS = ("fund", "fund_source", "allotment", "payment", "complaint")
_LIGHTS = {"error": "bad", "suspect": "watch", "hint": ""}


def severity(stage: Stage, key: str) -> Markup:
    """How grave, as a shape and a word."""
    return h("span", stage.t(f"severity_{key}"), cls=f"light {_LIGHTS[key]}")


def change(stage: Stage, row: Mapping[str, Any]) -> str:
    """Whether the finding is new, staying or gone; a dash with nothing to compare with."""
    return stage.t(f"change_{row['change']}") if row["change"] else "—"


def subject(stage: Stage, row: Mapping[str, Any]) -> str:
    """Whom or what the finding is about, as they are called."""
    if row["level"] in OF_PEOPLE:
        return row["member_name"] or "—"
    if row["level"] == "project":
        return row["project_name"] or row["subject_id"]
    if row["level"] in _NAMED:
        return row["thing_name"] or row["subject_id"]
    if row["level"] in ("village", "shop", "zone_village", "notice", "income"):
        return stage.name(row["village_code"])
    if row["level"] in (*OF_FUNDS, "cadre", "post", "home", "zone", "objection", "entrusted"):
        return row["subject_id"]
    return stage.t("head_of", name=row["head_name"] or "—")


def _value(stage: Stage, column: str, value: Any) -> str:
    parameter = stage.county.parameters.get(column)
    if parameter is None or value is None:
        return say(stage, column, value)
    return stage.measure(parameter.unit).level(value)


def _values(stage: Stage, held: Mapping[str, Any]) -> dict[str, str]:
    """The values in words, a date by its month where the evidence has no day of it."""
    days = {c: date.fromisoformat(held[c]) for c in held if until(c) in held and held[c]}
    days |= {until(c): date.fromisoformat(held[until(c)]) for c in days if held[until(c)]}
    lasts = {until(c) for c in held}
    return {
        column: dated(stage, days, column) if column in days else _value(stage, column, value)
        for column, value in held.items()
        if column not in lasts
    }


def _name(stage: Stage, column: str) -> str:
    parameter = stage.county.parameters.get(column)
    return stage.t(column) if parameter is None else stage.named(parameter)


def _numbers(check: Check) -> dict[str, str]:
    return {name: f"{number:g}" for name, number in (check.numbers or {}).items()}


def sentence(stage: Stage, row: Mapping[str, Any]) -> str:
    """What the township reads of this finding."""
    check = stage.county.checks[row["check_key"]]
    held = json.loads(row["evidence"])
    return getattr(check, f"says_{stage.lang}").format(**_values(stage, held), **_numbers(check))


def evidence(stage: Stage, row: Mapping[str, Any], *, beside: bool = False) -> str:
    """The values that the finding stands on, each with its name.

    ``beside`` leaves out those that the sentence names already.
    """
    held = json.loads(row["evidence"])
    if beside:
        said = getattr(stage.county.checks[row["check_key"]], f"says_{stage.lang}")
        held = {column: value for column, value in held.items() if f"{{{column}}}" not in said}
    return _facts(stage, held)


def facts(stage: Stage, row: Mapping[str, Any], columns: Iterable[str]) -> str:
    """Some of the values that the finding stands on, each with its name."""
    held = json.loads(row["evidence"])
    return _facts(stage, {column: held[column] for column in columns})


def _facts(stage: Stage, held: Mapping[str, Any]) -> str:
    pairs = (f"{_name(stage, c)} {value}" for c, value in _values(stage, held).items())
    return (";" if stage.lang == "zh" else "; ").join(pairs)


def general(stage: Stage, check: Check) -> str:
    """What a check says of any subject: its wording, thresholds as they are now, values open."""
    year = stage.county.data_date.year
    values = dict.fromkeys(check.evidence, "…")
    for column, parameter in stage.county.parameters.items():
        if column in values:
            held = parameter.in_year(year)
            values[column] = _value(stage, column, held.value if held else None)
    return getattr(check, f"says_{stage.lang}").format(**(values | _numbers(check)))
