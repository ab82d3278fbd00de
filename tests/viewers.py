"""People who look at the small county, each with the rights of grants."""

from __future__ import annotations

from datetime import date

import pytest

from access.rights import together
from access.roles import Role
from access.viewer import Viewer
from state.tables import Grant, GrantRegion
from tests.small_county import BROOK, COUNTY, HILL, MILL
from views.context import visitor

TODAY = date(2026, 1, 1)
ZONES = {"Z1": (HILL, MILL), "Z2": (BROOK,)}


def grant(role: Role, *codes: str) -> Grant:
    """A grant that counts on ``TODAY``."""
    return Grant(
        role=role,
        begins=TODAY,
        ends=None,
        revoked_at=None,
        regions=[GrantRegion(code=code) for code in codes],
    )


def viewer(*grants: Grant, county: str = COUNTY, subject: str = "li.si") -> Viewer:
    """Who looks with these grants together."""
    return together(subject, "李四", grants, TODAY).viewer(county, ZONES)


def role(name: Role, *codes: str, county: str = COUNTY, subject: str = "li.si") -> Viewer:
    """Who looks with one role, by default in the whole county."""
    return viewer(grant(name, *(codes or (county,))), county=county, subject=subject)


def look(monkeypatch: pytest.MonkeyPatch, who: Viewer) -> None:
    """Let all pages that are opened from now on be looked at by somebody."""
    monkeypatch.setattr(visitor, "viewer", lambda *_: who)
