"""村集体经济: a place's villages against the lines of collective income, and what is lacking.

The shares of villages that a place is to bring over a line are the targets of the indicators.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from metrics.shares import percent
from metrics.targets import Targets
from rules.parameters import Parameter
from rules.registry import rules
from store.reader import Reader

ANY, EXIT, BASE, STRONG = "income_any", "village_income", "income_base", "income_strong"
# The lines from the lowest up: the rule, the threshold that it names, whether it is to be passed
# and not only met; the line for a village's exit is a rule of its own.
_LINES = (
    (ANY, "collective_any_yuan", True),
    (EXIT, "village_collective_income_yuan", True),
    (BASE, "collective_base_yuan", False),
    (STRONG, "collective_strong_yuan", False),
)
# The three that have a target, by the indicator whose target it is.
GOALS = {
    ANY: "collective_any_share",
    BASE: "collective_50k_share",
    STRONG: "collective_100k_share",
}
SOURCES = {
    "operating": "operating_income_yuan",
    "contracting": "contracting_income_yuan",
    "investment": "investment_income_yuan",
    "grant": "grant_income_yuan",
    "other": "other_collective_yuan",
}
FEW = 7
_HERE = "f.year = $year AND f.village_code LIKE $region"


@dataclass(frozen=True, slots=True)
class Level:
    """A line of collective income in a year; ``yuan`` is None where none was in force."""

    key: str
    yuan: float | None
    strict: bool

    def reached(self, income: float | None) -> bool | None:
        """Whether an income reaches it; None where either is not known."""
        if income is None or self.yuan is None:
            return None
        return income > self.yuan if self.strict else income >= self.yuan


@dataclass(frozen=True, slots=True)
class Goal:
    """A target: a share of villages that is to reach a line.

    ``known`` villages have an income recorded, ``unknown`` have none, ``wanted`` is the share in
    percent (None: no target). ``nearest`` are the villages that would do with the least money, and
    ``yuan`` what these lack together, None where any amount would do.
    """

    level: Level
    wanted: float | None
    known: int
    unknown: int
    reached: int
    nearest: tuple[str, ...] = ()
    yuan: float | None = None

    @property
    def share(self) -> float | None:
        """Villages that reach the line, in percent of those known."""
        return percent(self.reached, self.known)

    @property
    def under(self) -> int:
        """How many villages are known not to reach the line."""
        return self.known - self.reached

    @property
    def needed(self) -> int | None:
        """How many villages have to reach it."""
        if self.wanted is None or not self.known or self.level.yuan is None:
            return None
        return math.ceil(self.known * self.wanted / 100 - 1e-9)

    @property
    def missing(self) -> int | None:
        """How many villages are missing to the target."""
        return None if self.needed is None else max(0, self.needed - self.reached)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where that cannot be told."""
        return None if self.missing is None else self.missing == 0


def given(region: str, year: int) -> dict[str, Any]:
    """Parameters of a query of a place's year."""
    return {"region": f"{region}%", "year": year}


def levels(parameters: Mapping[str, Parameter], year: int) -> tuple[Level, ...]:
    """The lines from the lowest up, as they were in force in a year."""
    found = []
    for key, parameter, strict in _LINES:
        held = parameters[parameter].in_year(year) if rules()[key].exists(year) else None
        found.append(Level(key, float(held.value) if held else None, strict))
    return tuple(found)


def incomes(reader: Reader, region: str, year: int) -> dict[str, float | None]:
    """Village to its collective income in yuan; None of one that has none recorded."""
    rows = reader.rows(
        f"SELECT f.village_code, f.collective_income_yuan AS yuan FROM {{income_fact}} AS f "
        f"WHERE {_HERE} ORDER BY f.village_code",
        **given(region, year),
    )
    return {row["village_code"]: row["yuan"] for row in rows}


def goals(
    told: Mapping[str, float | None],
    lines: Iterable[Level],
    targets: Targets,
    region: str,
    year: int,
) -> dict[str, Goal]:
    """The three targets of a place, with the cheapest villages that would bring it there."""
    known = {code: yuan for code, yuan in told.items() if yuan is not None}
    found = {}
    for level in lines:
        if level.key not in GOALS:
            continue
        target = targets.aimed(GOALS[level.key], region, year).target
        reached = sum(level.reached(yuan) is True for yuan in known.values())
        wanted = target.value if target else None
        bare = Goal(level, wanted, len(known), len(told) - len(known), reached)
        found[level.key] = _cheapest(bare, known)
    return found


def _cheapest(goal: Goal, known: Mapping[str, float]) -> Goal:
    """The goal with the villages under its line that lack least, as many as are missing."""
    level = goal.level
    if not goal.missing or level.yuan is None:
        return goal
    under = [(level.yuan - yuan, code) for code, yuan in known.items() if not level.reached(yuan)]
    chosen = sorted(under)[: goal.missing]
    lacking = None if level.key == ANY else sum(yuan for yuan, _ in chosen)
    return Goal(
        level,
        goal.wanted,
        goal.known,
        goal.unknown,
        goal.reached,
        tuple(code for _, code in chosen),
        lacking,
    )


def count_met(found: Mapping[str, Goal]) -> int:
    """How many of the targets are met."""
    return sum(goal.met is True for goal in found.values())


@dataclass(frozen=True, slots=True)
class Step:
    """Villages whose income lies from ``low`` up to the next step, in yuan; the last is open."""

    low: float
    villages: int


def steps(told: Mapping[str, float | None], size: float, most: int) -> tuple[int, list[Step]]:
    """Villages without any income, and the others by steps of a size, ``most`` and an open one."""
    known = [yuan for yuan in told.values() if yuan is not None]
    counts = [0] * (most + 1)
    for yuan in known:
        if yuan > 0:
            counts[min(int(yuan // size), most)] += 1
    none = sum(yuan <= 0 for yuan in known)
    return none, [Step(i * size, count) for i, count in enumerate(counts)]


def reaching(told: Mapping[str, float | None], level: Level) -> int:
    """How many villages reach a line."""
    return sum(level.reached(yuan) is True for yuan in told.values())


def by_year(reader: Reader, region: str) -> list[dict[str, Any]]:
    """A row a year of which there are accounts, ascending, all in yuan: each source,
    ``given_yuan`` (grants and other income), account_expense_yuan, surplus_yuan and sources_yuan,
    and how many ``villages`` have an account."""
    exact = {column: _exact(f"f.{column}", column) for column in (*SOURCES.values(),
             "account_expense_yuan", "surplus_yuan", "sources_yuan")}  # fmt: skip
    both = "f.grant_income_yuan + f.other_collective_yuan"
    return reader.rows(
        f"SELECT f.year, COUNT(*) AS villages, {', '.join(exact.values())}, "
        f"{_exact(both, 'given_yuan')} FROM {{income_fact}} AS f "
        "WHERE f.village_code LIKE $region AND f.sources_yuan IS NOT NULL "
        "GROUP BY f.year ORDER BY f.year",
        region=f"{region}%",
    )


def _exact(value: str, name: str) -> str:
    return f"CAST(SUM(CAST({value} AS DECIMAL(20, 4))) AS DOUBLE) AS {name}"


def by_source(reader: Reader, region: str, year: int) -> list[dict[str, Any]]:
    """A row a kind of income, in their order: source, yuan, percent of all, and of how many
    villages it is the largest."""
    columns = [
        _exact(f"f.{column}", column)
        + f", COUNT(*) FILTER (WHERE f.largest_source = '{key}') AS {key}_villages"
        for key, column in SOURCES.items()
    ]
    row = reader.one(
        f"SELECT {', '.join(columns)} FROM {{income_fact}} AS f WHERE {_HERE}",
        **given(region, year),
    )
    assert row is not None
    whole = sum(row[column] or 0 for column in SOURCES.values())
    return [
        {
            "source": key,
            "yuan": row[column],
            "percent": percent(row[column], whole),
            "villages": int(row[f"{key}_villages"]),
        }
        for key, column in SOURCES.items()
    ]


def payers(reader: Reader, region: str, year: int) -> list[dict[str, Any]]:
    """Who paid most of what is no grant, at most seven: payer, villages, yuan, and percent of all
    such lines that name a payer."""
    rows = reader.rows(
        "SELECT payer, villages, yuan, 100 * yuan / SUM(yuan) OVER () AS percent FROM ("
        "SELECT f.payer, COUNT(DISTINCT f.village_code) AS villages, "
        f"{_exact('f.amount_yuan', 'yuan')} "
        f"FROM {{village_receipt}} AS f WHERE {_HERE} AND f.payer IS NOT NULL "
        "AND f.collective_source <> 'grant' GROUP BY f.payer) AS paid "
        "ORDER BY yuan DESC, payer",
        **given(region, year),
    )
    return rows[:FEW]


def summed(rows: Sequence[Mapping[str, Any]], column: str) -> float:
    """A column of several rows together; what is not known adds nothing."""
    return sum(row[column] or 0 for row in rows)


def earned(row: Mapping[str, Any]) -> float | None:
    """What a year earned by operating, contracting and investment, in percent of all its sources;
    ``row`` as ``by_year`` gives it."""
    return percent((row["sources_yuan"] or 0) - (row["given_yuan"] or 0), row["sources_yuan"])
