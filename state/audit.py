"""The audit: who did what, append-only, each entry chained to the one before.

An act that changes files (an import, a removal) is written before it begins and again when it has
ended (``recorded``); one that changes only what is kept here is written in the same transaction
(``append``); what is looked at on a page before it is shown (``record``). What cannot be written is
not done.
"""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from state import archives
from state.chain import START, Entry, Head, Misfit, canonical, misfit
from state.database import StateError, kept_open, opened
from state.tables import AuditEntry, AuditHead

Kind = Literal[
    "household_seen",
    "list",
    "export",
    "plain_text",
    "import",
    "roll_back",
    "withdrawal",
    "removal",
    "grant",
    "revocation",
    "finding",
    "sample",
    "unit",
    "link_made",
    "link_renamed",
    "link_withdrawn",
    "view_saved",
    "view_changed",
    "view_withdrawn",
    "meeting_made",
    "meeting_changed",
    "meeting_withdrawn",
    "decision_made",
    "decision_changed",
    "refusal",
    "login",
    "logout",
    "backup",
    "restore",
    "rotation",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Outcome = Literal["done", "begun", "failed", "refused"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
# What changes the files of a home.
OF_FILES: tuple[Kind, ...] = ("import", "roll_back", "withdrawal", "removal", "rotation")

_BATCH = 5_000
_ACTOR = 200  # characters


def _within(text: str) -> str:
    """A text as it stands within what an entry is about, in small letters."""
    return canonical(text)[1:-1].lower()


class NotRecorded(StateError):
    """An act could not be written down and was therefore not done.

    With ``done`` it was: only its end could not be written any more.
    """

    def __init__(self, cause: StateError, *, done: bool = False):
        super().__init__(cause.reason, cause.errno)
        self.done = done


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are asked for; what is None or empty leaves all.

    ``text`` stands somewhere in what they are about, in capitals or not.
    """

    since: datetime | None = None
    before: datetime | None = None
    actor: str = ""
    kinds: tuple[str, ...] = ()
    outcome: str = ""
    text: str = ""

    def takes(self, entry: Entry) -> bool:
        """Whether an entry is among them."""
        return (
            (self.since is None or entry.at >= self.since)
            and (self.before is None or entry.at < self.before)
            and self.actor in ("", entry.actor)
            and (not self.kinds or entry.kind in self.kinds)
            and self.outcome in ("", entry.outcome)
            and _within(self.text) in canonical(dict(entry.about)).lower()
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same, asked of the database."""
        found: list[ColumnElement[bool]] = []
        if self.since is not None:
            found.append(AuditEntry.at >= self.since)
        if self.before is not None:
            found.append(AuditEntry.at < self.before)
        if self.actor:
            found.append(AuditEntry.actor == self.actor)
        if self.kinds:
            found.append(AuditEntry.kind.in_(self.kinds))
        if self.outcome:
            found.append(AuditEntry.outcome == self.outcome)
        if self.text:
            about = func.lower(AuditEntry.about)
            found.append(about.contains(_within(self.text), autoescape=True))
        return found


@dataclass(slots=True)
class Act:
    """An act under way: ``about`` takes what is known only when it has ended."""

    number: int
    about: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome = "done"


# Writing


def append(
    session: Session, kind: Kind, who: str, about: Mapping[str, Any], outcome: Outcome = "done"
) -> Entry:
    """Add an entry in the transaction of ``State.writing``, which it makes others wait for."""
    head = hold(session)
    told = canonical(dict(about))
    entry = Entry(
        number=head.number + 1,
        at=datetime.now(UTC),
        actor=_printable(who) or "local",
        kind=kind,
        outcome=outcome,
        about=json.loads(told),
        previous=head.hash,
        hash=START,
    )
    digest = entry.fitting()
    session.add(
        AuditEntry(
            number=entry.number,
            at=entry.at,
            actor=entry.actor,
            kind=kind,
            outcome=outcome,
            about=told,
            previous=entry.previous,
            hash=digest,
        )
    )
    head.number, head.hash = entry.number, digest
    session.flush()
    return Entry.of({**entry.plain(), "hash": digest})


@contextmanager
def recorded(home: Path, kind: Kind, who: str, about: Mapping[str, Any]) -> Iterator[Act]:
    """Write that an act begins, and how it ended. Raises NotRecorded; then it is not to be done.

    ``about`` says what is going to be done, without whole personal numbers; the account that this
    process runs under is added.
    """
    first = _write(home, kind, who, {**about, "account": account()}, "begun")
    act = Act(first)
    try:
        yield act
    except BaseException as error:
        told = {"begun": first, "why": type(error).__name__, **act.about}
        with suppress(StateError):  # why the act failed matters more
            _write(home, kind, who, told, "failed")
        raise
    try:
        _write(home, kind, who, {"begun": first, **act.about}, act.outcome)
    except NotRecorded as error:
        raise NotRecorded(error, done=True) from error


def record(
    home: Path, kind: Kind, who: str, about: Mapping[str, Any], outcome: Outcome = "done"
) -> Entry:
    """Write what somebody does on a page, before it is done. Raises NotRecorded.

    The database is kept open between calls: this is called with every view of a household or list.
    """
    try:
        with kept_open(home).writing() as session:
            return append(session, kind, who, about, outcome)
    except StateError as error:
        raise NotRecorded(error) from error


def _write(home: Path, kind: Kind, who: str, about: Mapping[str, Any], outcome: Outcome) -> int:
    try:
        with opened(home) as state, state.writing() as session:
            return append(session, kind, who, about, outcome).number
    except StateError as error:
        raise NotRecorded(error) from error


def account() -> str:
    """The operating system's account that this process runs under, whatever name was typed."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _printable(who: str) -> str:
    """A name without what no database keeps or no line shows."""
    plain = who.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in plain if c.isprintable()).strip()[:_ACTOR]


def hold(session: Session) -> AuditHead:
    """Let nobody else append until this transaction ends."""
    return session.get_one(AuditHead, 1, with_for_update=True)


# Reading


def head(session: Session) -> Head:
    """The last entry's number and hash."""
    row = session.get_one(AuditHead, 1)
    return Head(row.number, row.hash)


def entries(session: Session, home: Path, wanted: Filter | None = None) -> Iterator[Entry]:
    """Entries ascending, those of archive files first; those that cannot be read are left out."""
    wanted = wanted or Filter()
    for entry in archives.entries(session, home):
        if isinstance(entry, Entry) and wanted.takes(entry):
            yield entry
    for entry in _kept(session, wanted):
        if isinstance(entry, Entry):
            yield entry


def count(session: Session, wanted: Filter) -> int:
    """How many entries of the database are asked for; those of archive files are not counted."""
    return session.scalar(select(func.count(AuditEntry.number)).where(*wanted.conditions())) or 0


def newest(session: Session, wanted: Filter, offset: int, limit: int) -> list[Entry]:
    """Entries of the database, the newest first; those that cannot be read are left out."""
    query = select(AuditEntry).where(*wanted.conditions()).order_by(AuditEntry.number.desc())
    found = map(read, session.scalars(query.offset(offset).limit(limit)))
    return [entry for entry in found if isinstance(entry, Entry)]


def check(session: Session, home: Path, known: tuple[Head, ...] = ()) -> tuple[Misfit | None, Head]:
    """The first entry that does not fit, None for a whole chain, and the last that fits.

    ``known`` are heads that were printed before: an end that was cut off with the program's own
    head is seen by them alone.
    """
    for first, _ in archives.damaged(session, home):
        return Misfit(first, "archive"), archives.last_before(session, first) or Head(0, START)

    def every() -> Iterator[Entry | int]:
        yield from archives.entries(session, home)
        yield from _kept(session, Filter())

    row = session.get(AuditHead, 1)
    held = Head(row.number, row.hash) if row else Head(0, START)
    return misfit(every(), held, known)


def _kept(session: Session, wanted: Filter) -> Iterator[Entry | int]:
    """Entries of the table ascending, the number alone of one that cannot be read."""
    query = select(AuditEntry).where(*wanted.conditions()).order_by(AuditEntry.number)
    for row in session.scalars(query.execution_options(yield_per=_BATCH)):
        yield read(row)


def read(row: AuditEntry) -> Entry | int:
    """A row as an entry; its number where somebody left it unreadable."""
    try:
        about = json.loads(row.about)
        if not isinstance(about, dict):
            return row.number
        return Entry(row.number, row.at, row.actor, row.kind, row.outcome, about, row.previous,
                     row.hash)  # fmt: skip
    except (TypeError, ValueError):
        return row.number
