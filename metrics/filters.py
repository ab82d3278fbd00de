"""The one filter of households: its condition, its parameters, and what it says in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from metrics import search_keys
from metrics.conditions import Condition
from metrics.fields import LEDGER_FINDINGS as FINDINGS
from metrics.fields import LEDGER_STATES, Fields
from metrics.registry import Indicator
from metrics.selections import Selection
from rules.registry import Rule, groups
from store.folding import compact, running

STATES = (*LEDGER_STATES, *FINDINGS)


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """Which households: of a place and year, behind an indicator, selected, in a group or state.

    Every part narrows. ``groups`` are rules that all hold; ``only`` are rules too: the households
    in exactly these groups and no other. ``state`` is a ledger state or what the check of a ledger
    found (``missing``, ``without_cause``): in the ledger of the group ``ledger``, where households
    stand too that the rule does not name; else in that of the one group chosen, else in any.
    ``ledger`` without a state is all that stand in it or should. ``q`` is the beginning of a
    household number, the whole name of a village or township in any of its forms or, if ``whole``,
    somebody's whole name or identity number, folded as an import folds cells; one that folds to
    nothing finds nobody. ``among`` are the numbers of the only households that it may find.
    ``where`` are conditions on any of the ``fields``; ``supplied`` are the parameters of those that
    the snapshot does not know.
    """

    region: str
    year: int
    indicator: Indicator | None = None
    groups: tuple[Rule, ...] = ()
    only: tuple[Rule, ...] = ()
    state: str | None = None
    ledger: Rule | None = None
    q: str = ""
    select: Selection | None = None
    whole: bool = False
    among: tuple[str, ...] | None = None
    where: tuple[Condition, ...] = ()
    fields: Fields = field(default_factory=Fields, compare=False, repr=False)
    supplied: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)

    def without(self, key: str) -> HouseholdFilter:
        """The filter without its condition on a field."""
        return replace(self, where=tuple(one for one in self.where if one.field != key))

    def having(self, asked: Condition) -> HouseholdFilter:
        """The filter with a condition, in the place of the one on the same field, if any."""
        return replace(self, where=put(self.where, asked))

    @property
    def which_ledger(self) -> Rule | None:
        """The group whose ledger a state is meant in; None for any."""
        return self.ledger or (self.groups[0] if len(self.groups) == 1 else None)

    def condition(self) -> tuple[str, dict[str, object]]:
        """SQL condition over ``{household_fact} AS f`` and its parameters."""
        parts, given = self.parts()
        return " AND ".join(f"({part})" for part in parts), given

    def parts(self) -> tuple[list[str], dict[str, object]]:
        """The conditions that all hold, and their parameters."""
        parts = ["f.year = $year", "f.village_code LIKE $region"]
        given: dict[str, object] = {"year": self.year, "region": f"{self.region}%"}
        if self.indicator is not None and self.indicator.opens:
            parts.append(self._behind(self.indicator))
        if self.select is not None:
            parts.append(self.select.condition)
        parts += [f"f.{rule.column}" for rule in self.groups]
        parts += self._in_ledgers()
        if self.only:
            parts += [self._exactly(rule) for rule in groups().values()]
        if self.q:
            parts.append(self._found())
            given |= {"q_start": compact(self.q).upper(), "q_name": running(self.q)}
            if self.whole:
                given["q_number"] = compact(self.q).upper()
        if self.where:
            given |= {**self.fields.given, **self.supplied}
        for asked in self.where:
            sql, more = self.fields.condition(asked, self.year)
            parts.append(sql)
            given |= more
        if self.among is not None:
            parts.append("f.household_id IN (SELECT unnest($among))")
            given["among"] = list(self.among)
        return parts, given

    @staticmethod
    def _behind(indicator: Indicator) -> str:
        measure = indicator.numerator
        if measure.relation == "household_fact":
            return measure.condition
        return (
            f"f.household_id IN (SELECT household_id FROM {{{measure.relation}}} "
            f"WHERE {measure.condition})"
        )

    def _in_ledgers(self) -> list[str]:
        """The condition of the ledger that the household stands in, or is missing from; or none."""
        if self.state is None:
            meant = "TRUE"
        elif self.state in STATES:
            meant = f"{'finding' if self.state in FINDINGS else 'ledger_state'} = '{self.state}'"
        else:
            raise ValueError(f"no state {self.state!r}")
        if self.state is None and self.ledger is None:
            return []
        which = self.which_ledger
        within = f" AND group_key = '{which.key}'" if which else ""
        return [
            f"f.household_id IN (SELECT household_id FROM {{group_check}} WHERE {meant}{within})"
        ]

    def _exactly(self, rule: Rule) -> str:
        return f"f.{rule.column}" if rule in self.only else f"NOT COALESCE(f.{rule.column}, FALSE)"

    def _found(self) -> str:
        code = "($q_start <> '' AND starts_with(upper(f.household_id), $q_start))"
        place = (
            "f.village_code IN (SELECT v.region_code FROM {region} AS v JOIN {region} AS p "
            "ON starts_with(v.region_code, p.region_code) WHERE p.level <> 'county' "
            "AND $q_name IN (p.name, p.official_name, p.short_name))"
        )
        if not self.whole:
            return f"{code} OR {place}"
        return f"{code} OR {place} OR {search_keys.condition('$q_name', '$q_number')}"


def put(where: tuple[Condition, ...], asked: Condition) -> tuple[Condition, ...]:
    """Conditions with one more, in the place of the one on the same field, if any."""
    if any(one.field == asked.field for one in where):
        return tuple(asked if one.field == asked.field else one for one in where)
    return (*where, asked)
