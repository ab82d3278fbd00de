"""What the definitions page draws, generated from the registries."""

from __future__ import annotations

from datetime import date

from glossary import codes as code_lists
from metrics.registry import Indicator, themes
from store.schema import TABLES
from views import components, findings, pieces
from views.markup import Markup, h
from views.stage import Stage


def _section(stage: Stage, title: str, content: Markup, lead: str = "") -> None:
    components.paper(h("section", pieces.heading(stage.t(title), lead), content), key=title)


def _definition(stage: Stage, declared: object) -> str:
    return getattr(declared, f"definition_{stage.lang}")


def indicators(stage: Stage) -> None:
    """Every indicator: definition, unit, source, years it is known for, target."""
    rows = [
        (
            themes()[one.theme][stage.lang],
            h("b", stage.named(one)),
            _definition(stage, one),
            stage.measure(one.unit).unit,
            _target(stage, one),
            _years(stage, one),
            one.source,
            h("code", one.key),
        )
        for one in stage.county.indicators.values()
    ]
    head = [stage.t(k) for k in ("kind_of", "indicator", "definition", "unit", "target", "year",
                                 "source", "key")]  # fmt: skip
    table = pieces.table(head, rows)
    _section(stage, "definitions_indicators", table, stage.t("definitions_intro"))


def _target(stage: Stage, indicator: Indicator) -> str:
    target = indicator.target
    if target is None:
        return "—"
    sign = "≤" if indicator.better == "lower" else "≥"
    value = stage.measure(indicator.unit).level(target.value)
    return f"{sign}{value} {stage.named(target)}"


def _years(stage: Stage, indicator: Indicator) -> str:
    years = stage.county.cube.years(indicator.key)
    if not years:
        return "—"
    unbroken = len(years) == years[-1] - years[0] + 1
    if len(years) == 1:
        return str(years[0])
    return f"{years[0]}–{years[-1]}" if unbroken else "、".join(map(str, years))


def rules(stage: Stage) -> None:
    """Every rule: what it means, the very condition, since when, from which document."""
    rows = [
        (
            h("b", stage.named(rule)),
            _definition(stage, rule),
            h("code", " ".join(rule.where.split())),
            rule.since,
            rule.source,
        )
        for rule in stage.county.rules.values()
    ]
    head = [stage.t(k) for k in ("group", "definition", "condition", "since", "source")]
    _section(stage, "definitions_rules", pieces.table(head, rows))


def checks(stage: Stage) -> None:
    """Every check of suspicious data: what it says, the very condition, how grave, its source."""
    rows = [
        (
            h("b", stage.named(check)),
            findings.general(stage, check),
            h("code", " ".join(check.where.split())),
            stage.t(f"checked_{check.level}"),
            findings.severity(stage, check.severity),
            check.source,
            h("code", check.key),
        )
        for check in stage.county.checks.values()
    ]
    head = [stage.t(k) for k in ("check", "definition", "condition", "checked", "severity",
                                 "source", "key")]  # fmt: skip
    _section(stage, "definitions_checks", pieces.table(head, rows))


def parameters(stage: Stage) -> None:
    """Every threshold with its dated values and their documents; weak sources say so."""
    rows = []
    for parameter in stage.county.parameters.values():
        measure = stage.measure(parameter.unit)
        for value in parameter.values:
            end = stage.t("until_now") if value.end == date.max else value.end.isoformat()
            weak = h("span", f" {stage.t('weak_source')}", cls="weak") if value.weak else ""
            rows.append(
                (
                    h("b", stage.named(parameter)),
                    measure.level(value.value),
                    f"{value.start} – {end}",
                    h("span", value.source, weak),
                    h("code", parameter.key),
                )
            )
    head = [stage.t(k) for k in ("threshold", "value", "valid", "source", "key")]
    _section(stage, "definitions_parameters", pieces.table(head, rows, numeric=(1,)))


def fields(stage: Stage) -> None:
    """Every column of every table in words."""
    seen: dict[str, tuple[str, str]] = {}
    for table in TABLES:
        for column in table.columns:
            unit = stage.measure(column.unit).unit if column.unit else ""
            seen.setdefault(column.name, (stage.t(column.name), unit))
    rows = [(name, unit or "—", h("code", key)) for key, (name, unit) in sorted(seen.items())]
    head = [stage.t(k) for k in ("column", "unit", "key")]
    _section(stage, "definitions_terms", pieces.table(head, rows))


def codes(stage: Stage) -> None:
    """Every code list: the code, what it reads as, and other spellings met in exports."""
    rows = [
        (
            h("code", f"{name}.{code}"),
            entry[stage.lang],
            "、".join(entry.get("also", [])) or "—",
        )
        for name, entries in code_lists().items()
        for code, entry in entries.items()
    ]
    head = [stage.t(k) for k in ("key", "value", "also_written")]
    _section(stage, "definitions_codes", pieces.table(head, rows))
