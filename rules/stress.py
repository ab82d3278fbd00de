"""How far households stand from the line, and who falls under it after one shock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import pyarrow as pa

from store.reader import Reader

ShockKind = Literal["person_yuan", "household_yuan", "percent"]
SHOCKS: tuple[ShockKind, ...] = get_args(ShockKind)

# What a year's net income a person loses to a shock of the size $size.
_LOSSES: dict[ShockKind, str] = {
    "person_yuan": "$size",
    "household_yuan": "$size / NULLIF(f.member_count, 0)",
    "percent": "f.per_capita_net_income_yuan * $size / 100",
}


@dataclass(frozen=True, slots=True)
class Shock:
    """One loss: so many yuan a person, so many a household, or so many percent of net income."""

    kind: ShockKind
    size: float


def stress(
    reader: Reader, year: int, line_yuan: float, shock: Shock, *, region: str = ""
) -> pa.Table:
    """Every household of a year and region whose income is known, those nearest the line first.

    Columns: household_id, village_code, head_name, member_count, per_capita_net_income_yuan,
    distance_yuan (income a person less the line; below zero under it), distance_months (what lies
    between the household and the line, in months of its own net income; NULL where it has none),
    after_yuan (income a person after the shock), under (already under the line), falls (not under,
    and under after the shock). A line that is not known is no line: the caller says so instead.
    Raises ValueError for a negative shock or a line that is not above zero.
    """
    if shock.size < 0 or line_yuan <= 0:
        raise ValueError("a shock has a size of zero or more, a line is above zero")
    loss = _LOSSES[shock.kind]
    return reader.arrow(
        f"""
        SELECT known.*,
          distance_yuan < 0 AS under,
          distance_yuan >= 0 AND after_yuan < $line AS falls
        FROM (
          SELECT f.household_id, f.village_code, f.head_name, f.member_count,
            f.per_capita_net_income_yuan,
            f.per_capita_net_income_yuan - $line AS distance_yuan,
            CASE WHEN f.per_capita_net_income_yuan > 0
              THEN (f.per_capita_net_income_yuan - $line) * 12 / f.per_capita_net_income_yuan
            END AS distance_months,
            f.per_capita_net_income_yuan - {loss} AS after_yuan
          FROM {{household_fact}} AS f
          WHERE f.year = $year AND f.village_code LIKE $region
            AND f.per_capita_net_income_yuan IS NOT NULL
        ) AS known
        ORDER BY distance_yuan, household_id
        """,
        year=year,
        line=float(line_yuan),
        size=float(shock.size),
        region=f"{region}%",
    )


def fallen(stressed: pa.Table) -> pa.Table:
    """The rows of ``stress`` that fall under the line by the shock."""
    return stressed.filter(stressed["falls"])
