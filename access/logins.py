"""Logins and their clock: a row each, ended by whoever logged in, by silence or by age.

The cookie of Streamlit's own login lives for 30 days and says nothing of that; what counts is the
row. Both login and logout are audited in the transaction that writes the row.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session as Asking

from state import audit
from state.database import State, kept_open
from state.tables import Person, Session
from store.settings import setting

Ending = Literal["unknown", "left", "idle", "age"]
_TOUCH = timedelta(minutes=1)  # how far behind a row's last use may be


@dataclass(frozen=True, slots=True)
class Login:
    """A login that goes on."""

    key: str
    subject: str
    issued: datetime
    last_use: datetime
    groups: tuple[str, ...] = ()


def begin(
    state: State,
    key: str,
    subject: str,
    *,
    way: str,
    name: str = "",
    groups: Sequence[str] = (),
    now: datetime | None = None,
) -> None:
    """Somebody logged in: write their row and the audit entry. A key known before stays as it is.

    Raises StateError and ValueError, the latter for a subject that nobody could be called.
    """
    if not subject.strip() or not subject.isprintable() or len(subject) > 200:
        raise ValueError(subject)
    moment = now or datetime.now(UTC)
    with state.writing() as session:
        audit.hold(session)
        if session.get(Session, key) is not None:
            return
        person = session.get(Person, subject)
        if person is None:
            named = name if name.isprintable() else ""
            session.add(Person(subject=subject, name=named[:200] or subject, made_at=moment))
            session.flush()
        told = json.dumps(list(groups), ensure_ascii=False)
        session.add(Session(key=key, subject=subject, issued=moment, last_use=moment, way=way,
                            groups=told))  # fmt: skip
        audit.append(session, "login", subject, {"way": way, "login": key[:12]})


def look(session: Asking, key: str, now: datetime | None = None) -> Login | Ending:
    """The login of a key if it goes on at this moment, else how it ended."""
    row = session.get(Session, key)
    return "unknown" if row is None else _judged(row, now or datetime.now(UTC))


def _judged(row: Session, now: datetime) -> Login | Ending:
    if row.ended is not None:
        return "left"
    if now - row.issued >= timedelta(hours=setting("TAIZHANG_LOGIN_HOURS")):
        return "age"
    if now - row.last_use >= timedelta(minutes=setting("TAIZHANG_IDLE_MINUTES")):
        return "idle"
    groups = tuple(str(each) for each in json.loads(row.groups))
    return Login(row.key, row.subject, row.issued, row.last_use, groups)


def use(state: State, login: Login, now: datetime | None = None) -> None:
    """Note that a login is used; at most once a minute is anything written. Raises StateError."""
    moment = now or datetime.now(UTC)
    if moment - login.last_use < _TOUCH:
        return
    with state.writing() as session:
        row = session.get(Session, login.key)
        if row is not None and row.ended is None and row.last_use < moment:
            row.last_use = moment


def end(state: State, key: str, why: str, now: datetime | None = None) -> bool:
    """End a login for good; False, and nothing is audited, for one that has ended or never was.

    Raises StateError.
    """
    moment = now or datetime.now(UTC)
    with state.writing() as session:
        audit.hold(session)
        row = session.get(Session, key)
        if row is None or row.ended is not None:
            return False
        found = _judged(row, moment)
        row.ended = moment
        reason = why if isinstance(found, Login) else found
        audit.append(session, "logout", row.subject, {"why": reason, "login": key[:12]})
        return True


def by_header(home: Path, subject: str) -> str:
    """The key of the login that a trusted header stands for, begun where none goes on.

    There is no cookie to tell browsers apart: all that somebody has open is one login. Raises
    StateError and ValueError.
    """
    asked = select(Session).where(
        Session.subject == subject, Session.way == "header", Session.ended.is_(None)
    )
    over: list[str] = []
    state = kept_open(home)
    with state.reading() as session:
        for row in session.scalars(asked.order_by(Session.issued.desc())):
            if isinstance(_judged(row, datetime.now(UTC)), Login):
                return row.key
            over.append(row.key)
    for key in over:
        end(state, key, "age")
    fresh = secrets.token_hex(32)
    begin(state, fresh, subject, way="header")
    return fresh
