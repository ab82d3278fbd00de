"""补漏洞: the fourteen gaps that screenings' findings and followed problems are to be mended in.

A finding is of the gap that has its screening's matter; of a screening whose matter is that of
several gaps (income), of the first whose words stand in it. What no gap is told for stands under
none, and is counted there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from metrics.closing import Course, repeated
from store.reader import Reader
from store.yamls import only_keys, read_yaml

_FILE = Path(__file__).with_name("gaps.yaml")
# What a finding that no gap is told for is asked by.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: what is to be mended, the screenings of its matter, and words that tell it."""

    key: str
    zh: str
    en: str
    sieves: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of followed problems that are of this gap."""
        return (f"gap.{self.key}", *(f"sieve.{sieve}" for sieve in self.sieves))


@cache
def gaps() -> dict[str, Gap]:
    """Every gap by key, in the plan's order. Raises ValueError for a screening that is of two."""
    found: dict[str, Gap] = {}
    taken: dict[str, str] = {}
    for key, entry in read_yaml(_FILE).items():
        only_keys(entry, ["zh", "en", "sieves", "words"], f"gap {key}")
        lists = {name: tuple(entry.get(name, ())) for name in ("sieves", "words")}
        found[key] = Gap(key, entry["zh"], entry["en"], **lists)
        for sieve in found[key].sieves:
            if sieve in taken:
                raise ValueError(f"gaps.yaml: {sieve} is of {taken[sieve]} and of {key}")
            taken[sieve] = key
    return found


def gap_of(kind: str) -> str | None:
    """The gap of a kind of problem; None for one that no gap is told for."""
    return next((gap.key for gap in gaps().values() if kind in gap.kinds), None)


@cache
def gap_sql() -> str:
    """SQL of the gap of a screening's finding, over ``s``; NULL where none is told."""
    own = [
        f"WHEN s.sieve = '{sieve}' THEN '{gap.key}'"
        for gap in gaps().values()
        for sieve in gap.sieves
    ]
    told = [
        f"WHEN s.finding LIKE '%{word}%' THEN '{gap.key}'"
        for gap in gaps().values()
        for word in gap.words
    ]
    return f"CASE {' '.join([*own, *told])} END"


def matrix(reader: Reader, region: str) -> dict[tuple[str, str | None], int]:
    """Screening and gap (None: none is told) to how many findings of a place are of both."""
    rows = reader.rows(
        f"SELECT s.sieve, {gap_sql()} AS gap, COUNT(*) AS n FROM {{sieve_result}} AS s "
        "WHERE s.finding IS NOT NULL AND s.village_code LIKE $region GROUP BY 1, 2 ORDER BY ALL",
        region=f"{region}%",
    )
    return {(row["sieve"], row["gap"]): int(row["n"]) for row in rows}


@dataclass(frozen=True, slots=True)
class Followed:
    """The followed problems of a gap: open, of those overdue; closed; and come again."""

    open: int = 0
    overdue: int = 0
    closed: int = 0
    repeated: int = 0


def followed(
    states: Mapping[str, Mapping[str, int]], courses: Mapping[str, Sequence[Course]]
) -> dict[str, Followed]:
    """Gap to how its problems stand: ``states`` how many are in each, ``courses`` each of them."""
    return {
        key: Followed(own["open"], own["overdue"], own["closed"], len(repeated(courses[key])))
        for key, own in states.items()
    }


def overdue(found: Mapping[str, Followed]) -> int:
    """How many gaps have a problem that is overdue."""
    return sum(1 for one in found.values() if one.overdue)


def every() -> Sequence[str]:
    """Every gap, and that a finding is of none."""
    return (*gaps(), NONE)
