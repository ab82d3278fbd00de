"""Shared fixtures: the small county, published once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.county import County, open_county
from store.snapshots import Home
from tests import demo_home, small_county


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    path: Path = tmp_path_factory.mktemp("home")
    small_county.publish(path)
    return Home(path)


@pytest.fixture(scope="session")
def small(small_home: Home) -> County:
    return open_county(small_home)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The demo county's home, two data dates loaded."""
    return demo_home.load(tmp_path_factory.mktemp("demo"))
