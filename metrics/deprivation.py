"""多维贫困 by Alkire and Foster: headcount H, intensity A, M0 = H x A, and each dimension's share.

All of them follow from whole numbers of people, so that places and dimensions add up exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from metrics.rejudged import source
from metrics.shares import percent
from rules.parameters import Parameter
from store.reader import Reader

RULE = "deprived"
DIMENSIONS = ("food", "clothing", "schooling", "medical", "housing", "water")
CUTOFF = "deprivation_cutoff"
WEIGHTS = tuple(f"{dimension}_weight" for dimension in DIMENSIONS)
THRESHOLDS = (CUTOFF, *WEIGHTS)
PEOPLE = "deprived_people"
HEADCOUNT, INTENSITY, M0 = "deprivation_headcount", "deprivation_intensity", "deprivation_m0"
_FEW = 7

_COUNTED = {
    "households": ("COUNT(*)", "f.in_deprived IS NOT NULL"),
    "people": ("SUM(f.member_count)", "f.in_deprived IS NOT NULL"),
    "unknown_households": ("COUNT(*)", "f.in_deprived IS NULL"),
    "unknown_people": ("SUM(f.member_count)", "f.in_deprived IS NULL"),
    "poor_households": ("COUNT(*)", "f.in_deprived"),
    "poor_people": ("SUM(f.member_count)", "f.in_deprived"),
    **{
        f"lacking_{one}": ("SUM(f.member_count)", f"f.in_deprived AND f.lacks_{one} = 1")
        for one in DIMENSIONS
    },
}
# SQL over rows ``f`` of households: what a profile is made of.
COUNTS = ", ".join(
    f"CAST(COALESCE({amount} FILTER (WHERE {where}), 0) AS BIGINT) AS {name}"
    for name, (amount, where) in _COUNTED.items()
)


@dataclass(frozen=True, slots=True)
class Profile:
    """Households and people of a place by what they lack.

    ``people`` are those whose six dimensions are known, ``poor_people`` those of them who are
    multidimensionally poor, ``lacking`` how many of the poor lack each dimension; ``weights`` is
    by dimension too. Of ``unknown_people`` it cannot be told. Shares are percent, 0 to 100.
    """

    weights: Mapping[str, float]
    households: int = 0
    people: int = 0
    unknown_households: int = 0
    unknown_people: int = 0
    poor_households: int = 0
    poor_people: int = 0
    lacking: Mapping[str, int] | None = None

    @property
    def other_households(self) -> int:
        """Households known that are not poor."""
        return self.households - self.poor_households

    @property
    def headcount(self) -> float | None:
        """H: the poor, in percent of the people known; None where nobody is known."""
        return percent(self.poor_people, self.people)

    @property
    def intensity(self) -> float | None:
        """A: what the poor lack, in percent of all weights; None where nobody is poor."""
        return percent(self.weighed, self.whole * self.poor_people)

    @property
    def m0(self) -> float | None:
        """M0: what the poor lack, in percent of all weights of all people known."""
        return percent(self.weighed, self.whole * self.people)

    @property
    def weighed(self) -> float:
        """People times the weight of what they lack, of the poor."""
        return sum(self._weighed(dimension) for dimension in DIMENSIONS)

    @property
    def whole(self) -> float:
        """All weights together."""
        return sum(self.weights.values())

    def _weighed(self, dimension: str) -> float:
        return self.weights.get(dimension, 0.0) * (self.lacking or {}).get(dimension, 0)

    def share(self, dimension: str) -> float | None:
        """What a dimension contributes to M0, in percent of it; None where nobody is poor."""
        return percent(self._weighed(dimension), self.weighed)

    def censored(self, dimension: str) -> float | None:
        """The poor who lack a dimension, in percent of the people known."""
        return percent((self.lacking or {}).get(dimension, 0), self.people)

    def share_of(self, whole: Profile) -> float | None:
        """What the place contributes to the M0 of a place that it lies in, in percent of it."""
        return percent(self.weighed, whole.weighed)

    def people_of(self, whole: Profile) -> float | None:
        """The people known here, in percent of those of a place that it lies in."""
        return percent(self.people, whole.people)

    def foremost(self) -> list[str]:
        """Dimensions in the order of what they contribute, the greatest first; none of nothing."""
        some = [one for one in DIMENSIONS if self._weighed(one)]
        return sorted(some, key=lambda one: -self._weighed(one))

    def __add__(self, other: Profile) -> Profile:
        """Two places together, by one set of weights."""
        counts = {
            name: getattr(self, name) + getattr(other, name)
            for name in _COUNTED
            if not name.startswith("lacking_")
        }
        mine, others = self.lacking or {}, other.lacking or {}
        lacking = {one: mine.get(one, 0) + others.get(one, 0) for one in DIMENSIONS}
        return Profile(self.weights or other.weights, **counts, lacking=lacking)


def weights(
    parameters: Mapping[str, Parameter], year: int, tried: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Each dimension's weight in a year, or as it is tried out; empty where one is not known:
    then nobody can be told."""
    held: dict[str, float] = {}
    for dimension, key in zip(DIMENSIONS, WEIGHTS, strict=True):
        value = parameters[key].in_year(year)
        size = (tried or {}).get(key, value.value if value else None)
        if size is None:
            return {}
        held[dimension] = float(size)
    return held


def by_place(
    reader: Reader,
    parameters: Mapping[str, Parameter],
    region: str,
    year: int,
    digits: int,
    tried: Mapping[str, float] | None = None,
) -> dict[str, Profile]:
    """The first ``digits`` of a place's code to its profile; ``tried`` are other thresholds."""
    rows = reader.rows(
        f"SELECT SUBSTRING(f.village_code, 1, $digits) AS place, {COUNTS} "
        f"FROM {source([RULE], tried=tried)} AS f WHERE f.village_code LIKE $region "
        "GROUP BY 1 ORDER BY 1",
        year=year,
        region=f"{region}%",
        digits=digits,
    )
    held = weights(parameters, year, tried)
    return {row["place"]: profile_of(row, held) for row in rows}


def by_year(
    reader: Reader, parameters: Mapping[str, Parameter], region: str, years: Collection[int]
) -> dict[int, Profile]:
    """A place's profile in each of some years, ascending."""
    rows = reader.rows(
        f"SELECT f.year, {COUNTS} FROM {{household_fact}} AS f "
        "WHERE f.village_code LIKE $region GROUP BY f.year ORDER BY f.year",
        region=f"{region}%",
    )
    found = {row["year"]: row for row in rows if row["year"] in years}
    return {year: profile_of(row, weights(parameters, year)) for year, row in found.items()}


def share_of(dimension: str) -> str:
    """The indicator of a dimension's contribution."""
    return f"deprivation_{dimension}_share"


def together(profiles: Iterable[Profile]) -> Profile:
    """Several places as one."""
    return sum(profiles, Profile({}))


def worst(profiles: Mapping[str, Profile], most: int = _FEW) -> list[str]:
    """Places that contribute most to the whole's M0, the greatest first; none that have none."""
    some = [code for code, profile in profiles.items() if profile.weighed]
    return sorted(some, key=lambda code: (-profiles[code].weighed, code))[:most]


def profile_of(row: Mapping[str, Any], held: Mapping[str, float]) -> Profile:
    """The profile of a row of ``COUNTS``, by the weights of its dimensions."""
    counts = {name: row[name] for name in _COUNTED if not name.startswith("lacking_")}
    lacking = {one: row[f"lacking_{one}"] for one in DIMENSIONS}
    return Profile(held, **counts, lacking=lacking)
