"""Giving rights and taking them back, each with its audit entry in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Reading

from access.rights import counts
from access.roles import ROLES, Role
from state import audit
from state.database import State
from state.tables import Grant, GrantRegion, Person, Session
from store.scope import Scope, is_zone

UNSEEN_DAYS = 90

Trouble = Literal["no_end", "no_such_region", "unseen"]


class NotGiven(ValueError):
    """A grant that makes no sense; ``why`` is ``role``, ``region``, ``days`` or ``nobody``."""

    def __init__(self, why: str, what: str):
        super().__init__(f"{why}: {what}")
        self.why, self.what = why, what


class NoGrant(LookupError):
    """There is no grant of this number, or it was revoked before."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Something about a grant that somebody should look at, and what of it (a code, a day)."""

    number: int
    subject: str
    trouble: Trouble
    what: str


def give(
    state: State,
    subject: str,
    role: Role,
    codes: Sequence[str],
    *,
    by: str,
    name: str = "",
    begins: date | None = None,
    ends: date | None = None,
) -> int:
    """Give somebody a role in some places, from today unless told; the grant's number.

    A person not known yet is made; ``name`` is theirs. Raises NotGiven and StateError.
    """
    today = datetime.now().astimezone().date()
    begins = begins or today
    places = _checked(subject, role, codes, begins, ends, today)
    about = {
        "subject": subject,
        "role": role,
        "regions": list(places),
        "begins": begins.isoformat(),
        "ends": ends.isoformat() if ends else None,
        "account": audit.account(),
    }
    with state.writing() as session:
        entry = audit.append(session, "grant", by, about)
        person = session.get(Person, subject)
        if person is None:
            person = Person(subject=subject, name=name or subject, made_at=entry.at)
            session.add(person)
        elif name:
            person.name = name
        session.flush()
        grant = Grant(
            number=entry.number,
            subject=subject,
            role=role,
            begins=begins,
            ends=ends,
            given_by=entry.actor,
            given_at=entry.at,
            regions=[GrantRegion(code=code) for code in places],
        )
        session.add(grant)
    return entry.number


def _checked(
    subject: str, role: str, codes: Sequence[str], begins: date, ends: date | None, today: date
) -> tuple[str, ...]:
    """The places of a grant, those inside another left out; raises NotGiven."""
    if not subject.strip() or not subject.isprintable() or len(subject) > 200:
        raise NotGiven("nobody", subject)
    if role not in ROLES:
        raise NotGiven("role", role)
    if ends is not None and ends < max(begins, today):
        raise NotGiven("days", ends.isoformat())
    try:
        places = Scope.of(codes).codes
    except ValueError:
        raise NotGiven("region", "、".join(codes)) from None
    if not places:
        raise NotGiven("region", "")
    return places


def revoke(state: State, number: int, *, by: str, why: str) -> Grant:
    """Take a grant back: it does not count from now on. Raises NoGrant and StateError."""
    with state.writing() as session:
        audit.hold(session)  # of two who take it back at once, the second is told
        grant = session.get(Grant, number)
        if grant is None or grant.revoked_at is not None:
            raise NoGrant(number)
        about = {
            "grant": number,
            "subject": grant.subject,
            "role": grant.role,
            "regions": list(grant.codes),
            "why": why,
            "account": audit.account(),
        }
        entry = audit.append(session, "revocation", by, about)
        grant.revoked_by, grant.revoked_at = entry.actor, entry.at
    return grant


def listed(session: Reading, subject: str | None = None) -> list[Grant]:
    """Grants ascending, revoked ones too, of one person or of all."""
    query = select(Grant).order_by(Grant.number)
    if subject is not None:
        query = query.where(Grant.subject == subject)
    return list(session.scalars(query))


def is_there(code: str, known: Collection[str]) -> bool:
    """Whether any of the known region codes lies in the one given; a zone is known by itself."""
    return code in known if is_zone(code) else any(each.startswith(code) for each in known)


def doubtful(
    session: Reading, known: Collection[str], now: datetime | None = None
) -> Iterator[Doubtful]:
    """What somebody should look at of the grants in force or to come.

    ``known`` are the region codes that there are; of none, codes are not judged. Somebody who never
    came in counts as not seen since their grant.
    """
    moment = now or datetime.now(UTC)
    today = moment.astimezone().date()
    query = select(Session.subject, func.max(Session.last_use)).group_by(Session.subject)
    seen = {row[0]: row[1] for row in session.execute(query)}
    for grant in listed(session):
        if grant.revoked_at is not None or not counts(grant, max(today, grant.begins)):
            continue
        if grant.ends is None:
            yield Doubtful(grant.number, grant.subject, "no_end", "")
        for code in grant.codes if known else ():
            if not is_there(code, known):
                yield Doubtful(grant.number, grant.subject, "no_such_region", code)
        last = max(seen.get(grant.subject, grant.given_at), grant.given_at)
        if moment - last > timedelta(days=UNSEEN_DAYS):
            day = f"{last.astimezone():%Y-%m-%d}"
            yield Doubtful(grant.number, grant.subject, "unseen", day)
