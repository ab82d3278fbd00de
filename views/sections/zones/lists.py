"""The lists of the page of zones: grids with their leaders, villages with the zones they are in."""

from __future__ import annotations

from glossary import label
from metrics import matters
from metrics.conditions import Condition
from views.context.stage import Stage
from views.parts import paged_list


def grids(stage: Stage) -> None:
    """Every zone and grid with its leader and households, those not in order first."""
    region, year = stage.view.region, stage.newest
    count, wrong = matters.count_grids(stage.reader, region, year)
    wanted = paged_list.Wanted(
        stage.t("zones_grid_count", count=f"{count:,}", wrong=f"{wrong:,}"),
        f"{stage.place.name} · {stage.county.data_date}",
        count,
        lambda reader, *page: matters.grids(reader, region, year, *page),
    )
    column = paged_list.Column

    def lived(row: paged_list.Row) -> str:
        if not row["grid_households"] or row["zone_code"] not in stage.bounds.grids:
            return ""
        return stage.href("ledgers", where=(Condition("zone", (row["zone_code"],)),))

    paged_list.show(
        stage,
        wanted,
        [
            column("zone_code", lambda row: row["zone_code"], cls="firm"),
            column("zone_level", lambda row: label("zone_level", row["zone_level"], stage.lang)),
            column("zone_name", lambda row: row["zone_name"] or "—", cls="firm", width=18),
            column("zone_leader", lambda row: row["zone_leader"] or stage.t("zones_no_leader")),
            column("zone_leader_post", lambda row: row["zone_leader_post"] or "—"),
            column("zone_villages", lambda row: row["zone_villages"], numeric=True),
            column("grid_households", lambda row: row["grid_households"], lived, numeric=True),
        ],
    )


def members(stage: Stage) -> None:
    """Every village with the zones that it is in, gaps and overlaps first."""
    region = stage.view.region
    count, missing, several = matters.count_members(stage.reader, region)
    wanted = paged_list.Wanted(
        stage.t("zones_member_count", count=f"{count:,}", missing=missing, several=several),
        f"{stage.place.name} · {stage.county.data_date}",
        count,
        lambda reader, *page: matters.members(reader, region, *page),
    )
    column = paged_list.Column

    def within(row: paged_list.Row) -> str:
        found = dict.fromkeys(filter(None, (row["zone"], row["other"])))
        names = [stage.county.zones[c].name(stage.scope) for c in found if c in stage.county.zones]
        return " · ".join(names) or stage.t("zones_no_zone")

    paged_list.show(
        stage,
        wanted,
        [
            paged_list.village(stage),
            column("zone", within, cls="firm", width=24),
            column("zones_of_village", lambda row: row["zones"], numeric=True),
            column("zones_grid", lambda row: row["grid"] or "—"),
        ],
    )
