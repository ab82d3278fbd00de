"""The places that the filter bar offers: townships and zones, then the villages of a township."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from metrics.county import Place
from metrics.zones import ZONE
from views.context.stage import Stage
from views.context.zoned import narrows


class Offer(NamedTuple):
    """A widget of places: its key, its label's term, codes in order, how each reads, the chosen."""

    key: str
    label: str
    options: list[str]
    read: Callable[[str], str]
    chosen: str


def townships(stage: Stage) -> Offer | None:
    """The whole, its townships, and its zones; None for who sees one township."""
    county, township = stage.county, _township(stage)
    root = county.places[stage.bounds.root]
    if root.level != "county":
        return None
    every = zones(stage)
    chosen = root.code if stage.zone is None else stage.zone.code
    if township is not None and township.level == "township":
        chosen = township.code

    def read(code: str) -> str:
        if code in every:
            return county.zones[code].name(stage.wide.scope)
        if code != root.code:
            return county.places[code].short_name
        return stage.t("whole_county" if stage.wide.scope.contains(code) else "all_seen")

    inside = [place.code for place in county.children(county.code, stage.scope)]
    return Offer("bar_township", "township", [root.code, *inside, *every], read, chosen)


def villages(stage: Stage) -> Offer | None:
    """A township and its villages; None where no township is shown."""
    township = _township(stage)
    if township is None or township.level != "township":
        return None
    inside = [place.code for place in stage.county.children(township.code, stage.scope)]

    def read(code: str) -> str:
        if len(code) != 9:
            return stage.county.places[code].short_name
        return stage.t("all_villages" if stage.scope.contains(code) else "all_seen")

    # A widget of its own for each township: the last one's choice, gone from these options,
    # would count as a change and write the old place back.
    key = f"bar_village_{township.code}"
    return Offer(key, "village", [township.code, *inside], read, stage.place.code)


def _township(stage: Stage) -> Place | None:
    """The township shown, or the place that the one shown lies in."""
    here = stage.place
    if here.level == "township":
        return here
    over = stage.county.places.get(here.parent or "")
    # Who sees one village chooses no other.
    return over if over is not None and over.code in stage.bounds.places else None


def zones(stage: Stage) -> list[str]:
    """The zones, and of the one shown the grids of villages directly in it; none on a page that no
    zone narrows."""
    if not narrows(stage.spec):
        return []
    every, zone = stage.county.zones, stage.zone
    shown = [code for code in stage.bounds.zones if every[code].level == ZONE]
    if zone is None:
        return shown
    inside = [code for code in stage.bounds.zones if every[code].parent == zone.code]
    return list(dict.fromkeys((*shown, zone.code, *inside)))


def to_place(stage: Stage, code: str) -> dict[str, Any]:
    """A zone in place of another and of all places, the whole in place of a zone; of a zone, the
    part that lies in a township."""
    if code in stage.county.zones:
        return {"zone": code, "region": stage.bounds.root}
    if code == stage.bounds.root:
        return {"zone": None, "region": code}
    return {"region": code}
