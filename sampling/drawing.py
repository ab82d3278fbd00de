"""Who would be drawn of a filter's households, and who is: in SQL, ordered by SHA-256."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sampling import designs
from sampling.designs import OTHERS, REGISTERED, Design, Kind
from store.reader import Reader

NONE = "none"  # a stratum: of no group, of no class


class Filter(Protocol):
    """Which households: SQL over ``{household_fact} AS f``, and its parameters."""

    def condition(self) -> tuple[str, dict[str, object]]: ...


@dataclass(frozen=True, slots=True)
class Population:
    """The households of a filter: how many by stratum, and by village, registered ones among."""

    strata: Mapping[str, int]
    villages: Mapping[str, tuple[int, int]]

    @property
    def households(self) -> int:
        return sum(self.strata.values())


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the population and of the sample: ``represents`` is how many households those that
    were drawn stand for. ``village`` is the one that was drawn first, of two stages."""

    key: str
    population: int
    drawn: int
    represents: float
    village: str = ""
    hits: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A household of a sample: ``place`` is its number in the order of its stratum."""

    household_id: str
    village_code: str
    stratum: str
    place: int
    registered: bool
    exited: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample: its households by village and by their order there, and the strata."""

    design: Design
    seed: int
    population: int
    strata: tuple[Stratum, ...]
    households: tuple[Drawn, ...]


def ordering(seed: str = "$seed", household: str = "f.household_id") -> str:
    """SQL of what households are ordered by: 64 small hex digits, as ``designs.digest`` gives."""
    return f"sha256(concat({seed}, '|', {household}))"


def stratum_sql(kind: Kind, groups: Sequence[str]) -> str:
    """SQL of a household's stratum; ``groups`` are the watched groups in their order, of which the
    first counts that it is in."""
    if kind == "township":
        return "substr(f.village_code, 1, 9)"
    if kind == "labour_class":
        return f"COALESCE(f.labour_class, '{NONE}')"
    if kind == "group":
        steps = "".join(f" WHEN f.in_{key} THEN '{key}'" for key in groups)
        return f"CASE{steps} ELSE '{NONE}' END" if steps else f"'{NONE}'"
    if kind == "villages":
        named = f"CASE WHEN f.registered THEN '{REGISTERED}' ELSE '{OTHERS}' END"
        return f"concat(f.village_code, '.', {named})"
    return "'all'"


def drawn_sql(kind: Kind, groups: Sequence[str], condition: str) -> str:
    """SQL of the first ``$most`` households of each stratum; DuckDB and Spark answer it alike."""
    return f"""SELECT household_id, village_code, stratum, place, registered, exited FROM (
        SELECT household_id, village_code, stratum, registered, exited, row_number() OVER (
            PARTITION BY stratum ORDER BY digest, household_id) AS place
        FROM (SELECT f.household_id, f.village_code, {stratum_sql(kind, groups)} AS stratum,
                COALESCE(f.registered, FALSE) AS registered,
                COALESCE(f.registered AND f.poverty_state <> 'poor', FALSE) AS exited,
                {ordering()} AS digest
            FROM {{household_fact}} AS f WHERE {condition}) AS strata) AS ordered
        WHERE place <= $most"""


def population(
    reader: Reader, wanted: Filter, kind: Kind, groups: Sequence[str] = ()
) -> Population:
    """How many households a filter finds, by stratum and by village."""
    condition, given = wanted.condition()
    rows = reader.rows(
        f"SELECT {stratum_sql(kind, groups)} AS stratum, f.village_code, COUNT(*) AS households, "
        "COUNT(*) FILTER (WHERE f.registered) AS registered "
        f"FROM {{household_fact}} AS f WHERE {condition} GROUP BY 1, 2 ORDER BY 1, 2",
        **given,
    )
    strata: dict[str, int] = {}
    villages: dict[str, tuple[int, int]] = {}
    for row in rows:
        strata[row["stratum"]] = strata.get(row["stratum"], 0) + row["households"]
        all_, registered = villages.get(row["village_code"], (0, 0))
        villages[row["village_code"]] = (all_ + row["households"], registered + row["registered"])
    return Population(strata, villages)


def parts(found: Population, design: Design, seed: int = 0) -> tuple[Stratum, ...]:
    """The strata of a sample. Those of two stages follow from the seed."""
    if design.staged:
        return tuple(_staged(found, design, seed))
    kept = designs.allocated(found.strata, design.size, design.share)
    return tuple(
        Stratum(key, count, kept.get(key, 0), float(count))
        for key, count in sorted(found.strata.items())
    )


def _staged(found: Population, design: Design, seed: int) -> list[Stratum]:
    sizes = {code: all_ for code, (all_, _) in found.villages.items()}
    count = min(design.villages, design.size)
    hit = designs.hits(sizes, count, seed)
    strata = []
    for code, size in designs.per_hit(design.size, sorted(hit.items())).items():
        all_, registered = found.villages[code]
        having = {REGISTERED: registered, OTHERS: all_ - registered}
        stands_for = found.households * hit[code] / count
        for key, drawn in designs.halves(registered, all_ - registered, size).items():
            part = stands_for * having[key] / all_
            strata.append(Stratum(f"{code}.{key}", having[key], drawn, part, code, hit[code]))
    return strata


def draw(
    reader: Reader, wanted: Filter, design: Design, seed: int, groups: Sequence[str] = ()
) -> Draw:
    """Draw a sample: in each stratum those first in the order of their digests."""
    found = population(reader, wanted, design.kind, groups)
    strata = parts(found, design, seed)
    condition, given = wanted.condition()
    if design.staged:
        condition += " AND f.village_code IN (SELECT unnest($drawn_villages))"
        given = {**given, "drawn_villages": sorted({part.village for part in strata})}
    most = max((part.drawn for part in strata), default=0)
    rows = reader.rows(
        drawn_sql(design.kind, groups, condition), **given, seed=str(seed), most=most
    )
    sizes = {part.key: part.drawn for part in strata}
    kept = [Drawn(**row) for row in rows if row["place"] <= sizes.get(row["stratum"], 0)]
    kept.sort(key=lambda one: (one.village_code, one.stratum, one.place))
    return Draw(design, seed, found.households, strata, tuple(kept))
