"""What somebody may do, and where: their grants together, as they are at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from access.groups import Mapped
from access.roles import ACTS, MAY, WRITING, Act, Role
from access.viewer import NOWHERE, Viewer
from state.database import State
from state.tables import Grant, Person
from store.scope import Scope, resolved
from store.settings import read_only


@dataclass(frozen=True, slots=True)
class Rights:
    """The places in which somebody may do each act; an act that is not there is allowed nowhere."""

    subject: str
    name: str
    scopes: Mapping[Act, Scope] = field(default_factory=dict)

    def scope(self, act: Act) -> Scope:
        """Where they may do it."""
        return self.scopes.get(act, NOWHERE)

    def may(self, act: Act, region_code: str) -> bool:
        """Whether they may do it in the whole of a region."""
        return self.scope(act).contains(region_code)

    def viewer(
        self, county_code: str, zones: Mapping[str, Iterable[str]] = MappingProxyType({})
    ) -> Viewer:
        """Who looks at a county's pages with these rights.

        ``zones`` are the regions that each zone and grid of the county is made of; a right to one
        that is not there is no right. Nobody writes anything where the server is set to looking
        only.
        """
        closed: frozenset[Act] = WRITING if read_only() else frozenset()
        kept = {
            act: Scope.of(resolved(scope.codes, zones))
            for act, scope in self.scopes.items()
            if act not in closed
        }
        return Viewer.of(self.subject, self.name, county_code, kept)


def counts(grant: Grant, on: date) -> bool:
    """Whether a grant is in force on a day: both its ends included, unless it was revoked."""
    over = grant.ends is not None and grant.ends < on
    return grant.revoked_at is None and grant.begins <= on and not over


Standing = Literal["revoked", "counts", "to_come", "over"]


def standing(grant: Grant, on: date) -> Standing:
    """How a grant stands on a day."""
    if grant.revoked_at is not None:
        return "revoked"
    if counts(grant, on):
        return "counts"
    return "to_come" if grant.begins > on else "over"


def together(
    subject: str, name: str, grants: Iterable[Grant], on: date, by_group: Iterable[Mapped] = ()
) -> Rights:
    """The rights that grants on a day and groups give: they add up, each role in its own places."""
    given = [(cast("Role", grant.role), grant.codes) for grant in grants if counts(grant, on)]
    codes: dict[Act, set[str]] = {}
    for role, places in (*given, *((each.role, each.codes) for each in by_group)):
        for act in MAY[role]:
            codes.setdefault(act, set()).update(places)
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
    *,
    by_group: Iterable[Mapped] = (),
) -> Rights:
    """The same, within a look at the state that is under way, and with what groups give."""
    day = on or datetime.now().astimezone().date()
    query = select(Grant).where(
        Grant.subject == subject,
        Grant.revoked_at.is_(None),
        Grant.begins <= day,
        or_(Grant.ends.is_(None), Grant.ends >= day),
    )
    return together(subject, name, session.scalars(query), day, by_group)
