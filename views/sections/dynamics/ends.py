"""The two ends that the dynamics page compares: two years of a snapshot, or two snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metrics import dynamics, people, turns
from metrics.dynamics import Span
from metrics.turns import Turns
from store.snapshots import NoSnapshot, SnapshotDamaged
from views.browser import components
from views.context import choice_bar
from views.context.counties import county
from views.context.stage import Stage
from views.parts import pieces, withdrawn_notice


@dataclass(frozen=True, slots=True)
class Ends:
    """The two ends in words, what lies between, and how the people in it are counted.

    ``before`` is the number of the earlier snapshot, 0 where two years of one are compared.
    ``set_up``: the earlier year shows the register as it was set up, so that what was recorded in
    that year lies between the ends too.
    """

    then: str
    now: str
    span: Span
    people: people.Members | people.Counts
    before: int = 0
    set_up: bool = False


def ends(stage: Stage) -> Ends | None:
    """The two ends that the address asks for; None where there is no earlier one."""
    number = _against(stage)
    found = _snapshots(stage, number) if number else None
    return found or _years(stage)


def _against(stage: Stage) -> int | None:
    """The earlier snapshot that is asked for, if it is one of the same county's."""
    chosen = stage.view.against
    return chosen if chosen in _earlier(stage) else None


def _earlier(stage: Stage) -> list[int]:
    home, here = stage.county.home, stage.county.snapshot
    others = (n for n in stage.bounds.snapshots if n < here.number)
    return [n for n in others if home.open(n, verify=False).county_code == here.county_code]


def _since(stage: Stage) -> int | None:
    """The earlier year: the one asked for, or the one before the year shown."""
    before = [year for year in stage.bounds.years if year < stage.view.year]
    chosen = stage.view.since
    return chosen if chosen in before else max(before, default=None)


def _years(stage: Stage) -> Ends | None:
    since, year, region = _since(stage), stage.view.year, stage.view.region
    if since is None:
        return None
    reader = stage.reader
    set_up, until = dynamics.as_set_up(reader, since, region), date(year, 12, 31)
    if set_up:
        happened = dynamics.after_set_up(reader, since, until, region)
    else:
        happened = dynamics.events(reader, date(since, 12, 31), until, region)
    span = Span(
        reader,
        dynamics.standing(reader, since, region),
        dynamics.standing(reader, year, region),
        happened if dynamics.loaded(stage.county.snapshot) else None,
        dynamics.events(reader, date(since - 1, 12, 31), date(since, 12, 31), region),
    )
    then = stage.t("year_set_up" if set_up else "end_of_year", year=since)
    now = stage.t("end_of_year", year=year)
    return Ends(then, now, span, people.Counts(reader), set_up=set_up)


def _snapshots(stage: Stage, number: int) -> Ends | None:
    """An earlier snapshot and this one; None where the earlier one cannot be opened."""
    try:
        before = county(number)
    except (NoSnapshot, SnapshotDamaged):
        return None
    region, now = stage.view.region, stage.county
    earlier = before.reader(stage.scope, reveal=stage.reveal)
    happened = dynamics.events(stage.reader, before.data_date, now.data_date, region)
    span = Span(
        stage.reader,
        dynamics.standing(earlier, before.data_date.year, region),
        dynamics.standing(stage.reader, now.data_date.year, region),
        happened if dynamics.loaded(now.snapshot) else None,
    )
    then = people.members(earlier, region)
    counted = people.Members(
        stage.reader, then, people.members(stage.reader, region), before.data_date
    )
    return Ends(str(before.data_date), str(now.data_date), span, counted, number)


def turned(stage: Stage, found: Ends) -> Turns | None:
    """What turned between two data dates; None between two years of one."""
    if not found.before:
        return None
    return turns.between(county(found.before), stage.county, stage.reader, stage.view.region)


def choices(stage: Stage) -> None:
    """What is compared: two years, or two snapshots."""
    number = _against(stage)
    found = []
    if earlier := _earlier(stage):
        words = {0: stage.t("two_years")} | withdrawn_notice.dated(stage, "against_of", earlier)
        read = words.__getitem__
        found.append(
            choice_bar.Choice(
                "bar_against", stage.t("against"), list(words), read, number or 0, width=260
            )
        )
    since = _since(stage)
    if since is not None and not number:
        found.append(choice_bar.since(stage, since))
    if found:
        choice_bar.choices(stage, "dynamics_bar", found)


def alone(stage: Stage) -> None:
    """There is no earlier end to compare with."""
    told = pieces.empty(stage, stage.t("dyn_alone"), stage.t("dyn_alone_hint"))
    components.paper(told, key="alone")
