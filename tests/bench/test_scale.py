"""The bench of scale itself: the larger county is the same one with more households."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from metrics.county import open_county
from store.scope import Scope
from store.snapshots import Home
from tests.bench.growth import grow
from tests.bench.scale import HEAD, VISITS, Taken
from tests.small_county import COUNTY

COPIES = 3


@pytest.fixture(scope="module")
def numbered(small_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small county under numbers as counties have them."""
    before = small_home.current()
    tables = {}
    for name in before.tables:
        rows = pq.read_table(before.path(name))
        for at, column in enumerate(rows.column_names):
            if column in ("household_id", "member_id"):
                new = pa.array(map(_plain, rows[column].to_pylist()), pa.string())
                rows = rows.set_column(at, rows.schema.field(at), new)
        tables[name] = rows
    home = Home(tmp_path_factory.mktemp("numbered"))
    home.publish(
        tables, data_date=before.data_date, county_code=COUNTY, loaded_by="t", sources=[], report={}
    )
    return home


def _plain(text: str | None) -> str | None:
    if text is None:
        return None
    home, _, member = text.removeprefix("H").partition("-")
    return f"{COUNTY}{int(home):08d}" + (f"{int(member):02d}" if member else "")


def test_every_household_stands_so_many_times_and_counts_so_often(
    numbered: Home, tmp_path: Path
) -> None:
    grown = grow(numbered, tmp_path / "grown", COPIES)
    one, many = open_county(numbered), open_county(grown)
    for name in ("household", "member", "household_year", "ledger_entry", "benefit"):
        assert many.snapshot.rows(name) == COPIES * one.snapshot.rows(name) > 0, name
    assert many.snapshot.rows("region") == one.snapshot.rows("region")
    scope = Scope.of([COUNTY])
    for key in ("registered_households", "poor_people"):
        for region in one.places:
            year = one.data_date.year
            few, all_ = (each.cube.cell(key, region, year, scope) for each in (one, many))
            assert all_.numerator == pytest.approx(COPIES * few.numerator), (key, region)


def test_rows_lie_as_an_import_sorts_them(numbered: Home, tmp_path: Path) -> None:
    rows = pq.read_table(grow(numbered, tmp_path / "grown", COPIES).current().path("household"))
    order = list(
        zip(rows["village_code"].to_pylist(), rows["household_id"].to_pylist(), strict=True)
    )
    assert order == sorted(order) and len(set(order)) == len(order)


@pytest.mark.parametrize("copies", [0, 101])
def test_more_copies_than_there_are_numbers_are_refused(
    numbered: Home, tmp_path: Path, copies: int
) -> None:
    with pytest.raises(ValueError, match="room for 1 to 100"):
        grow(numbered, tmp_path / "grown", copies)


def test_a_page_that_takes_too_much_longer_is_said_to() -> None:
    slow, told = Taken("/exit", 0.1, 0.5, 0.2, 0.4, 4), Taken("/map", 0.1, 0.9, 0.1, 0.9, None)
    assert slow.ratio == pytest.approx(5) and slow.missed and "MISSED" in slow.line()
    assert not told.missed and "MISSED" not in told.line()
    assert slow.line().index("5.00") + 4 == HEAD.index("ratio") + 5


def test_what_is_looked_for_is_in_the_county(numbered: Home) -> None:
    searches = {visit.searched: visit for visit in VISITS if visit.searched}
    assert searches.keys() == {"name", "identity_number"}
    for column, visit in searches.items():
        text = visit.asked(numbered.current())["text"]
        assert text in pq.read_table(numbered.current().path("member"))[column].to_pylist()
