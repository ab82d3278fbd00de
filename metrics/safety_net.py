"""兜底保障: for each benefit who is entitled, who has it, who is without it (漏) or beyond it (错).

Benefits are known as of the data date only, so these are answers for its year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from rules.registry import Rule, rules
from rules.tally import LEVELS, Tally, tally
from store.reader import Reader

BENEFITS = ("allowance", "extreme", "living", "care", "temporary", "pension")
# Of a benefit: entitled and without it, having it and no longer entitled.
SIDES = ("without", "beyond")
# The rules whose cases a page lists.
CASES = (*(f"{benefit}_{side}" for benefit in BENEFITS for side in SIDES), "allowance_no_labour",
         "allowance_class")  # fmt: skip
# Classes of households without labour, and the case of having neither of the two benefits.
UNSECURED = {"no_labour": "allowance_no_labour", "allowance": "allowance_class"}
# What became of those entitled to a benefit beside going without, and of those who have it beside
# being beyond it, as SQL over ``f``.
_PARTS = {
    "due": "f.in_{0}_entitled AND f.receives_{0}",
    "elsewhere": "f.in_{0}_entitled AND NOT f.receives_{0} AND NOT f.in_{0}_without",
    "unclear": "f.in_{0}_entitled AND (f.receives_{0} IS NULL OR "
    "(NOT f.receives_{0} AND f.in_{0}_without IS NULL))",
    "otherwise": "f.receives_{0} AND f.in_{0}_entitled IS NOT TRUE AND f.in_{0}_beyond IS NOT TRUE",
}
PARTS = tuple(_PARTS)


@dataclass(frozen=True, slots=True)
class Standing:
    """One benefit in one place: subjects entitled, having it, without it, beyond it.

    ``unknown`` are those of whom it is not known whether they are entitled. Those entitled are the
    ``due`` who have it, those secured ``elsewhere`` by another benefit, those without it, and the
    ``unclear``, of whom it is not known what they have. Those who have it are the ``due``, those
    beyond it, and the ``otherwise``, whose entitlement is unknown or may go on. None: nothing can
    be told, no register of the benefit being loaded, or nobody's entitlement being known.
    """

    entitled: int | None
    receives: int | None
    without: int | None
    beyond: int | None
    unknown: int
    due: int | None = None
    elsewhere: int | None = None
    unclear: int | None = None
    otherwise: int | None = None


@dataclass(frozen=True, slots=True)
class Secured:
    """Households of a class without labour: those with the allowance or extreme-poverty support,
    those with neither, and those of whom it is not known."""

    households: int
    secured: int
    neither: int
    unclear: int


def relation_of(benefit: str) -> str:
    """The fact relation of a benefit's subjects: households, or members."""
    return rules()[f"{benefit}_entitled"].relation


def counts(
    reader: Reader, year: int, level: str, *, region: str = ""
) -> Mapping[str, Mapping[str, Tally]]:
    """Every rule of the cases and of entitlement, then the place's code, to its counts."""
    keys = (*CASES, *(f"{benefit}_entitled" for benefit in BENEFITS))
    found: dict[str, Mapping[str, Tally]] = {}
    for relation in ("household_fact", "member_fact"):
        own = [key for key in keys if rules()[key].relation == relation]
        found |= tally(reader, own, year, level, region=region)
    return found


def receiving(reader: Reader, year: int, level: str, *, region: str = "") -> dict[str, Any]:
    """Benefit, then the place's code, to subjects who have it; None where that is not known."""
    found: dict[str, dict[str, int | None]] = {}
    for relation in ("household_fact", "member_fact"):
        own = [benefit for benefit in BENEFITS if relation_of(benefit) == relation]
        columns = ", ".join(
            f"CASE WHEN COUNT(f.receives_{b}) > 0 THEN COUNT(*) FILTER (WHERE f.receives_{b}) END "
            f"AS {b}"
            for b in own
        )
        rows = reader.rows(
            f"SELECT SUBSTRING(f.village_code, 1, $digits) AS place, {columns} "
            f"FROM {{{relation}}} AS f WHERE f.year = $year AND f.village_code LIKE $region "
            "GROUP BY 1 ORDER BY 1",
            digits=LEVELS[level],
            year=year,
            region=f"{region}%",
        )
        found |= {benefit: {row["place"]: row[benefit] for row in rows} for benefit in own}
    return found


def matrix(
    told: Mapping[str, Mapping[str, Tally]], places: Sequence[str]
) -> dict[str, dict[str, int | None]]:
    """Rule of the cases, then place, to its cases; None where they cannot be told.

    ``told`` are ``counts``. A case cannot be told where of nobody it is known who is entitled.
    """
    found: dict[str, dict[str, int | None]] = {}
    for key in CASES:
        benefit, _, side = key.partition("_")
        basis = told[f"{benefit}_entitled" if side in SIDES else key]
        found[key] = {
            place: told[key].get(place, Tally()).met
            if (judged := basis.get(place, Tally())).met + judged.missed
            else None
            for place in places
        }
    return found


def rates(
    told: Mapping[str, Mapping[str, Tally]], key: str, places: Sequence[str]
) -> dict[str, tuple[int | None, int]]:
    """Place to a rule's cases, and those of whom it could be told; None where of nobody.

    ``told`` are ``counts``.
    """
    found: dict[str, tuple[int | None, int]] = {}
    for place in places:
        here = told[key].get(place, Tally())
        base = here.met + here.missed
        found[place] = (here.met if base else None), base
    return found


def standings(reader: Reader, region: str, year: int, level: str) -> dict[str, Standing]:
    """Each benefit's standing in a place, ``level`` being its own."""
    told = counts(reader, year, level, region=region)
    paid = receiving(reader, year, level, region=region)
    parts = _divided(reader, region, year)
    cases_here = matrix(told, [region])

    def told_of(entitled: Tally) -> bool:
        return bool(entitled.met + entitled.missed)

    def one(benefit: str) -> Standing:
        entitled = told[f"{benefit}_entitled"].get(region, Tally())
        return Standing(
            entitled.met if told_of(entitled) else None,
            paid[benefit].get(region),
            cases_here[f"{benefit}_without"][region],
            cases_here[f"{benefit}_beyond"][region],
            entitled.unknown,
            **(parts[benefit] if told_of(entitled) else {}),
        )

    return {benefit: one(benefit) for benefit in BENEFITS}


def _divided(reader: Reader, region: str, year: int) -> dict[str, dict[str, int]]:
    """Benefit, then part, to its subjects in a place."""
    found: dict[str, dict[str, int]] = {}
    for relation in ("household_fact", "member_fact"):
        own = [benefit for benefit in BENEFITS if relation_of(benefit) == relation]
        columns = ", ".join(
            f"COUNT(*) FILTER (WHERE {sql.format(benefit)}) AS {benefit}_{part}"
            for benefit in own
            for part, sql in _PARTS.items()
        )
        row = reader.one(
            f"SELECT {columns} FROM {{{relation}}} AS f "
            "WHERE f.year = $year AND f.village_code LIKE $region",
            year=year,
            region=f"{region}%",
        )
        assert row is not None
        found |= {b: {part: int(row[f"{b}_{part}"]) for part in PARTS} for b in own}
    return found


def unsecured(reader: Reader, region: str, year: int) -> dict[str, Secured]:
    """Each class of ``UNSECURED`` to how many of it have one of the two benefits, or neither."""
    columns = ", ".join(
        f"COUNT(*) FILTER (WHERE f.in_{group}) AS {group}_all, "
        f"COUNT(*) FILTER (WHERE f.in_{group} AND (f.receives_allowance OR f.receives_extreme)) "
        f"AS {group}_secured, COUNT(*) FILTER (WHERE f.in_{case}) AS {group}_neither"
        for group, case in UNSECURED.items()
    )
    row = reader.one(
        f"SELECT {columns} FROM {{household_fact}} AS f "
        "WHERE f.year = $year AND f.village_code LIKE $region",
        year=year,
        region=f"{region}%",
    )
    assert row is not None
    found = {}
    for group in UNSECURED:
        every, secured, neither = (int(row[f"{group}_{k}"]) for k in ("all", "secured", "neither"))
        found[group] = Secured(every, secured, neither, every - secured - neither)
    return found


def allows_class(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments name a class of ``UNSECURED``."""
    return len(arguments) == 1 and arguments[0] in UNSECURED


def class_condition(arguments: Sequence[str]) -> str:
    """SQL condition over ``f``: the class as ``unsecured`` counts it, whoever was never registered
    included, since the safety net is for them too."""
    return f"f.in_{arguments[0]}"


def count_cases(reader: Reader, key: str, region: str, year: int) -> tuple[int, int]:
    """Cases of a rule in a place, and their households."""
    rule = _case(key)
    row = reader.one(
        "SELECT COUNT(*) AS cases, COUNT(DISTINCT f.household_id) AS households "
        f"FROM {{{rule.relation}}} AS f WHERE {_condition(rule)}",
        region=f"{region}%",
        year=year,
    )
    assert row is not None
    return row["cases"], row["households"]


def cases(
    reader: Reader, key: str, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """Cases of a rule with every fact that explains them, by village and household.

    Columns: ``name`` of the member or the head, and those of the rule's relation.
    """
    rule = _case(key)
    order = ["village_code", "household_id"]
    if rule.relation == "household_fact":
        sql = "SELECT f.*, f.head_name AS name FROM {household_fact} AS f"
    else:
        sql = (
            "SELECT f.*, m.name FROM {member_fact} AS f "
            "JOIN {member} AS m ON m.member_id = f.member_id"
        )
        order.append("member_id")
    given = {"region": f"{region}%", "year": year}
    query = f"{sql} WHERE {_condition(rule)}"
    return paging.rows(reader, query, Order.by(*order), offset, limit, given)


def _case(key: str) -> Rule:
    if key not in CASES:
        raise ValueError(f"{key!r} lists no cases")
    return rules()[key]


def _condition(rule: Rule) -> str:
    return f"f.{rule.column} AND f.year = $year AND f.village_code LIKE $region"


def allows(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments name a benefit that somebody has, or a part of ``PARTS``."""
    benefit, *part = arguments or ("",)
    return benefit in BENEFITS and len(part) <= 1 and set(part) <= set(PARTS)


def condition(arguments: Sequence[str]) -> str:
    """SQL condition over ``f`` and ``$year``: households in which somebody has the benefit, or
    belongs to the part."""
    meant = _meant(arguments, "f")
    if relation_of(arguments[0]) == "household_fact":
        return meant
    return (
        "f.household_id IN (SELECT s.household_id FROM {member_fact} AS s "
        f"WHERE s.year = $year AND ({_meant(arguments, 's')}))"
    )


def _meant(arguments: Sequence[str], alias: str) -> str:
    benefit, *part = arguments
    sql = _PARTS[part[0]].format(benefit) if part else f"f.receives_{benefit}"
    return sql.replace("f.", f"{alias}.")


def person(arguments: Sequence[str]) -> str | None:
    """SQL over ``{member_fact} AS m``: who has the benefit or belongs to the part; None for a
    household's."""
    own = relation_of(arguments[0]) != "household_fact"
    return _meant(arguments, "m") if own else None
