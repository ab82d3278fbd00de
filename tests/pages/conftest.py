"""The dashboard run in process over the small county."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from access.viewer import Viewer
from metrics.county import open_county
from store.scope import Scope
from store.snapshots import Home
from tests import once, small_county
from tests.pages.running import opened
from views.context import stage as stages

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def two_dates(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small county at two data dates: two snapshots to choose from."""

    def make(path: Path) -> None:
        small_county.publish(path, small_county.DATA_DATE.replace(month=11, day=30))
        small_county.publish(path)
        for number in Home(path).numbers():
            open_county(Home(path), number)

    return Home(once.made(once.folder(tmp_path_factory), "two_dates", make))


@pytest.fixture
def open_page(two_dates: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page by its key with query parameters, as a link does."""
    return opener(two_dates, monkeypatch)


def opener(home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    """What opens pages over a home."""
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    return opened


@pytest.fixture
def only_west(monkeypatch: pytest.MonkeyPatch) -> None:
    """A viewer who may see one township only."""
    viewer = Viewer("township leader", Scope.of([small_county.WEST]))
    monkeypatch.setattr(stages, "demo_viewer", lambda _county: viewer)


def shown(app: AppTest) -> str:
    """All markup and figures of a run, as text."""
    parts = [element.proto.bytes.decode() for element in app.get("bidi_component")]
    return "\n".join(parts)
