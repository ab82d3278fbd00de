"""The cube: every indicator for every place and year, grouped once, small enough for memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metrics.registry import Indicator, Measure
from store.scope import Scope

# Relations of events and cases: a place without a row had none. Of any other relation, a place
# without a row was not asked, and its number is not known.
_EVENTS = (
    *("ledger_fact", "monitored_fact", "relocation_fact"),
    *("project_fact", "asset_fact", "fund_fact", "home_household_fact", "home_fact"),
    *("calendar_fact", "calendar_household_fact"),
    "entrust_fact",
)
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


def cube_sql(
    indicators: Mapping[str, Indicator], wanted: Callable[[Measure], bool] = lambda measure: True
) -> dict[str, str]:
    """One query a fact relation: its measures over county, township, village and year.

    Columns are ``<key>__numerator``, ``<key>__known`` and so on, and ``ROWS``, how many rows there
    are; DuckDB and Spark both run it. A relation without a measure that is ``wanted`` has none.
    """
    columns: dict[str, list[str]] = {}
    for indicator in indicators.values():
        measure = indicator.numerator
        if wanted(measure):
            columns.setdefault(measure.relation, []).extend(
                [
                    f"{measure.amount} AS {indicator.key}__numerator",
                    f"{measure.known} AS {indicator.key}__known",
                    f"{measure.asked} AS {indicator.key}__asked",
                ]
            )
        if indicator.denominator is not None and wanted(indicator.denominator):
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

    These may have some of the amounts only: the others stand, where each place and year has as many
    rows as before. Rows are in the order of place and year. Whole numbers and decimals are added,
    so that it is what grouping all rows gives.
    """
    connection.register("grouped", grouped.select(came.column_names))
    connection.register("came", came)
    connection.register("went", went)
    names = [name for name in came.column_names if name not in ("region_code", "year")]
    sums = ", ".join(
        f"SUM({name})::{_sql(grouped.schema.field(name).type)} AS {name}" for name in names
    )
    less = ", ".join(f"-{name} AS {name}" for name in names)
    added = connection.sql(
        f"""FROM (SELECT region_code, year, {sums} FROM (
            FROM grouped UNION ALL BY NAME FROM came
            UNION ALL BY NAME SELECT region_code, year, {less} FROM went)
        GROUP BY region_code, year) WHERE {ROWS} > 0 ORDER BY region_code, year"""
    ).to_arrow_table()
    if came.num_columns == grouped.num_columns:
        return added
    for name in names:
        at = grouped.column_names.index(name)
        grouped = grouped.set_column(at, grouped.schema.field(at), added[name])
    return grouped


def sorted_groups(grouped: pa.Table) -> pa.Table:
    """Grouped amounts in the order of place and year."""
    return grouped.sort_by([("region_code", "ascending"), ("year", "ascending")])


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


def rebuilt(cube: pa.Table, some: pa.Table, indicators: Mapping[str, Indicator]) -> pa.Table:
    """A cube with the rows of some indicators in place of those that it has of them."""
    parts = {**slices(cube), **slices(some)}
    return pa.concat_tables([parts[key] for key in indicators if key in parts])


def slices(cube: pa.Table) -> dict[str, pa.Table]:
    """The rows of each indicator, which stand together."""
    keys = cube["indicator"].combine_chunks().dictionary_encode()
    names = keys.dictionary.to_pylist()
    starts = pc.index_in(keys.dictionary, keys.dictionary_decode()).to_pylist()
    ends = [*starts[1:], cube.num_rows]
    return {
        name: cube.slice(start, end - start)
        for name, start, end in zip(names, starts, ends, strict=True)
    }


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
        self._rows = slices(table)
        self._years: dict[str, tuple[int, ...]] = {}
        for key, rows in self._rows.items():
            known = rows.filter(pc.greater(rows["known"], 0))["year"]
            in_force = filter(indicators[key].exists, pc.unique(known).to_pylist())
            self._years[key] = tuple(sorted(in_force))
        self._cells: dict[str, dict[tuple[str, int], tuple[float, ...]]] = {}

    def _cells_of(self, key: str) -> dict[tuple[str, int], tuple[float, ...]]:
        """The amounts of an indicator by place and year, laid out when it is first asked for."""
        found = self._cells.get(key)
        if found is None:
            rows = self._rows[key]
            places = zip(rows["region_code"].to_pylist(), rows["year"].to_pylist(), strict=True)
            amounts = zip(*(rows[name].to_pylist() for name in _AMOUNTS), strict=True)
            found = self._cells[key] = dict(zip(places, amounts, strict=True))
        return found

    def years(self, key: str) -> tuple[int, ...]:
        """Years in which the indicator was in force and has an answer anywhere, ascending."""
        return self._years.get(key, ())

    def cell(self, key: str, region: str, year: int, scope: Scope) -> Cell:
        """The number for what the scope contains of a region. Raises KeyError for a bad key."""
        indicator = self._indicators[key]
        if year not in self.years(key):
            return Cell(None, 0.0, None, 0)
        cells = self._cells_of(key)
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
