"""What is derived from the snapshot before is what is derived from nothing, row for row."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from metrics import derive
from rules import refresh, touched
from rules.parameters import load
from rules.touched import Everything
from store import amended, schema
from store.amended import SINCE, beside
from store.county_folder import use
from store.simulated import Origin, entry_of
from store.snapshots import Home, Snapshot
from tests import torture

EVERY = 180  # of the demo county's households one in so many is in the sample
Tables = dict[str, pa.Table]
Edit = tuple[str, str, int]  # what is done, a table, a number that picks rows, columns and values

ABOUT = [
    *("household", "household_year", "member", "measure", "inspection", "benefit", "employment"),
    *("relocation", "monitored_household", "ledger_entry", "change_event", "fund_receipt"),
]
OF_PLACES = ["village_year", "county_year", "project"]


@pytest.fixture(scope="module")
def sample(demo: Home) -> Tables:
    """Every table of the demo county, those of households held to a few of these."""
    snapshot = demo.current()
    found = {}
    household = pq.read_table(snapshot.path("household"))
    kept = household["household_id"].take(pa.array(range(0, household.num_rows, EVERY)))
    for table in schema.TABLES:
        rows = pq.read_table(snapshot.path(table.name))
        if "household_id" in rows.column_names:
            rows = rows.filter(pc.is_in(rows["household_id"], kept.combine_chunks()))
        found[table.name] = rows
    return found


@pytest.fixture(autouse=True)
def anything_may_be_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of so few households a handful is a large share."""
    monkeypatch.setattr(touched, "MOST", 1.0)


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Grows by whether what was derived stands on what was there."""
    found: list[bool] = []
    once = derive._refresh

    def seen(*given: Any) -> None:
        try:
            once(*given)
            found.append(True)
        except Everything:
            found.append(False)
            raise

    monkeypatch.setattr(derive, "_refresh", seen)
    return found


def edited(tables: Tables, edits: list[Edit]) -> Tables:
    """Tables with rows dropped, cells put in place of others, columns emptied, homes moved."""
    found = dict(tables)
    for kind, name, seed in edits:
        table, rows = schema.BY_NAME[name], found[name]
        if not rows.num_rows:
            continue
        if "household_id" in rows.column_names:
            chosen = rows["household_id"][seed % rows.num_rows]
            of = pc.fill_null(pc.equal(rows["household_id"], chosen), False)
        else:
            of = pa.array(range(rows.num_rows)).to_numpy() == seed % rows.num_rows
            of = pa.chunked_array([pa.array(of)])
        own = [c.name for c in table.columns if c.name not in (*table.key, "household_id")]
        column = own[seed % len(own)]
        at = rows.schema.get_field_index(column)
        if kind == "drop":
            found[name] = rows.filter(pc.invert(of))
        elif kind == "gone":
            for each in ABOUT:
                keep = pc.not_equal(found[each]["household_id"], chosen)
                found[each] = found[each].filter(pc.fill_null(keep, True))
        elif kind == "move":
            places = found["household"]["village_code"]
            place = places[seed // 7 % len(places)]
            for each in ABOUT:
                of = pc.fill_null(pc.equal(found[each]["household_id"], chosen), False)
                where = found[each].schema.get_field_index("village_code")
                moved = pc.if_else(of, place, found[each]["village_code"])
                found[each] = found[each].set_column(where, "village_code", moved)
        elif kind == "empty" and table.column(column).nullable:
            nothing = pa.nulls(rows.num_rows, rows.schema.field(column).type)
            found[name] = rows.set_column(at, rows.schema.field(column), nothing)
        elif kind == "cell":
            value = rows[column][seed // 7 % rows.num_rows]
            found[name] = rows.set_column(
                at, rows.schema.field(column), pc.if_else(of, value, rows[column])
            )
    return found


def publish(home: Home, like: Snapshot, tables: Tables) -> Snapshot:
    numbers = home.numbers()
    return home.publish(
        tables,
        data_date=like.data_date,
        county_code=like.county_code,
        loaded_by="test",
        sources=[],
        report={"base": numbers[-1]} if numbers else {},
        simulated=entry_of([Origin("household", "名单.xlsx", "all")]),
    )


def differing(home: Home, snapshot: Snapshot) -> list[str]:
    """Relations of a snapshot that are others, row for row, than those derived from nothing."""
    folder = derive.derive(home, snapshot)
    with TemporaryDirectory() as scratch:
        derive._fill_whole(snapshot, load(home.path), Path(scratch))
        return apart(folder, Path(scratch))


def apart(folder: Path, whole: Path) -> list[str]:
    """What two folders of derived relations tell differently."""
    names = sorted(path.relative_to(whole) for path in whole.rglob("*.parquet"))
    assert len(names) > 10
    told = [(each / "told.json").read_text("utf-8") for each in (folder, whole)]
    found = ["told.json"] if told[0] != told[1] else []
    for name in names:
        one, other = (amended.selection(each / name) for each in (folder, whole))
        rows = f"(({one}) EXCEPT ALL ({other})) UNION ALL (({other}) EXCEPT ALL ({one}))"
        kinds = [duckdb.execute(f"DESCRIBE ({each})").fetchall() for each in (one, other)]
        if kinds[0] != kinds[1] or duckdb.execute(rows).fetchall():
            found.append(name.stem)
    return found


@pytest.fixture(scope="module")
def whole(demo: Home, sample: Tables, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the sample, derived from nothing once; a test takes a copy."""
    home = Home(tmp_path_factory.mktemp("whole"))
    use(home.path)
    derive.derive(home, publish(home, demo.current(), sample))
    return home


def copied(whole: Home, path: Path) -> Home:
    shutil.copytree(whole.path, path)
    use(path)
    return Home(path)


@pytest.fixture
def home(whole: Home, tmp_path: Path) -> Home:
    return copied(whole, tmp_path / "home")


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["cell", "cell", "cell", "drop", "gone", "move", "empty"]),
        st.sampled_from(ABOUT),
        st.integers(0, 10**6),
    )
    | st.tuples(
        st.sampled_from(["cell", "drop"]), st.sampled_from(OF_PLACES), st.integers(0, 10**6)
    ),
    min_size=1,
    max_size=6,
)


PLANNED: list[tuple[list[Edit], list[Edit]]] = [
    ([("gone", "household", 5)], [("drop", "member", 77), ("move", "household", 12)]),
    ([("cell", "household", 3)], [("cell", "benefit", 40), ("cell", "employment", 9)]),
    ([("empty", "household", 14)], [("cell", "monitored_household", 3)]),
    ([("cell", "village_year", 4)], [("drop", "village_year", 9), ("cell", "project", 5)]),
]


@pytest.mark.harder
@pytest.mark.parametrize(("before", "after"), torture.some(PLANNED, 2))
def test_planned_edits_refresh_to_what_is_derived_from_nothing(
    whole: Home, demo: Home, sample: Tables, before: list[Edit], after: list[Edit]
) -> None:
    check_edits(whole, demo, sample, before, after)


@pytest.mark.torture
@given(EDITS, EDITS)
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_edits_refresh_to_what_is_derived_from_nothing(
    whole: Home, demo: Home, sample: Tables, before: list[Edit], after: list[Edit]
) -> None:
    check_edits(whole, demo, sample, before, after)


def check_edits(
    whole: Home, demo: Home, sample: Tables, before: list[Edit], after: list[Edit]
) -> None:
    with TemporaryDirectory() as folder:
        home = copied(whole, Path(folder) / "home")
        first = edited(sample, before)
        derive.derive(home, publish(home, demo.current(), first))
        second = publish(home, demo.current(), edited(first, after))
        assert differing(home, second) == []
        third = derive.derive(home, publish(home, demo.current(), sample))
        # What was edited comes back: the sample as it was derived from nothing.
        assert apart(third, derive.derive(whole, whole.current())) == []


def test_a_delta_is_refreshed_and_a_long_chain_written_whole_again(
    demo: Home, sample: Tables, home: Home, refreshed: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = edited(sample, [("cell", "household", 40), ("cell", "household_year", 900)])
    second = derive.derive(home, publish(home, demo.current(), changed))
    assert refreshed == [True]
    path = second / "household_fact.parquet"
    assert beside(path, SINCE).is_file()
    assert path.samefile(next((home.path / "derived").glob("000001-*/household_fact.parquet")))
    monkeypatch.setattr(refresh, "MOST", 0.0)
    third = publish(home, demo.current(), edited(changed, [("move", "household", 65)]))
    assert differing(home, third) == [] and refreshed == [True, True]
    assert not beside(derive.derive(home, third) / "household_fact.parquet", SINCE).exists()


def with_other(tables: Tables, name: str, column: str) -> Tables:
    """Tables with another value in a column of the first row that has one."""
    rows = tables[name]
    values = rows[column].to_pylist()
    at = next(i for i, value in enumerate(values) if value is not None)
    values[at] = not values[at] if isinstance(values[at], bool) else values[at] + 1
    field = rows.schema.field(column)
    where = rows.schema.get_field_index(column)
    return tables | {name: rows.set_column(where, field, pa.array(values, field.type))}


# Relations that are the old files where a column changed: more would be wrong, fewer is dear.
KEPT = {
    ("household", "farmland_mu"): {"household_fact", "member_fact", "cube", "search_key"},
    ("member", "work_months"): {"village_fact", "ledger_fact", "project_fact", "search_key"},
    ("village_year", "population"): {"member_fact", "project_fact", "group_check", "search_key"},
    ("household_year", "wage_yuan"): {"project_fact", "search_key"},
}


@pytest.mark.harder
@pytest.mark.parametrize(("place", "kept"), KEPT.items())
def test_what_rests_on_nothing_that_changed_is_the_old_file(
    demo: Home,
    sample: Tables,
    home: Home,
    refreshed: list[bool],
    place: tuple[str, str],
    kept: set[str],
) -> None:
    first = derive.derive(home, home.current())
    after = publish(home, demo.current(), with_other(sample, *place))
    second = derive.derive(home, after)
    for name in kept:
        path = second / f"{name}.parquet"
        assert path.samefile(first / path.name), name
        assert not beside(path, SINCE).exists(), name
    assert refreshed == [True]
    assert not torture.ON or differing(home, after) == []


def test_a_damaged_folder_is_nothing_to_stand_on(
    demo: Home, sample: Tables, home: Home, refreshed: list[bool]
) -> None:
    first = derive.derive(home, home.current())
    (first / "finding.parquet").write_bytes(b"x")
    changed = edited(sample, [("cell", "household", 40)])
    anew = derive.derive(home, publish(home, demo.current(), changed))
    assert refreshed == [] and pq.read_table(anew / "finding.parquet").num_rows
    shutil.rmtree(home.path / "derived")


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([("empty", "household", 13)], id="a column that nobody fills any more"),
        pytest.param([("drop", "benefit", n) for n in range(400)], id="a table without rows"),
    ],
)
def test_what_is_asked_of_all_households_makes_all_anew(
    demo: Home, sample: Tables, home: Home, edits: list[Edit], refreshed: list[bool]
) -> None:
    derive.derive(home, publish(home, demo.current(), edited(sample, edits)))
    assert refreshed == [False]


def test_a_later_data_date_makes_all_anew(
    demo: Home, sample: Tables, tmp_path: Path, refreshed: list[bool]
) -> None:
    use(tmp_path)
    home = Home(tmp_path)
    november, december = demo.open(1), demo.open(2)
    derive.derive(home, publish(home, november, sample))
    derive.derive(home, publish(home, december, sample))
    assert refreshed == [False]
