"""A process keeps few counties open, and closes none under a query that runs."""

from __future__ import annotations

import subprocess
import threading
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from metrics import shelf as shelves
from metrics.county import County, open_county
from metrics.shelf import Shelf
from rules.parameters import in_force
from store.county_folder import use
from store.holding import Hold, alone, holders
from store.scope import Scope
from store.snapshots import MANIFEST, Home, NoSnapshot
from tests import small_county

ALL = Scope.of([small_county.COUNTY])
COUNT = "SELECT count(*) AS n FROM {household}"
DATES = 5


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    path = tmp_path_factory.mktemp("dates")
    for month in range(1, DATES + 1):
        small_county.publish(path, date(2025, month, 28))
    return Home(path)


def test_the_number_open_is_bounded_whatever_is_visited(home: Home) -> None:
    shelf = Shelf(most=2)
    visited: dict[int, County] = {}
    for number in (*home.numbers(), *home.numbers()):
        county = shelf.county(home, number, resident=number == DATES)
        assert county.reader(ALL).one(COUNT) == {"n": 6}
        visited[id(county)] = county
        open_now = [each for each in visited.values() if each.engine.is_open]
        assert len(open_now) <= 3
        assert sum(each.engine.resident for each in open_now) <= 1
    assert {each.snapshot.number for each in open_now} == {3, 4, 5}
    assert len(visited) > DATES, "some were closed and opened anew"


def test_an_open_one_is_shared(home: Home) -> None:
    shelf = Shelf()
    first = shelf.county(home, 1, resident=False)
    assert shelf.county(home, 1, resident=False) is first
    whole = shelf.county(home, 1, resident=True)
    assert whole is not first and whole.engine.resident and not first.engine.is_open
    assert shelf.county(home, 1, resident=False) is whole, "one in memory serves as well"


def test_only_one_lies_in_memory_and_it_is_not_crowded_out(home: Home) -> None:
    shelf = Shelf(most=1)
    first = shelf.county(home, 1, resident=True)
    shelf.county(home, 3, resident=False)
    shelf.county(home, 4, resident=False)
    assert shelf.county(home, 1, resident=True) is first
    second = shelf.county(home, 2, resident=True)
    assert second.engine.resident and not first.engine.resident
    assert shelf.county(home, 1, resident=False) is first, "pages go on with it"
    shelf.county(home, 3, resident=False)
    assert not first.engine.is_open and second.engine.is_open


def test_who_comes_begins_with_the_one_before_until_the_newer_one_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_county.publish(tmp_path, date(2025, 1, 28))
    home, shelf, go_on = Home(tmp_path), Shelf(), threading.Event()
    assert shelf.newest(home) == 1, "nothing is open yet"
    shelf.county(home, 1, resident=True)
    small_county.publish(tmp_path, date(2025, 2, 28))
    opened = open_county

    def slowly(*given: Any, **named: Any) -> County:
        go_on.wait(60)
        return opened(*given, **named)

    monkeypatch.setattr(shelves, "open_county", slowly)
    assert [shelf.newest(home) for _ in range(3)] == [1, 1, 1]
    go_on.set()
    assert shelf._beside is not None
    shelf._beside.join(60)
    assert shelf.newest(home) == 2
    monkeypatch.setattr(shelves, "open_county", opened)
    assert shelf.county(home, 2, resident=True).engine.resident


def test_a_newer_one_that_cannot_be_opened_is_named_to_who_comes(tmp_path: Path) -> None:
    small_county.publish(tmp_path, date(2025, 1, 28))
    home, shelf = Home(tmp_path), Shelf()
    shelf.county(home, 1, resident=True)
    small_county.publish(tmp_path, date(2025, 2, 28))
    home.open(2).path("member").write_bytes(b"x")
    shelf.newest(home)
    assert shelf._beside is not None
    shelf._beside.join(60)
    assert shelf.newest(home) == 2, "its page says what is wrong"


def test_one_that_nobody_asks_for_is_let_go(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(shelves.time, "monotonic", lambda: now)
    shelf = Shelf()
    current, idle = shelf.county(home, 5, resident=True), shelf.county(home, 1, resident=False)
    now = shelves.IDLE / 2
    other = shelf.county(home, 2, resident=False)
    now = shelves.IDLE + 1
    shelf.county(home, 3, resident=False)
    assert not idle.engine.is_open and other.engine.is_open and current.engine.is_open
    assert shelf.county(home, 1, resident=False).reader(ALL).one(COUNT) == {"n": 6}


def test_who_asks_at_once_gets_the_same(home: Home) -> None:
    shelf = Shelf()
    found: list[County] = []
    ask = lambda: found.append(shelf.county(home, 2, resident=False))  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(county) for county in found}) == 1


def test_a_county_is_not_closed_under_a_query_and_closed_right_after(home: Home) -> None:
    county = open_county(home, 1, resident=False)
    with county.engine.cursor() as cursor:
        county.engine.retire()
        assert cursor.sql("SELECT count(*) FROM household").fetchall() == [(6,)]
        assert county.engine.is_open
    assert not county.engine.is_open


def test_a_page_that_still_has_a_closed_county_can_ask_it(home: Home) -> None:
    county = open_county(home, 1)
    reader = county.reader(ALL)
    reader.lend("lent", pa.table({"household_id": ["H01", "H02"]}))
    county.engine.retire()
    joined = "SELECT count(*) AS n FROM {household} JOIN lent USING (household_id)"
    assert reader.one(joined) == {"n": 2}
    assert not county.engine.is_open


@pytest.mark.parametrize("resident", [True, False])
def test_read_in_place_or_from_memory_the_answers_are_the_same(home: Home, resident: bool) -> None:
    county = open_county(home, 1, resident=resident)
    for name in county.engine.relations:
        found = county.reader(ALL, reveal=True).one(f"SELECT count(*) AS n FROM {{{name}}}")
        held = county.snapshot.manifest["tables"].get(name)
        assert found is not None and (held is None or found["n"] == held["rows"]), name
    with pytest.raises(duckdb.Error):
        county.reader(ALL).rows("SELECT * FROM read_csv('/etc/passwd')")
    with pytest.raises(duckdb.Error):
        county.reader(ALL).rows(f"SELECT * FROM '{home.open(2).path('member')}'")


def test_what_is_open_is_held_and_what_is_being_removed_does_not_open(home: Home) -> None:
    manifest = home.open(1).folder / MANIFEST
    county = open_county(home, 1, resident=False)
    with alone(manifest) as free:
        assert not free
    assert holders(manifest)
    county.engine.retire()
    with alone(manifest) as free:
        assert free
        with pytest.raises(NoSnapshot):
            open_county(home, 1)
        with pytest.raises(FileNotFoundError):
            Hold(manifest)
    open_county(home, 1).engine.retire()


def test_nothing_is_held_by_one_that_could_not_be_opened(tmp_path: Path) -> None:
    small_county.publish(tmp_path)
    county = open_county(Home(tmp_path))
    county.engine.retire()
    county.snapshot.path("member").unlink()
    with pytest.raises(FileNotFoundError):
        county.reader(ALL).one(COUNT)
    with alone(county.snapshot.folder / MANIFEST) as free:
        assert free


LINE = "monitoring_line_yuan"


def _declare(home: Home, yuan: int) -> None:
    folder = home.path / "county"
    folder.mkdir(exist_ok=True)
    (folder / "parameters.yaml").write_text(
        f"{LINE}:\n  - {{from: 2025-01-01, value: {yuan}, source: 试验}}\n", "utf8"
    )


def test_a_changed_threshold_counts_once_all_is_made_by_it(tmp_path: Path) -> None:
    small_county.publish(tmp_path, date(2025, 1, 28))
    small_county.publish(tmp_path, date(2025, 2, 28))
    home = Home(tmp_path)
    _declare(home, 8000)
    use(home.path, anew=True)
    shelf = Shelf()
    before, earlier = (shelf.county(home, n, resident=n == 2) for n in (2, 1))
    assert before.parameters[LINE].in_year(2025).value == 8000
    _declare(home, 90000)
    during = shelf.county(home, 2, resident=True)
    assert during is before and shelf.renewing, "nobody waits for it"
    shelf._renewal.join(60)
    after = shelf.county(home, 2, resident=True)
    assert not shelf.renewing and in_force()[LINE].in_year(2025).value == 90000
    assert after.parameters[LINE].in_year(2025).value == 90000
    assert not before.engine.is_open and not earlier.engine.is_open
    again = shelf.county(home, 1, resident=False)
    assert again.parameters[LINE].in_year(2025).value == 90000
    assert shelf.county(home, 2, resident=True) is after, "and it is made once"


def test_what_cannot_be_made_anew_leaves_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_county.publish(tmp_path, date(2025, 1, 28))
    home = Home(tmp_path)
    use(home.path, anew=True)
    shelf = Shelf()
    before = shelf.county(home, 1, resident=True)
    runs: list[object] = []

    def fails(command: object, **_: object) -> subprocess.CompletedProcess[str]:
        runs.append(command)
        return subprocess.CompletedProcess([], 1)

    monkeypatch.setattr(shelves.subprocess, "run", fails)
    _declare(home, 90000)
    for _ in range(3):
        assert shelf.county(home, 1, resident=True) is before
        shelf._renewal.join(10)
    assert len(runs) == 1, "one state is tried once"
    assert before.engine.is_open
