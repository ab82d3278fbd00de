"""Who works in which unit, written by who manages rights, each change with its audit entry."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from findings import texts
from findings.texts import Unusable
from state import audit
from state.database import State
from state.tables import Person, UnitMember

UNIT_CODE = 8  # characters of a unit's code


def code_of(unit: str) -> str:
    """What stands for a unit in an address: names are free texts, which mail and chats break."""
    return hashlib.sha256(unit.encode()).hexdigest()[:UNIT_CODE]


def members(session: Session) -> list[tuple[str, Person]]:
    """Units and who works in them, by unit and person."""
    query = select(UnitMember, Person).join(Person, Person.subject == UnitMember.subject)
    ordered = query.order_by(UnitMember.unit, UnitMember.subject)
    return [(row.unit, person) for row, person in session.execute(ordered)]


def put(state: State, unit: str, subject: str, *, by: str, works: bool = True) -> None:
    """Say that somebody works in a unit, or no longer does. Raises Unusable and StateError."""
    name = texts.kept("unit", unit, texts.NAME, needed=True, line=True)
    with state.writing() as session:
        audit.hold(session)
        if session.get(Person, subject) is None:
            raise Unusable("subject", "unknown", given=subject)
        row = session.get(UnitMember, (name, subject))
        if (row is not None) == works:
            return
        about = {"unit": name, "subject": subject, "works": works, "account": audit.account()}
        audit.append(session, "unit", by, about)
        if row is None:
            session.add(UnitMember(unit=name, subject=subject))
        else:
            session.delete(row)
