"""Whole columns: the quick way gives what the careful one gives, and rows keep their places."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.cells import amounts, converters, values
from loaders.cells.arrow_columns import plain
from store import schema

CELLS = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{0,9})?", fullmatch=True),
    st.sampled_from(["NA", "na", "无", "--", "是", "03", "赵某", "６", "1E5", "ABCDE", "NULL1"]),
)
QUICK = {
    "number": (pa.float64(), amounts.number),
    "people": (pa.int32(), amounts.count),
    "content": (pa.string(), values.text),
    "site_id": (pa.string(), values.identifier),
}


def column(cells: list[str]) -> pa.Array:
    return pa.array(cells, pa.string())


def notes(done: converters.Converted) -> list[str | None]:
    """The note of each row."""
    found: list[str | None] = [None] * len(done.values)
    for reason, rows in done.notes:
        for row in rows.tolist():
            assert found[row] is None
            found[row] = reason
    return found


@pytest.mark.parametrize("name", QUICK)
@given(cells=st.lists(CELLS, max_size=20))
def test_the_quick_way_agrees_with_the_careful_one(name: str, cells: list[str]) -> None:
    kind, scalar = QUICK[name]
    done = converters.converter(schema.Column(name, kind))(column(cells))
    expected = [values.guarded(cell, scalar) for cell in cells]
    assert done.values.to_pylist() == [value for value, _ in expected]
    assert notes(done) == [note for _, note in expected]


@pytest.mark.parametrize(
    "table", [t for t in schema.TABLES if t.name != "quarantine_row"], ids=lambda t: t.name
)
@given(cells=st.lists(CELLS, max_size=8))
@settings(max_examples=10)
def test_every_column_of_the_schema_has_a_converter(table: schema.Table, cells: list[str]) -> None:
    for each in table.columns:
        done = converters.converter(each)(column(cells))
        assert plain(done.values).type == each.type
        assert len(done.values) == len(notes(done)) == len(cells)


def test_codes_numbers_and_years_go_by_the_schema() -> None:
    member, household = schema.BY_NAME["member"], schema.BY_NAME["household"]
    relation = converters.converter(member.column("relation"))
    assert relation(column(["03", "之子", "本人"])).values.to_pylist() == ["son", "son", "head"]
    exit_year = converters.converter(household.column("exit_year"))
    assert exit_year(column(["201812", "2018"])).values.to_pylist() == [2018, 2018]


def test_a_layouts_own_spellings_take_the_place_of_the_list() -> None:
    registered = schema.BY_NAME["household"].column("registered")
    convert = converters.converter(registered, spellings={"脱贫户": True, "一般农户": False})
    done = convert(column(["脱贫户", "一般农户", "是"]))
    assert done.values.to_pylist() == [True, False, None]
    assert notes(done) == [None, None, "unknown_code"]


def test_every_code_list_of_the_schema_is_declared() -> None:
    for table in schema.TABLES:
        for each in table.columns:
            if each.codes:
                assert set(converters.code_list(each.codes).values())


def test_a_note_in_brackets_is_split_off() -> None:
    cells = column(["10(其中,灾情因素6万元)", "25（其中，灾情因素6万元）", "16", ""])
    amounts, notes = converters.split_note(cells)
    assert amounts.to_pylist() == ["10", "25", "16", ""]
    assert notes.to_pylist() == ["其中,灾情因素6万元", "其中，灾情因素6万元", None, None]


def test_last_days_are_those_of_the_text_in_every_row_that_has_it() -> None:
    texts = ["201904", "2019", "20190405", "", "201904", "3月", "2019", "201902"]
    days = ["2019-04-01", "2019-01-01", "2019-04-05", None, "2019-04-01", None]
    first = pa.array([*days, "2019-01-01", "2019-02-01"]).cast(pa.date32())
    last = converters.last_days(pa.array(texts), first)
    found = last.cast(pa.string()).to_pylist()
    wanted = ["2019-04-30", "2019-12-31", "2019-04-05", None, "2019-04-30", None]
    assert found == [*wanted, "2019-12-31", "2019-02-28"]
    assert (
        converters.last_days(pa.array([], pa.string()), pa.array([], pa.date32())).type == "date32"
    )
