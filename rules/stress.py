"""How far households stand from the line, and who falls under it after one shock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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


@dataclass(frozen=True, slots=True)
class Struck:
    """Households of a place: all whose income is known, who fall, and who are under already."""

    households: int = 0
    falls: int = 0
    under: int = 0


def struck(stressed: pa.Table) -> Struck:
    """All rows of ``stress`` together."""
    return Struck(
        stressed.num_rows,
        int(pc.sum(stressed["falls"]).as_py() or 0),
        int(pc.sum(stressed["under"]).as_py() or 0),
    )


def struck_by_place(stressed: pa.Table, digits: int) -> dict[str, Struck]:
    """The rows of ``stress`` by the first ``digits`` of their village's code."""
    places = stressed.append_column(
        "place", pc.utf8_slice_codeunits(stressed["village_code"], 0, digits)
    )
    counted = places.group_by("place").aggregate(
        [("household_id", "count"), ("falls", "sum"), ("under", "sum")]
    )
    return {
        row["place"]: Struck(row["household_id_count"], row["falls_sum"], row["under_sum"])
        for row in counted.to_pylist()
    }


def within_months(stressed: pa.Table, months: float) -> int:
    """Households at the line or above it by less than so many months of their own income."""
    away = stressed["distance_months"]
    near = pc.and_(pc.greater_equal(away, 0), pc.less(away, months))
    return int(pc.sum(near).as_py() or 0)


def by_distance(
    stressed: pa.Table, step: float, lowest: int, highest: int
) -> list[tuple[float, dict[str, int]]]:
    """Households by steps of ``step`` yuan of their distance from the line, the lowest first.

    Each step is told by where it begins, and counts those ``under`` the line, who ``falls`` and
    who ``stays``. Steps are numbered from the line; what lies beyond ``lowest`` or ``highest``
    counts there. Empty steps between others are kept. Raises ValueError for no rows.
    """
    at = np.floor(stressed["distance_yuan"].to_numpy() / step).clip(lowest, highest).astype(int)
    under = stressed["under"].to_numpy(zero_copy_only=False)
    falls = stressed["falls"].to_numpy(zero_copy_only=False)
    masks: dict[str, Any] = {"under": under, "falls": falls, "stays": ~under & ~falls}
    counts = {
        tone: np.bincount(at[mask] - lowest, minlength=highest - lowest + 1)
        for tone, mask in masks.items()
    }
    return [
        (i * step, {tone: int(counted[i - lowest]) for tone, counted in counts.items()})
        for i in range(int(at.min()), int(at.max()) + 1)
    ]
