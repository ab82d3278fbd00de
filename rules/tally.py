"""How many subjects of each place meet a rule, miss it, and cannot be judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.registry import RuleError, asked_of, rules
from store.reader import Reader

# How many digits of a region code name a place of the level.
LEVELS = {"county": 6, "township": 9, "village": 12}


def known_count(count: int, unknown: int, asked: int) -> int | None:
    """A count of answers, or None for a zero that only says that most could not be told.

    A count above zero stands: so many at least.
    """
    return None if not count and 2 * unknown > asked else count


@dataclass(frozen=True, slots=True)
class Tally:
    """Subjects of one rule and place, those outside the system's ``among`` left out."""

    met: int = 0
    missed: int = 0
    unknown: int = 0

    @property
    def asked(self) -> int:
        return self.met + self.missed + self.unknown

    @property
    def known_met(self) -> int | None:
        """Those that meet the rule; None where nobody is known to and most could not be told."""
        return known_count(self.met, self.unknown, self.asked)

    @property
    def known_missed(self) -> int | None:
        """Those that miss the rule; None where nobody is known to and most could not be told."""
        return known_count(self.missed, self.unknown, self.asked)

    @property
    def mostly_unknown(self) -> bool:
        """Whether more than half cannot be told."""
        return 2 * self.unknown > self.asked

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.met + other.met, self.missed + other.missed, self.unknown + other.unknown)


def tally_total(places: Iterable[Tally]) -> Tally:
    """Several places together."""
    return sum(places, Tally())


def tally(
    reader: Reader, keys: Sequence[str], year: int, level: str, *, region: str = ""
) -> Mapping[str, Mapping[str, Tally]]:
    """Rule, then code of the place, to its counts; places without a subject are left out.

    All rules must judge one relation, and for a year in which a rule was not in force it counts
    nobody. Raises RuleError for rules of several relations, KeyError for a rule or level unknown.
    """
    chosen = [rules()[key] for key in keys]
    relations = {rule.relation for rule in chosen}
    if len(relations) != 1:
        raise RuleError(f"rules of one relation are counted together, not {sorted(relations)}")
    relation = relations.pop()
    place = "county_code" if relation == "county_fact" else "village_code"
    columns = []
    for rule in chosen:
        for name, answer in (("met", "IS TRUE"), ("missed", "IS FALSE"), ("unknown", "IS NULL")):
            condition = f"({asked_of(rule)}) AND f.{rule.column} {answer}"
            columns.append(f"COUNT(*) FILTER (WHERE {condition}) AS {rule.key}_{name}")
    rows = reader.rows(
        f"SELECT SUBSTRING(f.{place}, 1, $digits) AS place, {', '.join(columns)} "
        f"FROM {{{relation}}} AS f WHERE f.year = $year AND f.{place} LIKE $region "
        "GROUP BY 1 ORDER BY 1",
        year=year,
        digits=LEVELS[level],
        region=f"{region}%",
    )
    return {
        rule.key: {
            row["place"]: Tally(*(row[f"{rule.key}_{n}"] for n in ("met", "missed", "unknown")))
            for row in rows
            if rule.exists(year)
        }
        for rule in chosen
    }
