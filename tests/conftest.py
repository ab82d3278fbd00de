"""Shared fixtures: the small county and the demo county, each made once a run for all workers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from metrics.county import County, open_county
from store.snapshots import Home
from tests import demo_home, once, small_county

# The files that take longest: begun first, so that the workers end together.
_LONGEST = (
    "browser/test_dashboard.py",
    "faults/test_kills.py",
    "rules/test_spark.py",
    "loaders/test_demo.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first, every other file as it was."""
    here = Path(__file__).parent
    places = {here / name: place for place, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file stays with one worker, and so do those that simulate the demo county: once for all."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return "demo" if Path(file).name.startswith("test_demo") else file

    return ByFile(config, log)


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    def make(path: Path) -> None:
        small_county.publish(path)
        open_county(Home(path))

    return Home(once.made(once.folder(tmp_path_factory), "small_home", make))


@pytest.fixture(scope="session")
def small(small_home: Home) -> County:
    return open_county(small_home)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The demo county's home, two data dates loaded; what was read stands beside it in ``raw``."""
    if given := demo_home.given():
        return given
    return Home(once.made(once.folder(tmp_path_factory), "demo", demo_home.load) / "home")
