"""剩余贫困画像: who is left poor or monitored, and why, in people and in shares of those known.

The roster of members stands as of the data date. For the data date's year age, health and labour
are counted from it; for an earlier year health and labour are what that year's collection counted
in each household, and ages are the present roster's, of whoever was born and in the household
then. Who has died or left since is on no roster: their ages are unknown, and shares by age have
bounds alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from metrics.shares import percent, total
from store.reader import Reader

# Who is meant: the poor, the monitored, or either.
WHO = ("all", "poor", "monitored")
_WHO = {"all": "TRUE", "poor": "poor", "monitored": "monitored"}
# Causes of poverty and of the risk of it: the codes of both lists, each once; a shortage of labour
# is one cause, which the two lists call by two codes.
CAUSES = (
    "illness", "disability", "schooling", "disaster", "land", "water", "skill", "labour", "money",
    "transport", "motivation", "unstable_work", "industry_failed", "accident",
    "unsafe_water", "unsafe_housing", "other",
)  # fmt: skip

_SAID = ", ".join(f"said_{number}" for number in range(1, 8))
# Households left in a year, with their main cause and all causes told.
_LEFT = f"""
SELECT
  *,
  COALESCE({_SAID}) AS cause,
  list_sort(list_distinct(list_filter([{_SAID}], lambda x: x IS NOT NULL))) AS causes
FROM {{left_fact}}
WHERE year = $year
"""


@dataclass(frozen=True, slots=True)
class Trait:
    """What is true of some of the people: SQL of how many of a household, and of how many known.

    ``by_roster``: of an earlier year too it rests on who is in the household today.
    """

    theme: str
    people: str
    of: str
    by_roster: bool = False


def _caused(*causes: str) -> Trait:
    """People of households whose main cause is one of these, of those whose cause is known."""
    told = ", ".join(f"'{cause}'" for cause in causes)
    return Trait(
        "cause",
        f"CASE WHEN cause IN ({told}) THEN people ELSE 0 END",
        "CASE WHEN cause IS NOT NULL THEN people ELSE 0 END",
    )


TRAITS: dict[str, Trait] = {
    "elderly": Trait("age", "elderly", "aged", by_roster=True),
    "ill_cause": _caused("illness", "disability"),
    "without_labour": Trait("labour", "weak + unable", "rated"),
    "weak": Trait("labour", "weak", "rated"),
    "unable": Trait("labour", "unable", "rated"),
    "ill": Trait("health", "ill", "examined"),
    "chronic": Trait("health", "chronic", "diagnosed"),
    "major_illness": Trait("health", "major_illness", "diagnosed"),
    "disabled": Trait("health", "disabled", "diagnosed"),
    **{f"cause_{key}": _caused(key) for key in CAUSES},
}
# The three shares by which the remaining poor are told of.
HEADLINES = ("elderly", "ill_cause", "without_labour")


@dataclass(frozen=True, slots=True)
class Share:
    """People with a trait, of those of whom it is known."""

    people: int
    of: int

    @property
    def percent(self) -> float | None:
        """Share in percent; None where it is known of nobody."""
        return percent(self.people, self.of)


@dataclass(frozen=True, slots=True)
class Portrait:
    """Who is left in a place and year: households, people, and shares of them by trait.

    ``latest``: the year is the data date's, so that the roster is its own.
    """

    households: int = 0
    people: int = 0
    shares: Mapping[str, Share] = field(default_factory=dict)
    latest: bool = True

    def percent(self, trait: str) -> float | None:
        """Share in percent of the people known; None where nobody is, and where the known are
        those who outlived the years since: they are no sample of the others."""
        if trait not in self.shares or (self._outlived(trait) and self.unknown(trait)):
            return None
        return self.shares[trait].percent

    def bounds(self, trait: str) -> tuple[float, float] | None:
        """The least and the greatest share in percent of all the people, where ``percent`` tells
        none since those who are gone are not known; None elsewhere."""
        if not self._outlived(trait) or not self.unknown(trait) or not self.shares[trait].of:
            return None
        people = self.shares[trait].people
        return 100 * people / self.people, 100 * (people + self.unknown(trait)) / self.people

    def _outlived(self, trait: str) -> bool:
        return TRAITS[trait].by_roster and not self.latest

    def unknown(self, trait: str) -> int:
        """People of whom it is not known."""
        return max(self.people - self.shares[trait].of, 0) if trait in self.shares else 0


def portraits(
    reader: Reader, region: str, year: int, who: str = "all", digits: int = 0
) -> dict[str, Portrait]:
    """The portrait of each place inside ``region``, by the first ``digits`` of its code.

    Without ``digits`` it is the region's own, under its code. Places where nobody is left are
    missing. Raises KeyError for a ``who`` that there is not.
    """
    counts = ", ".join(
        f"COALESCE(SUM({trait.people}), 0)::BIGINT AS {key}, "
        f"COALESCE(SUM({trait.of}), 0)::BIGINT AS {key}_of"
        for key, trait in TRAITS.items()
    )
    rows = reader.rows(
        "SELECT SUBSTRING(village_code, 1, $digits) AS place, COUNT(*) AS households, "
        f"SUM(people)::BIGINT AS people, BOOL_AND(is_latest) AS latest, {counts} "
        f"FROM ({_LEFT}) AS p "
        f"WHERE village_code LIKE $region AND {_WHO[who]} GROUP BY 1 ORDER BY 1",
        year=year,
        region=f"{region}%",
        digits=digits or len(region),
    )
    return {
        row["place"]: Portrait(
            row["households"],
            row["people"],
            {key: Share(row[key], row[f"{key}_of"]) for key in TRAITS},
            bool(row["latest"]),
        )
        for row in rows
    }


def portrait(reader: Reader, region: str, year: int, who: str = "all") -> Portrait:
    """Who is left in a place and year; empty where nobody is."""
    return portraits(reader, region, year, who).get(region, Portrait())


def overlaps(
    reader: Reader, region: str, year: int, who: str = "all"
) -> list[tuple[tuple[str, ...], int]]:
    """Exact combinations of causes and their households, the most first; () is no cause known."""
    rows = reader.rows(
        f"SELECT causes, COUNT(*) AS n FROM ({_LEFT}) AS p "
        f"WHERE village_code LIKE $region AND {_WHO[who]} GROUP BY causes ORDER BY n DESC, causes",
        year=year,
        region=f"{region}%",
    )
    return [(tuple(row["causes"] or ()), row["n"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Causes:
    """Households by their causes: each combination, each cause, all known, and several at once."""

    together: Sequence[tuple[tuple[str, ...], int]]
    each: Mapping[str, int]
    known: int
    several: int

    @property
    def share_of_several(self) -> float | None:
        """Those with several causes, in percent of those with any known."""
        return percent(self.several, self.known)


def causes(reader: Reader, region: str, year: int, who: str = "all") -> Causes:
    """``overlaps`` of those whose causes are known, counted by cause."""
    found = [(keys, n) for keys, n in overlaps(reader, region, year, who) if keys]
    return Causes(
        found,
        total(dict.fromkeys(keys, n) for keys, n in found),
        sum(n for _, n in found),
        sum(n for keys, n in found if len(keys) > 1),
    )


def allows(arguments: Sequence[str]) -> bool:
    """Whether a selection's arguments name people left: who, then a trait, ``any`` or causes."""
    if len(arguments) < 2 or arguments[0] not in WHO:
        return False
    if arguments[1] == "causes":
        keys = list(arguments[2:])
        return keys == sorted(set(keys) & set(CAUSES))
    return len(arguments) == 2 and (arguments[1] in TRAITS or arguments[1] == "any")


def condition(arguments: Sequence[str]) -> str:
    """SQL condition over ``f`` and ``$year``: households left with the trait in at least one."""
    who, trait = arguments[:2]
    if trait == "causes":
        told = ", ".join(f"'{key}'" for key in arguments[2:])
        meant = f"COALESCE(causes, []) = [{told}]::VARCHAR[]"
    else:
        meant = "TRUE" if trait == "any" else f"{TRAITS[trait].people} > 0"
    return (
        f"f.household_id IN (SELECT p.household_id FROM ({_LEFT}) AS p "
        f"WHERE ({_WHO[who]}) AND ({meant}))"
    )


# Of whom a trait is true, as SQL over ``{member_fact} AS m`` and their household ``f``; a cause is
# the household's, and so everybody's.
_PERSON = {
    "elderly": "m.age >= f.elderly_age_years",
    "without_labour": "m.labour IN ('weak', 'none', 'lost')",
    "weak": "m.labour = 'weak'",
    "unable": "m.labour IN ('none', 'lost')",
    "ill": "m.health <> 'healthy'",
    **{health: f"m.health = '{health}'" for health in ("chronic", "major_illness", "disabled")},
}


def person(arguments: Sequence[str]) -> str | None:
    """SQL of the people with a trait among those left; None where it is true of all of them."""
    return _PERSON.get(arguments[1])
