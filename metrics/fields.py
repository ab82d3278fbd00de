"""What households can be filtered by: one field for everything that their files know.

The fields come from the registries (``metrics.field_sources``): every column of the fact relations
and of the tables behind a household's file, every rule, class, check, measure and benefit is a
field by itself. A field gives the SQL of what is asked of it; its words are in
``views.parts.condition_words``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from metrics.conditions import (
    MOST_NAMED,
    UNKNOWN,
    Bound,
    Condition,
    ConditionError,
    Mode,
    choice,
    joined,
    span,
    split,
)

Kind = Literal["choice", "range", "named"]
LEDGER_STATES = ("open", "due", "overdue", "closed_standing", "closed")
LEDGER_FINDINGS = ("missing", "without_cause")
# What is followed of a household: a problem that is open, one that is late, one that was closed.
PROBLEMS = ("open", "overdue", "closed")
_IN = "f.{shared} IN (SELECT s.{shared} FROM {relation} AS s WHERE {condition})"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that households are filtered by.

    ``theme`` is where it is offered. ``named`` says what gives its name (``column``, ``rule``,
    ``to_line``, ``months_to_line`` or ``term``) and that one's key; ``says`` what gives the names
    of its values (a code list, ``answer``, ``flag``, ``rule``, ``check`` and so on). A choice has
    for each of its ``values`` a condition over ``{household_fact} AS f``; ``many`` of them may be
    true of one household. A range has ``sql``, of the household itself (``f``), or of the rows
    ``s`` of a ``relation`` that it shares its ``shared`` column with; ``whole`` numbers, or a
    ``day``. ``latest`` ones are known in the data date's own year alone. A ``shown`` one is a
    column that a list of households may have, of that very ``sql``.
    """

    key: str
    theme: str
    kind: Kind
    named: tuple[str, str]
    says: str = ""
    values: Mapping[str, str] = field(default_factory=dict, compare=False)
    many: bool = False
    sql: str = ""
    relation: str = ""
    shared: str = "household_id"
    dated: bool = False
    unit: str | None = None
    whole: bool = False
    day: bool = False
    latest: bool = False
    shown: bool = False

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The ways in which its values may be asked for."""
        return ("any", "all", "none") if self.many else ("any", "none")

    def read(self, text: str) -> Condition:
        """The condition of the text behind the key. Raises ConditionError."""
        if self.kind == "range":
            asked = span(self.key, text, day=self.day)
            if self.whole and any(b and b % 1 for b in (asked.low, asked.high)):  # type: ignore[operator]
                raise ConditionError(text)
            return asked
        found = choice(self.key, text)
        if self.kind == "named":
            if len(found.values) > MOST_NAMED or found.mode == "all":
                raise ConditionError(text)
            return replace(found, values=tuple(sorted(found.values)))
        if found.mode not in self.modes or not set(found.values) <= set(self.values):
            raise ConditionError(text)
        return replace(found, values=tuple(v for v in self.values if v in found.values))

    def condition(self, asked: Condition) -> tuple[str, dict[str, object]]:
        """SQL over ``{household_fact} AS f``, and its parameters.

        A parameter is named after its value, so that conditions stand beside one another.
        """
        given: dict[str, object] = {}
        if self.kind == "named":
            sql, given = (
                f"f.household_id IN (SELECT unnest(${self.key}))",
                {self.key: [*asked.values]},
            )
        elif self.kind == "range":
            sql, given = self._range(asked)
        else:
            joint = " AND " if asked.mode == "all" else " OR "
            sql = joint.join(f"({self.values[v]})" for v in asked.values)
        if asked.mode != "none":
            return sql, given
        # Where not to know is a value, it is another one; elsewhere it is no answer to anything.
        return f"NOT COALESCE({sql}, FALSE)" if UNKNOWN in self.values else f"NOT ({sql})", given

    def _range(self, asked: Condition) -> tuple[str, dict[str, object]]:
        if asked.values:
            return self.about(f"{self.sql} IS NULL"), {}
        steps: list[str] = []
        given: dict[str, object] = {}
        for bound, sign in ((asked.low, ">="), (asked.high, "<" if asked.under else "<=")):
            if bound is not None:
                name = _parameter(bound)
                steps.append(f"{self.sql} {sign} ${name}")
                given[name] = bound
        return self.about(" AND ".join(steps)), given

    def about(self, condition: str) -> str:
        """A condition on its ``sql``, as one on the household."""
        return about(self.relation, self.shared, condition, dated=self.dated)


def about(relation: str, shared: str, condition: str, *, dated: bool) -> str:
    """A condition on rows ``s`` of a relation, as one on the household; on itself without."""
    if not relation:
        return condition
    when = "s.year = $year AND " if dated else ""
    return _IN.format(shared=shared, relation=relation, condition=f"{when}({condition})")


def _parameter(bound: Bound) -> str:
    text = bound.isoformat() if isinstance(bound, date) else repr(bound)
    return "at_" + text.replace("-", "m").replace(".", "_").replace("+", "p")


@dataclass(frozen=True)
class Fields(Mapping[str, Field]):
    """Every field by its key, in the order they are offered.

    ``newest`` is the data date's year; ``given`` are the parameters that every condition may ask
    for; ``places`` the codes of the places there are.
    """

    every: Mapping[str, Field] = field(default_factory=dict)
    newest: int = 0
    given: Mapping[str, object] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Field:
        return self.every[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)

    def read_one(self, text: str) -> Condition:
        """The condition of a text. Raises ConditionError for one that means nothing here."""
        key, _, rest = text.partition(".")
        if key not in self.every:
            raise ConditionError(text)
        return self.every[key].read(rest)

    def read(self, text: str) -> tuple[Condition, ...]:
        """The conditions of an address's value. Raises ConditionError."""
        return split(text, self.read_one)

    def text(self, conditions: Sequence[Condition]) -> str:
        """The value of an address, which ``read`` reads."""
        return joined(conditions)

    def condition(self, asked: Condition, year: int) -> tuple[str, dict[str, object]]:
        """SQL of a condition on households of a year, and its parameters.

        What is known in the data date's year alone is unknown in every other, to each question.
        """
        one = self.every[asked.field]
        if one.latest and year != self.newest:
            return ("TRUE" if asked.values == (UNKNOWN,) else "CAST(NULL AS BOOLEAN)"), {}
        return one.condition(asked)

    @property
    def columns(self) -> dict[str, Field]:
        """Those that a list of households may show."""
        return {key: one for key, one in self.every.items() if one.shown}
