"""The counties that this server has open, by the home that is set."""

from __future__ import annotations

from functools import cache

from metrics.county import County
from metrics.shelf import Shelf
from store.settings import setting
from store.snapshots import Home


def home() -> Home:
    """The home folder: ``TAIZHANG_HOME``, or ``data/home`` below the program."""
    return Home(setting("TAIZHANG_HOME"))


_serving = False


@cache
def _shelf() -> Shelf:
    """Open counties, shared by all sessions; not in Streamlit's cache, which may be emptied."""
    return Shelf()


def renewing() -> bool:
    """Whether what pages read is being made anew by thresholds or rules that have changed."""
    return _shelf().renewing


def newest() -> int:
    """The snapshot that a session begins with. A server shows the one before until the current one
    is open (``Shelf.newest``).

    Raises store.snapshots.NoSnapshot.
    """
    return _shelf().newest(home()) if _serving else home().current_number()


def serve() -> None:
    """Open the county for many who look at once: from now on none of them waits for newer data."""
    global _serving
    county()
    _serving = True


def county(number: int | None = None) -> County:
    """The county at a snapshot (the newest one if none is given)."""
    place = home()
    wanted = newest() if number is None else number
    return _shelf().county(place, wanted, resident=wanted == place.current_number())


def answers(number: int) -> bool:
    """Whether the database over a snapshot answers; True of one that is not open yet."""
    return _shelf().answers(home(), number)
