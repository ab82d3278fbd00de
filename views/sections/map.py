"""What the map page draws: the coloured places, the legend that counts them, the table beside."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from charts import map_deck, theme
from charts.class_scale import Scale, lasting, of_year
from charts.number_format import Measure
from metrics.county import Place
from metrics.cube import Cell
from metrics.files import settlement_sites
from metrics.registry import Indicator
from metrics.shares import counted
from store.shapes import current_version, read_index, schematic_levels, shapes_folder
from views.browser import components
from views.browser.markup import Markup, h, join
from views.context import address
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, threshold_sources
from views.parts.svg_map import SvgMap

# Width and height in pixels of the map by size of screen.
_SIZES = {"phone": (362, 300), "page": (850, 470), "wall": (1270, 820), "slide": (850, 470)}
_PLACES = {"township": "townships", "village": "villages"}
_KEY = "map"
_NAMED = 5  # places without a shape that are named


def draw(stage: Stage, indicator: Indicator) -> None:
    """The page: finding, map with legend, and the table of the same numbers."""
    places = [
        place
        for place in stage.county.level(stage.view.level, stage.scope)
        if place.code.startswith(stage.view.region) or stage.view.region.startswith(place.code)
    ]
    cells = stage.county.cube.across(
        indicator.key, [p.code for p in places], stage.view.year, stage.scope
    )
    values = {code: cell.value for code, cell in cells.items()}
    scale = _scale(stage, indicator, values)
    classes = {code: scale.place(value) for code, value in values.items()}
    _heading(stage, indicator, values)
    beside, table = st.columns([5, 2], gap="medium")
    with beside:
        _picture(stage, indicator, classes, cells, _palette(scale))
    with table:
        _legend(stage, indicator, classes, scale)
        _table(stage, indicator, places, cells, classes)


def _scale(stage: Stage, indicator: Indicator, values: Mapping[str, float | None]) -> Scale:
    """The classes of the colours: the same for every place and year, or this year's own."""
    step = 1.0 if stage.measure(indicator.unit).kind == "count" else 0.1
    if stage.view.scale == "year":
        return of_year(values.values(), step)
    county = stage.county
    codes = [place.code for place in county.level(stage.view.level, stage.scope)]
    every = (
        cell.value
        for year in county.cube.years(indicator.key)
        for cell in county.cube.across(indicator.key, codes, year, stage.scope).values()
    )
    return lasting(every, step)


def _palette(scale: Scale) -> tuple[str, ...]:
    """A colour a class: zero has one of its own, and what is less is of another kind."""
    below = theme.BELOW_ZERO[len(theme.BELOW_ZERO) - scale.below :]
    above = theme.RAMP[: len(scale.bounds) - scale.zero - scale.below]
    return (*below, *((theme.ZERO,) if scale.zero else ()), *above)


def _heading(stage: Stage, indicator: Indicator, values: Mapping[str, float | None]) -> None:
    level = stage.t(_PLACES[stage.view.level])
    title = chart_blocks.over(stage, indicator, values, stage.view.year, level)
    sub = (
        chart_blocks.not_in_force(stage, indicator),
        stage.t("map_sub", year=stage.view.year, level=level),
        _shapes_note(stage, list(values)),
    )
    text = " ".join((*filter(None, sub), stage.t("map_hint")))
    doubts = threshold_sources.of_indicator(stage, indicator, stage.view.year)
    components.paper(join(pieces.heading(title, text), doubts), key="map_heading")


def _shapes_note(stage: Stage, codes: list[str]) -> str:
    """What the map's shapes are not: real where they are schematic, there where one is missing."""
    home = stage.county.home.path
    version = current_version(home, stage.county.code)
    if version is None:
        return ""
    level = _level(stage)
    notes = []
    if level in schematic_levels(shapes_folder(home), version):
        notes.append(stage.t("shapes_schematic", level=stage.t(_PLACES[level])))
    drawn = read_index(shapes_folder(home), version)[level]
    missing = [stage.name(code) for code in codes if code not in drawn]
    if missing:
        names = ("、" if stage.lang == "zh" else ", ").join(missing[:_NAMED])
        several = "shapes_missing_more" if len(missing) > _NAMED else "shapes_missing"
        notes.append(stage.t(several, count=len(missing), names=names))
    return " ".join(notes)


def _legend(
    stage: Stage, indicator: Indicator, classes: Mapping[str, int | None], scale: Scale
) -> None:
    """Classes from low to high, each with its bounds and a bar for the places in it; the sites."""
    measure = stage.measure(indicator.unit)
    counts = counted(classes.values())
    most = max([*counts.values(), 1])
    steps = [
        _step(stage, _range(measure, scale, number), counts[number] / most, counts[number], color)
        for number, color in enumerate(_palette(scale))
    ]
    if missing := counts[None]:
        name = stage.t(_missing(stage, indicator))
        steps.append(_step(stage, name, missing / most, missing, theme.MISSING))
    unit = stage.headed(stage.named(indicator), measure.unit)
    how = stage.t("scale_year_told" if stage.view.scale == "year" else "scale_told")
    sites = len(_sites(stage))
    marked = h("p", h("span", cls="site"), " ", stage.t("legend_sites", count=sites), cls="sub")
    html = h(
        "div",
        h("p", unit, cls="sub"),
        h("ul", *steps, cls="legend"),
        h("p", h("small", how), cls="sub"),
        marked if sites else None,
    )
    components.paper(html, key="legend")


def _missing(stage: Stage, indicator: Indicator) -> str:
    """Why a place has no value: nobody was asked in that year, or it cannot be told."""
    return "legend_missing" if indicator.exists(stage.view.year) else "legend_not_in_force"


def _range(measure: Measure, scale: Scale, number: int) -> str:
    """A class's bounds; a rate's classes beside zero begin and end right at it."""
    low, high = (measure.compact(end) for end in scale.ends(number))
    beside = scale.step < 1 and scale.zero
    if beside and number == scale.below + 1:
        return f">0–{high}"
    if beside and number == scale.below - 1:
        return f"{low}…<0"
    # A dash would pass for a sign.
    between = "…" if number < scale.below else "–"
    return low if low == high else f"{low}{between}{high}"


def _step(stage: Stage, name: str, share: float, count: int, color: str) -> Markup:
    return h(
        "li",
        h("span", cls="swatch", style=f"--color:{color}"),
        h("span", name, cls="bounds"),
        h("span", cls="column", style=f"--share:{share:.3f}"),
        h("span", stage.t("legend_places", count=count), cls="count"),
    )


def _picture(
    stage: Stage,
    indicator: Indicator,
    classes: Mapping[str, int | None],
    cells: Mapping[str, Cell],
    palette: tuple[str, ...],
) -> None:
    """The map, by WebGL or as markup where the browser has none."""
    version = current_version(stage.county.home.path, stage.county.code)
    if version is None:
        components.paper(
            pieces.empty(stage, stage.t("no_shapes"), stage.t("no_shapes_hint")), key="no_shapes"
        )
        return
    measure, name = stage.measure(indicator.unit), stage.named(indicator)
    labels = {code: measure.text(cell.value) for code, cell in cells.items()}
    alt = stage.t("map_alt", place=stage.place.name, year=stage.view.year, indicator=name)
    draw = _deck if components.draws_maps() else _svg
    draw(stage, version, classes, labels, palette, alt)


def _deck(
    stage: Stage,
    version: str,
    classes: Mapping[str, int | None],
    labels: Mapping[str, str],
    palette: tuple[str, ...],
    alt: str,
) -> None:
    region = stage.view.region
    size = _SIZES[components.screen_size()]
    drawn = map_deck.village_map(
        f"{address.base()}/shapes/{version}",
        read_index(shapes_folder(stage.county.home.path), version),
        _level(stage),
        classes,
        labels,
        palette=palette,
        size=size,
        selected=_selected(stage),
        focus=region,
        sites=_sites(stage),
    )

    def opened() -> None:
        code = map_deck.clicked(st.session_state[_KEY].get("selection"), stage.bounds.places)
        if code:
            components.go(_opens(stage, stage.county.places[code]))

    st.pydeck_chart(drawn, height=size[1], on_select=opened, key=_KEY, alt=alt)


def _svg(
    stage: Stage,
    version: str,
    classes: Mapping[str, int | None],
    labels: Mapping[str, str],
    palette: tuple[str, ...],
    alt: str,
) -> None:
    folder = shapes_folder(stage.county.home.path)
    drawn = SvgMap(
        folder / version,
        _level(stage),
        map_deck.bounds_of(read_index(folder, version), stage.view.region),
        _SIZES[components.screen_size()],
        {code: None if found is None else palette[found] for code, found in classes.items()},
        labels,
        lambda code: _opens(stage, stage.county.places[code]),
        _selected(stage),
        _sites(stage),
    )
    components.paper(drawn.draw(alt), key="map_svg")


def _level(stage: Stage) -> map_deck.Level:
    return "township" if stage.view.level == "township" else "village"


def _selected(stage: Stage) -> str | None:
    region = stage.view.region
    return region if region != stage.county.code else None


def _opens(stage: Stage, place: Place) -> str:
    """A village opens its page; a township opens the map of its villages."""
    if place.level == "village":
        return stage.href("village", region=place.code)
    return stage.href("map", region=place.code, level="village")


def _sites(stage: Stage) -> list[map_deck.Site]:
    unit = stage.measure("households")
    return [
        map_deck.Site(
            row["name"],
            row["longitude"],
            row["latitude"],
            row["village_code"],
            f"{stage.t('relocated_short')} {unit.text(row['households'])}",
        )
        for row in settlement_sites(stage.reader, stage.view.region)
        if row["longitude"] is not None and row["latitude"] is not None
    ]


def _table(
    stage: Stage,
    indicator: Indicator,
    places: list[Place],
    cells: Mapping[str, Cell],
    classes: Mapping[str, int | None],
) -> None:
    """The same numbers, the largest first; names open places, numbers their households."""
    ordered = sorted(
        places, key=lambda p: (cells[p.code].value is None, -(cells[p.code].value or 0), p.code)
    )
    rows = [
        (
            pieces.link(_opens(stage, place), place.short_name),
            pieces.number(
                stage,
                cells[place.code].value,
                indicator.unit,
                stage.behind(indicator.key, place.code),
            ),
        )
        for place in ordered
    ]
    unit = stage.measure(indicator.unit).unit
    head = (stage.t(stage.view.level), unit)
    html = h("div", pieces.table(head, rows, numeric=(1,)), cls="beside-map")
    components.paper(html, key="map_table")
