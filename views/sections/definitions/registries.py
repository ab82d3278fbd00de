"""What the definitions page draws, generated from the registries."""

from __future__ import annotations

import glossary
from glossary import codes as code_lists
from metrics.registry import Indicator, themes
from rules.phrases import Phrases
from rules.registry import systems
from store.schema import TABLES
from views.browser import components, markup
from views.browser.markup import Markup, h, join
from views.context.stage import Stage
from views.parts import finding_words, pieces, threshold_sources


def index(stage: Stage) -> None:
    """Every system of rules with how many it has, each leading to them."""
    items = [
        h(
            "li",
            markup.link(
                stage.href("definitions", part=one.key, rule=None),
                stage.named(one),
                aria_current="true" if one.key == stage.view.part else None,
            ),
            " ",
            h("span", str(len(one.rules)), cls="muted"),
        )
        for one in systems().values()
    ]
    day = Phrases(stage.lang, glossary).day(stage.county.snapshot.data_date)
    head = pieces.heading(stage.t("book_title"), stage.t("book_intro", day=day))
    html = h("nav", head, h("ul", *items, cls="contents"), aria_label=stage.t("book_title"))
    components.paper(html, key="index")


def _section(stage: Stage, title: str, content: Markup, lead: str = "") -> None:
    html = h("section", pieces.heading(stage.t(title), lead), content, id=title)
    components.paper(html, key=title)


def _definition(stage: Stage, declared: object) -> str:
    return getattr(declared, f"definition_{stage.lang}")


def indicators(stage: Stage) -> None:
    """Every indicator: definition, unit, source, years it is known for, target."""
    rows = [
        (
            themes()[one.theme][stage.lang],
            h("b", stage.named(one)),
            join(
                _definition(stage, one),
                threshold_sources.of_indicator(stage, one, stage.county.data_date),
            ),
            stage.measure(one.unit).unit,
            _target(stage, one),
            _years(stage, one),
            glossary.documents(one.source, stage.lang),
            h("code", one.key),
        )
        for one in stage.county.indicators.values()
    ]
    head = [stage.t(k) for k in ("kind_of", "indicator", "definition", "unit", "target", "year",
                                 "source", "key")]  # fmt: skip
    table = pieces.table(head, rows)
    _section(stage, "definitions_indicators", table)


def _target(stage: Stage, indicator: Indicator) -> str:
    target = indicator.target
    if target is None:
        return "—"
    value = stage.measure(indicator.unit).level(target.value)
    return f"{indicator.target_sign}{value} {stage.named(target)}"


def _years(stage: Stage, indicator: Indicator) -> str:
    years = stage.county.cube.years(indicator.key)
    if not years:
        return "—"
    unbroken = len(years) == years[-1] - years[0] + 1
    if len(years) == 1:
        return str(years[0])
    return f"{years[0]}–{years[-1]}" if unbroken else "、".join(map(str, years))


def checks(stage: Stage) -> None:
    """Every check of suspicious data: what it says, the very condition, how grave, its source."""
    rows = [
        (
            h("b", stage.named(check)),
            join(
                finding_words.general(stage, check),
                threshold_sources.note_on(stage, check.where, stage.county.data_date),
            ),
            h("code", " ".join(check.where.split())),
            stage.t(f"checked_{check.level}"),
            finding_words.severity(stage, check.severity),
            glossary.documents(check.source, stage.lang),
            h("code", check.key),
        )
        for check in stage.county.checks.values()
    ]
    head = [stage.t(k) for k in ("check", "definition", "condition", "checked", "severity",
                                 "source", "key")]  # fmt: skip
    _section(stage, "definitions_checks", pieces.table(head, rows))


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
