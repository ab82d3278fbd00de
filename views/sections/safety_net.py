"""What the safety-net page draws: benefits, places, and the cases with what explains each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import glossary
from charts.breaks import classify, make_breaks
from charts.foremost import rated
from metrics import safety_net
from metrics.county import Place
from metrics.safety_net import BENEFITS, CASES, SIDES, UNSECURED
from metrics.shares import percent
from metrics.subjects import HOUSEHOLD, MEMBER
from rules.decisive import decisive
from rules.explain import Atom, RecordedFact, Said, explain
from rules.phrases import Phrases
from rules.registry import Rule, rules, systems
from rules.tally import Tally
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.stage import Stage
from views.parts import chart_blocks, paged_list, pieces, threshold_sources
from views.parts.column_words import say

Counts = Mapping[str, Mapping[str, Tally]]
_MEMBERS = "member_fact"


def benefits(stage: Stage) -> None:
    """Each benefit: those entitled and what they have, those who have it and are entitled or not;
    columns add up, numbers open lists."""
    region, year = stage.view.region, stage.county.data_date.year
    found = safety_net.standings(stage.reader, region, year, stage.place.level)
    rows = [_benefit(stage, benefit, found[benefit]) for benefit in BENEFITS]
    keys = ("benefit_kind", "unit", "entitled", "paid_due", "paid_elsewhere", "leak",
            "paid_unclear", "receiving", "error", "paid_otherwise", "unknown")  # fmt: skip
    html = h(
        "section",
        pieces.heading(_finding(stage, found, "without"), _finding(stage, found, "beyond")),
        h("p", _sub(stage), cls="sub"),
        pieces.table([stage.t(key) for key in keys], rows, numeric=range(2, 11), cls="data tight"),
        threshold_sources.note(stage, list(systems()["safety_net"].rules.values()), year),
    )
    components.paper(html, key="benefits")


def unsecured(stage: Stage) -> None:
    """Classes without labour: who has the allowance or extreme-poverty support, who has neither."""
    found = safety_net.unsecured(stage.reader, stage.view.region, stage.county.data_date.year)
    rows = []
    for group, one in found.items():
        opens = stage.selected("unsecured", group, year=stage.newest)
        rows.append(
            (
                pieces.Td(stage.named(rules()[group]), "firm"),
                pieces.number(stage, one.households, "households", opens),
                pieces.number(stage, one.secured, "households"),
                pieces.Td(_cases(stage, UNSECURED[group], one.neither), "firm"),
                pieces.number(stage, one.unclear, "households"),
            )
        )
    named = stage.named(rules()["allowance"])
    title = stage.t(
        "unsecured_finding",
        group=named,
        count=f"{found['allowance'].households:,}",
        neither=f"{found['allowance'].neither:,}",
    )
    head = [stage.t(key) for key in ("class_of", "unit_households", "unsecured_secured",
                                     "unsecured_neither", "unknown")]  # fmt: skip
    table = pieces.table(head, rows, numeric=range(1, 5), cls="data tight")
    html = pieces.folded(title, stage.t("unsecured_sub"), table)
    components.paper(html, key="unsecured")


def _benefit(stage: Stage, benefit: str, found: safety_net.Standing) -> tuple[Any, ...]:
    people = safety_net.relation_of(benefit) == _MEMBERS
    by = MEMBER if people else HOUSEHOLD
    entitled = f"{benefit}_entitled"

    def part(key: str) -> Markup:
        opens = stage.selected("paid", benefit, key, by=by)
        return pieces.number(stage, getattr(found, key), "people", opens)

    return (
        pieces.Td(stage.t(f"benefit_{benefit}"), "firm"),
        stage.t("unit_people" if people else "unit_households"),
        h("b", pieces.number(
            stage, found.entitled, "people", stage.selected("rule", entitled, "met", by=by)
        )),
        part("due"),
        part("elsewhere"),
        _cases(stage, f"{benefit}_without", found.without),
        part("unclear"),
        h("b", pieces.number(
            stage, found.receives, "people", stage.selected("paid", benefit, by=by)
        )),
        _cases(stage, f"{benefit}_beyond", found.beyond),
        part("otherwise"),
        _unknown(stage, entitled, found.unknown),
    )  # fmt: skip


def _unknown(stage: Stage, key: str, count: int) -> Markup:
    by = MEMBER if rules()[key].relation == _MEMBERS else HOUSEHOLD
    return pieces.number(stage, count, "people", stage.selected("rule", key, "unknown", by=by))


def _cases(stage: Stage, key: str, count: int | None, region: str | None = None) -> Markup:
    place = region or stage.view.region
    return pieces.number(stage, count, "people", stage.href("safety_net", region=place, part=key))


def _finding(stage: Stage, found: Mapping[str, safety_net.Standing], side: str) -> str:
    """How many go without each benefit, or go on with it: in its own unit, never added up."""
    parts = []
    for benefit, one in found.items():
        people = safety_net.relation_of(benefit) == _MEMBERS
        measure = stage.measure("people" if people else "households")
        if count := getattr(one, side):
            name = stage.t(f"short_{benefit}" if stage.lang == "zh" else f"benefit_{benefit}")
            gap = " " if stage.lang == "en" else ""
            parts.append(f"{name}{gap}{measure.text(count)}")
    comma = "、" if stage.lang == "zh" else ", "
    told = comma.join(parts) or stage.t("nobody")
    return stage.t(f"safety_net_{side}", place=stage.place.name, parts=told)


def _sub(stage: Stage) -> str:
    return stage.t("safety_net_sub", date=stage.county.data_date)


def by_place(stage: Stage) -> None:
    """Places by what each benefit lacks and has too much; a village has none inside it."""
    places = stage.county.children(stage.view.region, stage.scope)
    if not places:
        return
    level, year = places[0].level, stage.county.data_date.year
    told = safety_net.counts(stage.reader, year, level, region=stage.view.region)
    found = safety_net.matrix(told, [place.code for place in places])
    known = {
        (key, place): count
        for key, by_place in found.items()
        for place, count in by_place.items()
        if count is not None
    }
    if not any(known.values()):
        return
    shades = _shades(told, known)
    body = [_row(stage, place, found, shades) for place in places]
    key = _shown(stage, told)
    rates = safety_net.rates(told, key, [place.code for place in places])
    title = chart_blocks.ranking(
        stage,
        stage.t("safety_net_rate", rule=stage.named(rules()[key])),
        [rated(stage.name(code), *of) for code, of in rates.items()],
        stage.t(level),
    )
    head = (stage.t("place"), *(_short(stage, key) for key in CASES))
    html = h(
        "section",
        pieces.heading(title, stage.t("safety_net_places_sub")),
        pieces.table(head, body, numeric=range(1, len(head)), cls="data tight"),
    )
    components.paper(html, key="by_place")


def _shades(
    told: Counts, known: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], int | None]:
    """The class of each place's share of cases: a column each, since its subjects are its own."""
    found: dict[tuple[str, str], int | None] = {}
    for key in CASES:
        rates = safety_net.rates(told, key, [place for at, place in known if at == key])
        shares = {code: percent(*of) for code, of in rates.items()}
        values = {code: share for code, share in shares.items() if share is not None}
        classes = classify(values.values(), make_breaks(values.values()))
        found |= {(key, code): one for code, one in zip(values, classes, strict=True)}
    return found


def _row(
    stage: Stage,
    place: Place,
    found: Mapping[str, Mapping[str, int | None]],
    shades: Mapping[tuple[str, str], int | None],
) -> tuple[Any, ...]:
    def cell(key: str) -> pieces.Td:
        shade = shades.get((key, place.code))
        content = _cases(stage, key, found[key][place.code], place.code)
        return pieces.Td(content, "heat heat-missing" if shade is None else f"heat heat-{shade}")

    opens = stage.href("village" if place.level == "village" else "safety_net", region=place.code)
    return (pieces.link(opens, place.short_name, cls="firm"), *(cell(key) for key in CASES))


def _short(stage: Stage, key: str) -> str:
    """The head of a narrow column: the benefit's short name and which of its sides."""
    benefit, _, side = key.partition("_")
    if side not in SIDES:
        return stage.t(f"short_{side}")
    return stage.t(f"short_{side}", benefit=stage.t(f"short_{benefit}"))


def _shown(stage: Stage, here: Counts) -> str:
    """The rule whose cases are listed: the one asked for, or the first that has any.

    Some count households and some people, so that none has most.
    """
    having = (key for key in CASES if any(tally.met for tally in here[key].values()))
    chosen = stage.view.part
    return chosen if chosen in CASES else next(having, CASES[0])


def _choice(stage: Stage, key: str) -> choice_bar.Choice:
    """Which rule's cases are listed."""
    names = {case: stage.named(rules()[case]) for case in CASES}
    return choice_bar.Choice(
        "bar_part", stage.t("benefit_kind"), list(CASES), names.__getitem__, key, width=340
    )


def cases(stage: Stage, here: Counts) -> None:
    """The cases of one rule, each with the conditions that make it one, and their workbook."""
    key, region, year = _shown(stage, here), stage.view.region, stage.county.data_date.year
    choice_bar.choices(stage, "safety_net_bar", [_choice(stage, key)])
    rule = rules()[key]
    count, households = safety_net.count_cases(stage.reader, key, region, year)
    people = rule.relation == _MEMBERS
    title = stage.t(
        "safety_net_cases" if people else "safety_net_case_households",
        place=stage.place.name,
        rule=stage.named(rule),
        count=f"{count:,}",
        households=f"{households:,}",
    )
    definition = rule.definition_zh if stage.lang == "zh" else rule.definition_en
    wanted = paged_list.Wanted(
        title,
        definition,
        count,
        lambda reader, *part: safety_net.cases(reader, key, region, year, *part),
        whole=True,
    )
    paged_list.show(stage, wanted, _columns(stage, rule, people))


def _columns(stage: Stage, rule: Rule, people: bool) -> list[paged_list.Column]:
    phrases = Phrases(stage.lang, glossary)

    def opens(row: paged_list.Row) -> str:
        return stage.href("household", id=row["household_id"])

    def village(row: paged_list.Row) -> str:
        return stage.href("village", region=row["village_code"])

    columns = [
        paged_list.Column(
            "household_id", lambda row: row["household_id"], opens, cls="firm", width=20
        ),
        paged_list.Column("name" if people else "head_name", lambda row: row["name"], cls="firm"),
    ]
    if people:
        columns.append(paged_list.Column("age", lambda row: row["age"], numeric=True, width=8))
    return [
        *columns,
        paged_list.Column(
            "village_code", lambda row: say(stage, "village_code", row["village_code"]), village,
            cls="firm",
        ),
        paged_list.Column(
            "why_so", lambda row: why(stage, phrases, rule, row), cls="said", width=90
        ),
    ]  # fmt: skip


def why(stage: Stage, phrases: Phrases, rule: Rule, row: Mapping[str, Any]) -> str:
    """The conditions that make a subject a case, with its values, in one line."""
    explanation = explain(rule, row, stage.county.parameters)
    told = [_told(stage, phrases, atom) for atom in decisive(explanation)]
    return (";" if stage.lang == "zh" else "; ").join(told)


def _told(stage: Stage, phrases: Phrases, atom: Atom) -> str:
    if isinstance(atom, Said) and atom.fact.value is not None:
        word = stage.t("is_yes" if atom.fact.value else "is_no")
        return stage.t("select_item", item=stage.t(atom.fact.key), state=word)
    parts = [phrases.demand(atom), phrases.actual(atom)]
    parts.append("" if isinstance(atom, RecordedFact) else phrases.gap(atom))
    if atom.met is not True:
        parts.append(phrases.verdict(atom.met))
    return stage.t("rule_comma").join(filter(None, parts))
