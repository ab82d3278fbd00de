"""The dashboard run in process over the small county."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from access.identity import Guest
from access.limits import METER
from access.rights import Rights
from access.roles import ACTS
from access.viewer import Viewer
from metrics.county import open_county
from store.scope import Scope
from store.snapshots import Home
from tests import once, small_county, viewers
from tests.pages.running import opened, told
from views.context import visitor

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
def home(two_dates: Home, tmp_path: Path) -> Home:
    """A copy of the two snapshots that a test may change.

    What is written of views is its own: other tests write to the shared home meanwhile.
    """
    written_by_others = shutil.ignore_patterns("state.db*")
    shutil.copytree(two_dates.path, tmp_path / "home", ignore=written_by_others)
    return Home(tmp_path / "home")


@pytest.fixture
def open_page(two_dates: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page by its key with query parameters, as a link does."""
    return opener(two_dates, monkeypatch)


def opener(home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    """What opens pages over a home."""
    monkeypatch.setenv("TAIZHANG_HOME", str(home.path))
    # A server that another test of this process started would show the one before meanwhile.
    monkeypatch.setattr("views.context.counties._serving", False)
    return opened


@pytest.fixture
def open_own(home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open pages over a home of one's own, as often as a test likes."""
    monkeypatch.setattr(METER, "spend", lambda *_: True)
    return opener(home, monkeypatch)


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[[Viewer], None]:
    """From then on somebody else looks, when they act too."""

    def by(who: Viewer) -> None:
        viewers.look(monkeypatch, who)
        monkeypatch.setattr("views.context.visitor.viewer_now", lambda *_, **__: who)
        monkeypatch.setattr("views.context.visitor.viewer_of", lambda *_: who)

    return by


@pytest.fixture
def everybody_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is logged in who may do everything in the county, as real data ask for."""
    monkeypatch.setenv("TAIZHANG_USER_HEADER", "x-user")
    monkeypatch.setenv("TAIZHANG_USER_HEADER_FROM", "127.0.0.1")
    rights = Rights("wang.shi", "王试", dict.fromkeys(ACTS, Scope.of([small_county.COUNTY])))
    monkeypatch.setattr(visitor, "guest", lambda *_, **__: Guest("in", "key", rights))


@pytest.fixture
def only_west(monkeypatch: pytest.MonkeyPatch) -> None:
    """A viewer who may see one township only."""
    viewers.look(monkeypatch, viewers.role("township_leader", small_county.WEST))


def shown(app: AppTest) -> str:
    """All markup and figures of a run, as text."""
    return "\n".join(told(app))


def notices(app: AppTest) -> list[str]:
    """What the notices of a run say, one text each, as a person reads it."""
    boxes = re.findall(r'<div class="banner notice[^>]*>(.*?)</div>', shown(app), re.DOTALL)
    said = [words for box in boxes for words in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", box)]
    return [unescape(re.sub(r"<[^>]*>", "", words)) for words in said]


def remarks(app: AppTest) -> list[str]:
    """The words in small beside widgets."""
    return [
        unescape(words) for words in re.findall(r'^<p class="note">(.*?)</p>$', shown(app), re.M)
    ]


def copied(app: AppTest) -> str:
    """What the button beside 分享's full address copies: the view in words, and its address."""
    return unescape(re.findall(r'data-copy="([^"]*)"', shown(app))[0])
