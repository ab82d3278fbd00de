"""Money adds up: at every node of the flow, at every level, in every list that a number opens."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import answers, fund_boards, fund_notices, funds
from metrics.county import County
from metrics.fund_lines import Lines, books
from metrics.fund_notices import Items, Notices
from metrics.funds import LEVELS, PURPOSES, USES, Which, which
from rules.fact_queries import data_date, fact_query, parameter_year
from rules.parameters import defaults
from store import schema
from store.reader import Reader
from store.scope import Scope
from tests import fund_county, small_county
from tests.fund_county import line, payment
from tests.small_county import BROOK, COUNTY, DATA_DATE, EAST, HILL, MILL, WEST

D = Decimal


@pytest.fixture
def reader(funded: County) -> Reader:
    return funded.reader(Scope.of([COUNTY]))


def test_the_flow_of_the_year_from_source_to_use(reader: Reader) -> None:
    found = funds.flow(reader, COUNTY, 2025)
    edges = {(e.source, e.target): e.yuan for e in found.edges}
    assert edges == {
        ("level.central", "purpose.construction"): D("100000.01"),
        ("level.province", "purpose.subsidy"): D("9000.00"),
        ("level.county", "purpose.livelihood"): D("5000.00"),
        ("level.unknown", "purpose.construction"): D("700.00"),
        ("level.central", "use.unallotted"): D("19999.99"),
        ("purpose.construction", "use.units"): D("60700.01"),
        ("purpose.construction", "use.left"): D("40000.00"),
        ("purpose.subsidy", "use.households"): D("6000.00"),
        ("purpose.subsidy", "use.left"): D("3000.00"),
        ("purpose.livelihood", "use.left"): D("5000.00"),
    }
    assert (found.came, found.allotted, found.paid) == (D("134700"), D("114700.01"), D("66700.01"))
    assert (found.beyond, found.overpaid) == (D(0), D("200.00"))
    assert found.paid_percent == pytest.approx(58.15, abs=0.01)


def test_what_lies_for_a_year_is_told_apart(reader: Reader) -> None:
    found = funds.flow(reader, COUNTY, 2022)
    assert found.used("idle") == D("6000.00") and not found.used("left")


def test_a_township_sees_its_own_lines_and_no_document(funded: County) -> None:
    east = funded.reader(Scope.of([EAST]))
    found = funds.flow(east, EAST, 2025)
    assert found.came == found.allotted == D("109000.01")
    assert fund_boards.line(east, "L2") is not None
    assert fund_boards.line(east, "L3") is None and fund_boards.line(east, "L4") is None


@pytest.mark.parametrize("region", [COUNTY, EAST, WEST, HILL, BROOK, MILL])
@pytest.mark.parametrize("year", [2022, 2025])
def test_every_band_is_the_sum_of_the_lines_that_it_opens(
    reader: Reader, region: str, year: int
) -> None:
    found = funds.flow(reader, region, year)
    for edge in found.edges:
        told = dict(node.split(".") for node in (edge.source, edge.target))
        if told.get("use") == funds.UNALLOTTED:
            continue
        lines = Lines(region, year, Which(told.get("level"), told.get("purpose"), told.get("use")))
        rows = lines.rows(reader).to_pylist()
        assert lines.total(reader) == (len(rows), edge.yuan)
        assert sum((row["asked_yuan"] for row in rows), D()) == edge.yuan
    for purpose in PURPOSES:
        node = f"purpose.{purpose}"
        assert found.into(node) == found.out_of(node)


def test_places_add_up_to_the_place_above(reader: Reader) -> None:
    whole = funds.flow(reader, COUNTY, 2025)
    below = funds.progress(reader, COUNTY, 2025, 9)
    assert sum(one.allotted for one in below) == whole.allotted
    assert sum(one.paid for one in below) == whole.paid
    assert [one.percent for one in below] == sorted(one.percent for one in below)
    assert {one.code for one in below} == {EAST, WEST, f"{COUNTY}000"}


@pytest.mark.parametrize(
    ("day", "year", "percent"),
    [
        (date(2025, 12, 31), 2025, 100),
        (date(2025, 1, 1), 2025, 100 / 365),
        (date(2024, 12, 30), 2024, 100 * 365 / 366),
        (date(2025, 6, 1), 2024, 100),
        (date(2025, 6, 1), 2026, 0),
    ],
)
def test_how_much_of_a_year_has_gone_by(day: date, year: int, percent: float) -> None:
    assert funds.year_gone(day, year) == pytest.approx(percent, abs=0.05)


def test_each_ledger_is_held_against_the_one_above(reader: Reader) -> None:
    found = books(reader, COUNTY, 2025)
    county, township = found["county", "construction"], found["township", "construction"]
    assert (county.lines, county.received, county.above) == (2, D("100700.01"), None)
    assert (township.lines, township.received, township.above, township.differs) == (
        2, D("100000.01"), D("100700.01"), 1,
    )  # fmt: skip
    village = found["village", "construction"]
    assert (village.received, village.above, village.differs) == (D(90000), D("100000.01"), 1)
    assert found["township", "subsidy"].differs == 0
    assert ("village", "subsidy") not in found


@pytest.mark.parametrize("year", [2022, 2025])
def test_a_ledger_is_the_sum_of_its_lines_those_that_differ_first(
    reader: Reader, year: int
) -> None:
    for key, book in books(reader, COUNTY, year).items():
        lines = Lines(COUNTY, year, book=key)
        rows = lines.rows(reader).to_pylist()
        assert lines.total(reader) == (book.lines, book.received)
        if book.differs is not None:
            differs = [row["differs"] for row in rows]
            assert sum(map(bool, differs)) == book.differs
            assert differs == sorted(differs, reverse=True)
            assert sum((row["above_yuan"] for row in rows), D()) == book.above


def test_what_a_check_found_opens_its_lines_of_every_year(reader: Reader) -> None:
    acts = {one.check_key: one for one in funds.to_do(reader, COUNTY, 99)}
    assert set(acts) == {
        "allotment_idle_two_years", "allotment_list_differs", "allotment_unknown_source",
        "allotment_paid_over", "allotment_township_book_differs",
        "allotment_village_book_differs", "allotment_unpublished", "allotment_published_late",
        "allotment_published_short", "payment_unknown_line", "receipt_twice",
        "complaint_unanswered", "complaint_answer_undated",
    }  # fmt: skip
    for key, act in acts.items():
        if key.startswith("allotment_"):
            lines = Lines(COUNTY, 2025, check=key, every_year=True)
            assert lines.total(reader)[0] == act.count == lines.rows(reader).num_rows
    assert acts["allotment_idle_two_years"].yuan == D("6000.00")
    order = [one.check_key for one in funds.to_do(reader, COUNTY, 3)]
    assert order[0] == "allotment_village_book_differs"


def test_a_line_goes_down_to_the_households_that_it_reached(reader: Reader) -> None:
    found = fund_boards.line(reader, "L2")
    assert found is not None
    assert found.facts["source_row"] == 5
    assert [one["payment_id"] for one in found.payments] == ["P2"]
    assert {one["check_key"] for one in found.findings} >= {"allotment_list_differs"}
    lists = fund_boards.Receipts("L2")
    assert lists.total(reader) == (3, D("5000.00"))
    assert found.facts["listed_yuan"] == D("5000.00") and found.facts["listed_households"] == 2
    heads = lists.rows(reader).column("head_name").to_pylist()
    assert heads == ["张*三", "王*五", "王*五"]


def test_money_of_a_household_has_fund_document_and_line(reader: Reader) -> None:
    rows = fund_boards.of_household(reader, "H03")
    assert [(r["fund_name"], r["document_number"]) for r in rows] == [
        ("province资金", "模财农〔2025〕2号")
    ] * 2
    assert {r["in_all"] for r in rows} == {D("2000.00")}
    assert fund_boards.of_household(reader, "H06") == []


def test_boards_count_what_they_list(reader: Reader) -> None:
    counts = fund_boards.notice_counts(reader, COUNTY, 2025)
    assert (counts["all"], counts["published"]) == (4, 2)
    for key in funds.NOTICES:
        lines = Lines(COUNTY, 2025, check=key)
        assert counts[key] == lines.total(reader)[0]
    told = {
        "complaint": {"overdue": ["C1"], "answered": ["C2"], "undated": ["C3"]},
        "inquiry": {"answered": ["Q1"]},
    }
    for table, states in told.items():
        entries = partial(fund_boards.Entries, table, COUNTY, DATA_DATE, 60)
        assert entries().counts(reader) == {k: len(states.get(k, ())) for k in answers.STATES}
        rows = entries().rows(reader).to_pylist()
        is_open = [row["answer_state"] in answers.OPEN for row in rows]
        assert is_open == sorted(is_open, reverse=True)
        assert len(rows) == sum(map(len, states.values()))
        for state in answers.STATES:
            found = entries(state=state).rows(reader, 0, 50).column(f"{table}_id").to_pylist()
            assert found == states.get(state, [])
    west = fund_boards.Entries("complaint", WEST, DATA_DATE, 60)
    assert sum(west.counts(reader).values()) == 2


def test_what_a_check_finds_of_reports_is_a_state_of_theirs(reader: Reader) -> None:
    for state, check in fund_boards.REPORT_CHECKS.items():
        rows = fund_boards.Entries("complaint", COUNTY, DATA_DATE, 60, state).rows(reader)
        found = reader.rows("SELECT subject_id FROM {finding} WHERE check_key = $key", key=check)
        assert {row["subject_id"] for row in found} == set(rows.column("complaint_id").to_pylist())


def test_notices_as_published_stand_apart_from_the_countys_money(reader: Reader) -> None:
    own, other = Notices(COUNTY).found(reader)
    assert (own.title, own.own, own.lines, own.yuan, own.noted) == (
        fund_county.OWN_NOTICE, True, 2, D("500000.50"), 1,
    )  # fmt: skip
    assert (own.totals, own.differing) == (1, 0)
    assert (other.own, other.yuan, other.totals, other.differing) == (False, D("77.00"), 1, 1)
    rows = Items(own.title, COUNTY).rows(reader).to_pylist()
    assert [(row["sequence"], row["source_row"]) for row in rows] == [(1, 4), (2, 5)]
    assert sum((row["amount_yuan"] for row in rows), D()) == own.yuan
    assert funds.flow(reader, COUNTY, 2025).came == D("134700")  # with none of either
    assert fund_notices.named([own, other], other.code) == other
    assert fund_notices.named([own, other], "0" * 12) is None


def test_a_township_sees_its_own_lines_of_a_notice_and_those_of_elsewhere(funded: County) -> None:
    reader = funded.reader(Scope.of([HILL[:9]]))
    found = Notices(COUNTY).found(reader)
    assert [(one.title, one.lines) for one in found] == [
        (fund_county.OWN_NOTICE, 1), (fund_county.OTHER_NOTICE, 1),
    ]  # fmt: skip
    assert {one.totals for one in found} == {None}, "totals are the whole county's to see"
    assert Items(fund_county.OWN_NOTICE, COUNTY).rows(reader).num_rows == 1
    assert not Notices(COUNTY).found(funded.reader(Scope(())))


@pytest.mark.parametrize(
    "text", ["central", "central.subsidy", "subsidy.idle", "left", "unknown", "own"]
)
def test_lines_are_named_one_way_only(text: str) -> None:
    assert str(which(text)) == text


@pytest.mark.parametrize(
    "text", ["", "subsidy.central", "central.central", "x", "central.x", "own.left", "."]
)
def test_what_names_no_lines_is_refused(text: str) -> None:
    with pytest.raises(funds.LineError):
        which(text)


def test_indicators_are_what_the_flow_says(funded: County, reader: Reader) -> None:
    scope = Scope.of([COUNTY])
    found = funds.flow(reader, COUNTY, 2025)
    cell = funded.cube.cell
    assert cell("fund_allotted", COUNTY, 2025, scope).value == float(found.allotted)
    assert cell("fund_paid", COUNTY, 2025, scope).value == float(found.paid + found.overpaid)
    assert cell("fund_to_households", COUNTY, 2025, scope).value == 5000
    assert cell("fund_idle", COUNTY, 2022, scope).value == 6000
    assert cell("fund_allotted", HILL, 2025, scope).value == 100000.01
    people = cell("fund_per_person", COUNTY, 2025, scope)
    assert people.denominator and people.value == float(found.allotted) / people.denominator


# Conservation, whatever the books say

_FEN = st.integers(1, 10**12)
_ASKED = ("fund_source", "allotment", "payment", "fund_receipt", "publication", "fund_book")
_LINES = st.lists(
    st.tuples(
        st.sampled_from(["F1", "F2", "FX"]),
        st.sampled_from([COUNTY, EAST, WEST, HILL, BROOK, MILL]),
        st.sampled_from(PURPOSES),
        _FEN,
        st.lists(st.tuples(st.sampled_from(["unit", "households"]), _FEN), max_size=3),
        st.sampled_from([date(2025, 3, 1), date(2024, 2, 1)]),
    ),
    max_size=8,
)  # fmt: skip


def _facts(lines: list[Any]) -> duckdb.DuckDBPyConnection:
    """fund_fact over these lines: fund, place, purpose, fen, payments, day."""
    given: dict[str, list[dict[str, Any]]] = {
        "fund_source": [fund_county.source(f, "central", 2025, "1") for f in ("F1", "F2")],
        "allotment": [],
        "payment": [],
    }
    for number, (fund, place, purpose, fen, paid, day) in enumerate(lines):
        name = f"L{number}"
        yuan = str(D(fen).scaleb(-2))
        given["allotment"].append(line(name, fund, place, yuan, purpose=purpose, allotted_on=day))
        for step, (kind, part) in enumerate(paid):
            given["payment"].append(
                payment(f"P{number}.{step}", name, place, str(D(part).scaleb(-2)), kind)
            )
    connection = duckdb.connect(":memory:", config={"threads": 1})
    for table in map(schema.BY_NAME.__getitem__, _ASKED):
        names = table.arrow.names
        rows = [{n: row.get(n) for n in names} for row in given.get(table.name, [])]
        connection.from_arrow(pa.Table.from_pylist(rows, table.arrow)).create(table.name)
    connection.register("data_date", data_date(DATA_DATE, defaults()))
    connection.register("parameter_year", parameter_year(2025, defaults()))
    connection.execute(f"CREATE TABLE fund_fact AS {fact_query('fund_fact')}")
    return connection


@given(_LINES)
def test_allotted_is_paid_and_left_at_every_level(lines: list[Any]) -> None:
    """A mutation of any band's SQL, or of paid and left, breaks one of the sums."""
    with _facts(lines) as connection:
        bands = [f"SUM({funds.use_sql(use)})" for use in USES]
        for digits in (6, 9, 12):
            rows = connection.execute(
                f"SELECT SUBSTRING(village_code, 1, {digits}), SUM(amount_yuan), "
                f"SUM(paid_yuan + left_yuan), {', '.join(bands)} FROM fund_fact AS f GROUP BY 1"
            ).fetchall()
            written = sum(D(fen).scaleb(-2) for _, _, _, fen, _, _ in lines)
            assert sum(row[1] for row in rows) == written
            for _, amount, both, *parts in rows:
                assert amount == both == sum(parts)
                assert all(part >= 0 for part in parts)


def test_words_of_levels_and_purposes_are_those_of_the_code_lists() -> None:
    from glossary import codes

    assert (*codes()["fund_level"], "unknown") == LEVELS
    assert tuple(codes()["fund_purpose"]) == PURPOSES
    assert small_county.COUNTY == COUNTY
