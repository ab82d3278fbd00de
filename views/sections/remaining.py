"""What the page of the remaining poor draws: the portrait, its comparison, causes, places."""

from __future__ import annotations

from dataclasses import dataclass

from charts import theme
from charts import upset as overlaps
from charts.dumbbell import Change, dumbbell
from metrics import remaining
from metrics.remaining import CAUSES, HEADLINES, TRAITS, WHO, Portrait
from metrics.subjects import HOUSEHOLD, MEMBER
from views.browser import components
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, threshold_sources
from views.parts.selection_words import cause_name, trait_name

# What stands in the chart: each respect once, without its finer parts.
_CHARTED = (*HEADLINES, "ill", "weak", "unable")
_MOST_CAUSES = 8


@dataclass(frozen=True, slots=True)
class Compared:
    """The portrait here and the one beside it, by which place and year."""

    who: str
    here: Portrait
    there: Portrait
    beside: tuple[str, int]


def compared(stage: Stage) -> Compared:
    """The portrait that the address asks for, and the one beside it."""
    view = stage.view
    who, beside = view.part or WHO[0], view.beside or _beside(stage)
    here = remaining.portrait(stage.reader, view.region, view.year, who)
    return Compared(who, here, remaining.portrait(stage.reader, *beside, who), beside)


def _beside(stage: Stage) -> tuple[str, int]:
    """Without a choice: the county in the same year, or the place itself the year before."""
    view, bounds = stage.view, stage.bounds
    if view.region != bounds.root:
        return bounds.root, view.year
    return view.region, max([y for y in bounds.years if y < view.year], default=view.year)


def choices(stage: Stage, found: Compared) -> None:
    """Who is meant, and what they are held against: another township, or another year."""
    names = {key: stage.t(f"left_{key}") for key in WHO}

    def read_who(key: str) -> str:
        return names[key or WHO[0]]

    def read_beside(pair: tuple[str, int]) -> str:
        return stage.t("beside_of", place=titled(stage, pair))

    wanted = [
        choice_bar.Choice(
            "bar_part",
            stage.t("who"),
            ["", *WHO[1:]],
            read_who,
            stage.view.part or "",
            width=220,
        ),
        choice_bar.Choice(
            "bar_beside",
            stage.t("beside"),
            _options(stage, found.beside),
            read_beside,
            found.beside,
            width=300,
        ),
    ]
    choice_bar.choices(stage, "remaining_bar", wanted)


def _options(stage: Stage, chosen: tuple[str, int]) -> list[tuple[str, int]]:
    view, bounds = stage.view, stage.bounds
    places = [p.code for p in stage.county.level("township", stage.scope)]
    pairs = [(bounds.root, view.year), *((code, view.year) for code in places)]
    pairs += [(view.region, year) for year in sorted(bounds.years, reverse=True)]
    here = (view.region, view.year)
    return list(dict.fromkeys([chosen, *(pair for pair in pairs if pair != here)]))


def titled(stage: Stage, pair: tuple[str, int]) -> str:
    return stage.t("place_in_year", place=stage.name(pair[0]), year=pair[1])


def headline(stage: Stage, found: Compared) -> bool:
    """How many are left and the three shares; a designed nothing, and False, where nobody is."""
    who = stage.t(f"left_{found.who}")
    here = found.here
    if not here.households:
        title = stage.t("remaining_none", place=stage.place.name, year=stage.view.year, who=who)
        empty = pieces.empty(stage, title, stage.t("remaining_none_hint"))
        components.paper(empty, key="none")
        return False
    text = stage.t(
        "remaining_finding",
        place=stage.place.name,
        year=stage.view.year,
        who=who,
        households=f"{here.households:,}",
        people=f"{here.people:,}",
    )
    age = stage.county.parameters["elderly_age_years"]
    sub = stage.t("remaining_sub" if _latest(stage) else "remaining_sub_past")
    cards = [
        _count_card(stage, found, "left_households", "households"),
        _count_card(stage, found, "left_people", "people"),
        *(_card(stage, found, trait) for trait in HEADLINES),
    ]
    html = h(
        "section",
        h("h1", text),
        h("p", sub, " ", threshold_sources.threshold(stage, age, stage.view.year), cls="sub"),
        h("div", *cards, cls="kpis"),
    )
    components.paper(html, key="headline")
    return True


def _latest(stage: Stage) -> bool:
    return stage.view.year == stage.county.data_date.year


def opens(
    stage: Stage,
    who: str,
    trait: str,
    pair: tuple[str, int] | None = None,
    people: bool = False,
) -> str:
    """The households, or the people where a number counts these."""
    region, year = pair or (stage.view.region, stage.view.year)
    by = MEMBER if trait in TRAITS or people else HOUSEHOLD
    return stage.selected("left", who, *trait.split("."), region=region, year=year, by=by)


def _count_card(stage: Stage, found: Compared, name: str, unit: str) -> Markup:
    here, there = getattr(found.here, unit), getattr(found.there, unit)
    measure = stage.measure(unit)
    told = h("span", measure.number(here), h("span", measure.unit, cls="unit"), cls="value")
    return pieces.link(
        opens(stage, found.who, "any", people=unit == "people"),
        h("span", stage.t(name), cls="name"),
        told,
        h("span", _against(stage, found, measure.text(there)), cls="change same"),
        cls="kpi",
    )


def _against(stage: Stage, found: Compared, value: str) -> str:
    return stage.t("against_value", place=titled(stage, found.beside), value=value)


def _card(stage: Stage, found: Compared, trait: str) -> Markup:
    share = found.here.shares[trait]
    told = percent(stage, found.here, trait)
    there = percent(stage, found.there, trait)
    content = (
        h("span", trait_name(trait, stage.lang), cls="name"),
        h("span", told, h("span", "%", cls="unit"), cls="value"),
        h("span", _against(stage, found, there if there == "—" else f"{there}%"),
          cls="change same"),
    )  # fmt: skip
    if not share.people:
        return h("div", *content, cls="kpi")
    return pieces.link(opens(stage, found.who, trait), *content, cls="kpi")


def percent(stage: Stage, portrait: Portrait, trait: str) -> str:
    """A share as text, without its sign: a number, its bounds, or a dash."""
    number = stage.measure("percent").number
    bounds = portrait.bounds(trait)
    if bounds is None:
        return number(portrait.percent(trait))
    return "–".join(map(number, bounds))


def traits(stage: Stage, found: Compared) -> None:
    """Shares here beside the shares there, each opening its households."""
    pairs = [(t, found.there.percent(t), found.here.percent(t)) for t in _CHARTED]
    changes = [
        Change(
            trait_name(t, stage.lang),
            there,
            here,
            opens(stage, found.who, t),
            opens(stage, found.who, t, found.beside),
        )
        for t, there, here in pairs
        if there is not None and here is not None
    ]
    if not changes:
        text = stage.t("remaining_beside_none", place=titled(stage, found.beside))
        components.paper(pieces.empty(stage, text, stage.t("remaining_beside_hint")), key="traits")
        return
    measure = stage.measure("percent")
    names = (titled(stage, found.beside), titled(stage, (stage.view.region, stage.view.year)))
    widest = max(changes, key=lambda change: abs(change.gap))
    gap = measure.gap(abs(widest.gap))
    way = "more" if widest.after > widest.before else "less"
    if widest.after == widest.before:
        way = "same"
    title = stage.t(f"remaining_{way}", trait=widest.name, gap=gap, place=names[0])
    sub = stage.t("remaining_traits_sub", here=names[1], there=names[0])
    heads = (stage.t("trait"), *names, stage.t("gap"))
    chart = dumbbell(
        changes,
        years=_dots(stage, found.beside),
        measure=measure,
        words=chart_blocks.words(title, sub, *heads, stage=stage),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "traits", stage)


def _dots(stage: Stage, beside: tuple[str, int]) -> tuple[str, str]:
    """The words over the two dots, there and here: only what tells them apart."""
    here = (stage.view.region, stage.view.year)
    if beside[0] == here[0]:
        return str(beside[1]), str(here[1])
    if beside[1] == here[1]:
        return stage.name(beside[0]), stage.name(here[0])
    return titled(stage, beside), titled(stage, here)


def causes(stage: Stage, found: Compared) -> None:
    """Which causes occur together, each combination opening its households."""
    view = stage.view
    told = remaining.causes(stage.reader, view.region, view.year, found.who)
    if not told.known:
        return
    each = {key: told.each[key] for key in CAUSES if key in told.each}
    kept = sorted(each, key=lambda key: -each[key])[:_MOST_CAUSES]
    measure = stage.measure("households")
    share = stage.measure("percent").text(told.share_of_several)
    title = stage.t("causes_finding", count=measure.text(told.several), share=share)
    chart = overlaps.overlap(
        [overlaps.Group(key, cause_name(key, stage.lang), each[key]) for key in kept],
        [
            overlaps.Intersection(
                frozenset(keys), n, opens(stage, found.who, ".".join(("causes", *keys)))
            )
            for keys, n in told.together
            if set(keys) <= set(kept)
        ],
        measure=measure,
        words=chart_blocks.words(
            title, stage.t("causes_sub"), stage.t("theme_cause"), measure.unit, stage=stage
        ),
        horizontal=True,
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.below(chart, "causes", stage)
