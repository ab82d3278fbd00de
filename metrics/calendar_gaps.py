"""What the calendar's data say nothing about: rolls without a sheet, sheets without a township,
posts whose holder is in no list, dividends without a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metrics.calendars import PAYMENTS
from store.reader import Reader

# In the order shown, with what each counts.
GAPS = {
    "no_sheet": "households",
    "township_without": "payments",
    "off_sheet": "payments",
    "before_first": "calendar_months",
    "solar_unlisted": "households",
    "post_unlisted": "posts",
    "post_unpaid_unknown": "posts",
    "dividend_undated": "dividends",
    "undated": "payments",
}

_ROLLS = """
SELECT benefit_kind AS kind, household_id, village_code FROM {benefit}
WHERE benefit_kind <> 'temporary_aid' AND ended_on IS NULL
UNION ALL
SELECT 'workshop_wage', household_id, village_code FROM {workplace_worker} WHERE ended_on IS NULL
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not known: of which kind of money (None: of several), how often."""

    key: str
    kind: str | None
    count: int
    unit: str


def gaps(reader: Reader, region: str, year: int) -> list[Gap]:
    """What is not known of a place; what is not lacking is left out."""
    given = {"region": f"{region}%", "year": year}
    found: list[tuple[str, str | None, int]] = []
    for key, sql in _QUERIES.items():
        for row in reader.rows(sql, **given):
            found.append((key, row["kind"], int(row["n"])))
    order = {key: place for place, key in enumerate(GAPS)}
    found.sort(key=lambda one: (order[one[0]], -one[2], one[1] or ""))
    return [Gap(key, kind, n, GAPS[key]) for key, kind, n in found if n]


def _of_payments(where: str) -> str:
    return (
        f"SELECT f.payment_kind AS kind, COUNT(*) AS n FROM {{{PAYMENTS}}} AS f "
        f"WHERE f.year = $year AND f.village_code LIKE $region AND {where} GROUP BY 1"
    )


_HERE = "village_code LIKE $region AND $year IS NOT NULL"
_QUERIES: dict[str, Any] = {
    "no_sheet": f"""SELECT r.kind, COUNT(DISTINCT r.household_id) AS n FROM ({_ROLLS}) AS r
        WHERE r.{_HERE} AND r.kind NOT IN (SELECT payment_kind FROM {{monthly_payment}})
        GROUP BY 1""",
    "township_without": _of_payments("f.told_by = 'roll' AND NOT f.sheet_here"),
    "off_sheet": _of_payments("f.told_by = 'roll' AND f.sheet_here"),
    "before_first": f"""SELECT s.kind, s.first_no - w.first_no AS n FROM (
          SELECT payment_kind AS kind, MIN(YEAR(month_on) * 12 + MONTH(month_on) - 1) AS first_no
          FROM {{monthly_payment}} WHERE {_HERE} GROUP BY 1
        ) AS s CROSS JOIN (
          SELECT MAX(month_no) - 11 AS first_no FROM {{{PAYMENTS}}} WHERE year = $year
        ) AS w WHERE s.first_no > w.first_no""",
    "solar_unlisted": f"""SELECT 'pv_yield' AS kind, COUNT(*) AS n FROM {{package_holding}} AS p
        WHERE p.{_HERE} AND p.pv_kw > 0 AND p.household_id NOT IN (SELECT household_id
        FROM {{monthly_payment}} WHERE payment_kind = 'pv_yield')""",
    "post_unlisted": f"""SELECT 'post_wage' AS kind, COUNT(*) AS n FROM {{post}}
        WHERE {_HERE} AND household_id IS NULL AND appointed_on IS NOT NULL
        AND vacated_on IS NULL""",
    "post_unpaid_unknown": f"""SELECT 'post_wage' AS kind, COUNT(*) AS n FROM {{post}}
        WHERE {_HERE} AND household_id IS NOT NULL AND appointed_on IS NOT NULL
        AND vacated_on IS NULL AND (paid_through IS NULL OR month_yuan IS NULL)""",
    "dividend_undated": f"""SELECT 'dividend' AS kind, COUNT(*) AS n FROM {{dividend}}
        WHERE {_HERE} AND household_id IS NOT NULL AND paid_on IS NULL AND year = $year""",
    "undated": _of_payments("f.told_by = 'sheet' AND f.paid_yuan > 0 AND f.paid_on IS NULL"),
}
