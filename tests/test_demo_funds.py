"""Money of the demo county as it is loaded: it adds up at every level, and to the households."""

from __future__ import annotations

from decimal import Decimal

import pytest

from metrics import funds
from metrics.county import County, open_county
from metrics.fund_lines import Lines, books
from metrics.funds import PURPOSES, USES, Which
from store.reader import Reader
from store.scope import Scope
from store.snapshots import Home
from tests.loaders.demo.test_demo import DECEMBER, at

COUNTY = "611025"
YEARS = range(2016, 2026)


@pytest.fixture(scope="module")
def county(demo: Home) -> County:
    return open_county(demo)


@pytest.fixture(scope="module")
def reader(county: County) -> Reader:
    return county.reader(Scope.of([COUNTY]))


def test_every_line_payment_and_receipt_is_loaded_to_the_fen(reader: Reader) -> None:
    written = at(DECEMBER).funds
    for table in ("fund_source", "allotment", "payment", "fund_receipt"):
        row = reader.one(f"SELECT COUNT(*) AS n, SUM(amount_yuan) AS yuan FROM {{{table}}}")
        frame = getattr(written, table)
        assert row == {"n": len(frame), "yuan": Decimal(int(frame["fen"].sum())).scaleb(-2)}, table


@pytest.mark.parametrize("year", YEARS)
def test_the_flow_adds_up_at_every_node_and_level(
    county: County, reader: Reader, year: int
) -> None:
    whole = funds.flow(reader, COUNTY, year)
    for purpose in PURPOSES:
        assert whole.into(f"purpose.{purpose}") == whole.out_of(f"purpose.{purpose}")
    assert whole.allotted == whole.used(*USES)
    towns = funds.progress(reader, COUNTY, year, 9)
    assert sum(one.allotted for one in towns) == whole.allotted
    assert sum(one.paid for one in towns) == whole.paid
    villages = funds.progress(reader, COUNTY, year, 12)
    assert sum(one.allotted for one in villages) == whole.allotted


def test_what_stands_of_a_level_is_what_its_documents_say(reader: Reader) -> None:
    """And what was allotted of a fund beyond its document, which an irregularity does."""
    rows = reader.rows(
        "SELECT s.fund_level, SUM(GREATEST(s.amount_yuan, COALESCE(a.yuan, 0))) AS yuan "
        "FROM {fund_source} AS s LEFT JOIN (SELECT fund_id, SUM(amount_yuan) AS yuan "
        "FROM {allotment} GROUP BY 1) AS a ON a.fund_id = s.fund_id "
        "WHERE s.year = 2025 GROUP BY 1"
    )
    found = funds.flow(reader, COUNTY, 2025)
    for row in rows:
        assert found.out_of(f"level.{row['fund_level']}") == row["yuan"], row["fund_level"]


@pytest.mark.parametrize("use", USES)
def test_each_band_is_the_sum_of_its_lines(reader: Reader, use: str) -> None:
    found = funds.flow(reader, COUNTY, 2024)
    count, yuan = Lines(COUNTY, 2024, Which(use=use)).total(reader)
    assert yuan == found.into(f"use.{use}")
    assert count or not yuan


def test_the_nine_ledgers_are_there_and_few_lines_differ(reader: Reader) -> None:
    found = books(reader, COUNTY, 2024)
    assert len(found) == 9
    assert (
        sum(one.differs or 0 for year in YEARS for one in books(reader, COUNTY, year).values()) > 0
    )
    for one in found.values():
        if one.above is not None and not one.differs:
            assert one.received == one.above


def test_the_sum_of_what_households_got_is_what_their_lines_say(reader: Reader) -> None:
    row = reader.one(
        "SELECT SUM(listed_yuan) AS listed, SUM(household_yuan) AS paid, "
        "SUM(CASE WHEN listed_yuan <> household_yuan THEN household_yuan - listed_yuan END) AS gap "
        "FROM {fund_fact}"
    )
    got = reader.one("SELECT SUM(amount_yuan) AS yuan FROM {fund_receipt}")
    assert row is not None and got is not None
    assert row["listed"] == got["yuan"] and row["paid"] - row["listed"] == row["gap"]
