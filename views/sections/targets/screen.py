"""The first screen of /targets: the sentence, and each target as a line with bar and verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from metrics import pace
from metrics.pace import Pace, Verdict
from metrics.registry import Indicator
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, tabs
from views.sections.overview.numbers import Overview

ALL, PLACES = "all", "places"
_PARTS = {None: "part_pace", PLACES: "part_standing", ALL: "part_all_targets"}
MOST = 7
# Shape beside the word of each verdict, as lights have them.
_SHAPES: dict[Verdict, str] = {
    "behind": "bad",
    "on_pace": "ahead",
    "reached": "good",
    "unknown": "open",
}


@dataclass(frozen=True, slots=True)
class Here:
    """The paces of the place shown, the most urgent first, and the one of the address."""

    paces: Mapping[str, Pace]
    asked: str

    @property
    def chosen(self) -> Pace:
        """The address's indicator if it has a target here, else the most urgent one."""
        return self.paces.get(self.asked) or next(iter(self.paces.values()))


def look(stage: Stage) -> Here:
    """What the page tells of the place shown, at the data date."""
    before = Overview(stage).before
    found = pace.paces(stage.county, before, stage.view.region, stage.scope)
    return Here(found, stage.view.indicator)


def headline(stage: Stage, here: Here) -> None:
    """How many targets stand where, and which is farthest off; the page's parts."""
    counts = pace.counted(here.paces)
    first = next(iter(here.paces.values()), None)
    place = stage.place.name
    if first is None:
        title = stage.t("targets_none", place=place)
    elif counts["behind"]:
        name = stage.named(first.indicator)
        title = stage.t("targets_behind", place=place, all=len(here.paces), name=name, **counts)
    else:
        title = stage.t("targets_finding", place=place, all=len(here.paces), **counts)
    loaded = stage.county.snapshot.rows("target")
    sub = stage.t("targets_sub", date=stage.county.data_date, rows=f"{loaded:,}")
    html = h(
        "section",
        h("h1", title),
        h("p", sub, cls="sub"),
        tabs.row(stage, _PARTS, stage.view.part or None),
    )
    components.paper(html, key="headline")


def foremost(stage: Stage, here: Here) -> None:
    """The most urgent targets, the chosen one among them, each a click from its chart."""
    shown = list(here.paces.values())[:MOST]
    if here.chosen not in shown:
        shown = [*shown[: MOST - 1], here.chosen]
    keys = ("indicator", "target_now", "beside_target", "target", "lacking", "verdict")
    head = [stage.t(key) for key in keys]
    rows = [_line(stage, one, here) for one in shown]
    table = pieces.table(head, rows, numeric=(1, 3, 4), cls="data tight bullets")
    more = pieces.link(
        stage.href("targets", part=ALL), stage.t("targets_all", count=len(here.paces))
    )
    html = h("section", pieces.heading(stage.t("targets_list"), stage.t("targets_list_sub")), table,
             more)  # fmt: skip
    components.paper(html, key="foremost")


def _line(stage: Stage, one: Pace, here: Here) -> tuple[Any, ...]:
    key = one.indicator.key
    chosen = one is here.chosen
    name = pieces.link(stage.href("targets", indicator=key), stage.named(one.indicator))
    return (
        pieces.Td(name, "firm chosen" if chosen else "firm"),
        now(stage, one),
        bullet(one),
        aim(stage, one.indicator),
        lacking(stage, one),
        light(stage, one),
    )


def now(stage: Stage, one: Pace) -> Markup:
    """The number of today as one would say it, opening its households."""
    key, value = one.indicator.key, one.now.value
    if value is None:
        return pieces.number(stage, None, one.indicator.unit)
    opens = stage.behind(key, one.place, one.year) if one.now.numerator else ""
    text = stage.measure(one.indicator.unit).compact(value)
    return pieces.link(opens, text, cls=None if value else "muted")


def bullet(one: Pace) -> pieces.Td:
    """The number as a bar, the target as a stroke across it; nothing where it is not known."""
    if one.now.value is None:
        return pieces.Td("", "")
    part, target = one.parts
    return pieces.Td("", "bullet", f"--part: {part:.1f}; --aim: {target:.1f}")


def aim(stage: Stage, indicator: Indicator) -> Markup:
    """The target with its sign; whose it is, on a hover."""
    target = indicator.target
    assert target is not None
    measure = stage.measure(indicator.unit)
    rate = measure.kind == "rate"
    level = measure.level(target.value) if rate else measure.say(target.value)
    return h("span", f"{indicator.target_sign}{level}", title=pieces.whose(stage, target))


def lacking(stage: Stage, one: Pace) -> str:
    """What is lacking, without the unit that the numbers beside it have; a dash where unknown."""
    return stage.measure(one.indicator.unit).compact(one.lacking)


def light(stage: Stage, one: Pace) -> Markup:
    """A verdict as shape and word; with a question mark where the band holds the target."""
    ahead = one.open and one.verdict in ("behind", "on_pace")
    word = stage.t(f"verdict_{one.verdict}")
    hint = stage.t("verdict_open_why") if ahead else None
    return h("span", f"{word}?" if ahead else word, cls=f"light {_SHAPES[one.verdict]}", title=hint)


def every(stage: Stage, here: Here) -> None:
    """All targets with the pace needed, the pace kept and the forecast; unknown ones apart, and
    loaded rows that no number could be held to."""
    known = [one for one in here.paces.values() if one.verdict != "unknown"]
    unknown = [one for one in here.paces.values() if one.verdict == "unknown"]
    keys = ("indicator", "target_now", "beside_target", "target", "lacking", "pace_needed",
            "pace_kept", "pace_forecast", "verdict")  # fmt: skip
    head = [stage.t(key) for key in keys]
    rows: list[pieces.Row | pieces.Band] = [*_rows(stage, known, here)]
    if unknown:
        rows.append(pieces.Band(stage.t("targets_unknown", count=len(unknown))))
        rows += _rows(stage, unknown, here)
    table = pieces.table(head, rows, numeric=(1, *range(3, 8)), cls="data tight bullets")
    html = h(
        "section",
        pieces.heading(stage.t("part_all_targets"), stage.t("pace_sub")),
        h("div", table, cls="wide"),
        _unused(stage),
    )
    components.paper(html, key="every")


def _rows(stage: Stage, found: Iterable[Pace], here: Here) -> list[tuple[Any, ...]]:
    return [
        (*_line(stage, one, here)[:5], yearly(stage, one, one.needed), yearly(stage, one, one.kept),
         ahead(stage, one), light(stage, one))
        for one in found
    ]  # fmt: skip


def yearly(stage: Stage, one: Pace, change: float | None) -> str:
    """A change a year with its sign; a dash where it is not known or no time is left."""
    if change is None:
        return "—"
    return stage.measure(one.indicator.unit).signed(change)


def ahead(stage: Stage, one: Pace) -> str:
    """Where it comes to, with the band if there is one; a dash where that is not known."""
    found, measure = one.forecast, stage.measure(one.indicator.unit)
    if found is None:
        return "—"
    return stage.t(
        "forecast_band",
        value=measure.compact(found.value),
        low=measure.compact(found.low),
        high=measure.compact(found.high),
    )


def _unused(stage: Stage) -> Markup | None:
    """Loaded rows that no number is held to, and why, as far as the viewer sees their place."""
    rows = [
        (one.indicator, stage.name(one.place), str(one.year), stage.t(f"target_unused_{one.why}"))
        for one in stage.county.targets.unused
        if stage.scope.contains(one.place) and one.place.startswith(stage.view.region)
    ]
    if not rows:
        return None
    head = [stage.t(key) for key in ("indicator", "place", "year", "target_unused_why")]
    return h("section", pieces.heading(stage.t("targets_unused", count=len(rows))),
             pieces.table(head, rows, cls="data tight"))  # fmt: skip
