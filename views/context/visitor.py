"""Who is looking: asked anew each run of a page, and kept nowhere in the session."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType

import streamlit as st

from access.entry import may_show
from access.identity import Guest, guest
from access.viewer import Viewer, demo_viewer
from metrics.county import County
from metrics.zones import Zone
from store.settings import setting
from store.simulated import State
from store.snapshots import NoSnapshot

_GUEST: ContextVar[Guest] = ContextVar("guest")


def asked_anew(*, used: bool = True) -> Guest:
    """Who looks at the page that begins to run; that they do counts as use of their login.

    Not where ``used`` says that the page only looks by itself whether they still may.

    ``st.user`` holds the key of a login as the gate found it when the page was opened; whether it
    goes on, and with which rights, is what is kept of it says now. Raises StateError.
    """
    key = st.user.get("login")
    found = guest(setting("TAIZHANG_HOME"), str(key) if key else None, used=used)
    _GUEST.set(found)
    return found


def who() -> Guest:
    """Who looks in this run."""
    try:
        return _GUEST.get()
    except LookupError:  # a page run by itself
        return asked_anew()


class LoginNeeded(NoSnapshot):
    """Data that are not all invented are shown to nobody who is not logged in."""


def viewer(
    county_code: str, simulated: State, zones: Mapping[str, Zone] = MappingProxyType({})
) -> Viewer:
    """What whoever looks in this run may see and do of a county; nobody has a place in it.

    ``simulated`` says how much of its data is, ``zones`` what its zones and grids are made of.
    Raises LoginNeeded.
    """
    return viewer_of(who(), county_code, simulated, zones)


def viewer_of(
    found: Guest,
    county_code: str,
    simulated: State,
    zones: Mapping[str, Zone] = MappingProxyType({}),
) -> Viewer:
    """The same for a guest that is known already. Raises LoginNeeded."""
    if not may_show(simulated):
        raise LoginNeeded
    if found.standing == "open":
        return demo_viewer(county_code, invented=simulated == "all")
    if found.rights is None:
        return Viewer("", "", county_code)
    return found.rights.viewer(county_code, {code: one.codes for code, one in zones.items()})


def viewer_now(county: County, *, used: bool = True) -> Viewer:
    """The same, asked at this moment: for an act of a page that was drawn a while ago.

    Raises LoginNeeded and StateError.
    """
    asked_anew(used=used)
    return viewer(county.code, county.simulated, county.zones)
