"""The lists of /village-income: villages by line and source, entrusted contracts, differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from metrics import paging
from metrics.paging import Order
from metrics.village_income import FEW, GOALS, SOURCES, Level, given
from rules.checks import checks
from rules.registry import rules
from store.reader import Reader

VILLAGES, SOURCED, ENTRUSTED, DIFFERENCES = "villages", "sources", "entrusted", "differences"
SHELL, SPREAD, PAYER = "income_shell", "income_source_spread", "income_payer_spread"
IN_FORCE, PAID, AGREED = "entrust_in_force", "entrust_paid_whole", "entrust_agreements"
UNKNOWN = "income_unknown"
_MET, _REACH, _LARGEST = "met_", "reach_", "largest_"  # and a rule, or a source
# Villages by their condition over ``f``; those that would do (``reach_``) are named by code.
VILLAGE_LISTS: dict[str, str] = {
    VILLAGES: "TRUE",
    UNKNOWN: "f.collective_income_yuan IS NULL",
    SHELL: f"f.in_{SHELL} IS TRUE",
    **{key: f"f.in_{key} IS FALSE" for key in (*GOALS, SPREAD, PAYER)},
    **{f"{_MET}{key}": f"f.in_{key} IS TRUE" for key in GOALS},
    **{f"{_REACH}{key}": "list_contains($reach, f.village_code)" for key in GOALS},
    **{f"{_LARGEST}{key}": f"f.largest_source = '{key}'" for key in SOURCES},
}
_ASKED = {ENTRUSTED: "TRUE"} | {key: f"f.in_{key} IS FALSE" for key in (PAID, IN_FORCE, AGREED)}
KINDS = ("mutual_fund", "project")  # of contracts
# Contracts by their condition over ``f``: all of them, and those of one kind.
CONTRACT_LISTS: dict[str, str] = _ASKED | {
    f"{kind}_{key}": f"{told} AND f.entrust_kind = '{kind}'"
    for kind in KINDS
    for key, told in _ASKED.items()
}


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a check compares: a relation, the figure here, the one there, and their difference."""

    relation: str
    here: str
    there: str
    gap: str


_COMPARED = {
    "income_form_differs": _Compared(
        "income_fact", "form_income_yuan", "account_total_yuan", "form_gap_yuan"
    ),
    "income_total_differs": _Compared(
        "income_fact", "account_total_yuan", "sources_yuan", "sources_gap_yuan"
    ),
    "income_lines_differ": _Compared("income_fact", "sources_yuan", "lines_yuan", "lines_gap_yuan"),
    "income_counted_twice": _Compared(
        "income_fact", "lines_yuan", "lines_yuan - f.repeated_yuan", "repeated_yuan"
    ),
    "income_one_off_as_own": _Compared(
        "income_fact", "own_income_yuan", "own_income_yuan - f.one_off_own_yuan", "one_off_own_yuan"
    ),
    "income_dividend_unbooked": _Compared(
        "income_fact", "collective_dividend_yuan", "own_income_yuan", "dividend_gap_yuan"
    ),
    "entrusted_paid_after_end": _Compared(
        "entrust_fact", "entrust_paid_yuan", "due_yield_yuan", "entrust_paid_yuan"
    ),
    "entrusted_not_booked": _Compared(
        "entrust_fact", "entrust_paid_yuan", "entrust_booked_yuan", "booked_gap_yuan"
    ),
}
DIFFERENCE_LISTS = (DIFFERENCES, *_COMPARED)
PARTS = (*VILLAGE_LISTS, SOURCED, *CONTRACT_LISTS, *DIFFERENCE_LISTS)
SORTS = (
    "collective_income_yuan",
    "lacking_yuan",
    "own_share_percent",
    "largest_source_percent",
    "largest_payer_percent",
    "village_code",
)
_HERE = "f.year = $year AND f.village_code LIKE $region"


def _villages_sql(lines: Sequence[Level]) -> str:
    """The facts of villages with the next line that each does not reach, and what it lacks."""
    step = ", ".join(
        f"CASE WHEN f.collective_income_yuan {'<=' if line.strict else '<'} ${line.key} "
        f"THEN CAST(${line.key} AS DOUBLE) END"
        for line in lines
    )
    return (
        "SELECT *, next_line_yuan - collective_income_yuan AS lacking_yuan "
        f"FROM (SELECT f.*, LEAST({step}) AS next_line_yuan FROM {{income_fact}} AS f "
        f"WHERE {_HERE}) AS known"
    )


@dataclass(frozen=True, slots=True)
class Villages:
    """Villages of a place in a year: all, or those of a list. ``reach`` are the codes of the
    villages that would do for the target that ``part`` names."""

    region: str
    year: int
    lines: tuple[Level, ...]
    part: str = VILLAGES
    reach: tuple[str, ...] = field(default=())

    def _rows(self) -> tuple[str, dict[str, Any]]:
        condition = VILLAGE_LISTS[self.part]
        asked = given(self.region, self.year)
        asked |= {line.key: line.yuan for line in self.lines}
        if "$reach" in condition:
            asked["reach"] = list(self.reach)
        return f"SELECT * FROM ({_villages_sql(self.lines)}) AS f WHERE {condition}", asked

    def count(self, reader: Reader) -> int:
        """How many there are. Raises KeyError for a list that there is not."""
        sql, asked = self._rows()
        row = reader.one(f"SELECT COUNT(*) AS n FROM ({sql}) AS listed", **asked)
        return int(row["n"]) if row else 0

    def rows(
        self, reader: Reader, offset: int = 0, limit: int | None = None, sort: str = SORTS[0]
    ) -> pa.Table:
        """A page of them, or all, in the order of a column: those of income_fact, next_line_yuan
        and lacking_yuan (None of one above every line)."""
        sql, asked = self._rows()
        order = Order.by(sort, "village_code") if sort != "village_code" else Order.by(sort)
        return paging.rows(reader, sql, order, offset, limit, asked)

    def nearest(self, reader: Reader) -> list[dict[str, Any]]:
        """The villages that lack least to their next line, at most seven."""
        rows = self.rows(reader, 0, FEW, "lacking_yuan").to_pylist()
        return [row for row in rows if row["lacking_yuan"] is not None]


def count_contracts(reader: Reader, part: str, region: str, year: int) -> int:
    """How many contracts a list has. Raises KeyError for one that there is not."""
    sql = f"SELECT COUNT(*) AS n FROM ({_contracts(part)}) AS s"
    row = reader.one(sql, **given(region, year))
    return int(row["n"]) if row else 0


def contracts(
    reader: Reader, part: str, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """The contracts of a list in a year, those that paid least of what was due first.

    Columns: those of entrust_fact, and name, operator. Raises KeyError for a list that there is
    not.
    """
    order = Order.by("-short_yield_yuan", "village_code", "entrust_id")
    return paging.rows(reader, _contracts(part), order, offset, limit, given(region, year))


def _contracts(part: str) -> str:
    return (
        "SELECT f.*, c.name, c.operator FROM {entrust_fact} AS f "
        "JOIN {entrust_contract} AS c ON c.entrust_id = f.entrust_id "
        f"WHERE {_HERE} AND {CONTRACT_LISTS[part]}"
    )


def entrusted(reader: Reader, region: str, year: int) -> dict[str, Any]:
    """What a place has entrusted in a year: contracts, villages, entrusted_yuan, and, of those
    whose payment is known and due, due_yield_yuan, entrust_paid_yuan and short_yield_yuan."""
    known = "CASE WHEN f.entrust_paid_yuan IS NOT NULL AND f.due_yield_yuan IS NOT NULL THEN"
    sums = ", ".join(
        f"CAST(SUM({when} CAST(f.{column} AS DECIMAL(20, 4)) {end}) AS DOUBLE) AS {column}"
        for column, when, end in (
            ("entrusted_yuan", "", ""),
            ("due_yield_yuan", known, "END"),
            ("entrust_paid_yuan", known, "END"),
            ("short_yield_yuan", known, "END"),
        )
    )
    row = reader.one(
        "SELECT COUNT(*) AS contracts, COUNT(DISTINCT f.village_code) AS villages, "
        f"{sums} FROM {{entrust_fact}} AS f WHERE {_HERE}",
        **given(region, year),
    )
    assert row is not None
    return row


def by_kind(reader: Reader, region: str, year: int) -> list[dict[str, Any]]:
    """The same by kind of contract: entrust_kind, contracts, entrusted_yuan, due_yield_yuan,
    entrust_paid_yuan, and how many miss each rule."""
    missed = ", ".join(
        f"COUNT(*) FILTER (WHERE f.in_{key} IS FALSE) AS {key}" for key in (IN_FORCE, PAID, AGREED)
    )
    sums = ", ".join(
        f"CAST(SUM(CAST(f.{column} AS DECIMAL(20, 4))) AS DOUBLE) AS {column}"
        for column in ("entrusted_yuan", "due_yield_yuan", "entrust_paid_yuan")
    )
    return reader.rows(
        f"SELECT f.entrust_kind, COUNT(*) AS contracts, {sums}, {missed} "
        f"FROM {{entrust_fact}} AS f WHERE {_HERE} GROUP BY f.entrust_kind "
        "ORDER BY f.entrust_kind NULLS LAST",
        **given(region, year),
    )


def _differing(part: str) -> str:
    """SQL of what checks find in a year that is over: village, contract, the two figures, and by
    how much they differ."""
    if part not in DIFFERENCE_LISTS:
        raise KeyError(part)
    parts = []
    for key, one in _COMPARED.items():
        if part not in (DIFFERENCES, key):
            continue
        subject = "f.entrust_id" if one.relation == "entrust_fact" else "f.village_code"
        parts.append(
            f"SELECT '{key}' AS check_key, {subject} AS subject_id, f.village_code, f.year, "
            f"f.{one.here} AS here_yuan, f.{one.there} AS there_yuan, f.{one.gap} AS gap_yuan "
            f"FROM {{{one.relation}}} AS f "
            f"WHERE {_HERE} AND f.year_over AND ({checks()[key].where})"
        )
    return " UNION ALL ".join(parts)


def count_differences(reader: Reader, part: str, region: str, year: int) -> int:
    """How many differences a list has. Raises KeyError for one that there is not."""
    row = reader.one(f"SELECT COUNT(*) AS n FROM ({_differing(part)}) AS s", **given(region, year))
    return int(row["n"]) if row else 0


def differences(
    reader: Reader, part: str, region: str, year: int, offset: int = 0, limit: int | None = None
) -> pa.Table:
    """What two tables say differently of a village or contract in a year, the largest first.

    Columns: check_key, subject_id, village_code, year, here_yuan, there_yuan, gap_yuan. Raises
    KeyError for a list that there is not.
    """
    order = Order.by("-gap_yuan", "check_key", "subject_id")
    return paging.rows(reader, _differing(part), order, offset, limit, given(region, year))


def differences_by_check(reader: Reader, region: str, year: int) -> dict[str, int]:
    """Each check to how many it finds in the year."""
    rows = reader.rows(
        f"SELECT check_key, COUNT(*) AS n FROM ({_differing(DIFFERENCES)}) AS s GROUP BY 1 "
        "ORDER BY ALL",
        **given(region, year),
    )
    counted: Mapping[str, int] = {row["check_key"]: int(row["n"]) for row in rows}
    return {key: counted.get(key, 0) for key in _COMPARED}


def compared(part: str) -> tuple[str, str]:
    """The facts that a check holds against each other."""
    one = _COMPARED[part]
    return one.here, one.there.partition(" ")[0]


def of_kind(kind: str | None, part: str) -> str | None:
    """The same list of contracts held to one kind; None where the kind is not recorded."""
    return f"{kind}_{part}" if kind in KINDS else None


def kind_of(part: str) -> tuple[str | None, str]:
    """The kind that a list of contracts is held to, if any, and the list of all kinds."""
    kind = next((one for one in KINDS if part.startswith(f"{one}_")), None)
    return kind, part.removeprefix(f"{kind}_") if kind else part


def goal_of(part: str) -> str | None:
    """The target whose villages a list has, of one of those that would do for it; else None."""
    key = part.removeprefix(_REACH)
    return key if key != part else None


def reach(key: str) -> str:
    """The list of the villages that would do for a target."""
    return f"{_REACH}{key}"


def met(key: str) -> str:
    """The list of the villages that reach a line."""
    return f"{_MET}{key}"


def largest(source: str) -> str:
    """The list of the villages of which a kind of income is the largest."""
    return f"{_LARGEST}{source}"


def rule_of(part: str) -> str | None:
    """The rule that a list of villages or contracts is about; None where it is about none."""
    key = part.removeprefix(_MET).removeprefix(_REACH)
    return key if key in rules() else None
