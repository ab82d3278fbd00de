"""The map itself: a deck where the browser draws WebGL, the same as markup where it does not."""

from __future__ import annotations

from charts import map_deck
from store.shapes import current_version, read_index, schematic_levels, shapes_folder
from views.browser import components
from views.browser.markup import h
from views.context import address
from views.parts import pieces
from views.parts.svg_map import SvgMap
from views.scenes import block
from views.scenes.block import Block, Places
from views.sections.map.numbers import Shown

# Width and height in pixels of the map by size of screen.
_SIZES = {"phone": (362, 300), "page": (850, 425), "wall": (1270, 820), "slide": (850, 470)}
_NAMED = 5  # places without a shape that are named
_ZOOM = ("map_nearer", "map_farther", "map_back")


def picture(shown: Shown) -> Block:
    """The map, by WebGL or as markup where the browser has none."""
    stage = shown.stage
    version = current_version(stage.county.home.path, stage.county.code)
    if version is None:
        none = pieces.empty(stage, stage.t("no_shapes"), stage.t("no_shapes_hint"))
        return block.html("no_shapes", none)
    labels = {code: shown.measure.text(cell.value) for code, cell in shown.cells.items()}
    name = stage.named(shown.indicator)
    alt = stage.t("map_alt", place=stage.place.name, year=stage.view.year, indicator=name)
    draw = _deck if components.draws_maps() else _svg
    return draw(shown, version, labels, alt)


def _deck(shown: Shown, version: str, labels: dict[str, str], alt: str) -> Block:
    stage, size = shown.stage, _SIZES[components.screen_size()]
    index = read_index(shapes_folder(stage.county.home.path), version)
    drawn = map_deck.village_map(
        f"{address.base()}/shapes/{version}",
        index,
        shown.level,
        shown.classes,
        palette=shown.palette,
        size=size,
        selected=shown.selected,
        focus=stage.view.region,
        sites=shown.sites,
    )
    regions = list(index[shown.level])
    known = [code for code in regions if code in stage.bounds.places]
    places = Places(
        map_deck.labelled(regions, labels, shown.sites),
        _form(shown, shown.level),
        _form(shown, "village"),
        None if len(known) == len(regions) else known,
        [stage.t(key) for key in _ZOOM],
    )
    return block.deck("map", drawn, places, height=size[1], alt=alt)


def _form(shown: Shown, level: str) -> str:
    """Where places of a level open, with ``{code}`` for theirs."""
    county = shown.stage.county
    place = next(place for place in county.places.values() if place.level == level)
    return shown.opens(place).replace(place.code, "{code}")


def _svg(shown: Shown, version: str, labels: dict[str, str], alt: str) -> Block:
    stage = shown.stage
    folder, colors = shapes_folder(stage.county.home.path), shown.palette
    drawn = SvgMap(
        folder / version,
        shown.level,
        map_deck.bounds_of(read_index(folder, version), stage.view.region),
        _SIZES[components.screen_size()],
        {code: None if n is None else colors[n] for code, n in shown.classes.items()},
        labels,
        lambda code: shown.opens(stage.county.places[code]),
        shown.selected,
        shown.sites,
    )
    return block.html("map", h("div", drawn.draw(alt)))


def shapes_note(shown: Shown, level: str) -> str:
    """What the map's shapes are not: real where they are schematic, there where one is missing.

    ``level`` is the word for the places drawn.
    """
    stage = shown.stage
    folder = shapes_folder(stage.county.home.path)
    version = current_version(stage.county.home.path, stage.county.code)
    if version is None:
        return ""
    notes = []
    if shown.level in schematic_levels(folder, version):
        notes.append(stage.t("shapes_schematic", level=level))
    drawn = read_index(folder, version)[shown.level]
    missing = [stage.name(code) for code in shown.values if code not in drawn]
    if missing:
        names = ("、" if stage.lang == "zh" else ", ").join(missing[:_NAMED])
        several = "shapes_missing_more" if len(missing) > _NAMED else "shapes_missing"
        notes.append(stage.t(several, count=len(missing), names=names))
    return " ".join(notes)
