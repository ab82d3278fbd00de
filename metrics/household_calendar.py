"""One household's calendar: month by month what came in, who came by, what fell due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from metrics.calendars import KINDS
from metrics.files import HouseholdFile

Standing = Literal["done", "overdue", "due"]
_STEPS = (
    *("clue_on", "home_checked_on", "notice_on", "township_checked_on", "identified_on"),
    *("measures_on", "cleared_on"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """Something with a day: of which ``kind`` of record, ``what`` (a key of a code list, a rule's
    or a column's, or text), on which day, and how it stands at the data date."""

    kind: Literal["ledger", "screening", "post", "benefit", "step", "problem"]
    what: str
    on: date
    standing: Standing


@dataclass(frozen=True, slots=True)
class HouseholdMonth:
    """A month of a household: rows of calendar_fact by kind of money, visits (None: before any
    was recorded), and the items of its days."""

    month: date
    payments: Mapping[str, Mapping[str, Any]]
    visits: Sequence[Mapping[str, Any]] | None
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class HouseholdCalendar:
    """The months shown, the kinds of money that any has, and what falls due after them."""

    months: Sequence[HouseholdMonth]
    kinds: Sequence[str]
    later: Sequence[Item]


def calendar_of(
    file: HouseholdFile,
    shown: Sequence[date],
    day: date,
    visits_since: date | None,
    problems: Iterable[Item] = (),
) -> HouseholdCalendar:
    """The calendar of a household for the months ``shown``, each by its first day; ``visits_since``
    is the month of the first visit that the county recorded."""
    items = sorted([*_items(file, day), *problems], key=lambda one: (one.on, one.kind, one.what))
    months = [_month(file, month, day, visits_since, items) for month in shown]
    kinds = [kind for kind in KINDS if any(kind in one.payments for one in months)]
    later = [one for one in items if _first(one.on) > shown[-1] and one.standing != "done"]
    return HouseholdCalendar(months, kinds, later)


def year_of(day: date) -> list[date]:
    """The first days of the twelve months of a data date's year: a sheet for the wall."""
    return [date(day.year, number, 1) for number in range(1, 13)]


def _first(day: date) -> date:
    return day.replace(day=1)


def _month(
    file: HouseholdFile, month: date, day: date, since: date | None, items: Sequence[Item]
) -> HouseholdMonth:
    payments = {row["payment_kind"]: row for row in file.payments if row["month_on"] == month}
    known = since is not None and since <= month <= day
    visits = [row for row in file.visits if _first(row["visited_on"]) == month]
    visits.sort(key=lambda row: (row["visited_on"], row["visit_id"]))
    mine = [one for one in items if _first(one.on) == month]
    return HouseholdMonth(month, payments, visits if known else None, mine)


def _items(file: HouseholdFile, day: date) -> Iterable[Item]:
    """What has a day in the household's ledgers, screenings, posts, benefits and case."""
    for row in file.ledger:
        if row["due_on"]:
            standing = _standing(row["closed_on"], row, day)
            yield Item("ledger", row["group_key"], _last(row), standing)
    for row in file.screenings:
        if row["due_on"]:
            standing = _standing(row["mended_on"], row, day)
            yield Item("screening", row["sieve"], _last(row), standing)
    for row in file.posts:
        ends = row["agreement_until"]
        if ends and row["vacated_on"] is None:
            yield Item("post", row["post_kind"], ends, "overdue" if ends < day else "due")
    for row in file.benefits:
        if ends := row["ended_on"]:
            over: Standing = "done" if ends <= day else "due"
            yield Item("benefit", row["benefit_kind"], ends, over)
    for step in _STEPS:
        if file.monitored and (on := file.monitored[step]):
            yield Item("step", step, on, "done")


def _last(row: Mapping[str, Any]) -> date:
    """The last day that something may fall due on."""
    return row["due_on_until"] or row["due_on"]


def _standing(done_on: date | None, row: Mapping[str, Any], day: date) -> Standing:
    if done_on is not None and done_on <= day:
        return "done"
    return "overdue" if _last(row) < day else "due"
