"""What the map page draws: the coloured places, the legend that counts them, the table beside."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from charts import map_deck, theme
from charts.breaks import class_counts, classify, make_breaks
from charts.number_format import Measure
from metrics.county import Place
from metrics.cube import Cell
from metrics.files import settlement_sites
from metrics.registry import Indicator
from store.shapes import current_version, read_index, schematic_levels, shapes_folder
from views.browser import components
from views.browser.markup import Markup, h, join
from views.context import address
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, threshold_sources

# Width and height in pixels of the map by size of screen.
_SIZES = {"phone": (362, 300), "page": (850, 470), "wall": (1270, 820)}
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
    breaks = make_breaks(values.values(), "jenks")
    classes = dict(zip(values, classify(values.values(), breaks), strict=True))
    _heading(stage, indicator, values)
    beside, table = st.columns([5, 2], gap="medium")
    with beside:
        _deck(stage, indicator, classes, cells)
    with table:
        _legend(stage, indicator, values, classes, breaks)
        _table(stage, indicator, places, cells, classes)


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
    level = "township" if stage.view.level == "township" else "village"
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
    stage: Stage,
    indicator: Indicator,
    values: Mapping[str, float | None],
    classes: Mapping[str, int | None],
    breaks: list[float],
) -> None:
    """Classes from low to high, each with its bounds and a bar for the places in it."""
    measure = stage.measure(indicator.unit)
    counts = class_counts(classes.values(), breaks)
    bounds = [_ends(number, classes, values) for number in range(len(counts))]
    missing = sum(1 for c in classes.values() if c is None)
    most = max([*counts, missing, 1])
    steps = [
        _step(stage, _range(measure, low, high), count / most, count, theme.RAMP[index])
        for index, ((low, high), count) in enumerate(zip(bounds, counts, strict=True))
        if count
    ]
    if missing:
        steps.append(
            _step(
                stage, stage.t(_missing(stage, indicator)), missing / most, missing, theme.MISSING
            )
        )
    unit = stage.headed(stage.named(indicator), measure.unit)
    html = h("div", h("p", unit, cls="sub"), h("ul", *steps, cls="legend"))
    components.paper(html, key="legend")


def _missing(stage: Stage, indicator: Indicator) -> str:
    """Why a place has no value: nobody was asked in that year, or it cannot be told."""
    return "legend_missing" if indicator.exists(stage.view.year) else "legend_not_in_force"


def _ends(
    number: int, classes: Mapping[str, int | None], values: Mapping[str, float | None]
) -> tuple[float, float]:
    """The least and the greatest value in a class: no two classes then share a number."""
    held = [values[code] or 0.0 for code, found in classes.items() if found == number]
    return (min(held), max(held)) if held else (0.0, 0.0)


def _range(measure: Measure, low: float, high: float) -> str:
    ends = dict.fromkeys((measure.compact(low), measure.compact(high)))
    return "–".join(ends)


def _step(stage: Stage, name: str, share: float, count: int, color: str) -> Markup:
    return h(
        "li",
        h("span", stage.t("legend_places", count=count), cls="count"),
        h("span", cls="column", style=f"--share:{share:.3f}"),
        h("span", cls="swatch", style=f"--color:{color}"),
        h("span", name, cls="bounds"),
    )


def _deck(
    stage: Stage,
    indicator: Indicator,
    classes: Mapping[str, int | None],
    cells: Mapping[str, Cell],
) -> None:
    version = current_version(stage.county.home.path, stage.county.code)
    if version is None:
        components.paper(
            pieces.empty(stage, stage.t("no_shapes"), stage.t("no_shapes_hint")), key="no_shapes"
        )
        return
    measure = stage.measure(indicator.unit)
    region = stage.view.region
    size = _SIZES[components.screen_size()]
    drawn = map_deck.village_map(
        f"{address.base()}/shapes/{version}",
        read_index(shapes_folder(stage.county.home.path), version),
        "township" if stage.view.level == "township" else "village",
        classes,
        {code: measure.text(cell.value) for code, cell in cells.items()},
        size=size,
        selected=region if region != stage.county.code else None,
        focus=region,
        sites=_sites(stage),
    )
    name = stage.named(indicator)
    alt = stage.t("map_alt", place=stage.place.name, year=stage.view.year, indicator=name)

    def opened() -> None:
        code = map_deck.clicked(st.session_state[_KEY].get("selection"), stage.bounds.places)
        if code:
            components.go(_opens(stage, stage.county.places[code]))

    st.pydeck_chart(drawn, height=size[1], on_select=opened, key=_KEY, alt=alt)


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
