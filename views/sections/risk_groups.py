"""What the risk-groups page draws: heat table, overlap, ledger states, ledgers against rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts import state_bar as bars
from charts import theme
from charts import upset as overlaps
from charts.breaks import classify, make_breaks
from glossary import label
from metrics import groups
from metrics.shares import percent
from metrics.subjects import ENTRY
from rules.registry import Rule
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.context.values import ONLY
from views.parts import chart_blocks, pieces, threshold_sources

_STATES: tuple[bars.Tone, ...] = ("open", "due", "overdue", "closed_standing", "closed")


def _rules(stage: Stage) -> dict[str, Rule]:
    """The group that the view is about, or all of them."""
    rules = stage.county.rules
    chosen = stage.view.group or ""
    return {chosen: rules[chosen]} if chosen in rules else dict(rules)


def heat(stage: Stage) -> None:
    """Places by groups: each cell the households by rule, shaded by size, opening its list."""
    rules = list(stage.county.rules.values())
    places = stage.county.children(stage.view.region, stage.scope) or [stage.place]
    values = {
        (place.code, rule.key): stage.cell(groups.indicator_of(rule), region=place.code).value
        for place in places
        for rule in rules
    }
    shares = {
        (place.code, rule.key): stage.cell(groups.share_of(rule), region=place.code)
        for place in places
        for rule in rules
    }
    known = {at: cell.value for at, cell in shares.items() if cell.value is not None}
    if not known:
        components.paper(pieces.groups_unknown(stage), key="none")
        return
    shades = {
        at: shade for rule in rules for at, shade in _shades(known, rule.key).items()
    }  # a group each: the rarest has its own darkest
    total = (h("b", stage.t("total")), *(_count(stage, rule) for rule in rules))
    body = [
        (
            pieces.link(stage.href(_opens(place.level), region=place.code), place.short_name),
            *(
                _cell(
                    stage,
                    place.code,
                    rule,
                    values,
                    known.get((place.code, rule.key)),
                    shades.get((place.code, rule.key)),
                )
                for rule in rules
            ),
        )
        for place in places
    ]
    head = (stage.t("place"), *(stage.named(rule) for rule in rules))
    html = h(
        "section",
        pieces.heading(_highest(stage, rules, [p.code for p in places]), stage.t("heat_sub")),
        pieces.table(head, [total, *body], numeric=range(1, len(head)), cls="data tight"),
        threshold_sources.note(stage, rules, stage.view.year),
    )
    components.paper(html, key="heat")


def _highest(stage: Stage, rules: Sequence[Rule], codes: Sequence[str]) -> str:
    """Where the group that most belong to here weighs most, as a sentence."""
    shares = [stage.county.indicators[groups.share_of(rule)] for rule in rules]
    # To have left poverty in 2014 or 2015 is no distress by itself, unless it is what is asked for.
    worse = [one for one in shares if one.better == "lower"] or shares
    indicator = max(worse, key=lambda one: stage.cell(one.key).value or 0.0)
    return chart_blocks.over(stage, indicator, codes, stage.view.year, stage.t("places"))


def _shades(known: Mapping[tuple[str, str], float], rule: str) -> dict[tuple[str, str], int | None]:
    """The class of each place's share of one group, among the places."""
    shares = {at: share for at, share in known.items() if at[1] == rule}
    return dict(zip(shares, classify(shares.values(), make_breaks(shares.values())), strict=True))


def _count(stage: Stage, rule: Rule) -> Markup:
    value = stage.cell(groups.indicator_of(rule)).value
    return pieces.number(stage, value, "households", stage.href("ledgers", group=rule.key))


def _cell(
    stage: Stage,
    place: str,
    rule: Rule,
    values: Mapping[tuple[str, str], float | None],
    share: float | None,
    shade: int | None,
) -> pieces.Td:
    opens = stage.href("ledgers", region=place, group=rule.key)
    content: Markup = pieces.number(stage, values[place, rule.key], "households", opens)
    if share is not None:
        content = h("span", content, h("small", stage.measure("percent").text(share)))
    return pieces.Td(content, "heat heat-missing" if shade is None else f"heat heat-{shade}")


def _opens(level: str) -> str:
    return "village" if level == "village" else "risk_groups"


def overlap(stage: Stage) -> None:
    """Which groups occur together."""
    rules = stage.county.rules
    found = groups.overlaps(stage.reader, rules, stage.view.region, stage.view.year)
    if not found:
        return
    several = groups.in_several(stage.reader, rules, stage.view.region, stage.view.year)
    measure = stage.measure("households")
    title = stage.t("overlap_finding", count=measure.number(several))
    sub = stage.t("overlap_sub", place=stage.name(stage.view.region), year=stage.view.year)
    cells = {key: stage.cell(groups.indicator_of(rule)).value or 0 for key, rule in rules.items()}
    chart = overlaps.overlap(
        [overlaps.Group(key, stage.named(rule), int(cells[key])) for key, rule in rules.items()],
        [
            overlaps.Intersection(
                frozenset(keys), count, stage.href("ledgers", group=".".join([ONLY, *keys]))
            )
            for keys, count in found
        ],
        measure=measure,
        words=chart_blocks.words(title, sub, stage.t("group"), measure.unit, stage=stage),
        horizontal=True,
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "overlap", stage)


def of_data_date(stage: Stage) -> None:
    """Which blocks the chosen year does not rule, where it is not the data date's."""
    if stage.view.year != stage.newest:
        told = stage.t("risk_of_data_date", year=stage.view.year, date=stage.county.data_date)
        components.paper(h("p", told, cls="banner"), key="of_data_date")


def states(stage: Stage) -> None:
    """The ledgers' entries by state: all of them, and a row a group."""
    found = groups.ledger_states(stage.reader, stage.view.region)
    total, every = groups.all_groups(found, _STATES)
    measure = stage.measure("entries")
    share = stage.measure("percent").text(percent(total["overdue"], every))
    title = stage.t(
        "states_finding",
        date=stage.county.data_date,
        count=measure.number(total["overdue"]),
        share=share,
        standing=measure.number(total["closed_standing"]),
    )
    sub = stage.t("states_sub", place=stage.name(stage.view.region), date=stage.county.data_date)
    chart = bars.states(
        [
            bars.Segment(
                label("ledger_state", state, stage.lang),
                total[state],
                state,
                stage.in_ledgers(state=state, by=ENTRY),
            )
            for state in _STATES
        ],
        measure=measure,
        words=chart_blocks.words(title, sub, stage.t("state"), measure.unit, "%", stage=stage),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "states", stage)
    rows = [
        (
            stage.named(rule),
            *(
                pieces.number(
                    stage,
                    found.get(key, {}).get(state, 0),
                    "entries",
                    stage.in_ledgers(ledger=key, state=state, by=ENTRY),
                )
                for state in _STATES
            ),
        )
        for key, rule in _rules(stage).items()
    ]
    head = (stage.t("group"), *(label("ledger_state", s, stage.lang) for s in _STATES))
    components.paper(pieces.table(head, rows, numeric=range(1, len(head))), key="states_by_group")


def check(stage: Stage) -> None:
    """What the rules find against what the townships' ledgers hold."""
    found = groups.findings(stage.reader, stage.view.region)
    kinds = ("agree", "missing", "without_cause")
    total, _ = groups.all_groups(found, kinds)
    measure = stage.measure("households")
    title = stage.t(
        "check_finding",
        date=stage.county.data_date,
        missing=measure.number(total["missing"]),
        without=measure.number(total["without_cause"]),
    )

    def opens(key: str, kind: str) -> str:
        return "" if kind == "agree" else stage.in_ledgers(ledger=key, state=kind)

    rows = [
        (
            stage.named(rule),
            pieces.number(
                stage,
                stage.cell(groups.indicator_of(rule), year=stage.newest).value,
                "households",
                stage.href("ledgers", group=key, year=stage.newest),
            ),
            *(
                pieces.number(stage, found.get(key, {}).get(k, 0), "households", opens(key, k))
                for k in kinds
            ),
        )
        for key, rule in _rules(stage).items()
    ]
    head = (stage.t("group"), stage.t("found_by_rule"), *(stage.t(kind) for kind in kinds))
    html = h(
        "section",
        pieces.heading(title, stage.t("check_sub")),
        pieces.table(head, rows, numeric=range(1, 5)),
    )
    components.paper(html, key="check")
