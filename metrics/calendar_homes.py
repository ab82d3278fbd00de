"""台历 of the happiness homes: what came, who came by and who moved, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.calendars import PAYMENTS, first_visit
from store.reader import Reader

PAGE_HOMES = 8  # whose months two screens hold


@dataclass(frozen=True, slots=True)
class HomeMonth:
    """A home in a month: what came to its households, how many of them something lacked, visits
    to them (None: before visits are recorded), and who moved in, left and died."""

    came_yuan: float
    lacking: int
    told: int
    visits: int | None
    moved_in: int
    left: int
    died: int


@dataclass(frozen=True, slots=True)
class HomeCalendar:
    """A home and its months; ``lacking`` payments in all."""

    home_id: str
    name: str
    village_code: str
    households: int
    lacking: int
    months: Mapping[date, HomeMonth]


_HOMES = """SELECT s.home_id, s.name, s.village_code, COUNT(r.household_id) AS households
FROM {happiness_home} AS s LEFT JOIN {home_resident} AS r
  ON r.home_id = s.home_id AND (r.left_home_on IS NULL OR r.left_home_on > $day)
WHERE s.village_code LIKE $region GROUP BY ALL"""
# Of who lived there in the month, by the days of moving in and leaving.
_MONEY = f"""SELECT r.home_id, f.month_on, SUM(f.paid_yuan) AS came_yuan, COUNT(*) AS told,
  COUNT(*) FILTER (WHERE f.state IN ('missed', 'short')) AS lacking
FROM {{{PAYMENTS}}} AS f JOIN {{home_resident}} AS r ON r.household_id = f.household_id
WHERE f.year = $year AND (r.moved_in_on IS NULL OR r.moved_in_on < f.month_on + INTERVAL 1 MONTH)
  AND (r.left_home_on IS NULL OR r.left_home_on >= f.month_on)
GROUP BY 1, 2"""


def _events(what: str, dated: str, where: str, join: str = "") -> str:
    return (
        f"SELECT r.home_id, CAST(date_trunc('month', {dated}) AS DATE) AS month_on, "
        f"COUNT(*) AS {what} FROM {{home_resident}} AS r {join} WHERE {where} GROUP BY 1, 2"
    )


_WITHIN = "{0} >= r.moved_in_on AND COALESCE({0} <= r.left_home_on, TRUE)"
_QUERIES = {
    "visits": _events("visits", "v.visited_on", _WITHIN.format("v.visited_on"),
                      "JOIN {visit} AS v ON v.household_id = r.household_id"),
    "moved_in": _events("moved_in", "r.moved_in_on", "r.moved_in_on IS NOT NULL"),
    "left": _events("left", "r.left_home_on", "r.left_home_on IS NOT NULL"),
    "died": _events("died", "e.changed_on", f"e.change_kind = 'died' AND "
                    f"{_WITHIN.format('e.changed_on')}",
                    "JOIN {change_event} AS e ON e.household_id = r.household_id"),
}  # fmt: skip


def homes(
    reader: Reader, region: str, year: int, day: date, shown: list[date]
) -> list[HomeCalendar]:
    """The homes of a place with the months ``shown``, those with most lacking first."""
    money = {(row["home_id"], row["month_on"]): row for row in reader.rows(_MONEY, year=year)}
    counted = {
        key: {(row["home_id"], row["month_on"]): int(row[key]) for row in reader.rows(sql)}
        for key, sql in _QUERIES.items()
    }
    begun = first_visit(reader)
    found = []
    for row in reader.rows(_HOMES, region=f"{region}%", day=day):
        home = row["home_id"]
        months = {
            month: _month((home, month), money, counted, begun is not None and month >= begun)
            for month in shown
        }
        lacking = sum(one.lacking for one in months.values())
        found.append(
            HomeCalendar(
                home, row["name"], row["village_code"], int(row["households"]), lacking, months
            )
        )
    return sorted(found, key=lambda one: (-one.lacking, one.village_code, one.home_id))


def page_of(found: list[HomeCalendar], page: int) -> tuple[list[HomeCalendar], int, int]:
    """The homes of a page, which page that is (the last one at most), and how many there are."""
    pages = max(1, -(-len(found) // PAGE_HOMES))
    shown = min(page, pages)
    return found[(shown - 1) * PAGE_HOMES : shown * PAGE_HOMES], shown, pages


def _month(
    at: tuple[str, date],
    money: Mapping[tuple[str, date], Mapping[str, Any]],
    counted: Mapping[str, Mapping[tuple[str, date], int]],
    visits_kept: bool,
) -> HomeMonth:
    came = money.get(at, {"came_yuan": 0, "lacking": 0, "told": 0})
    return HomeMonth(
        float(came["came_yuan"] or 0),
        int(came["lacking"]),
        int(came["told"]),
        counted["visits"].get(at, 0) if visits_kept else None,
        *(counted[key].get(at, 0) for key in ("moved_in", "left", "died")),
    )
