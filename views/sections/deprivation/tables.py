"""H, A, M0 and each dimension's share by place and by year, and the villages that weigh most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from charts import theme
from metrics import deprivation
from metrics.deprivation import DIMENSIONS, M0, RULE, Profile, share_of
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces
from views.sections.deprivation.screen import Here, named
from views.sections.overview.long_view import trend

_RATES = ("headcount", "intensity", "m0")
_VILLAGE = 12  # digits of its code
# Since then nobody is poor by the line, and a scale for 2014 shows no difference any more.
_CLEARED = 2020


def worst(stage: Stage) -> None:
    """The villages that contribute most to the place's M0, at most seven."""
    if stage.place.level == "village":
        return
    found = _by_village(stage)
    whole = deprivation.together(found.values())
    rows = [_village(stage, code, found[code], whole) for code in deprivation.worst(found)]
    if not rows:
        return
    rows.append(_village(stage, stage.view.region, whole, whole))
    head = _head(stage, "village", "deprived_of_m0", "deprived_foremost")
    table = pieces.table(head, rows, numeric=range(1, len(head) - 1), cls="data tight")
    html = pieces.folded(stage.t("deprived_worst"), stage.t("deprived_worst_sub"), table)
    components.paper(html, key="worst")


def _village(stage: Stage, code: str, one: Profile, whole: Profile) -> tuple[Any, ...]:
    return (
        pieces.link(stage.href("deprivation", region=code), stage.name(code)),
        *_counted(stage, one, code, stage.view.year),
        *_rates(stage, one),
        pieces.number(stage, one.share_of(whole), "percent"),
        _foremost(stage, one),
    )


def _by_village(stage: Stage) -> dict[str, Profile]:
    return deprivation.by_place(
        stage.reader, stage.county.parameters, stage.view.region, stage.view.year, _VILLAGE
    )


def _foremost(stage: Stage, profile: Profile) -> str:
    first = profile.foremost()[:1]
    return named(stage, first[0]) if first else "—"


def places(stage: Stage, here: Here) -> None:
    """Every place in the one shown: what it contributes; the parts add up to the last row."""
    codes = [place.code for place in stage.county.children(stage.view.region, stage.scope)]
    if not codes:
        codes = [stage.view.region]
    year, whole = stage.view.year, here.whole
    rows = [_place(stage, code, here.places.get(code, Profile({})), whole) for code in codes]
    if codes != [stage.view.region]:
        rows.append(_place(stage, stage.view.region, whole, whole))
    head = [
        *_head(stage, "place", "deprived_people_of", "deprived_of_m0"),
        *(named(stage, one) for one in DIMENSIONS),
        stage.t("deprived_untold_people"),
    ]
    html = h(
        "section",
        pieces.heading(
            stage.t("deprived_every_place", year=year), stage.t("deprived_every_place_sub")
        ),
        h("div", pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight"),
          cls="wide"),
    )  # fmt: skip
    components.paper(html, key="places")


def _place(stage: Stage, code: str, one: Profile, whole: Profile) -> tuple[Any, ...]:
    year, opened = stage.view.year, stage.href("deprivation", region=code)
    return (
        pieces.Td(pieces.link(opened, stage.name(code)), "firm"),
        *_counted(stage, one, code, year),
        *_rates(stage, one),
        pieces.number(stage, one.people_of(whole), "percent"),
        pieces.number(stage, one.share_of(whole), "percent"),
        *_shares(stage, one, code, year),
        _untold(stage, one, code, year),
    )


def years(stage: Stage) -> None:
    """The place by year: M0 until the poverty rate came to nothing and since then; all numbers."""
    indicator = stage.county.indicators[M0]
    told = [year for year in stage.county.cube.years(M0) if year in stage.bounds.years]
    drawn: list[Callable[[], None]] = []
    for key, years in (
        ("trend", [year for year in told if year <= _CLEARED]),
        ("trend_late", [year for year in told if year >= _CLEARED]),
    ):
        if len(years) > 1:
            chart = trend(stage, indicator, theme.HALF, (years[0], years[-1]))
            drawn.append(partial(chart_blocks.show, chart, key, stage))
    if drawn:
        chart_blocks.columns(len(drawn), drawn)
    found = deprivation.by_year(
        stage.reader, stage.county.parameters, stage.view.region, stage.bounds.years
    )
    region = stage.view.region
    rows = [
        (
            year,
            *_counted(stage, one, region, year),
            *_rates(stage, one),
            pieces.number(stage, stage.cell("poverty_rate", year=year).value, "percent"),
            *_shares(stage, one, region, year),
            _untold(stage, one, region, year),
        )
        for year, one in reversed(found.items())
    ]
    head = [
        *_head(stage, "year"),
        stage.named(stage.county.indicators["poverty_rate"]),
        *(named(stage, one) for one in DIMENSIONS),
        stage.t("deprived_untold_people"),
    ]
    html = h(
        "section",
        pieces.heading(stage.t("deprived_every_year"), stage.t("deprived_every_year_sub")),
        h("div", pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight"),
          cls="wide"),
    )  # fmt: skip
    components.paper(html, key="years")


def tried(stage: Stage, here: Here) -> None:
    """The place by the thresholds in force, and by the one that is tried out."""
    what, region = stage.view.what, stage.view.region
    profiles = {"what_before": here.whole}
    if what is not None and what.key in deprivation.THRESHOLDS:
        parameters, other = stage.county.parameters, {what.key: what.size}
        found = deprivation.by_place(
            stage.reader, parameters, region, stage.view.year, len(region), other
        )
        profiles["what_after"] = deprivation.together(found.values())
    rows = [(stage.t(name), *_plain(stage, one)) for name, one in profiles.items()]
    head = [*_head(stage, "what_rule"), *(named(stage, one) for one in DIMENSIONS)]
    html = h(
        "section",
        pieces.heading(stage.t("deprived_tried"), stage.t("deprived_tried_sub")),
        h("div", pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight"),
          cls="wide"),
    )  # fmt: skip
    components.paper(html, key="tried")


def _head(stage: Stage, first: str, *more: str) -> list[str]:
    keys = ("deprived_known", "deprived_people", *(f"deprived_{rate}" for rate in _RATES), *more)
    return [stage.t(first), *map(stage.t, keys)]


def _counted(stage: Stage, one: Profile, code: str, year: int) -> tuple[Markup, Markup]:
    """People who are known, and those of them who are poor: these open their households."""
    behind = stage.behind(deprivation.PEOPLE, code, year) if one.poor_people else ""
    return (
        pieces.number(stage, one.people, "people"),
        pieces.number(stage, one.poor_people, "people", behind),
    )


def _rates(stage: Stage, one: Profile) -> Iterable[Markup]:
    return [pieces.number(stage, getattr(one, name), "percent") for name in _RATES]


def _shares(stage: Stage, one: Profile, code: str, year: int) -> Iterable[Markup]:
    """What each dimension contributes, each opening the poor households that lack it."""
    for dimension in DIMENSIONS:
        share = one.share(dimension)
        behind = stage.behind(share_of(dimension), code, year) if share else ""
        yield pieces.number(stage, share, "percent", behind)


def _untold(stage: Stage, one: Profile, code: str, year: int) -> Markup:
    some = bool(one.unknown_households)
    behind = stage.selected("rule", RULE, "unknown", region=code, year=year) if some else ""
    return pieces.number(stage, one.unknown_people, "people", behind)


def _plain(stage: Stage, one: Profile) -> Iterable[Markup]:
    counts = (one.people, one.poor_people)
    rates: Mapping[str, float | None] = {name: one.share(name) for name in DIMENSIONS}
    yield from (pieces.number(stage, count, "people") for count in counts)
    yield from _rates(stage, one)
    yield from (pieces.number(stage, rate, "percent") for rate in rates.values())
