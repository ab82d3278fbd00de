"""Short links: made, found by their code, renamed and withdrawn by their owner, each audited."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from state import audit
from state.database import State
from state.owned import standing
from state.tables import ShortLink

# Small letters and digits that nobody takes for one another on a wall; 31 ** 10 codes.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10
_CODE = re.compile(f"[{_LETTERS}]{{{LENGTH}}}")
LONGEST_TITLE, LONGEST_NOTE = 200, 500  # characters


class NoLink(LookupError):
    """There is no such link of this owner, or it was withdrawn before."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A view as it is sent: its page's path and query, and what it is made from.

    ``shown`` is what stood on it, as JSON takes it.
    """

    path: str
    query: str
    snapshot: int
    data_date: date
    rules: str
    shown: Mapping[str, Any]


def code_of(text: str) -> str | None:
    """The code that a text is, in capitals or not; None for what no code looks like."""
    code = text.lower()
    return code if _CODE.fullmatch(code) else None


def make(state: State, sent: Sent, *, owner: str, title: str, note: str = "") -> ShortLink:
    """Keep a view under a random code. Raises StateError; then it is not kept."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))
    about = {"link": code, "path": sent.path, "query": sent.query, "snapshot": sent.snapshot}
    with state.writing() as session:
        entry = audit.append(session, "link_made", owner, {**about, "title": _short(title)})
        link = ShortLink(
            code=code,
            owner=owner,
            made_at=entry.at,
            path=sent.path,
            query=sent.query,
            snapshot=sent.snapshot,
            data_date=sent.data_date,
            rules=sent.rules,
            shown=json.dumps(sent.shown, ensure_ascii=False),
            title=_short(title),
            note=note[:LONGEST_NOTE],
        )
        session.add(link)
    return link


def find(state: State, code: str) -> ShortLink | None:
    """The link of a code; None for one that there is not, or that was withdrawn.

    Raises StateError.
    """
    with state.reading() as session:
        link = session.get(ShortLink, code)
        return None if link is None or link.withdrawn_at is not None else link


def of_owner(state: State, owner: str) -> list[ShortLink]:
    """Somebody's links, the newest first, withdrawn ones too. Raises StateError."""
    query = select(ShortLink).where(ShortLink.owner == owner)
    with state.reading() as session:
        return list(session.scalars(query.order_by(ShortLink.made_at.desc(), ShortLink.code)))


def rename(state: State, code: str, *, owner: str, title: str, note: str) -> None:
    """Change the words of a link. Raises NoLink and StateError."""
    with state.writing() as session:
        link = _own(session, code, owner)
        told = {"link": code, "before": link.title, "title": _short(title)}
        audit.append(session, "link_renamed", owner, told)
        link.title, link.note = _short(title), note[:LONGEST_NOTE]


def withdraw(state: State, code: str, *, owner: str) -> None:
    """Let a link open for nobody any more. Raises NoLink and StateError."""
    with state.writing() as session:
        link = _own(session, code, owner)
        entry = audit.append(session, "link_withdrawn", owner, {"link": code, "title": link.title})
        link.withdrawn_at = entry.at


def _own(session: Session, code: str, owner: str) -> ShortLink:
    link = standing(session, ShortLink, code, owner)
    if link is None:
        raise NoLink(code)
    return link


def _short(title: str) -> str:
    return title[:LONGEST_TITLE]
