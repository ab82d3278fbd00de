"""Where the households of the sites came from: the sites on the map, a line from each village."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from charts import map_deck
from charts.map_deck import Site
from charts.map_outline import Flow, middle, stroke
from metrics import relocation
from store.shapes import current_version, read_index, shapes_folder
from views.browser import components
from views.browser.markup import Markup, h, join
from views.context.stage import Stage
from views.parts import chart_blocks, pieces
from views.parts.svg_map import SvgMap

_SIZES = {"phone": (362, 300), "page": (760, 480), "wall": (1150, 800)}
_MOST = 7


def draw(stage: Stage) -> None:
    """The map with its flows, and the largest of them as a table."""
    found = relocation.flows(stage.reader, stage.view.region, stage.newest)
    if not found:
        none = pieces.empty(stage, stage.t("part_origins"), stage.t("no_rows_hint"))
        components.paper(none, key="origins")
        return
    chart_blocks.columns([5, 3], [lambda: _map(stage, found), lambda: _largest(stage, found)])


def _finding(stage: Stage, found: Sequence[Mapping[str, Any]]) -> str:
    top = relocation.largest_flow(found)
    if top is None:
        return stage.t("relocation_flows_none")
    return stage.t(
        "relocation_flows",
        village=stage.name(top["village_code"]),
        site=top["name"],
        count=f"{top['households']:,}",
    )


def _map(stage: Stage, found: Sequence[Mapping[str, Any]]) -> None:
    drawn, share = relocation.main_flows(found)
    told = stage.measure("percent").text(share)
    sub = stage.t("relocation_flows_sub", drawn=len(drawn), share=told)
    heading = pieces.heading(_finding(stage, found), sub)
    folder = shapes_folder(stage.county.home.path)
    version = current_version(stage.county.home.path, stage.county.code)
    if version is None:
        none = pieces.empty(stage, stage.t("no_shapes"), stage.t("no_shapes_hint"))
        components.paper(join(heading, none), key="origins_map")
        return
    index = read_index(folder, version)
    picture = SvgMap(
        folder.joinpath(version),
        "village",
        map_deck.bounds_of(index, stage.view.region),
        _SIZES[components.screen_size()],
        {},
        {},
        lambda code: stage.href("village", region=code),
        None,
        _sites(stage, found),
        _flows(stage, drawn, index["village"]),
    )
    alt = stage.t("relocation_map_alt", place=stage.place.name)
    components.paper(join(heading, picture.draw(alt)), key="origins_map")


def _sites(stage: Stage, found: Sequence[Mapping[str, Any]]) -> list[Site]:
    """Each site once."""
    return [
        Site(row["name"], row["longitude"], row["latitude"], row["site_village"])
        for row in {row["site_id"]: row for row in found}.values()
    ]


def _flows(
    stage: Stage, found: Sequence[Mapping[str, Any]], index: Mapping[str, map_deck.Bounds]
) -> list[Flow]:
    most = found[-1]["households"]
    return [
        Flow(
            middle(index[row["village_code"]]),
            (row["longitude"], row["latitude"]),
            stroke(row["households"], most),
            _told(stage, row),
        )
        for row in found
        if row["village_code"] in index
    ]


def _told(stage: Stage, row: Mapping[str, Any]) -> str:
    return stage.t(
        "relocation_flow",
        village=stage.name(row["village_code"]),
        site=row["name"],
        count=f"{row['households']:,}",
    )


def _largest(stage: Stage, found: Sequence[Mapping[str, Any]]) -> None:
    """The largest flows; each number opens the households of that village and site."""
    rows = [
        (
            pieces.link(stage.href("village", region=row["village_code"]),
                        stage.name(row["village_code"])),
            row["name"],
            _opens(stage, row),
        )
        for row in list(reversed(found))[:_MOST]
    ]  # fmt: skip
    head = [stage.t(key) for key in ("village_of_origin", "site", "unit_households")]
    table = pieces.table(head, rows, numeric=(2,), cls="data tight")
    title = pieces.heading(stage.t("relocation_flows_table"), stage.t("relocation_flows_table_sub"))
    components.paper(h("section", title, table), key="flows")


def _opens(stage: Stage, row: Mapping[str, Any]) -> Markup:
    if not relocation.allows((row["site_id"],)):
        return pieces.number(stage, row["households"], "households")
    href = stage.selected("site", row["site_id"], region=row["village_code"], year=stage.newest)
    return pieces.number(stage, row["households"], "households", href)
