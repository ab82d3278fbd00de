"""The cube: every indicator for every place and year, grouped once, small enough for memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from metrics.registry import Indicator
from store.scope import Scope

# Relations of events and cases: a place without a row had none. Of any other relation, a place
# without a row was not asked, and its number is not known.
_EVENTS = ("ledger_fact", "monitored_fact", "project_fact")
# Additive amounts of one indicator, place and year.
_AMOUNTS = ("numerator", "denominator", "known", "asked")
_OF_NUMERATOR = ("numerator", "known", "asked")
ROWS = "counted_rows"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number. ``value`` is None where most rows asked have no answer, nobody was asked, there
    is nothing to divide by, or the indicator was not in force.

    ``unknown`` counts the rows without an answer.
    """

    value: float | None
    numerator: float
    denominator: float | None
    unknown: int

    def change_since(self, before: Cell | None) -> float | None:
        """This value less an earlier one; None where either is not known, 0 for a mere rounding."""
        if before is None or before.value is None or self.value is None:
            return None
        delta = self.value - before.value
        return delta if round(delta, 6) else 0.0


def cube_sql(indicators: Mapping[str, Indicator]) -> dict[str, str]:
    """One query a fact relation: all its measures over county, township, village and year.

    Columns are ``<key>__numerator``, ``<key>__known`` and so on, and ``ROWS``, how many rows there
    are; DuckDB and Spark both run it.
    """
    columns: dict[str, list[str]] = {}
    for indicator in indicators.values():
        measure = indicator.numerator
        columns.setdefault(measure.relation, []).extend(
            [
                f"{measure.amount} AS {indicator.key}__numerator",
                f"{measure.known} AS {indicator.key}__known",
                f"{measure.asked} AS {indicator.key}__asked",
            ]
        )
        if indicator.denominator is not None:
            columns.setdefault(indicator.denominator.relation, []).append(
                f"{indicator.denominator.amount} AS {indicator.key}__denominator"
            )
    return {
        relation: "SELECT COALESCE(village_code, township_code, county_code) AS region_code, year, "
        + ", ".join([f"COUNT(*) AS {ROWS}", *amounts])
        + f" FROM {relation} GROUP BY GROUPING SETS "
        "((county_code, year), (township_code, year), (village_code, year))"
        for relation, amounts in columns.items()
    }


def group(
    connection: duckdb.DuckDBPyConnection, indicators: Mapping[str, Indicator]
) -> dict[str, pa.Table]:
    """The rows of ``cube_sql`` by relation; amounts are whole numbers and decimals."""
    return {
        relation: connection.sql(sql).to_arrow_table()
        for relation, sql in cube_sql(indicators).items()
    }


def regrouped(
    connection: duckdb.DuckDBPyConnection, grouped: pa.Table, came: pa.Table, went: pa.Table
) -> pa.Table:
    """Grouped amounts with those of rows that came and without those of rows that went.

    Whole numbers and decimals are added, so that it is what grouping all rows gives.
    """
    connection.register("grouped", grouped)
    connection.register("came", came)
    connection.register("went", went)
    names = [name for name in grouped.column_names if name not in ("region_code", "year")]
    sums = ", ".join(
        f"SUM({name})::{_sql(grouped.schema.field(name).type)} AS {name}" for name in names
    )
    less = ", ".join(f"-{name} AS {name}" for name in names)
    return connection.sql(
        f"""FROM (SELECT region_code, year, {sums} FROM (
            FROM grouped UNION ALL BY NAME FROM came
            UNION ALL BY NAME SELECT region_code, year, {less} FROM went)
        GROUP BY region_code, year) WHERE {ROWS} > 0"""
    ).to_arrow_table()


def _sql(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    return "BIGINT"


def build(groups: Mapping[str, pa.Table], indicators: Mapping[str, Indicator]) -> pa.Table:
    """The cube as a tall table: indicator, region_code, year, and the additive amounts.

    Rows stand in that order, whichever thread grouped first: the same facts, the same bytes.
    ``groups`` are what ``group`` gives.
    """
    with duckdb.connect(":memory:") as connection:
        grouped = {name: _Grouped(connection, rows) for name, rows in groups.items()}
    parts = []
    for key, indicator in indicators.items():
        base = grouped[indicator.numerator.relation]
        other = grouped[indicator.denominator.relation] if indicator.denominator else base
        places = base.places if other is base else sorted({*base.places, *other.places})
        amounts = {name: base.at(places, f"{key}__{name}") for name in _OF_NUMERATOR}
        if indicator.denominator is None:
            amounts["denominator"] = np.full(len(places), np.nan)
        else:
            amounts["denominator"] = other.at(places, f"{key}__denominator")
        parts.append(
            pa.table(
                {
                    "indicator": pa.array([key] * len(places), pa.string()),
                    "region_code": pa.array([code for code, _ in places], pa.string()),
                    "year": pa.array([year for _, year in places], pa.int32()),
                    **{name: pa.array(amounts[name]) for name in _AMOUNTS},
                }
            )
        )
    return pa.concat_tables(parts)


class _Grouped:
    """The amounts of one relation as plain numbers, by place and year in their order."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, rows: pa.Table):
        connection.register("grouped", rows)
        # DuckDB makes the nearest fraction of a decimal; Arrow is off in the last place.
        amounts = "COLUMNS(* EXCLUDE (region_code, year))::DOUBLE"
        self._amounts = connection.sql(
            f"SELECT region_code, year, {amounts} FROM grouped ORDER BY region_code, year"
        ).to_arrow_table()
        connection.unregister("grouped")
        codes, years = (self._amounts[name].to_pylist() for name in ("region_code", "year"))
        self.places: list[tuple[str, int]] = list(zip(codes, years, strict=True))
        self._rows = {place: row for row, place in enumerate(self.places)}

    def at(self, places: list[tuple[str, int]], name: str) -> np.ndarray:
        """An amount at each place and year; 0 where there are no rows."""
        amounts: np.ndarray = self._amounts[name].to_numpy()
        if places is self.places:
            return amounts
        rows = np.array([self._rows.get(place, -1) for place in places], np.int64)
        return np.append(amounts, 0.0)[rows]


class Cube:
    """Read-only numbers by indicator, place and year. Shared between sessions."""

    def __init__(self, table: pa.Table, indicators: Mapping[str, Indicator]):
        self._indicators = indicators
        self._cells: dict[str, dict[tuple[str, int], tuple[float, ...]]] = {}
        self._years: dict[str, tuple[int, ...]] = {}
        frame = table.to_pandas()
        for key, part in frame.groupby("indicator", sort=False):
            amounts = part[list(_AMOUNTS)].to_numpy().tolist()
            places = zip(part["region_code"], part["year"].tolist(), strict=True)
            self._cells[str(key)] = {
                place: tuple(row) for place, row in zip(places, amounts, strict=True)
            }
            answered = {int(year) for year in part.loc[part["known"] > 0, "year"]}
            in_force = filter(indicators[str(key)].exists, answered)
            self._years[str(key)] = tuple(sorted(in_force))

    def years(self, key: str) -> tuple[int, ...]:
        """Years in which the indicator was in force and has an answer anywhere, ascending."""
        return self._years.get(key, ())

    def cell(self, key: str, region: str, year: int, scope: Scope) -> Cell:
        """The number for what the scope contains of a region. Raises KeyError for a bad key."""
        indicator = self._indicators[key]
        if year not in self.years(key):
            return Cell(None, 0.0, None, 0)
        cells = self._cells[key]
        found = [
            cells.get((code, year), (0.0, 0.0, 0.0, 0.0)) for code in scope.narrowed(region).codes
        ]
        if not found:
            return Cell(None, 0.0, None, 0)
        numerator, denominator, known, asked = (sum(column) for column in zip(*found, strict=True))
        unknown = int(asked - known)
        nobody = not asked and indicator.numerator.relation not in _EVENTS
        if unknown > known or nobody:
            return Cell(None, numerator, None, unknown)
        if indicator.denominator is None:
            return Cell(numerator * indicator.scale, numerator, None, unknown)
        if not denominator:
            return Cell(None, numerator, 0.0, unknown)
        return Cell(numerator / denominator * indicator.scale, numerator, denominator, unknown)

    def series(self, key: str, region: str, scope: Scope) -> dict[int, Cell]:
        """The indicator's numbers for a place, by year."""
        return {year: self.cell(key, region, year, scope) for year in self.years(key)}

    def across(self, key: str, regions: Iterable[str], year: int, scope: Scope) -> dict[str, Cell]:
        """The indicator's numbers for many places in one year; places out of scope left out."""
        return {
            region: self.cell(key, region, year, scope)
            for region in regions
            if scope.contains(region)
        }
