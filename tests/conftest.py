"""Shared fixtures: the small county and the demo county, each made once a run for all workers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from hypothesis import settings

from loaders.regions import shapes
from loaders.regions.divisions import Divisions
from metrics import derive
from metrics.county import County, open_county
from rules.parameters import Parameter
from state.database import ADDRESS
from store.snapshots import Home, Snapshot
from tests import (
    demo_home,
    fund_county,
    list_county,
    notice_county,
    once,
    postgres,
    small_county,
    torture,
)

# One profile for all: a busy machine is no fault of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# The files that take longest: begun first, so that the workers end together. Beside the one that
# loads the demo county come first those that have no need of it, else their worker would wait.
_LONGEST = (
    "test_demo_cells.py",
    "loaders/test_sequences.py",
    "loaders/cells/test_any_cell.py",
    "loaders/test_withdrawing.py",
    "browser/test_every_page.py",
    "browser/test_dashboard.py",
    "browser/test_addresses.py",
    "browser/test_data.py",
    "metrics/test_refresh.py",
    "pages/test_rights.py",
    "faults/test_kills.py",
    "loaders/assembly/test_merging.py",
    "test_own_declarations.py",
    "test_another_county.py",
)
# In make torture those of which one test alone takes minutes.
_LONGEST_TORTURE = (
    "faults/test_kills.py",
    "rules/test_spark.py",
    "state/test_kills.py",
    "metrics/test_refresh.py",
    "loaders/test_sequences.py",
    "faults/test_bits.py",
)


def _in_test(item: pytest.Item) -> bool:
    return item.get_closest_marker("torture") is None


def _in_torture(item: pytest.Item) -> bool:
    return any(map(item.get_closest_marker, ("torture", "harder")))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other run, and put the tests of the longest files first."""
    wanted = _in_torture if torture.ON else _in_test
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = filter(wanted, items)
    here = Path(__file__).parent
    longest = _LONGEST_TORTURE if torture.ON else _LONGEST
    places = {here / name: place for place, name in enumerate(longest)}
    assert all(path.is_file() for path in places), "a file of the longest has another name now"
    items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """In make torture, begin no more tests where the run is told to be over by now."""
    if torture.ON and torture.over():
        pytest.skip("the time of this run is over: make torture without an end tries it")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file stays with one worker, and so do those that simulate the demo county: once for all."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            simulates = Path(file).name.startswith("test_demo") or "loaders/demo/" in file
            return "demo" if simulates else file

    return ByFile(config, log)


@pytest.fixture(scope="session", autouse=True)
def _drawn_once() -> Iterator[None]:
    """Draw a county's invented shapes once a worker: the same regions give the same shapes, and
    drawing them takes longer than all else that an import of a test's few rows does."""
    drawn: dict[tuple[object, ...], gpd.GeoDataFrame] = {}
    draw = shapes.schematic

    def once_drawn(divisions: Divisions) -> gpd.GeoDataFrame:
        outline = divisions.reference.outline.read_bytes()
        regions = (divisions.county_code, outline, *sorted(divisions.villages))
        if regions not in drawn:
            drawn[regions] = draw(divisions)
        return drawn[regions].copy()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shapes, "schematic", once_drawn)
        yield


@pytest.fixture(scope="session", autouse=True)
def _derived_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Derive from the same tables, by the same rules, once a run: a test's few households take as
    long as it takes to plan two hundred queries. The fingerprint says what is the same."""
    fill = derive._fill_whole

    def once_filled(snapshot: Snapshot, parameters: Mapping[str, Parameter], work: Path) -> None:
        def make(path: Path) -> None:
            fill(snapshot, parameters, path)

        name = f"derived_{derive._fingerprint(snapshot, parameters)}"
        kept = once.made(once.folder(tmp_path_factory), name, make)
        shutil.copytree(kept, work, dirs_exist_ok=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(derive, "_fill_whole", once_filled)
        yield


@pytest.fixture(scope="session", autouse=True)
def _not_synced() -> Iterator[None]:
    """Leave what a test writes in this process to the system's memory: a disk that is waited for
    a hundred times an import tells nothing that a test could see. Processes that tests kill are
    their own, and sync."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield


def _published(
    factory: pytest.TempPathFactory, name: str, publish: Callable[[Path], object]
) -> Home:
    """A home that is published and derived once for all workers of the run."""

    def make(path: Path) -> None:
        publish(path)
        open_county(Home(path))

    return Home(once.made(once.folder(factory), name, make))


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return _published(tmp_path_factory, "small_home", small_county.publish)


@pytest.fixture(scope="session")
def small(small_home: Home) -> County:
    return open_county(small_home)


@pytest.fixture(scope="session")
def listed_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small county with lists of other departments."""
    return _published(tmp_path_factory, "listed_home", list_county.publish)


@pytest.fixture(scope="session")
def funded_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small county with books of funds."""
    return _published(tmp_path_factory, "funded_home", fund_county.publish)


@pytest.fixture(scope="session")
def funded(funded_home: Home) -> County:
    return open_county(funded_home)


@pytest.fixture(scope="session")
def noticed_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small county with books of funds and of notices."""
    return _published(tmp_path_factory, "noticed_home", notice_county.publish)


@pytest.fixture(scope="session")
def noticed(noticed_home: Home) -> County:
    return open_county(noticed_home)


@pytest.fixture(scope="session")
def demo() -> Home:
    """The demo county's home, two data dates loaded; what was read stands beside it in ``raw``."""
    return demo_home.given() or demo_home.kept()


_databases = count(1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of this run's own; skips where none is installed."""
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a test twice: what people write in the home's own file, and in a new PostgreSQL."""
    if request.param == "sqlite":
        monkeypatch.delenv(ADDRESS, raising=False)
        yield "sqlite"
        return
    address = request.getfixturevalue("postgresql")
    with postgres.database(address, f"home_{next(_databases)}") as own:
        monkeypatch.setenv(ADDRESS, own)
        yield "postgresql"
