"""What a file is taken for: the whole of the places it covers, or a part that takes nothing away.

Decided table by table from how much of the snapshot before a file has (``store/schema.yaml`` says
how each table's files come). Rows that a file was taken to have left out are *absent*. Where a
file is neither clearly whole nor clearly a part, or would take away more than the table allows,
there is a question, and nothing is published before it is answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb
import pyarrow as pa

from loaders.assembly.staging import REGISTER
from store import schema
from store.tables import ROW

FEW = 20  # rows: below it no share says anything, and a file is taken for a part
PART = 0.5  # share of a place's rows up to which a file is clearly a part of it

Mode = Literal["whole", "unit", "places", "part", "additions"]
Scope = tuple[Any, ...]  # values of the columns that come in files of their own


@dataclass(frozen=True, slots=True)
class Answers:
    """What the clerk has said beforehand, by table, or of the import as a whole.

    Files of ``whole`` tables are the whole of every village that they touch, whatever goes; those
    of ``part`` ones are parts; ``refused`` allows many refused rows.
    """

    whole: frozenset[str] = frozenset()
    part: frozenset[str] = frozenset()
    refused: bool = False


UNANSWERED = Answers()


@dataclass(slots=True)
class Arrival:
    """What one table's files were taken for, and the questions that this raised.

    ``townships`` are those of which something may go, ``kept`` those that the files do not touch.
    """

    mode: Mode
    townships: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    questions: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Place:
    """A village in one scope: rows before, those that the files have too, whether they touch it."""

    before: int = 0
    given: int = 0
    touched: bool = False

    @property
    def missing(self) -> int:
        return self.before - self.given


def absent(
    sql: duckdb.DuckDBPyConnection,
    table: schema.Table,
    amending: Collection[int],
    answers: Answers,
) -> Arrival:
    """Fill ``absent_<table>`` (the row numbers of the snapshot before that are gone).

    ``amending`` are sections of rows that were refused before: they never make a file whole.
    """
    sql.execute(f"CREATE TABLE absent_{table.name} ({ROW} BIGINT)")
    arrives = table.arrives
    if arrives is None or arrives.kind == "additions" or table.name in answers.part:
        return Arrival("additions" if arrives and arrives.kind == "additions" else "part")
    _prepare(sql, table, list(amending))
    arrival = Arrival("part")
    whole: list[tuple[Scope, str]] = []
    for scope, places in _counted(sql, table).items():
        whole += [
            (scope, village)
            for village in _whole_places(table, arrives, scope, places, answers, arrival)
        ]
    if whole:
        _note(sql, table, whole)
    return arrival


def _prepare(sql: duckdb.DuckDBPyConnection, table: schema.Table, amending: list[int]) -> None:
    """Make ``mentioned`` (distinct rows of the files, with their village) and ``before``."""
    arrives = table.arrives
    assert arrives is not None
    has_household = table.name != REGISTER and "household_id" in table.arrow.names
    village = f"m.{table.region}"
    join = ""
    if has_household:
        village = f"coalesce(h.village_code, m.{table.region})"
        join = "LEFT JOIN households AS h USING (household_id)"
    columns = [*dict.fromkeys([*table.key, *arrives.within, *([arrives.by] if arrives.by else [])])]
    listed = ", ".join(f"m.{column}" for column in columns)
    sql.execute(
        f"""CREATE OR REPLACE TEMP TABLE mentioned AS
        SELECT {listed}, any_value({village}) AS _village,
            bool_or(m.sheet NOT IN (SELECT unnest($amending::INT[]))) AS _direct
        FROM mention_{table.name} AS m {join} GROUP BY ALL""",
        {"amending": amending},
    )
    key = ", ".join(table.key)
    about = f"SEMI JOIN mentioned AS a ON a.{arrives.by} = b.{arrives.by}" if arrives.by else ""
    scope = "".join(f", b.{column}" for column in arrives.within)
    sql.execute(
        f"""CREATE OR REPLACE TEMP TABLE before AS
        SELECT b.{ROW}, b.{table.region} AS _village, g.given IS NOT NULL AS given{scope}
        FROM (FROM base_{table.name} AS b {about}) AS b
        LEFT JOIN (SELECT DISTINCT {key}, TRUE AS given FROM mentioned) AS g USING ({key})"""
    )


def _counted(
    sql: duckdb.DuckDBPyConnection, table: schema.Table
) -> Mapping[Scope, dict[str, _Place]]:
    """Every village of every scope that the files touch."""
    assert table.arrives is not None
    scope = "".join(f", {column}" for column in table.arrives.within)
    found: dict[Scope, dict[str, _Place]] = defaultdict(lambda: defaultdict(_Place))
    touched = f"SELECT DISTINCT _village{scope} FROM mentioned WHERE _direct AND _village NOTNULL"
    for village, *values in sql.execute(touched).fetchall():
        found[tuple(values)][village].touched = True
    counts = f"SELECT _village, count(*), count(*) FILTER (given){scope} FROM before GROUP BY ALL"
    for village, before, given, *values in sql.execute(counts).fetchall():
        if tuple(values) in found:
            place = found[tuple(values)][village]
            place.before, place.given = before, given
    return found


def _whole_places(
    table: schema.Table,
    arrives: schema.Arrival,
    scope: Scope,
    places: Mapping[str, _Place],
    answers: Answers,
    arrival: Arrival,
) -> Iterable[str]:
    """Villages of a scope of which the files are the whole; what is in doubt becomes a question."""
    townships: dict[str, dict[str, _Place]] = defaultdict(dict)
    for village, place in places.items():
        townships[village[:9]][village] = place
    told = dict(zip(arrives.within, scope, strict=True))
    everywhere = arrives.kind == "unit" or _covers(places.values(), arrives.shrink)
    sure = table.name in answers.whole
    found: list[str] = []
    for code, villages in sorted(townships.items()):
        touched = [place for place in villages.values() if place.touched]
        if not touched and arrives.kind != "unit":
            if sum(place.before for place in villages.values()):
                arrival.kept.add(code)
            continue
        if everywhere or _covers(villages.values(), arrives.shrink):
            if not sure and _shrinks(villages.values(), arrives.shrink):
                arrival.questions.append(_question("shrink", table, code, told, villages.values()))
            found += villages
            arrival.mode = _wider(arrival.mode, arrives, everywhere)
        elif sure or _covers(touched, arrives.shrink):
            found += [village for village, place in villages.items() if place.touched]
            arrival.mode = "places"
        elif _doubtful(touched):
            arrival.questions.append(_question("part_or_whole", table, code, told, touched))
        else:
            continue
        arrival.townships.add(code)
    return found


def _wider(mode: Mode, arrives: schema.Arrival, everywhere: bool) -> Mode:
    if arrives.kind == "unit":
        return "unit"
    return "whole" if everywhere and mode != "places" else "places"


def _sums(places: Iterable[_Place]) -> tuple[int, int]:
    every = list(places)
    return sum(place.before for place in every), sum(place.given for place in every)


def _covers(places: Iterable[_Place], shrink: float) -> bool:
    """Whether files have so much of the rows before that they are the whole."""
    before, given = _sums(places)
    return before >= FEW and given >= (1 - shrink) * before


def _shrinks(places: Iterable[_Place], shrink: float) -> bool:
    before, given = _sums(places)
    return before - given >= FEW and before - given > shrink * before


def _doubtful(places: Iterable[_Place]) -> bool:
    before, given = _sums(places)
    return before - given >= FEW and given > PART * before


def _question(
    kind: str,
    table: schema.Table,
    township: str,
    scope: Mapping[str, Any],
    places: Iterable[_Place],
) -> dict[str, Any]:
    before, given = _sums(places)
    return {
        "kind": kind,
        "table": table.name,
        "township": township,
        "scope": dict(scope),
        "before": before,
        "given": given,
    }


def _note(
    sql: duckdb.DuckDBPyConnection, table: schema.Table, whole: list[tuple[Scope, str]]
) -> None:
    """Note the rows before that whole files do not have."""
    assert table.arrives is not None
    within = table.arrives.within
    columns = {"_village": pa.array([village for _, village in whole], pa.string())}
    for at, name in enumerate(within):
        columns[name] = pa.array([scope[at] for scope, _ in whole], table.column(name).type)
    sql.register("whole_places", pa.table(columns))
    sql.execute(
        f"""INSERT INTO absent_{table.name} SELECT {ROW} FROM before
        SEMI JOIN whole_places USING ({", ".join(columns)}) WHERE NOT given"""
    )
    sql.unregister("whole_places")
