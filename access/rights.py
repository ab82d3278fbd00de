"""What somebody may do, and where: their grants together, as they are at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from access.groups import Group
from access.roles import ACTS, MAY, Act, Role
from access.viewer import Viewer
from state.database import State
from state.tables import Grant, Person
from store.scope import Scope
from store.settings import read_only

_NOWHERE = Scope(())


@dataclass(frozen=True, slots=True)
class Rights:
    """The places in which somebody may do each act; an act that is not there is allowed nowhere."""

    subject: str
    name: str
    scopes: Mapping[Act, Scope] = field(default_factory=dict)

    def scope(self, act: Act) -> Scope:
        """Where they may do it."""
        return self.scopes.get(act, _NOWHERE)

    def may(self, act: Act, region_code: str) -> bool:
        """Whether they may do it in the whole of a region."""
        return self.scope(act).contains(region_code)

    def viewer(self, county_code: str) -> Viewer:
        """Who looks at a county's pages with these rights.

        A viewer has one scope: they see whole personal columns, and find people by name, only where
        they may in all of what they see, and load only with the right to in the whole county.
        """
        seen = self.scope("see").narrowed(county_code)
        reveal, finds = self._everywhere("reveal", seen), self._everywhere("find", seen)
        loads = self.may("load", county_code) and self.may("refused_rows", county_code)
        loads = loads and not read_only()
        return Viewer(self.name, seen, reveal=reveal, loads=loads, finds=finds)

    def _everywhere(self, act: Act, seen: Scope) -> bool:
        return bool(seen.codes) and all(self.may(act, code) for code in seen.codes)


def counts(grant: Grant, on: date) -> bool:
    """Whether a grant is in force on a day: both its ends included, unless it was revoked."""
    over = grant.ends is not None and grant.ends < on
    return grant.revoked_at is None and grant.begins <= on and not over


def together(
    subject: str, name: str, grants: Iterable[Grant], on: date, groups: Iterable[Group] = ()
) -> Rights:
    """The rights that grants, and groups, give on a day: they add up, each role in its places."""
    codes: dict[Act, set[str]] = {}
    for group in groups:
        for act in MAY[group.role]:
            codes.setdefault(act, set()).update(group.codes)
    for grant in grants:
        for act in MAY[cast("Role", grant.role)] if counts(grant, on) else ():
            codes.setdefault(act, set()).update(grant.codes)
    return Rights(subject, name, {act: Scope.of(codes[act]) for act in ACTS if act in codes})


def rights_of(state: State, subject: str, on: date | None = None) -> Rights:
    """The rights of somebody on a day, by default today, asked anew each time.

    So a grant that was revoked does not count from the next look on. Somebody unknown has none.
    Raises StateError.
    """
    with state.reading() as session:
        person = session.get(Person, subject)
        return rights_in(session, subject, person.name if person else subject, on)


def rights_in(
    session: Session,
    subject: str,
    name: str,
    on: date | None = None,
    groups: Iterable[Group] = (),
) -> Rights:
    """The same, within a look at the state that is under way."""
    day = on or datetime.now().astimezone().date()
    query = select(Grant).where(
        Grant.subject == subject,
        Grant.revoked_at.is_(None),
        Grant.begins <= day,
        or_(Grant.ends.is_(None), Grant.ends >= day),
    )
    return together(subject, name, session.scalars(query), day, groups)
