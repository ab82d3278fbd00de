"""资金: where a year's money came from, where it was allotted, what is paid of it and what lies.

Everything is asked of ``fund_fact``, a row a line. Amounts are decimals in yuan: what is allotted
of each line is what was paid to households, to units, is left and lies idle, to the fen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from metrics.registry import Indicator, indicators
from store.reader import Reader

RELATION = "fund_fact"
# The use whose lines an indicator's number opens; of the others all lines of the year.
_USE_OF = {"fund_idle": "idle", "fund_to_households": "households"}
LEVELS = ("central", "province", "city", "county", "integrated", "other", "unknown")
PURPOSES = ("construction", "livelihood", "subsidy")
USES = ("households", "units", "left", "idle")
UNALLOTTED = "unallotted"
BOOKS = ("county", "township", "village")
# The parts of /funds: a book of a level and purpose, what is made public, supervised, reported and
# asked, and the lines themselves.
BOOK_PARTS = tuple(f"{level}_{purpose}" for level in BOOKS for purpose in PURPOSES)
BOARD_PARTS = ("publication", "supervision", "complaints", "inquiries")
PARTS = ("books", *BOOK_PARTS, *BOARD_PARTS, "lines")
CHECKED = ("fund_source", "allotment", "payment", "receipt", "complaint")
NOTICES = ("allotment_unpublished", "allotment_published_late", "allotment_published_short")
WHERE = "f.year = $year AND f.village_code LIKE $region"


class LineError(ValueError):
    """The text names no lines of funds."""


@dataclass(frozen=True, slots=True)
class Which:
    """Lines of a level of money, of a purpose, with money of one use; None does not narrow.

    ``central.construction.idle``: in an address each word is known by the list that has it.
    """

    level: str | None = None
    purpose: str | None = None
    use: str | None = None

    def __str__(self) -> str:
        return ".".join(filter(None, (self.level, self.purpose, self.use)))


EVERY = Which()


def which(text: str) -> Which:
    """The lines that a text names. Raises LineError for one that means nothing."""
    words = text.split(".")
    found = Which(
        *(next((w for w in words if w in known), None) for known in (LEVELS, PURPOSES, USES))
    )
    if str(found) != text or not text:
        raise LineError(text)
    return found


def idle() -> str:
    """SQL over ``fund_fact``: whether what is left of a line lies idle, as the indicator says."""
    return f"({indicators()['fund_idle'].numerator.condition})"


def use_sql(use: str | None) -> str:
    """SQL of what a line has of a use; of none, all of it."""
    paid = "LEAST(f.paid_yuan, f.amount_yuan)"
    to_homes = f"LEAST(f.household_yuan, {paid})"
    return {
        "households": to_homes,
        "units": f"{paid} - {to_homes}",
        "left": f"CASE WHEN {idle()} THEN 0 ELSE GREATEST(f.left_yuan, 0) END",
        "idle": f"CASE WHEN {idle()} THEN f.left_yuan ELSE 0 END",
        None: "f.amount_yuan",
    }[use]


def year_gone(day: date, year: int) -> float:
    """How much of a year had gone by on a day, in percent with one decimal."""
    if day.year != year:
        return 100.0 if day.year > year else 0.0
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return round(100.0 * ((day - date(year, 1, 1)).days + 1) / days, 1)


def opened_by(indicator: Indicator) -> Which | None:
    """Which lines an indicator's number opens, none named for all; None for one of no lines."""
    if indicator.numerator.relation != RELATION:
        return None
    return Which(use=_USE_OF.get(indicator.key))


@dataclass(frozen=True, slots=True)
class Edge:
    """Money from one node to another; nodes are ``level.x``, ``purpose.x`` and ``use.x``."""

    source: str
    target: str
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class Flow:
    """All edges of a place and year. ``beyond`` is what was allotted of funds beyond their amount:
    edges hold it, as the books do. ``overpaid`` is what was paid of lines beyond theirs: none does.
    """

    edges: tuple[Edge, ...]
    beyond: Decimal
    overpaid: Decimal

    def into(self, node: str) -> Decimal:
        return sum((e.yuan for e in self.edges if e.target == node), Decimal())

    def out_of(self, node: str) -> Decimal:
        return sum((e.yuan for e in self.edges if e.source == node), Decimal())

    @property
    def came(self) -> Decimal:
        """What there is: allotted, and at hand."""
        return sum((e.yuan for e in self.edges if e.source.startswith("level.")), Decimal())

    @property
    def allotted(self) -> Decimal:
        return sum((e.yuan for e in self.edges if e.source.startswith("purpose.")), Decimal())

    def used(self, *uses: str) -> Decimal:
        return sum((self.into(f"use.{use}") for use in uses), Decimal())

    @property
    def paid(self) -> Decimal:
        return self.used("households", "units")

    @property
    def paid_percent(self) -> float | None:
        return float(100 * self.paid / self.allotted) if self.allotted else None


def flow(reader: Reader, region: str, year: int) -> Flow:
    """The year's money of a place from its sources to its uses.

    What of a fund is not allotted yet is known of documents in scope alone: the whole county's.
    """
    sums = ", ".join(f"SUM({use_sql(use)}) AS {use}" for use in USES)
    rows = reader.rows(
        f"SELECT COALESCE(f.fund_level, 'unknown') AS level, f.purpose, "
        f"SUM(f.amount_yuan) AS amount, SUM(GREATEST(-f.left_yuan, 0)) AS overpaid, {sums} "
        f"FROM {{fund_fact}} AS f WHERE {WHERE} GROUP BY 1, 2 ORDER BY ALL",
        **given(region, year),
    )
    kept = reader.rows(
        "SELECT s.fund_level AS level, "
        "SUM(GREATEST(s.amount_yuan - COALESCE(a.amount, 0), 0)) AS kept, "
        "SUM(GREATEST(COALESCE(a.amount, 0) - s.amount_yuan, 0)) AS beyond "
        "FROM {fund_source} AS s LEFT JOIN (SELECT fund_id, SUM(amount_yuan) AS amount "
        "FROM {fund_fact} GROUP BY fund_id) AS a ON a.fund_id = s.fund_id "
        "WHERE s.year = $year AND s.region_code LIKE $region GROUP BY 1 ORDER BY ALL",
        **given(region, year),
    )
    edges = [Edge(f"level.{r['level']}", f"purpose.{r['purpose']}", r["amount"]) for r in rows]
    edges += [Edge(f"level.{r['level']}", f"use.{UNALLOTTED}", r["kept"]) for r in kept]
    for purpose in PURPOSES:
        mine = [row for row in rows if row["purpose"] == purpose]
        edges += [
            Edge(f"purpose.{purpose}", f"use.{use}", sum((r[use] for r in mine), Decimal()))
            for use in USES
        ]
    return Flow(
        tuple(edge for edge in edges if edge.yuan),
        sum((row["beyond"] for row in kept), Decimal()),
        sum((row["overpaid"] for row in rows), Decimal()),
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """What is allotted to a place and paid there; ``code`` ends in zeros for its own lines."""

    code: str
    allotted: Decimal
    paid: Decimal
    percent: float


def slower(found: Sequence[Progress], percent: float) -> int:
    """How many places have paid less than that share."""
    return sum(one.percent < percent for one in found)


def progress(reader: Reader, region: str, year: int, digits: int) -> list[Progress]:
    """Payment by the places below, by the first ``digits`` of their codes, the slowest first."""
    rows = reader.rows(
        "SELECT SUBSTRING(f.village_code, 1, $digits) AS code, SUM(f.amount_yuan) AS allotted, "
        "SUM(LEAST(f.paid_yuan, f.amount_yuan)) AS paid, "
        "100 * SUM(LEAST(f.paid_yuan, f.amount_yuan))::DOUBLE / SUM(f.amount_yuan) AS percent "
        f"FROM {{fund_fact}} AS f WHERE {WHERE} GROUP BY 1 HAVING SUM(f.amount_yuan) > 0 "
        "ORDER BY percent, code",
        digits=digits,
        **given(region, year),
    )
    return [Progress(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class ToDo:
    """What a check found in a place: how many, and of lines what they come to."""

    check_key: str
    count: int
    yuan: Decimal | None


_GRAVITY = "CASE g.severity WHEN 'error' THEN 0 WHEN 'suspect' THEN 1 ELSE 2 END"


def to_do(reader: Reader, region: str, most: int) -> list[ToDo]:
    """What the checks of funds found in a place, the gravest and most money first."""
    rows = reader.rows(
        "SELECT g.check_key, COUNT(*) AS count, "
        "SUM(CASE WHEN f.left_yuan > 0 AND g.check_key LIKE '%idle%' THEN f.left_yuan "
        "ELSE f.amount_yuan END) AS yuan "
        "FROM {finding} AS g LEFT JOIN {fund_fact} AS f ON f.line_id = g.subject_id "
        f"WHERE g.level IN ({_quoted(CHECKED)}) AND g.village_code LIKE $region "
        f"GROUP BY g.check_key, g.severity ORDER BY {_GRAVITY}, yuan DESC NULLS LAST, g.check_key "
        "LIMIT $most",
        region=f"{region}%",
        most=most,
    )
    return [ToDo(**row) for row in rows]


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def given(region: str, year: int) -> Mapping[str, Any]:
    return {"region": f"{region}%", "year": year}
