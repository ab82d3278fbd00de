"""Who is this: the one place that answers it, for pages and for routes alike."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from access import groups, logins
from access.entry import may_show, way_in
from access.logins import Login
from access.rights import Rights, rights_in
from access.roles import FOLLOWING_UP
from state.database import kept_open
from state.tables import Person
from store.scope import Scope
from store.simulated import state_of
from store.snapshots import Home, NoSnapshot, SnapshotDamaged

Standing = Literal["open", "in", "nobody", "left", "idle", "age"]
_OPEN: tuple[Literal["see", "find", "export", "load", "refused_rows"], ...] = (
    "see", "find", "export", "load", "refused_rows",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is looking, at this moment.

    ``standing`` is ``open`` where nobody is asked, ``in`` for somebody who is logged in, ``nobody``
    for somebody who never was, else how their login ended. Only who is ``in`` has ``rights``; they
    are empty without any grant.
    """

    standing: Standing
    key: str = ""
    rights: Rights | None = None

    @property
    def may_look(self) -> bool:
        """Whether there is any page for them at all."""
        return self.standing == "open" or (self.rights is not None and bool(self.rights.scopes))


OPEN, NOBODY = Guest("open"), Guest("nobody")


def guest(home: Path, key: str | None, *, used: bool) -> Guest:
    """Who the key of a login stands for, their rights asked anew. Raises StateError.

    ``used`` notes that they did something: looking whether they are still in does not keep them in.
    """
    if way_in() == "open":
        return OPEN
    if not key:
        return NOBODY
    state = kept_open(home)
    with state.reading() as session:
        found = logins.look(session, key)
        if not isinstance(found, Login):
            return NOBODY if found == "unknown" else Guest(found, key)
        person = session.get_one(Person, found.subject)
        by_group = groups.of(home, found.groups)
        rights = rights_in(session, found.subject, person.name, by_group=by_group)
    if used:
        logins.use(state, found)
    return Guest("in", key, rights)


def still_in(home: Path, key: str) -> bool:
    """Whether the login of a key goes on, without asking for rights. Raises StateError."""
    with kept_open(home).reading() as session:
        return isinstance(logins.look(session, key), Login)


def may_load(home: Path, who: Guest) -> bool:
    """Whether somebody may load files: of the whole county, as soon as one is known.

    Where nobody is asked, whoever reaches the server may.
    """
    if who.standing == "open":
        return True
    codes = who.rights.scope("load").codes if who.rights else ()
    with suppress(NoSnapshot, SnapshotDamaged, KeyError):
        county = str(Home(home).current(verify=False).manifest["county_code"])
        return any(county.startswith(code) for code in codes)
    return bool(codes)


def may_follow_up(who: Guest) -> bool:
    """Whether somebody may bring what belongs to findings, anywhere."""
    rights = who.rights
    return rights is not None and any(rights.scope(act).codes for act in FOLLOWING_UP)


def open_rights(home: Path) -> Rights | None:
    """What anybody may do who reaches a server that asks nobody; None unless all is invented."""
    with suppress(NoSnapshot, SnapshotDamaged, KeyError):
        snapshot = Home(home).current(verify=False)
        if may_show(state_of(snapshot)):
            place = Scope.of([str(snapshot.manifest["county_code"])])
            return Rights("demo", "demo", dict.fromkeys(_OPEN, place))
    return None
