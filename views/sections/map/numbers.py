"""The numbers of the map page: places, their values, classes and colours, each made once a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from charts import map_deck, theme
from charts.class_scale import Scale, lasting, of_year
from charts.number_format import Measure
from metrics.county import Place
from metrics.cube import Cell
from metrics.files import settlement_sites
from metrics.registry import Indicator
from views.context.stage import Stage


@dataclass(frozen=True)
class Shown:
    """What a view of the page is of."""

    stage: Stage
    indicator: Indicator

    @cached_property
    def places(self) -> list[Place]:
        """The places of the level that lie in the place shown, or hold it."""
        stage, region = self.stage, self.stage.view.region
        return [
            place
            for place in stage.county.level(stage.view.level, stage.scope)
            if place.code.startswith(region) or region.startswith(place.code)
        ]

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """Their numbers, by code."""
        stage, codes = self.stage, [place.code for place in self.places]
        return stage.county.cube.across(self.indicator.key, codes, stage.view.year, stage.scope)

    @cached_property
    def values(self) -> dict[str, float | None]:
        return {code: cell.value for code, cell in self.cells.items()}

    @cached_property
    def measure(self) -> Measure:
        return self.stage.measure(self.indicator.unit)

    @cached_property
    def scale(self) -> Scale:
        """The classes of the colours: the same for every place and year, or this year's own."""
        stage = self.stage
        if stage.view.scale == "year":
            return of_year(self.values.values(), self._step)
        about = ("map scale", self.indicator.key, stage.view.level, stage.scope)
        return stage.county.kept(about, self._lasting)

    @property
    def _step(self) -> float:
        return 1.0 if self.measure.kind == "count" else 0.1

    def _lasting(self) -> Scale:
        stage, key = self.stage, self.indicator.key
        cube, codes = (
            stage.county.cube,
            [place.code for place in stage.county.level(stage.view.level, stage.scope)],
        )
        every = (
            cell.value
            for year in cube.years(key)
            for cell in cube.across(key, codes, year, stage.scope).values()
        )
        return lasting(every, self._step)

    @cached_property
    def classes(self) -> dict[str, int | None]:
        """Each place's class; None where its number is not known."""
        return {code: self.scale.place(value) for code, value in self.values.items()}

    @cached_property
    def palette(self) -> tuple[str, ...]:
        """A colour a class: zero has one of its own, and what is less is of another kind."""
        scale = self.scale
        below = theme.BELOW_ZERO[len(theme.BELOW_ZERO) - scale.below :]
        above = theme.RAMP[: len(scale.bounds) - scale.zero - scale.below]
        return (*below, *((theme.ZERO,) if scale.zero else ()), *above)

    @property
    def level(self) -> map_deck.Level:
        """The level of the shapes that are coloured."""
        return "township" if self.stage.view.level == "township" else "village"

    @property
    def selected(self) -> str | None:
        """The place that is marked; None where the whole county is shown."""
        region = self.stage.view.region
        return region if region != self.stage.county.code else None

    @cached_property
    def sites(self) -> list[map_deck.Site]:
        """Settlement sites as points, with the households that moved there."""
        stage = self.stage
        about = ("map sites", stage.view.region, stage.scope)
        rows = stage.county.kept(about, lambda: settlement_sites(stage.reader, stage.view.region))
        unit, short = stage.measure("households"), stage.t("relocated_short")
        return [
            map_deck.Site(
                row["name"],
                row["longitude"],
                row["latitude"],
                row["village_code"],
                f"{short} {unit.text(row['households'])}",
            )
            for row in rows
            if row["longitude"] is not None and row["latitude"] is not None
        ]

    def opens(self, place: Place) -> str:
        """A village opens its page; a township opens the map of its villages."""
        if place.level == "village":
            return self.stage.href("village", region=place.code)
        return self.stage.href("map", region=place.code, level="village")
