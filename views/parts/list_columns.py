"""The columns of a list of households: those that a viewer chose, in their order, and what a row
says in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from metrics.fields import Field
from metrics.groups import household_groups
from metrics.lists import COLUMNS, GROUPS
from views.context.stage import Stage
from views.parts.column_words import named, say, unit_of
from views.parts.condition_words import Words

FIRST = "household_id"
# What a list shows until somebody chooses, and what an export holds then.
SHOWN = (
    FIRST,
    "head_name",
    "village_code",
    "member_count",
    "poverty_state",
    "per_capita_net_income_yuan",
    "income_change_percent",
    "own_payment_yuan",
    GROUPS,
)
EXPORTED = (*COLUMNS, GROUPS)


@dataclass(frozen=True)
class Columns:
    """The columns of a stage's list, the household's number first."""

    stage: Stage

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Keys of what the list shows."""
        chosen = self.stage.view.cols
        return tuple(dict.fromkeys((FIRST, *chosen))) if chosen else SHOWN

    @property
    def exported(self) -> tuple[str, ...]:
        """Keys of what an export holds: what was chosen, else all that lists have."""
        return self.shown if self.stage.view.cols else EXPORTED

    @cached_property
    def further(self) -> dict[str, Field]:
        """The fields among them, and the one that the list is sorted by, to be asked for."""
        fields = self.stage.bounds.fields.columns
        asked = (*self.shown, self.stage.view.sort.removeprefix("-"))
        return {key: fields[key] for key in asked if key in fields}

    @cached_property
    def words(self) -> Words:
        return Words(self.stage.county, self.stage.bounds.fields, self.stage.lang)

    def head(self, key: str) -> str:
        """What a column is called."""
        if key == GROUPS:
            return self.stage.t("groups_in")
        if key in COLUMNS:
            return named(self.stage, key)
        return self.words.name(key)

    def headed(self, key: str) -> str:
        """What a column is called, with the unit of its numbers."""
        unit = unit_of(key) if key in COLUMNS else self._unit(key)
        name = self.head(key)
        return self.stage.headed(name, self.stage.measure(unit).unit) if unit else name

    def _unit(self, key: str) -> str | None:
        of = self.stage.bounds.fields.get(key)
        return of.unit if of and of.unit != "calendar_year" else None

    def numeric(self, key: str) -> bool:
        """Whether a column holds numbers."""
        if key in COLUMNS:
            return unit_of(key) is not None
        of = self.stage.bounds.fields.get(key)
        return of is not None and of.kind == "range" and not of.day

    def says(self, key: str, row: Mapping[str, Any]) -> str:
        """What a row says in a column, for a person to read."""
        if key == GROUPS:
            return self._groups(row)
        if key in COLUMNS:
            return say(self.stage, key, row[key], unit=key == "income_change_percent")
        return self.words.cell(self.stage.bounds.fields[key], row[key])

    def _groups(self, row: Mapping[str, Any]) -> str:
        rules = self.stage.county.rules
        names = [self.stage.named(rules[key]) for key in household_groups(row, rules)]
        return "、".join(names) if self.stage.lang == "zh" else ", ".join(names)


def moved(shown: Sequence[str], key: str, by: int) -> tuple[str, ...]:
    """Columns with one of them so many places further on, the first staying where it is."""
    others = [one for one in shown if one != key]
    place = min(max(list(shown).index(key) + by, 1), len(others))
    return (*others[:place], key, *others[place:])
